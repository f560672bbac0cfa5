"""Every feed in its three forms: right by its specification, whole, and with nothing secret in it."""

import datetime
import html
import json
import re
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from stories import urls
from stories.models import Article, Claim, Correction, VerdictChange
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    EvidenceFactory,
    PartyFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.tests.formats.specifications import atom_faults, json_feed_faults, rss_faults
from stories.tests.pictures import picture
from stories.tests.secrets import SECRET, plant_secrets
from stories.tests.views.newsroom import build

pytestmark = pytest.mark.django_db

SITE = "https://news.example"
ATOM = "{http://www.w3.org/2005/Atom}"
FORMS = {"rss": "", "atom": "atom/", "json": "json/"}
FAULTS = {"rss": rss_faults, "atom": atom_faults, "json": json_feed_faults}


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def a_newsroom(count: int = 1) -> dict[str, str]:
    """Every list with `count` of each thing in it: the addresses of their feeds, without `feed/`."""
    party = PartyFactory(name="Lantern League")
    person = PoliticianFactory(name="Oona Tideswell", party=party)
    author = AuthorFactory(name="Ada Quill")
    now = timezone.now()
    for number in range(count):
        claim = ClaimFactory(
            speaker=person,
            about=[PoliticianFactory()],
            wording=f"lock number {number} leaks & <drips>",
            tags=["Locks"],
            rating=Claim.Rating.FALSE,
            rating_summary="It does not.",
            explanation="<p>We <strong>looked</strong>.</p>",
            checked_at=now,
        )
        EvidenceFactory(claim=claim)
        story = ArticleFactory(
            headline=f"Locks & <keys> {number}",
            plain=f"She said: “{claim.wording}”.\n\nThe end.",
            authors=[author],
            tags=["Locks"],
        )
        appearance_of(claim, story)
        Correction.objects.create(article=story, text=f"It was lock {number}.", made_at=now)
        VerdictChange.objects.create(claim=claim, rating=Claim.Rating.FALSE, summary="It does not.", by=None)
    return {
        "latest": "/",
        "stories": "/stories/",
        "claims": "/claims/",
        "claim": claim.get_absolute_url(),
        "person": person.get_absolute_url(),
        "party": party.get_absolute_url(),
        "topic": "/topics/locks/",
        "author": "/authors/ada-quill/",
        "corrections": "/corrections/",
        "search": "/search/",
    }


def test_entries_have_the_storys_own_picture_and_the_one_that_is_drawn_of_a_claim(client: Client) -> None:
    a_newsroom()
    story = Article.objects.get()
    story.lead_image_alt = "The <lock>"
    story.lead_image.save("a.png", ContentFile(picture(1600, 1200)))
    pictures = {}
    for list_, size in (("stories", "1200x675"), ("claims", "1200x630")):
        [entry] = feedparser.parse(client.get(f"/{list_}/feed/").content).entries
        [shown], [enclosure] = entry.media_content, entry.enclosures
        assert f"{shown['width']}x{shown['height']}" == size
        assert (shown["url"], shown["type"]) == (enclosure.href, enclosure.type)
        assert client.get(shown["url"].removeprefix(SITE)).status_code == 200
        assert story.lead_image.url not in (shown["url"].removeprefix(SITE))
        [item] = json.loads(client.get(f"/{list_}/feed/json/").content)["items"]
        [atom] = feedparser.parse(client.get(f"/{list_}/feed/atom/").content).entries
        assert item["image"] == atom.enclosures[0].href == shown["url"]
        pictures[list_] = shown["url"]
    assert "/media/sized/sixteen-nine/" in pictures["stories"]
    assert "/share/claims/" in pictures["claims"]


