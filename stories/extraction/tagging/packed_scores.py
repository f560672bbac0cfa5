"""How the values of a text's features are laid side by side and added up, item by item.

A *run* holds the values of neighbouring items and is repeated, sliced and joined as any sequence is, by
``width`` to an item; a column is a run as long as the text. ``Named`` keeps the names of features apart, for
training. ``Packed`` writes weights, all labels of an item into one stretch of bytes, and takes a whole column
for one whole number: a text's columns are added up in as many additions as there are columns.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from stories.extraction.tagging.crf import LANE, LEVEL, WIDTH

# Each label has LANE bits: room for sums up to 327, and none reaches 100.
# An item has a lane for each label and one above them, which is counted up with every value: a sum
# that is less than nought thus borrows from its own item only.
GUARD = 1 << LANE * WIDTH
BYTES = LANE // 8 * (WIDTH + 1)


class Named:
    """Values are tuples of names."""

    width = 1

    def run(self, values: Iterable[Any], offsets: Sequence[int] = ()) -> Any:
        """Values of neighbours, or of the items ``offsets`` away from one."""
        return tuple(values)

    def join(self, runs: Iterable[Any]) -> Any:
        """One run behind the other."""
        return tuple(chain.from_iterable(runs))

    def together(self, runs: Iterable[Any]) -> Any:
        """Runs of one length added up."""
        return tuple(sum(values, ()) for values in zip(*runs, strict=True))

    def spread(self, runs: Sequence[Any], offsets: Sequence[int]) -> Iterator[Any]:
        """Columns of what each item's run has for the items ``offsets`` away from it."""
        for k, offset in enumerate(offsets):
            column = tuple(run[k] for run in runs)
            missing = ((),) * abs(offset)
            yield (missing + column)[: len(runs)] if offset > 0 else (column + missing)[-len(runs) :]

    def total(self, columns: Iterable[Any], size: int) -> Any:
        """The columns of ``size`` items added up."""
        return [sum(values, ()) for values in zip(*columns, strict=True)]


class Packed:
    """Values are whole numbers with ``LANE`` bits for each label; every sum begins with ``levels``."""

    width = BYTES

    def __init__(self, levels: Iterable[int]) -> None:
        number = sum((LEVEL + level) << LANE * lane for lane, level in enumerate(levels))
        self.levels = number.to_bytes(BYTES, "little")

    def run(self, values: Iterable[int], offsets: Sequence[int] = ()) -> Any:
        """Values of neighbours, or of the items ``offsets`` away from one: those are put in order."""
        if offsets:
            values = [value for _, value in sorted(zip(offsets, values, strict=True))]
        return b"".join([(GUARD + value).to_bytes(BYTES, "little") for value in values])

    def join(self, runs: Iterable[Any]) -> Any:
        """One run behind the other."""
        return b"".join(runs)

    def together(self, runs: Iterable[Any]) -> Any:
        """Runs of one length added up."""
        first, *others = runs
        number = sum([int.from_bytes(run, "little") for run in others], int.from_bytes(first, "little"))
        return number.to_bytes(len(first), "little")

    def spread(self, runs: Sequence[Any], offsets: Sequence[int]) -> Iterator[Any]:
        """Columns of what each item's run has for the items ``offsets`` away from it, which lie side by side.

        The runs of items as far apart as a run is long do not overlap: they make a column together.
        """
        end = len(runs) * BYTES
        for first in range(len(offsets)):
            missing = (first + min(offsets)) * BYTES
            column = b"".join(runs[first :: len(offsets)])
            yield (bytes(missing) + column)[:end] if missing > 0 else column[-missing : end - missing]

    def total(self, columns: Iterable[Any], size: int) -> Any:
        """The columns of ``size`` items added up, each label's sum begun with ``LEVEL`` and its own level."""
        number = sum([int.from_bytes(column, "little") for column in columns])
        return (number + int.from_bytes(self.levels * size, "little")).to_bytes(size * BYTES, "little")


def unpacked(total: bytes) -> tuple[int, ...]:
    """The sums of ``Packed``, ``WIDTH`` to an item: how well each label fits each item by itself.

    They are hundredths of a logarithm, counted from ``LEVEL``, and the label's own level added.
    """
    return struct.unpack("<" + f"{WIDTH}H{LANE // 8}x" * (len(total) // BYTES), total)
