"""The tagger in plain loops: the specification of ``crf.py`` and ``packed_scores.py``, used by tests alone.

A linear-chain conditional random field. For a paragraph of n items and labels y, a path weighs

    exp( sum over items i of score(i, y[i])  +  sum over i > 0 of transition(y[i - 1], y[i]) )

where score(i, y) adds up the weights of the features seen at item i for label y. A transition without a
weight cannot happen, and no paragraph begins with a label that goes on (I). The probability of a label at an
item is the weight of all paths through it, as a share of all paths; the best path is the heaviest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, inf
from typing import NamedTuple

from stories.extraction.tagging.crf import LABELS, SCALE, SURE, SURE_OF, TRANSITION_LABELS, UNLIKELY

Scores = list[list[int]]  # by item and label, in hundredths of a logarithm


class Weights(NamedTuple):
    """The weights of a model in hundredths of a logarithm: by feature and label, and by label to label."""

    features: Mapping[str, Mapping[int, int]]
    transitions: Mapping[tuple[int, int], int]


def weights(rows: str) -> Weights:
    """The weights of a model's file, the text that ``training.tagger.train`` makes."""
    features: dict[str, dict[int, int]] = {}
    transitions = {(LABELS.index(a), LABELS.index(b)): 0 for a, b in TRANSITION_LABELS}
    for row in rows.splitlines():
        kind, name, *cells = row.split("\t")
        if kind == "move":
            transitions[LABELS.index(name), LABELS.index(cells[0])] = round(float(cells[1]) * SCALE)
        elif kind == "weight":
            pairs = (cell.split(" ") for cell in cells)
            features[name] = {LABELS.index(label): round(float(weight) * SCALE) for label, weight in pairs}
    return Weights(features, transitions)


def scores(seen: Sequence[Sequence[str]], model: Weights) -> Scores:
    """How well each label fits each item by itself; ``seen`` holds the names of the item's features."""
    out = []
    for names in seen:
        row = [0] * len(LABELS)
        for name in names:
            for label, weight in model.features.get(name, {}).items():
                row[label] += weight
        out.append(row)
    return out


def probabilities(found: Scores, model: Weights) -> list[list[float]]:
    """For each item the probability of every label: forward–backward, every item rescaled."""
    ahead: list[list[float]] = []
    for i, row in enumerate(found):
        ways = [
            exp(row[label] / SCALE) * (_begins(label) if i == 0 else _into(ahead[-1], label, model))
            for label in range(len(LABELS))
        ]
        ahead.append(_shares(ways))
    behind = [[1.0] * len(LABELS)]
    for row in reversed(found[1:]):
        ways = [exp(row[label] / SCALE) * behind[-1][label] for label in range(len(LABELS))]
        behind.append(_shares([_out_of(ways, label, model) for label in range(len(LABELS))]))
    behind.reverse()
    return [_shares([a * b for a, b in zip(*both, strict=True)]) for both in zip(ahead, behind, strict=True)]


def plausible_labels(chances: Sequence[Sequence[float]]) -> list[list[int]]:
    """For each item the one label of ``SURE_OF`` that it is sure of, else all that are not unlikely."""
    out = []
    for row in chances:
        sure = [label for label, chance in enumerate(row) if chance >= SURE and LABELS[label] in SURE_OF]
        out.append(sure or [label for label, chance in enumerate(row) if chance >= UNLIKELY])
    return out


def best_path_score(found: Scores, labels: Sequence[Sequence[int]], model: Weights) -> float:
    """The score of the heaviest path among the labels given for each item (Viterbi)."""
    best: dict[int, float] = {}
    for i, (row, allowed) in enumerate(zip(found, labels, strict=True)):
        best = {
            label: row[label]
            + (
                (0 if _begins(label) else -inf)
                if i == 0
                else max(before + model.transitions.get((last, label), -inf) for last, before in best.items())
            )
            for label in allowed
        }
    return max(best.values())


def path_score(found: Scores, path: Sequence[int], model: Weights) -> float:
    """The score of one path; minus infinity when it cannot be."""
    out: float = 0 if _begins(path[0]) else -inf
    for i, label in enumerate(path):
        out += found[i][label]
        if i:
            out += model.transitions.get((path[i - 1], label), -inf)
    return out


def _begins(label: int) -> float:
    """1 for labels that may be a paragraph's first, 0 for the others."""
    return 0.0 if LABELS[label][0] == "I" else 1.0


def _factor(last: int, label: int, model: Weights) -> float:
    weight = model.transitions.get((last, label))
    return 0.0 if weight is None else exp(weight / SCALE)


def _into(shares: Sequence[float], label: int, model: Weights) -> float:
    return sum(share * _factor(last, label, model) for last, share in enumerate(shares))


def _out_of(ways: Sequence[float], last: int, model: Weights) -> float:
    return sum(way * _factor(last, label, model) for label, way in enumerate(ways))


def _shares(ways: Sequence[float]) -> list[float]:
    """Weights as shares of their sum."""
    total = sum(ways)
    return [way / total for way in ways]
