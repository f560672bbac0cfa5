"""Parses an office that a phrase asks for, and scores how well an office printed beside a name fits it."""

from __future__ import annotations

import re
from typing import NamedTuple

from stories.extraction.people.offices import ARTICLES, ASKED, WORD, head_of, is_political, party_of
from stories.extraction.words import per_lists_memo

VAGUE = frozenset(
    "a an one another some several many two three four five six both most few senior other others each every "
    "no any".split()
)
UNIQUE = frozenset(
    "leader minister chancellor premier president secretary speaker governor mayor taoiseach".split()
)
SAME_HEAD = {
    "premier": {"minister", "premier"},
    "minister": {"minister", "secretary"},
    "secretary": {"secretary"},
    "mp": {
        "mp",
        "mps",
        "minister",
        "secretary",
        "leader",
        "spokesman",
        "spokeswoman",
        "whip",
        "backbencher",
        "frontbencher",
        "chairman",
    },
    "peer": {"peer"},
    "aide": {"aide", "secretary"},
    "politician": {"mp", "minister", "leader"},
    "chairman": {"chairman", "chair", "co-chairman"},
    "leader": {"leader"},
    "backbencher": {"mp", "backbencher", "mps"},
    "spokesman": {"spokesman", "spokesperson", "secretary", "minister", "chancellor"},
    "spokeswoman": {"spokeswoman", "spokesperson", "secretary", "minister", "chancellor"},
    "chief": {"chief"},
    "boss": {"leader", "chief", "executive", "secretary"},
    "frontbencher": {"spokesman", "spokeswoman", "frontbencher", "secretary"},
    "senator": {"senator", "sen."},
    "congressman": {"congressman", "rep."},
    "president": {"president"},
    "lawyer": {"lawyer", "solicitor", "barrister"},
}
FIRST = frozenset(("prime", "first"))
PARTY_WORDS = frozenset("labour tory conservative liberal democrat lib dem ukip party".split())
SHADOWED = frozenset("secretary minister chancellor".split())
SPOKESMEN = frozenset("spokesman spokeswoman spokesperson".split())
PREMIER = re.compile(r"\bPM\b")
OWNER = re.compile(r"['’]s\s+(?=\S)")
PLAIN_WORD = re.compile(r"[\w’']+")
RANKS = frozenset("deputy vice former ex acting junior assistant co outgoing shadow".split())


class Asked(NamedTuple):
    """A definite office somebody may hold; ``parts`` are its words in lower case."""

    phrase: str
    head: str
    parts: tuple[str, ...]
    modifiers: frozenset[str]
    party: str | None


@per_lists_memo(ASKED)
def asked(phrase: str) -> Asked | None:
    """The one office a phrase speaks of, an owner before it left out; ``None`` when it is no such phrase."""
    phrase = PREMIER.sub("prime minister", OWNER.split(phrase)[-1])
    one, _, other = phrase.partition(" and ")
    if other and head_of(one) is not None and head_of(other) is not None:
        phrase = one  # "the Labour peer and retired judge": whoever is the one is the other
    head = head_of(phrase)
    parts = tuple(part.lower() for part in WORD.findall(phrase))
    if head is None or not parts or parts[0] in VAGUE or (head.endswith("s") and head != "boss"):
        return None
    if re.search(r"\b(?:of|for)\b", re.split(rf"\b{re.escape(head)}\b", phrase.lower())[0]):
        return None
    hung = ARTICLES | {head, "of", "for", "and", "to", "own"}
    return Asked(phrase, head, parts, frozenset(parts) - hung, party_of(phrase))


def fit(role: str, own_party: str | None, post: Asked) -> float:
    """How well one office of somebody of ``own_party`` fits the office asked for, 0 to 1."""
    head, modifiers, party = post.head, post.modifiers, post.party
    low = role.lower()
    own = head_of(role)
    if own is None or (own != head and own not in SAME_HEAD.get(head, ())):
        return 0.0
    if head == "aide" and own == "secretary" and "private" not in low:
        return 0.0
    if head in ("mp", "peer", "politician") and own != head and not is_political(role):
        return 0.0
    if own in SHADOWED and head in SPOKESMEN and ("shadow" not in low or not modifiers):
        return 0.0  # only a party's or a field's spokesman is its shadow minister
    words_of = set(PLAIN_WORD.findall(low))
    if party is not None and own_party is not None and party != own_party:
        return 0.0
    if ("shadow" in words_of) != ("shadow" in modifiers) and head in SHADOWED:
        return 0.0
    if words_of & FIRST != modifiers & FIRST and head == own == "minister":
        return 0.0
    if head in UNIQUE and (words_of & RANKS) - modifiers:
        return 0.0
    wanted = modifiers - PARTY_WORDS
    met = wanted & words_of or {word for word in wanted if _of_country(word, low)}
    if wanted and not met:
        # "The MP for Roe" is no prime minister.
        member = head in ("mp", "peer", "politician") and not words_of & FIRST
        score = 0.55 if member else 0.0
    else:
        score = 0.75 + 0.25 * (len(met) / len(wanted) if wanted else 1.0)
    return score - 0.1 if own != head else score


def _of_country(word: str, role: str) -> bool:
    """Whether an adjective is of the place an office is of: "Pakistani", "president of pakistan"."""
    place = role.rpartition(" of ")[2] if " of " in role else ""
    return (
        len(place) > ROOT <= len(word)
        and word != place
        and word[:ROOT] == place[:ROOT]
        and word.endswith(OF_COUNTRY)
    )


ROOT = 4  # letters that a country and its adjective have in common
OF_COUNTRY = ("an", "i", "ish", "ese", "ic", "ch")
