"""The charts' geometry: nothing is lost, nothing stands outside the picture."""

import datetime

import pytest
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
    assert charts.grid([], charts.DESK_PAPER) is None


@pytest.mark.parametrize("paper", [charts.DESK_PAPER, charts.PHONE_PAPER])
@given(pairs=st.lists(st.tuples(NAMES, NAMES, st.integers(1, 200)), min_size=1, max_size=150))
def test_every_claim_is_in_one_square_and_every_line_on_the_paper(
    paper: charts.Paper, pairs: list[tuple[str, str, int]]
) -> None:
    picture = charts.grid(pairs, paper)
    total = sum(count for _, _, count in pairs)
    assert sum(square.count for square in picture.squares) == total
    assert len({(square.row.who, square.column.who) for square in picture.squares}) == len(picture.squares)
    for lines, most in ((picture.rows, paper.rows), (picture.columns, paper.columns)):
        assert sum(line.count for line in lines) == total
        assert len(lines) <= most + 1
    assert picture.rows[-1].middle + charts.ROW_HEIGHT / 2 < picture.height
    assert picture.columns[-1].middle + paper.square < picture.edge <= picture.width


def test_with_many_people_the_least_heard_stand_together_and_last() -> None:
    pairs = [(f"Speaker {number}", "Ada Aldous", 200 - number) for number in range(150)]
    picture = charts.grid(pairs, charts.DESK_PAPER)
    assert [row.who for row in picture.rows][:2] == ["Speaker 0", "Speaker 1"]
    shown = charts.DESK_PAPER.rows - 1
    assert (len(picture.rows), picture.rows[-1].who) == (shown + 1, None)
    assert picture.rows[-1].count == sum(200 - number for number in range(shown, 150))
    assert [column.who for column in picture.columns] == ["Ada Aldous"]


def test_the_more_claims_the_stronger_the_square_and_all_others_have_none() -> None:
    pairs = [("Ada", "Bram", 9), ("Ada", "Cleo", 5), ("Bram", "Cleo", 1)]
    shades = {(s.row.who, s.column.who): s.shade for s in charts.grid(pairs, charts.PHONE_PAPER).squares}
    assert shades == {("Ada", "Bram"): charts.SHADES, ("Ada", "Cleo"): 3, ("Bram", "Cleo"): 1}
    many = [*pairs, *((f"Speaker {number}", "Dov", 1) for number in range(20))]
    squares = charts.grid(many, charts.PHONE_PAPER).squares
    assert {s.shade for s in squares if None in (s.row.who, s.column.who)} == {0}
    alone = charts.grid([("Ada", "Bram", 1)], charts.PHONE_PAPER)
    assert [square.shade for square in alone.squares] == [1]


def test_a_number_too_long_for_its_square_is_given_in_thousands() -> None:
    assert [charts.shortened(count) for count in (7, 9_999, 10_000, 123_456)] == ["7", "9999", "10k", "123k"]
