"""An inverted verb that opens the sentence: Said Ann Lee: “…”."""

from __future__ import annotations

from stories.extraction.speakers.passives import is_active
from stories.extraction.speakers.rule import Case, Found, Place, Rule
from stories.extraction.text.noun_phrases import after


def said_before(place: Place) -> Found | None:
    """The phrase behind a finite verb that nothing stands before."""
    layout, cue = place.layout, place.cue
    if place.form not in ("ed", "s") or place.subject is not None or not is_active(layout, cue):
        return None
    if layout.starts[cue.first] > place.low + 1:
        return None
    follows = after(layout, cue.last, place.high)
    return Found(cue, follows) if follows is not None else None


RULE = Rule(
    name="said-before",
    label="said X: “…”",
    reason="A verb that opens its sentence has its subject behind it.",
    case=Case("Said Ann Tarrant: “Nobody will lose a berth to this bill.”", "Ann Tarrant"),
    order=90,
    ahead=said_before,
)
