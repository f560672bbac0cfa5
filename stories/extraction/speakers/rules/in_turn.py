"""A bare line in an exchange of two: the other one’s turn."""

from __future__ import annotations

from stories.extraction.speakers.interviews import IN_TURN
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=IN_TURN,
    label="two people in turn, no names",
    reason="Two who speak by turns go on so until the paper says otherwise.",
    case=Case(
        "“Is it over?” asked Ann Tarrant.\n\n“It is not,” said Bram Ottley.\n\n“When will it be?”",
        "Ann Tarrant",
    ),
)
