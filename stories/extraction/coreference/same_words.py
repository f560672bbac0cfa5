"""Names the speaker of an office or a party when a later sentence gives the same words to a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stories.extraction.people.attributes import kind_of
from stories.extraction.people.entity import Entity
from stories.extraction.people.offices import head_of, is_political
from stories.extraction.people.persons import People
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITALISED
from stories.extraction.text.office_words import heads
from stories.extraction.types import Quotation, Span
from stories.extraction.words.lists import parties

LETTERS = re.compile(r"[^\W_]+")
TELLING = 6  # letters of marked words that are no accident
COMMON = frozenset("a an the one another senior of and for".split())


def _fragments(layout: Layout, quotation: Quotation) -> list[str]:
    return [" ".join(words_of(layout, [span])) for span in quotation.fragments]


def words_of(layout: Layout, spans: Sequence[Span]) -> list[str]:
    """The words of several spans in small letters, without marks."""
    return [word for start, end in spans for word in LETTERS.findall(layout.text[start:end].lower())]


def _office_words(phrase: str) -> set[str]:
    return {word.lower() for word in LETTERS.findall(phrase)} - COMMON


def given_to(quotation: Quotation, named: Quotation, confidence: float, reason: str) -> Quotation:
    """A quotation with the speaker of another that has the same words."""
    return replace(
        quotation,
        speaker=named.speaker,
        person=named.person,
        status="accepted",
        speaker_role=named.speaker_role,
        speaker_party=named.speaker_party,
        politician=named.politician,
        confidence=round(confidence, 3),
        reasons=(*quotation.reasons, reason),
    )


def holder_says_the_same(layout: Layout, people: People, found: Sequence[Quotation]) -> list[Quotation]:
    """Give a printed office ("a Labour peer") the name of its holder who says the same words later."""
    out = list(found)
    named = [q for q in found if q.person is not None and q.fragments]
    for i, quotation in enumerate(found):
        if quotation.status != "unnamed" or not quotation.fragments or not quotation.source_text:
            continue
        wanted = _office_words(quotation.source_text)
        if not any(word in heads() for word in wanted):
            continue
        for later in named:
            if later.content[0].start < quotation.content[0].start or later.person is None:
                continue
            entity = people.entities[later.person]
            holds = {word for _, role in entity.roles for word in _office_words(role)}
            if not wanted <= holds:
                continue
            if _shares(_fragments(layout, quotation), _fragments(layout, later)):
                reason = f"{later.speaker}, called so later, says the same words"
                out[i] = given_to(quotation, later, 0.8 * quotation.confidence, reason)
                break
    return out


def member_says_the_same(layout: Layout, people: People, found: Sequence[Quotation]) -> list[Quotation]:
    """Give what a party is quoted as saying to the one member named later who says it in the same words."""
    out = list(found)
    said = [(q, " ".join(words_of(layout, q.content))) for q in found if q.person is not None]
    for i, quotation in enumerate(found):
        if quotation.status != "unnamed" or not quotation.fragments or not quotation.source_text:
            continue
        party = parties().get(quotation.source_text.removeprefix("the ").removeprefix("The "))
        if party is None:
            continue
        theirs = [words for words in _fragments(layout, quotation) if len(words) >= TELLING]
        same = [
            later
            for later, words in said
            if later.content > quotation.content
            and later.speaker_party == party
            and any(f" {fragment} " in f" {words} " for fragment in theirs)
        ]
        if len({later.person for later in same}) == 1:
            reason = f"{same[0].speaker}, of the same party, says the same words"
            out[i] = given_to(quotation, same[0], 0.8 * quotation.confidence, reason)
    return out


def called_so_later(layout: Layout, people: People, found: Sequence[Quotation]) -> list[Quotation]:
    """A peer of the opening is "Lord Ebbage, the Labour peer" further on, when only one is called so."""
    out = list(found)
    for i, quotation in enumerate(found):
        if quotation.status != "unnamed" or quotation.source is None or not quotation.source_text:
            continue
        office = quotation.source_text.split(" ", 1)[-1]
        if not INDEFINITE.match(quotation.source_text) or " " not in office or head_of(office) is None:
            continue
        called = [
            entity
            for entity in people.entities
            if entity.spans and any(role.startswith(office) for _, role in entity.roles)
        ]
        if len(called) != 1 or called[0].spans[0].start < quotation.source.end:
            continue
        entity = called[0]
        after = layout.text[entity.spans[0].end : entity.spans[0].end + len(office) + 8]
        if after.startswith(f", the {office}"):
            kind = kind_of(entity)
            out[i] = replace(
                quotation,
                speaker=entity.name,
                person=entity.index,
                status="accepted",
                speaker_role=entity.role(),
                speaker_party=entity.party(),
                politician=kind[1],
                confidence=round(0.75 * quotation.confidence, 3),
                reasons=(*quotation.reasons, f"{entity.name} is called “the {office}” further on"),
            )
    return out


def opens_next_paragraph(layout: Layout, people: People, found: Sequence[Quotation]) -> list[Quotation]:
    """An office in the opening ("a minister has said") is theirs with whom the next paragraph begins.

    Only when nothing else is known of them, or they are called by the same office.
    """
    out = list(found)
    for i, quotation in enumerate(found):
        if quotation.status != "unnamed" or quotation.source is None or not quotation.source_text:
            continue
        paragraph = layout.paragraph_at(quotation.source.start)
        if paragraph > 1 or paragraph + 1 >= len(layout.paragraphs) or not LEAD.match(quotation.source_text):
            continue
        head = head_of(quotation.source_text)
        low, high = layout.paragraphs[paragraph + 1]
        index = _first_named(people, low, min(high, low + NAMED_BY))
        if head is None or head in ("spokesman", "spokeswoman", "spokesperson", "source") or index is None:
            continue
        entity = people.entities[index]
        body = [
            span for span in entity.spans if not layout.headline or span.start >= layout.paragraphs[0].end
        ]
        if body[0].start < low or not _may_hold(entity, head) or " " not in entity.name:
            continue
        kind = kind_of(entity)
        out[i] = replace(
            quotation,
            speaker=entity.name,
            person=index,
            status="accepted",
            speaker_role=entity.role(),
            speaker_party=entity.party(),
            politician=kind[1],
            confidence=round(0.7 * quotation.confidence, 3),
            reasons=(*quotation.reasons, f"the next paragraph begins with {entity.name}"),
        )
    return out


def _first_named(people: People, low: int, high: int) -> int | None:
    """Who is named at the beginning of a paragraph, alone or behind their own office."""
    if low in people.at:
        return people.at[low]
    start = min((at for at in people.at if low < at < high), default=None)
    if start is None:
        return None
    lead = people.layout.text[low:start].strip().removeprefix("The ").rstrip(", ")
    entity = people.entities[people.at[start]]
    return entity.index if any(at == start and lead.endswith(role) for at, role in entity.roles) else None


def _may_hold(entity: Entity, head: str) -> bool:
    """Whether nothing printed of somebody speaks against the office: no other head, or a member's post."""
    roles = [role for _, role in entity.roles]
    if not roles:
        return True
    heads_of = [head_of(role) for role in roles]
    return head in heads_of or (head in MEMBERS and any(is_political(role) for role in roles))


NAMED_BY = 90  # characters into a paragraph
MEMBERS = frozenset("mp mep msp peer politician backbencher frontbencher".split())
LEAD = re.compile(rf"(?:A|An|a|an|One of|one of|{CAPITALISED}*['’]s) ")  # "Wales's ports minister has …"
INDEFINITE = re.compile(r"(?:A|An|a|an) ")


def _shares(early: Sequence[str], late: Sequence[str]) -> bool:
    """Whether a marked fragment of two words or more stands in both."""
    return any(len(a.split()) > 1 and (a in b or b in a) for a in early for b in late if b)


# In their order: the same words are the surest sign, so they come first, those of one person before those of
# a party; then an office that is told of somebody; the place in the text alone is the weakest.
LATER_NAMES = (holder_says_the_same, member_says_the_same, called_so_later, opens_next_paragraph)
