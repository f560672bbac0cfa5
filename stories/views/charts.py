"""The geometry of the charts, which templates draw as SVG.

Lengths are in units of the SVG's view box. A chart also holds its figures: the page shows them as a table
too.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["month", "year"]

BY_MONTHS = 5 * 366  # days: the longest time range shown by months; a longer one is shown by years
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
