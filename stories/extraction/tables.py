"""Dictionaries that make what is missing: what features are worth is added up once for each key."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

# A table that has grown beyond this is emptied before the next text: memory stays bounded.
TABLE_LIMIT = 30_000


class Table(dict[Any, Any]):
    """A dictionary that makes a missing entry from its key."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def __missing__(self, key: Hashable) -> Any:
        found = self[key] = self.make(key)
        return found


def trim(tables: Iterable[Table]) -> None:
    """Empty the tables that have grown too large."""
    for table in tables:
        if len(table) > TABLE_LIMIT:
            table.clear()
