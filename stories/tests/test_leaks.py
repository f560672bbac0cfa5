"""A walk over everything that a reader or a machine can reach: nothing that is not published is there."""

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from taggit.models import Tag

from stories.actions import permissions
from stories.actions.stories import pending_versions, share_links
from stories.api import endpoints
from stories.models import Article, Author, Claim, Party, PendingVersion, Politician, ShareLink, renditions
from stories.tests.factories import UserFactory, roles
from stories.tests.secrets import SECRET, plant_copy, plant_secrets
from stories.tests.views.newsroom import Newsroom, build

pytestmark = pytest.mark.django_db

MACHINES = (
    "/sitemap.xml /news-sitemap.xml /robots.txt /claims.csv /api/v1/openapi.json /api/v1/stories "
    "/data/claim-reviews.json /api/v1/claims /api/v1/politicians /api/v1/topics /schemas/story.json"
).split()
# What the walk must have come across, or it has not been everywhere.
KINDS = (
    r"/stories/[^/]+/$ /stories/[^/]+\.json$ /claims/\d+-[^/]+/$ /claims/\d+-[^/]+\.json$ "
    r"/people/[^/]+\.json$ /claims/\d+/embed/ /oembed/\?url= /claims\.csv\?. /feed/$ /feed/atom/ /feed/json/ "
    r"/search/feed/ /topics/[^/]+/ /parties/[^/]+/ /authors/[^/]+/ /archive/\d+/\d+/\d+/ "
    r"/sitemap-claims-\d+\.xml /api/v1/stories/. /api/v1/claims/\d /api/v1/politicians/. /api/v1/topics/. "
    r"/claims/\?outlet= /stories/\?topic="
).split()


