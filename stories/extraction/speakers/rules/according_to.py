"""The phrase behind "according to", before the words or behind them."""

from __future__ import annotations

from stories.extraction.speakers.rule import Case, Found, Place, Rule
from stories.extraction.text.noun_phrases import after


def behind(place: Place) -> Found | None:
    """The phrase behind the preposition, when something stands between it and the words."""
    if place.adjacent or place.form != "prep":
        return None
    follows = after(place.layout, place.cue.last, place.high)
    return Found(place.cue, follows) if follows is not None else None


def ahead(place: Place) -> Found | None:
    """The phrase behind the preposition, before the words."""
    if place.form != "prep":
        return None
    follows = after(place.layout, place.cue.last, place.high)
    return Found(place.cue, follows) if follows is not None else None


RULE = Rule(
    name="according-to",
    label="according to X, …",
    reason="The preposition names its source by itself.",
    case=Case("According to Ann Tarrant, “nobody will lose a berth to this bill”.", "Ann Tarrant"),
    order=50,
    behind=behind,
    ahead=ahead,
)
