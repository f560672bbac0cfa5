"""The front page is led by whole quotations of people on record, those that were checked first."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stories.models import Article, Claim, FrontPlace
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
    assert f"She said: “<mark>{said[1]}</mark>.”" in quotes


def headlines(client: Client) -> list[str]:
    context = client.get("/").context
    return [context["lead"].headline, *(card.made.headline for card in context["latest"])]


@pytest.mark.usefixtures("pages_made_anew")
def test_the_lead_that_was_chosen_leads_with_its_own_quotations_and_feeds_stay_newest_first(
    client: Client,
) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=9)
    old = ArticleFactory(headline="Old wall", plain=f"She said: “{WHOLE}.”", published_at=long_ago)
    new = ArticleFactory(headline="New wall", plain=f"He said: “{WHOLE} and ever.”")
    printed(WHOLE, old)
    printed(f"{WHOLE} and ever", new)
    FrontPlace.objects.create(place=1, article=old)
    assert headlines(client) == ["Old wall", "New wall"]
    assert [quote.article.pk for quote in client.get("/").context["lead_quotes"]] == [old.pk]
    feed = client.get(reverse("stories:feed")).content.decode()
    assert feed.index("New wall") < feed.index("Old wall")


def test_what_is_chosen_counts_from_the_moment_it_is_and_until_its_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    soon = ArticleFactory(headline="Soon", published_at=now + datetime.timedelta(hours=1))
    old = ArticleFactory(headline="Old", published_at=now - datetime.timedelta(days=2))
    ArticleFactory(headline="New", published_at=now - datetime.timedelta(days=1))
    assert headlines(client) == ["New", "Old"]
    FrontPlace.objects.create(place=1, article=soon)
    place = FrontPlace.objects.create(place=2, article=old, until=now + datetime.timedelta(hours=2))
    assert headlines(client) == ["Old", "New"], "what is scheduled is passed over"
    etag = client.get("/")["ETag"]
    for hours, shown in ((1, ["Soon", "Old", "New"]), (2, ["Soon", "New", "Old"])):
        monkeypatch.setattr(
            timezone, "now", lambda hours=hours: now + datetime.timedelta(hours=hours, seconds=1)
        )
        assert headlines(client) == shown
        answer = client.get("/", headers={"If-None-Match": etag})
        assert answer.status_code == 200
        etag = answer["ETag"]
    place.until = None
    place.save()
    assert headlines(client) == ["Soon", "Old", "New"]
    Article.objects.filter(pk=soon.pk).update(status="withdrawn")
    assert headlines(client) == ["Old", "New"]
