"""Words that the tagger takes for reported speech where no phrase of the rules fits."""

from __future__ import annotations

from stories.extraction.quotations.combine import TAGGED
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=TAGGED,
    label="wording like that in other stories",
    reason="Learned from marked stories: see ``tagging``.",
    case=Case(
        "The harbour wall, the fisheries minister Ann Tarrant said, would last another century.",
        "Ann Tarrant",
    ),
)
