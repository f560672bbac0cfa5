"""The verbs and nouns that tell what a source did with words, from the word lists."""

from __future__ import annotations

from typing import NamedTuple

from stories.extraction.text.reporting_verbs import forms_of
from stories.extraction.types import Stance
from stories.extraction.words import per_lists, rows
from stories.extraction.words.lists import auxiliaries

# Verbs of the lexicon that do more than speech in most copy: they never carry words over to somebody else.
WEAK = frozenset(
    "read begin put go find show see hear learn know point continue rule speak talk note".split()
)
PRONOUNS = frozenset("he she they it i we you who which that".split())
FINITE = frozenset("that was were had has is are have would will could should did does".split())
LONGEST_VERB = 70  # characters of a verb as printed


class Sense(NamedTuple):
    """The stance, the verb as printed with its negation, and from whom words that are passed on come."""

    stance: Stance
    verb: str = ""
    quoted_from: str | None = None


class Entry(NamedTuple):
    """One row of the table: what follows the verb's first word, the stance, and the company it takes."""

    rest: tuple[str, ...]
    stance: Stance
    company: str
    form: str


@per_lists
def helping_words() -> frozenset[str]:
    """What may stand between a subject and its verb."""
    return auxiliaries() | {"cannot", "ca", "wo", "'s", "’s", "n’t", "having", "publicly", "simply"}


@per_lists
def table() -> dict[str, tuple[Entry, ...]]:
    """Every form of each verb's first word, with what must follow it; the longest first."""
    out: dict[str, list[Entry]] = {}
    for verb, stance, *more in rows("stances"):
        lemma, *rest = verb.split()
        company = more[0] if more else ""
        for form, word in forms_of(lemma, more[1] if len(more) > 1 else ""):
            out.setdefault(word, []).append(Entry(tuple(rest), stance, company, form))  # type: ignore[arg-type]
    return {word: tuple(sorted(entries, key=lambda e: -len(e.rest))) for word, entries in out.items()}
