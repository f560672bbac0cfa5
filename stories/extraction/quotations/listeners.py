"""Cuts the listener off the words: what is said in "told the Echo the plan was mad" begins at "the plan"."""

from __future__ import annotations

from stories.extraction.quotations.clauses import audience, content_after, trim
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.text.layout import Layout
from stories.extraction.types import Span


def leave_out_listeners(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Move the beginning of every reported clause behind the listener the tagger took into it."""
    for unit in units:
        _leave_out(layout, unit, cues)


def _leave_out(layout: Layout, unit: Unit, cues: Cues) -> None:
    """Move the beginning of a reported clause behind the listener the tagger took into it.

    Words before the speaker ("The tax was mad, she told the Echo.") are put in place of a mere listener.
    """
    if unit.kind == "direct" or not unit.content:
        return
    begin, end = unit.content[0]
    near = [cue for cue in cues.between(begin - 40, begin) if cue.word.lemma == "tell"]
    if not near:
        return
    cue = near[-1]
    sentence = layout.sentences[layout.sentence_at(begin)]
    listener = audience(layout, cue, sentence.end)
    if listener is None or not listener.start <= begin < listener.end:
        return
    rest = layout.text[listener.end : sentence.end].strip(" .")
    if rest and end > listener.end + 3:
        after = content_after(layout, cue, sentence.end)
        if after < end:
            unit.content[0] = trim(layout.text, after, end)
        return
    source = unit.tagged.source if unit.tagged is not None else None
    if source is None or source.start <= sentence.start:
        return
    lead = trim(layout.text, sentence.start, source.start)
    if lead.end > lead.start and layout.text[lead.end : source.start].strip() == ",":
        unit.content[:] = [Span(*lead)]
