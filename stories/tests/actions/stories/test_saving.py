import pytest
from django.utils import timezone

from stories.actions import permissions
from stories.actions.errors import NotAllowed, Stale
from stories.actions.stories import publishing, saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.models import Article
from stories.tests.factories import ArticleFactory, ClaimFactory, appearance_of
from stories.text import richtext

pytestmark = pytest.mark.django_db


def test_the_second_of_two_savers_is_told_and_overwrites_nothing():
    story = ArticleFactory(draft=True)
    mine, theirs = Article.objects.get(pk=story.pk), Article.objects.get(pk=story.pk)
    opened = mark_of(story)
    theirs.headline = "Theirs is in first place"
    saving.save(article=theirs, fields=["headline"], opened=opened, by=None)
    mine.headline = "Mine comes too late"
    with pytest.raises(Stale):
        saving.save(article=mine, fields=["headline"], opened=opened, by=None)
    story.refresh_from_db()
    assert (story.headline, story.version) == ("Theirs is in first place", 2)


@pytest.mark.parametrize("mark", ["", "1", "99", "1-0000000000000000", "99-" + "f" * 16, "' OR 1=1 --"])
def test_a_mark_that_is_made_up_is_refused(mark):
    with pytest.raises(Stale):
        saving.save(article=ArticleFactory(), fields=["headline"], opened=mark, by=None)


def test_a_change_made_past_the_desk_is_noticed_too():
    story = ArticleFactory(draft=True)
    opened = mark_of(story)
    Article.objects.filter(pk=story.pk).update(body="<p>Put in from the shell.</p>")
    with pytest.raises(Stale):
        saving.save(article=story, fields=["headline"], opened=opened, by=None)


def test_only_what_was_changed_is_written():
    story = ArticleFactory(draft=True)
    opened = Article.objects.get(pk=story.pk)
    mark = mark_of(opened)
    publishing.publish(article=story, by=None)
    opened.headline = "A headline of the desk"
    opened.standfirst = "Not to be written."
    saving.save(article=opened, fields=["headline", "status"], opened=mark, by=None)
    fresh = Article.objects.get(pk=story.pk)
    assert (fresh.headline, fresh.status) == ("A headline of the desk", "published")
    assert fresh.standfirst == story.standfirst


def test_new_words_take_the_claims_with_them_and_tell_readers_when():
    story = ArticleFactory(plain="She said “the wall is safe” then.")
    appearance = appearance_of(ClaimFactory(wording="the wall is safe"), story)
    opened = mark_of(story)
    story.body = richtext.from_text("On Monday she said “the wall is safe” then.")
    saved = saving.save(article=story, fields=["body"], opened=opened, by=None)
    assert saved.anchors.moved == [appearance]
    fresh = Article.objects.get(pk=story.pk)
    assert fresh.text == "On Monday she said “the wall is safe” then."
    assert fresh.updated_at <= timezone.now()


def test_a_draft_is_not_stamped_as_updated_nor_a_story_whose_source_was_filled_in():
    for story, field in ((ArticleFactory(draft=True), "headline"), (ArticleFactory(), "source")):
        opened = mark_of(story)
        setattr(story, field, "The Eastmere Agency")
        saving.save(article=story, fields=[field], opened=opened, by=None)
        story.refresh_from_db()
        assert story.updated_at is None


def test_a_reporter_does_not_change_what_readers_see(person):
    story = ArticleFactory()
    opened = mark_of(story)
    story.headline = "A reporter's second thoughts"
    with pytest.raises(NotAllowed):
        saving.save(article=story, fields=["headline"], opened=opened, by=person(permissions.REPORTER))
    assert Article.objects.get().headline != "A reporter's second thoughts"


def test_a_reporter_cannot_slip_a_change_in_after_the_story_went_live(person):
    story = ArticleFactory(draft=True)
    opened = Article.objects.get(pk=story.pk)
    mark = mark_of(opened)
    publishing.publish(article=story, by=None)
    opened.headline = "A reporter's second thoughts"
    with pytest.raises(NotAllowed):
        saving.save(article=opened, fields=["headline"], opened=mark, by=person(permissions.REPORTER))
