"""What is kept for a minute is counted right, and asked for once."""

import threading

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from stories.facets import counts
from stories.facets.filters import ClaimFilter
from stories.models import Claim, ClaimHeading
from stories.tests.factories import ClaimFactory, PartyFactory, PoliticianFactory, appearance_of

pytestmark = pytest.mark.django_db


def test_claims_are_counted_by_who_said_them_about_whom_and_under_which_tag() -> None:
    party = PartyFactory()
    ada, bram = PoliticianFactory(party=party), PoliticianFactory(party=party)
    hidden = PoliticianFactory(party=party, confirmed=False)
    for speaker, shown in ((ada, True), (ada, True), (bram, True), (hidden, True), (ada, False)):
        claim = ClaimFactory(speaker=speaker, about=[bram], tags=["harbours"])
        if shown:
            appearance_of(claim, outlet="the Post")
    assert counts.said() == {ada.pk: 2, bram.pk: 1, hidden.pk: 1}
    assert counts.said_by_party() == {party.pk: 3}
    assert counts.talked_about() == {bram.pk: 4}
    assert list(counts.tagged_claims().values()) == [4]
    assert counts.of_outlets() == {"the Post": 4}


def test_a_claim_told_twice_to_one_outlet_counts_once() -> None:
    claim = ClaimFactory()
    for _ in range(2):
        appearance_of(claim, outlet="the Post")
    assert counts.by_outlet(ClaimHeading.objects.published()) == counts.of_outlets() == {"the Post": 1}


def test_the_same_question_is_asked_of_the_database_once() -> None:
    appearance_of(ClaimFactory())
    counts.said()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        counts.said()
    assert len(queries) == 0


def browser(query: str, known_as: str = "claims") -> ClaimFilter:
    return ClaimFilter(QueryDict(query), queryset=Claim.objects.published(), known_as=known_as)


def test_what_is_kept_for_one_list_or_filter_is_no_answer_for_another() -> None:
    for rating in ("true", "false", "false"):
        appearance_of(
            ClaimFactory(rating=rating, wording=f"the wall is {rating} number {Claim.objects.count()}")
        )
    totals = {
        query: browser(query).total for query in ("", "verdict=false", "q=true", "q=true&verdict=false")
    }
    assert totals == {"": 3, "verdict=false": 2, "q=true": 1, "q=true&verdict=false": 0}
    assert totals == {query: browser(query).qs.count() for query in totals}
    none = ClaimFilter(QueryDict(""), queryset=Claim.objects.none(), known_as="nothing")
    assert none.total == 0


def test_an_outlet_is_found_whatever_its_capitals_unless_it_is_spelt_both_ways() -> None:
    appearance_of(ClaimFactory(), outlet="the Post")
    assert browser("outlet=THE+POST").total == 1
    assert browser("outlet=THE+POST").qs.count() == 1


def test_every_spelling_of_an_outlet_has_its_own_count() -> None:
    for outlet in ("the Post", "the post", "the post"):
        appearance_of(ClaimFactory(), outlet=outlet)
    outlets = next(facet for facet in browser("").facets if facet.name == "outlet")
    assert {value.value: value.count for value in outlets.values} == {"the post": 2, "the Post": 1}
    assert browser("outlet=the+post").qs.count() == 2
    assert browser("outlet=the+Post").qs.count() == 1


def test_words_that_are_none_find_nothing() -> None:
    appearance_of(ClaimFactory())
    assert not browser("q=--").qs.exists()
    assert browser("q=--").total == 0


def test_what_takes_long_to_count_is_kept_longer_and_what_does_not_for_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[float] = []

    class Watched:
        get = staticmethod(lambda key: None)
        add = staticmethod(lambda key, value, seconds: True)
        delete = staticmethod(lambda key: None)
        set = staticmethod(lambda key, answer, seconds: kept.append(seconds / 2))  # then as the last

    monkeypatch.setattr(counts, "cache", Watched)
    for seconds in (0.01, 3, 90):
        clock = iter([0, seconds])
        monkeypatch.setattr(counts.time, "monotonic", lambda clock=clock: next(clock))
        counts.cached("test", str(seconds), lambda: {})
    assert kept == [60, 300, 3600]


def test_nothing_is_an_answer_too() -> None:
    asked: list[int] = []
    for _ in range(2):
        assert counts.cached("test", "none", lambda: asked.append(1)) is None
    assert asked == [1]


class TestWhenManyAskAtOnce:
    """What is over is counted anew by one of them."""

    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        now = [1_000_000.0]
        monkeypatch.setattr(counts.time, "time", lambda: now[0])
        return now

    def test_the_others_get_the_last_answer_while_one_counts(self, clock: list[float]) -> None:
        assert counts.cached("test", "old", lambda: "first") == "first"
        clock[0] += counts.KEPT + 1

        def count() -> str:
            assert counts.cached("test", "old", lambda: pytest.fail("two count")) == "first"
            return "second"

        assert counts.cached("test", "old", count) == "second"
        assert counts.cached("test", "old", lambda: "third") == "second"

    def test_without_a_last_answer_they_wait_for_the_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answers: list[str] = []
        counting, asked = threading.Event(), threading.Event()

        def count() -> str:
            counting.set()
            assert asked.wait(60)
            return "counted"

        def ask(first: bool) -> None:
            answers.append(counts.cached("test", "new", count if first else lambda: "counted twice"))

        monkeypatch.setattr(counts, "LONGEST_WAITED", 600)
        one = threading.Thread(target=ask, args=[True])
        one.start()
        assert counting.wait(60)
        other = threading.Thread(target=ask, args=[False])
        other.start()
        asked.set()
        for thread in (one, other):
            thread.join(60)
        assert answers == ["counted", "counted"]

    def test_one_who_fails_leaves_it_to_the_next(self) -> None:
        with pytest.raises(ZeroDivisionError):
            counts.cached("test", "failing", lambda: 1 // 0)
        assert counts.cached("test", "failing", lambda: "counted") == "counted"
