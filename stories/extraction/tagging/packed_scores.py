"""Adds up the feature weights of a text, all labels of all items at once, in one big integer.

The trick is SIMD within a register (SWAR) with Python's integers as registers: the scores of an item's labels
are written side by side as fields of ``BITS`` bits, the items of a text behind each other. One addition of
two such integers adds every label of every item; a text takes as many additions as there are kinds of
features, not features times labels. A field holds a score plus ``ZERO``; sums stay far from its ends (a test
proves it of the shipped weights), so that no field overflows into the next. A weight below 0 does borrow:
from the next field of its own item, which the sum gives back, and from one field more above the labels
(``BORROW_GUARD``).

A *run* holds the values of neighbouring items, ``width`` elements to an item, and is repeated, sliced and
joined like any sequence; a column is a run as long as the text. ``PackedSums`` lays out weights so, for
reading; ``NamedSums`` keeps the names of features apart instead, for training and for ``reference.py``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from stories.extraction.tagging.crf import BITS, WIDTH, ZERO

# A field of 16 bits has room for sums up to 327 either way, and none reaches 100. An item has a field for
# each label and one above them, counted up with every value: a sum below 0 borrows from its own item only.
BORROW_GUARD = 1 << BITS * WIDTH
BYTES = BITS // 8 * (WIDTH + 1)


class NamedSums:
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


class PackedSums:
    """Values are whole numbers with ``BITS`` bits for each label; every sum begins with ``biases``."""

    width = BYTES

    def __init__(self, biases: Iterable[int]) -> None:
        number = sum((ZERO + bias) << BITS * lane for lane, bias in enumerate(biases))
        self.biases = number.to_bytes(BYTES, "little")

    def run(self, values: Iterable[int], offsets: Sequence[int] = ()) -> Any:
        """Values of neighbours, or of the items ``offsets`` away from one: those are put in order."""
        if offsets:
            values = [value for _, value in sorted(zip(offsets, values, strict=True))]
        return b"".join([(BORROW_GUARD + value).to_bytes(BYTES, "little") for value in values])

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
        """The columns of ``size`` items added up, each label's sum begun with ``ZERO`` and its own bias."""
        number = sum([int.from_bytes(column, "little") for column in columns])
        return (number + int.from_bytes(self.biases * size, "little")).to_bytes(size * BYTES, "little")


def unpacked(total: bytes) -> tuple[int, ...]:
    """The sums of ``PackedSums``, ``WIDTH`` to an item: how well each label fits each item by itself.

    They are hundredths of a logarithm, counted from ``ZERO``, and the label's own bias added.
    """
    return struct.unpack("<" + f"{WIDTH}H{BITS // 8}x" * (len(total) // BYTES), total)
