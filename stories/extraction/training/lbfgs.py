"""Minimises a smooth function: limited-memory BFGS (Nocedal and Wright, "Numerical Optimization",
algorithm 7.4), with the step halved until the function falls enough. Standard library only, and in a fixed
order: the same function gives the same place, to the last bit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from operator import mul

MEMORY = 8  # past steps that shape the next
ROUNDS = 80
ENOUGH = 1e-5  # stop when a round lowers the function by less than this share of it
FALL = 1e-4  # of what the slope promises a step must lower the function by at least this share
HALVINGS = 20

Function = Callable[[Sequence[float]], tuple[float, list[float]]]  # a place to the value there and its slope
Past = deque[tuple[list[float], list[float], float]]


def minimise(function: Function, start: Sequence[float]) -> list[float]:
    """The place near ``start`` where ``function`` is least."""
    here = list(start)
    value, slope = function(here)
    past: Past = deque(maxlen=MEMORY)
    for _ in range(ROUNDS):
        way = _way(slope, past)
        promised = _dot(slope, way)
        step = 1.0 if past else min(1.0, 1.0 / (sum(map(abs, slope)) or 1.0))
        for _ in range(HALVINGS):
            there = [x + step * d for x, d in zip(here, way, strict=True)]
            lower, slope_there = function(there)
            if lower <= value + FALL * step * promised:
                break
            step /= 2
        else:
            return here
        moved = [step * d for d in way]
        turned = [a - b for a, b in zip(slope_there, slope, strict=True)]
        bend = _dot(moved, turned)
        if bend > 0:
            past.append((moved, turned, 1 / bend))
        done = value - lower <= ENOUGH * abs(value)
        here, value, slope = there, lower, slope_there
        if done:
            break
    return here


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    total: float = sum(map(mul, one, other))
    return total


def _way(slope: Sequence[float], past: Past) -> list[float]:
    """The direction to go: down the slope, bent by what past steps tell of its curvature."""
    way = [-s for s in slope]
    shares = []
    for moved, turned, weight in reversed(past):
        share = weight * _dot(moved, way)
        shares.append(share)
        way = [w - share * t for w, t in zip(way, turned, strict=True)]
    if past:
        moved, turned, weight = past[-1]
        scale = 1 / (weight * _dot(turned, turned))
        way = [scale * w for w in way]
    for (moved, turned, weight), share in zip(past, reversed(shares), strict=True):
        back = share - weight * _dot(turned, way)
        way = [w + back * m for w, m in zip(way, moved, strict=True)]
    return way
