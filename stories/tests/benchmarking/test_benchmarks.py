"""A measurement measures what it says, changes nothing, and refuses what it cannot do. No time is judged."""

import json
from io import StringIO

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command

from stories.benchmarking.admin import addresses as screens
from stories.benchmarking.made_up_newsroom import populate
from stories.benchmarking.site import addresses as pages
from stories.benchmarking.timing import Series, measure
from stories.models import Politician, ReviewLease

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsroom() -> None:
    populate(stories=12, claims=80)


def benchmark(kind: str, *arguments: str) -> list[dict]:
    said = StringIO()
    call_command("benchmark", kind, "--repeats", "1", "--json", *arguments, stdout=said, stderr=StringIO())
    return json.loads(said.getvalue())


def test_every_kind_of_page_is_asked_for_and_its_queries_are_counted(newsroom: None) -> None:
    rows = benchmark("site")
    assert [row["name"] for row in rows] == list(pages())
    assert all(row["queries"] > 0 for row in rows)
    assert all(row["cold"]["median_ms"] > 0 and row["warm"]["a_second"] > 0 for row in rows)
    assert {row["304"]["times"] for row in rows} == {1}


def test_every_list_of_the_desk_is_opened_and_nothing_of_it_stays(newsroom: None) -> None:
    rows = benchmark("desk")
    names = [row["name"] for row in rows]
    assert set(screens()) < set(names)
    assert sum(name.startswith("list of ") for name in names) == len(admin.site._registry)
    assert not User.objects.exists()
    assert not ReviewLease.objects.exists()


def test_only_what_is_named_is_measured(newsroom: None) -> None:
    assert [row["name"] for row in benchmark("site", "claims by p")] == [
        "claims by party",
        "claims by party and verdict",
    ]


def test_the_table_has_a_line_for_each_thing(newsroom: None) -> None:
    said = StringIO()
    call_command("benchmark", "site", "--repeats", "1", "parties", stdout=said, stderr=StringIO())
    assert "parties (1×)" in said.getvalue()
    assert "cached" in said.getvalue()
    assert "304, ms" in said.getvalue()


def test_the_table_can_be_pasted_into_a_page(newsroom: None) -> None:
    said = StringIO()
    call_command("benchmark", "desk", "--repeats", "1", "--markdown", "a key", stdout=said, stderr=StringIO())
    heading, rule, row = said.getvalue().splitlines()
    assert heading.count("|") == rule.count("|") == row.count("|") == 7
    assert row.startswith("| a key in the review queue (1×) |")


def test_what_is_slow_is_done_a_few_times_only() -> None:
    assert len(measure("act", list, repeats=50, seconds=0).cold.times) == 5
    assert len(measure("act", list, repeats=3, seconds=0).warm.times) == 3


@pytest.mark.parametrize("kind", ["site", "desk"])
def test_an_empty_newsroom_and_an_unknown_name_are_refused(kind: str) -> None:
    with pytest.raises(CommandError, match="populate"):
        benchmark(kind)
    populate(stories=12, claims=80)
    assert Politician.objects.exists()
    with pytest.raises(CommandError, match="Nothing here is called nonsense"):
        benchmark(kind, "nonsense")


def test_the_times_are_summed_up_by_rank() -> None:
    series = Series(tuple(float(number) for number in range(1, 201)))
    assert (series.median, series.p99) == (100.5, 198.0)
    assert Series((500.0, 500.0)).a_second == 2


def test_a_thing_is_done_with_an_empty_cache_and_with_a_filled_one() -> None:
    found: list[object] = []

    def act() -> None:
        found.append(cache.get("benchmark"))
        cache.set("benchmark", True)

    measure("act", act, repeats=3)
    assert found == [None, None, None, None, None, True, True, True]


def test_measuring_leaves_what_others_keep_in_the_same_cache_alone() -> None:
    cache.set("front", "as it was")
    before = cache.key_prefix
    measure("act", lambda: cache.get("front"), repeats=1)
    assert cache.get("front") is None
    cache.key_prefix = before
    assert cache.get("front") == "as it was"
