"""A walk over every page that readers have."""

import re
from uuid import uuid4

import html5lib
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from stories import urls
from stories.database import change_counter, site_version
from stories.models import Article, Claim
from stories.tests.secrets import SECRET, plant_secrets
from stories.tests.views.newsroom import STATUS, Newsroom, build

pytestmark = pytest.mark.django_db

# Addresses that are no page for readers: what machines read, and what only leads to a page.
NO_PAGES = set(
    "article_json claim_json claim_reviews claim_short claims_csv data_file favicon healthz "
    "latest_data_file news_sitemap oembed openapi outlet_json "
    "politician_json readyz robots schema share_image sitemap sitemap_lists sitemap_part suggestions".split()
)

# How many queries each page costs, whatever the newsroom holds.
QUERIES = {
    "front": 5,
    "articles": 6,
    "article": 4,
    "claims": 8,
    "claim": 14,
    "politicians": 7,
    "politician": 15,
    "who_said_what": 12,
    "parties": 5,
    "party": 7,
    "topics": 5,
    "topic": 11,
    "outlets": 4,
    "outlet": 10,
    "authors": 3,
    "author": 4,
    "archive": 2,
    "archive_year": 4,
    "archive_month": 4,
    "archive_day": 3,
    "article_history": 3,
    "article_version": 2,
    "corrections": 3,
    "contradictions": 3,
    "wordings": 5,
    "about": 2,
    "how_we_check": 3,
    "page": 1,
    "search": 5,
    "api_docs": 0,
    "open_data": 0,
    "claim_embed": 4,
    "shared": 9,
    "404": 4,
    "withdrawn": 1,
    "shared_ended": 1,
}
# Without those for counts that are kept.
COUNTED = {
    "front": 5,
    "article": 4,
    "articles": 3,
    "articles, late": 3,
    "topic": 5,
    "politician": 3,
    "claims": 3,
    "claims of a speaker": 4,
    "party": 4,
    "author": 3,
    "search": 4,
    "feed": 1,
}
EVERY_PAGE = list(QUERIES)


@pytest.fixture
def newsroom() -> Newsroom:
    return build(1)


def test_every_address_of_the_site_is_walked(newsroom: Newsroom) -> None:
    names = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
    pages = {name for name in names - NO_PAGES if not re.search(r"(^|_)feed$", name)}
    assert pages | {*STATUS} == {*EVERY_PAGE} == {*newsroom.addresses()}


def test_a_page_has_one_h1_a_title_of_its_own_and_valid_html(client: Client, newsroom: Newsroom) -> None:
    for name, address in newsroom.addresses().items():
        response = client.get(address)
        assert response.status_code == STATUS.get(name, 200), name
        page = response.content.decode()
        assert len(re.findall(r"<h1[\s>]", page)) == 1, name
        assert re.search(r"<title>[^<\n]+</title>", page), name
        assert_valid(page)


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_a_page_stands_in_an_empty_newsroom_or_is_not_found(client: Client, name: str) -> None:
    nowhere = {
        "article": "/stories/nothing/",
        "article_history": "/stories/nothing/history/",
        "article_version": "/stories/nothing/history/1/",
        "claim": "/claims/7-nothing/",
        "claim_embed": "/claims/7/embed/",
        "politician": "/people/nobody/",
        "party": "/parties/none/",
        "topic": "/topics/none/",
        "outlet": "/outlets/none/",
        "page": "/pages/none/",
        "author": "/authors/nobody/",
        "archive_year": "/archive/2019/",
        "archive_month": "/archive/2019/03/",
        "archive_day": "/archive/2019/03/04/",
        "shared": "/shared/nothing/",
        "shared_ended": "/shared/nothing:at-all/",
        "withdrawn": "/stories/nothing/",
        "404": "/none/",
    }
    response = client.get(nowhere[name] if name in nowhere else reverse(f"stories:{name}"))
    assert response.status_code == (404 if name in nowhere else 200)
    assert_valid(response.content.decode())


def test_nothing_unpublished_is_on_any_page(client: Client, newsroom: Newsroom) -> None:
    addresses = newsroom.addresses()
    del addresses["shared"]  # shows what is to come, to whoever was given the link
    plant_secrets(beside=newsroom.story)
    for name, address in addresses.items():
        assert SECRET not in client.get(address).content.decode().lower(), name


@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_costs_the_same_queries_with_one_row_and_with_twenty(client: Client, rows: int) -> None:
    addresses = build(rows).addresses()
    assert {name: queries_of(client, addresses[name]) for name in QUERIES} == QUERIES


@pytest.mark.usefixtures("pages_made_anew")
@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_costs_few_queries_where_the_counts_are_kept(client: Client, rows: int) -> None:
    newsroom = build(rows)
    addresses = newsroom.addresses() | {
        "articles, late": f"{reverse('stories:articles')}?page={rows // 20 + 1}",
        "claims of a speaker": f"{reverse('stories:claims')}?speaker={newsroom.person.slug}",
        "feed": reverse("stories:feed"),
    }
    found = {}
    for name in COUNTED:
        queries_of(client, addresses[name])
        found[name] = queries_of(client, addresses[name], cold=False)
    assert found == COUNTED


def queries_of(client: Client, address: str, *, cold: bool = True) -> int:
    """But for the version of the site, which each page asks for.

    `cold`: with a cache that holds nothing yet, so that the queries for what is kept are counted too.
    """
    if cold:
        cache.key_prefix = uuid4().hex
    site_version.current()  # a process that is up knows that the triggers are
    for model in (Article, Claim):
        ContentType.objects.get_for_model(model)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len([query for query in queries if change_counter.TABLE not in query["sql"]])


def assert_valid(page: str) -> None:
    """HTML that a strict parser reads without an error, free of what the site's policy would block."""
    html5lib.HTMLParser(strict=True).parse(page)
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"<style|\son[a-z]+=", page)
    identifiers = re.findall(r'\sid="([^"]*)"', page)
    assert len(identifiers) == len(set(identifiers))
