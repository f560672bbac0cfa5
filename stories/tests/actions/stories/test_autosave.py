"""Who is there, and words that are not saved yet."""

import datetime

import pytest
from django.utils import timezone
from reversion.models import Version

from stories.actions import permissions
from stories.actions.errors import NotAllowed
from stories.actions.stories import autosave
from stories.models import Presence, UnsavedCopy
from stories.tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return ArticleFactory(draft=True)


def test_each_is_told_of_the_others_and_since_when(story, person):
    one, two = person(permissions.EDITOR), person(permissions.EDITOR)
    assert autosave.note_presence(article=story, by=one) == ()
    came = Presence.objects.get(user=one).since
    autosave.note_presence(article=story, by=one)
    (other,) = autosave.note_presence(article=story, by=two)
    assert (other.name, other.since) == (one.username, came)


def test_who_has_not_been_seen_for_a_while_or_has_left_is_gone(story, person):
    one, two = person(permissions.EDITOR), person(permissions.EDITOR)
    autosave.note_presence(article=story, by=one, now=timezone.now() - datetime.timedelta(minutes=5))
    assert autosave.note_presence(article=story, by=two) == ()
    autosave.note_presence(article=story, by=one)
    autosave.end_presence(article=story, by=one)
    assert autosave.note_presence(article=story, by=two) == ()


def test_a_pulse_asks_the_same_for_one_other_and_for_twenty(story, person, django_assert_num_queries):
    me = person(permissions.EDITOR)
    autosave.heartbeat(article=story, by=me)
    for number in (1, 20):
        for _ in range(number):
            autosave.note_presence(article=story, by=person(permissions.EDITOR))
        # Old ones out; mine: savepoint, lock, write, release; the others; whether changes wait.
        with django_assert_num_queries(7):
            autosave.heartbeat(article=story, by=me)


def test_what_was_typed_is_kept_per_person_and_story_and_not_in_the_history(story, person):
    one, two = person(permissions.EDITOR), person(permissions.REPORTER)
    autosave.heartbeat(article=story, by=one, fields={"headline": "First thoughts"})
    told = autosave.heartbeat(article=story, by=one, fields={"headline": "Second thoughts"})
    autosave.save_copy(article=None, by=one, fields={"headline": "A new story"})
    autosave.save_copy(article=None, by=one, fields={"headline": "A newer story"})
    assert told.kept_at is not None
    assert autosave.unsaved_copy(article=story, by=one).fields == {"headline": "Second thoughts"}
    assert autosave.unsaved_copy(article=None, by=one).fields == {"headline": "A newer story"}
    assert autosave.unsaved_copy(article=story, by=two) is None
    assert UnsavedCopy.objects.count() == 2
    assert not Version.objects.exists()


def test_who_may_not_edit_keeps_nothing(person):
    live = ArticleFactory()
    for role in (permissions.REPORTER, permissions.FACT_CHECKER, permissions.IMPORT_STAFF):
        with pytest.raises(NotAllowed):
            autosave.save_copy(article=live, by=person(role), fields={"headline": "Mine"})
    with pytest.raises(NotAllowed):
        autosave.save_copy(article=None, by=person(permissions.FACT_CHECKER), fields={"headline": "Mine"})


def test_a_copy_larger_than_any_story_is_refused(story, person):
    with pytest.raises(ValueError, match="characters"):
        autosave.save_copy(article=story, by=person(permissions.EDITOR), fields={"body": "x" * 2_000_001})
