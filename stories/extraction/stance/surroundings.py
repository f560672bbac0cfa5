"""The words of a quotation and the sentence around them, in tokens and characters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from stories.extraction.text.layout import Layout
from stories.extraction.text.quotation_marks import Passage
from stories.extraction.types import Kind, Span

MOST_TOKENS = 40  # of a cue
BEGINNING = 40  # characters


class Placed(NamedTuple):
    """Where a text prints a quotation, its marked parts, its source and its word of saying, in characters."""

    content: Sequence[Span]
    kind: Kind
    fragments: Sequence[Span] = ()
    source: Span | None = None
    cue: Span | None = None


class Surroundings:
    """One quotation, and where its verb may stand.

    ``content``, ``kind``, ``fragments``, ``source`` and ``cue`` are those of ``Placed``. ``start:end`` is the
    first part of the words with its marks, ``low:high`` the sentences in which a verb is looked for;
    ``sides`` are the tokens of these before and after the words.
    """

    def __init__(self, layout: Layout, quotation: Placed) -> None:
        self.layout = layout
        self._lower, self._size = layout.lower, len(layout.lower)
        self.content, self.kind, self.fragments, self.source, self.cue = quotation
        start, end = self.outer(self.content[0])
        self.start, self.end = start, end
        self.low = layout.sentences[layout.sentence_at(start)].start
        self.high = layout.sentences[layout.sentence_at(max(start, end - 1))].end
        self.high = max(self.high, self.end)
        if self.source is not None and not self.low <= self.source.start < self.high:
            self._widen()
        self.sides = self._sides()

    def outer(self, span: Span) -> tuple[int, int]:
        """A stretch with the marks around it."""
        passage = self.layout.passage_at(span.start)
        if passage is not None and passage.outer_start < span.start <= passage.outer_start + 2:
            return passage.outer_start, max(span.end, passage.outer_end if passage.closed else span.end)
        return span.start, span.end

    def _widen(self) -> None:
        """Take in the sentence before that leads up to the words with a colon."""
        layout = self.layout
        before = layout.text[: self.low].rstrip()
        if before.endswith(":") and not layout.text[self.low : self.start].strip(" \"“'‘-–—*•"):
            self.low = layout.sentences[layout.sentence_at(len(before) - 1)].start

    def _sides(self) -> tuple[list[int], list[int]]:
        """Tokens of the sentence before and after the words, those between marks left out."""
        layout = self.layout
        first, last = layout.token_from(self.low), layout.token_from(max(self.low, self.high - 1))
        leads: list[int] = []
        tails: list[int] = []
        for i in range(first, min(last + 1, len(layout.tokens))):
            low, high = layout.starts[i], layout.ends[i]
            if high > self.start and low < self.end:
                continue
            passage = layout.passage_at(low)
            if passage is not None and passage.outer_start < low and not self._holds(passage):
                continue
            if high <= self.start:
                leads.append(i)
            elif not self._is_said(low):
                tails.append(i)
        return leads, tails

    def _is_said(self, at: int) -> bool:
        """Whether one of the parts of the words, which stand in order, has the character at ``at``."""
        part = bisect_right(self.content, at, key=attrgetter("start")) - 1
        return part >= 0 and at < self.content[part].end

    def _holds(self, passage: Passage) -> bool:
        """Whether marks hold the sentence and the words alike, so that they part nothing."""
        return passage.outer_start <= self.low and passage.outer_end >= self.end

    def source_before(self) -> bool:
        """Whether the source stands before the words, or nowhere."""
        return self.source is None or self.source.start < self.start

    def word(self, i: int) -> str:
        """Token ``i`` in lower case; "" behind the last one."""
        return self._lower[i] if i < self._size else ""

    def tokens_of(self, span: Span) -> list[int]:
        """The first tokens of a span, at most ``MOST_TOKENS``."""
        first = self.layout.token_from(span.start)
        return list(range(first, min(first + MOST_TOKENS, bisect_left(self.layout.starts, span.end))))

    def tokens_between(self, last: int, position: int) -> list[int]:
        """The tokens behind token ``last`` that end before character ``position``."""
        high = self.layout.token_from(position)
        return list(range(last + 1, min(high, len(self.layout.tokens))))

    def begin_with(self, phrase: str) -> bool:
        """Whether a phrase in lower case stands in the first ``BEGINNING`` characters of the words."""
        low = self.content[0].start
        return phrase in self.layout.text[low : low + BEGINNING].lower()
