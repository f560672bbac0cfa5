"""Put together what the marks tell and what the tagger tells: which words are reported speech.

Marks decide about whole utterances, the tagger about reported clauses; where the tagger is silent a
fragment between marks stands by the rules alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stories.extraction.quotations.clauses import trim
from stories.extraction.quotations.reported import FRAGMENT, REPORTED_BEFORE
from stories.extraction.quotations.units import Unit
from stories.extraction.tagging.tagger import Attribution
from stories.extraction.text.layout import Layout
from stories.extraction.text.quotation_marks import Passage
from stories.extraction.text.reporting_verbs import lexicon
from stories.extraction.types import Span

LETTERS = re.compile(r"[^\W_]+")
LETTER = re.compile(r"[^\W_]")
LEAD = 4  # blanks in words that only lead up to an utterance
TAGGED = "tagged"
Pieces = list[tuple[Span, list[Passage], bool]]


def combine(
    layout: Layout, marked: Sequence[Unit], fragments: Sequence[Unit], found: Sequence[Attribution]
) -> list[Unit]:
    """Units of the text. ``marked`` hold whole utterances, ``fragments`` the rules' partial quotations."""
    home = {passage.outer_start: unit for unit in marked for passage in unit.passages}
    blocks = {layout.paragraph_at(unit.start) for unit in marked if not unit.passages}
    closed = {p.outer_start for unit in fragments if unit.rule == REPORTED_BEFORE for p in unit.passages}
    taken: set[int] = set()
    out: list[Unit] = list(marked)
    for attribution in found:
        if closed and _without_saying(layout, attribution, closed):
            continue
        if blocks and any(layout.paragraph_at(span.start) in blocks for span in attribution.content):
            continue
        pieces = _pieces(layout, attribution, home)
        if _only_marked(attribution, pieces, home):
            continue
        unit = _unit(layout, attribution, pieces, home)
        if unit is None:
            continue
        for passage in unit.passages:
            taken.add(passage.outer_start)
            _lose(home.get(passage.outer_start), passage)
        out.append(unit)
    for unit in fragments:
        left = [p for p in unit.passages if p.outer_start not in taken]
        if len(left) == len(unit.passages):
            out.append(unit)
        else:
            out.extend(_alone(unit, passage) for passage in left)
    return sorted((unit for unit in out if unit.content), key=lambda unit: (unit.start, unit.end))


def _only_marked(attribution: Attribution, pieces: Pieces, home: dict[int, Unit]) -> bool:
    """Whether an attribution is of whole utterances alone, each of which is linked to it here."""
    whole = [p for _, inside, rest in pieces if not rest for p in inside]
    for passage in whole:
        unit = home.get(passage.outer_start)
        if unit is not None and unit.tagged is None:
            unit.tagged = attribution
    outside = any(rest for _, _, rest in pieces)
    return bool(pieces) and not outside and all(p.outer_start in home for p in whole)


def _without_saying(layout: Layout, attribution: Attribution, closed: set[int]) -> bool:
    """Whether no word of saying leads to words that the rules give to whoever closes their sentence.

    "The Greens will call themselves “new”, Ann Lee has said." is hers, not the Greens'.
    """
    if not any(low <= start < high for low, high in attribution.content for start in closed):
        return False
    cue = attribution.cue
    return cue is None or not any(
        word in lexicon() for word in LETTERS.findall(layout.text[cue.start : cue.end].lower())
    )


def _pieces(layout: Layout, attribution: Attribution, home: dict[int, Unit]) -> Pieces:
    """Each content span with the passages inside it and whether words stand outside them.

    A few words that lead to a whole utterance with a colon are no part of it, nor is a clause that says who
    spoke.
    """
    out: Pieces = []
    for start, end in attribution.content:
        inside: list[Passage] = []
        position, rest = start, False
        passage = layout.passage_from(start)
        while passage is not None and passage.outer_start < end:
            lead = layout.text[position : passage.outer_start].rstrip()
            leads_up = passage.outer_start in home and lead.endswith(":") and _leads_up(lead)
            rest = rest or (not leads_up and _has_word(layout.text, position, passage.outer_start))
            inside.append(passage)
            position = passage.outer_end
            passage = layout.passage_from(position)
        rest = rest or _has_word(layout.text, position, end)
        out.append((Span(start, end), inside, rest))
    return out


def _leads_up(lead: str) -> bool:
    """Whether words before a colon only lead up to what is said: a few, or some that end with the saying."""
    if lead.count(" ") < LEAD:
        return True
    last = [lexicon().get(word) for word in LETTERS.findall(lead.lower())[-LEAD:]]
    return any(word is not None and word.group in ("say", "tell") and word.form != "base" for word in last)


def _has_word(text: str, start: int, end: int) -> bool:
    return LETTER.search(text, start, end) is not None


def _unit(layout: Layout, attribution: Attribution, pieces: Pieces, home: dict[int, Unit]) -> Unit | None:
    """A unit of its own for an attribution the marks alone do not give."""
    content: list[Span] = []
    passages: list[Passage] = []
    for span, inside, rest in pieces:
        if rest:
            content.append(_tidy(layout, _one_sentence(layout, span, inside)))
        elif inside and all(p.outer_start in home for p in inside):
            continue
        else:
            content.extend(Span(p.start, p.end) for p in inside)
        passages.extend(inside)
    content = [span for span in content if span.end > span.start]
    if not content:
        return None
    first, last = layout.sentence_at(content[0].start), layout.sentence_at(content[-1].end - 1)
    unit = Unit(
        content,
        "partial" if passages else "indirect",
        layout.sentences[first].start,
        layout.sentences[last].end,
        [Span(p.start, p.end) for p in passages],
        passages,
        tagged=attribution,
        rule=TAGGED,
    )
    unit.headline = layout.headline and content[0].start < layout.paragraphs[0].end
    return unit


def _one_sentence(layout: Layout, span: Span, inside: Sequence[Passage]) -> Span:
    """Reported words end with their sentence, unless words between marks stand behind it."""
    end = layout.sentences[layout.sentence_at(span.start)].end
    behind = any(passage.outer_start >= end for passage in inside)
    return span if behind or end >= span.end else Span(span.start, end)


def _tidy(layout: Layout, span: Span) -> Span:
    """Without the mark a clause begins or ends with when its partner is not in it, and without stops."""
    text = layout.text
    out = trim(text, span.start, span.end)
    passage = layout.passage_at(out.start)
    if passage is not None and passage.outer_start == out.start and passage.outer_end >= out.end:
        return Span(passage.start, min(passage.end, out.end))
    return out


def _lose(unit: Unit | None, passage: Passage) -> None:
    """Take a passage out of the utterance it was counted to."""
    if unit is None or passage not in unit.passages:
        return
    k = unit.passages.index(passage)
    unit.passages.pop(k)
    unit.content.pop(k)


def _alone(unit: Unit, passage: Passage) -> Unit:
    """A fragment left over when the rest of its sentence was read otherwise."""
    span = Span(passage.start, passage.end)
    return Unit(
        [span],
        "partial",
        unit.low,
        unit.high,
        [span],
        [passage],
        unit.cue,
        unit.source,
        FRAGMENT,
        headline=unit.headline,
    )
