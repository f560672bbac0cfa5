"""A quotation's words as they were printed, and how two printed forms of the same words differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

_WORD = re.compile(r"\S+")
_BARE = re.compile(r"[^\w]+")
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
    def exact(self) -> str: ...

    @property
    def prefix(self) -> str: ...


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


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: in both forms ("same"), only as printed ("added") or only as recorded ("left out")."""

    kind: str
    text: str


def differences(recorded: str, printed: str) -> list[Piece]:
    """`printed` told as changes to `recorded`; marks and capitals alone make no difference.

    Joined by spaces, the pieces that are not "left out" are the words of `printed`.
    """
    ours, theirs = _WORD.findall(recorded), _WORD.findall(printed)
    matcher = SequenceMatcher(None, [_bare(word) for word in ours], [_bare(word) for word in theirs], False)
    pieces = []
    for change, i, j, k, end in matcher.get_opcodes():
        if change == "equal":
            pieces.append(Piece("same", " ".join(theirs[k:end])))
            continue
        if j > i:
            pieces.append(Piece("left out", " ".join(ours[i:j])))
        if end > k:
            pieces.append(Piece("added", " ".join(theirs[k:end])))
    return pieces


def differ(recorded: str, printed: str) -> bool:
    """Whether the two have different words, marks and capitals aside."""
    return _bare_words(recorded) != _bare_words(printed)


def _bare_words(text: str) -> list[str]:
    return [bare for word in _WORD.findall(text) if (bare := _BARE.sub("", word.casefold()))]


def _bare(word: str) -> str:
    return _BARE.sub("", word.casefold()) or word
