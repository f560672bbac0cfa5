"""Finds the subject of a reporting verb: of its sentence, of a participle, or behind "with"."""

from __future__ import annotations

from stories.extraction.quotations.clauses import NEXT_CUES
from stories.extraction.quotations.units import Cues
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.noun_phrases import DETERMINERS, PREPOSITIONS, before
from stories.extraction.text.office_words import heads
from stories.extraction.text.reporting_verbs import Cue
from stories.extraction.words import per_lists
from stories.extraction.words.lists import breaks, pronouns, role_words

LINKS = frozenset("of and the a an one another for his her".split())
JOINING = frozenset(("and", "but", "then"))  # what opens a sentence that goes on with the one before
LONGEST_OFFICE = 9


@per_lists
def _opening_words() -> frozenset[str]:
    """Words whose capital at a sentence's beginning is the sentence's, not a name's."""
    return DETERMINERS | PREPOSITIONS | breaks()


def main_subject(layout: Layout, cue: Cue, cues: Cues, low: int) -> tuple[int, int] | None:
    """The subject of the sentence a participle hangs on ("…, adding:")."""
    for earlier in cues.between(low, layout.starts[cue.first])[:NEXT_CUES]:
        if earlier.noun or earlier.word.form not in ("ed", "s"):
            continue
        subject = before(layout, earlier.first, low)
        if subject is not None:
            return subject
    return opening_subject(layout, low, layout.starts[cue.first])


def opening_subject(layout: Layout, low: int, high: int) -> tuple[int, int] | None:
    """The noun phrase that opens a sentence: up to the first verb-like break, names first."""
    i = layout.token_from(low)
    n = len(layout.tokens)
    jobs = heads()
    first = i
    while i < min(n, first + 8) and layout.starts[i] < high and not layout.tokens[i][0].isalnum():
        i += 1
    if i < n and layout.lower[i] in JOINING:
        i += 1
    if i >= n or layout.starts[i] >= high:
        return None
    if layout.lower[i] in pronouns():
        return (i, i)
    last_name = None
    k = i
    while k < n and layout.starts[k] < high and k - i < 10:
        token, word = layout.tokens[k], layout.lower[k]
        opens = k == i and (word in role_words() or word in _opening_words())
        if (capital(token) and not opens) or word in jobs:
            last_name = k
        elif word in role_words() or word in LINKS or token in ("'s", "’s"):
            pass
        else:
            break
        k += 1
    return (i, last_name) if last_name is not None else None


def with_whom(layout: Layout, cue: Cue, low: int) -> tuple[int, int] | None:
    """The named subject of a participle behind "with": "…, with the union leader Ann Lee saying"."""
    last = cue.first - 1
    jobs = heads()
    for i in range(last, max(0, last - LONGEST_OFFICE), -1):
        if layout.starts[i] < low:
            return None
        word, token = layout.lower[i], layout.tokens[i]
        if word == "with":
            return (i + 1, last) if last - i > 1 else None
        if not (
            capital(token) or (i < last and (word in jobs or word in role_words() or word in ("of", "for")))
        ):
            return None
    return None
