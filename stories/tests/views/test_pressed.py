"""A story's page and its feed entry are kept by all that they print: they never show what it said before."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stories.models import Appearance, Article, Author, Claim, Correction, Politician
from stories.tests import factories as make
from stories.tests.views.newsroom import NOON, Newsroom, build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_made_anew")]


@pytest.fixture
def newsroom() -> Newsroom:
    return build(2)


def of(newsroom: Newsroom) -> Any:
    return Article.objects.filter(pk=newsroom.story.pk)


def claim_of(newsroom: Newsroom) -> Any:
    return Claim.objects.filter(pk=newsroom.claim.pk)


CHANGES: dict[str, Callable[[Newsroom], Any]] = {
    "headline": lambda room: of(room).update(headline="The wall fell"),
    "standfirst": lambda room: of(room).update(standfirst="So it did."),
    "body": lambda room: of(room).update(body="<p>Nothing was said.</p>"),
    "source": lambda room: of(room).update(source="Westmere Press", source_url="https://example.org/"),
    "updated": lambda room: of(room).update(updated_at=NOON.replace(day=9)),
    "day of the copy": lambda room: of(room).update(dateline=NOON.date().replace(day=1)),
    "author's name": lambda room: Author.objects.update(name="Reporter Westmere"),
    "topics": lambda room: room.story.tags.add("gates"),
    "correction": lambda room: Correction.objects.create(
        article=room.story, text="It was nine.", made_at=timezone.now(), on_top=True
    ),
    "wording": lambda room: claim_of(room).update(wording="the wall will fall"),
    "stance": lambda room: claim_of(room).update(stance="denied", verb="denied that"),
    "verdict": lambda room: claim_of(room).update(rating="false"),
    "verdict in a sentence": lambda room: claim_of(room).update(rating_summary="It does not."),
    "day of the claim": lambda room: claim_of(room).update(said_on=None),
    "rejected claim": lambda room: claim_of(room).update(state="rejected", rating=""),
    "whom it is about": lambda room: room.claim.about.add(make.PoliticianFactory(name="Bram Orde")),
    "speaker's name": lambda room: Politician.objects.update(name="Ada Orde"),
    "speaker hidden": lambda room: Politician.objects.update(confirmed=False),
    "role as printed": lambda room: Appearance.objects.update(speaker_role="mayor"),
    "words adrift": lambda room: Appearance.objects.update(state="lost"),
    "printed once more": lambda room: make.appearance_of(room.claim),
}
# What the story's entry in the feed prints, too.
IN_THE_FEED = ("headline", "standfirst", "body", "updated", "author's name", "topics", "correction")


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_page_of_a_story_shows_what_changed(client: Client, newsroom: Newsroom, change: str) -> None:
    address = newsroom.story.get_absolute_url()
    before = story_in(client.get(address).content.decode())
    assert story_in(client.get(address).content.decode()) == before
    CHANGES[change](newsroom)
    assert story_in(client.get(address).content.decode()) != before


@pytest.mark.parametrize("change", IN_THE_FEED)
def test_the_next_feed_shows_what_changed(client: Client, newsroom: Newsroom, change: str) -> None:
    before = client.get(reverse("stories:feed")).content
    assert client.get(reverse("stories:feed")).content == before
    CHANGES[change](newsroom)
    assert client.get(reverse("stories:feed")).content != before


def story_in(page: str) -> str:
    """What is kept of a story's page: without the stories beside it."""
    return page.partition('<article class="story">')[2].partition('aria-labelledby="related"')[0]
