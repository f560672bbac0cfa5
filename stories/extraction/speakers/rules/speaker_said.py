"""The subject and its verb before the words: Ann Lee said: “…”."""

from __future__ import annotations

from stories.extraction.quotations.clause_subjects import JOINING, main_subject, opening_subject
from stories.extraction.speakers.passives import is_active
from stories.extraction.speakers.rule import Case, Found, Place, Rule, Tokens
from stories.extraction.text.layout import Layout
from stories.extraction.text.reporting_verbs import Cue


def speaker_said(place: Place) -> Found | None:
    """The subject before the verb, else its sentence's, else that of the sentence before."""
    layout, cue = place.layout, place.cue
    if place.form in ("prep", "ing") or not is_active(layout, cue):
        return None
    subject = place.subject
    if subject is None:
        subject = main_subject(layout, cue, place.cues, place.low) or _left_out(layout, cue)
    return Found(cue, subject) if subject is not None else None


def _left_out(layout: Layout, cue: Cue) -> Tokens | None:
    """The subject of the sentence before, when this one has none: "Ann Lee said: “…” And added: “…”"."""
    sentence = layout.sentence_at(layout.starts[cue.first])
    begin = layout.sentences[sentence].start
    if not sentence or cue.word.form != "ed" or layout.starts[max(0, cue.first - 1)] != begin:
        return None
    if layout.lower[cue.first - 1] not in JOINING:
        return None
    return opening_subject(layout, layout.sentences[sentence - 1].start, begin)


RULE = Rule(
    name="speaker-said",
    label="X said: “…”",
    reason="The subject of the nearest verb before the words is who said them.",
    case=Case("Ann Tarrant said: “Nobody will lose a berth.”", "Ann Tarrant"),
    order=100,
    ahead=speaker_said,
)
