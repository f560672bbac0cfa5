"""The geometry of the charts, which templates draw as SVG.

Lengths are in units of the SVG's view box. A chart also holds its figures: the page shows them as a table
too.
"""

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Unit = Literal["month", "year"]

BY_MONTHS = 10 * 366  # days: the longest time range shown by months; a longer one is shown by years
FEWEST_PERIODS = 6  # with something in them; fewer are sooner read as figures than as bars
MOST_BARS = 125
TIME_WIDTH, HALF_HEIGHT, GAP, WIDEST_BAR = 600.0, 60.0, 0.18, 22.0


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a year (by its first day), with the counts above and below the axis."""

    start: datetime.date
    above: int
    below: int

    @property
    def total(self) -> int:
        """The two counts together."""
        return self.above + self.below


@dataclass(frozen=True, slots=True)
class Bar:
    """A period's bar: its left edge and width, the top of the part above the axis, and both heights."""

    period: Period
    x: float
    width: float
    above_y: float
    above_height: float
    below_height: float


@dataclass(frozen=True, slots=True)
class TimeChart:
    """Bars above and below an axis (`line_y`); `busiest` is the period with the highest count."""

    unit: Unit
    bars: tuple[Bar, ...]
    busiest: Period
    line_y: float
    width: float
    height: float

    @property
    def first(self) -> datetime.date:
        """The first period."""
        return self.bars[0].period.start

    @property
    def last(self) -> datetime.date:
        """The last period."""
        return self.bars[-1].period.start

    @property
    def date_format(self) -> str:
        """The format in which Django's `date` filter writes a period."""
        return {"month": "F Y", "year": "Y"}[self.unit]

    @property
    def most_above(self) -> int:
        """The highest count above the axis."""
        return max(bar.period.above for bar in self.bars)

    @property
    def most_below(self) -> int:
        """The highest count below the axis."""
        return max(bar.period.below for bar in self.bars)


def over_time(
    above: Mapping[datetime.date, int], below: Mapping[datetime.date, int] | None = None
) -> TimeChart | None:
    """Return a chart of counts by day, grouped into months or years.

    None when the counts fall into fewer than FEWEST_PERIODS. Of more than MOST_BARS periods the last ones are
    shown.
    """
    below = below or {}
    days = sorted(day for counts in (above, below) for day, count in counts.items() if count)
    if not days:
        return None
    unit = _unit(days[0], days[-1])
    periods = _periods(days[0], days[-1], unit)
    tops, bottoms = _gathered(above, unit), _gathered(below, unit)
    counted = [Period(start, tops.get(start, 0), bottoms.get(start, 0)) for start in periods]
    if sum(1 for period in counted if period.above or period.below) < FEWEST_PERIODS:
        return None
    return _drawn(counted, unit)


def _unit(first: datetime.date, last: datetime.date) -> Unit:
    length = (last - first).days + 1
    return "month" if length <= BY_MONTHS else "year"


def _start(day: datetime.date, unit: Unit) -> datetime.date:
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _periods(first: datetime.date, last: datetime.date, unit: Unit) -> list[datetime.date]:
    """Return the first day of each period between two days, including periods without counts."""
    periods = [_start(first, unit)]
    while periods[-1] < _start(last, unit):
        day = periods[-1]
        if unit == "month":
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
    busiest = max(periods, key=lambda period: period.total)
    below = max(bar.below_height for bar in bars)
    height = HALF_HEIGHT + (HALF_HEIGHT if below else 1)
    return TimeChart(unit, bars, busiest, HALF_HEIGHT, TIME_WIDTH, height)


# --- who spoke about whom ---------------------------------------------------------------------------

Who = TypeVar("Who", bound=Hashable)
SHADES = 5
ROW_HEIGHT = 30.0
SHORT_FROM = 10_000  # counts from here on are written in thousands


@dataclass(frozen=True, slots=True)
class Paper:
    """The dimensions of a grid, and the number of people on each side."""

    names: float  # width of the speakers' names
    square: float  # width of a column
    head: float  # height of the columns' names
    turn: int  # degrees by which the columns' names are rotated
    overhang: float  # beyond the right edge, for the end of a rotated name
    letters: int  # after which a name is cut
    rows: int
    columns: int


DESK_PAPER = Paper(names=176, square=38, head=100, turn=-45, overhang=36, letters=18, rows=12, columns=10)
PHONE_PAPER = Paper(names=110, square=31, head=116, turn=-90, overhang=0, letters=15, rows=12, columns=5)


@dataclass(frozen=True, slots=True)
class Line(Generic[Who]):
    """A row or column: a person, or None for all others together, with the number of their claims."""

    who: Who | None
    count: int
    middle: float

    @property
    def shown(self) -> str:
        """The number, short enough for a square."""
        return shortened(self.count)


@dataclass(frozen=True, slots=True)
class Square(Generic[Who]):
    """The number of claims by one person about another.

    `shade` is from 1 to SHADES by that number, or 0 where one side is all others together.
    """

    row: Line[Who]
    column: Line[Who]
    count: int
    shade: int

    @property
    def shown(self) -> str:
        """The number, short enough for a square."""
        return shortened(self.count)


@dataclass(frozen=True, slots=True)
class Grid(Generic[Who]):
    """Speakers in rows, the people they spoke about in columns; every claim is in one square."""

    paper: Paper
    rows: tuple[Line[Who], ...]
    columns: tuple[Line[Who], ...]
    squares: tuple[Square[Who], ...]

    @property
    def edge(self) -> float:
        """The right end of the rows, behind the column of sums; only a rotated name goes beyond it."""
        return self.columns[-1].middle + self.paper.square * 1.5

    @property
    def width(self) -> float:
        """The width of the view box."""
        return self.edge + self.paper.overhang

    @property
    def height(self) -> float:
        """The height of the view box."""
        return self.rows[-1].middle + ROW_HEIGHT / 2 + 1

    @property
    def half_row(self) -> float:
        """Half of a row's height."""
        return ROW_HEIGHT / 2

    @property
    def half_square(self) -> float:
        """Half of a column's width."""
        return self.paper.square / 2


def shortened(count: int) -> str:
    """Return a count in at most four characters up to 999,999: 12k for 12,345."""
    return str(count) if count < SHORT_FROM else f"{count // 1000}k"


def grid(pairs: Sequence[tuple[Who, Who, int]], paper: Paper) -> Grid[Who] | None:
    """Return the grid of (speaker, about whom, number of claims), None without claims.

    Rows are the speakers with most claims, columns the people these speak about most.
    """
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
    """Return up to `most` of those with the highest totals, highest first.

    When there are more, one place is left free for all others together.
    """
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
    """Return the shade of a count: 1 for a single claim, SHADES for the highest count."""
    return 1 + round((count - 1) * (SHADES - 1) / (most - 1)) if most > 1 else 1
