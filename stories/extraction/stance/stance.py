"""What a source did with the words: said, denied, asked, hoped or passed them on, by the verb around them.

The verbs stand in ``words/stances.txt``. The one that governs the words is looked for between them and their
source: of "denied that he had said" the first, of "denied it, saying" the last. What is not plain is not
``said``: a wrong "said" publishes the opposite of what somebody meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stories.extraction.stance.before_words import by_last_verb, by_lead
from stories.extraction.stance.behind_words import by_tail, is_answered
from stories.extraction.stance.chains import chain_sense, printed, subject_of
from stories.extraction.stance.governors import governors
from stories.extraction.stance.passed_on import passed_on
from stories.extraction.stance.stance_verbs import FINITE, PRONOUNS, Sense
from stories.extraction.stance.surroundings import Placed, Surroundings
from stories.extraction.text.layout import Layout
from stories.extraction.types import Kind, Span
from stories.extraction.words.lists import claim_nouns


def sense(layout: Layout, quotation: Placed) -> Sense:
    """What was done with the words of ``quotation``."""
    return _sense(Surroundings(layout, quotation))


def sense_of(text: str, content: Sequence[tuple[int, int]], kind: Kind, attribution: str = "") -> Sense:
    """The same for words on file: ``attribution`` is their source as printed, the nearest one counts."""
    layout = Layout(text)
    spans = [Span(*span) for span in content]
    low = layout.paragraphs[layout.paragraph_at(spans[0].start)].start if layout.paragraphs else 0
    high = layout.paragraphs[layout.paragraph_at(spans[-1].end - 1)].end if layout.paragraphs else len(text)
    found = []
    if attribution:
        pattern = r"\s+".join(map(re.escape, attribution.split()))
        found = [Span(*m.span()) for m in re.finditer(pattern, text[:high]) if m.start() >= low]
        found = [s for s in found if all(s.end <= c.start or s.start >= c.end for c in spans)]
    near = min(
        found, key=lambda s: min(abs(s.start - spans[0].end), abs(spans[0].start - s.end)), default=None
    )
    marked = [
        p for p in layout.passages if spans[0].start < p.outer_start and p.outer_end <= spans[-1].end + 1
    ]
    return sense(layout, Placed(spans, kind, [Span(p.start, p.end) for p in marked], near))


def _sense(around: Surroundings) -> Sense:
    """The stance by what governs the words; ``""`` where nothing does and no marks show them as said."""
    found = _found(around)
    if around.kind == "partial" and found.stance in ("said", ""):
        found = _inside(around, found)
    if found.stance == "denied" and around.kind == "partial" and _is_described(around):
        found = found._replace(stance="said")
    if around.kind != "direct" and found.stance in ("said", ""):
        first = around.word(around.layout.token_from(around.content[0].start))
        if first == "whether" and not around.begin_with("or not"):
            return found._replace(stance="asked", verb=found.verb or "asked")
    if around.kind == "direct" and found.stance == "said" and is_answered(around):
        return found._replace(stance="asked")
    return found


def _inside(around: Surroundings, found: Sense) -> Sense:
    """A marked part may be another's words: "Lee said Ash had called it “mad”"."""
    if not around.fragments or around.fragments[0].start <= around.content[0].start + 1:
        return found
    start = around.outer(around.fragments[0])[0]
    first = around.layout.token_from(around.content[0].start)
    side = around.sides[0] if around.source_before() else []
    if around.source is not None:
        side = [i for i in side if around.layout.starts[i] >= around.source.end]
    side = [*side, *range(first, around.layout.token_from(start))]
    found_verbs = governors(around, side)
    at = side.index(found_verbs[0].first) if found_verbs else 0
    if found.stance == "" and at and around.word(side[at - 1]) in ("which", "that", "who"):
        return Sense("quoted", printed(around, found_verbs[0], found_verbs[0]), subject_of(around, side[:at]))
    deep = chain_sense(around, found_verbs, side)
    if deep is None or (found.stance == "said" and deep.stance != "quoted"):
        return found
    return deep._replace(verb=found.verb)


def _found(around: Surroundings) -> Sense:
    """The stance by the side on which the source stands, then the other, then the cue by itself.

    Words passed on from others are so whatever verb says them, unless it does more than say.
    """
    leads, tails = around.sides
    passed = passed_on(around, leads, tails)
    for side in (leads, tails) if around.source_before() else (tails, leads):
        sense = by_lead(around, side) if side is leads else by_tail(around, side)
        if sense is not None:
            if side is tails and sense.stance == "said" and around.kind != "direct":
                sense = by_last_verb(around, leads) or sense
            return passed if passed is not None and sense.stance == "said" else sense
    if passed is not None:
        return passed
    return _by_cue(around)


def _by_cue(around: Surroundings) -> Sense:
    """By the verb the words were found by; marked utterances with none are said."""
    if around.cue is not None:
        found = governors(around, around.tokens_of(around.cue))
        if found:
            return Sense(found[-1].stance, printed(around, found[-1], found[-1]))
    if around.kind == "direct" or _by_colon(around):
        return Sense("said")
    return Sense("")


def _by_colon(around: Surroundings) -> bool:
    """ "Ann Lee: the wall is lost", as headlines have it, and "the wall is lost – Ann Lee"."""
    text = around.layout.text
    before, after = text[around.low : around.start].rstrip(), text[around.end : around.high].lstrip()
    return before.endswith(":") or after.startswith(("– ", "— ", "- ", ", says ", "| "))


def _is_described(around: Surroundings) -> bool:
    """The same where the thing dismissed is part of the words: [the plan as “a farce”]."""
    if not around.fragments:
        return False
    low = around.layout.token_from(around.content[0].start)
    inside = [around.word(i) for i in around.tokens_between(low - 1, around.fragments[0].start)]
    inside = [w for w in inside if w not in ("“", '"', "'", "‘")]
    if "as" not in inside[-5:] or (FINITE | PRONOUNS).intersection(inside):
        return False
    behind = around.layout.token_from(around.fragments[0].end)
    last = around.layout.token_from(around.content[-1].end - 1)
    return (claim_nouns() | FINITE).isdisjoint(around.layout.lower[behind : last + 1])
