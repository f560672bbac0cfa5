"""Calibrates the ranker's chances: of sources given 0.9, about nine in ten are right.

``weights/calibration.tsv`` has a line for each kind and step: kind, lowest chance, share that was right on
stories the weights had not seen. ``training/calibration.py`` makes it.
"""

from __future__ import annotations

from bisect import bisect_right

from stories.extraction.weights_io import per_weights, text

Steps = dict[str, tuple[list[float], list[float]]]


@per_weights
def shipped() -> Steps:
    """Kind to its steps: lowest chances in rising order, and the shares."""
    out: Steps = {}
    for row in text("calibration.tsv").splitlines():
        kind, low, share = row.split("\t")
        lows, shares = out.setdefault(kind, ([], []))
        lows.append(float(low))
        shares.append(float(share))
    return out


def agreed(kind: str) -> float:
    """The share of sources that are right where rules and tagger agree and the ranker is not asked."""
    steps = shipped().get(f"agreed {kind}")
    return steps[1][0] if steps is not None else 0.9


def calibrated(kind: str, chance: float) -> float:
    """The share of sources given ``chance`` that are right, drawn straight between the steps."""
    steps = shipped().get(kind)
    if steps is None:
        return chance
    lows, shares = steps
    k = bisect_right(lows, chance) - 1
    if k < 0:
        return shares[0] * chance / lows[0] if lows[0] else shares[0]
    if k + 1 == len(lows):
        return shares[k]
    part = (chance - lows[k]) / (lows[k + 1] - lows[k])
    return shares[k] + part * (shares[k + 1] - shares[k])
