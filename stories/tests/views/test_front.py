"""The front page is led by whole quotations of people on record, those that were checked first."""

import datetime

import pytest
from django.test import Client

from stories.models import Article, Claim
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat
from stories.views.front import claim_of_the_day, everything_shown

pytestmark = pytest.mark.django_db
WHOLE = "The wall will stand for years"
DAY = datetime.date(2031, 3, 4)


def printed(wording: str, story: Article | None = None, **values: object) -> Claim:
    claim: Claim = ClaimFactory(wording=wording, **values)
    appearance_of(claim, story)
    return claim


def test_scraps_reports_and_nobodys_words_do_not_stand_on_it_even_if_they_were_rated(client: Client) -> None:
    apart = {"rating": "false", "checked_at": datetime.datetime(2031, 3, 5, tzinfo=datetime.UTC)}
    left_out = [
        printed("a fatal blow to the whole town", **apart),
        printed("Never again", **apart),
        printed("The wall would fall within years", kind="indirect", **apart),
        printed("The wall has gates of iron", stance="denied", **apart),
        printed("The wall was paid for twice", speaker=None, speaker_label="A source", **apart),
        printed("The wall has been sold off", speaker=PoliticianFactory(confirmed=False), **apart),
    ]
    whole = [printed(f"{WHOLE} and {number} days") for number in range(3)]
    rated = printed("The wall is the longest of all", rating="true")
    days = [DAY + datetime.timedelta(number) for number in range(9)]
    assert {claim_of_the_day(day, everything_shown()) for day in days} == {rated.pk}
    page = flat(client.get("/").content.decode())
    for claim in left_out:
        assert claim.wording not in page
    for claim in whole:
        assert claim.wording in page
    Claim.objects.filter(pk=rated.pk).delete()
    assert {claim_of_the_day(day, everything_shown()) for day in days} == {claim.pk for claim in whole}


def test_quotations_under_the_lead_say_what_its_standfirst_does_not(client: Client) -> None:
    said = [
        "We shall build it anew this year",
        "Nobody was asked about the wall",
        "It will be paid for by all",
    ]
    story = ArticleFactory(
        plain="\n\n".join(f"She said: “{words}.”" for words in said),
        standfirst=f"The mayor is angry: “{said[0]}”, she says.",
    )
    for words in said:
        printed(words, story, rating="true" if words == said[2] else "")
    page = flat(client.get("/").content.decode())
    quotes = page.partition('<ul class="lead-quotes">')[2].partition("</ul>")[0]
    assert said[0] not in quotes
    assert quotes.index(said[2]) < quotes.index(said[1])
