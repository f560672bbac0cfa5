"""Pair quotation marks into passages, whatever habit the copy has.

Knows curly, straight, doubled-apostrophe and single marks, mixed and nested; passages opened with one
mark and closed with another; passages never closed before the next opens (run-on copy); passages running
over paragraphs, re-opened or not. Apostrophes and inch marks are not marks. One pass, linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from stories.extraction.types import Span

# One set in front, which is quickly looked for; then a double mark, a doubled one, or a single one that is no
# apostrophe inside a word.
MARK = re.compile(
    r"[“”„«»\"‘’'`](?:(?<=[“”„«»\"])|(?<=')'|(?<=`)`|(?<=[‘’'])(?:(?<![^\W_].)|(?![^\W_])))",
    re.S,
)
NOT_SINGLE_OPEN = re.compile(r"['’‘](?:\d0s|em\b|til\b|till\b|cause\b|tis\b|twas\b|n['’]|bout\b|s\b)", re.I)
OPENERS = "“„«"
CLOSERS = "”»"
STOPS = ".!?,…:;"
STOPS_INSIDE = ".!?,…"  # a mark that closes may stand behind these; behind a colon one opens
# How many unmarked paragraphs a passage may run over before its closing mark is no longer believed.
REACH = 3


class Passage(NamedTuple):
    """Words between marks: ``start:end`` without the marks, ``outer_start:outer_end`` with them."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool
    single: bool
    carried: bool  # goes on from the passage before: run-on, re-opened or running over a paragraph


class Mark(NamedTuple):
    """One printed mark; ``shape`` is +1 opening, -1 closing, 0 either."""

    start: int
    end: int
    shape: int
    single: bool


def _shape(text: str, start: int, end: int, low: int, high: int) -> int:
    char = text[start]
    if char in CLOSERS:
        return -1
    before = text[start - 1] if start > low else " "
    after = text[end] if end < high else " "
    if char in OPENERS or char == "`":
        # “so“ she said: an opening mark behind a word, and nothing behind it, closes.
        closes = (before.isalnum() or before in STOPS_INSIDE) and (after.isspace() or after in STOPS)
        return -1 if closes else 1
    left_open = before.isspace() or before in "([—–-/“\"‘'"
    right_open = after.isspace() or after in ".,;:!?)]…—–-”\"’'"
    if left_open and not after.isspace():
        return 1
    if right_open and not before.isspace():
        return -1
    return 0


def paragraph_marks(text: str, low: int, high: int) -> list[Mark]:
    """Every printed mark of ``text[low:high]`` with its shape, apostrophes inside words left out."""
    found = []
    attribute = False  # inside the value of a markup attribute, which is nobody's words
    for match in MARK.finditer(text, low, high):
        start, end = match.span()
        if text[start] == '"' and (attribute or (text[start - 1 : start] == "=" and start > low)):
            attribute = not attribute
            continue
        single = end - start == 1 and text[start] in "‘’'"
        if single:
            after = text[end] if end < high else " "
            if text[start] == "‘":
                shape = 1 if not after.isspace() else 0
            else:
                shape = _shape(text, start, end, low, high)
                if shape == 1 and (
                    not (after.isalnum() or after in "[$£€…") or NOT_SINGLE_OPEN.match(text, start)
                ):
                    continue
        else:
            shape = _shape(text, start, end, low, high)
        found.append(Mark(start, end, shape, single))
    return found


def _single_close(
    marks: Sequence[Mark], closes: Sequence[int], strong: Sequence[int], doubles: Sequence[int], at: int
) -> tuple[int, bool] | None:
    """Index of the mark closing the single mark ``marks[at]``; the flag is true for a mismatched double.

    ``closes``, ``strong`` and ``doubles`` are indexes of the single marks that may close, of those among them
    that can be no apostrophe, and of the double marks.
    """

    def first(indexes: Sequence[int]) -> int | None:
        k = bisect_right(indexes, at)
        return indexes[k] if k < len(indexes) else None

    any_close, strong_close, double = first(closes), first(strong), first(doubles)
    if double is not None and marks[double].shape == -1 and (strong_close is None or strong_close > double):
        return double, True
    if strong_close is not None and (double is None or strong_close < double or marks[double].shape == 1):
        return strong_close, False
    if any_close is not None and (double is None or any_close < double):
        return any_close, False
    return None


def _drop_singles(text: str, marks: list[Mark]) -> tuple[list[tuple[int, int, bool]], set[int]]:
    """Single-mark passages of one paragraph as (open, close, mismatched) and the marks they use up."""
    if not any(mark.single for mark in marks):
        return [], set()
    closes = [i for i, mark in enumerate(marks) if mark.single and mark.shape == -1]
    strong = [
        i
        for i in closes
        if text[marks[i].start - 1] != "s"
        or text[marks[i].end : marks[i].end + 1] in ("", "\n")
        or text[marks[i].end : marks[i].end + 1] in STOPS
    ]
    doubles = [i for i, mark in enumerate(marks) if not mark.single]
    pairs: list[tuple[int, int, bool]] = []
    used: set[int] = set()
    beyond = -1
    for i, mark in enumerate(marks):
        if i <= beyond or not mark.single or mark.shape != 1:
            continue
        found = _single_close(marks, closes, strong, doubles, i)
        if found is None:
            continue
        close, mismatched = found
        if mismatched and _open_double(marks, doubles, i):
            continue
        pairs.append((i, close, mismatched))
        beyond = close
        used.add(i)
        used.add(close)
    return pairs, used


