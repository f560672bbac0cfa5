"""Claims in nearly the same words: on the page of each, in the list of such pairs, its feed and the data."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stories.models import Claim, NearWording
from stories.tests.factories import ArticleFactory, ClaimFactory, appearance_of
from stories.tests.html import flat

pytestmark = pytest.mark.django_db
SAID = "we have mended every road in the county since the flood"
NEARLY = "we have mended nearly every road in the county since the flood"


def two(answer: str = "shown", **values: Any) -> tuple[Claim, Claim]:
    """The older claim, and one by the same speaker in nearly its words; both are printed."""
    older = ClaimFactory(wording=SAID, said_on=datetime.date(2031, 1, 1))
    newer = ClaimFactory(**{"wording": NEARLY, "speaker": older.speaker} | values)
    appearance_of(older)
    appearance_of(newer)
    NearWording.objects.create(first=older, second=newer, answer=answer)
    return older, newer


def everywhere(client: Client, claim: Claim) -> dict[str, str]:
    """All that tells of claims near to this one."""
    addresses = {
        "page": claim.get_absolute_url(),
        "json": f"{claim.get_absolute_url().rstrip('/')}.json",
        "api": f"/api/v1/claims/{claim.pk}",
        "list of the API": "/api/v1/claims",
        "list": "/nearly-the-same/",
        "feed": "/nearly-the-same/feed/json/",
    }
    return {name: flat(client.get(address).content.decode()) for name, address in addresses.items()}


def test_a_claims_page_has_the_other_printing_with_what_differs(client: Client) -> None:
    older, newer = two()
    page = everywhere(client, older)["page"].partition('id="near"')[2].partition("</section>")[0]
    for words in (
        newer.appearances.get().article.headline,
        "told the Eastmere Post",
        newer.get_absolute_url(),
    ):
        assert words in page
    assert "added: </span>nearly<span" in page
    other = everywhere(client, newer)["page"].partition('id="near"')[2]
    assert "left out: </span>nearly<span" in other


def test_a_number_that_differs_is_told_to_readers(client: Client) -> None:
    older, _ = two(wording=f"{SAID} of 1953")
    assert "The numbers are not the same." in everywhere(client, older)["page"]


def test_the_list_and_its_feed_have_the_newest_pair_first_and_in_it_the_older_claim(client: Client) -> None:
    pairs = [two() for _ in range(2)]
    NearWording.objects.filter(first=pairs[0][0]).update(said_at=timezone.now() + datetime.timedelta(hours=1))
    page = everywhere(client, pairs[0][0])["list"]
    order = [claim.get_absolute_url() for pair in pairs for claim in pair]
    assert sorted(order, key=page.index) == order
    entries = client.get("/nearly-the-same/feed/json/").json()["items"]
    assert [entry["url"].rpartition("-")[2] for entry in entries] == [
        str(NearWording.objects.get(first=older).pk) for older, _ in pairs
    ]
    assert NEARLY in entries[0]["content_html"]


def test_the_data_of_a_claim_names_the_other(client: Client) -> None:
    older, newer = two()
    data = client.get(f"{older.get_absolute_url().rstrip('/')}.json").json()
    assert [one["url"].endswith(newer.get_absolute_url()) for one in data["mentions"]] == [True]
    for answer in (
        client.get(f"/api/v1/claims/{older.pk}").json(),
        client.get("/api/v1/claims").json()["results"][1],
    ):
        assert [url.endswith(newer.get_absolute_url()) for url in answer["nearly_the_same"]] == [True]


@pytest.mark.parametrize(
    "hidden", ["rejected", "proposed", "draft", "different", "another speaker", "reworded"]
)
def test_what_readers_may_not_see_or_nobody_said_to_show_is_shown_nowhere(
    client: Client, hidden: str
) -> None:
    older, newer = two(answer="different" if hidden == "different" else "shown")
    if hidden in ("rejected", "proposed"):
        Claim.objects.filter(pk=newer.pk).update(state=hidden)
    elif hidden == "draft":
        newer.appearances.all().delete()
        appearance_of(newer, ArticleFactory(draft=True, plain=f"“{NEARLY}”."))
    elif hidden == "another speaker":
        Claim.objects.filter(pk=newer.pk).update(speaker=ClaimFactory().speaker)
    elif hidden == "reworded":
        Claim.objects.filter(pk=newer.pk).update(wording="ferries run on time whatever the weather")
    told = everywhere(client, older)
    assert "no such claims" in told["list"].lower()
    assert 'id="near"' not in told["page"]
    address = f"/claims/{newer.pk}-"
    # The page goes on to other claims of the speaker, of which this may be one that readers see.
    elsewhere = [] if hidden in ("different", "reworded") else ["page"]
    assert [name for name in (*elsewhere, "json", "api", "list", "feed") if address in told[name]] == []
