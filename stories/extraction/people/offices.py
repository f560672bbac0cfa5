"""Offices: the head noun of a phrase, the party it names, and whether its holder is a politician."""

from __future__ import annotations

import re

from stories.extraction.text.letters import capital
from stories.extraction.text.office_words import heads, is_head
from stories.extraction.words import per_lists, per_lists_memo
from stories.extraction.words.lists import auxiliaries, breaks, parties, role_words

SMALL = frozenset(("for", "of", "and", "to", "on", "the", "&"))
ARTICLES = frozenset(
    ("the", "a", "an", "his", "her", "their", "its", "our", "my", "one", "another", "fellow")
)
DEPARTMENT = re.compile(
    r"\b(?:shadow|home|foreign|health|education|transport|trade|defence|defense|environment|work|pensions|culture|"
    r"northern ireland|scottish|welsh|justice|energy|business|treasury|cabinet|development|of state|"
    r"social security|"
    r"housing|communities|commonwealth|chief|economic|financial|parliamentary|international|industry|skills)\b",
    re.I,
)


@per_lists
def _party_pattern() -> re.Pattern[str]:
    return re.compile(r"\b(" + "|".join(sorted(map(re.escape, parties()), key=len, reverse=True)) + r")\b")


HANGING = re.compile(r"\b(?:of|for|at|in|from|to|with|on)\b")
WORD = re.compile(r"[\w’'-]+")
ASKED = 4096  # phrases whose answer is remembered: a story asks of the same few again and again


@per_lists_memo(ASKED)
def head_of(phrase: str) -> str | None:
    """The head noun of an office in ``phrase``: the last before "of", "for" or "at"; ``None`` when none."""
    front = HANGING.split(phrase, maxsplit=1)[0]
    for part in (front, phrase):
        for word in reversed(WORD.findall(part)):
            if is_head(word):
                lower: str = word.lower()
                return lower
    return None


@per_lists_memo(ASKED)
def party_of(phrase: str) -> str | None:
    """The party a phrase names first."""
    match = _party_pattern().search(phrase)
    return parties()[match.group(1)] if match else None


@per_lists_memo(ASKED)
def is_political(phrase: str) -> bool | None:
    """Whether the office makes its holder a politician; ``None`` when the phrase names no office."""
    if " and " in phrase:
        parts = phrase.split(" and ")
        if all(head_of(part) is not None for part in parts):
            return any(is_political(part) for part in parts)
    head = head_of(phrase)
    if head is None:
        low = phrase.lower()
        return True if "shadow cabinet" in low or low == "cabinet" else None
    kind = heads()[head]
    if kind == "pol":
        return True
    low = phrase.lower()
    if kind == "polparty" and _party_pattern().match(phrase):
        return True
    if LAW_OFFICERS.search(low):
        return True
    if UNIONS.search(phrase) and not _of_party_group(phrase):
        return False
    if kind == "sec":
        return head == "secretary" and DEPARTMENT.search(low) is not None and "press secretary" not in low
    if kind == "polparty":
        return _party_office(phrase, low, head)
    return False


def _party_office(phrase: str, low: str, head: str) -> bool | None:
    """Whether an office that anybody may hold (leader, chairman, spokesman) is a politician's here."""
    if party_of(phrase) is not None:
        return not low.startswith("a ")
    if PUBLIC_BODY.search(low):
        return True
    if head in ("spokesman", "spokeswoman", "spokesperson"):
        return True if DEPARTMENT.search(low) or "affairs" in low else None
    if head == "leader":
        return (
            True
            if phrase.split(head)[0].strip()[:1].isupper() or low in ("leader", "deputy leader", "its leader")
            else None
        )
    if head in ("president", "candidate", "nominee", "speaker", "treasurer"):
        return True if " of " not in low or head == "candidate" else None
    return None if head == "chief" else False


def _of_party_group(phrase: str) -> bool:
    """Whether what looks like a body outside politics is a party or its group: "NDP leader"."""
    party = _party_pattern().search(phrase)
    return party is not None and UNIONS.search(GROUP.sub("", phrase.replace(party.group(), ""))) is None


GROUP = re.compile(r"\b(?:group|campaign)\b")
LAW_OFFICERS = re.compile(
    r"\b(?:counsel general|(?:attorney|solicitor|advocate)[ -]general|lord advocate|presiding officer)\b"
)
UNIONS = re.compile(
    r"\b(?:union|unions|TUC|CBI|Association|Society|Federation|University|College|football|club|Bar "
    r"Council|charity|"
    r"company|group|campaign|trust|institute|chambers|hospital|church)\b|\b[A-Z]{3,}\b(?<!BNP)(?<!SNP)(?<!DUP)(?<!UUP)"
    r"(?<!GOP)(?<!UKIP)(?<!SDLP)(?<!MEP)(?<!MSP)"
)
PUBLIC_BODY = re.compile(
    r"\b(?:party|commons|opposition|committee|council|parliamentary|senate|senedd|dáil|seanad|sabha|legislature|legislative|house|assembly|parliament|cabinet|"
    r"government|congress|lords)\b"
)


@per_lists
def no_office_words() -> frozenset[str]:
    """Words in small letters that stand in no office."""
    return auxiliaries() | breaks() | frozenset("in at from by with about tracked".split())


def all_office(phrase: str) -> bool:
    """Whether every word up to the head may stand in an office: no verb slipped in."""
    jobs = heads()
    unknown = 0
    for word in phrase.split():
        lower = word.lower().removesuffix("'s").removesuffix("’s")
        if lower in jobs:
            return unknown <= 2
        if (
            capital(word)
            or lower in role_words()
            or lower in SMALL
            or lower in ARTICLES
            or word.endswith(("'s", "’s"))
        ):
            continue
        if lower.endswith(("ed", "ing")) or lower in no_office_words():
            return False
        unknown += 1
    return False
