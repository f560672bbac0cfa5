"""The names of the tagger's features. One family a function: what is seen at an item in, names out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from sys import intern

OFFSETS = range(-3, 4)
# How far off a word's traits are seen: itself, cue class, stem, suffix, form, cluster, part of the cluster.
SEEN_FROM = {"w": 3, "c": 3, "m": 1, "s": 2, "h": 2, "k": 3, "y": 2}
FORMS = ("x", "Xx", "XX", "d", "p", "q")  # what ``shape`` tells, and a passage
PAIRS = ("t-1", "t0", "t-2", "t1")  # two neighbouring words, by where they stand from the item
STEM = 5  # letters: enough to see "promise" in "promising"
NEAR = (0, 1, 2, 3, 4, 5, 5, 5, 8, 8, 8, 8, 8, 8, 14)
Beside = tuple[str, str, int]  # the nearest cue on one side: its class, whether in the sentence, marks


def part_names(trait: tuple[str, str]) -> Iterator[tuple[str, ...]]:
    """For each offset -3 … 3, the features one trait of a word gives to the item standing there."""
    family, trait_value = trait
    for offset in OFFSETS:
        seen = trait_value and abs(offset) <= SEEN_FROM[family]
        names = (f"{family}{-offset}={trait_value}",) if seen else ()
        yield (*names, "b") if family == "h" and offset == 0 else names


def pair_names(key: tuple[str, str]) -> list[tuple[str, ...]]:
    """Two neighbouring words, for each place of the item beside them."""
    words = f"{key[0]}|{key[1]}"
    return [(f"{family}={words}",) for family in PAIRS]


def parts_of(names: Iterable[str]) -> set[tuple[str, str]]:
    """The traits of words that features are named for, and every form, which has one without a name."""
    families = {f"{family}{offset}": family for family in SEEN_FROM for offset in OFFSETS}
    out = {("h", form) for form in FORMS}
    for name in names:
        family, _, trait_value = name.partition("=")
        if family in families:
            out.add((families[family], trait_value))
    return out


def pairs_of(names: Iterable[str]) -> set[tuple[str, str]]:
    """The pairs of words that features are named for, parted at every bar: a word may be one."""
    out: set[tuple[str, str]] = set()
    for name in names:
        family, _, words = name.partition("=")
        if family in PAIRS:
            bars = [at for at, letter in enumerate(words) if letter == "|"]
            out.update((intern(words[:at]), intern(words[at + 1 :])) for at in bars)
    return out


def trio_names(key: tuple[str, str, str]) -> tuple[str, ...]:
    """The signs of an item and of its two neighbours."""
    left, middle, right = key
    return (
        f"hh={left[1:]}|{middle[1:]}|{right[1:]}",
        f"ch={left[0]}|{middle[0]}|{right[1:]}",
        f"cc={left[0]}|{middle[0]}|{right[0]}",
    )


def place_names(key: tuple[int, int]) -> list[tuple[str, ...]]:
    """The place of each item in a sentence: from its beginning and end, and which sentence."""
    length, number = key
    alone = (f"alone={number}",) if length == 1 else ()
    return [
        (f"p={NEAR[min(place, 14)]}", f"r={min(length - place - 1, 4)}", f"n={number}", *alone)
        for place in range(length)
    ]


def between_names(key: tuple[Beside, Beside], sign: str) -> tuple[str, ...]:
    """The nearest cues on either side of an item, with its sign."""
    (last, here, marks), (following, there, gap) = key
    return f"bs={last}{here}{sign}", f"bk={last}{here}{marks}{sign}", f"as={following}{there}{gap}|{sign}"


def segment_names(first: str) -> list[tuple[str, ...]]:
    """The first word of a stretch between marks, by distance."""
    return [(f"g={first}{since}",) for since in range(4)]


def stop_word_names(stop: str) -> list[tuple[str, ...]]:
    """The next mark, by distance."""
    return [(f"e={stop}{until}",) for until in range(4)]


def cue_word_names(key: tuple[str, str, str]) -> tuple[str, ...]:
    """The word of a cue and its stem."""
    side, word, same = key
    return f"{side}c={word}{same}", f"{side}m={word[:STEM]}{same}"


def cue_distance_names(key: tuple[str, str, str]) -> list[tuple[str, ...]]:
    """The class of a cue, by distance."""
    side, cue, same = key
    return [(f"{side}d={cue}{same}{distance}",) for distance in NEAR]


def clause_names(word: str) -> list[tuple[str, ...]]:
    """A word that begins a clause, by distance."""
    return [(f"l={word}{distance}",) for distance in NEAR]


def passage_names(side: str, same: str) -> list[tuple[str, ...]]:
    """A passage between marks, by distance."""
    family = "lq" if side == "b" else "nq"
    return [(f"{family}={distance}{same}",) for distance in NEAR]