@pytest.fixture
def newsroom(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Newsroom:
    monkeypatch.setattr(endpoints.ByAddress, "allow_request", lambda *args: True)
    newsroom = build(1)
    plant_secrets(beside=newsroom.story)
    plant_copy(tmp_path)
    return newsroom


def test_nothing_unpublished_can_be_walked_to(client: Client, newsroom: Newsroom) -> None:
    seen = walk(client, newsroom)
    for kind in KINDS:
        assert any(re.search(kind, address) for address in seen), kind


@pytest.mark.parametrize(
    "role", [permissions.REPORTER, permissions.FACT_CHECKER, permissions.EDITOR, permissions.IMPORT_STAFF]
)
def test_readers_pages_show_the_desk_no_more_than_anybody(
    client: Client, newsroom: Newsroom, role: str
) -> None:
    """Whoever is signed in: what they copy from a readers' page, or a cache keeps of it, is public."""
    user = UserFactory()
    user.groups.add(roles().get(name=role))
    client.force_login(user)
    seen = walk(client, newsroom, questions=False)
    assert newsroom.claim.get_absolute_url() in seen


def walk(client: Client, newsroom: Newsroom, *, questions: bool = True) -> set[str]:
    """Ask for every address that a page leads to, those with a question mark only with `questions`.

    Raises AssertionError where one holds a secret. Returns the addresses.
    """
    addresses = newsroom.addresses()
    del addresses["shared"]  # is for whoever was given it, and shows what is to come
    waiting, seen = [*addresses.values(), *MACHINES, *searches(), *doors_of_the_api()], set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen or ("?" in address and not questions):
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in {200, 301, 302, 404, 410}, address
        text = text_of(answer)
        assert SECRET not in text.replace(address, "").lower(), address
        assert "/shared/" not in text.replace(address, ""), address
        # Of two filters together no more is to be learnt than of each.
        waiting += [one for one in links_in(text, address) if one.count("=") <= 1]
    return seen


def test_no_picture_of_what_is_not_published_is_handed_out(client: Client, newsroom: Newsroom) -> None:
    hidden = [row.lead_image for row in Article.objects.all() if row.lead_image and not row.is_public]
    hidden += [pending_versions.shown(row.article).lead_image for row in PendingVersion.objects.all()]
    hidden += [row.portrait for row in Politician.objects.exclude(portrait="") if not row.confirmed]
    assert len(hidden) == 6
    for picture in hidden:
        for address in (picture.url, *(renditions.address(picture, size) for size in renditions.SIZES)):
            assert client.get(address).status_code == 404, address


def test_a_link_that_was_shared_ends_with_its_story(client: Client, newsroom: Newsroom) -> None:
    """Made while it was a draft; withdrawn since, or taken back by whoever made it."""
    withdrawn = Article.objects.get(status=Article.Status.WITHDRAWN, headline__contains=SECRET)
    draft = Article.objects.filter(status=Article.Status.DRAFT, headline__contains=SECRET)[0]
    later = timezone.now() + datetime.timedelta(days=1)
    for story, revoked in ((withdrawn, None), (draft, timezone.now())):
        link = ShareLink.objects.create(article=story, expires_at=later, revoked_at=revoked)
        answer = client.get(f"/shared/{share_links.token_of(link)}/")
        assert answer.status_code == 410
        assert SECRET not in answer.content.decode().lower()


def searches() -> Iterator[str]:
    for words in ("words here", "somebody", "council"):
        for kind in ("people", "stories", "claims"):
            yield f"/search/?q={words}&kind={kind}"
        yield f"/search/feed/json/?q={words}"
        yield f"/search/suggestions/?q={words}"


def doors_of_the_api() -> Iterator[str]:
    """The API's pages of single rows, which no other page leads to."""
    for row in (*Article.objects.published(), *Politician.objects.published(), *Tag.objects.all()):
        name = {Article: "stories", Politician: "politicians", Tag: "topics"}[type(row)]
        if SECRET not in row.slug:
            yield f"/api/v1/{name}/{row.slug}"
    for claim in Claim.objects.published():
        yield f"/api/v1/claims/{claim.pk}"
        yield f"/claims/{claim.pk}/embed/"


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.get("Location", "") + content.decode(errors="replace")


def links_in(text: str, address: str) -> Iterator[str]:
    """The site's own addresses in a page, a feed, a sitemap or an answer for programs."""
    whole = re.findall(rf"{re.escape(settings.SITE_URL)}(/[^\s\"'<>\\]*)", text)
    for link in (*re.findall(r'(?:href|action)="([^"]*)', text), *whole):
        found = link.replace("&amp;", "&").partition("#")[0]
        if found.startswith("?"):
            found = urlsplit(address).path + found
        found = found.removeprefix(settings.SITE_URL)
        if found.startswith("/") and not found.startswith(("/static/", "/media/", "/admin/")):
            yield found


@pytest.mark.parametrize("model", [Article, Claim, Politician, Party, Author, Tag])
def test_nothing_unpublished_answers_at_its_own_address_in_any_form(
    client: Client, newsroom: Newsroom, model: Any
) -> None:
    rows = [row for row in model.objects.all() if SECRET in getattr(row, "wording", str(row)).lower()]
    assert rows
    for row in rows:
        for address in addresses_of(row):
            answer = client.get(address)
            assert answer.status_code in {404, 410} or "public-person" in answer.get("Location", ""), address
            if answer.status_code == 410:
                assert SECRET not in text_of(answer).replace(address, "").lower()


def addresses_of(row: Any) -> Iterable[str]:
    own = f"/authors/{row.slug}/" if isinstance(row, Author) else row.get_absolute_url()
    yield from (own, f"{own}feed/", f"{own}feed/atom/", f"{own}feed/json/")
    if isinstance(row, Article | Claim | Politician):
        yield f"{own.rstrip('/')}.json"
    if isinstance(row, Claim):
        yield from (f"/claims/{row.pk}/", f"/claims/{row.pk}/embed/", f"/api/v1/claims/{row.pk}")
        yield f"/oembed/?url={settings.SITE_URL}{own}"
    names = {Article: "stories", Politician: "politicians", Tag: "topics"}
    if type(row) in names:
        yield f"/api/v1/{names[type(row)]}/{row.slug}"
