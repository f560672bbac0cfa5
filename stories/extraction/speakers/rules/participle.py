"""A participle that hangs on its sentence: Ann Lee left, adding: “…”."""

from __future__ import annotations

from stories.extraction.quotations.clause_subjects import main_subject
from stories.extraction.speakers.rule import Case, Found, Place, Rule

DASHES = (",", "–", "—", "-")
JOINED_BY = ("by", "before", "after", "while", "and")


def hangs(place: Place) -> bool:
    """Whether the participle has no subject right before it."""
    lead = place.layout.lower[place.cue.first - 1]
    return (place.cue.first > 0 and lead in DASHES) or place.subject is None or lead in JOINED_BY


def participle(place: Place) -> Found | None:
    """The subject of the sentence that the participle hangs on."""
    if place.form != "ing" or not hangs(place):
        return None
    subject = main_subject(place.layout, place.cue, place.cues, place.low)
    return Found(place.cue, subject) if subject is not None else None


RULE = Rule(
    name="participle",
    label="…, adding: “…”",
    reason="A participle without a subject has its sentence’s.",
    case=Case("Ann Tarrant left the quay, adding: “Nobody will lose a berth.”", "Ann Tarrant"),
    order=70,
    ahead=participle,
)
