"""What only software has read says so wherever it is shown, never leads, and counts in no scorecard."""

import csv
import io
import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from stories.actions.claims import ratings_and_corrections, review, review_feedback
from stories.models import Claim, ImportRun, Page
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    PoliticianFactory,
    UserFactory,
    appearance_of,
)
from stories.tests.html import flat
from stories.views.front import claim_of_the_day, everything_shown

pytestmark = pytest.mark.django_db
UNREAD = "Found by software, not yet read by an editor"


@pytest.fixture
def claim() -> Claim:
    """Accepted unread, and public."""
    ada = PoliticianFactory(name="Ada Aldous")
    claim: Claim = ClaimFactory(speaker=ada, wording="The harbour wall is much too low", unread=True)
    story = ArticleFactory(slug="wall", plain=f"Ada Aldous said: “{claim.wording}”.")
    appearance_of(claim, story)
    return claim


FORMS = {
    "claim": lambda claim: claim.get_absolute_url(),
    "story": lambda claim: "/stories/wall/",
    "story as data": lambda claim: "/stories/wall.json",
    "claim as data": lambda claim: f"{claim.get_absolute_url().rstrip('/')}.json",
    "claims": lambda claim: reverse("stories:claims"),
    "person": lambda claim: claim.speaker.get_absolute_url(),
    "search": lambda claim: f"{reverse('stories:search')}?q=harbour+wall",
    "embed": lambda claim: reverse("stories:claim_embed", args=[claim.pk]),
    "feed": lambda claim: reverse("stories:claims_feed", kwargs={"form": "json"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_claim_accepted_unread_says_so_until_an_editor_accepts_it(
    client: Client, claim: Claim, form: str
) -> None:
    def shown() -> str:
        cache.clear()
        response = client.get(FORMS[form](claim))
        assert response.status_code == 200
        return str(response.content.decode())

    assert UNREAD in shown()
    review_feedback.accept(claim=claim, by=UserFactory(is_superuser=True))
    assert UNREAD not in shown()


def test_the_interface_and_the_spreadsheet_say_who_has_read_a_claim(client: Client, claim: Claim) -> None:
    def shown() -> tuple[Any, str]:
        row = client.get(f"/api/v1/claims/{claim.pk}").json()
        text = b"".join(client.get(reverse("stories:claims_csv")).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        return row["read_by_an_editor"], next(csv.DictReader(io.StringIO(text)))["read_by_an_editor"]

    assert shown() == (False, "no")
    review.accept(claim=claim, by=None)
    assert shown() == (True, "yes")


def test_no_review_is_issued_of_a_claim_that_nobody_read(client: Client, claim: Claim) -> None:
    data = client.get(FORMS["claim as data"](claim)).json()
    assert (data["@type"], data["creativeWorkStatus"]) == ("Claim", UNREAD)
    assert "reviewRating" not in json.dumps(data)


def test_it_is_never_on_the_front_page(client: Client, claim: Claim) -> None:
    address = reverse("stories:front")
    assert claim.wording not in client.get(address).content.decode()
    review.accept(claim=claim, by=None)
    assert claim.wording in client.get(address).content.decode()


def test_the_claim_of_the_day_is_one_that_was_read(claim: Claim) -> None:
    read = ClaimFactory(wording="The wall will stand for years")
    appearance_of(read)
    days = [read.said_on.replace(day=day) for day in range(1, 15)]
    assert {claim_of_the_day(day, everything_shown()) for day in days} == {read.pk}


def test_a_verdict_is_a_reading(claim: Claim) -> None:
    ratings_and_corrections.rate(claim=claim, by=None, rating="false", summary="The books say otherwise.")
    assert claim.is_read or Claim.objects.get(pk=claim.pk).is_read
    ratings_and_corrections.rate(claim=claim, by=None, rating="", summary="")
    assert Claim.objects.get(pk=claim.pk).is_read


def test_it_counts_in_no_scorecard(client: Client, claim: Claim) -> None:
    appearance_of(ClaimFactory(speaker=claim.speaker, wording="the wall has 9 gates"))
    for address in (claim.speaker.get_absolute_url(), claim.speaker.party.get_absolute_url()):
        page = client.get(address).content.decode()
        tally = page.partition('aria-label="Verdicts"')[2].partition("</ul>")[0]
        assert "Not rated 1 claim" in " ".join(re.sub("<[^>]+>", " ", tally).split())
        assert f"{UNREAD}: 1" in tally


def test_who_reviewed_it_may_leave_and_the_claim_stays_read(claim: Claim) -> None:
    checker = UserFactory(is_superuser=True)
    review.accept(claim=claim, by=checker)
    checker.delete()
    claim.refresh_from_db()
    assert claim.reviewed_by is None
    assert claim.is_read
    assert Claim.objects.read().get() == claim


def test_how_we_check_tells_how_many_claims_an_editor_has_read(client: Client, claim: Claim) -> None:
    appearance_of(ClaimFactory(wording="the wall has 9 gates"))
    appearance_of(ClaimFactory(wording="the wall has 10 gates"))

    def page() -> str:
        cache.clear()
        return " ".join(client.get(reverse("stories:how_we_check")).content.decode().split())

    assert "Of the 3 claims on the record today, 2 were read by an editor; 1 was found by software" in page()
    assert "Only what an editor accepted is on the record" not in page()
    Page.objects.create(slug="how-we-check", title="How we work", body="<p>By hand.</p>", shown=True)
    assert "1 was found by software" in page(), "an editor's own words do not put the figures away"
    Page.objects.all().delete()
    review.accept(claim=claim, by=None)
    assert "Only what an editor accepted is on the record" in page()


def test_a_story_says_on_paper_too_how_many_of_its_claims_nobody_has_read(
    client: Client, claim: Claim
) -> None:
    page = client.get("/stories/wall/").content.decode()
    assert "This claim was found by software and has not yet been read by an editor." in flat(page)


def test_of_two_claims_made_one_the_one_that_was_read_counts(claim: Claim) -> None:
    read = ClaimFactory(speaker=claim.speaker, wording="the wall has 9 gates")
    review.merge(claim=read, into=claim, by=None, reason="One count.")
    assert Claim.objects.get().is_read


def test_an_import_that_accepts_leaves_its_claims_unread() -> None:
    run = ImportRun.objects.create()
    claim = ClaimFactory(proposed=True, imported_in=run)
    review.accept_unread(claim=claim, by=UserFactory(is_superuser=True))
    claim.refresh_from_db()
    assert (claim.state, claim.reviewed_at, claim.reviewed_by) == (Claim.State.ACCEPTED, None, None)
    assert list(Claim.objects.unread()) == [claim]
