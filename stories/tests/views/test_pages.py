"""People, topics, the archive, and the pages for when there is nothing."""

import datetime
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.models import Correction, Membership, Page
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    PartyFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.tests.html import flat
from stories.tests.views.test_story import plain
from stories.views import paging
from stories.views.errors import server_error

pytestmark = pytest.mark.django_db


def test_a_merged_persons_address_leads_to_the_record_that_is_kept(client: Client) -> None:
    kept = PoliticianFactory()
    merged = PoliticianFactory(merged_into=kept)
    response = client.get(merged.get_absolute_url())
    assert (response.status_code, response.url) == (301, kept.get_absolute_url())


def test_a_person_merged_into_one_not_confirmed_is_not_found(client: Client) -> None:
    merged = PoliticianFactory(merged_into=PoliticianFactory(confirmed=False))
    assert client.get(merged.get_absolute_url()).status_code == 404


def test_a_persons_former_address_leads_on(client: Client) -> None:
    person = PoliticianFactory(slug="old-name")
    person.slug = "new-name"
    person.save()
    assert client.get("/people/old-name/").url == "/people/new-name/"


def test_a_person_has_their_offices_what_they_said_and_what_was_said_of_them(client: Client) -> None:
    person, other = PoliticianFactory(name="Ada Aldous"), PoliticianFactory(name="Bram Corran")
    Membership.objects.create(
        politician=person, role="mayor", body="Eastmere", start_date=datetime.date(2018, 1, 1)
    )
    appearance_of(ClaimFactory(speaker=person, wording="the wall stands", rating="true"))
    appearance_of(ClaimFactory(speaker=other, wording="she is wrong", about=[person]))
    page = plain(client.get(person.get_absolute_url()).content.decode())
    said, _, about = page.partition("What others said about Ada Aldous")
    assert "the wall stands" in said
    assert "True 1 claim" in said
    assert "she is wrong" in about
    assert "mayor, Eastmere 1 January 2018 – today" in page


def test_people_are_found_by_letter_party_and_any_of_their_names(client: Client) -> None:
    ada = PoliticianFactory(name="Ada Aldous")
    bram = PoliticianFactory(name="Bram Corran")
    bram.other_names.create(name="Lord Corran of Eastmere")
    for query, found, missing in (
        ("letter=A", ada, bram),
        ("q=eastmere+lord", bram, ada),
        (f"party={bram.party.slug}", bram, ada),
    ):
        page = client.get(f"/people/?{query}").content.decode()
        assert found.sort_name in page, query
        assert missing.sort_name not in page, query


@pytest.mark.parametrize("kind", ["topics", "parties"])
def test_topics_and_parties_are_found_by_letter_and_by_a_word_of_their_name(
    client: Client, kind: str
) -> None:
    for name in ("apples of Eastmere", "Boats", "cider"):
        if kind == "topics":
            ArticleFactory(tags=[name])
        else:
            appearance_of(ClaimFactory(speaker=PoliticianFactory(party=PartyFactory(name=name))))

    def listed(query: str = "") -> list[str]:
        page = flat(client.get(f"/{kind}/{query}").content.decode())
        names = page.partition('<ul class="names">')[2].partition("</ul>")[0]
        return re.findall(rf'<a href="/{kind}/[^"]*">([^<]+)</a>', names)

    apples, cider = ("Apples", "Cider") if kind == "topics" else ("apples", "cider")
    assert listed() == [f"{apples} of Eastmere", "Boats", cider]
    assert listed("?letter=B") == ["Boats"]
    assert listed("?q=eastmere+apples") == [f"{apples} of Eastmere"]
    assert "No matching " in client.get(f"/{kind}/?q=none").content.decode()
    assert "no filter called “colour”" in client.get(f"/{kind}/?colour=red").content.decode()


def test_the_desks_own_words_stand_above_the_corrections(client: Client) -> None:
    correction = Correction.objects.create(
        article=ArticleFactory(), text="It was seven.", made_at=timezone.now()
    )
    Page.objects.create(title="What we got wrong", slug="corrections", body="<p>Write to us.</p>", shown=True)
    page = client.get("/corrections/").content.decode()
    assert "What we got wrong" in page
    assert "Write to us." in page
    assert correction.text in page


@pytest.mark.parametrize(
    "address",
    [
        "/archive/2019/13/",
        "/archive/2019/00/",
        "/archive/2019/02/30/",
        "/archive/9999/12/31/",
        "/archive/9999/",
        "/archive/1000/01/01/",
        "/archive/20199/",
        "/archive/2018/",
    ],
)
def test_a_day_that_is_not_in_the_archive_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_story_is_filed_under_the_day_of_the_newsrooms_own_clock(client: Client) -> None:
    late = datetime.datetime(2019, 6, 30, 23, 30, tzinfo=datetime.UTC)  # half past midnight in London
    story = ArticleFactory(published_at=late)
    assert story.headline in client.get("/archive/2019/07/01/").content.decode()
    assert client.get("/archive/2019/06/30/").status_code == 404
    assert "/archive/2019/07/" in client.get("/archive/").content.decode()


