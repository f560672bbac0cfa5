"""What is kept is counted right, asked for once, and counted anew as soon as anything changes."""

import threading

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from stories.actions import outlets
from stories.database import bulk_load, site_version
from stories.facets import counts
from stories.facets.filters import ClaimFilter
from stories.models import Claim, ClaimHeading, OutletName
from stories.tests.factories import ClaimFactory, PartyFactory, PoliticianFactory, appearance_of, on_record

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
    assert counts.of_outlets() == {on_record("the Post").pk: 4}


def test_a_claim_told_twice_to_one_outlet_counts_once() -> None:
    claim = ClaimFactory()
    for printed in ("the Post", "Post"):
        appearance_of(claim, outlet=printed)
    one = {on_record("the Post").pk: 1}
    assert counts.by_outlet(ClaimHeading.objects.published()) == counts.of_outlets() == one


def test_the_same_question_is_asked_of_the_database_once_until_something_changes() -> None:
    appearance_of(ClaimFactory())
    counts.said()
    with CaptureQueriesContext(connection) as queries, site_version.one_version():
        assert list(counts.said().values()) == [1]
        assert list(counts.talked_about()) == []
        counts.talked_about()
    assert len(queries) == 2  # the version once, and what had not been asked before
    appearance_of(ClaimFactory())
    assert list(counts.said().values()) == [1, 1]


def test_nothing_is_kept_while_the_database_does_not_count_changes() -> None:
    with bulk_load.triggers_disabled():
        assert counts.cached("test", "loading", lambda: 1) == 1
        assert counts.cached("test", "loading", lambda: 2) == 2
    assert counts.cached("test", "loading", lambda: 3) == 3
    assert counts.cached("test", "loading", lambda: 4) == 3


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


def test_all_printings_of_an_outlet_are_counted_and_found_together_by_any_of_its_names() -> None:
    for printed in ("the Post", "the post", "Eastmere’s Post"):
        appearance_of(ClaimFactory(), outlet=printed)
    alias = OutletName.objects.get(key="eastmeres post")
    outlets.merge(winner=on_record("the Post"), loser=alias.outlet, by=None)
    facet = next(facet for facet in browser("").facets if facet.name == "outlet")
    assert [(value.value, value.label, value.count) for value in facet.values] == [("post", "Post", 3)]
    for asked in ("post", "THE+POST", "Post", "eastmere's+post", "eastmeres-post", "post&outlet=the+Post"):
        found = browser(f"outlet={asked}")
        assert found.problems == []
        assert found.total == found.qs.count() == 3
        assert found.query == "outlet=post"
        assert [value.label for value in found.chosen] == ["Told to: Post"]


def test_an_outlet_of_which_readers_see_nothing_is_as_unknown_as_any_other() -> None:
    appearance_of(ClaimFactory(state="proposed"), outlet="the Post")
    (problem,) = browser("outlet=the+Post").problems
    assert "nothing here is called “the Post”" in problem


def test_words_that_are_none_find_nothing() -> None:
    appearance_of(ClaimFactory())
    assert not browser("q=--").qs.exists()
    assert browser("q=--").total == 0


def test_nothing_is_an_answer_too() -> None:
    asked: list[int] = []
    for _ in range(2):
        assert counts.cached("test", "none", lambda: asked.append(1)) is None
    assert asked == [1]


class TestWhenManyAskAtOnce:
    """What changed is counted anew by one of them."""

    @pytest.fixture(autouse=True)
    def version(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(site_version, "current", lambda: "as it is now")

    def test_the_others_wait_for_the_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
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
