"""Who holds an office that was asked for, or held it on the days that were asked for.

The record says it in three ways, and they count in this order: memberships with their days, the role on
somebody's record, and the role beside their name in what was printed. Nothing is made up beyond that.
"""

# The SQL is put together from what is written here; what a reader types is a parameter.
# ruff: noqa: S608

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from stories.search.dates import Days
from stories.search.query import Query

MOST_WORDS = 8  # of an office
MOST_HOLDERS = 5
MEMBERSHIP, ROLE, PRINTED = 3, 2, 1  # where it is said
_SMALL = frozenset("of the for and to in on with".split())
_WHEN = frozenset("current former last new next now previous then".split())
_DAY = {"sqlite": "date({})", "postgresql": "({})::date::text"}


class Holding(NamedTuple):
    """Somebody in an office, as one of the three says it."""

    person: int
    source: int
    role: str
    first: date | None
    last: date | None


def offices_asked_for(query: Query) -> list[str]:
    """Return the offices that may have been asked for: all that was typed, and what means the same."""
    if query.phrases or not query.words:
        return []
    asked = {_office(reading) for reading in (*query.readings, query.loose)}
    return sorted(office for office in asked if office)


def _office(words: tuple[str, ...]) -> str:
    while words and words[0] in _WHEN:
        words = words[1:]
    return " ".join(words) if len(words) <= MOST_WORDS else ""


def asked(offices: list[str], days: Days | None, vendor: str) -> tuple[str, list[Any]]:
    """A query for who held an office: (id, where it is said, 0, role, "first|last"), and its parameters."""
    day = _DAY[vendor]
    first, last = day.format("held.start_date"), day.format("held.end_date")
    role_is, roles = _is_one("{0}", offices)
    on_record = "person.confirmed AND person.merged_into_id IS NULL"
    people = f"JOIN stories_politician AS person ON person.id = {{}} AND {on_record}"
    spelt = [spelling for office in offices for spelling in spellings(office)]
    said = day.format("claim.listed_on")
    in_time, limits = _in_time(said, days)
    sql = f"""
        SELECT held.politician_id AS docid, {MEMBERSHIP}.0 AS score, 0 AS flags, held.role AS said,
            coalesce({first}, '') || '|' || coalesce({last}, '') AS texts
        FROM stories_membership AS held {people.format("held.politician_id")}
        WHERE {role_is.format("held.role")}
        UNION ALL
        SELECT person.id, {ROLE}.0, 0, person.role, '|' FROM stories_politician AS person
        WHERE {on_record} AND {role_is.format("person.role")}
        UNION ALL
        SELECT claim.speaker_id, {PRINTED}.0, 0, min(printed.speaker_role),
            min({said}) || '|' || max({said})
        FROM stories_appearance AS printed JOIN stories_claim AS claim ON claim.id = printed.claim_id
        {people.format("claim.speaker_id")}
        WHERE printed.speaker_role IN ({", ".join(["%s"] * len(spelt))})
            AND printed.public_from <= %s{in_time}
        GROUP BY claim.speaker_id"""
    return sql, [*roles, *roles, *spelt, timezone.now(), *limits]


def _is_one(column: str, offices: list[str]) -> tuple[str, list[str]]:
    """The condition that a role is one of the offices, alone or with another, and its parameters."""
    one = f"lower({column}) = %s OR lower({column}) LIKE %s OR lower({column}) LIKE %s"
    values = [value for office in offices for value in (office, f"{office} and %", f"{office}, %")]
    return f"({' OR '.join([one] * len(offices))})", values


def _in_time(day: str, days: Days | None) -> tuple[str, list[str]]:
    limits = [
        (f" AND {day} {sign} %s", moment.isoformat())
        for sign, moment in ((">=", days and days.first), ("<=", days and days.last))
        if moment
    ]
    return "".join(sql for sql, _ in limits), [value for _, value in limits]


def spellings(office: str) -> list[str]:
    """Return an office as papers print it: so that an index of what was printed finds it."""
    capitals = " ".join(word if word in _SMALL else word.capitalize() for word in office.split())
    plain = [office, capitals, office.capitalize(), office.upper()]
    return list(dict.fromkeys([*plain, *(f"the {one}" for one in plain[:2])]))


def holding(row: tuple[Any, ...]) -> Holding:
    """Return a row of what was `asked`."""
    person, source, _, role, between = row
    first, last = (date.fromisoformat(day[:10]) if day else None for day in between.split("|"))
    return Holding(person, int(source), role, first, last)


def holders(found: Iterable[Holding], days: Days | None, today: date) -> dict[int, str]:
    """Return whom to name, those who hold the office first, with what the record says of it.

    With days that were asked for, who held it then; a role without days says nothing about then.
    """
    ranked: dict[int, tuple[tuple[bool, int, date], Holding]] = {}
    for one in found:
        if days and (one.source == ROLE or not days.has(one.first, one.last)):
            continue
        place = _place(one, today)
        if one.person not in ranked or place > ranked[one.person][0]:
            ranked[one.person] = place, one
    best = sorted(ranked.values(), key=lambda pair: pair[0], reverse=True)[:MOST_HOLDERS]
    return {one.person: said_of(one) for _, one in best}


def _place(one: Holding, today: date) -> tuple[bool, int, date]:
    held = one.source == MEMBERSHIP
    holds_it = one.source == ROLE or (held and (one.first or date.min) <= today <= (one.last or date.max))
    latest = one.first if holds_it and held else one.last
    return holds_it, one.source if holds_it else 0, latest or date.min


def said_of(one: Holding) -> str:
    """Return what the record says of somebody in an office, for a line under their name."""
    if one.source == ROLE:
        return ""
    role = one.role[:1].upper() + one.role[1:]
    if one.source == PRINTED:
        return f"Named as “{one.role}” here on {_days(one.first, one.last)}"
    if one.first and one.last:
        return f"{role}, {_day(one.first)} to {_day(one.last)}"
    if one.first:
        return f"{role} since {_day(one.first)}"
    return f"{role} until {_day(one.last)}" if one.last else role


def _days(first: date | None, last: date | None) -> str:
    days = list(dict.fromkeys(_day(day) for day in (first, last) if day))
    return " and ".join(days)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
