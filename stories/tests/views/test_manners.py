"""What caches may keep and for how long, and what a page answers to who has it already."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from stories.models import Claim, Correction
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.views.newsroom import STATUS, build
from stories.tests.views.test_every_page import EVERY_PAGE

pytestmark = pytest.mark.django_db

# The pages that are the same for every reader until somebody changes what is on them.
KEPT = sorted({*EVERY_PAGE} - {*STATUS} - {"shared"})
LONG_AGO = "Mon, 01 Jan 2001 00:00:00 GMT"


@pytest.mark.parametrize("name", KEPT)
def test_a_page_not_changed_is_not_sent_again(client: Client, name: str) -> None:
    address = build(1).addresses()[name]
    first = client.get(address)
    for condition in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get(address, headers=condition)
        assert again.status_code == 304
        assert again.content == b""


@pytest.mark.parametrize("address", ["/", "/stories/", "/stories/?after=2001-01-01", "/search/?q=council"])
def test_a_list_that_gains_or_loses_a_row_is_sent_again_even_within_the_same_second(
    client: Client, address: str
) -> None:
    ArticleFactory()
    told = [client.get(address)["Last-Modified"]]
    added = ArticleFactory()
    for change in (lambda: None, added.delete):
        change()
        again = client.get(address, headers={"If-Modified-Since": told[-1]})
        assert again.status_code == 200
        told.append(again["Last-Modified"])
    assert len(set(told)) == 3


@pytest.mark.parametrize("name", KEPT)
def test_a_page_may_be_kept_for_a_while_by_any_cache(client: Client, name: str) -> None:
    response = client.get(build(1).addresses()[name])
    kept = response["Cache-Control"]
    assert "public" in kept
    assert re.search(r"max-age=(60|300)\b", kept)
    assert "Cookie" not in response.get("Vary", "")


def test_what_is_gone_or_not_there_is_not_kept(client: Client) -> None:
    withdrawn = client.get(ArticleFactory(withdrawn=True).get_absolute_url())
    assert "public" not in withdrawn.get("Cache-Control", "")
    assert "public" not in client.get("/none/").get("Cache-Control", "")


def test_a_story_tells_when_it_last_changed_claims_and_corrections_counted(client: Client) -> None:
    story = ArticleFactory(published_at=timezone.now() - datetime.timedelta(days=9))
    address = story.get_absolute_url()
    first = client.get(address)["Last-Modified"]
    assert client.get(address, headers={"If-Modified-Since": first}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": LONG_AGO}).status_code == 200
    Correction.objects.create(article=story, text="It was seven.", made_at=timezone.now())
    assert client.get(address, headers={"If-Modified-Since": first}).status_code == 200
    assert client.get(address)["Last-Modified"] != first


def test_a_claim_tells_when_its_verdict_changed(client: Client) -> None:
    claim = ClaimFactory()
    appearance_of(claim)
    before = client.get(claim.get_absolute_url())["Last-Modified"]
    Claim.objects.filter(pk=claim.pk).update(
        rating="true", checked_at=timezone.now() + datetime.timedelta(seconds=2)
    )
    assert client.get(claim.get_absolute_url())["Last-Modified"] != before


def test_a_redirect_may_be_kept_for_an_hour(client: Client) -> None:
    merged = PoliticianFactory(merged_into=PoliticianFactory())
    assert "max-age=3600" in client.get(merged.get_absolute_url())["Cache-Control"]


def test_each_page_of_a_list_is_its_own_address_and_a_narrowed_list_is_kept_out_of_search_engines(
    client: Client,
) -> None:
    for _ in range(21):
        ArticleFactory()
    first, second = (client.get(f"/stories/{query}").content.decode() for query in ("", "?page=2"))
    assert re.search(r'rel="canonical" href="[^"]+/stories/"', first)
    assert re.search(r'rel="canonical" href="[^"]+/stories/\?page=2"', second)
    assert "noindex" not in first + second
    narrowed = client.get("/stories/?after=2001-01-01").content.decode()
    assert '<meta name="robots" content="noindex, follow">' in narrowed
    assert re.search(r'rel="canonical" href="[^"]+/stories/"', narrowed)


def test_the_icon_is_found_where_old_programs_look_for_it(client: Client) -> None:
    assert client.get("/favicon.ico").url.endswith("stories/record.svg")
