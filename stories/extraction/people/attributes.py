"""What the text tells about a person: gender, journalist or not, politician or not, and why."""

from __future__ import annotations

import re

from stories.extraction.people.entity import Entity
from stories.extraction.people.mentions import titles
from stories.extraction.people.offices import head_of, is_political
from stories.extraction.text.office_words import heads
from stories.extraction.types import PersonKind
from stories.extraction.words import either, per_lists
from stories.extraction.words.lists import given_names, outlets, parties

POLITICAL_TITLES = frozenset(("Sen.", "Senator", "Rep.", "Gov.", "Congressman", "Congresswoman", "President"))
SEXED = dict.fromkeys(
    "spokeswoman chairwoman congresswoman businesswoman councilwoman policewoman actress mother daughter "
    "wife sister widow woman girl grandmother herself".split(),
    "f",
) | dict.fromkeys(
    "businessman congressman policeman father son husband brother widower man boy grandfather his "
    "himself".split(),
    "m",
)
GENDERED = re.compile(
    r"(?:, (?:\d\d, )?(?:a|an|the|one|another) (?:[\w’'-]+ ){0,3}?"
    r"(?P<word>woman|man|mother|father|actress|girl|boy|widow|widower|businessman|businesswoman|grandmother|grandfather)\b"
    r"|, who (?:[\w’'-]+ ){1,5}?(?P<own>himself|herself|his)\b"
    r"|(?: [a-z]+){1,2} (?P<self>himself|herself)\b)"
)
FORMERLY = re.compile(r"(?:ex-|ex |former |one-time )", re.I)


@per_lists
def _of_outlet() -> re.Pattern[str]:
    """A paper or broadcaster behind a name: "Ann Lee of the Echo"."""
    return re.compile(rf" (?:of|from) (?:the )?(?:{either(outlets())})\b")


@per_lists
def _outlet_ends() -> tuple[str, ...]:
    return tuple(outlets())


def gender_of(text: str, entity: Entity) -> tuple[str, str]:
    """Gender (m, f or blank) and what tells it: a title, an office, the words behind a name, a given name."""
    for title in entity.titles:
        gender = titles().get(title, ("", False))[0]
        if gender:
            return gender, f"title {title}"
    for _, role in entity.roles:
        for word in role.lower().split():
            if word in SEXED and word != "his":
                return SEXED[word], f"called “{role}”"
    for span in entity.spans:
        match = GENDERED.match(text, span.end)
        if match is not None and (match.group("word") or given_names().get(entity.first, "u") == "u"):
            word = match.group(match.lastgroup or "word").lower()
            return SEXED[word], f"“{word}” after the name"
    gender = given_names().get(entity.first, "")
    return (gender, f"given name {entity.first}") if gender in ("m", "f") else ("", "")


def is_journalist(text: str, entity: Entity) -> bool:
    """Whether an outlet beside a name, or an office that makes no politician, shows a journalist."""
    for span in entity.spans:
        if _of_outlet().match(text, span.end):
            return True
        if text.endswith(("'s ", "’s "), max(0, span.start - 40), span.start):
            owner = text[max(0, span.start - 40) : span.start - 3].rstrip()
            if owner.endswith(_outlet_ends()):
                return True
    for _, role in entity.roles:
        head = head_of(role)
        if head is not None and heads()[head] == "jour" and not FORMERLY.match(role):
            return not any(is_political(other) for _, other in entity.roles)
    return False


def kind_of(entity: Entity) -> tuple[PersonKind, bool | None, str]:
    """(kind, politician or not or unknown, why)."""
    if entity.journalist:
        return "journalist", False, "introduced by a newspaper or broadcaster"
    if entity.known is not None and (entity.known.party or entity.known.roles):
        return "politician", True, "in the roster"
    if any(role in parties() for _, role in entity.roles):
        return "politician", True, f"{entity.party()}’s, as printed"
    unsure = None
    for _, role in entity.roles + entity.meant:
        verdict = is_political(role)
        if verdict:
            return "politician", True, f"called “{role}”"
        if verdict is False and unsure is None:
            unsure = role
    if not POLITICAL_TITLES.isdisjoint(entity.titles):
        return "politician", True, "title"
    if unsure is not None:
        return "other", False, f"called “{unsure}”"
    return "other", None, "no office in the text"
