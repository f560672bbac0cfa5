"""Notes on a story: who is told, who reads them, and where their words are after an edit."""

import pytest

from stories.actions import permissions
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.stories import notes, publishing, saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.models import Notice, StoryNote
from stories.tests.factories import ArticleFactory
from stories.text.anchors import make

pytestmark = pytest.mark.django_db

TEXT = "The harbour wall is safe, she said.\n\nThe bridge is to be closed on Monday."


@pytest.fixture
def people(person):
    both = person(permissions.REPORTER), person(permissions.EDITOR)
    for one in both:
        one.is_staff = True
        one.save()
    return both


@pytest.fixture
def story(people):
    reporter, _ = people
    return ArticleFactory(draft=True, plain=TEXT, created_by=reporter)


def words_of(story, words):
    at = story.text.index(words)
    return make(story.text, at, at + len(words))


def rewrite(story, text, by):
    opened = mark_of(story)
    story.body = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    saving.save(article=story, fields={"body"}, opened=opened, by=by)


def test_a_hand_in_and_a_return_are_told_to_those_whom_they_concern(people, story, settings, mailoutbox):
    settings.EMAIL_URL = "smtp://localhost"
    reporter, editor = people
    publishing.submit(article=story, by=reporter, note="The second figure is still to be checked.")
    assert [notice.note.text for notice in notes.unseen(by=editor)] == [
        "The second figure is still to be checked."
    ]
    assert not notes.unseen(by=reporter)

    with pytest.raises(NotReady, match="Say why"):
        publishing.return_to_draft(article=story, by=editor)
    publishing.return_to_draft(article=story, by=editor, reason="Who says so?")

    assert [(notice.note.kind, notice.note.by) for notice in notes.unseen(by=reporter)] == [
        (StoryNote.Kind.RETURNED, editor)
    ]
    assert notes.last_move(article=story).text == "Who says so?"
    notes.see(article=story, by=reporter)
    assert not notes.unseen(by=reporter)
    assert Notice.objects.filter(user=reporter).exists()


def test_a_writer_takes_their_own_story_back_without_a_reason(people, story):
    reporter, _ = people
    publishing.submit(article=story, by=reporter)
    publishing.return_to_draft(article=story, by=reporter)
    assert not notes.unseen(by=reporter)


@pytest.mark.django_db(transaction=True)
def test_who_is_told_gets_a_mail_where_mail_can_be_sent(people, story, settings, mailoutbox):
    reporter, editor = people
    editor.email = "editor@newsroom.example"
    editor.save()
    publishing.submit(article=story, by=reporter)
    assert not mailoutbox
    publishing.return_to_draft(article=story, by=reporter)

    settings.EMAIL_URL = "smtp://localhost"
    publishing.submit(article=story, by=reporter, note="Ready.")

    (mail,) = mailoutbox
    assert mail.to == ["editor@newsroom.example"]
    assert story.headline in mail.subject
    assert f"/admin/stories/article/{story.pk}/change/" in mail.body


def test_a_note_stays_on_its_words_and_is_lost_rather_than_put_elsewhere(people, story):
    _, editor = people
    note = notes.remark(article=story, by=editor, text="Since when?", words=words_of(story, "is safe"))

    rewrite(story, f"A new beginning.\n\n{TEXT}", by=editor)
    note.refresh_from_db()
    assert story.text[note.start : note.end] == "is safe"

    rewrite(story, "The bridge is to be closed on Monday.", by=editor)
    (thread,) = notes.threads(article=story)
    assert not thread.stands
    assert thread.remark.exact == "is safe"

    rewrite(story, f"A new beginning.\n\n{TEXT}", by=editor)
    note.refresh_from_db()
    assert story.text[note.start : note.end] == "is safe"


def test_notes_are_answered_resolved_and_opened_again(people, story):
    reporter, editor = people
    note = notes.remark(article=story, by=editor, text="Since when?")
    assert [notice.note for notice in notes.unseen(by=reporter)] == [note]

    answer = notes.remark(article=story, by=reporter, text="Since 2010.", answer_to=note)
    assert [notice.note for notice in notes.unseen(by=editor)] == [answer]
    with pytest.raises(NotReady):
        notes.remark(article=story, by=editor, text="And before?", answer_to=answer)
    with pytest.raises(NotReady):
        notes.remark(article=ArticleFactory(), by=editor, text="Elsewhere.", answer_to=note)

    notes.resolve(note=note, by=reporter)
    assert notes.threads(article=story)[0].remark.resolved_by == reporter
    note.refresh_from_db()
    notes.remark(article=story, by=editor, text="That is not enough.", answer_to=note)
    assert notes.threads(article=story)[0].remark.resolved_at is None

    with pytest.raises(NotAllowed):
        notes.withdraw(note=note, by=reporter)
    with pytest.raises(NotReady):
        notes.withdraw(note=note, by=editor)
