"""Offices: the words before or after a name that say what somebody is, and what they make of them."""

from __future__ import annotations

import re
from functools import cache

from stories.extraction.text.letters import CAPITAL, CAPITALISED, capital
from stories.extraction.text.office_words import CALLED, HEADS_OF_FIELDS, heads
from stories.extraction.text.reporting_verbs import lexicon
from stories.extraction.words import per_lists, per_lists_memo
from stories.extraction.words.lists import abbreviations, auxiliaries, breaks, not_names, parties, role_words

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
            lower: str = word.lower()
            if lower in heads():
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
    if UNIONS.search(phrase):
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
    if head in ("president", "candidate", "nominee", "speaker"):
        return True if " of " not in low or head == "candidate" else None
    return None if head == "chief" else False


UNIONS = re.compile(
    r"\b(?:union|unions|TUC|CBI|Association|Society|Federation|University|College|football|club|Bar "
    r"Council|charity|"
    r"company|group|campaign|trust|institute|chambers|hospital|church)\b|\b[A-Z]{3,}\b(?<!BNP)(?<!SNP)(?<!DUP)(?<!UUP)"
    r"(?<!GOP)(?<!UKIP)(?<!SDLP)(?<!MEP)(?<!MSP)"
)
PUBLIC_BODY = re.compile(
    r"\b(?:party|commons|opposition|committee|council|parliamentary|senate|house|assembly|parliament|cabinet|"
    r"government|congress|lords)\b"
)


def before_name(text: str, start: int, low: int) -> tuple[str, int] | None:
    """The office printed just before the name at ``start`` and where it begins ("Ukip leader Ann Lee")."""
    if start <= low or not text[start - 1].isspace():
        return None
    left = text[max(low, start - 90) : start]
    jobs = heads()
    near = left.lower().rsplit(maxsplit=9)[-9:]
    if jobs.keys().isdisjoint([word.strip(",") for word in near] if "," in left else near):
        return None
    found = _by_pattern(left)
    if found is not None:
        return found[0], start - len(left) + found[1]
    if left.endswith(", "):
        return _set_off(left, start)
    return _by_words(left, start, jobs)


def _by_pattern(left: str) -> tuple[str, int] | None:
    """The office that ends the words ``left`` as one of the patterns has it, and where in them it begins."""
    if left.endswith(LISTING):
        among = AMONG.search(left)
        if among is not None and head_of(among.group("office")) is not None:
            return singular(among.group("office")), among.start("office")
    # Without these words the patterns cannot fit, and they would be tried at every letter.
    hung = HUNG.search(left) if " for " in left or " of " in left or " on " in left else None
    if hung is not None:
        # In "spokesman for ports minister Ann Lee" the latter is hers.
        group = "own" if head_of(hung.group("own")) is not None else "office"
        return hung.group(group).strip(), hung.start(group)
    listed = _portfolio().search(left) if " and " in left or " & " in left else None
    return (listed.group("office"), listed.start("office")) if listed is not None else None


def _by_words(left: str, start: int, jobs: dict[str, str]) -> tuple[str, int] | None:
    """The office made of the words right before the name at ``start``, taken one by one."""
    taken = _words_back(left, jobs)
    while taken and (taken[-1].lower() in SMALL or _mere_opening(taken[-1], len(taken))):
        taken.pop()
    taken.reverse()
    # Words after the head must hang on it by "for" or "of": "spokesman for women Ann Lee".
    k = next((i for i in range(len(taken) - 1, -1, -1) if taken[i].lower().removeprefix("ex-") in jobs), None)
    if k is None or (k + 1 < len(taken) and taken[k + 1].lower() not in ("for", "of", "to")):
        return None
    taken = taken[_own_office(taken, k) :]
    begin = left.rfind(taken[0], 0, len(left) - sum(len(word) for word in taken[1:]))
    if taken[0] in VERBS_TOO and HELPING.intersection(left[:begin].split()[-1:]):
        return None
    return left[begin:].strip(), start - len(left) + begin


# "The charity will host Ann Lee" makes her no host.
VERBS_TOO = frozenset(
    "host head chair judge coach partner captain father mother anchor author champion".split()
)
HELPING = frozenset("to will would can could may might must shall should not".split())


def _own_office(taken: list[str], last: int) -> int:
    """Where the holder's own office begins: behind "for" in "spokesman for Trade Commissioner Ann Lee",
    behind "of" in "wife of ports minister Ann Lee"."""
    if last + 1 < len(taken):
        return 0
    for k in range(last - 2, -1, -1):
        joins = taken[k + 1].lower()
        if (joins in ("for", "to") and taken[k].lower() in heads()) or (joins == "of" and taken[k].islower()):
            return k + 2
    return 0


def _words_back(left: str, jobs: dict[str, str]) -> list[str]:
    """Words before a name that may belong to its office, nearest first."""
    taken: list[str] = []
    for word in reversed(left.split()):
        if len(taken) > 9 or not (word[-1].isalnum() or (word[-1] == "." and _shortened(word))):
            break
        lower = word.lower()
        if lower == "and" and not (taken and capital(taken[-1])):
            break
        if word in CALLED and "and" in taken:
            del taken[taken.index("and") :]  # "Ms Roe and First Minister Ann Lee": two people
            break
        fits = lower in jobs or capital(word) or lower.removesuffix("'s").removesuffix("’s") in role_words()
        fits = fits or lower.startswith("ex-") or _field(word, taken)
        if not (fits or (lower in SMALL and taken)) or (lower in ARTICLES and lower != "the"):
            break
        taken.append(word)
    return taken


