"""What is suggested under the search field."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from stories.search.suggestions import suggested
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    PartyFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.tests.secrets import SECRET, plant_secrets
from stories.tests.views.newsroom import NOON

pytestmark = pytest.mark.django_db


def names(typed: str) -> list[str]:
    return [one.name for one in suggested(typed)]


def test_people_parties_topics_and_stories_are_suggested_as_their_names_begin(client: Client) -> None:
    party = PartyFactory(name="Harbour Party")
    PoliticianFactory(name="Oona Harbottle", role="leader of the Harbour Party", party=party)
    ArticleFactory(
        headline='A "harbour" for Eastmere', tags=["harbour wall"], plain="No more.", published_at=NOON
    )
    answer = client.get("/search/suggestions/", {"q": "harb"})
    assert answer["Cache-Control"].startswith("public")
    assert [(one["kind"], one["name"], one["note"]) for one in answer.json()["suggestions"]] == [
        ("Party", "Harbour Party", ""),
        ("Topic", "Harbour wall", ""),
        ("Person", "Oona Harbottle", "Leader, Harbour Party"),
        ("Story", "A “harbour” for Eastmere", "4 March 2019"),
    ]
    for one in answer.json()["suggestions"]:
        assert client.get(one["address"]).status_code == 200


def test_an_outlet_to_which_readers_see_claims_is_suggested(client: Client) -> None:
    appearance_of(ClaimFactory(), outlet="the Eastmere Post")
    appearance_of(ClaimFactory(proposed=True), outlet="the Eastmere Echo")
    one, *others = client.get("/search/suggestions/", {"q": "eastm"}).json()["suggestions"]
    assert (one["kind"], one["name"]) == ("Outlet", "Eastmere Post")
    assert one["address"] == "/outlets/eastmere-post/"
    assert {other["kind"] for other in others} <= {"Story"}


def test_all_words_count_the_last_one_begun_by_its_letters_and_not_its_stem() -> None:
    ArticleFactory(headline="Nothing", tags=["immigration", "council tax"], plain="The council immigrates.")
    assert names("immigratio") == ["Immigration"]
    assert names("council t") == []  # too little yet
    assert names("council ta") == ["Council tax"]
    assert names("council immigr") == []  # the text of a story is for the search itself
    assert names("%") == names("i") == names("") == []


def test_who_said_most_comes_first() -> None:
    PoliticianFactory(name="Ada Lowther")
    often = PoliticianFactory(name="Zeno Lowther")
    claim = ClaimFactory(speaker=often)
    appearance_of(claim, ArticleFactory(plain=claim.wording))
    assert names("lowt") == ["Zeno Lowther", "Ada Lowther"]


def test_nothing_secret_is_suggested() -> None:
    plant_secrets(beside=ArticleFactory(plain="An open sentence.\n\nMore of it."))
    for typed in (SECRET[:4], SECRET, "unconf", "merged", "draft", "stor"):
        assert not any(SECRET in str(one).lower() for one in suggested(typed))


@pytest.mark.parametrize("count", [1, 6])
@pytest.mark.usefixtures("pages_made_anew")
def test_one_statement_is_asked(client: Client, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        ArticleFactory(headline=f"Dredger {number}", tags=[f"dredger {number}"])
        PoliticianFactory(name=f"Dredger {number}", party=PartyFactory(name=f"Dredger {number}"))
    client.get("/search/suggestions/", {"q": "dredg"})
    with django_assert_num_queries(1):
        assert client.get("/search/suggestions/", {"q": "dredge"}).json()["suggestions"]


class AnyWordsTest(HypothesisTestCase):
    @settings(max_examples=50, deadline=None)
    @given(typed=st.text())
    def test_get_an_answer(self, typed: str) -> None:
        assert Client().get("/search/suggestions/", {"q": typed}).status_code == 200
