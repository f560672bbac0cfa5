"""The office printed after a name: "Ann Lee, the Labour peer,", "Ann Lee was made ports minister"."""

from __future__ import annotations

import re

from stories.extraction.people.offices import all_office, head_of
from stories.extraction.text.letters import CAPITAL, CAPITALISED, capital
from stories.extraction.text.office_words import heads

STOP_ROLE = re.compile(
    r",|;|:|\.(?=\s|$)|[—–]|\s-\s|\"|“|”|\)|\b(?:who|which|whose|when|where|while|but|said|says|told|added|warned|"
    r"has|had|is|was|were|will|would|by|"
    r"came|left|went|gave|took|made|met|won|lost|faces|faced|spoke|quit|resigned|stood|joined|urged|insisted)\b(?!-)"
)


def _clip(text: str, begin: int, high: int) -> str:
    """The phrase from ``begin`` to the first stop."""
    piece = text[begin : min(high, begin + 110)]
    match = STOP_ROLE.search(piece)
    first, *others = (piece[: match.start()] if match else piece).strip().split(" and ")
    kept = [first]
    for part in others:
        if (head_of(part) is None and head_of(first) is not None) or len(part.split()) > 6:
            break
        kept.append(part)
    phrase = " ".join(" and ".join(kept).removesuffix(" and").split())
    if phrase.startswith(LATELY):
        phrase = phrase.split(" ", 1)[1]
    phrase = WHEN.sub("", phrase)
    return "" if phrase.endswith((" of", " the", " for", " to", " a")) else phrase


LATELY = ("new ", "then ", "current ")
WHEN = re.compile(
    r" (?:in|on|since|from|until|last|next|this|earlier|during)(?: the)? "
    r"(?:(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October|\w+day|[12]\d{3}|week|month|year|spring|summer|autumn|winter)\b.*$"
)
AFTER = re.compile(
    r"(?:,\s+(?:(?P<age>\d\d),\s+)?(?:(?:who|which)\s+(?:is|was|has been)\s+)?|\s*\("
    rf"(?={CAPITAL})"
    r"|\s+(?:is|was|as|becomes|became)\s+|\s*[—–-]\s+|\s+(?=MPs?\b)|\s+to\s+(?=(?:the\s+)?shadow\b))"
    r"(?:an?\s+|the\s+|his\s+|her\s+|their\s+|its\s+)?(?:now\s+)?"
)
LIKELY = re.compile(r"[^,.;:\n\"“]{0,70}")
PROMOTED = re.compile(
    r"\b(?:promoted|moved|appointed|made|named|elected|brought|demoted|shifted)\b[^.;\n\"“]{0,30}$"
)
LINKED = re.compile(
    r"\s+(?:elected\s+|chosen\s+|appointed\s+)?(?:to\s+(?:the\s+)?|as\s+(?:the\s+|its\s+|his\s+|her\s+)?)(?=\S)"
)


def after_name(text: str, end: int, high: int) -> str | None:
    """The office printed just after the name ending at ``end`` ("Ann Lee, the Labour peer,")."""
    match = AFTER.match(text, end, high)
    if match is None:
        return None
    phrase = _clip(text, match.end(), high)
    if not phrase or head_of(phrase) is None or not all_office(phrase):
        return None
    if FOLLOWED.search(text[max(0, end - 60) : end]):
        return None
    gap = text[end : match.end()]
    first = phrase.split()[0]
    if gap.startswith(",") and capital(first) and _names_someone(phrase):
        return None
    if gap.startswith(",") and NEW_CLAUSE.match(text, match.end() + len(phrase), high):
        return None  # "Ann Lee, the men's solicitor said": the office is not hers
    if NEXT_NAME.match(text, match.end() + len(phrase), high) and not SERVES.search(phrase):
        return None
    if gap.strip() in ("is", "was", "is the", "was the") and len(phrase.split()) > 8:
        return None
    if len(phrase.split()) > 12:
        return None
    return phrase


NEW_CLAUSE = re.compile(r" (?:said|says|told|added|warned|has|had|is|was|were|will|would)\b")
SERVES = re.compile(r"\b(?:to|for) (?:the|his|her) ")
NEXT_NAME = re.compile(rf", (?:{CAPITALISED}+ ){{1,2}}{CAPITALISED}+,")


def _names_someone(phrase: str) -> bool:
    """Whether an enumeration goes on with another named person ("Ann Lee, Labour MP John Roe")."""
    tail = phrase.removesuffix(" General").split()
    while tail and tail[-1].lower() not in heads():
        if not capital(tail[-1]):
            return False
        tail.pop()
    used = len(tail)
    total = len(phrase.removesuffix(" General").split())
    return 0 < used < total


FOLLOWS = (
    r"(?:succeeded|succeeds|replaced|replaces|takes over from|took over from|take over from|succeed|replace)"
)
FOLLOWED = re.compile(rf"\b{FOLLOWS} (?:{CAPITALISED}*\.? ?){{0,4}}$")
FOLLOWING = re.compile(
    rf" (?:(?:has|will|is to|who) )?{FOLLOWS} (?:{CAPITALISED}*\.? ){{1,4}}as (?:the |its |his |her )?(?=\S)"
)


def taken_over(text: str, end: int, high: int) -> str | None:
    """The office somebody takes over: "Ann Lee succeeded John Roe as ports minister"."""
    match = FOLLOWING.match(text, end, high)
    phrase = _clip(text, match.end(), high) if match is not None else ""
    return phrase if phrase and head_of(phrase) is not None and all_office(phrase) else None


def appointed(text: str, start: int, end: int, high: int) -> str | None:
    """The office somebody is given or leaves: "promoted Ann Lee to …", "the resignation of Ann Lee as …"."""
    match = LINKED.match(text, end, high)
    if match is None:
        return None
    phrase = _clip(text, match.end(), high)
    if FOLLOWED.search(text[max(0, start - 40) : start]) and head_of(phrase) is not None:
        return f"former {phrase}"
    if "shadow cabinet" not in phrase.lower() and (head_of(phrase) is None or not all_office(phrase)):
        return None
    if text[end : match.end()].strip().startswith("to") and not PROMOTED.search(
        text[max(0, start - 60) : start]
    ):
        return None
    return phrase if len(phrase.split()) <= 10 else None
