"""Marked words inside what somebody is reported to have said: Ann Lee said the plan was “…”."""

from __future__ import annotations

from stories.extraction.quotations.reported import REPORTED
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=REPORTED,
    label="X said the plan was “…”",
    reason="The subject of a reporting verb says what stands in its clause.",
    case=Case(
        "Ann Tarrant branded the levy “a burglar’s charter” in a debate that went on until two.",
        "Ann Tarrant",
    ),
)
