"""An office as its holder's own: without the neighbour's, another's name, or a clause caught with it.

Copy sets names and offices side by side, and what is printed before or behind a name may reach into the
next person's: "Prime Minister Ann Lee and ports minister Bo Roe", "spokesman for ports minister Ann Lee".
"""

from __future__ import annotations

import re
from collections.abc import Collection

from stories.extraction.people.offices import head_of
from stories.extraction.text.letters import capital
from stories.extraction.text.office_words import is_head
from stories.extraction.text.reporting_verbs import lexicon
from stories.extraction.words.lists import not_names, pronouns

JOINS = re.compile(r"^(?:['’]s?\b)?[\s,]*(?:(?:and|&|with|as|or)\b[\s,]*)?")
HANGS = re.compile(r"(?:[\s,(]+(?:for|of|to|with|and|from|by|on|in|at|whereas|while|the|then|new))*\s*$")
SERVES = re.compile(r"(?P<own>[^,]+?) (?:of|for|to) ")  # "wife of Labour MP"
CLAUSE = frozenset(
    "is are was were be been has have had will would can could may might must shall should did does do who "
    "which after before when while whereas whose because although though how why if unless until".split()
)


def own_office(role: str, names: Collection[str]) -> str:
    """The part of a printed office that is its holder's; "" when nothing is left that is an office.

    ``names`` are the full names of the text: none stays in an office.
    """
    for name in names:
        if name in role:
            role = _without(role, name)
    words = role.split()
    bad = [k for k, word in enumerate(words) if _of_clause(words, k)]
    if bad:
        role = _clean_side(words, bad)
    if " and " in role:
        role = _without_neighbour(role)
    return role


def _without(role: str, name: str) -> str:
    """What stands behind another's name, if that is an office, else what stands before it."""
    before, _, behind = role.partition(name)
    behind = JOINS.sub("", behind)
    if head_of(behind) is not None:
        return behind
    serving = SERVES.match(before)
    before = serving.group("own") if serving is not None else HANGS.sub("", before)
    return before if head_of(before) is not None and not before.endswith(("'s", "’s")) else ""


def _of_clause(words: list[str], k: int) -> bool:
    """Whether a word shows that a clause was caught: a verb with its subject, a conjunction, a pronoun."""
    word = words[k].strip(",’'‘“”\"")
    if word in CLAUSE or (word in pronouns() and word not in ("his", "her", "its", "their", "it")):
        return True
    if word == "to" and k and k + 1 < len(words) and is_head(words[k - 1]):
        return words[k + 1] in lexicon() or words[k + 1] in CLAUSE
    return False


def _clean_side(words: list[str], bad: list[int]) -> str:
    """The words behind the last of a clause, if they make an office, else those before its first."""
    behind = " ".join(words[bad[-1] + 1 :])
    if head_of(behind) is not None and is_head(words[-1]):
        return behind
    before = HANGS.sub("", " ".join(words[: bad[0]]))
    return before if head_of(before) is not None else ""


def _without_neighbour(role: str) -> str:
    """What follows "and" if a neighbour's office and surname stand before it: "President Roe and premier"."""
    before, _, behind = role.rpartition(" and ")
    words = before.split()
    if head_of(behind) is None or not words or not capital(words[-1]) or words[-1] in not_names():
        return role
    heads = [k for k, word in enumerate(words) if is_head(word)]
    named = bool(heads) and heads[-1] < len(words) - 1 and all(map(capital, words[heads[-1] + 1 :]))
    titled = len(words) > 1 and words[-2] in ("Mr", "Mrs", "Ms", "Dr", "Sir", "Lord", "Lady")
    return behind if named or titled else role
