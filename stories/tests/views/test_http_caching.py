"""What caches may keep and for how long, and what a page answers to who has it already."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from stories.models import Claim, Correction
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat
from stories.tests.pictures import picture
from stories.tests.views.newsroom import STATUS, build
from stories.tests.views.test_every_page import EVERY_PAGE

pytestmark = pytest.mark.django_db

# The pages that are the same for every reader until somebody changes what is on them.
KEPT = sorted({*EVERY_PAGE} - {*STATUS} - {"shared"})
LONG_AGO = "Mon, 01 Jan 2001 00:00:00 GMT"


@pytest.mark.parametrize("name", KEPT)
def test_a_page_not_changed_is_not_sent_again(client: Client, name: str) -> None:
    address = build(1).addresses()[name]
    again = client.get(address, headers={"If-None-Match": client.get(address)["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("address", ["/", "/stories/", "/stories/?after=2001-01-01", "/search/?q=council"])
def test_a_list_that_gains_or_loses_a_row_is_sent_again_even_within_the_same_second(
    client: Client, address: str
) -> None:
    ArticleFactory()
    first = client.get(address)
    etags = [first["ETag"]]
    added = ArticleFactory()
    for change in (lambda: None, added.delete):
        change()
        # A list has no Last-Modified: a date alone never makes it count as unchanged.
        old = {"If-None-Match": etags[-1]}, {"If-Modified-Since": http_date(timezone.now().timestamp())}
        answers = [client.get(address, headers=condition) for condition in old]
        assert [answer.status_code for answer in answers] == [200, 200]
        etags.append(answers[0]["ETag"])


@pytest.mark.parametrize("name", KEPT)
def test_a_page_may_be_kept_for_a_while_by_any_cache(client: Client, name: str) -> None:
    response = client.get(build(1).addresses()[name])
    kept = response["Cache-Control"]
    assert "public" in kept
    assert re.search(r"max-age=30, stale-while-revalidate=30\b", kept)
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


def promised(response: HttpResponse) -> int:
    """Seconds for which a cache may answer with it: while it is fresh, and while it is made again."""
    said = re.findall(r"(?:max-age|stale-[a-z-]+|s-maxage)=(\d+)", response["Cache-Control"])
    return sum(map(int, said))


def test_what_is_withdrawn_is_gone_a_minute_later_whatever_caches_are_between(client: Client) -> None:
    newsroom = build(1)
    story, claim, person = newsroom.story, newsroom.claim, newsroom.person
    story.lead_image_alt = "A wall"
    story.lead_image.save("wall.png", ContentFile(picture(900, 600)))
    merged = PoliticianFactory(merged_into=person)
    pages = {name: address for name, address in newsroom.addresses().items() if name in KEPT}
    own = [story.get_absolute_url(), claim.get_absolute_url(), person.get_absolute_url()]
    feeds = ["/", "/stories/", "/claims/", "/search/", "/corrections/", *own[1:]]
    machines = ["/sitemap.xml", "/news-sitemap.xml", "/robots.txt", "/claims.csv", "/api/v1/openapi.json"]
    addresses = [
        *pages.values(),
        *(f"{address}feed/{form}" for address in feeds for form in ("", "atom/", "json/")),
        *(f"{address.rstrip('/')}.json" for address in own),
        *(f"/api/v1/{name}" for name in ("stories", "claims", "politicians", "topics")),
        f"/api/v1/stories/{story.slug}",
        f"/oembed/?url={settings.SITE_URL}{claim.get_absolute_url()}",
        merged.get_absolute_url(),
        story.lead_image.url,
        *machines,
    ]
    for address in addresses:
        response = client.get(address)
        assert response.status_code in (200, 301), address
        assert promised(response) <= 60, address


@pytest.mark.parametrize("ending", ["/", ""])
def test_oembed_knows_a_claim_with_and_without_the_last_slash(client: Client, ending: str) -> None:
    claim = ClaimFactory()
    appearance_of(claim)
    for address in (claim.get_absolute_url(), f"/claims/{claim.pk}/"):
        whole = f"{settings.SITE_URL}{address.rstrip('/')}{ending}"
        assert client.get("/oembed/", {"url": whole}).status_code == 200


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
    assert '<meta name="robots" content="noindex, follow">' in flat(narrowed)
    assert re.search(r'rel="canonical" href="[^"]+/stories/"', narrowed)


def test_the_icon_is_found_where_old_programs_look_for_it(client: Client) -> None:
    assert client.get("/favicon.ico").url.endswith("stories/record.svg")
