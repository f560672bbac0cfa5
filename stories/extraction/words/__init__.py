"""The word lists beside this file: one entry a line, ``#`` begins a comment, tabs divide columns.

What depends on a country and a time (``REPLACEABLE``) a newsroom may replace by lists of its own: ``extract``
takes a ``WordLists``. Whatever is made of such a list is made by a function under ``per_lists``, never by a
constant of a module: it is of the lists in use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from importlib.resources import files
from typing import Any, TypeVar

# Bodies and places that are no persons; who held which office when; offices; newspapers and broadcasters;
# parties; titles before a name.
REPLACEABLE = frozenset(("bodies", "places", "holders", "offices", "outlets", "parties", "titles"))

T = TypeVar("T")
Rows = tuple[tuple[str, ...], ...]


class WordLists:
    """The lists of the package, with a newsroom's own in place of some of them.

    ``own`` is name to content, in the form of the files beside this module. Raises ``ValueError`` for a name
    that is not in ``REPLACEABLE``, and for a list without entries other than "holders". Keep one object for
    all texts: what is made of the lists is kept with it.
    """

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self._own = {name: _parsed(content) for name, content in (own or {}).items()}
        unknown = sorted(self._own.keys() - REPLACEABLE)
        if unknown:
            raise ValueError(f"not replaceable: {', '.join(unknown)}; those that are: {sorted(REPLACEABLE)}")
        empty = sorted(name for name, found in self._own.items() if not found and name != "holders")
        if empty:
            raise ValueError(f"no entries: {', '.join(empty)}")
        self.made: dict[Callable[..., Any], Any] = {}

    def rows(self, name: str) -> Rows:
        """The columns of every line of the list ``name``."""
        return self._own[name] if name in self._own else _shipped(name)


_in_use: ContextVar[WordLists] = ContextVar("word_lists", default=WordLists())  # noqa: B039  of the package
in_use = _in_use.get  # asked for often: it is the method itself


@contextmanager
def using(lists: WordLists) -> Iterator[None]:
    """Read with ``lists`` inside the block, in this thread only."""
    token = _in_use.set(lists)
    try:
        yield
    finally:
        _in_use.reset(token)


def per_lists(make: Callable[[], T]) -> Callable[[], T]:
    """``functools.cache`` for what is made of word lists: once for each ``WordLists``."""

    @wraps(make)
    def made() -> T:
        known = in_use().made
        try:
            found: T = known[make]
        except KeyError:
            found = known[make] = make()
        return found

    return made


def per_lists_memo(size: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """``functools.lru_cache`` for a question about one phrase that word lists answer."""

    def decorated(answer: Callable[[str], T]) -> Callable[[str], T]:
        @wraps(answer)
        def asked(phrase: str) -> T:
            known = in_use().made
            try:
                memo = known[answer]
            except KeyError:
                memo = known[answer] = lru_cache(size)(answer)
            found: T = memo(phrase)
            return found

        return asked

    return decorated


def _parsed(content: str) -> Rows:
    lines = (line.split("#", 1)[0].rstrip() for line in content.splitlines())
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines if line)


@cache
def _shipped(name: str) -> Rows:
    return _parsed(files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8"))


def rows(name: str) -> Rows:
    """The columns of every line of the list ``name`` in use."""
    return _in_use.get().rows(name)


def words(name: str) -> frozenset[str]:
    """Every blank-separated word of the list ``name``, as printed there."""
    return frozenset(word for row in rows(name) for cell in row for word in cell.split())


def phrases(name: str) -> frozenset[str]:
    """The first column of the list ``name``, one phrase a line."""
    return frozenset(row[0] for row in rows(name))


def table(name: str) -> dict[str, str]:
    """First column to second of the list ``name``."""
    return {row[0]: row[1] for row in rows(name) if len(row) > 1}


def either(entries: Iterable[str], any_case: bool = False) -> str:
    """A pattern for any of ``entries``, the longest first.

    Those of one first letter stand together, so that a pattern that fits none is done at the first letter.
    """
    behind: dict[str, list[str]] = {}
    for entry in sorted(entries, key=len, reverse=True):
        behind.setdefault(entry[0], []).append(re.escape(entry[1:]))
    if any_case:
        return "|".join(f"[{a.upper()}{a.lower()}](?i:{'|'.join(rest)})" for a, rest in behind.items())
    return "|".join(f"{re.escape(a)}(?:{'|'.join(rest)})" for a, rest in behind.items())
