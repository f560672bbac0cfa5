"""Where the shapes of the charts stand: plain geometry, which templates draw as SVG.

Lengths are in the units of the SVG's own view box. The figures behind each chart come with it, because the
page prints them as a table too.
"""

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Unit = Literal["day", "month", "year"]

# The longest stretch of time shown by days, and by months; a longer one is shown by years.
BY_DAYS, BY_MONTHS = 62, 10 * 366
MOST_BARS = 125
TIME_WIDTH, HALF_HEIGHT, GAP, WIDEST_BAR = 600.0, 60.0, 0.18, 22.0


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a month or a year (by its first day), and what is counted in it above and below the line."""

    start: datetime.date
    above: int
    below: int


@dataclass(frozen=True, slots=True)
class Bar:
    period: Period
    x: float
    width: float
    above_y: float
    above_height: float
    below_height: float


@dataclass(frozen=True, slots=True)
class TimeChart:
    """Bars above and below a line; `busiest` is the period that has most."""

    unit: Unit
    bars: tuple[Bar, ...]
    busiest: Period
    line_y: float
    width: float
    height: float

    @property
    def first(self) -> datetime.date:
        return self.bars[0].period.start

    @property
    def last(self) -> datetime.date:
        return self.bars[-1].period.start

    @property
    def date_format(self) -> str:
        """How Django's `date` filter prints a period of this unit."""
        return {"day": "j F Y", "month": "F Y", "year": "Y"}[self.unit]


def over_time(
    above: Mapping[datetime.date, int], below: Mapping[datetime.date, int] | None = None
) -> TimeChart | None:
    """Counts by day gathered into days, months or years: none when fewer than two of these have any."""
    below = below or {}
    days = sorted(day for counts in (above, below) for day, count in counts.items() if count)
    if not days:
        return None
    unit = _unit(days[0], days[-1])
    periods = _periods(days[0], days[-1], unit)
    if len(periods) < 2:
        return None
    tops, bottoms = _gathered(above, unit), _gathered(below, unit)
    counted = [Period(start, tops.get(start, 0), bottoms.get(start, 0)) for start in periods]
    return _drawn(counted, unit)


def _unit(first: datetime.date, last: datetime.date) -> Unit:
    length = (last - first).days + 1
    return "day" if length <= BY_DAYS else "month" if length <= BY_MONTHS else "year"


def _start(day: datetime.date, unit: Unit) -> datetime.date:
    if unit == "day":
        return day
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _periods(first: datetime.date, last: datetime.date, unit: Unit) -> list[datetime.date]:
    """Every period from the first day's to the last one's, those with nothing in them too."""
    periods = [_start(first, unit)]
    while periods[-1] < _start(last, unit):
        day = periods[-1]
        if unit == "day":
            periods.append(day + datetime.timedelta(days=1))
        elif unit == "month":
            periods.append(day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1))
        else:
            periods.append(day.replace(year=day.year + 1))
    return periods[-MOST_BARS:]


def _gathered(counts: Mapping[datetime.date, int], unit: Unit) -> dict[datetime.date, int]:
    gathered: dict[datetime.date, int] = {}
    for day, count in counts.items():
        start = _start(day, unit)
        gathered[start] = gathered.get(start, 0) + count
    return gathered


def _drawn(periods: Sequence[Period], unit: Unit) -> TimeChart:
    most = max(1, *(max(period.above, period.below) for period in periods))
    scale = HALF_HEIGHT / most
    step = TIME_WIDTH / len(periods)
    width = min(step * (1 - GAP), WIDEST_BAR)
    bars = tuple(
        Bar(
            period,
            x=round(number * step + (step - width) / 2, 2),
            width=round(width, 2),
            above_y=round(HALF_HEIGHT - period.above * scale, 2),
            above_height=round(period.above * scale, 2),
            below_height=round(period.below * scale, 2),
        )
        for number, period in enumerate(periods)
    )
    busiest = max(periods, key=lambda period: period.above + period.below)
    height = HALF_HEIGHT + max(bar.below_height for bar in bars) + 1
    return TimeChart(unit, bars, busiest, HALF_HEIGHT, TIME_WIDTH, height)


# --- who spoke about whom ---------------------------------------------------------------------------

Who = TypeVar("Who", bound=Hashable)
SHADES = 5
ROW_HEIGHT, SHORT_FROM = 30.0, 10_000


