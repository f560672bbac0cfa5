"""A few marked words in the paper’s own sentence."""

from __future__ import annotations

from stories.extraction.quotations.reported import FRAGMENT
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=FRAGMENT,
    label="a few marked words in the paper’s own sentence",
    reason="Marks without a verb of saying: the ranker looks for whose they are.",
    case=Case(
        "Rent plan “a gift to landlords”\n\nAnn Tarrant said: “This plan is a gift to landlords.”",
        "Ann Tarrant",
    ),
)
