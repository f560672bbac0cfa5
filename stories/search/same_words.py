"""Groups of words that mean the same: “tory” finds what says “Conservative”. Pure: no Django.

The trade's own stand in `words/same_words.txt`; the desk's are handed in. A group of the desk takes the place
of every shipped one that shares a word with it: alone, a word has no others.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

from stories.search.words import words_of

Words = tuple[str, ...]
MOST_OTHERS = 8  # in the place of one word


class SameWords:
    """What may stand in the place of words: groups of words or of several words in a row."""

    def __init__(self, groups: Iterable[Iterable[Words]]) -> None:
        self.group_of: dict[Words, tuple[Words, ...]] = {}
        for group in groups:
            members = tuple(dict.fromkeys(filter(None, group)))
            for member in members:
                others = tuple(other for other in members if other != member)
                self.group_of[member] = (*self.group_of.get(member, ()), *others)[:MOST_OTHERS]
        self.longest = max(map(len, self.group_of), default=0)

    def at_the_start(self, words: Sequence[str]) -> tuple[Words, tuple[Words, ...]]:
        """Return the most words, from the first on, that have others in their place, and these others."""
        for length in range(min(self.longest, len(words)), 0, -1):
            typed = tuple(words[:length])
            one = (*typed[:-1], singular(typed[-1]))
            if others := self.group_of.get(typed) or self.group_of.get(one):
                return typed, tuple(other for other in others if not holds(other, typed))
        return tuple(words[:1]), ()


def singular(word: str) -> str:
    """Return a word without the s of its plural; only for comparing."""
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


def holds(words: Words, others: Words) -> bool:
    """Whether some words stand within others: whoever finds the fewer finds the more as well."""
    return any(words[at : at + len(others)] == others for at in range(len(words) - len(others) + 1))


@lru_cache(maxsize=4)
def same_words(desk: tuple[str, ...] = ()) -> SameWords:
    """Return the shipped groups with the desk's, each a line of words with commas between."""
    theirs = [_members(line) for line in desk]
    taken = {member for group in theirs for member in group}
    shipped = [group for group in _shipped() if taken.isdisjoint(group)]
    return SameWords([*shipped, *theirs])


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[Words, ...], ...]:
    content = files("stories.search").joinpath("words", "same_words.txt").read_text(encoding="utf-8")
    return tuple(_members(line) for line in content.splitlines() if line.strip() and not line.startswith("#"))


def _members(line: str) -> tuple[Words, ...]:
    return tuple(filter(None, map(words_of, line.split(","))))
