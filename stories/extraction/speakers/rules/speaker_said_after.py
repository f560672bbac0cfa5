"""The subject and its verb behind the words: “…,” Ann Lee said."""

from __future__ import annotations

from stories.extraction.speakers.rule import Case, Found, Place, Rule


def speaker_said_after(place: Place) -> Found | None:
    """The subject between the words and a finite verb."""
    if place.adjacent or place.form in ("prep", "ing") or place.subject is None:
        return None
    return Found(place.cue, place.subject)


RULE = Rule(
    name="speaker-said-after",
    label="“…,” X said",
    reason="The nearest subject behind the words is who said them.",
    case=Case("“The wall is safe,” Ann Tarrant said.", "Ann Tarrant"),
    order=50,
    behind=speaker_said_after,
)
