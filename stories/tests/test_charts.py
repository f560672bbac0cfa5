"""The charts' geometry: nothing is lost, nothing stands outside the picture."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from stories import charts

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


def test_time_is_shown_by_days_months_or_years_with_the_empty_ones_between() -> None:
    day = datetime.date
    by_days = charts.over_time({day(2019, 2, 27): 1, day(2019, 3, 2): 2})
    assert (by_days.unit, [bar.period.above for bar in by_days.bars]) == ("day", [1, 0, 0, 2])
    by_months = charts.over_time({day(2018, 11, 30): 1, day(2019, 2, 2): 2}, {day(2019, 1, 5): 4})
    assert by_months.unit == "month"
    assert [(bar.period.above, bar.period.below) for bar in by_months.bars] == [
        (1, 0),
        (0, 0),
        (0, 4),
        (2, 0),
    ]
    assert by_months.busiest.start == day(2019, 1, 1)
    by_years = charts.over_time({day(1999, 11, 30): 1, day(2019, 2, 2): 2})
    assert (by_years.unit, len(by_years.bars)) == ("year", 21)


def test_one_day_or_none_makes_no_chart() -> None:
    assert charts.over_time({}) is None
    assert charts.over_time({datetime.date(2019, 1, 1): 7}) is None
    assert charts.flow([]) is None


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 200)), min_size=1, max_size=150))
def test_every_claim_is_in_one_ribbon_and_every_name_in_the_picture(
    pairs: list[tuple[str, str, int]],
) -> None:
    picture = charts.flow(pairs)
    total = sum(count for _, _, count in pairs)
    drawn = total - picture.undrawn
    assert sum(ribbon.count for ribbon in picture.ribbons) == drawn
    for ends in (picture.sources, picture.targets):
        assert sum(end.count for end in ends) == drawn
        assert len(ends) <= charts.MOST_NAMES
        for one, next_one in zip(ends, ends[1:], strict=False):
            assert one.y + one.height <= next_one.y
        assert ends[-1].y + ends[-1].height <= picture.height
        assert all(
            end.count * charts.THICKEST / max(r.count for r in picture.ribbons) <= end.height + 0.1
            for end in ends
        )


def test_with_many_people_the_least_heard_stand_together_and_last() -> None:
    pairs = [(f"Speaker {number}", "Ada Aldous", 200 - number) for number in range(150)]
    picture = charts.flow(pairs)
    assert [end.name for end in picture.sources][:2] == ["Speaker 0", "Speaker 1"]
    assert picture.sources[-1].name == ""
    assert picture.sources[-1].count == sum(200 - number for number in range(15, 150))
    assert [end.name for end in picture.targets] == ["Ada Aldous"]
