"""Fits the steps of ``calibration.tsv``: chances given on unseen stories against what was right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FEWEST = 60  # quotations behind one step
MOST_STEPS = 12


def steps(pairs: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(chance, share right) rising in both: equal-sized bins, then neighbours pooled that fall."""
    ordered = sorted(pairs)
    if not ordered:
        return []
    size = max(FEWEST, len(ordered) // MOST_STEPS)
    pools = [_pool(ordered[i : i + size]) for i in range(0, len(ordered), size)]
    if len(pools) > 1 and pools[-1][2] < FEWEST:
        last = pools.pop()
        pools[-1] = _join(pools[-1], last)
    out: list[tuple[float, float, int]] = []
    for pool in pools:
        out.append(pool)
        while len(out) > 1 and out[-1][1] <= out[-2][1]:
            last = out.pop()
            out[-1] = _join(out[-1], last)
    return [(chance, share) for chance, share, _ in out]


def _pool(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float, int]:
    """Mean chance, share right and number; one right and one wrong are added so that no share is certain."""
    right = sum(ok for _, ok in pairs)
    return sum(chance for chance, _ in pairs) / len(pairs), (right + 1) / (len(pairs) + 2), len(pairs)


def _join(one: tuple[float, float, int], other: tuple[float, float, int]) -> tuple[float, float, int]:
    total = one[2] + other[2]
    return (
        (one[0] * one[2] + other[0] * other[2]) / total,
        (one[1] * one[2] + other[1] * other[2]) / total,
        total,
    )


def as_text(by_kind: dict[str, list[tuple[float, float]]]) -> str:
    """The weights file."""
    return "".join(
        f"{kind}\t{chance:.4f}\t{share:.4f}\n" for kind in sorted(by_kind) for chance, share in by_kind[kind]
    )
