"""A verb right behind the words, its subject behind it: “…,” said Ann Lee."""

from __future__ import annotations

from stories.extraction.speakers.rule import Case, Found, Place, Rule
from stories.extraction.text.noun_phrases import after


def said_after(place: Place) -> Found | None:
    """The phrase behind a verb that nothing parts from the words."""
    follows = after(place.layout, place.cue.last, place.high) if place.adjacent else None
    return Found(place.cue, follows) if follows is not None else None


RULE = Rule(
    name="said-after",
    label="“…,” said X",
    reason="Nothing stands between the words and the verb.",
    case=Case("“The wall is safe,” said Ann Tarrant.", "Ann Tarrant"),
    order=50,
    behind=said_after,
)
