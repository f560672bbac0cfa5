"""Reported sentences: partial quotations (fragments between marks) and plain indirect speech."""

from __future__ import annotations

from stories.extraction.quotations.clause_subjects import main_subject, with_whom
from stories.extraction.quotations.clauses import clause_end, content_after, is_finite, starts_clause, trim
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.noun_phrases import after, before
from stories.extraction.text.quotation_marks import Passage
from stories.extraction.text.reporting_verbs import Cue
from stories.extraction.types import Span

REPORTED, REPORTED_PARTICIPLE, REPORTED_BEFORE = "reported", "reported-participle", "reported-before"
INDIRECT, INDIRECT_BEFORE, FRAGMENT = "indirect", "indirect-before", "fragment"
PLAIN = frozenset("say tell add".split())


def partial(layout: Layout, cues: Cues, taken: set[int]) -> list[Unit]:
    """One unit for each reporting clause holding marked fragments; ``taken`` are passages used already."""
    out: list[Unit] = []
    fragments = [p for p in layout.passages if p.outer_start not in taken]
    by_sentence: dict[int, list[Passage]] = {}
    for fragment in fragments:
        by_sentence.setdefault(layout.sentence_at(fragment.outer_start), []).append(fragment)
    for index in sorted(by_sentence):
        out.extend(_sentence(layout, cues, index, by_sentence[index]))
    return out


def _sentence(layout: Layout, cues: Cues, index: int, fragments: list[Passage]) -> list[Unit]:
    """The units of the fragments in one sentence: behind a word of saying, before one, or without any."""
    sentence = layout.sentences[index]
    out: list[Unit] = []
    left = list(fragments)
    for cue in reversed([c for c in cues.between(*sentence) if not c.noun]):
        inside = [p for p in left if p.outer_start >= layout.ends[cue.last]]
        if not inside or layout.passage_at(layout.starts[cue.first]) is not None:
            continue
        unit = _after_cue(layout, cues, cue, sentence, inside)
        if unit is not None:
            out.append(unit)
            left = [p for p in left if p not in unit.passages]
    if left:
        out.extend(_before_cue(layout, cues, sentence, left))
    headline = layout.headline and sentence.start < layout.paragraphs[0].end
    for unit in out:
        unit.headline = headline
    return out[::-1]


def _after_cue(layout: Layout, cues: Cues, cue: Cue, sentence: Span, inside: list[Passage]) -> Unit | None:
    """The reported clause behind a word of saying, with those of the passages ``inside`` that it holds."""
    low, high = sentence
    begin = content_after(layout, cue, high)
    end = clause_end(layout, cue, cues, begin, high)
    held = [p for p in inside if p.outer_start >= begin - 1 and p.outer_end <= end + 1]
    if not held:
        return None
    source, rule = _subject(layout, cues, cue, low, high)
    content = trim(layout.text, begin, max(end, held[-1].end))
    content = _unmark(layout, content)
    fragments = [Span(p.start, p.end) for p in held]
    return Unit([content], "partial", low, high, fragments, held, cue, source, rule)


def _unmark(layout: Layout, span: Span) -> Span:
    """A clause that is nothing but one marked fragment loses its marks."""
    passage = layout.passage_at(span.start)
    if passage is not None and passage.outer_start == span.start and passage.outer_end >= span.end:
        return Span(passage.start, passage.end)
    return span


def _subject(layout: Layout, cues: Cues, cue: Cue, low: int, high: int) -> tuple[tuple[int, int] | None, str]:
    if cue.word.form == "prep":
        return after(layout, cue.last, high), "according-to"
    joined = with_whom(layout, cue, low) if cue.word.form == "ing" else None
    if joined is not None:
        return joined, "with-saying"
    subject = before(layout, cue.first, low)
    hanging = cue.first > 0 and layout.lower[cue.first - 1] in (",", "by", "before", "after", "while", "and")
    if (cue.word.form == "ing" and (hanging or subject is None)) or subject is None:
        return main_subject(layout, cue, cues, low), REPORTED_PARTICIPLE
    if cue.word.form == "ing" and cues.between(layout.starts[subject[0]], layout.starts[cue.first]):
        return main_subject(layout, cue, cues, low) or subject, REPORTED_PARTICIPLE
    return subject, REPORTED


def _before_cue(layout: Layout, cues: Cues, sentence: Span, left: list[Passage]) -> list[Unit]:
    """Fragments with the word of saying behind them, or with none at all."""
    low, high = sentence
    last = left[-1]
    for cue in cues.between(last.outer_end, high):
        if cue.noun:
            continue
        if cue.word.form == "prep" or _inverted(layout, cue):
            source: tuple[int, int] | None = after(layout, cue.last, high)
            at = layout.starts[cue.first]
        elif is_finite(layout, cue):
            source = before(layout, cue.first, last.outer_end)
            at = layout.starts[source[0]] if source is not None else 0
        else:
            continue
        if source is None or not layout.follows(at, ","):
            continue
        content = trim(layout.text, low, at)
        fragments = [Span(p.start, p.end) for p in left]
        return [Unit([content], "partial", low, high, fragments, left, cue, source, REPORTED_BEFORE)]
    spans = [Span(passage.start, passage.end) for passage in left]
    return [
        Unit([span], "partial", low, high, [span], [passage], rule=FRAGMENT)
        for span, passage in zip(spans, left, strict=True)
    ]


def _inverted(layout: Layout, cue: Cue) -> bool:
    """Whether a word of saying stands right behind a comma: "…, say the Greens"."""
    return (
        cue.word.group == "say"
        and cue.word.form in ("ed", "s", "base")
        and layout.follows(layout.starts[cue.first], ",")
    )


def indirect(layout: Layout, cues: Cues, covered: list[Span]) -> list[Unit]:
    """Plain reported clauses without marks, in sentences nothing of which is covered yet."""
    busy = {
        index
        for span in covered
        for index in range(layout.sentence_at(span.start), layout.sentence_at(span.end - 1) + 1)
    }
    out: list[Unit] = []
    for cue in cues.found:
        if cue.word.lemma not in PLAIN or not is_finite(layout, cue):
            continue
        index = layout.sentence_at(layout.starts[cue.first])
        low, high = layout.sentences[index]
        if index in busy or (layout.headline and low < layout.paragraphs[0].end):
            continue
        unit = _indirect_at(layout, cues, cue, low, high)
        if unit is not None:
            out.append(unit)
            busy.add(index)
    return out


def _indirect_at(layout: Layout, cues: Cues, cue: Cue, low: int, high: int) -> Unit | None:
    text = layout.text
    source, _ = _subject(layout, cues, cue, low, high)
    if source is None:
        return None
    at = layout.starts[source[0]] if cue.word.form != "prep" else layout.starts[cue.first]
    if cue.word.form != "prep":
        begin = content_after(layout, cue, high)
        end = clause_end(layout, cue, cues, begin, high)
        content = trim(text, begin, end)
        if (
            content.end - content.start > 12
            and text[layout.ends[cue.last] : begin].strip() != ":"
            and (starts_clause(layout, content.start) or "that" in text[layout.ends[cue.last] : begin])
        ):
            return Unit([content], "indirect", low, high, [], [], cue, source, INDIRECT)
    lead = text[low:at].rstrip()
    if lead.endswith(",") and len(lead) > 15:
        return Unit([trim(text, low, at)], "indirect", low, high, [], [], cue, source, INDIRECT_BEFORE)
    return None
