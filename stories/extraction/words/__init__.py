"""The word lists beside this file: one entry a line, ``#`` begins a comment, tabs divide columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The columns of every line of the list ``name``."""
    content = files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.split("#", 1)[0].rstrip() for line in content.splitlines())
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines if line)


@cache
def words(name: str) -> frozenset[str]:
    """Every blank-separated word of the list ``name``, as printed there."""
    return frozenset(word for row in rows(name) for cell in row for word in cell.split())


@cache
def phrases(name: str) -> frozenset[str]:
    """The first column of the list ``name``, one phrase a line."""
    return frozenset(row[0] for row in rows(name))


@cache
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
