"""The piece of a text in which the words that were looked for stand. Pure."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from stories.text import excerpts
from stories.text.quotations import typeset

# What the databases put around a hit. Neither can be typed into a field of ours, and neither is HTML:
# the templates print the pieces between them, escaped like everything else.
START, STOP = "\x02", "\x03"
MARK = re.compile(f"{START}([^{START}{STOP}]*){STOP}")
SPACE = re.compile(r"\s+")
LENGTH = 260  # characters of a snippet, about three lines
OF_A_SENTENCE = 200  # characters of the sentence around a claim's words


class Piece(NamedTuple):
    """Words, and whether they are what was looked for; of a claim's sentence whether they were `said`."""

    text: str
    hit: bool = False
    said: bool = False


def ranges(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """A text without the marks, and the character ranges that they were around."""
    plain, spans, at = [], [], 0
    for number, part in enumerate(MARK.split(marked)):
        part = part.replace(START, "").replace(STOP, "")
        if number % 2:
            spans.append((at, at + len(part)))
        plain.append(part)
        at += len(part)
    return "".join(plain), spans


def pieces(text: str, spans: list[tuple[int, int]], length: int = LENGTH) -> tuple[Piece, ...]:
    """At most about `length` characters of `text` around the most hits, cut between words."""
    start, end = window(text, spans, length)
    found = [Piece("… ")] if start else []
    at = start
    for first, last in spans:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        found += [Piece(text[at:first]), Piece(text[first:last], hit=True)]
        at = last
    found.append(Piece(text[at:end]))
    if end < len(text):
        found.append(Piece(" …"))
    return tuple(Piece(SPACE.sub(" ", piece.text), piece.hit) for piece in found if piece.text)


def in_sentence(
    sentence: Iterable[excerpts.Piece], hits: Iterable[str], length: int = OF_A_SENTENCE
) -> tuple[Piece, ...]:
    """At most about `length` characters of a claim's sentence around the most hits, or else its words.

    `hits` are words as they were found elsewhere in what is known of the claim.
    """
    sentence = list(sentence)
    text = "".join(piece.text for piece in sentence)
    found = [match.span() for match in _any_of(hits).finditer(text)]
    said, at = [], 0
    for piece in sentence:
        said += [(at, at + len(piece.text))] if piece.said else []
        at += len(piece.text)
    start, end = window(text, found or said[:1], length)
    places = sorted(
        {start, end, *(place for span in (*found, *said) for place in span if start < place < end)}
    )
    shown = [
        Piece(text[first:last], _within(first, found), _within(first, said))
        for first, last in pairwise(places)
    ]
    return tuple([Piece("… ")] * bool(start) + shown + [Piece(" …")] * (end < len(text)))


def _any_of(hits: Iterable[str]) -> re.Pattern[str]:
    """What matches any of the words, and nothing without any."""
    words = sorted({" ".join(typeset(hit).split()) for hit in hits} - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?!\w)", re.IGNORECASE)


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= place < last for first, last in spans)


def window(text: str, spans: list[tuple[int, int]], length: int) -> tuple[int, int]:
    """Where to cut: the start at which most hits fit within `length` characters, with a little before."""
    if len(text) <= length:
        return 0, len(text)
    best, most, last = 0, 0, 0
    for first, (begin, _) in enumerate(spans):
        while last < len(spans) and spans[last][1] <= begin + length * 3 // 4:
            last += 1
        if last - first > most:
            best, most = begin, last - first
    start = max(0, best - length // 4)
    start = start if start == 0 else next_word(text, start, best)
    end = min(len(text), start + length)
    if end < len(text):
        cut = text.rfind(" ", start, end)
        end = cut if cut > start else end
    return start, end


def next_word(text: str, at: int, latest: int) -> int:
    """The first beginning of a word from `at` on, and `latest` when there is none before it."""
    space = SPACE.search(text, at, latest)
    return space.end() if space else latest
