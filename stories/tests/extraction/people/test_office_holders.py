"""The holder of a high office whom a story never calls by it: the public record, read with made-up people."""

from datetime import date

import pytest

from stories.extraction import WordLists, extract
from stories.extraction.words import rows

LISTS = WordLists(
    {
        "holders": """
prime minister\tAnn Tarrant\t2001-05-03\t2009-02-01
chancellor\tNeil Ottley\t2001-05-03\t2009-02-01
prime minister\tNeil Ottley\t2009-02-01\t2013-06-09
prime minister\tTom Garrow\t1994-01-01\t2001-05-03
Conservative leader\tFay Orrin\t2003-01-01\t2007-01-01
Labour leader\tJoan Orrin\t2013-01-01\t2017-01-01
"""
    }
)
OPENING = "Ann Tarrant and Neil Ottley met on Monday."


def speaker(text: str, written: date | None = None) -> str | None:
    return extract(text, written=written, lists=LISTS).quotations[-1].speaker


@pytest.mark.parametrize(
    ("names", "office", "expected"),
    [
        (OPENING, "the prime minister", "Ann Tarrant"),
        (OPENING, "the chancellor", "Neil Ottley"),
        (OPENING, "the PM", "Ann Tarrant"),
        (OPENING, "the Welsh prime minister", None),
        (OPENING, "the minister", None),
        ("Ann Tarrant, Neil Ottley and Mrs Fay Orrin met.", "the Tory leader", "Fay Orrin"),
        ("Ann Tarrant, Neil Ottley and Mrs Fay Orrin met.", "the Labour leader", None),
    ],
)
def test_the_record_tells_who_held_an_office_nobody_is_called_by(names, office, expected):
    assert (
        speaker(f"{names} Later the pilots cheered when {office} said: “Nobody will lose a berth.”")
        == expected
    )


def test_what_the_record_alone_tells_is_never_taken_unread():
    (found,) = extract(
        f"{OPENING} Later the prime minister said: “Nobody will lose a berth.”", lists=LISTS
    ).quotations
    assert found.confidence < 0.9
    assert "prime minister at the time" in found.reasons[0]


def test_an_office_printed_with_a_name_goes_before_the_record():
    text = "Ann Tarrant met the prime minister, Hugh Roe. Later the prime minister said: “Nobody will sink.”"
    assert speaker(text) == "Hugh Roe"


def test_the_offices_a_story_prints_and_speaks_of_tell_its_time():
    text = (
        "Tom Garrow wrote to {} Neil Ottley. On Tuesday the prime minister said: “Nobody will lose a berth.”"
    )
    assert speaker(text.format("Chancellor")) is None
    assert speaker(text.format("the pilot")) is None
    assert (
        speaker("Neil Ottley wrote. On Tuesday the prime minister said: “Nobody will sink.”") == "Neil Ottley"
    )


def test_the_day_a_story_was_written_goes_before_whatever_it_prints():
    text = f"{OPENING} On Tuesday the prime minister said: “Nobody will lose a berth.”"
    assert speaker(text, date(2005, 1, 1)) == "Ann Tarrant"
    assert speaker(text, date(2010, 1, 1)) == "Neil Ottley"
    assert speaker(text, date(2020, 1, 1)) is None


def test_an_office_that_is_over_is_not_theirs_any_more():
    text = "{} Tom Garrow met the pilots. On Tuesday the prime minister said: “Nobody will lose a berth.”"
    assert speaker(text.format("The conductor")) == "Tom Garrow"
    assert speaker(text.format("The former prime minister")) != "Tom Garrow"


def test_a_surname_alone_may_be_anybodys_on_record():
    text = "Ann Tarrant met Mr Ottley. On Tuesday the chancellor said: “Nobody will lose a berth.”"
    assert speaker(text) == "Mr Ottley"


def test_who_is_named_only_later_is_not_meant_by_the_record():
    text = (
        "The prime minister said: “Nobody will lose a berth.” It was under Ann Tarrant that boats were built."
    )
    assert speaker(text) is None


def test_the_shipped_record_is_whole_and_of_days_in_their_order():
    record = rows("holders")
    assert len(record) > 100
    for office, name, start, end in record:
        assert office, name
        assert " " in name
        assert date.fromisoformat(start) < date.fromisoformat(end)


def test_an_office_is_never_two_peoples_on_one_day():
    """Two spellings of one name aside."""
    held: dict[str, list[tuple[str, str, str]]] = {}
    for office, name, start, end in rows("holders"):
        held.setdefault(office, []).append((start, end, name.split()[-1]))
    for own in held.values():
        for (_, end, name), (start, _, other) in zip(sorted(own), sorted(own)[1:], strict=False):
            assert end <= start or name == other
