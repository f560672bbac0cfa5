"""Groups mentions into persons: who is meant by a full name, a title and surname, a surname alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from unicodedata import combining, normalize

from stories.extraction.people.attributes import gender_of, is_journalist
from stories.extraction.people.entity import Entity, surname
from stories.extraction.people.mentions import (
    PARTICLES,
    POLITICAL_TITLES,
    SURE_PARTICLES,
    Mention,
    mentions,
    titles,
)
from stories.extraction.people.offices import head_of
from stories.extraction.people.own_offices import own_office
from stories.extraction.text.layout import Layout
from stories.extraction.types import KnownPerson, Span
from stories.extraction.words.lists import given_names

PEERS = {"Lord", "Lady", "Baroness", "Earl", "Viscount", "Baron"}
KNIGHTS = {"Sir", "Dame"}
PLAIN_TITLES = {"Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss"}
ENNOBLED = re.compile(
    r"\b(?:life peer(?:age)?|peerage|ennobled|(?:made|become|becomes|became|becoming) (?:a|an) (?:new )?"
    r"(?:working )?(?:peer|baron|baroness|lord|lady)"
    r"|(?:enter|join|elevated to|sent to|seat in|debut in)\w* the (?:House of )?Lords)\b"
)
# Whoever is introduced so has the name of somebody's family, not of another who is named later.
RELATIVE = re.compile(
    r"\b(?:his|her|their|my) (?:[a-z]+ )?(?:son|daughter|wife|husband|partner|brother|sister|father|mother|"
    r"child|nephew|niece|cousin|uncle|aunt|grandson|granddaughter|grandfather|grandmother),? \Z"
)
LONG_ENOUGH = 5  # letters of a surname in which one may be wrong
WHERE = frozenset("in at to from of on by for near over until before after since".split())
REMEMBERED = 1500  # characters in which somebody of the same surname is still on a reader's mind
MANY = 12  # bearers of one surname looked at


class People:
    """The persons of one text and the way from a printed name to them."""

    def __init__(
        self,
        layout: Layout,
        roster: Sequence[KnownPerson],
        sources: Sequence[Span] = (),
        written: date | None = None,
    ) -> None:
        """``sources`` are stretches the tagger takes for naming a speaker: names there are people's."""
        self.written = written
        self.layout = layout
        self._sources = sorted(sources)
        self.entities: list[Entity] = []
        # By names as ``folded``: capitals and accents make no other person.
        self.by_last: dict[str, list[int]] = {}
        self.by_first: dict[str, list[int]] = {}
        self.by_full: dict[tuple[str, str], int] = {}
        self._printed_in_full: dict[str, set[tuple[str, ...]]] = {}  # by surname: full names of several words
        self.at: dict[int, int] = {}  # start of a mention -> person
        self.ends: dict[int, int] = {}  # start of a mention -> its end
        self.found: list[tuple[Span, int]] = []
        self.shared: set[int] = set()  # starts of mentions by a surname that more than one bears
        self.inferred: set[int] = set()  # starts of mentions as a peer of somebody nowhere said to be one
        self._roster = _roster_names(roster)
        self._group(mentions(layout))
        self.starts = sorted(self.at)
        self._finish()

    # -- grouping ---------------------------------------------------------------------------------

    def _group(self, found: list[Mention]) -> None:
        """Make the persons of the mentions and give each mention to one: full names first, then the rest.

        A surname alone, or with a title, must find all persons of full names made, wherever they stand.
        """
        full = [
            m
            for m in found
            if len(m.name) > 1 and m.evidence in ("given", "title", "role") and not _peerage(m)
        ]
        self._note_full_names(full)
        self._note_titles(found, full)
        for mention in full:
            if not self._only_surname(mention):
                self._entity_for_full(mention)
        called = {entity.last for entity in self.entities}
        called |= {surname(m.name) for m in found if m.title and len(m.name) == 1}
        for mention in found:
            if mention.evidence == "pair" and (surname(mention.name) in called or self._spoken(mention)):
                self._entity_for_full(mention)
        for mention in found:
            short = len(mention.name) == 1 or _peerage(mention) or self._only_surname(mention)
            if mention.evidence != "pair" and short and (mention.title or len(mention.name) > 1):
                self._entity_for_titled(mention)
        for mention in found:
            index = self._person_of(mention)
            if index is not None:
                self._attach(index, mention)

    def _note_full_names(self, full: list[Mention]) -> None:
        self._full_names = {" ".join(m.name) for m in full}
        for name in {_all_folded(m.name) for m in full if len(m.name) > 2}:
            self._printed_in_full.setdefault(name[-1], set()).add(name)

    def _note_titles(self, found: list[Mention], full: list[Mention]) -> None:
        """Note who is a peer, and of whom that is inferred, and who a knight, by given name and surname."""
        self._peers = {(m.name[0], surname(m.name)) for m in full if set(m.title.split()) & PEERS}
        self._peers |= {(m.name[0], surname(m.name)) for m in full if self._raised(m)}
        self._inferred = _by_given_name(found, full) - self._peers
        self._peers |= self._inferred
        self._knights = {(m.name[0], surname(m.name)) for m in full if set(m.title.split()) & KNIGHTS}

    def _only_surname(self, mention: Mention) -> bool:
        """Whether several words are a surname alone: "Ms von der Lee", "Mr Orde Lee" of Neil Orde Lee."""
        name = mention.name
        if len(name) < 2 or _peerage(mention):
            return False
        if name[0] in (PARTICLES if mention.title else SURE_PARTICLES):
            return True
        fuller = self._printed_in_full.get(folded(name[-1]), ())
        whole = _all_folded(name)
        return any(len(full) > len(whole) and full[-len(whole) :] == whole for full in fuller)

    def _person_of(self, mention: Mention) -> int | None:
        """The person a mention is given to, made of a surname alone where that is evidence enough."""
        index = self._find(mention)
        if mention.evidence == "weak" and not (index is not None and self._speaks_alone(mention)):
            return None
        known = bool(mention.roles) or mention.name[0] in self._roster
        if index is None and mention.evidence == "bare" and known:
            return self._new("", mention.name[0])
        return index

    def _raised(self, mention: Mention) -> bool:
        """Whether the sentence tells that somebody becomes a peer: "Lord Lee" further on is Ann Lee then."""
        low, high = self.layout.sentences[self.layout.sentence_at(mention.span.start)]
        return ENNOBLED.search(self.layout.text, low, high) is not None

    def _spoken(self, mention: Mention) -> bool:
        """Whether a word of saying stands beside the name: what speaks is somebody."""
        from stories.extraction.text.reporting_verbs import lexicon

        layout = self.layout
        i = layout.token_from(mention.span.start)
        j = layout.token_from(mention.span.end)
        k = bisect_right(self._sources, (mention.span.end, 0)) - 1
        if (
            k >= 0
            and self._sources[k].start <= mention.span.start
            and mention.span.end <= self._sources[k].end
        ):
            return True
        near = [layout.lower[k] for k in (i - 1, j) if 0 <= k < len(layout.lower)]
        return any(word in lexicon() and lexicon()[word].group in ("say", "tell") for word in near)

    def _speaks_alone(self, mention: Mention) -> bool:
        """Whether a surname that is a thing's word too ("Fox", "Hill") is here its bearer's.

        It is in a headline, where surnames stand bare, and beside a word of saying.
        """
        layout = self.layout
        if layout.headline and mention.span.end <= layout.paragraphs[0].end:
            before = layout.text[: mention.span.start].split()[-1:]
            return not before or before[0].lower() not in WHERE
        return self._spoken(mention)

    def _new(self, first: str, last: str) -> int:
        index = len(self.entities)
        self.entities.append(Entity(index, first, last))
        self.by_last.setdefault(folded(last), []).append(index)
        if first:
            self.by_first.setdefault(folded(first), []).append(index)
            self.by_full[folded(first), folded(last)] = index
        return index

    def _entity_for_full(self, mention: Mention) -> int:
        first, last = mention.name[0], surname(mention.name)
        found = self.by_full.get((folded(first), folded(last)))
        return found if found is not None else self._new(first, last)

    def _entity_for_titled(self, mention: Mention) -> None:
        last = surname(mention.name)
        key = folded(last)
        title = mention.title.split()[-1] if mention.title else ""
        if titles().get(title, ("", False))[1] and key in self.by_first:
            return
        bearers = self.by_last.get(key, [])
        fits = [i for i in bearers if self._fits(i, title) or self._ends_so(i, _all_folded(mention.name))]
        if fits or self._surname_first(last, title) is not None:
            return
        misspelt = self._misspelt(last, title) if key not in self.by_last else []
        if len(misspelt) == 1:
            self.by_last[key] = misspelt
        else:
            self._new("", last)

    def _surname_first(self, last: str, title: str) -> int | None:
        """The one whose name begins with the surname: "Mr Ng" of Ng Kok Wai."""
        if title not in PLAIN_TITLES or last in given_names() or folded(last) in self.by_last:
            return None
        bearers = self.by_first.get(folded(last), [])
        return bearers[0] if len(bearers) == 1 and self._fits(bearers[0], title) else None

    def _misspelt(self, last: str, title: str) -> list[int]:
        """Those with a given name whose surname is spelt almost so, when nobody's is spelt exactly so."""
        if title not in PLAIN_TITLES or len(last) < LONG_ENOUGH:
            return []
        return [
            i
            for other, bearers in self.by_last.items()
            if len(other) >= LONG_ENOUGH and _a_letter_apart(folded(last), other)
            for i in bearers
            if self.entities[i].first and self._fits(i, title)
        ]

    def _fits(self, index: int, title: str) -> bool:
        """Whether a title's gender agrees with what a person's given name tells."""
        gender = titles().get(title, ("", False))[0]
        entity = self.entities[index]
        if title in PEERS and entity.titles and not entity.titles.keys() & PEERS:
            return False
        if title in PEERS and entity.first and self._commoner(entity):
            return False
        by_name = given_names().get(entity.first, "u")
        if gender and by_name in "mf" and gender != by_name:
            return False
        own = {titles()[t][0] for t in entity.titles if t in titles()} - {""}
        return not (gender and own and gender not in own)

    def _bearers(self, last: str, title: str) -> list[int]:
        """Who may be called by a title, or none, and a surname; a knight or peer is never "Mr" again."""
        bearers = self.by_last.get(folded(last), [])
        if not title:
            return bearers
        fits = [i for i in bearers if self._fits(i, title)]
        if len(fits) > 1 and title in PLAIN_TITLES:
            return [i for i in fits if not self._ennobled(self.entities[i])] or fits
        return fits

    def _ennobled(self, entity: Entity) -> bool:
        """Whether somebody is only ever called Sir, Dame or by a peer's title."""
        if not entity.first:
            return bool(entity.titles.keys() & PEERS)
        return (entity.first, entity.last) in self._knights

    def _shares(self, index: int, mention: Mention, bearers: list[int]) -> bool:
        """Whether a surname alone may as well mean another of its bearers, named not long before."""
        near = mention.span.start - REMEMBERED
        others = [i for i in bearers[:MANY] if i != index]
        return any(self.entities[i].spans and self.entities[i].spans[-1].start > near for i in others)

    def _commoner(self, entity: Entity) -> bool:
        """Whether somebody with a given name is nowhere called by a peer's title."""
        return (entity.first, entity.last) not in self._peers

    def _find(self, mention: Mention) -> int | None:
        """The person a mention means: exact name, then title and surname, surname, given name."""
        last = surname(mention.name)
        key = folded(last)
        surname_alone = self._only_surname(mention)
        if len(mention.name) > 1 and not _peerage(mention) and not surname_alone:
            return self.by_full.get((folded(mention.name[0]), key))
        title = mention.title.split()[-1] if mention.title else ""
        if title and titles().get(title, ("", False))[1] and key in self.by_first:
            return self._nearest(self.by_first[key], mention.span.start)
        fits = self._bearers(last, title)
        if surname_alone:
            whole = _all_folded(mention.name)
            fits = [i for i in self.by_last.get(key, []) if self._ends_so(i, whole)] or fits
        if fits:
            return self._nearest(fits, mention.span.start)
        begun = self._surname_first(last, title)
        if begun is not None:
            return begun
        if not title and len(self.by_first.get(key, ())) == 1:
            bearer = self.by_first[key][0]
            low = max(0, mention.span.start - len("their granddaughters, "))
            introduced = RELATIVE.search(self.layout.text, low, mention.span.start)
            return bearer if introduced is None or self.entities[bearer].spans else None
        return None

    def _ends_so(self, index: int, whole: tuple[str, ...]) -> bool:
        """Whether a person's full name is printed with a surname of several words at its end."""
        entity = self.entities[index]
        return len(whole) > 1 and any(
            full[0] == folded(entity.first) and full[-len(whole) :] == whole
            for full in self._printed_in_full.get(whole[-1], ())
        )

    def _nearest(self, fits: list[int], position: int) -> int:
        """Of several with one surname, the one named last before ``position``; else the first in the text."""
        if len(fits) == 1:
            return fits[0]
        seen = [
            i for i in fits[:MANY] if self.entities[i].spans and self.entities[i].spans[-1].start < position
        ]
        if not seen:
            return fits[0]
        return max(seen, key=lambda i: self.entities[i].spans[-1].start)

    def _attach(self, index: int, mention: Mention) -> None:
        entity = self.entities[index]
        entity.spans.append(mention.span)
        self.at[mention.span.start] = index
        self.ends[mention.span.start] = mention.span.end
        self.found.append((mention.span, index))
        title = mention.title.split()[-1] if mention.title else ""
        plain = " ".join(mention.name)
        if self._only_surname(mention):
            entity.surnames.add(plain)
        if title in PEERS and (entity.first, entity.last) in self._inferred:
            self.inferred.add(mention.span.start)
        office = title in POLITICAL_TITLES
        in_full = len(mention.name) > 1 and "of" not in mention.name and mention.name[0] in given_names()
        if (title in PEERS and not in_full) or (
            title and not office and title not in KNIGHTS and len(mention.name) == 1
        ):
            entity.names[f"{title} {plain}"] += 1
        else:
            entity.names[plain] += 1
        if title:
            entity.titles[title] += 1
        own = [own_office(role, self._full_names) if " " in role else role for role in mention.roles]
        entity.roles.extend([(mention.span.start, role) for role in own if role])
        if mention.evidence != "bare" or mention.roles:
            entity.proven = True
        bearers = self._bearers(surname(mention.name), title) if len(mention.name) == 1 else []
        if len(bearers) > 1:
            entity.ambiguous = True
        if self._shares(index, mention, bearers):
            self.shared.add(mention.span.start)

    # -- what they are ----------------------------------------------------------------------------

    def _finish(self) -> None:
        for entity in self.entities:
            entity.gender, entity.gender_why = gender_of(self.layout.text, entity)
            self._recognise(entity)
            entity.name = entity.fullest()
            entity.journalist = is_journalist(self.layout.text, entity)

    def _recognise(self, entity: Entity) -> None:
        """Tie a person to the roster when exactly one entry bears the name."""
        if not self._roster:
            return
        for name in [n for n in entity.names if " " in n] or list(entity.names):
            entries = self._roster.get(_plain(name), ())
            if len(entries) > 1:
                called = [entry for entry in entries if self._called(entity, entry)]
                entries = called if len(called) == 1 else entries
            if len(entries) == 1:
                entity.known = entries[0]
                return
            if len(entries) > 1:
                entity.ambiguous = True
                self.shared.update(span.start for span in entity.spans)

    def _called(self, entity: Entity, entry: KnownPerson) -> bool:
        """Whether the text calls somebody by an office that a roster's entry held when it was written."""
        printed = {role.lower() for _, role in entity.roles}
        return any(title.lower() in printed for title in self.held(entry))

    def held(self, entry: KnownPerson) -> list[str]:
        """Offices of a roster's entry on the day the text was written; all of them when no day is known."""
        day = self.written
        return [
            role.title
            for role in entry.roles
            if day is None
            or ((role.start is None or role.start <= day) and (role.end is None or day <= role.end))
        ]


