"""Trains the ranker: units with their candidates and the right ones in, the text of ``ranker.tsv`` out.

A conditional choice among candidates, fitted by gradient steps with AdaGrad in a fixed order: the same
stories give the same file, byte for byte. Standard library only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from random import Random
from typing import NamedTuple

from stories.extraction.ranker import probabilities

ROUNDS = 8
RATE = 0.1
PENALTY = 1e-3  # pulls weights towards nought at every step
FEWEST_STORIES = 6  # a feature seen in fewer stories is left out


class Choice(NamedTuple):
    """One unit: the features of each candidate, and which candidates are right.

    ``denied``: all but one may be right, and which is not known.
    """

    story: str
    candidates: tuple[tuple[str, ...], ...]
    right: frozenset[int]
    denied: bool = False


def _by_story(choices: Sequence[Choice]) -> Counter[str]:
    stories: dict[str, set[str]] = {}
    for choice in choices:
        stories.setdefault(choice.story, set()).update(n for c in choice.candidates for n in c)
    seen: Counter[str] = Counter()
    for names in stories.values():
        seen.update(names)
    return seen


def fit(choices: Sequence[Choice], rounds: int = ROUNDS) -> dict[str, float]:
    """Weights by feature."""
    known = {
        name: i
        for i, name in enumerate(sorted(n for n, c in _by_story(choices).items() if c >= FEWEST_STORIES))
    }
    data = [
        ([[known[n] for n in c if n in known] for c in choice.candidates], choice.right)
        for choice in choices
        if choice.right and len(choice.right) < len(choice.candidates)
    ]
    weights = [0.0] * len(known)
    squares = [1e-6] * len(known)
    total = [0.0] * len(known)
    order = list(range(len(data)))
    shuffler = Random(7)  # noqa: S311  an order of examples, not a secret
    for turn in range(rounds):
        shuffler.shuffle(order)
        for k in order:
            candidates, right = data[k]
            chances = probabilities([sum([weights[i] for i in c]) for c in candidates])
            mass = sum(chances[i] for i in right) or 1e-12
            slopes: dict[int, float] = {}
            for i, candidate in enumerate(candidates):
                slope = chances[i] - (chances[i] / mass if i in right else 0.0)
                if abs(slope) > 1e-4:
                    for j in candidate:
                        slopes[j] = slopes.get(j, 0.0) + slope
            for j, slope in slopes.items():
                slope += PENALTY * weights[j] * len(data) ** 0.5
                squares[j] += slope * slope
                weights[j] -= RATE * slope / sqrt(squares[j])
        if turn >= rounds // 2:
            total = [a + b for a, b in zip(total, weights, strict=True)]
    share = rounds - rounds // 2
    return {name: round(total[i] / share, 3) for name, i in known.items() if abs(total[i] / share) >= 0.005}


def as_text(weights: dict[str, float]) -> str:
    """The weights file."""
    return "".join(f"{name}\t{weight:.3f}\n" for name, weight in sorted(weights.items()))
