"""Dictionaries for sums of weights: a memo, which computes a missing entry, and one with a default."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import repeat
from typing import Any

# A table that has grown beyond this is emptied before the next text: memory stays bounded.
TABLE_LIMIT = 30_000


class MemoTable(dict[Any, Any]):
    """A memo: a missing entry is made from its key by ``make`` and kept."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def __missing__(self, key: Hashable) -> Any:
        found = self[key] = self.make(key)
        return found

    def of(self, keys: Iterable[Any]) -> Iterator[Any]:
        """The entries of several keys."""
        return map(self.__getitem__, keys)


class DefaultTable(dict[Any, Any]):
    """A dictionary with one default for every missing key, which it does not store."""

    __slots__ = ("nothing",)

    def __init__(self, entries: Iterable[tuple[Any, Any]], nothing: Any) -> None:
        super().__init__(entries)
        self.nothing = nothing

    def of(self, keys: Iterable[Any]) -> Iterator[Any]:
        """The entries of several keys."""
        return map(self.get, keys, repeat(self.nothing))


def empty_large(tables: Iterable[MemoTable]) -> None:
    """Empty the tables that have grown too large."""
    for table in tables:
        if len(table) > TABLE_LIMIT:
            table.clear()
