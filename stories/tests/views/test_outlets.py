"""The pages of outlets: what was said to each, under whatever name it was printed."""

import datetime

import pytest
from django.test import Client

from stories.models import Outlet, OutletName
from stories.tests.factories import ClaimFactory, PoliticianFactory, appearance_of, on_record
from stories.tests.views.test_story import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Outlet:
    """An outlet under two names: an old claim that was rated, a new one, and one that readers do not see."""
    ada, bram = PoliticianFactory(name="Ada Aldous"), PoliticianFactory(name="Bram Corran")
    found = on_record("the Eastmere Post")
    OutletName.objects.create(outlet=found, name="Our Post")
    for year, speaker, words, printed, rating in (
        (2019, ada, "the wall stands", "the Eastmere Post", "false"),
        (2020, ada, "the wall stood", "our Post", ""),
        (2021, bram, "the wall fell", "the Eastmere Post", ""),
    ):
        claim = ClaimFactory(
            speaker=speaker,
            wording=words,
            rating=rating,
            said_on=datetime.date(year, 3, 4),
            proposed=speaker == bram,
        )
        appearance_of(claim, outlet=printed)
    appearance_of(ClaimFactory(wording="the wall is wet"), outlet="the Quay Echo")
    return found


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return plain(response.content.decode())


def test_a_page_has_all_that_was_said_under_any_name_the_newest_first(client: Client, post: Outlet) -> None:
    page = text(client, "/outlets/eastmere-post/")
    assert "Also printed as Our Post" in page
    assert "What was said to Eastmere Post 2 claims" in page
    assert page.index("the wall stood") < page.index("the wall stands")
    assert "the wall fell" not in page
    assert "Bram Corran" not in page
    assert "the wall is wet" not in page
    assert "2 claims by Ada Aldous" in page


def test_its_lists_have_the_same_claims(client: Client, post: Outlet) -> None:
    assert "2 matching claims" in text(client, "/claims/?outlet=eastmere-post")
    assert "2 matching claims" in text(client, "/claims/?outlet=Our+post")
    rows = client.get("/claims.csv?outlet=eastmere-post").getvalue().decode()
    entries = client.get("/outlets/eastmere-post/feed/json/").json()["items"]
    for said in ("the wall stood", "the wall stands"):
        assert said in rows
        assert said in str(entries)
    assert len(entries) == 2
    assert "the wall fell" not in rows


def test_cards_and_claims_link_what_was_printed_to_the_outlet(client: Client, post: Outlet) -> None:
    link = '<a href="/outlets/eastmere-post/"\n>our Post</a>'
    assert link in client.get("/claims/?q=stood").content.decode()
    claim = appearance_of(ClaimFactory(), outlet="reporters").claim
    OutletName.objects.filter(key="reporters").delete()
    page = client.get(claim.get_absolute_url()).content.decode()
    assert "to\nreporters" in page


def test_an_outlet_without_a_public_claim_has_no_page_and_is_on_no_list(client: Client, post: Outlet) -> None:
    appearance_of(ClaimFactory(proposed=True), outlet="the Secret Gazette")
    for address in ("/outlets/secret-gazette/", "/outlets/secret-gazette/feed/"):
        assert client.get(address).status_code == 404
    listed = text(client, "/outlets/")
    assert "Eastmere Post2 claims" in listed
    assert "Quay Echo1 claim" in listed
    assert "Secret" not in listed
    assert "Eastmere" in text(client, "/outlets/?q=our")
    assert "Eastmere Post" not in text(client, "/outlets/?letter=Q").partition("Topics")[0].partition("Q")[2]


def test_a_former_address_leads_to_the_present_one(client: Client, post: Outlet) -> None:
    Outlet.objects.filter(pk=post.pk).update(slug="post-of-eastmere")
    assert client.get("/outlets/eastmere-post/").url == "/outlets/post-of-eastmere/"
    assert "2 matching claims" in text(client, "/claims/?outlet=eastmere-post")
