"""Resolves a phrase by the names printed in it and beside it, without looking at earlier speakers."""

from __future__ import annotations

import re
from bisect import bisect_left

from stories.extraction.coreference.discourse import Discourse, Phrase, Resolution
from stories.extraction.coreference.hanging import SOMEBODY_ELSE, hangs_on_noun
from stories.extraction.people.entity import Entity
from stories.extraction.people.offices import ARTICLES, head_of

INFERRED = 0.9  # strength of a peer identified by surname and sex alone
IN_CLAUSE, SET_BEFORE, APPOSED = 0.85, 0.9, 0.95
OPENING_NAME = 30  # characters in which the sentence's first name must begin
PARENTHESIS = re.compile(
    r", (?:[^,.;:\"“]{3,60} (?:to|for) (?:the|his|her) [^,.;:\"“]{3,60}, "
    r"|(?:[^,.;:\"“]{3,60}, )?who [^.;:\"“]{3,200}?(?:, | (?:by|with|to|of) )(?:[a-z]+ ){0,5}(?:[a-z]+, )?)"
)


def part_of_a_name(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """The person of whose printed name the phrase is a part ("Lee" of "Mr Lee")."""
    layout = discourse.layout
    if any(layout.starts[i] in discourse.people.at for i in range(phrase.first, phrase.last + 1)):
        return None
    person = discourse.mentions.containing(phrase.start, layout.ends[phrase.last])
    return None if person is None else Resolution("accepted", person, 1.0, f"named: “{phrase.text}”")


def named_inside(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """The first person named in the phrase, unless the name hangs on a noun before it."""
    layout, people, mentions = discourse.layout, discourse.people, discourse.mentions
    starts = [s for s in layout.starts[phrase.first : phrase.last + 1] if s in people.at]
    named = [start for start in starts if not mentions.is_possessive(start)]
    if not named:
        return None
    start = named[0]
    index = people.at[start]
    entity = people.entities[index]
    lead = phrase.text[: start - phrase.start]
    if hangs_on_noun(lead) and not _is_own_office(entity, start, lead):
        return None
    opener = _subject_of_clause(discourse, start) if start == phrase.start or not lead.strip() else None
    if opener is not None and opener != index:
        name = people.entities[opener].name
        return Resolution("accepted", opener, IN_CLAUSE, f"{name}, of whom “{phrase.text}” is told")
    if {people.at[other] for other in named} - {index} and " and " in phrase.text:
        return Resolution("unnamed", None, 0.6, "several speakers")
    if start in people.shared:
        return Resolution("ambiguous", index, 0.5, f"“{phrase.text}” fits more than one person")
    if start in people.inferred:
        return Resolution("accepted", index, INFERRED, f"“{phrase.text}” must be {entity.name}")
    return Resolution("accepted", index, 1.0, f"named: “{phrase.text}”")


def _is_own_office(entity: Entity, start: int, lead: str) -> bool:
    """Whether the words before a name are its own office ("spokeswoman for women Ann Lee")."""
    lead = lead.strip()
    own = [role for at, role in entity.roles if at == start and lead.endswith(role)]
    rest = lead.removesuffix(max(own, key=len, default=""))
    another = SOMEBODY_ELSE.match(rest) is not None or (not rest.endswith("and ") and hangs_on_noun(rest))
    return bool(own) and not another


def _subject_of_clause(discourse: Discourse, start: int) -> int | None:
    """Who opens the sentence when the name at ``start`` stands in a clause about them.

    "Ann Lee, aide to the minister, John Roe, said" and "Ann Lee, who was sacked by John Roe, said".
    """
    layout, people, starts = discourse.layout, discourse.people, discourse.mentions.starts
    if layout.text[people.ends[start] : people.ends[start] + 1] != ",":
        return None
    low = layout.sentences[layout.sentence_at(start)].start
    opening = starts[bisect_left(starts, low)]
    if opening > low + OPENING_NAME or opening >= start:
        return None
    between = layout.text[people.ends[opening] : start]
    return people.at[opening] if PARENTHESIS.fullmatch(between) is not None else None


def named_before(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """The person named right before an office without article ("Ann Lee, head of Roe said")."""
    layout, people, starts = discourse.layout, discourse.people, discourse.mentions.starts
    first = phrase.first
    if first < 2 or layout.lower[first - 1] != "," or layout.lower[first] in ARTICLES:
        return None
    k = bisect_left(starts, phrase.start) - 1
    if k < 0 or people.ends[starts[k]] != layout.ends[first - 2] or head_of(phrase.text) is None:
        return None
    owner = people.at[starts[k]]
    return Resolution("accepted", owner, SET_BEFORE, f"{people.entities[owner].name}, “{phrase.text}”")


def named_behind_comma(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """The person named behind the comma that follows an office: "the ports minister, Ann Lee"."""
    layout, people, last = discourse.layout, discourse.people, phrase.last
    if last + 2 >= len(layout.tokens) or layout.lower[last + 1] != ",":
        return None
    person = people.at.get(layout.starts[last + 2])
    if person is None or head_of(phrase.text) is None:
        return None
    return Resolution("accepted", person, APPOSED, f"“{phrase.text}”, {people.entities[person].name}")
