"""Sitemaps: all that readers may see and nothing else, split at the limits, right by the protocol."""

import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.benchmarking.timing import with_an_empty_cache
from stories.formats import sitemaps
from stories.models import Article
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.tests.formats.specifications import sitemap_faults
from stories.tests.secrets import SECRET, plant_secrets

pytestmark = pytest.mark.django_db

SITE = "https://news.example"
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def xml(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address.removeprefix(SITE))
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert sitemap_faults(response.content, SITE) == []
    return ElementTree.fromstring(response.content)  # noqa: S314


def locations(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.findall(".//s:loc", NS)]


def every_address(client: Client) -> list[str]:
    index = xml(client, "/sitemap.xml")
    assert index.tag == f"{{{NS['s']}}}sitemapindex"
    found = []
    for part in locations(index):
        root = xml(client, part)
        assert root.tag == f"{{{NS['s']}}}urlset"
        assert locations(root), part
        found += locations(root)
    return found


def test_every_page_is_listed_once_and_is_there(client: Client) -> None:
    claim = ClaimFactory(wording="the lock leaks")
    story = ArticleFactory(plain=f"“{claim.wording}”, she said.", authors=[AuthorFactory()], tags=["Locks"])
    appearance_of(claim, story)
    addresses = every_address(client)
    assert len(addresses) == len(set(addresses))
    for row in (story, claim, claim.speaker, claim.speaker.party):
        assert SITE + row.get_absolute_url() in addresses
    assert f"{SITE}/topics/locks/" in addresses
    for address in addresses:
        assert client.get(address.removeprefix(SITE)).status_code == 200, address


def test_nothing_secret_is_in_a_sitemap(client: Client) -> None:
    plant_secrets(beside=ArticleFactory())
    for address in ["/sitemap.xml", "/news-sitemap.xml", *locations(xml(client, "/sitemap.xml"))]:
        assert SECRET not in client.get(address.removeprefix(SITE)).content.decode()


def test_sections_split_at_the_limit_and_parts_keep_their_addresses(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "SPAN", 4)
    stories = [ArticleFactory() for _ in range(10)]
    parts = [part for part in locations(xml(client, "/sitemap.xml")) if "sitemap-stories-" in part]
    assert len(parts) >= 3
    assert all(len(locations(xml(client, part))) <= 4 for part in parts)
    assert {SITE + story.get_absolute_url() for story in stories} <= set(every_address(client))
    last = locations(xml(client, parts[-1]))
    stories[0].delete()
    with_an_empty_cache()
    assert locations(xml(client, parts[-1])) == last


def test_a_part_without_pages_is_not_there(client: Client) -> None:
    for address in ("/sitemap-stories-0.xml", "/sitemap-planets-0.xml", f"/sitemap-claims-{'9' * 18}.xml"):
        assert client.get(address).status_code == 404
    assert [part for part in locations(xml(client, "/sitemap.xml")) if "lists" not in part] == []


def test_when_a_page_last_changed_is_told(client: Client) -> None:
    changed = datetime.datetime(2031, 5, 6, 7, 8, tzinfo=datetime.UTC)
    story = ArticleFactory(published_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    Article.objects.filter(pk=story.pk).update(updated_at=changed)
    part = next(part for part in locations(xml(client, "/sitemap.xml")) if "stories" in part)
    told = xml(client, part).findtext(".//s:lastmod", "", NS)
    assert told.startswith("2031-05-06")
    response = client.get(part.removeprefix(SITE))
    again = client.get(part.removeprefix(SITE), headers={"If-Modified-Since": response["Last-Modified"]})
    assert again.status_code == 304


class TestNews:
    def test_has_the_last_two_days_newest_first_by_their_first_publication(self, client: Client) -> None:
        now = timezone.now()
        new, newer, _old, again = (
            ArticleFactory(headline=f"Story & {name}", published_at=now - age, first_published_at=now - first)
            for name, age, first in (
                ("new", datetime.timedelta(hours=40), datetime.timedelta(hours=40)),
                ("newer", datetime.timedelta(hours=1), datetime.timedelta(hours=1)),
                ("old", datetime.timedelta(hours=49), datetime.timedelta(hours=49)),
                ("published again", datetime.timedelta(hours=2), datetime.timedelta(days=30)),
            )
        )
        ArticleFactory(scheduled=True)
        ArticleFactory(withdrawn=True)
        root = xml(client, "/news-sitemap.xml")
        assert locations(root) == [SITE + story.get_absolute_url() for story in (newer, new)]
        first = root.find("s:url/n:news", NS)
        assert first is not None
        assert first.findtext("n:title", "", NS) == "Story & newer"
        assert first.findtext("n:publication/n:name", "", NS) == "On the Record"
        assert first.findtext("n:publication/n:language", "", NS) == "en"
        told = datetime.datetime.fromisoformat(first.findtext("n:publication_date", "", NS))
        assert abs(told - newer.first_published_at) < datetime.timedelta(seconds=1)
        assert SITE + again.get_absolute_url() not in locations(root)

    def test_has_a_thousand_at_most(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        assert sitemaps.NEWS_MOST == 1000
        monkeypatch.setattr(sitemaps, "NEWS_MOST", 3)
        for _ in range(5):
            ArticleFactory()
        assert len(locations(xml(client, "/news-sitemap.xml"))) == 3


def test_robots_are_told_where_the_sitemaps_are(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert f"Sitemap: {SITE}/news-sitemap.xml" in lines
    assert "Disallow: /admin/" in lines


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.usefixtures("pages_made_anew")
def test_sitemaps_take_the_same_queries_however_long(client: Client, count: int) -> None:
    for _ in range(count):
        claim = ClaimFactory()
        appearance_of(claim)
        PoliticianFactory()
        ArticleFactory(tags=["Locks"])
    parts = locations(xml(client, "/sitemap.xml"))
    with_an_empty_cache()
    taken = {}
    for address in (
        "/sitemap.xml",
        *(next(part for part in parts if f"-{name}-" in part) for name in ("stories", "claims", "topics")),
        "/news-sitemap.xml",
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        taken[address] = len(queries)
    assert list(taken.values()) == [8, 1, 1, 1, 1]  # the first asks for the version of the site
