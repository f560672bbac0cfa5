"""`published()` is the one word for what a reader may see."""

import datetime

import pytest
from django.utils import timezone

from stories.models import Appearance, Article, Claim, Correction, Politician
from stories.tests import factories

pytestmark = pytest.mark.django_db


def test_readers_see_published_stories_whose_time_has_come():
    seen = factories.ArticleFactory()
    for state in ("draft", "in_review", "scheduled", "withdrawn"):
        factories.ArticleFactory(**{state: True})
    assert list(Article.objects.published()) == [seen]
    assert Article.objects.scheduled().get().stage == "Scheduled"
    assert Article.objects.withdrawn().get().stage == "Withdrawn"


def test_a_scheduled_story_goes_live_by_the_clock_alone(monkeypatch):
    story = factories.ArticleFactory(scheduled=True)
    assert not story.is_public
    later = timezone.now() + datetime.timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert story.is_public
    assert list(Article.objects.published()) == [story]


@pytest.mark.parametrize("state", Claim.State.values)
@pytest.mark.parametrize("story", ["published", "draft", "in_review", "scheduled", "withdrawn"])
@pytest.mark.parametrize("anchor", Appearance.State.values)
def test_a_claim_is_seen_when_accepted_and_in_place_in_a_story_that_is_seen(state, story, anchor):
    claim = factories.ClaimFactory(state=state)
    plain = f"It was said that “{claim.wording}”."
    article = factories.ArticleFactory(plain=plain, **({} if story == "published" else {story: True}))
    appearance = factories.appearance_of(claim, article, state=anchor)
    seen = state == "accepted" and story == "published" and anchor in ("kept", "moved")
    assert Claim.objects.published().filter(pk=claim.pk).exists() is seen
    assert Appearance.objects.published().filter(pk=appearance.pk).exists() is seen


def test_a_claim_in_no_story_is_not_seen():
    factories.ClaimFactory()
    assert not Claim.objects.published().exists()


def test_a_claim_in_many_stories_is_one_claim():
    claim = factories.ClaimFactory()
    for _ in range(3):
        factories.appearance_of(claim)
    assert list(Claim.objects.published()) == [claim]


def test_people_are_seen_when_the_desk_vouches_for_them():
    seen = factories.PoliticianFactory()
    factories.PoliticianFactory(confirmed=False)
    factories.PoliticianFactory(merged_into=seen)
    assert list(Politician.objects.published()) == [seen]
    assert Politician.objects.current().count() == 2


def test_a_correction_is_seen_when_made_on_a_story_that_is_seen():
    story, hidden = factories.ArticleFactory(), factories.ArticleFactory(draft=True)
    now = timezone.now()
    seen = Correction.objects.create(article=story, text="The sum was 12.", made_at=now)
    Correction.objects.create(article=story, text="A draft.")
    Correction.objects.create(article=hidden, text="Of a draft.", made_at=now)
    assert list(Correction.objects.published()) == [seen]


class TestWhatTheDatabaseKeeps:
    """`public_from` follows every change, whoever makes it and however."""

    @pytest.fixture
    def claim(self):
        return factories.ClaimFactory()

    def seen(self, claim):
        return Claim.objects.published().filter(pk=claim.pk).exists()

    def test_a_story_that_is_published_withdrawn_or_put_off_takes_its_claims_along(self, claim):
        story = factories.appearance_of(claim).article
        Article.objects.filter(pk=story.pk).update(status=Article.Status.WITHDRAWN)
        assert not self.seen(claim)
        Article.objects.filter(pk=story.pk).update(status=Article.Status.PUBLISHED)
        assert self.seen(claim)
        Article.objects.filter(pk=story.pk).update(published_at=timezone.now() + datetime.timedelta(days=1))
        assert not self.seen(claim)

    def test_the_first_of_several_stories_counts(self, claim):
        appearances = [factories.appearance_of(claim) for _ in range(2)]
        early = timezone.now() - datetime.timedelta(days=9)
        Article.objects.filter(pk=appearances[1].article_id).update(published_at=early)
        assert Claim.objects.get().public_from == early
        appearances[1].delete()
        assert (
            Claim.objects.get().public_from == Article.objects.get(pk=appearances[0].article_id).published_at
        )

    def test_a_deleted_story_takes_its_claims_from_readers(self, claim):
        factories.appearance_of(claim).article.delete()
        assert not self.seen(claim)

    def test_an_appearance_given_to_another_claim_changes_both(self, claim):
        other = factories.ClaimFactory(wording=claim.wording)
        appearance = factories.appearance_of(claim)
        Appearance.objects.filter(pk=appearance.pk).update(claim=other)
        assert (self.seen(claim), self.seen(other)) == (False, True)

    def test_a_stale_save_does_not_write_over_it(self, claim):
        stale = Claim.objects.get()
        factories.appearance_of(claim)
        stale.rating_summary = "later"
        stale.save()
        assert self.seen(claim)

    def test_a_decision_about_the_claim_is_followed_by_where_it_is_printed(self, claim):
        factories.appearance_of(claim)
        for state, seen in (("rejected", False), ("accepted", True), ("proposed", False)):
            Claim.objects.filter(pk=claim.pk).update(state=state)
            assert self.seen(claim) is seen
            assert Appearance.objects.published().exists() is seen

    def test_words_that_are_lost_are_not_shown_and_come_back_when_found(self, claim):
        appearance = factories.appearance_of(claim)
        for state, seen in (("lost", False), ("moved", True), ("ambiguous", False)):
            appearance.state = state
            appearance.save()
            assert self.seen(claim) is seen


def test_claims_are_listed_by_the_day_they_were_said_or_else_first_printed(client):
    def a_claim(said_on, printed_on):
        claim = factories.ClaimFactory(said_on=said_on)
        story = factories.ArticleFactory(
            plain=f"It was said that “{claim.wording}”.",
            published_at=datetime.datetime.combine(printed_on, datetime.time(12), datetime.UTC),
        )
        factories.appearance_of(claim, story)
        return claim

    days = [datetime.date(2024, 5, day) for day in range(1, 5)]
    undated = a_claim(None, days[2])
    said_later, said_before = a_claim(days[3], days[3]), a_claim(days[1], days[3])
    newest = [said_later, undated, said_before]
    assert list(Claim.objects.published()) == newest
    listed = dict(Claim.objects.values_list("pk", "listed_on"))
    assert [listed[claim.pk] for claim in newest] == [days[3], days[2], days[1]]
    page = client.get("/claims/").content.decode()
    places = [page.index(f'href="{claim.get_absolute_url()}"') for claim in newest]
    assert places == sorted(places)

    # Whatever is changed, and whoever writes the column itself, it says the same of the row.
    Claim.objects.filter(pk=undated.pk).update(listed_on=days[0])
    Claim.objects.filter(pk=said_later.pk).update(said_on=None)
    Claim.objects.filter(pk=said_before.pk).update(said_on=days[2])
    Article.objects.filter(appearances__claim=said_later).update(published_at="2024-05-01T00:10Z")
    listed = dict(Claim.objects.values_list("pk", "listed_on"))
    assert [listed[claim.pk] for claim in newest] == [days[0], days[2], days[2]]
    assert list(Claim.objects.published()) == [said_before, undated, said_later]
    undated.refresh_from_db()
    undated.save()
    assert Claim.objects.get(pk=undated.pk).listed_on == days[2]
