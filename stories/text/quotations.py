"""A quotation's words as they were printed: joined, in marks, and the sentence around them."""

import re
from collections.abc import Sequence
from typing import Protocol

# The end of a sentence, its closing marks after it; and before the next words, their opening marks after it.
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\Z")
_ENDED = re.compile(r"(?:[.!?…][\"'”’)\]]*|\n\n)[\s\"'“‘(\[]*\Z")
# From the end of a sentence to the next one; its closing marks (the group) are its own.
_BETWEEN = re.compile(r"(?<=[.!?…])([\"'”’)\]]*)\s+(?=[\"'“‘(\[]*[^\W\d_a-z])")
_OPENING = re.compile(r"(?:(?<=[\s(\[–—“‘])|\A)(?:\"(?=\S)|'(?=[^\W\d]))")
_BREAK = ",;:–—- "  # what an interruption puts at the end of the words before it


class Part(Protocol):
    """A stretch of words as it stands in a story, and the characters before it."""

    @property
    def exact(self) -> str:
        """The words."""

    @property
    def prefix(self) -> str:
        """The characters before them."""


def as_printed(parts: Sequence[Part]) -> str:
    """The words of a quotation in one line, in which no sentence stands that the story does not have.

    Where a sentence of an interrupted quotation ended, as printed, the next one follows; everywhere else
    " … " stands between the parts.
    """
    words = ""
    for part in parts:
        said = " ".join(part.exact.split())
        if not words or not said:
            words = words or said
        elif not (_ENDS.search(words) or _ENDED.search(part.prefix)) or not begins_a_sentence(said):
            words = f"{words.rstrip(_BREAK)} … {said}"
        elif _ENDS.search(words):
            words = f"{words} {said}"
        else:
            words = f"{words.rstrip(_BREAK)}. {said}"
    return words.rstrip(",; ")


def typeset(words: str) -> str:
    """The words with marks of one style, as headings show them; the data keeps them as they were printed."""
    words = _OPENING.sub(lambda mark: "“" if mark[0] == '"' else "‘", words)
    return words.replace('"', "”").replace("'", "’")


def in_marks(words: str) -> str:
    """The words in quotation marks; marks within them are single, as British papers print them."""
    return f"“{typeset(words).replace('“', '‘').replace('”', '’')}”"


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence of a text in which these characters stand; several, if they stand in several."""
    begin = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    stop = text.find("\n\n", end)
    stop = len(text) if stop < 0 else stop
    for gap in _BETWEEN.finditer(text, begin, stop):
        if gap.end() <= start:
            begin = gap.end()
        elif gap.start() >= end:
            stop = gap.end(1)
            break
    return " ".join(text[begin:stop].split())


def begins_a_sentence(words: str) -> bool:
    """Whether the words begin with a capital or a number, in whichever alphabet."""
    first = next((letter for letter in words if letter.isalnum()), "")
    return first != "" and not first.islower()