@dataclass(frozen=True, slots=True)
class Paper:
    """What a grid is drawn on: how wide names and squares are, and how many people fit on each side."""

    names: float
    square: float
    head: float
    turn: int  # degrees that the columns' names are turned by
    overhang: float  # beyond the last square, for a name that leans
    letters: int  # of a name
    rows: int
    columns: int


DESK_PAPER = Paper(names=176, square=38, head=100, turn=-45, overhang=36, letters=18, rows=12, columns=10)
PHONE_PAPER = Paper(names=110, square=31, head=116, turn=-90, overhang=0, letters=15, rows=12, columns=5)


@dataclass(frozen=True, slots=True)
class Line(Generic[Who]):
    """A row or column of the grid: somebody (or None: everybody else together), and in how many claims."""

    who: Who | None
    count: int
    middle: float

    @property
    def shown(self) -> str:
        return shortened(self.count)


@dataclass(frozen=True, slots=True)
class Square(Generic[Who]):
    """How many claims by whom about whom; `shade` from 1 to SHADES, or 0 where either is everybody else."""

    row: Line[Who]
    column: Line[Who]
    count: int
    shade: int

    @property
    def shown(self) -> str:
        return shortened(self.count)


@dataclass(frozen=True, slots=True)
class Grid(Generic[Who]):
    """Speakers down, those they spoke about across; every claim is in one square."""

    paper: Paper
    rows: tuple[Line[Who], ...]
    columns: tuple[Line[Who], ...]
    squares: tuple[Square[Who], ...]

    @property
    def edge(self) -> float:
        """Where a row ends, with its sum; beyond it only a name leans over."""
        return self.columns[-1].middle + self.paper.square * 1.5

    @property
    def width(self) -> float:
        return self.edge + self.paper.overhang

    @property
    def height(self) -> float:
        return self.rows[-1].middle + ROW_HEIGHT / 2 + 1

    @property
    def half_row(self) -> float:
        return ROW_HEIGHT / 2

    @property
    def half_square(self) -> float:
        return self.paper.square / 2


def shortened(count: int) -> str:
    """A number that a square has room for."""
    return str(count) if count < SHORT_FROM else f"{count // 1000}k"


def grid(pairs: Sequence[tuple[Who, Who, int]], paper: Paper) -> Grid[Who] | None:
    """A picture of (who, about whom, how many claims): the loudest first, and whom they speak of most."""
    pairs = [pair for pair in pairs if pair[2] > 0]
    if not pairs:
        return None
    speakers = _most(((who, count) for who, _, count in pairs), paper.rows)
    heard = _most(((about, count) for who, about, count in pairs if who in speakers), paper.columns)
    gathered: Counter[tuple[Who | None, Who | None]] = Counter()
    for who, about, count in pairs:
        gathered[who if who in speakers else None, about if about in heard else None] += count
    rows = _lines(gathered, 0, speakers, paper.head + ROW_HEIGHT / 2, ROW_HEIGHT)
    columns = _lines(gathered, 1, heard, paper.names + paper.square / 2, paper.square)
    named = [count for (who, about), count in gathered.items() if who is not None and about is not None]
    squares = tuple(
        Square(row, column, count, _shade(count, max(named)) if None not in (row.who, column.who) else 0)
        for row in rows
        for column in columns
        if (count := gathered[row.who, column.who])
    )
    return Grid(paper, rows, columns, squares)


def _most(counted: Iterable[tuple[Who, int]], most: int) -> list[Who]:
    """Those with most claims, the most first; as many as fit, with a place kept for all others if need be."""
    totals: dict[Who, int] = {}
    for who, count in counted:
        totals[who] = totals.get(who, 0) + count
    ranked = sorted(totals, key=lambda who: -totals[who])
    return ranked if len(ranked) <= most else ranked[: most - 1]


def _lines(
    gathered: Mapping[tuple[Who | None, Who | None], int],
    side: Literal[0, 1],
    order: Sequence[Who],
    first: float,
    step: float,
) -> tuple[Line[Who], ...]:
    totals: Counter[Who | None] = Counter()
    for pair, count in gathered.items():
        totals[pair[side]] += count
    everybody = [*order, None] if totals[None] else [*order]
    return tuple(Line(who, totals[who], first + number * step) for number, who in enumerate(everybody))


def _shade(count: int, most: int) -> int:
    """The strongest shade for the most, the weakest for a single claim."""
    return 1 + round((count - 1) * (SHADES - 1) / (most - 1)) if most > 1 else 1
