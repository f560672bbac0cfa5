"""The agent of a passive before the words: reporters were told by Ann Lee: “…”."""

from __future__ import annotations

from stories.extraction.speakers.passives import agent, is_active
from stories.extraction.speakers.rule import Case, Found, Place, Rule


def by_passive(place: Place) -> Found | None:
    """The phrase behind "by" of a passive verb."""
    if is_active(place.layout, place.cue):
        return None
    found = agent(place.layout, place.cue, place.high)
    return Found(place.cue, found) if found is not None else None


RULE = Rule(
    name="by-passive",
    label="was told by X: …",
    reason="The subject of a passive does not speak, its agent does.",
    case=Case("The plan was described to reporters by Ann Tarrant: “It is quite safe.”", "Ann Tarrant"),
    order=50,
    ahead=by_passive,
)
