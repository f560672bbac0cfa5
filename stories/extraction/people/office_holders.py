"""Who held which high office when, for stories that speak of "the prime minister" and never say who that is.

The public record (``words/holders.txt``) knows the holders of a few offices that copy seldom explains.
A story is of the day it was written, or, when that is not known, of the time for which most speaks: those
it names were in office then, in the offices it calls them by, and held those it only speaks of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from stories.extraction.people.office_matching import UNIQUE, Asked, asked, fit
from stories.extraction.people.offices import head_of, party_of
from stories.extraction.words import per_lists, rows

SURE = 0.9  # an office on record that fits less is not the one asked for
Offices = dict[int, set[str]]  # whoever is in office at one time, by number, and which offices


class Tenure(NamedTuple):
    """An office held from ``start`` to the day before ``end``."""

    office: str
    start: date
    end: date


class Named(NamedTuple):
    """Somebody a story names: ``first`` is empty where only a surname is printed.

    ``roles`` are the offices the story calls them by, ``past`` those it says are over.
    """

    first: str
    last: str
    roles: Collection[str] = ()
    past: Collection[str] = ()


@per_lists
def tenures() -> dict[str, dict[str, tuple[Tenure, ...]]]:
    """The offices of everybody on record, by surname and given name."""
    out: dict[str, dict[str, tuple[Tenure, ...]]] = {}
    for office, name, start, end in rows("holders"):
        first, _, last = name.partition(" ")
        last = last.split()[-1]
        bearers = out.setdefault(last, {})
        tenure = Tenure(office, date.fromisoformat(start), date.fromisoformat(end))
        bearers[first] = (*bearers.get(first, ()), tenure)
    return out


class Holders:
    """Who of the persons one text names held which high office, at every time it may be of."""

    def __init__(
        self, named: Mapping[int, Named], spoken_of: Collection[str] = (), written: date | None = None
    ) -> None:
        """``spoken_of`` are offices the text names without saying who holds them, ``written`` its day."""
        self._named = named
        self._spoken_of = [post for phrase in spoken_of if (post := asked(phrase)) is not None]
        known = {index: _on_record(person) for index, person in named.items()}
        days = {tenure.start for own in known.values() for tenure in own} if written is None else {written}
        times = [_held(known, day) for day in sorted(days)]
        weights = [self._weight(time) for time in times]
        most = max(weights, default=0)
        self._times = [time for time, weight in zip(times, weights, strict=True) if weight == most > 0]

    def of(self, post: Asked) -> tuple[int, str] | None:
        """Who held an office, and what it is called on record; ``None`` when that could be two, or nobody."""
        if post.head not in UNIQUE:
            return None
        found = {pair for time in self._times for pair in _holders(time, post)}
        return min(found) if len({index for index, _ in found}) == 1 else None

    def _weight(self, time: Offices) -> int:
        """How much speaks for a time."""
        called = [
            office
            for index, offices in time.items()
            for office in offices
            if any(_same_office(role, office) for role in self._named[index].roles)
        ]
        filled = [post for post in self._spoken_of if _holders(time, post)]
        return len(time) + len(called) + len(filled)


def _on_record(person: Named) -> tuple[Tenure, ...]:
    """The offices of everybody on record whom a printed name may mean."""
    bearers = tenures().get(person.last, {})
    alike = [bearers.get(person.first, ())] if person.first else bearers.values()
    return tuple(
        tenure
        for own in alike
        for tenure in own
        if not any(_same_office(role, tenure.office) for role in person.past)
    )


def _held(known: Mapping[int, Collection[Tenure]], day: date) -> Offices:
    found = {
        i: {tenure.office for tenure in own if tenure.start <= day < tenure.end} for i, own in known.items()
    }
    return {i: offices for i, offices in found.items() if offices}


def _holders(time: Offices, post: Asked) -> set[tuple[int, str]]:
    return {(index, office) for index, offices in time.items() for office in offices if _is(office, post)}


def _same_office(role: str, office: str) -> bool:
    """Whether somebody is called by an office in print that is theirs on record."""
    post = asked(role)
    return post is not None and post.head == head_of(office) and _is(office, post)


def _is(office: str, post: Asked) -> bool:
    """Whether an office on record is the one asked for."""
    return fit(office, party_of(office), post) >= SURE
