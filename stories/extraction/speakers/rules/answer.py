"""Answers of an interview printed with Q and A: said by the one person its introduction names."""

from __future__ import annotations

from stories.extraction.quotations.units import ANSWER_RULE
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=ANSWER_RULE,
    label="Q: …? A: … (X is interviewed)",
    reason="An interview has one person who answers.",
    case=Case(
        "Ann Tarrant took our questions.\n\nQ: Will the wall be mended?\n\nA: Nobody will lose a berth.",
        "Ann Tarrant",
    ),
    certainty=0.93,
)
