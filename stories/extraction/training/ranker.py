"""Trains the ranker: units with their candidates and the right ones in, the text of ``ranker.tsv`` out.

A conditional choice among candidates, in a fixed order: the same stories give the same file, byte for byte.
Standard library only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from operator import mul
from typing import NamedTuple

from stories.extraction.speakers.ranker import probabilities
from stories.extraction.training.lbfgs import minimise

PENALTY = 10.0
FEWEST_STORIES = 3  # a feature seen in fewer stories is left out
NEGLIGIBLE = 1e-5  # a pull this weak moves no weight
TINY = 1e-12


class Choice(NamedTuple):
    """One unit: the features of each candidate, and which candidates are right.

    ``denied``: all but one may be right, and which is not known. ``weight``: how many units it counts for.
    """

    story: str
    candidates: tuple[tuple[str, ...], ...]
    right: frozenset[int]
    denied: bool = False
    weight: float = 1.0


def _by_story(choices: Sequence[Choice]) -> Counter[str]:
    stories: dict[str, set[str]] = {}
    for choice in choices:
        stories.setdefault(choice.story, set()).update(n for c in choice.candidates for n in c)
    seen: Counter[str] = Counter()
    for names in stories.values():
        seen.update(names)
    return seen


def fit(choices: Sequence[Choice]) -> dict[str, float]:
    """Weights by feature: the likeliest, held to nought by ``PENALTY`` times half of their squares."""
    known = {
        name: i
        for i, name in enumerate(sorted(n for n, c in _by_story(choices).items() if c >= FEWEST_STORIES))
    }
    data = [
        (
            [[known[n] for n in c if n in known] for c in choice.candidates],
            sorted(choice.right),
            choice.weight,
        )
        for choice in choices
        if choice.right and len(choice.right) < len(choice.candidates)
    ]

    def loss(weights: Sequence[float]) -> tuple[float, list[float]]:
        value = PENALTY / 2 * sum(map(mul, weights, weights))
        slope = [PENALTY * weight for weight in weights]
        at = weights.__getitem__
        for candidates, right, weight in data:
            chances = probabilities([sum(map(at, c)) for c in candidates])
            mass = sum([chances[i] for i in right]) or TINY
            value -= weight * log(mass)
            for i in right:
                chances[i] -= chances[i] / mass
            for candidate, pull in zip(candidates, chances, strict=True):
                if pull > NEGLIGIBLE or pull < -NEGLIGIBLE:
                    pull *= weight
                    for j in candidate:
                        slope[j] += pull
        return value, slope

    found = minimise(loss, [0.0] * len(known))
    return {name: round(found[i], 3) for name, i in known.items() if abs(found[i]) >= 0.005}


def as_text(weights: Mapping[str, float]) -> str:
    """The weights file."""
    return "".join(f"{name}\t{weight:.3f}\n" for name, weight in sorted(weights.items()))