def test_a_list_names_its_feed_in_words(client: Client) -> None:
    addresses = a_newsroom()
    named = {
        addresses["person"]: "Follow Oona Tideswell",
        addresses["topic"]: "Follow Locks",
        addresses["party"]: "Follow Lantern League",
        "/claims/?verdict=false": "Follow claims, Verdict: False",
        "/search/?q=lock": "Follow the search for “lock”",
    }
    for address, words in named.items():
        page = client.get(address).content.decode()
        assert f"<span>{words}</span>" in page, address
        if "search" not in address:
            assert f'title="{words} (RSS)"' in page, address


def test_each_list_page_leads_to_its_feed_in_three_forms_with_pictures(client: Client) -> None:
    names = {name for path in urls.urlpatterns if (name := str(getattr(path, "name", ""))).endswith("feed")}
    pages = build(1).addresses()
    for name in sorted(names):
        address = pages["front" if name == "feed" else name.removesuffix("_feed")]
        own, _, query = address.partition("?")
        page = html.unescape(client.get(address).content.decode())
        for form, kind in (("rss", "rss+xml"), ("atom", "atom+xml"), ("json", "feed+json")):
            feed = f"{own}feed/{FORMS[form]}" + (f"?{query}" if query else "")
            link = re.search(
                rf'type="application/{re.escape(kind)}" title="Follow [^"]+"\s+href="([^"]+)"', page
            )
            assert link, (name, kind)
            assert link[1].partition("?")[0] == feed.partition("?")[0]
            assert name == "feed" or f'<a href="{link[1]}"' in " ".join(page.split()).replace("<a\n", "<a ")
            response = client.get(feed)
            assert response["Access-Control-Allow-Origin"] == "*", feed
            assert FAULTS[form](response.content) == [], feed
        entries = feedparser.parse(client.get(f"{own}feed/?{query}").content).entries
        assert entries, address
        for entry in entries:  # one that is about a story has its own picture, if it has one
            if "/claims/" in entry.link and name != "claim_feed":
                assert entry.media_content, (name, entry.title)
        if name in {"contradictions_feed", "wordings_feed"}:
            assert all("/share/claims/" in entry.media_content[0]["url"] for entry in entries)


LISTS = [
    "latest",
    "stories",
    "claims",
    "claim",
    "person",
    "party",
    "topic",
    "author",
    "corrections",
    "search",
]


def fetch(client: Client, address: str, form: str = "rss", **query: str) -> Any:
    response = client.get(
        f"{address}feed/{FORMS[form]}", query or {"q": "lock"} if "search" in address else query
    )
    assert response.status_code == 200, response.content
    return response


@pytest.mark.parametrize("name", LISTS)
def test_rss_is_right_by_its_specification(client: Client, name: str) -> None:
    address = a_newsroom()[name]
    response = fetch(client, address)
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert rss_faults(response.content) == []
    parsed = feedparser.parse(response.content)
    assert (parsed.version, parsed.bozo) == ("rss20", 0)
    channel = ElementTree.fromstring(response.content).find("channel")  # noqa: S314
    assert channel is not None
    for required in ("title", "link", "description", "lastBuildDate", "language"):
        assert channel.findtext(required), required
    own = channel.find(f"{ATOM}link[@rel='self']")
    assert own is not None
    assert own.get("href", "").startswith(f"{SITE}{address}feed/")
    items = channel.findall("item")
    assert items
    for item in items:
        assert item.findtext("title")
        assert item.findtext("link", "").startswith(f"{SITE}/")
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "false"
        assert item.findtext("pubDate")
        assert item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert len({item.findtext("guid") for item in items}) == len(items)