def test_a_very_long_list_ends_and_says_where_to_go_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 2)
    for _ in range(41):
        ArticleFactory()
    assert "Only these pages are listed" in client.get("/stories/?page=2").content.decode()
    assert client.get("/stories/?page=3").status_code == 404
    assert "41 stories" in plain(client.get("/stories/").content.decode())


def test_a_lost_reader_gets_the_words_to_search_for_and_stories_like_them(client: Client) -> None:
    story = ArticleFactory(headline="Harbour wall falls into the sea")
    ArticleFactory(headline="Something else altogether")
    response = client.get("/stories/harbour-wall-fell/")
    page = response.content.decode()
    assert response.status_code == 404
    assert 'value="harbour wall fell"' in page
    assert story.get_absolute_url() in page
    assert "Something else" not in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/claims/123-foo/", "foo"),
        ("/claims/123/", ""),
        ("/archive/2019/99/", ""),
        ("/stories/the-b12-road-in-2031/", "the b12 road in"),
        ("/stories/die-brücke_fällt/", "die brücke fällt"),
    ],
)
def test_a_lost_reader_is_given_words_to_search_for_and_no_bare_number(
    client: Client, address: str, words: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert f'name="q" type="search" value="{words}"' in response.content.decode()


def test_when_all_is_broken_a_page_needs_neither_database_nor_templates(settings) -> None:
    settings.TEMPLATES = []
    with CaptureQueriesContext(connection) as queries:
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"<h1>" in response.content
    assert len(queries) == 0


def test_pictures_are_served_and_nothing_outside_their_folder(client: Client) -> None:
    default_storage.save("people/ada.png", ContentFile(b"png"))
    PoliticianFactory(portrait="people/ada.png", portrait_alt="A face")
    response = client.get("/media/people/ada.png")
    assert b"".join(response.streaming_content) == b"png"
    assert "sandbox" in response["Content-Security-Policy"]
    for address in ("/media/people/", "/media/../manage.py", "/media/%2e%2e/secret_key", "/media/.hidden"):
        assert client.get(address).status_code == 404, address


def test_the_desks_own_words_take_the_place_of_the_built_in_page_once_they_are_shown(client: Client) -> None:
    built_in = client.get("/how-we-check/").content.decode()
    assert "What the verdicts mean" in built_in
    page = Page.objects.create(title="How we really check", slug="how-we-check", body="<p>Twice.</p>")
    assert client.get("/how-we-check/").content.decode() == built_in
    page.shown = True
    page.save()
    own = client.get("/how-we-check/").content.decode()
    assert "How we really check" in own
    assert "What the verdicts mean" not in own
    assert page.get_absolute_url() == "/how-we-check/"


def test_a_page_of_the_desks_is_found_from_about_and_not_before_it_is_shown(client: Client) -> None:
    page = Page.objects.create(title="Who owns us", slug="ownership", summary="Nobody but our readers.")
    assert client.get("/pages/ownership/").status_code == 404
    assert "Who owns us" not in client.get("/about/").content.decode()
    page.shown = True
    page.save()
    assert "Nobody but our readers." in client.get("/about/").content.decode()
    assert client.get(page.get_absolute_url()).status_code == 200
    page.slug = "owners"
    page.save()
    assert client.get("/pages/ownership/").url == "/pages/owners/"


def test_a_persons_page_tells_what_they_spoke_about_and_how_others_claims_about_them_were_judged(
    client: Client,
) -> None:
    person = PoliticianFactory()
    for words, topics in (("the gate stands", ["Gates", "Locks"]), ("the gate falls", ["Gates"])):
        appearance_of(ClaimFactory(speaker=person, wording=words, tags=topics))
    appearance_of(ClaimFactory(about=[person], wording="she opened it", tags=["Doors"], rating="misleading"))
    page = flat(client.get(person.get_absolute_url()).content.decode())
    spoken = page.partition('id="topics"')[2].partition("</section>")[0]
    counted = re.findall(r'topic=(\w+)#said" rel="nofollow">\w+</a><span class="number">(\d)', spoken)
    assert counted == [("gates", "2"), ("locks", "1")]
    assert f"?about={person.slug}&amp;verdict=misleading" in page
    assert f"?speaker={person.slug}&amp;verdict=none" in page
