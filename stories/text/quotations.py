"""A quotation's words as they were printed: joined, in marks, and the sentence around them."""

import re
from collections.abc import Sequence
from typing import Protocol

# The end of a sentence, its closing marks after it; and before the next words, their opening marks after it.
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\Z")
_ENDED = re.compile(r"(?:[.!?…][\"'”’)\]]*|\n\n)[\s\"'“‘(\[]*\Z")
# From the end of a sentence to the next one; its closing marks (the group) are its own.
_BETWEEN = re.compile(r"(?<=[.!?…])([\"'”’)\]]*)\s+(?=[\"'“‘(\[]*[^\W\d_a-z])")
# A full stop that ends no sentence: of a title, or of a letter that stands for a name.
_SHORTENED = re.compile(r"(?<![^\W\d_])(?:Mr|Mrs|Ms|Dr|Prof|St|Rev|Hon|Gen|Col|Lt|Capt|Sgt|No|[A-Z])\.\Z")
_OPENING = re.compile(r"(?:(?<=[\s(\[–—“‘])|\A)(?:\"(?=\S)|'(?=[^\W\d]))")
_MARKS = re.compile(r"[“”‘]|\n\n")
_BREAK = ",;:–—- "  # what an interruption puts at the end of the words before it


# Begins with a word that is no name, and has a verb: may follow "because".
_CLAUSE = re.compile(
    r"(?:The|A|An|It|He|She|They|There|This|That|These|Those|His|Her|Its|Their|We|Our|No|Most|Only|Official)"
    r" (?:[^.!?]* )?(?:is|was|are|were|has|have|had|does|did|do|shows?|showed|says?|said|cannot|can|could"
    r"|will|would|gives?|gave|found|finds|rose|fell|made|makes|took|went|came|left|leaves|counts?|counted"
    r"|puts?|meant|means)\b"
)


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
    """The words with marks of one style, as headings show them; the data keeps them as they were printed.

    A place in the result is the same place in `words`.
    """
    words = _OPENING.sub(lambda mark: "“" if mark[0] == '"' else "‘", words)
    words = words.replace('"', "”").replace("'", "’")
    return _in_pairs(words) if "‘" in words and "”" in words else words


def _in_pairs(words: str) -> str:
    """The words with a single mark made double where a double one closes what it opened."""
    letters, opened, single = list(words), False, -1
    for mark in _MARKS.finditer(words):
        if mark[0] == "‘":
            single = mark.start()
        elif mark[0] == "”" and not opened and single >= 0:
            letters[single], single = "“", -1
        else:
            opened, single = mark[0] == "“", -1
    return "".join(letters)


def in_marks(words: str) -> str:
    """The words in quotation marks; marks within them are single, as British papers print them."""
    return f"“{typeset(words).replace('“', '‘').replace('”', '’')}”"


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence of a text in which these characters stand; several, if they stand in several."""
    begin, stop = sentence_bounds(text, start, end)
    return " ".join(text[begin:stop].split())


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence begins and ends in which these characters stand.

    The end of a paragraph ends its last sentence, unless a colon there leads up to the words.
    """
    begin, stop = _in_paragraph(text, start, end)
    before = begin - 2
    if text[:begin].endswith(":\n\n"):
        begin, _ = _in_paragraph(text, before, before)
    return begin, stop


def _in_paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The same, where a paragraph ends every sentence."""
    begin, stop = text.rfind("\n\n", 0, start), text.find("\n\n", end)
    begin, stop = begin + 2 if begin >= 0 else 0, stop if stop >= 0 else len(text)
    for gap in _BETWEEN.finditer(text, begin, stop):
        if _SHORTENED.search(text, max(begin, gap.start() - 6), gap.start()):
            continue
        if gap.end() <= start:
            begin = gap.end()
        elif gap.end(1) >= end:  # closing marks may be among the characters
            stop = gap.end(1)
            break
    return begin, stop


def ended(sentence: str) -> str:
    """The sentence with a full stop, where it has no end mark."""
    return sentence if not sentence or _ENDS.search(sentence) else f"{sentence.rstrip(_BREAK)}."


def because(reason: str) -> str:
    """The end of a sentence, with the reason for what it says: ", because the wall fell.", "." without one.

    A reason that is no clause, or begins with what may be a name, follows a colon: ": Wrong year."
    """
    reason = ended(reason.strip())
    if not reason:
        return "."
    if _CLAUSE.match(reason):
        return f", because {reason[0].lower()}{reason[1:]}"
    return f": {reason}"


def begins_a_sentence(words: str) -> bool:
    """Whether the words begin with a capital or a number, in whichever alphabet."""
    first = next((letter for letter in words if letter.isalnum()), "")
    return first != "" and not first.islower()
