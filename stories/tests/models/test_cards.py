"""A card prints what the rows say: as much as whole rows would, and never what they said before."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from stories.models import Appearance, Article, Author, Claim, Politician
from stories.models.cards import ClaimCard, StoryCard, claim_list, story_list
from stories.models.prefetch import claim_cards, story_cards
from stories.templatetags.cards import card
from stories.tests import factories as make
from stories.tests.views.newsroom import NOON, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    """A claim with all that a card prints, in two stories."""
    speaker, about = make.PoliticianFactory(name="Ada Aldous"), make.PoliticianFactory(name="Bram Orde")
    claim: Claim = make.ClaimFactory(
        speaker=speaker, wording="the wall holds", about=[about], said_on=NOON.date()
    )
    for number in range(2):
        story = make.ArticleFactory(
            plain=f"She said: “the wall holds”, and {number}.",
            published_at=NOON + datetime.timedelta(days=number),
        )
        make.appearance_of(claim, story)
    Appearance.objects.update(speaker_role="mayor", speaker_party="Harbour", outlet="The Herald")
    return claim


@pytest.fixture
def story() -> Article:
    """A story with all that a card prints."""
    story: Article = make.ArticleFactory(
        headline="The wall holds",
        standfirst="So they say.",
        authors=[make.AuthorFactory(name="Reporter Eskdale")],
        tags=["harbour", "walls"],
        source="Eastmere Press",
        published_at=NOON,
    )
    return story


def test_a_card_prints_what_the_whole_row_prints() -> None:
    newsroom = build(3)
    Claim.objects.filter(pk=newsroom.claim.pk).update(stance="denied", verb="denied that")
    Claim.objects.exclude(pk=newsroom.claim.pk).update(kind="indirect", speaker_label="An official")
    Politician.objects.filter(pk=newsroom.person.pk).update(confirmed=False)
    Article.objects.filter(pk=newsroom.story.pk).update(standfirst="", source="Eastmere Press", day_only=True)
    stories, claims = Article.objects.published(), Claim.objects.published()
    assert stories
    assert claims
    for row, shown in zip(story_cards(stories), story_list(stories), strict=True):
        for level in (2, 3):
            whole = render_to_string("includes/story_card.html", {"story": row, "level": level})
            assert card(shown, level=level) == whole
    for claim, said in zip(claim_cards(claims, sentences=True), claim_list(claims), strict=True):
        assert card(said) == render_to_string("includes/claim_card.html", {"claim": claim})


def test_words_that_were_interrupted_stand_on_a_card_as_they_were_printed() -> None:
    claim = make.ClaimFactory(wording="The wall holds")
    story = make.ArticleFactory(plain="“The wall holds,” she said, “and the gate does not.”")
    appearance = make.appearance_of(claim, story)
    Claim.objects.update(wording="the wall holds and the gate does not")
    start = story.text.index("and the gate")
    further = {
        "exact": "and the gate does not",
        "prefix": "",
        "suffix": "",
        "start": start,
        "end": start + 21,
    }
    Appearance.objects.filter(pk=appearance.pk).update(further=[further])
    (shown,) = ClaimCard.of([claim.pk])
    assert "“<mark>The wall holds</mark>,” she said, “<mark>and the gate does not</mark>.”" in card(shown)


def put_into_another_sentence(claim: Claim) -> None:
    """Change the first story that prints a claim, before and after its words."""
    story = claim.appearances.earliest("article__published_at", "pk").article
    Article.objects.filter(pk=story.pk).update(text=story.text.replace("She said:", "He sang:"))


STORY_CHANGES: dict[str, Callable[[Article], Any]] = {
    "headline": lambda story: Article.objects.update(headline="The wall fell"),
    "standfirst": lambda story: Article.objects.update(standfirst="So it did."),
    "slug": lambda story: Article.objects.update(slug="wall-fell"),
    "day of publication": lambda story: Article.objects.update(
        published_at=NOON + datetime.timedelta(days=1)
    ),
    "hour no longer known": lambda story: Article.objects.update(day_only=True),
    "source": lambda story: Article.objects.update(source="Westmere Press"),
    "author's name": lambda story: Author.objects.update(name="Reporter Westmere"),
    "one more author": lambda story: story.authors.add(make.AuthorFactory(name="Zed Last")),
    "no author": lambda story: story.authors.clear(),
    "topic": lambda story: story.tags.set(["gates"]),
}
CLAIM_CHANGES: dict[str, Callable[[Claim], Any]] = {
    "wording": lambda claim: Claim.objects.update(wording="the wall fell"),
    "stance": lambda claim: Claim.objects.update(stance="denied"),
    "kind, where the words stand without their sentence": lambda claim: Claim.objects.update(
        wording="the wall fell", kind="indirect"
    ),
    "sentence": lambda claim: put_into_another_sentence(claim),
    "portrait": lambda claim: Politician.objects.filter(pk=claim.speaker_id).update(
        portrait="people/ada.jpg", portrait_alt="Ada Aldous"
    ),
    "rating": lambda claim: Claim.objects.update(rating="false"),
    "nobody has read it": lambda claim: Claim.objects.update(reviewed_at=None),
    "day": lambda claim: Claim.objects.update(said_on=None),
    "speaker's name": lambda claim: Politician.objects.filter(pk=claim.speaker_id).update(name="Ada Orde"),
    "speaker hidden": lambda claim: Politician.objects.filter(pk=claim.speaker_id).update(confirmed=False),
    "name of whom it is about": lambda claim: claim.about.update(name="Bram Aldous"),
    "whom it is about, hidden": lambda claim: claim.about.update(confirmed=False),
    "role as printed": lambda claim: Appearance.objects.update(speaker_role="former mayor"),
    "party as printed": lambda claim: Appearance.objects.update(speaker_party="Independent"),
    "to whom": lambda claim: Appearance.objects.update(outlet="The Echo"),
    "withdrawn from one story": lambda claim: Article.objects.filter(
        pk=claim.appearances.latest("pk").article_id
    ).update(status="withdrawn"),
}


@pytest.mark.parametrize("change", STORY_CHANGES)
def test_the_next_card_of_a_story_shows_what_changed(story: Article, change: str) -> None:
    (before,) = StoryCard.of([story.pk])
    shown = card(before, level=2)
    STORY_CHANGES[change](story)
    (after,) = StoryCard.of([story.pk])
    assert card(after, level=2) != shown


@pytest.mark.parametrize("change", CLAIM_CHANGES)
def test_the_next_card_of_a_claim_shows_what_changed(claim: Claim, change: str) -> None:
    (before,) = ClaimCard.of([claim.pk])
    shown = card(before)
    CLAIM_CHANGES[change](claim)
    (after,) = ClaimCard.of([claim.pk])
    assert card(after) != shown


def test_there_is_no_card_of_what_readers_may_not_see(story: Article, claim: Claim) -> None:
    assert StoryCard.of([story.pk])
    assert ClaimCard.of([claim.pk])
    Article.objects.update(published_at=timezone.now() + datetime.timedelta(hours=1))
    assert not StoryCard.of([story.pk])
    assert not ClaimCard.of([claim.pk])


def test_cards_come_in_the_order_asked_for(django_assert_num_queries: Any) -> None:
    stories = [make.ArticleFactory().pk for _ in range(3)]
    StoryCard.of(stories)  # the content type of stories is known from here on
    wanted = [stories[1], stories[2], stories[0]]
    with django_assert_num_queries(1):
        assert [shown.pk for shown in StoryCard.of(wanted)] == wanted
