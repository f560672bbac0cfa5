"""No phrase of the rules names a source: the likeliest candidate near by."""

from __future__ import annotations

from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name="ranked",
    label="the likeliest name nearby",
    reason="Weighs everybody who might have spoken: see ``ranker``.",
    case=Case("Ann Tarrant was firm. “Nobody will lose a berth to this bill.”", "Ann Tarrant"),
)
