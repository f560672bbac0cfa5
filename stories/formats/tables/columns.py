"""What a table of the public record is: its columns, and a row's values as CSV and as JSON.

The rows are made by the modules beside this one, from few queries for many rows each.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

Row = tuple[Any, ...]
# First characters that make a spreadsheet program run a cell as a formula
# (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
RISKY = frozenset((*FORMULA, " "))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the kind of its values, and what they say.

    `kind` is "integer", "string", "boolean", "date", "datetime", "strings", "integers" or "spans" (pairs of
    numbers); `between` parts the values of the last three in CSV. A value may be missing if `may_lack`.
    """

    name: str
    kind: str
    says: str
    may_lack: bool = False
    between: str = "; "


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `keys` are the primary keys of what its rows are made of, `rows` makes those of some keys.

    Both take the alias of the connection last. The first column numbers the rows if `numbered`; `links` are
    the columns that hold numbers of another table, with its name.
    """

    name: str
    title: str
    says: str
    columns: tuple[Column, ...]
    keys: Callable[[str], QuerySet[Any, int]]
    rows: Callable[[Sequence[int], str], Iterator[Row]]
    numbered: bool = True
    links: tuple[tuple[str, str], ...] = ()
    at_once: int = 500  # keys, and so rows held in memory

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def cells(self, row: Row) -> list[Any]:
        """Return a row as cells for the csv module, which writes numbers and what is missing by itself."""
        return [
            (value if value[:1] not in RISKY else safe(value))
            if type(value) is str
            else value
            if value is None or type(value) is int
            else _cell(value, column)
            for value, column in zip(row, self.columns, strict=True)
        ]

    def as_json(self, row: Row) -> str:
        """Return a row as a line of JSON."""
        return json.dumps(dict(zip(self.names, row, strict=True)), ensure_ascii=False, default=str)


def _cell(value: bool | list[Any], column: Column) -> str:
    """Return a list, or whether something is so, as text."""
    if value is True or value is False:
        return "yes" if value else "no"
    if column.kind == "spans":
        return column.between.join(f"{start}-{end}" for start, end in value)
    return safe(column.between.join(map(str, value)))


def safe(cell: str) -> str:
    """Return the cell, with an apostrophe in front if a spreadsheet program would run it as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def batched(numbers: Iterable[int], many: int) -> Iterator[list[int]]:
    """Yield the numbers in lists of so many."""
    left = iter(numbers)
    while some := list(islice(left, many)):
        yield some


def in_utc(when: datetime.datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC, to the second."""
    return f"{when.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}" if when else None


def day(when: datetime.date | None) -> str | None:
    """Return a day as ISO 8601."""
    return when.isoformat() if when else None


@cache
def _parted(site: str, name: str, mark: Any) -> tuple[str, str]:
    before, _, after = reverse(f"stories:{name}", args=[mark]).partition(str(mark))
    return site + before, after


def addresses(name: str) -> tuple[str, str]:
    """Return what stands before and after the slug in the absolute address of a page, for many of them."""
    return _parted(settings.SITE_URL, name, "the-slug")
