"""Cut a text into units of reported speech: which words belong together as said by one speaker at a time.

A unit holds the words and where a speaker may be looked for; who spoke is decided later.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from stories.extraction.people.mentions import mentions
from stories.extraction.tagging.tagger import Attribution
from stories.extraction.text.layout import Layout
from stories.extraction.text.quotation_marks import Passage
from stories.extraction.text.reporting_verbs import Cue
from stories.extraction.types import Kind, Span

ENDS = ",.!?…—-–"
COLON_BLOCK, ANSWER_RULE = "colon-block", "answer"
MOST = 30  # passages of one utterance
LONG = 4  # words from which a passage standing alone is speech without closing punctuation


@dataclass(slots=True, eq=False)
class Option:
    """One candidate: tokens ``first`` to ``last``, and which of the ways of finding it agree."""

    first: int
    last: int
    span: Span
    kind: str  # pronoun, name, phrase
    rule: bool = False
    tagged: bool = False
    carried: bool = False
    chance: float = 0.0  # how likely the tagger takes a word of it for a source


@dataclass(slots=True)
class Unit:
    """Words said together. ``low:high`` are the sentences around them, in characters."""

    content: list[Span]
    kind: Kind
    low: int
    high: int
    fragments: list[Span] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    cue: Cue | None = None
    source: tuple[int, int] | None = None  # tokens, first and last
    rule: str = ""
    carried: int | None = None  # index of the unit whose speaker goes on
    headline: bool = False
    in_passing: bool = False  # the sentence is about somebody else: no later pronoun means the speaker
    tagged: Attribution | None = None  # what the tagger made of the same words
    reasons: list[str] = field(default_factory=list)
    chosen: tuple[int, int] | None = None  # tokens of the source decided for
    shown: tuple[int, int] | None = None  # tokens of the "who" that stands for it
    sure: float = 0.0
    unsaid: float = 0.0  # how likely the words are nobody's
    settled: bool = False  # decided without the ranker; ``sure`` is a share that holds
    ranked: list[tuple[Option, float]] = field(
        default_factory=list
    )  # candidates with their chances, best first

    @property
    def start(self) -> int:
        """Where the words begin."""
        return self.content[0].start

    @property
    def end(self) -> int:
        """Where the words end."""
        return self.content[-1].end


class Cues:
    """The words of saying of a text, by place."""

    def __init__(self, layout: Layout, found: Sequence[Cue]) -> None:
        self.found = list(found)
        self._starts = [layout.starts[cue.first] for cue in found]

    def between(self, low: int, high: int) -> list[Cue]:
        """Those beginning inside ``low:high``."""
        return self.found[bisect_left(self._starts, low) : bisect_left(self._starts, high)]


def word_count(text: str, start: int, end: int) -> int:
    """Blank-separated words."""
    return len(text[start:end].split())


def is_direct(layout: Layout, passage: Passage, cues: Cues) -> bool:
    """Whether a passage is a whole utterance rather than a fragment of a reported sentence."""
    text = layout.text
    sentence = layout.sentences[layout.sentence_at(passage.outer_start)]
    count = word_count(text, passage.start, passage.end)
    ended = text[passage.end - 1] in ENDS or text[passage.outer_end : passage.outer_end + 1] in (",", ".")
    if passage.carried:
        return True
    if sentence.start >= passage.outer_start - 1:
        rest = text[passage.outer_end : sentence.end].strip(" .,;:)")
        if not rest:
            return count >= 2
        if text[passage.end - 1] in ENDS:
            return True
        following = cues.between(passage.outer_end, min(sentence.end, passage.outer_end + 60))
        return count >= LONG and bool(following) and text[passage.outer_end : passage.outer_end + 1] == ","
    lead = text[sentence.start : passage.outer_start].rstrip()
    if not lead:
        return ended or count >= LONG
    capital = text[passage.start].isupper() or text[passage.start] in "‘'[…"
    if lead[-1] == ":":
        return count >= 2 or ended
    if not capital:
        return lead[-1] == "," and text[passage.start : passage.start + 1] == "…"
    if lead[-1] == ",":
        return count >= 3 or ended
    near = cues.between(max(sentence.start, passage.outer_start - 14), passage.outer_start)
    return bool(near) and count >= LONG and ended


def direct(layout: Layout, cues: Cues) -> list[Unit]:
    """Units of whole utterances between marks, interrupted ones put together."""
    units: list[Unit] = []
    text = layout.text
    for passage in layout.passages:
        if not is_direct(layout, passage, cues):
            continue
        sentence = layout.sentences[layout.sentence_at(passage.outer_start)]
        span = Span(passage.start, passage.end)
        last = units[-1] if units else None
        if last is not None and _goes_on(layout, last, passage, sentence, cues):
            last.content.append(span)
            last.passages.append(passage)
            last.high = max(last.high, sentence.end)
        else:
            unit = Unit(
                [span], "direct", sentence.start, max(sentence.end, passage.outer_end), passages=[passage]
            )
            unit.headline = layout.headline and passage.outer_start < layout.paragraphs[0].end
            units.append(unit)
    return [unit for unit in units if not unit.headline or word_count(text, unit.start, unit.end) > 2]


def _goes_on(layout: Layout, last: Unit, passage: Passage, sentence: Span, cues: Cues) -> bool:
    """Whether a passage continues the utterance of the unit before it."""
    before = last.passages[-1]
    if last.headline or len(last.passages) >= MOST:
        return False
    gap = layout.text[before.outer_end : passage.outer_start]
    if passage.carried and not gap.strip():
        apart = before.closed and _led_up_to(layout, last)
        return not (apart and _attributed(layout, passage, sentence, cues))
    if "\n" in gap:
        return False
    if passage.outer_start < last.high:
        return (
            bool(cues.between(before.outer_end, passage.outer_start))
            and ". " not in gap.strip(" ")[:-1]
            and ":" not in gap
        )
    # The next sentence is nothing but a passage, or the sentence before ended with the cue.
    if sentence.start < passage.outer_start:
        return False
    if layout.text[last.high : sentence.start].strip():
        return False
    if cues.between(passage.outer_end, sentence.end):
        return False
    return not layout.text[passage.outer_end : sentence.end].strip(" .,")


def _led_up_to(layout: Layout, unit: Unit) -> bool:
    """Whether a colon introduces the unit: its speaker stands before it."""
    return layout.text[unit.low : unit.passages[0].outer_start].rstrip().endswith(":")


def _attributed(layout: Layout, passage: Passage, sentence: Span, cues: Cues) -> bool:
    """Whether a passage has a speaker of its own right behind it ("…," Ann Lee said)."""
    return passage.closed and bool(cues.between(passage.outer_end, sentence.end))


def blocks(layout: Layout, cues: Cues) -> list[Unit]:
    """Paragraphs without marks that a colon introduces: "She told the BBC:" and then the words."""
    out: list[Unit] = []
    text = layout.text
    for i in range(len(layout.paragraphs) - 1):
        high = layout.paragraphs[i].end
        if text[high - 1] != ":":
            continue
        begin, end = _without_tags(text, *layout.paragraphs[i + 1])
        if end - begin < 3 or text[begin] in "\"“‘'„«" or text[begin] in "-•*–—":
            continue
        sentence = layout.sentences[layout.sentence_at(high - 1)]
        found = [cue for cue in cues.between(sentence.start, high) if not cue.noun]
        if not found or layout.passage_at(begin) is not None:
            continue
        out.append(Unit([Span(begin, end)], "direct", sentence.start, end, cue=found[-1], rule=COLON_BLOCK))
    return out


TAGS = re.compile(r"(?:<[a-z][^<>]*>\s*)+", re.I)
TAG = re.compile(r"</?[a-z][^<>]*>[\s.]*$", re.I)


def _without_tags(text: str, begin: int, end: int) -> Span:
    """A paragraph without the markup it begins and ends with: a tweet pasted from the web has some."""
    opening = TAGS.match(text, begin, end)
    begin = opening.end() if opening is not None else begin
    closing = TAG.match(text, max(begin, text.rfind("<", begin, end)), end)
    return Span(begin, closing.start() if closing is not None else end)


QUESTION = re.compile(r"Q(?:uestion)?[:.]\s+\S")
ANSWER = re.compile(r"A(?:nswer)?[:.]\s+(?=[^\s\"“‘'])")


def answers(layout: Layout) -> list[Unit]:
    """Answers of an interview printed with Q and A, said by the one person its introduction names."""
    text = layout.text
    asked = [i for i, span in enumerate(layout.paragraphs) if QUESTION.match(text, span.start)]
    if not asked or not asked[0]:
        return []
    intro = layout.paragraphs[asked[0] - 1]
    named = {
        m.name: m.span
        for m in mentions(layout)
        if intro.start <= m.span.start < intro.end and len(m.name) > 1 and m.evidence != "pair"
    }
    if len(named) != 1:
        return []
    (span,) = named.values()
    source = layout.token_from(span.start), layout.token_from(span.end - 1)
    out = []
    for i, (low, high) in enumerate(layout.paragraphs[asked[0] :], asked[0]):
        match = ANSWER.match(text, low, high)
        if match is not None and i - 1 in asked:
            out.append(Unit([Span(match.end(), high)], "direct", low, high, source=source, rule=ANSWER_RULE))
    return out
