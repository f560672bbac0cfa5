"""A paragraph without marks that a colon introduces: Ann Lee told the Echo: and then the words."""

from __future__ import annotations

from stories.extraction.quotations.units import COLON_BLOCK
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=COLON_BLOCK,
    label="X said: and a paragraph of its own",
    reason="The colon at a paragraph’s end ties it to the next.",
    case=Case("Ann Tarrant told the meeting:\n\nNobody will lose a berth to this bill.", "Ann Tarrant"),
    certainty=0.95,
)
