"""Marked words before the verb that closes their sentence: the plan was “…”, Ann Lee said."""

from __future__ import annotations

from stories.extraction.quotations.reported import REPORTED_BEFORE
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=REPORTED_BEFORE,
    label="the plan was “…”, X said",
    reason="Who closes a sentence behind a comma says all of it.",
    case=Case("The plan is of “lasting worth” to the harbour, Ann Tarrant has said.", "Ann Tarrant"),
)
