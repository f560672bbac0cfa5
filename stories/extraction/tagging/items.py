"""The items the tagger labels: tokens of a paragraph, and passages between marks as one item each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import uncased

SMALL_IN_TITLES = frozenset("a an and the of in on at to for from by with is or".split())
Traits = tuple[str, str, str, str]  # of a passage: last mark, length class, letters, first word


class Paragraph(NamedTuple):
    """One paragraph's items: tokens, and whole passages between marks, as ``text[starts[i]:ends[i]]``.

    ``keys`` holds what the words table is asked for: the printed token, or the traits of a passage.
    ``lengths`` counts the items of each sentence.
    """

    starts: list[int]
    ends: list[int]
    keys: list[str | Traits]
    lengths: list[int]


class Item(NamedTuple):
    """What the words table tells of an item."""

    word: str
    kind: str  # cue class and form
    sign: str
    cue: str  # cue class of a word looked out for from afar
    is_stop: bool
    is_clause: bool
    is_passage: bool
    worths: Any  # to the items at ``OFFSETS``


Key = str | Traits | int  # a printed token, the traits of a passage, the number of an edge


def paragraphs(layout: Layout) -> Iterator[Paragraph]:
    """The text's paragraphs, every passage between marks drawn together into one item."""
    starts, ends, tokens, passages = layout.starts, layout.ends, layout.tokens, layout.passages
    sentences = [span.start for span in layout.sentences]
    k = first = number = 0
    for low, high in layout.paragraphs:
        last = bisect_left(starts, high, first)
        found = Paragraph([], [], [], [])
        while first < last:
            while k < len(passages) and passages[k].outer_end <= starts[first]:
                k += 1
            until = bisect_left(starts, passages[k].outer_start, first, last) if k < len(passages) else last
            found.starts.extend(starts[first:until])
            found.ends.extend(ends[first:until])
            found.keys.extend(tokens[first:until])
            first = until
            if first < last:
                passage = passages[k]
                found.starts.append(starts[first])
                found.ends.append(min(passage.outer_end, high))
                found.keys.append(_traits(layout.text[max(passage.start, low) : min(passage.end, high)]))
                first = max(first + 1, bisect_left(starts, found.ends[-1], first, last))
        upto = bisect_left(sentences, high, number)
        edges = [bisect_left(found.starts, begin) for begin in sentences[number + 1 : upto]]
        edges = sorted({0, *edges, len(found.starts)})
        found.lengths.extend(end - begin for begin, end in pairwise(edges))
        number = upto
        if found.starts:
            yield found


def normal(word: str) -> str:
    """Lower case, one kind of apostrophe, and numbers told apart only by kind."""
    first = word[0]
    if first.isdigit():
        return "0000" if len(word) == 4 and word.isdigit() else "0"
    return word.lower().replace("’", "'")


def shape(word: str) -> str:
    """``x`` lower case, ``Xx`` capital, ``XX`` capitals, ``d`` figures, ``p`` a mark."""
    first = word[0]
    if first.isdigit():
        return "d"
    if not first.isalnum():
        return "p"
    if first.isupper() or uncased(word):
        return "XX" if len(word) > 1 and word.isupper() else "Xx"
    return "x"


def _traits(words: str) -> Traits:
    """Last mark inside, length class, ``letters_of`` it, first word of a quoted passage."""
    split = words.split(None, 8)
    count = len(split)
    length = "1" if count < 2 else "2" if count < 4 else "4" if count < 8 else "8"
    last = words[-1] if words and words[-1] in ",.?!" else "_"
    return last, length, letters_of(words), normal(split[0]) if split else ""


def letters_of(words: str) -> str:
    """``l`` for a small first letter, ``T`` for capitals all through, as titles have them, else ``U``."""
    if not words[:1].isupper():
        return "l"
    split = words.split(None, 8)
    titled = len(split) > 1 and all(word[0].isupper() or word in SMALL_IN_TITLES for word in split)
    return "T" if titled else "U"
