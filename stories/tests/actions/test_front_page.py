"""The front page is chosen by those who may publish; each change is in the log and can be taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stories.actions import desk_log, front_page, permissions
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.front_page import Choice, Choices
from stories.models import FrontPlace
from stories.models.front_page import PLACES
from stories.tests.actions.conftest import EVERYBODY, OPERATOR
from stories.tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db


def places(*choices: Choice | None) -> Choices:
    return [*choices, *[None] * (PLACES - len(choices))]


def choose(by, *choices, seen=None):
    seen = front_page.mark_of(front_page.chosen()) if seen is None else seen
    return front_page.choose(choices=places(*choices), seen=seen, by=by)


@pytest.fixture
def editor(person):
    return person(permissions.EDITOR)


def test_only_who_may_publish_chooses_and_takes_back(person, editor):
    story = ArticleFactory()
    act = choose(editor, Choice(story.pk))
    for role in {*EVERYBODY} - {permissions.EDITOR, OPERATOR}:
        with pytest.raises(NotAllowed):
            choose(person(role))
        with pytest.raises(NotAllowed):
            front_page.take_back(act=act, by=person(role))
    assert front_page.chosen() == places(Choice(story.pk))


def test_what_cannot_stand_there_is_refused_by_name_and_what_stands_there_may_stay(editor):
    story, soon = ArticleFactory(headline="The wall"), ArticleFactory(scheduled=True)
    past = timezone.now() - timedelta(minutes=1)
    for wrong, said in (
        ([Choice(story.pk), Choice(story.pk)], "one place"),
        ([Choice(ArticleFactory(draft=True).pk)], "Only a published or scheduled"),
        ([Choice(ArticleFactory(withdrawn=True).pk)], "Only a published or scheduled"),
        ([Choice(story.pk, past)], "“The wall” cannot stand until"),
    ):
        with pytest.raises(NotReady, match=said):
            choose(editor, *wrong)
    assert not any(front_page.chosen())
    choose(editor, Choice(soon.pk), Choice(story.pk))
    type(story).objects.filter(pk=story.pk).update(status="withdrawn")
    choose(editor, Choice(soon.pk), Choice(story.pk), Choice(ArticleFactory().pk))


def test_the_second_of_two_is_told_and_changes_nothing(editor, person):
    first, second = ArticleFactory(), ArticleFactory()
    seen = front_page.mark_of(front_page.chosen())
    choose(editor, Choice(first.pk), seen=seen)
    with pytest.raises(Stale):
        choose(person(permissions.EDITOR), Choice(second.pk), seen=seen)
    assert front_page.chosen() == places(Choice(first.pk))
    assert choose(editor, Choice(first.pk)) is None, "nothing was changed"


def test_the_log_says_what_stood_there_before_and_what_stands_there_now(editor):
    first, second = ArticleFactory(headline="The wall"), ArticleFactory(headline="The appearance of gulls")
    until = timezone.make_aware(timezone.datetime(2131, 3, 4, 18))
    choose(editor, Choice(first.pk))
    act = choose(editor, Choice(second.pk, until), Choice(first.pk))
    front_page.take_back(act=act, by=editor)
    for question in (desk_log.Question(), desk_log.Question(thing="front")):
        undone, changed, begun = desk_log.page(by=editor, question=question).entries
        assert begun.words == "changed the front page: the lead is “The wall”, was the newest."
        assert changed.words == (
            "changed the front page: the lead is “The appearance of gulls” until 4 March 2131, 18:00, "
            "was “The wall”; place 2 is “The wall”, was the newest."
        )
        assert undone.words.startswith("undid a change of the front page: the lead is “The wall”, was")


def test_a_change_is_taken_back_whole_and_not_past_a_later_one(editor):
    first, second = ArticleFactory(), ArticleFactory()
    until = timezone.now() + timedelta(days=1)
    choose(editor, Choice(first.pk, until), Choice(second.pk))
    act = choose(editor, Choice(second.pk), Choice(first.pk), Choice(ArticleFactory().pk))
    assert front_page.take_back(act=act, by=editor) == []
    assert front_page.chosen() == places(Choice(first.pk, until), Choice(second.pk))
    assert front_page.last_change() is None
    act = choose(editor, Choice(second.pk))
    choose(editor, None, Choice(second.pk))
    with pytest.raises(NotReady):
        front_page.take_back(act=act, by=editor)
    assert front_page.chosen() == places(None, Choice(second.pk))


def test_a_story_that_is_deleted_leaves_its_place_open(editor):
    story = ArticleFactory(scheduled=True)
    choose(editor, Choice(story.pk))
    story.delete()
    assert not any(front_page.chosen())
    assert FrontPlace.objects.count() == PLACES
