"""A participle with a subject right before it: Ann Lee saying “…”."""

from __future__ import annotations

from stories.extraction.quotations.clause_subjects import main_subject
from stories.extraction.speakers.rule import Case, Found, Place, Rule
from stories.extraction.speakers.rules.participle import hangs


def speaker_saying(place: Place) -> Found | None:
    """The subject before the participle; its sentence's where another verb of saying stands between."""
    layout, cue, subject = place.layout, place.cue, place.subject
    if place.form != "ing" or subject is None or hangs(place):
        return None
    if place.cues.between(layout.starts[subject[0]], layout.starts[cue.first]):
        subject = main_subject(layout, cue, place.cues, place.low) or subject
    return Found(cue, subject)


RULE = Rule(
    name="speaker-saying",
    label="X, saying “…”",
    reason="The phrase right before a participle is its subject.",
    case=Case("Then came Ann Tarrant saying: “Nobody will lose a berth.”", "Ann Tarrant"),
    order=80,
    ahead=speaker_saying,
)
