"""Two people on one story: at the end the words of both are there."""

import pytest

from stories.actions import history, permissions
from stories.actions.stories import edit_conflicts, saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.models import Article
from stories.tests.factories import ArticleFactory, AuthorFactory
from stories.text import richtext

pytestmark = pytest.mark.django_db

STORY = "The council met on Monday.\n\nThe wall is safe.\n\nThe meeting ended at noon."


@pytest.fixture
def editor(person):
    return person(permissions.EDITOR)


@pytest.fixture
def story():
    return ArticleFactory(
        draft=True, plain=STORY, tags=["harbour"], authors=[AuthorFactory(name="Kit Marsh")]
    )


def opened(story: Article) -> tuple[Article, str]:
    copy = Article.objects.get(pk=story.pk)
    return copy, mark_of(copy)


def write(story: Article, old: str, new: str) -> None:
    story.body = richtext.from_text(richtext.to_text(story.body).replace(old, new))


def save(story: Article, mark: str, by: object) -> None:
    saving.keep_first_state(article=story)
    saving.save(article=story, fields=["headline", "standfirst", "body"], opened=mark, by=by)


def test_the_second_gets_both_people_s_words_and_can_save_them(story, editor):
    (mine, mark), (theirs, their_mark) = opened(story), opened(story)
    write(theirs, "noon", "one o’clock")
    theirs.standfirst = "Their standfirst."
    save(theirs, their_mark, editor)
    write(mine, "Monday", "Tuesday")
    mine.headline = "My headline for it"
    merge = edit_conflicts.merged(article=mine, opened=mark)
    assert richtext.to_text(merge.body) == STORY.replace("noon", "one o’clock").replace("Monday", "Tuesday")
    assert merge.values["standfirst"] == "Their standfirst."
    assert merge.values["headline"] == "My headline for it"
    assert merge.clashes == ()
    assert merge.clashing == ()
    assert merge.saved_by == editor
    assert ("added", "Tuesday") in [(c.kind, c.text) for c in merge.my_changes]
    assert ("added", "one o’clock") in [(c.kind, c.text) for c in merge.their_changes]
    mine.body = merge.body
    mine.headline, mine.standfirst = merge.values["headline"], merge.values["standfirst"]
    save(mine, merge.mark, editor)
    fresh = Article.objects.get(pk=story.pk)
    assert (fresh.headline, fresh.standfirst) == ("My headline for it", "Their standfirst.")


def test_the_same_words_changed_by_both_clash_and_both_stand_in_the_proposal(story, editor):
    (mine, mark), (theirs, their_mark) = opened(story), opened(story)
    write(theirs, "safe", "sound")
    theirs.headline = "Theirs is the headline"
    save(theirs, their_mark, editor)
    write(mine, "safe", "leaking")
    mine.headline = "Mine is the headline"
    merge = edit_conflicts.merged(article=mine, opened=mark)
    assert [(p.theirs, p.mine) for p in merge.clashing] == [("sound", "leaking")]
    assert "sound leaking" in richtext.to_text(merge.body)
    (clash,) = merge.clashes
    assert (clash.name, clash.theirs, clash.mine) == (
        "headline",
        "Theirs is the headline",
        "Mine is the headline",
    )


def test_what_both_began_from_is_known_for_a_story_that_was_imported_and_never_edited(story, editor):
    (mine, mark), (theirs, their_mark) = opened(story), opened(story)
    write(theirs, "noon", "night")
    save(theirs, their_mark, editor)
    assert edit_conflicts.merged(article=mine, opened=mark).my_changes is not None


def test_a_start_that_nobody_knows_any_more_keeps_every_difference(story, editor):
    (mine, _), (theirs, their_mark) = opened(story), opened(story)
    write(theirs, "noon", "night")
    save(theirs, their_mark, editor)
    write(mine, "Monday", "Tuesday")
    merge = edit_conflicts.merged(article=mine, opened="1-ffffffffffffffff")
    text = richtext.to_text(merge.body)
    assert all(word in text for word in ("Monday", "Tuesday", "noon", "night"))
    assert merge.my_changes is None


def test_names_put_in_by_either_are_in_and_taken_out_by_either_are_out(story, editor):
    mine, mark = opened(story)
    kit, nora = story.authors.get(), AuthorFactory(name="Nora Vane")
    with history.recorded(by=editor, comment="Tags."):
        theirs = Article.objects.get(pk=story.pk)
        theirs.version = 2
        theirs.save()
        theirs.tags.set(["harbour", "ferry"])
        theirs.authors.set([])
    with history.recorded(by=editor, comment="Kept."):
        pass
    merge = edit_conflicts.merged(
        article=mine, opened=mark, authors=[kit.pk, nora.pk], tags=["harbour", "council"]
    )
    assert set(merge.tags) == {"harbour", "ferry", "council"}
    assert nora.pk in merge.authors


def test_a_merge_saves_nothing(story, editor):
    mine, mark = opened(story)
    write(mine, "noon", "night")
    edit_conflicts.merged(article=mine, opened=mark)
    assert Article.objects.get(pk=story.pk).text == STORY
