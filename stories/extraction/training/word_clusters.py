"""Clusters words by their neighbours ("senator", "governor"): what the tagger learns of a common word it then
knows of a rare one.

Each word goes to the cluster whose neighbours, before and behind, are most like its own, and again until
hardly one changes its cluster; every cluster is then parted once more in the same way. The method:
Dhillon, Mallela and Kumar, "A divisive information-theoretic feature clustering algorithm", 2003. Standard
library only, and in a fixed order: the same stories give the same clusters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from math import log

KINDS = 60
SORTS = 4  # of each kind
COMPANY = 500  # the commonest words: each is a neighbour of its own, all others are one
ROUNDS = 25
SETTLED = 0.002  # of the words; fewer that move are let go
EVEN = 50.0  # neighbours of the average word added to those of each kind
EDGE = "<edge>"  # of a sentence
OTHER = "<other>"  # a neighbour that is not common

Cells = list[tuple[int, int]]  # of one word: numbers of neighbours, each with how often it stands there


def clusters(sentences: Iterable[Sequence[str]], words: Collection[str]) -> dict[str, tuple[str, str]]:
    """The cluster of each word and the part of that cluster, from ``sentences`` in lower case."""
    company, counts = _company(sentences, words)
    ordered = sorted(company, key=lambda word: (-counts[word], word))
    neighbours = sorted({neighbour for own in company.values() for neighbour in own})
    number = {neighbour: i for i, neighbour in enumerate(neighbours)}
    cells = [sorted((number[neighbour], n) for neighbour, n in company[word].items()) for word in ordered]
    kinds = _settled(cells, KINDS, len(neighbours))
    out: dict[str, tuple[str, str]] = {}
    for kind in range(KINDS):
        mine = [i for i, other in enumerate(kinds) if other == kind]
        sorts = _settled([cells[i] for i in mine], SORTS, len(neighbours))
        out.update((ordered[i], (str(kind), f"{kind}.{sort}")) for i, sort in zip(mine, sorts, strict=True))
    return out


def _company(
    sentences: Iterable[Sequence[str]], words: Collection[str]
) -> tuple[dict[str, Counter[tuple[str, str]]], Counter[str]]:
    """Of each word its neighbours by side, and how often every word is used."""
    kept = [*sentences]
    counts = Counter(word for sentence in kept for word in sentence)
    common = {word for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:COMPANY]}
    common.add(EDGE)
    company: dict[str, Counter[tuple[str, str]]] = {word: Counter() for word in words if counts[word]}
    for sentence in kept:
        for left, right in pairwise([EDGE, *sentence, EDGE]):
            if right in company:
                company[right]["before", left if left in common else OTHER] += 1
            if left in company:
                company[left]["behind", right if right in common else OTHER] += 1
    return company, counts


def _settled(cells: Sequence[Cells], number: int, width: int) -> list[int]:
    """The kind of each of some words, given the commonest first: these are the kinds at the beginning."""
    kinds: list[int | None] = [i if i < number else None for i in range(len(cells))]
    closer: list[int] = []
    for _ in range(ROUNDS):
        closer = _closer(cells, kinds, number, width)
        moved = sum(new != old for new, old in zip(closer, kinds, strict=True))
        kinds = [*closer]
        if moved <= SETTLED * len(cells):
            break
    return closer


def _closer(cells: Sequence[Cells], kinds: Sequence[int | None], number: int, width: int) -> list[int]:
    """For each word the kind that its neighbours fit best."""
    usual = [0.0] * width
    for own in cells:
        for i, n in own:
            usual[i] += n
    share = EVEN / (sum(usual) or 1.0)
    sums = [[share * n for n in usual] for _ in range(number)]
    for own, kind in zip(cells, kinds, strict=True):
        if kind is not None:
            row = sums[kind]
            for i, n in own:
                row[i] += n
    whole = [log(sum(row) or 1.0) for row in sums]
    fits = [
        [log(row[i]) - size for row, size in zip(sums, whole, strict=True)] if usual[i] else []
        for i in range(width)
    ]
    return [_best(own, fits, number) for own in cells]


def _best(own: Cells, fits: Sequence[Sequence[float]], number: int) -> int:
    scores = [0.0] * number
    for i, n in own:
        scores = [score + n * fit for score, fit in zip(scores, fits[i], strict=True)]
    return scores.index(max(scores))