@lru_cache(4096)
def folded(word: str) -> str:
    """A word of a name without what does not tell people apart: capitals and accents."""
    return "".join(letter for letter in normalize("NFD", word) if not combining(letter)).casefold()


def _all_folded(name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(folded(word) for word in name)


def _a_letter_apart(one: str, other: str) -> bool:
    """Whether two words differ in one letter that is another, missing or too many, but not in the first."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1 or one == other:
        return False
    k = next(
        (k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return one[k + (len(one) >= len(other)) :] == other[k + (len(other) >= len(one)) :]


def _by_given_name(found: Sequence[Mention], full: Sequence[Mention]) -> set[tuple[str, str]]:
    """Given name and surname of those who must be the peer of that surname: "Betty Lee … Lady Lee said".

    Nobody else of that sex and surname is named, nobody of that surname is a plain Mr or Ms or a peer with a
    place to the name, and what the two are called by office does not differ.
    """
    borne = _by_surname(full)
    out: set[tuple[str, str]] = set()
    for last, peers in _by_surname([mention for mention in found if mention.title]).items():
        sexes = {titles().get(mention.title.split()[-1], ("", False))[0] for mention in peers}
        if not all(set(mention.title.split()) & PEERS and "of" not in mention.name for mention in peers):
            continue
        given = {mention.name[0]: given_names().get(mention.name[0], "u") for mention in borne.get(last, ())}
        certain = "u" not in given.values()
        fitting = [first for first, sex in given.items() if sexes == {sex}] if certain else [*given]
        if len(sexes) > 1 or len(fitting) != 1:
            continue
        named = [mention for mention in borne[last] if mention.name[0] == fitting[0]]
        if _offices(named) and _offices(peers) and not _offices(named) & _offices(peers):
            continue
        out.add((fitting[0], last))
    return out


def _by_surname(found: Sequence[Mention]) -> dict[str, list[Mention]]:
    out: dict[str, list[Mention]] = {}
    for mention in found:
        out.setdefault(surname(mention.name), []).append(mention)
    return out


def _offices(found: Sequence[Mention]) -> set[str | None]:
    return {head_of(role) for mention in found for role in mention.roles}


def _peerage(mention: Mention) -> bool:
    """Whether the name is a peer's: title and surname, with or without a place."""
    return bool(mention.title) and (len(mention.name) == 1 or "of" in mention.name)


def _plain(name: str) -> str:
    return " ".join(part for part in name.split() if part not in titles()).casefold()


def _roster_names(roster: Sequence[KnownPerson]) -> dict[str, list[KnownPerson]]:
    """Every spelling of the roster, in lower case, and who bears it; bare surnames included."""
    out: dict[str, list[KnownPerson]] = {}
    for person in roster:
        spellings = {_plain(person.name), *(_plain(name) for name in person.other_names)}
        if person.name.split():
            spellings.add(person.name.split()[-1].casefold())
        for spelling in spellings:
            out.setdefault(spelling, []).append(person)
    return out