def _open_double(marks: Sequence[Mark], doubles: Sequence[int], at: int) -> bool:
    """Whether the nearest double mark before ``at`` opened a passage: the single one is nested then."""
    k = bisect_right(doubles, at) - 1
    return k >= 0 and marks[doubles[k]].shape == 1


class _Pairing:
    """Pairs the double marks of one paragraph, taken in reading order, into passages.

    ``opened`` are the begin of the passage not closed yet, with its mark and without, and whether it is
    carried; ``nested`` tells that a further mark has opened inside it.
    """

    def __init__(self, text: str, low: int, carry: bool) -> None:
        self.text = text
        self.found: list[Passage] = []
        self.opened: tuple[int, int, bool] | None = (low, low, True) if carry else None
        self.nested = False

    def take(self, mark: Mark, high: int) -> None:
        """Open or close a passage at the next double mark; ``high`` is the end of the paragraph."""
        if self.opened is None:
            if mark.shape >= 0 and mark.end < high:
                carried = bool(self.found) and not self.text[self.found[-1].outer_end : mark.start].strip()
                self.opened = (mark.start, mark.end, carried)
        elif mark.shape == 1:
            if self.nested or self._behind_stop(mark.start, self.opened[1]):
                self.close(mark.start, mark.start, False)
                self.opened = (mark.start, mark.end, True)
            else:
                self.nested = True
        elif self.nested:
            self.nested = False
        else:
            self.close(mark.start, mark.end, True)

    def _behind_stop(self, at: int, begun: int) -> bool:
        """Whether the last letter before ``at`` in a passage begun at ``begun`` is a stop."""
        k = at - 1
        while k > begun and self.text[k].isspace():
            k -= 1
        return self.text[k] in STOPS

    def close(self, end: int, outer: int, closed: bool) -> None:
        """End the passage that is open, its blanks left out; ``closed`` tells whether a mark does it."""
        if self.opened is None:
            return
        text = self.text
        outer_start, start, carried = self.opened
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if end > start:
            passage = Passage(start, end, outer_start, max(outer, end), closed, False, carried)
            self.found.append(passage)
        self.opened, self.nested = None, False


def _paragraph(text: str, low: int, high: int, marks: list[Mark], carry: bool) -> tuple[list[Passage], bool]:
    """Passages of one paragraph and whether the last is still open. ``carry``: one is open on entry."""
    pairs, used = _drop_singles(text, marks)
    pairing = _Pairing(text, low, carry)
    for i, mark in enumerate(marks):
        if not mark.single and i not in used:
            pairing.take(mark, high)
    still_open = pairing.opened is not None
    pairing.close(high, high, False)
    out = pairing.found
    for first, last, _ in pairs:
        start, end = marks[first].end, marks[last].start
        if end > start and text[start:end].strip():
            out.append(Passage(start, end, marks[first].start, marks[last].end, True, True, False))
    return out, still_open


def _mend(text: str, marks: list[Mark]) -> list[Mark]:
    """A double mark closed by a single one ("vote killer'.): the single mark counts as double."""
    out = list(marks)
    opened, inner = False, False
    for i, mark in enumerate(marks):
        if not mark.single:
            opened, inner = mark.shape == 1 or (mark.shape == 0 and not opened), False
        elif mark.shape == 1:
            inner = opened
        elif opened and mark.shape == -1 and text[mark.end : mark.end + 1] in STOPS:
            following = next((other for other in marks[i + 1 : i + 4] if other.shape), None)
            if not inner and (following is None or following.shape == 1):
                out[i] = mark._replace(single=False)
                opened = False
            inner = False
    return out


def passages(text: str, paragraphs: Sequence[Span]) -> list[Passage]:
    """All passages between marks, outermost only, in reading order."""
    marks = [_mend(text, paragraph_marks(text, *span)) for span in paragraphs]
    found: list[Passage] = []
    carry = False
    for i, (low, high) in enumerate(paragraphs):
        if not marks[i] and not carry:
            continue
        here, still_open = _paragraph(text, low, high, marks[i], carry)
        reopened = (
            bool(found)
            and not found[-1].closed
            and found[-1].end <= low
            and here
            and here[0].outer_start == low
        )
        if reopened and not carry:
            here[0] = here[0]._replace(carried=True)
        found.extend(_outermost(here))
        carry = still_open and _closes_later(marks, i + 1)
    return found


def _closes_later(marks: Sequence[list[Mark]], at: int) -> bool:
    """Whether the next marks after paragraph ``at - 1`` begin with a closing one."""
    for ahead in marks[at : at + REACH]:
        doubles = [mark for mark in ahead if not mark.single]
        if doubles:
            return doubles[0].shape == -1
    return False


def _outermost(found: list[Passage]) -> list[Passage]:
    """Drop passages lying inside others; a double-marked one wins over a single one it crosses."""
    if len(found) < 2:
        return found
    kept: list[Passage] = []
    for passage in sorted(found, key=lambda p: (p.outer_start, -p.outer_end)):
        if kept and passage.outer_start < kept[-1].outer_end:
            if kept[-1].single and not passage.single and passage.outer_end > kept[-1].outer_end:
                kept[-1] = passage
            continue
        kept.append(passage)
    return kept
