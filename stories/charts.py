"""Where the shapes of the charts stand: plain geometry, which templates draw as SVG.

Lengths are in the units of the SVG's own view box. The figures behind each chart come with it, because the
page prints them as a table too.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

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

FLOW_WIDTH, NAMES_WIDTH, ROW = 820.0, 200.0, 24.0
NODE_WIDTH, SPACE, THICKEST = 8.0, 8.0, 16.0
MOST_NAMES = 16  # on each side; the rest stand together in a last row


@dataclass(frozen=True, slots=True)
class End:
    """A name at one side of the picture, and how many claims lead from or to it."""

    name: str
    count: int
    y: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 2)


@dataclass(frozen=True, slots=True)
class Ribbon:
    source: str
    target: str
    count: int
    path: str
    thickness: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Names to the left, names to the right, and a ribbon for each pair, as thick as it has claims.

    `undrawn` claims are those of people not shown about people not shown: one broad band would say nothing.
    """

    sources: tuple[End, ...]
    targets: tuple[End, ...]
    ribbons: tuple[Ribbon, ...]
    undrawn: int
    width: float
    height: float
    left: float
    right: float
    left_names: float
    right_names: float
    node: float


def flow(pairs: Sequence[tuple[str, str, int]]) -> Flow | None:
    """A picture of (who, about whom, how many claims); the names with most claims on top."""
    pairs = [pair for pair in pairs if pair[2] > 0]
    if not pairs:
        return None
    sources, targets = _ranking(pairs, 0), _ranking(pairs, 1)
    gathered: dict[tuple[str, str], int] = {}
    for source, target, count in pairs:
        key = (_or_others(source, sources), _or_others(target, targets))
        gathered[key] = gathered.get(key, 0) + count
    undrawn = gathered.pop(("", ""), 0)
    unit = THICKEST / max(gathered.values())
    left_ends, right_ends = _ends(gathered, 0, unit), _ends(gathered, 1, unit)
    height = max(ends[-1].y + ends[-1].height for ends in (left_ends, right_ends)) + SPACE
    left, right = NAMES_WIDTH, FLOW_WIDTH - NAMES_WIDTH
    ribbons = _ribbons(gathered, left_ends, right_ends, unit, left + NODE_WIDTH, right - NODE_WIDTH)
    return Flow(
        left_ends,
        right_ends,
        ribbons,
        undrawn,
        width=FLOW_WIDTH,
        height=height,
        left=left,
        right=right - NODE_WIDTH,
        left_names=left - SPACE,
        right_names=right + SPACE,
        node=NODE_WIDTH,
    )


def _ranking(pairs: Sequence[tuple[str, str, int]], side: Literal[0, 1]) -> list[str]:
    totals: dict[str, int] = {}
    for pair in pairs:
        totals[pair[side]] = totals.get(pair[side], 0) + pair[2]
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    return ranked if len(ranked) <= MOST_NAMES else ranked[: MOST_NAMES - 1]


def _or_others(name: str, shown: Sequence[str]) -> str:
    return name if name in shown else ""


def _ends(gathered: Mapping[tuple[str, str], int], side: Literal[0, 1], unit: float) -> tuple[End, ...]:
    """The names of one side from top to bottom; "" is all the others, and stands last."""
    totals: dict[str, int] = {}
    for pair, count in gathered.items():
        totals[pair[side]] = totals.get(pair[side], 0) + count
    ends, y = [], SPACE
    for name in sorted(totals, key=lambda name: (name == "", -totals[name], name)):
        height = max(ROW, totals[name] * unit)
        ends.append(End(name, totals[name], round(y, 2), round(height, 2)))
        y += height + SPACE
    return tuple(ends)


def _ribbons(
    gathered: Mapping[tuple[str, str], int],
    sources: Sequence[End],
    targets: Sequence[End],
    unit: float,
    left: float,
    right: float,
) -> tuple[Ribbon, ...]:
    starts = {end.name: end.middle - end.count * unit / 2 for end in sources}
    ends = {end.name: end.middle - end.count * unit / 2 for end in targets}
    rows = {end.name: row for row, end in enumerate(sources)}
    columns = {end.name: row for row, end in enumerate(targets)}
    landing: dict[tuple[str, str], float] = {}
    for source, target in sorted(gathered, key=lambda pair: (columns[pair[1]], rows[pair[0]])):
        thickness = gathered[source, target] * unit
        landing[source, target] = ends[target] + thickness / 2
        ends[target] += thickness
    ribbons, bend = [], (left + right) / 2
    for source, target in sorted(gathered, key=lambda pair: (rows[pair[0]], columns[pair[1]])):
        thickness = gathered[source, target] * unit
        y, to = starts[source] + thickness / 2, landing[source, target]
        starts[source] += thickness
        path = f"M{left:g} {y:.2f}C{bend:g} {y:.2f} {bend:g} {to:.2f} {right:g} {to:.2f}"
        count = gathered[source, target]
        ribbons.append(Ribbon(source, target, count, path, round(max(thickness, 1.5), 2)))
    return tuple(ribbons)
