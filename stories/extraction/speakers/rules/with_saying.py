"""A named subject of a participle behind "with": …, with Ann Lee saying “…”."""

from __future__ import annotations

from stories.extraction.quotations.clause_subjects import with_whom
from stories.extraction.speakers.rule import Case, Found, Place, Rule


def with_saying(place: Place) -> Found | None:
    """The phrase between "with" and the participle."""
    if place.form != "ing":
        return None
    joined = with_whom(place.layout, place.cue, place.low)
    return Found(place.cue, joined) if joined is not None else None


RULE = Rule(
    name="with-saying",
    label="…, with X saying “…”",
    reason="The participle has a subject of its own, whoever the sentence is about.",
    case=Case("The pilots met, with union leader Ann Tarrant saying “nobody will lose”.", "Ann Tarrant"),
    certainty=0.85,
    order=60,
    ahead=with_saying,
)
