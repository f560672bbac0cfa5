"""How two printed forms of the same words differ, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\S+")
_BARE = re.compile(r"[^\w]+")


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
    return [_bare(word) for word in _WORD.findall(text)]


def _bare(word: str) -> str:
    return _BARE.sub("", word.casefold()) or word
