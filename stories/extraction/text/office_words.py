"""Words that stand in offices: their head nouns, the words before them and the titles before a name."""

from __future__ import annotations

from stories.extraction.words import per_lists, rows

CALLED = frozenset("Mr Mrs Ms Miss Dr Sir Dame Lord Lady Baroness".split())
HEADS_OF_FIELDS = frozenset("minister secretary spokesman spokeswoman spokesperson commissioner".split())


@per_lists
def heads() -> dict[str, str]:
    """Head nouns of offices in lower case, with what they tell of a politician."""
    return {row[0].lower(): row[1] if len(row) > 1 else "" for row in rows("offices")}
