"""A line of a transcript, or a speech in a parliament's record, under its speaker's name."""

from __future__ import annotations

from stories.extraction.quotations.turns import TURN
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=TURN,
    label="X: …, line by line",
    reason="Where every line begins with a name and a colon, the words are of whoever is named.",
    case=Case(
        "Ann Tarrant: Nobody will lose a berth.\n\nBram Ottley: We shall see about that.", "Ann Tarrant"
    ),
    certainty=0.93,
)
