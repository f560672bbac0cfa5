"""The office printed before a name: "Ukip leader Ann Lee", "the shadow chancellor, Ann Lee"."""

from __future__ import annotations

import re
from functools import cache

from stories.extraction.people.offices import ARTICLES, SMALL, all_office, head_of, no_office_words
from stories.extraction.text.letters import CAPITALISED, capital
from stories.extraction.text.office_words import CALLED, HEADS_OF_FIELDS, heads
from stories.extraction.text.reporting_verbs import lexicon
from stories.extraction.words.lists import abbreviations, not_names, role_words


def before_name(text: str, start: int, low: int) -> tuple[str, int] | None:
    """The office printed just before the name at ``start`` and where it begins ("Ukip leader Ann Lee")."""
    if start <= low or not text[start - 1].isspace():
        return None
    left = GLOSS.sub(" ", text[max(low, start - 90) : start])
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


GLOSS = re.compile(r" \([^()]{1,40}\) \Z")  # "the taoiseach (prime minister) Ann Lee"


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
    if k is None or (k + 1 < len(taken) and taken[k + 1].lower() not in ("for", "of", "to", "general")):
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


def _field(word: str, taken: list[str]) -> bool:
    """Whether a plain noun right before the head is what the office is for: "courts minister"."""
    return (
        bool(taken)
        and taken[-1] in HEADS_OF_FIELDS
        and len(word) > 3
        and word.isalpha()
        and word.islower()
        and not word.endswith(("ed", "ing", "ly"))
        and word not in no_office_words()
        and word not in ARTICLES
        and word not in lexicon()
    )


def _set_off(left: str, start: int) -> tuple[str, int] | None:
    """An office set off by a comma: "the shadow chancellor, Ann Lee"."""
    for article in reversed(list(ARTICLE.finditer(left))):
        phrase = left[article.end() : -2]
        if not phrase or PUNCTUATED.search(phrase):
            return None
        if head_of(phrase) is not None and all_office(phrase):
            return phrase, start - len(left) + article.end()
    return None


ARTICLE = re.compile(r"\b(?:[Tt]he|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s+")
PUNCTUATED = re.compile(r"[,.;:!?\"“”]")


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
