"""Words that stand in offices: their head nouns, the words before them and the titles before a name."""

from __future__ import annotations

from stories.extraction.words import per_lists, rows

CALLED = frozenset("Mr Mrs Ms Miss Dr Sir Dame Lord Lady Baroness".split())
HEADS_OF_FIELDS = frozenset("minister secretary spokesman spokeswoman spokesperson commissioner".split())


@per_lists
def heads() -> dict[str, str]:
    """Head nouns of offices in lower case, with what they tell of a politician."""
    return {row[0].lower(): row[1] if len(row) > 1 else "" for row in rows("offices")}


@per_lists
def acronyms() -> frozenset[str]:
    """Offices that are printed in capitals (MP, PM), in lower case: "5 pm" is nobody's."""
    return frozenset(row[0].lower() for row in rows("offices") if row[0][:2].isupper())


def is_head(word: str) -> bool:
    """Whether a word as printed is the head noun of an office."""
    lower = word.lower()
    return lower in heads() and (lower not in acronyms() or word[:2].isupper())
