"""Leaves out definitions between marks: 'Veritas - Latin for “truth”' is nobody's speech."""

from __future__ import annotations

import re

from stories.extraction.quotations.clauses import trim
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.quotation_marks import Passage
from stories.extraction.types import Span

MEANING = re.compile(
    r"\b(?:(?:Latin|Greek|French|German|Gaelic|Irish|Welsh|Arabic|Hebrew|Spanish|Italian) for|"
    r"which means|meaning|translate[sd] as|short for|stands for)(?: an?| the)? $"
)
LEAD = 40  # characters before the marks
OPENS = {"-": "-", "–": "–", "—": "—", ")": "(", ",": ","}  # by the mark that closes


def leave_out_glosses(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Take words that only tell a meaning, with the insertion they stand in, out of what was said."""
    for unit in list(units):
        if unit.kind == "direct":
            continue
        for passage in [p for p in unit.passages if _is_gloss(layout, p)]:
            unit.passages.remove(passage)
            unit.fragments[:] = [span for span in unit.fragments if span.start != passage.start]
            unit.content[:] = _without(layout, unit.content, _insertion(layout, passage))
            unit.kind = "partial" if unit.passages else "indirect"
        if not unit.content:
            units.remove(unit)


def _is_gloss(layout: Layout, passage: Passage) -> bool:
    lead = layout.text[max(0, passage.outer_start - LEAD) : passage.outer_start]
    return MEANING.search(lead) is not None


def _insertion(layout: Layout, passage: Passage) -> Span:
    """The stretch between two dashes, commas or brackets that ends with the marks; else the marked words."""
    text = layout.text
    start, end = passage.outer_start, passage.outer_end
    closing = text[end : end + 2].strip()[:1]
    low = max(layout.sentences[layout.sentence_at(start)].start, start - LEAD)
    opening = text.rfind(OPENS[closing], low, start) if closing in OPENS else -1
    return Span(opening, text.index(closing, end) + 1) if opening >= 0 else Span(start, end)


def _without(layout: Layout, content: list[Span], gap: Span) -> list[Span]:
    """Spans with a stretch taken out of them."""
    out: list[Span] = []
    for start, end in content:
        if end <= gap.start or gap.end <= start:
            out.append(Span(start, end))
            continue
        out += [trim(layout.text, start, max(start, gap.start)), trim(layout.text, min(end, gap.end), end)]
    return [span for span in out if span.end > span.start]