@pytest.mark.parametrize("name", LISTS)
def test_atom_is_right_by_its_specification(client: Client, name: str) -> None:
    address = a_newsroom()[name]
    response = fetch(client, address, "atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert atom_faults(response.content) == []
    parsed = feedparser.parse(response.content)
    assert (parsed.version, parsed.bozo) == ("atom10", 0)
    root = ElementTree.fromstring(response.content)  # noqa: S314
    for parent in (root, *root.findall(f"{ATOM}entry")):
        for once in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{once}")) == 1, once
            assert parent.findtext(f"{ATOM}{once}")
        links = [
            (link.get("rel"), link.get("type"), link.get("hreflang"))
            for link in parent.findall(f"{ATOM}link")
        ]
        assert len(links) == len(set(links))
        assert datetime.datetime.fromisoformat(parent.findtext(f"{ATOM}updated", "")).tzinfo
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert root.findall(f"{ATOM}entry")
    for entry in root.findall(f"{ATOM}entry"):
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert (content.get("type"), bool(content.text)) == ("html", True)
        for author in entry.findall(f"{ATOM}author"):
            assert author.findtext(f"{ATOM}name")


@pytest.mark.parametrize("name", LISTS)
def test_json_feed_is_right_by_its_specification(client: Client, name: str) -> None:
    address = a_newsroom()[name]
    response = fetch(client, address, "json")
    assert response["Content-Type"] == "application/feed+json"
    assert json_feed_faults(response.content) == []
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].startswith(f"{SITE}{address}feed/json/")
    assert feed["home_page_url"].startswith(f"{SITE}{address}")
    assert set(feed) <= {
        *("version", "title", "description", "home_page_url", "feed_url", "language", "authors", "items")
    }
    assert feed["items"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert item["url"].startswith(f"{SITE}/")
        for date in ("date_published", "date_modified"):
            assert datetime.datetime.fromisoformat(item[date]).tzinfo
        assert all(set(author) <= {"name", "url"} for author in item.get("authors", []))


def test_the_three_forms_say_the_same(client: Client) -> None:
    a_newsroom(3)
    rss, atom = (feedparser.parse(fetch(client, "/", form).content).entries for form in ("rss", "atom"))
    items = json.loads(fetch(client, "/", "json").content)["items"]
    assert (
        [entry.title for entry in rss] == [entry.title for entry in atom] == [item["title"] for item in items]
    )
    assert [entry.link for entry in rss] == [entry.link for entry in atom] == [item["url"] for item in items]
    assert [entry.id for entry in rss] == [entry.id for entry in atom] == [item["id"] for item in items]
    for one, other, item in zip(rss, atom, items, strict=True):
        assert one.published_parsed == other.published_parsed
        assert one.content[0].value == other.content[0].value
        assert "leaks &amp; &lt;drips&gt;" in item["content_html"]
        assert {author.name for author in other.authors} == {"Ada Quill"}
        assert item["authors"] == [{"name": "Ada Quill", "url": f"{SITE}/authors/ada-quill/"}]


def test_a_story_is_there_whole_with_its_corrections_and_links_that_lead_to_the_site(client: Client) -> None:
    story = ArticleFactory(body='<p>See <a href="/claims/?a=1&amp;b=2">the claims</a>.</p><p>Last words.</p>')
    Correction.objects.create(article=story, text="It was Monday.", made_at=timezone.now())
    html = json.loads(fetch(client, "/", "json").content)["items"][0]["content_html"]
    assert f'<a href="{SITE}/claims/?a=1&amp;b=2"' in html
    assert "Last words." in html
    assert "It was Monday." in html


def test_control_characters_in_old_rows_do_not_break_a_feed(client: Client) -> None:
    ArticleFactory(headline="A \x02 strange \x0b headline")
    for form in FORMS:
        assert fetch(client, "/", form).content
    assert feedparser.parse(fetch(client, "/").content).bozo == 0


def test_an_entry_keeps_its_id_when_its_address_changes(client: Client) -> None:
    story = ArticleFactory(headline="One headline")
    before = feedparser.parse(fetch(client, "/").content).entries[0]
    story.slug = "another-address"
    story.save()
    after = feedparser.parse(fetch(client, "/").content).entries[0]
    assert before.id == after.id
    assert before.link != after.link


def test_a_feed_follows_a_changed_address(client: Client) -> None:
    person = PoliticianFactory(name="Oona Tideswell")
    old = person.get_absolute_url()
    person.slug = "oona"
    person.save()
    gone = PoliticianFactory(name="Oona T", merged_into=person)
    for address in (old, gone.get_absolute_url()):
        response = client.get(f"{address}feed/atom/")
        assert (response.status_code, response["Location"]) == (301, "/people/oona/feed/atom/")


def test_what_is_not_there_has_no_feed(client: Client) -> None:
    for address in (
        "/people/nobody/",
        "/topics/nothing/",
        "/authors/nobody/",
        "/parties/none/",
        "/claims/9-x/",
    ):
        assert client.get(f"{address}feed/").status_code == 404


def test_filters_narrow_a_feed_and_those_that_cannot_be_applied_are_refused(client: Client) -> None:
    a_newsroom()
    other = ClaimFactory(wording="the gate stands open")
    appearance_of(other)
    feed = json.loads(fetch(client, "/claims/", "json", speaker="oona-tideswell").content)
    assert [item["title"] for item in feed["items"]] == ["Oona Tideswell: lock number 0 leaks & <drips>"]
    assert "Oona Tideswell" in feed["title"]
    assert feed["feed_url"].endswith("?speaker=oona-tideswell")
    for query in ({"speaker": "nobody"}, {"planet": "x"}, {"after": "soon"}):
        response = client.get("/claims/feed/", query)
        assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_a_search_is_followed_by_what_is_new_in_it(client: Client) -> None:
    older = ArticleFactory(headline="Dredger", published_at=timezone.now() - datetime.timedelta(days=9))
    newer = ArticleFactory(headline="Nothing much", plain="A dredger passed.")
    ArticleFactory(headline="Unrelated")
    links = [entry.link for entry in feedparser.parse(fetch(client, "/search/", q="dredger").content).entries]
    assert links == [f"{SITE}{story.get_absolute_url()}" for story in (newer, older)]
    for empty in ("", "zeppelin dredger", "!"):
        assert feedparser.parse(client.get("/search/feed/", {"q": empty}).content).entries == []


@pytest.mark.parametrize("form", FORMS)
def test_an_unchanged_feed_is_not_sent_again(client: Client, form: str) -> None:
    a_newsroom()
    first = fetch(client, "/claims/", form)
    assert "max-age" in first["Cache-Control"]
    again = {"headers": {"If-None-Match": first["ETag"]}}
    assert client.get(f"/claims/feed/{FORMS[form]}", **again).status_code == 304
    since = {"headers": {"If-Modified-Since": first["Last-Modified"]}}
    assert client.get(f"/claims/feed/{FORMS[form]}", **since).status_code == 304
    Claim.objects.update(rating_summary="It does, a little.")
    assert client.get(f"/claims/feed/{FORMS[form]}", **again).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_feed_is_a_feed_and_does_not_change_by_being_looked_at(client: Client, form: str) -> None:
    empty = fetch(client, "/", form).content
    assert FAULTS[form](empty) == []
    assert empty == fetch(client, "/", form).content


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LISTS)
def test_nothing_secret_is_in_a_feed(client: Client, name: str, form: str) -> None:
    address = a_newsroom()[name]
    plant_secrets(beside=Article.objects.first())
    assert SECRET not in fetch(client, address, form).content.decode()
    if name == "search":
        body = fetch(client, address, form, q=f"{SECRET} words here").content.decode()
        assert SECRET not in body.replace(f"q={SECRET}", "").replace(f"Search: {SECRET}", "")


QUERIES = {
    "latest": 1,
    "stories": 1,
    "claims": 4,
    "claim": 4,
    "person": 5,
    "party": 5,
    "topic": 6,
    "author": 2,
    "corrections": 1,
    "search": 8,  # two of them for words that mean the same, which are kept with the site's version
}


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.usefixtures("pages_made_anew")
def test_a_feed_takes_the_same_queries_however_long(
    client: Client, name: str, count: int, django_assert_num_queries: Any
) -> None:
    address = a_newsroom(count)[name]
    ContentType.objects.get_for_models(Article, Claim)
    with django_assert_num_queries(QUERIES[name]):
        fetch(client, address)
