"""Marked words that a passive gives to its agent: described by Ann Lee as “…”."""

from __future__ import annotations

from stories.extraction.quotations.passive_agents import DESCRIBED_BY
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=DESCRIBED_BY,
    label="described by X as “…”",
    reason="The agent of such a verb is who put it so, whoever the sentence is about.",
    case=Case("The town got a levy, described by Ann Tarrant as a “raid on the quay”.", "Ann Tarrant"),
    certainty=0.88,
)
