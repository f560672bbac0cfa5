"""Names forgiven a typo. Pure: the names are handed in."""

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stories.search.words import words_of

SHORTEST = 4  # letters of a word that is forgiven anything
LONG = 7  # letters from which on two slips are forgiven


def slips_forgiven(word: str) -> int:
    """Return how many slips are forgiven in a word: none, one, or two in a long one."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < LONG else 2


def people_meant(
    typed: Sequence[str], names: Iterable[tuple[int, str]], *, most: int = 5
) -> tuple[list[int], dict[str, str]]:
    """Who may have been meant by `typed` (folded words), best first, and which word stands for which.

    `names`: (id, all the person's names in one string). A person is meant when their names hold every typed
    word that is somebody's name, or nearly; letters swapped count as one slip, and so does one too many, too
    few or wrong. Words that are nobody's name do not matter. The second answer has only words that differ.
    """
    holders: dict[str, set[int]] = {}
    for person, name in names:
        for word in words_of(name):
            holders.setdefault(word, set()).add(person)
    meant: list[set[int]] = []
    spelt: dict[str, str] = {}
    slips: dict[int, int] = {}
    for word in typed:
        if word in holders:
            meant.append(holders[word])
            continue
        near = nearest(word, list(holders))
        if near:
            meant.append({person for name in near for person in holders[name]})
            spelt[word] = near[0]
            for name in reversed(near):
                slips |= {person: OSA.distance(word, name) for person in holders[name]}
    if not spelt:
        return [], {}
    people = set.intersection(*meant)
    return sorted(people, key=lambda person: (slips.get(person, 0), person))[:most], spelt


def nearest(word: str, names: list[str]) -> list[str]:
    """The names within the slips that `word` is forgiven, nearest first."""
    allowed = slips_forgiven(word)
    if not allowed:
        return []
    near = process.extract(word, names, scorer=OSA.distance, score_cutoff=allowed, limit=20)
    return [name for name, _, _ in sorted(near, key=lambda found: (found[1], found[0][:1] != word[:1]))]