def _shortened(word: str) -> bool:
    """Whether a full stop belongs to its word ("Sen.", "U.S.") and ends no sentence."""
    return "." in word[:-1] or word[:-1].lower() in abbreviations()


@per_lists
def _no_office_words() -> frozenset[str]:
    """Words in small letters that stand in no office."""
    return auxiliaries() | breaks() | frozenset("in at from by with about tracked".split())


def _field(word: str, taken: list[str]) -> bool:
    """Whether a plain noun right before the head is what the office is for: "courts minister"."""
    return (
        bool(taken)
        and taken[-1] in HEADS_OF_FIELDS
        and len(word) > 3
        and word.isalpha()
        and word.islower()
        and not word.endswith(("ed", "ing", "ly"))
        and word not in _no_office_words()
        and word not in ARTICLES
        and word not in lexicon()
    )


def _set_off(left: str, start: int) -> tuple[str, int] | None:
    """An office set off by a comma: "the shadow chancellor, Ann Lee"."""
    for article in reversed(list(ARTICLE.finditer(left))):
        phrase = left[article.end() : -2]
        if not phrase or PUNCTUATED.search(phrase):
            return None
        if head_of(phrase) is not None and _all_office(phrase):
            return phrase, start - len(left) + article.end()
    return None


ARTICLE = re.compile(r"\b(?:[Tt]he|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s+")
PUNCTUATED = re.compile(r"[,.;:!?\"“”]")


def _all_office(phrase: str) -> bool:
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
        if lower.endswith(("ed", "ing")) or lower in _no_office_words():
            return False
        unknown += 1
    return False


HUNG = re.compile(
    rf"(?P<office>(?:\b{CAPITALISED}+ |\b(?:shadow|former|deputy|chief|party|home|foreign|health|"
    r"education|transport) ){0,5}"
    r"\b(?:spokesman|spokeswoman|spokesperson|minister|secretary|director|head|chairman|chairwoman|leader|commissioner|"
    r"president|professor|Minister|Secretary|Director|Professor) (?:for|of|on) (?:the "
    r")?(?P<own>[a-z][\w’'-]*(?: and [a-z]\w+| [a-z]\w+)?)) $"
)
# An office with commas of its own: "the Secretary of State for Ports, Harbours and Canals, Ann Lee".
AREA = rf"{CAPITALISED}+(?: {CAPITALISED}+)*"


@cache
def _portfolio() -> re.Pattern[str]:
    """The pattern of such an office, made when first looked for: no other takes as long to compile."""
    return re.compile(
        rf"(?P<office>(?:{CAPITALISED}+ |shadow |junior ){{0,3}}"
        r"(?:[Ss]ecretary of [Ss]tate|[Mm]inister(?: of [Ss]tate)?|"
        rf"[Ss]ecretary|[Ss]pokes\w+) (?:for|of) (?:the )?{AREA}(?:, {AREA})+,? (?:and|&) {AREA}),? $"
    )


LISTING = ("with ", "including ", "such as ", "like ", "them ", "led by ")
AMONG = re.compile(
    rf"(?P<office>(?:{CAPITALISED}+ ){{0,2}}(?:MPs|MEPs|MSPs|peers|ministers|senators|backbenchers|"
    r"councillors)),? "
    r"(?:with|including|such as|like|among them|led by) $"
)


def singular(phrase: str) -> str:
    """ "Labour MPs" as one holds it: "Labour MP"."""
    return phrase.removesuffix("s")


def _mere_opening(word: str, count: int) -> bool:
    """Whether a leading capital only opens the sentence ("But", "Meanwhile")."""
    return word in not_names() and word.lower() not in role_words() and count > 1


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
    if not phrase or head_of(phrase) is None or not _all_office(phrase):
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
    tail = phrase.split()
    while tail and tail[-1].lower() not in heads():
        if not capital(tail[-1]):
            return False
        tail.pop()
    used = len(tail)
    total = len(phrase.split())
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
    return phrase if phrase and head_of(phrase) is not None and _all_office(phrase) else None


def appointed(text: str, start: int, end: int, high: int) -> str | None:
    """The office somebody is given or leaves: "promoted Ann Lee to …", "the resignation of Ann Lee as …"."""
    match = LINKED.match(text, end, high)
    if match is None:
        return None
    phrase = _clip(text, match.end(), high)
    if FOLLOWED.search(text[max(0, start - 40) : start]) and head_of(phrase) is not None:
        return f"former {phrase}"
    if "shadow cabinet" not in phrase.lower() and (head_of(phrase) is None or not _all_office(phrase)):
        return None
    if text[end : match.end()].strip().startswith("to") and not PROMOTED.search(
        text[max(0, start - 60) : start]
    ):
        return None
    return phrase if len(phrase.split()) <= 10 else None
