"""Resolves a phrase without a name: to the holder of its office, to an unnamed source, or to nobody."""

from __future__ import annotations

import re

from stories.extraction.coreference.discourse import Discourse, Phrase, Resolution
from stories.extraction.coreference.offices import spoken_of_behind
from stories.extraction.people.office_matching import VAGUE
from stories.extraction.people.offices import ARTICLES, ASKED, WORD, head_of
from stories.extraction.text.letters import MARKS, capital
from stories.extraction.text.office_words import heads
from stories.extraction.words import either, per_lists, per_lists_memo
from stories.extraction.words.lists import auxiliaries, breaks, not_names, role_words, unfinished

DOUBT = 0.3  # strength of a source that may be nobody
VAGUE_SOURCE, NAMELESS_SOURCE = 0.9, 0.7
SET_OFF = re.compile(r"\s*[,(–—]\s*")
ARTICLE = f"(?:{either(ARTICLES, any_case=True)}) "
NAMED_BESIDE = re.compile(rf"(?!{ARTICLE})[^,(–—]+ ?[,(–—] ?(?:{ARTICLE})?\w")
NAME_SET_OFF = re.compile(
    rf", (?P<name>[\w{MARKS}’'.-]+(?: [\w{MARKS}’'.-]+){{1,3}}|\w*@[\w@.-]+)(?=[,.;])"  # or an account's
)
TELLING = ("ly", "ing", "ed", "’s", "'s")
HANGS_ON = frozenset(
    "of for at in from to with on by and or who that which he she his her their the a an".split()
)
TAIL = re.compile(r"\b(?:of|for|at|in|from|to|with|on|who|that)\b")
NOBODY = frozenset("the a an his her its their there this that these those and but or as so when to".split())
PEOPLE = frozenset(
    "people men women police ministers critics parents residents voters families doctors teachers nurses "
    "lawyers government opposition party council committee company group union charity campaign department "
    "office ministry commission board trust report letter statement study survey poll book newspaper paper "
    "magazine article".split()
)


@per_lists
def _small_words() -> frozenset[str]:
    """Words in small letters that are part of no name."""
    return unfinished() | auxiliaries() | breaks() | role_words()


def holder_of_office(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """The holder of a definite office, unless words beside it tell of another."""
    if discourse.layout.lower[phrase.first] in VAGUE:
        return None
    found = discourse.office(phrase.text, phrase.start, phrase.sentence)
    if found is None or _means_another(discourse, phrase, found.person):
        return None
    return found


def _means_another(discourse: Discourse, phrase: Phrase, holder: int | None) -> bool:
    """Whether the office of a phrase has words of its own beside it that do not name its known holder.

    Whoever is meant by "nina orde, the ports minister", "ports minister nina orde" and "the ports
    minister, nina orde," it is nobody else who holds such an office.
    """
    layout, begin = discourse.layout, phrase.start
    office = SET_OFF.split(phrase.text)[0]
    after = NAME_SET_OFF.match(layout.text, begin + len(office))
    end = max(layout.ends[phrase.last], after.end() if after is not None else 0)
    if any(discourse.people.at[start] == holder for start in discourse.mentions.between(begin, end)):
        return False
    if holder is not None and spoken_of_behind(discourse, end, holder):
        return True
    if head_of(office) is None and NAMED_BESIDE.match(phrase.text) is not None:
        return True
    tail = _behind_head(office)
    if tail and not HANGS_ON.intersection(tail) and not _small_words().intersection(tail):
        return True
    return after is not None and _may_name(after.group("name").split())


def _may_name(name: list[str]) -> bool:
    """Whether words set off behind an office may be a name, in small letters too: none tells of anything."""
    small = [word for word in name if word.islower()]
    telling = any(word in _small_words() or word in heads() or word.endswith(TELLING) for word in small)
    return name[0] not in not_names() and not telling and not any(word[0].isdigit() for word in name)


def _behind_head(phrase: str) -> list[str]:
    """The words, in lower case, behind the last head of an office in a phrase."""
    said = WORD.findall(phrase.lower())
    k = next((k for k in range(len(said) - 1, -1, -1) if said[k] in heads()), len(said))
    return said[k + 1 :]


def nobody_who_speaks(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """A phrase headed by no people and no body, such as "the plan"."""
    if _somebody(phrase.text):
        return None
    return Resolution("unknown", None, DOUBT, f"“{phrase.text}” is not a person who can speak")


@per_lists_memo(ASKED)
def _somebody(text: str) -> bool:
    """Whether a phrase is headed by people or a body: an office or job, singular or plural, or a capital."""
    parts = WORD.findall(text)
    if not parts or (len(parts) == 1 and parts[0].lower() in NOBODY):
        return False
    if head_of(text) is not None or capital(parts[-1]):
        return True
    front = TAIL.split(text, maxsplit=1)[0].split()
    return any(word.lower().removesuffix("s") in heads() or word.lower() in PEOPLE for word in front[-2:])


def without_a_name(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """Everybody else: "one senior MP", "union leaders"."""
    if discourse.layout.lower[phrase.first] in VAGUE:
        return Resolution("unnamed", None, VAGUE_SOURCE, f"“{phrase.text}” is not named")
    return Resolution("unnamed", None, NAMELESS_SOURCE, f"“{phrase.text}” is no person named here")
