"""Reads political copy: who is quoted saying what, about whom, to which outlet. Imports nothing of Django.

    from stories.extraction import extract
    extract("“The wall is safe,” said Ann Lee.").quotations

The rooms, from the ground up; each imports only from those before it (``test_rooms.py``)::

    words/        word lists, which a newsroom may replace or add to
    text/         layout, quotation marks, reporting verbs, noun phrases
    people/       mentions, persons, offices and their holders
    tagging/      the sequence tagger (CRF), with a plain reference beside it
    quotations/   which words are quotations: spans, kinds, nested speech, addressee
    stance/       said, denied, asked, hoped, quoted from somebody else
    coreference/  which person a phrase means: steps, and the state they read
    speakers/     whose words: candidates, rules (one a file), ranker, confidence
    evaluation/   figures against marked stories; explanations      training/  makes the weight files

``pipeline.read`` runs them. To add a rule, see ``speakers/rules``; a case,
``tests/extraction/cases/README.md``.
"""

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
    ``lists`` are a newsroom's own word lists in place of those that come with the package, or added to them:
    offices and who holds them, parties, outlets, verbs of saying and so on. Offsets are characters of
    ``text``. Raises nothing for any string. Work grows linearly with ``len(text)``.
    """
    from stories.extraction.pipeline import read

    with using(lists):
        return read(text, roster, written)
