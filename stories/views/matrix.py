"""The matrix of who spoke about whom: speakers in rows, the people they spoke about in columns.

People stand by their parties, which are in one order on both sides. Where there are too many for one picture,
parties stand in their place, and a row's party opens onto its people. A cell's square grows with its number,
which is written in it.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from django.db import connections
from django.db.models import Count, QuerySet

from stories.models import ClaimHeading, Party, Politician

MOST = 30  # people, or parties, on a side; of more, the last stand together
SIZES = 8  # of the squares
SHORT_FROM = 10_000  # counts from here on are written in thousands

NO_PARTY = "No party"
OTHERS = "others"  # the key of the line of all others

Pairs = Mapping[Any, int]  # numbers of claims by (row, column)


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column: a person, a party, or neither for those without a party or all others together."""

    name: str
    count: int
    person: Politician | None = None
    party: Party | None = None

    @property
    def shown(self) -> str:
        """The number, short enough for a cell."""
        return shortened(self.count)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of claims, and the size of its square: 1 to SIZES, its area by the number."""

    count: int
    size: int

    @property
    def shown(self) -> str:
        """The number, short enough for a cell."""
        return shortened(self.count)


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a cell, or None for no claims, in each column."""

    line: Line
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows and columns in the groups they stand in: parties with their people; without names, one group."""

    rows: list[tuple[str, list[Row]]]
    columns: list[tuple[str, list[Line]]]
    kind: Literal["people", "people of parties", "parties"]

    @property
    def width(self) -> int:
        """How many columns it has, with that of names and that of sums."""
        return sum(len(lines) for _, lines in self.columns) + 2


def shortened(count: int) -> str:
    """Return a count in at most four characters up to 999,999: 12k for 12,345."""
    return str(count) if count < SHORT_FROM else f"{count // 1000}k"


def of_people(pairs: Sequence[tuple[Politician, Politician, int]]) -> Matrix | None:
    """Return the matrix of people by party; None without claims, or with too many people on a side."""
    if not pairs or any(len({pair[side] for pair in pairs}) > MOST for side in (0, 1)):
        return None
    counts = {(speaker.pk, about.pk): count for speaker, about, count in pairs}
    people = {person.pk: person for pair in pairs for person in pair[:2]}
    sums: Counter[str] = Counter()
    for speaker, about, count in pairs:
        sums[_party_of(speaker)] += count
        sums[_party_of(about)] += count
    order = sorted(sums, key=lambda party: (party == NO_PARTY, -sums[party], party))
    rows, columns = (_by_party(people, _totals(counts, side), order) for side in (0, 1))
    return _made(counts, rows, columns, "people")


def of_parties(counts: Pairs, people: Mapping[int, Politician], parties: Mapping[int, Party]) -> Matrix:
    """Return the matrix of parties; with `people`, its rows are theirs, the columns parties all the same.

    `counts` are by (speaker's party, or speaker; party of whom it is about), each by primary key or None.
    """
    sides: list[list[tuple[str, list[tuple[Hashable, Line]]]]] = []
    both = _totals(counts, 0) + _totals(counts, 1)
    for side in (0, 1):
        lines: list[tuple[Hashable, Line]] = []
        totals = _totals(counts, side)
        for key in sorted(totals, key=lambda key: (key is None, -(totals if people else both)[key])):
            count = totals[key]
            person = people.get(key) if side == 0 and isinstance(key, int) else None
            party = parties.get(key) if person is None and isinstance(key, int) else None
            name = person.name if person else str(party) if party else NO_PARTY
            lines.append((key, Line(name, count, person, party)))
        sides.append([("", _at_most(lines))])
    return _made(counts, sides[0], sides[1], "people of parties" if people else "parties")


def by_parties(headings: QuerySet[ClaimHeading]) -> dict[tuple[int | None, int | None], int]:
    """Return the number of claims by (party of the speaker, party of whom they are about)."""
    return _summed(headings, "speaker.party_id")


def by_people_and_parties(headings: QuerySet[ClaimHeading]) -> dict[tuple[int | None, int | None], int]:
    """Return the number of claims by (speaker, party of whom they are about)."""
    return _summed(headings, "speaker.id")


def _summed(headings: QuerySet[ClaimHeading], row: str) -> dict[tuple[int | None, int | None], int]:
    pairs = headings.order_by().values("speaker", "person").annotate(number=Count("*"))
    sql, values = pairs.query.sql_with_params()
    with connections[headings.db].cursor() as cursor:
        cursor.execute(
            f"SELECT {row}, about.party_id, SUM(pairs.number) FROM ({sql}) AS pairs "  # noqa: S608  (fixed SQL)
            "JOIN stories_politician AS speaker ON speaker.id = pairs.speaker "
            f"JOIN stories_politician AS about ON about.id = pairs.person GROUP BY {row}, about.party_id",
            values,
        )
        return {(one, other): int(number) for one, other, number in cursor.fetchall()}


def _totals(counts: Pairs, side: int) -> Counter[Hashable]:
    totals: Counter[Hashable] = Counter()
    for pair, count in counts.items():
        totals[pair[side]] += count
    return totals


def _party_of(person: Politician) -> str:
    return str(person.party.label) if person.party else NO_PARTY


def _by_party(
    people: Mapping[int, Politician], totals: Counter[Hashable], order: Sequence[str]
) -> list[tuple[str, list[tuple[Hashable, Line]]]]:
    """Parties in their order; in each, people with most claims first."""
    groups: dict[str, list[tuple[Hashable, Line]]] = {party: [] for party in order}
    for key, count in totals.most_common():
        person = people[key]  # type: ignore[index]
        groups[_party_of(person)].append((key, Line(person.name, count, person)))
    return [(party, lines) for party, lines in groups.items() if lines]


def _at_most(lines: list[tuple[Hashable, Line]]) -> list[tuple[Hashable, Line]]:
    if len(lines) <= MOST:
        return lines
    others = sum(line.count for _, line in lines[MOST - 1 :])
    return [*lines[: MOST - 1], (OTHERS, Line("All others", others))]


def _made(
    counts: Pairs,
    rows: Iterable[tuple[str, list[tuple[Hashable, Line]]]],
    columns: list[tuple[str, list[tuple[Hashable, Line]]]],
    kind: Literal["people", "people of parties", "parties"],
) -> Matrix:
    rows = list(rows)
    shown = [{key for _, lines in side for key, _ in lines} for side in (rows, columns)]
    cells: Counter[tuple[Hashable, Hashable]] = Counter()
    for (one, other), count in counts.items():
        cells[one if one in shown[0] else OTHERS, other if other in shown[1] else OTHERS] += count
    most = max(cells.values(), default=1)
    order = [key for _, lines in columns for key, _ in lines]

    def cell(row: Hashable, column: Hashable) -> Cell | None:
        count = cells.get((row, column), 0)
        return Cell(count, max(1, round(SIZES * sqrt(count / most)))) if count else None

    return Matrix(
        [
            (name, [Row(line, [cell(key, column) for column in order]) for key, line in lines])
            for name, lines in rows
        ],
        [(name, [line for _, line in lines]) for name, lines in columns],
        kind,
    )
