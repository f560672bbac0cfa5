"""The sentence in which a story prints somebody's words: the words, and what stands around them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stories.text.quotations import sentence_bounds, typeset

FURTHEST = 160  # characters between two parts of an interrupted quotation; what is longer is left out
_SPACES = re.compile(r"\s+")
# A quotation of several paragraphs opens each of them with a mark and closes the last.
_OPENING = re.compile(r"[“‘\s]+")
_OPENED_AGAIN = re.compile(r"\s*\n\s*[“‘]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt: the words that were said, or words of the story around them."""

    text: str
    said: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a sentence is shown: characters before and after the words, and their own number."""

    before: int
    after: int
    words: int


def words_alone(words: str, *, quoted: bool) -> tuple[Piece, ...]:
    """The words without a sentence around them."""
    return (Piece(f"“{typeset(words)}”" if quoted else typeset(words), True),)


def excerpt(
    text: str,
    spans: Sequence[tuple[int, int]],
    *,
    quoted: bool,
    cut: tuple[bool, bool] = (False, False),
    limits: Limits | None = None,
) -> tuple[Piece, ...]:
    """The sentence or sentences of a text in which the words of these spans stand, the words told apart.

    Nothing is in it that the text does not print, but marks of quotation where the sentence stands within a
    quotation that began before it or goes on after it, and " … " where something is left out. `quoted` are
    words that were quoted as they were said. `cut` says whether the text goes on before its beginning and
    after its end.
    """
    shown = typeset(text)
    first, last = spans[0][0], spans[-1][1]
    begin, end = sentence_bounds(shown, first, last)
    before, after = shown[begin:first], shown[last:end]
    if begin == 0 and cut[0]:
        before = f"… {before.partition(' ')[2]}"
    if end == len(shown) and cut[1]:
        after = f"{after.rpartition(' ')[0]} …"
    pieces = [Piece(before, False), *_with_gaps(shown, spans), Piece(after, False)]
    opened = _is_open(shown[shown.rfind("\n\n", 0, begin) + 1 : begin])
    pieces = _shortened(pieces, limits) if limits else pieces
    pieces = [Piece(_SPACES.sub(" ", piece.text), piece.said) for piece in pieces]
    return tuple(_in_whole_marks(_trimmed(pieces), quoted, opened))


def _with_gaps(shown: str, spans: Sequence[tuple[int, int]]) -> Iterable[Piece]:
    """Yield the words of each span, and what the text has between them if that is not much."""
    for number, (start, end) in enumerate(spans):
        if number:
            gap = shown[spans[number - 1][1] : start]
            if not any(letter.isalnum() for letter in gap):
                gap = gap if "”" in gap else _OPENING.sub(" ", gap)  # the quotation goes on
            elif "\n\n" in gap or len(gap) > FURTHEST:
                gap = " … "
            yield Piece(_OPENED_AGAIN.sub(" ", gap), False)
        yield Piece(_OPENED_AGAIN.sub(" ", shown[start:end]), True)


def _shortened(pieces: list[Piece], limits: Limits) -> list[Piece]:
    """The pieces with as much as the limits allow; " … " where something is left out."""
    first, *within, last = pieces
    before, after = first.text, last.text
    if len(before) > limits.before:
        before = f"… {before[-limits.before :].partition(' ')[2]}"
    if len(after) > limits.after:
        after = f"{after[: limits.after].rpartition(' ')[0]} …"
    kept, left = [Piece(before, False)], limits.words
    for piece in within:
        words = piece.text.split()
        if len(words) > left:
            return [*kept, Piece(" ".join(words[:left]), piece.said), Piece(" …", False)]
        kept.append(piece)
        left -= len(words)
    return [*kept, Piece(after, False)]


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    pieces[0] = Piece(pieces[0].text.lstrip(), pieces[0].said)
    pieces[-1] = Piece(pieces[-1].text.rstrip(), pieces[-1].said)
    return [piece for piece in pieces if piece.text]


def _is_open(text: str) -> bool:
    """Whether a quotation has begun in a text and not ended."""
    return text.rfind("“") > text.rfind("”")


def _in_whole_marks(pieces: list[Piece], quoted: bool, opened: bool) -> list[Piece]:
    """The pieces, each mark of quotation with its other one."""
    ahead = "".join(piece.text for piece in pieces[: [piece.said for piece in pieces].index(True)])
    in_marks = opened or _is_open(ahead) or ahead.endswith("‘")
    if quoted and not in_marks:  # printed without marks, as after a colon
        return [Piece(f"“{piece.text}”", True) if piece.said else piece for piece in pieces]
    whole = "".join(piece.text for piece in pieces)
    closing, opening = whole.find("”"), whole.find("“")
    if 0 <= closing < (opening if opening >= 0 else len(whole)) or (opened and opening < 0):
        pieces = [Piece("“", False), *pieces]
        whole = f"“{whole}"
    if _is_open(whole):
        pieces = [*pieces, Piece("”", False)]
    return pieces
