"""Reads political copy: who is quoted saying what, about whom, to which outlet. Imports nothing of Django."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stories.extraction.types import Candidate, Extraction, KnownPerson, Person, Quotation, Role, Span
from stories.extraction.words import WordLists, using

__all__ = [
    "Candidate",
    "Extraction",
    "KnownPerson",
    "Person",
    "Quotation",
    "Role",
    "Span",
    "WordLists",
    "extract",
]


def extract(
    text: str,
    roster: Sequence[KnownPerson] = (),
    written: date | None = None,
    lists: WordLists | None = None,
) -> Extraction:
    """Find the quotations and people in ``text``; ``roster`` sharpens names and is never needed.

    ``written`` is the day of the copy: offices the roster's people did not hold on it count for nothing.
    ``lists`` are a newsroom's own offices, office holders, parties, outlets, titles, bodies and places, in
    place of those that come with the package. Offsets are characters of ``text``. Raises nothing for any
    string. Work grows linearly with ``len(text)``.
    """
    from stories.extraction.pipeline import read

    if lists is None:
        return read(text, roster, written)
    with using(lists):
        return read(text, roster, written)
