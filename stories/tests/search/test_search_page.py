"""The search page as readers get it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from stories.search.snippets import in_sentence
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat
from stories.tests.secrets import SECRET, plant_secrets
from stories.text.excerpts import Piece as Said

pytestmark = pytest.mark.django_db


def page(client: Client, **query: Any) -> str:
    response = client.get("/search/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_search_offers_the_form_alone(client: Client) -> None:
    html = page(client)
    assert html.count("<h1") == 1
    assert 'name="robots" content="noindex' in html
    assert "Kinds of results" not in html


def test_results_are_shown_together_with_their_words_marked_and_escaped(client: Client) -> None:
    person = PoliticianFactory(name="Oona <Tideswell>")
    story = ArticleFactory(headline="Tideswell & the lock")
    claim = ClaimFactory(speaker=person, wording="it was <b>never</b> Tideswell")
    appearance_of(claim, ArticleFactory(plain=f"She said: “{claim.wording}”."))
    html = page(client, q="tideswell")
    assert "<mark>Tideswell</mark> &amp; the lock" in html
    assert "Oona &lt;<mark>Tideswell</mark>&gt;" in html
    assert flat(html).count('<mark class="hit">Tideswell</mark>') == 1
    assert "it was &lt;b&gt;never&lt;/b&gt;" in flat(html)
    for row in (person, story, claim):
        assert f'href="{row.get_absolute_url()}"' in html
    assert [kind in flat(html) for kind in ("People <span", "Stories <span", "Claims <span")] == [True] * 3


def test_a_claim_is_shown_in_its_sentence_with_face_and_verdict(client: Client) -> None:
    claim = ClaimFactory(
        speaker=PoliticianFactory(name="Oona Tideswell"), wording="the weir leaks", rating="false"
    )
    appearance_of(claim, ArticleFactory(plain=f"The engineer told the dredger: “{claim.wording}”, and left."))
    html = flat(page(client, q="weir", kind="claims"))
    assert "The engineer told the dredger: “" in html
    assert '<mark>the </mark><mark class="hit">weir</mark><mark> leaks</mark>' in html
    assert '<span class="face" aria-hidden="true">OT</span>' in html
    assert '<span class="verdict verdict-false"' in html


def test_of_a_long_sentence_the_part_with_the_hits_is_shown() -> None:
    said = Said("a quiet beginning " * 20 + "the weir leaks " + "and so on " * 30, True)
    shown = in_sentence([Said("She said: ", False), said], ["weir"])
    words = "".join(one.text for one in shown)
    assert len(words) < 220
    assert words.startswith("… ")
    assert words.endswith(" …")
    assert [one.text for one in shown if one.hit] == ["weir"]
    assert in_sentence([said], []) == in_sentence([said], ["wei"])


def test_what_was_typed_comes_back_escaped(client: Client) -> None:
    html = page(client, q='"><script>alert(1)</script>')
    assert "<script>alert" not in html


def test_one_kind_at_a_time_and_an_unknown_kind_is_told(client: Client) -> None:
    ArticleFactory(headline="The dredger came")
    PoliticianFactory(name="Ada Dredger")
    assert "The <mark>dredger</mark> came" not in page(client, q="dredger", kind="people")
    html = page(client, q="dredger", kind="planets")
    assert "Kind: there is no “planets”, so this filter was left out." in html
    assert "The <mark>dredger</mark> came" in html


def test_a_misspelt_name_leads_to_the_person(client: Client) -> None:
    person = PoliticianFactory(name="Oona Tideswell")
    html = page(client, q="oona tidesewll")
    assert f'href="{person.get_absolute_url()}"' in html
    assert "?q=oona%20Tideswell" in html


def test_nothing_found_says_so_and_leads_on(client: Client) -> None:
    html = page(client, q="“zeppelin tax”")
    assert "for this exact phrase" in html
    assert "?q=zeppelin%20tax" in html
    assert "Type a word or a number" in page(client, q="!?…")


def test_pages_are_bounded(client: Client) -> None:
    for number in range(25):
        ArticleFactory(headline=f"Dredger {number}")
    assert 'aria-current="page"><span class="unseen">Page </span>2</span>' in flat(
        page(client, q="dredger", page="2")
    )
    for number in ("0", "3", "-1", "x", "9" * 30, "²"):
        assert client.get("/search/", {"q": "dredger", "page": number}).status_code == 404


def test_nothing_secret_is_found(client: Client) -> None:
    plant_secrets(beside=ArticleFactory(plain="An open sentence.\n\nMore of it."))
    assert "No results." in page(client, q=SECRET)
    for words in ("first words here", "story", "unconfirmed merged", "number kept", "fourth words"):
        assert SECRET not in page(client, q=words)


@pytest.mark.parametrize("count", [1, 6])
@pytest.mark.usefixtures("pages_made_anew")
def test_queries_do_not_grow_with_results(client: Client, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        person = PoliticianFactory(name=f"Dredger Person{number}")
        claim = ClaimFactory(speaker=person, about=[person], wording=f"the dredger came {number} times")
        appearance_of(claim, ArticleFactory(headline=f"Dredger {number}", plain=claim.wording))
    page(client, q="dredger")  # the desk's words are asked for once
    # The site's version, to rank, stories, claims and all that has a name, and their marks.
    for typed in ("dredger", '"dredger"'):
        with django_assert_num_queries(6):
            page(client, q=typed)
    # Where nothing has all the words also what has some, and whose name may have been meant; PostgreSQL is
    # first asked whether it has the index of names.
    with django_assert_num_queries(7 + (connection.vendor == "postgresql")):
        page(client, q="dredger zeppelin")


class AnyQueryTest(HypothesisTestCase):
    @settings(max_examples=100, deadline=None)
    @given(
        typed=st.text(),
        kind=st.text(max_size=8) | st.just("claims"),
        number=st.text(max_size=3) | st.just("1"),
    )
    def test_gets_an_answer(self, typed: str, kind: str, number: str) -> None:
        response = Client().get("/search/", {"q": typed, "kind": kind, "page": number})
        assert response.status_code in {200, 404}
