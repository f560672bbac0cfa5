"""The charts' geometry: nothing is lost, nothing stands outside the picture."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from stories.views import charts

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 12, 31))
COUNTS = st.dictionaries(DAYS, st.integers(1, 500), max_size=30)
NAMES = st.sampled_from([f"Person {number}" for number in range(40)])


@given(COUNTS, COUNTS)
def test_every_count_is_in_one_bar_and_every_bar_in_the_picture(
    above: dict[datetime.date, int], below: dict[datetime.date, int]
) -> None:
    chart = charts.over_time(above, below)
    if chart is None:
        return
    periods = [bar.period for bar in chart.bars]
    if len(periods) < charts.MOST_BARS:
        assert sum(period.above for period in periods) == sum(above.values())
        assert sum(period.below for period in periods) == sum(below.values())
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= chart.width + 0.1
        assert bar.above_y >= -0.1
        assert abs(bar.above_y + bar.above_height - chart.line_y) < 0.1
        assert chart.line_y + bar.below_height <= chart.height + 0.1


def test_time_is_shown_by_months_or_years_with_the_empty_ones_between() -> None:
    day = datetime.date
    months = {day(2018, month, 3): 1 for month in range(7, 12)}
    by_months = charts.over_time(months | {day(2018, 11, 30): 1, day(2019, 2, 2): 2}, {day(2019, 1, 5): 4})
    assert by_months.unit == "month"
    assert [(bar.period.above, bar.period.below) for bar in by_months.bars][4:] == [
        (2, 0),
        (0, 0),
        (0, 4),
        (2, 0),
    ]
    assert by_months.busiest.start == day(2019, 1, 1)
    assert (by_months.most_above, by_months.most_below, by_months.busiest.total) == (2, 4, 4)
    by_years = charts.over_time({day(year, 1, 1): 1 for year in range(1999, 2004)} | {day(2019, 2, 2): 2})
    assert (by_years.unit, len(by_years.bars)) == ("year", 21)


def test_few_periods_make_no_chart() -> None:
    assert charts.over_time({}) is None
    months = [datetime.date(2019, month, 1) for month in (1, 3, 5, 7, 9)]
    assert charts.over_time(dict.fromkeys(months, 7), {months[0]: 1}) is None
