"""A story that readers see is saved beside what they see, and published or discarded whole."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from stories.actions import permissions
from stories.actions.claims import ratings_and_corrections
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.stories import (
    edit_conflicts,
    pending,
    pending_versions,
    publishing,
    revisions,
    saving,
    share_links,
)
from stories.actions.stories.quotation_guard import QuotationsHeld, Reason
from stories.actions.topics import tagging
from stories.models import (
    Appearance,
    Article,
    Correction,
    Notice,
    PendingVersion,
    Picture,
    QuotationChange,
    StoryVersion,
)
from stories.tests.factories import ArticleFactory, AuthorFactory, ClaimFactory, appearance_of
from stories.tests.pictures import picture
from stories.text import richtext

pytestmark = pytest.mark.django_db


def shown(story: Article) -> Article:
    return pending_versions.show(Article.objects.get(pk=story.pk))


def save(story: Article, *, by=None, reasons=None, authors=None, tags=None, plain=None, **values):
    """Save as the form does: over what the desk sees of the story now."""
    row = shown(story)
    opened = edit_conflicts.mark_of(row)
    if plain is not None:
        values["body"] = richtext.from_text(plain)
    for name, value in values.items():
        setattr(row, name, value)
    names = {"authors": authors, "tags": tags}
    given = {name: value for name, value in names.items() if value is not None}
    return pending.save(article=row, fields={*values, *given}, opened=opened, by=by, reasons=reasons, **given)


def rows_of(story: Article) -> dict[type[Model], list]:
    """All that readers are shown of a story."""
    row = Article.objects.filter(pk=story.pk).values().get()
    del row["changed_at"]  # the desk's own
    return {
        Article: [row],
        Appearance: list(story.appearances.order_by("pk").values()),
        StoryVersion: list(StoryVersion.objects.filter(article=story).values()),
        Correction: list(story.corrections.values()),
        QuotationChange: list(story.quotation_changes.values()),
        Model: [sorted(story.authors.values_list("pk", flat=True)), sorted(story.tags.names())],
    }


@pytest.fixture
def story(db) -> Article:
    found = ArticleFactory(plain="She said “the wall is safe” then.\n\nIt rained.", tags=["harbours"])
    appearance_of(ClaimFactory(wording="the wall is safe"), found)
    return found


def test_saves_of_a_live_story_change_nothing_that_readers_see_until_they_are_published(story):
    before = rows_of(story)
    author = AuthorFactory()
    upload = SimpleUploadedFile("wall.png", picture(40, 40))
    assert save(story, headline="The wall leaks", plain="On Monday she said “the wall is safe” then.").pending
    save(story, lead_image=upload, lead_image_alt="The wall.", slug="the-wall")
    save(story, authors=[author.pk], tags=["harbours", "walls"], dateline=None, embargo_note="Until noon")
    assert rows_of(story) == before
    row = shown(story)
    assert row.changed_at > story.changed_at
    assert (row.headline, row.lead_image_alt, row.text) == ("The wall leaks", "The wall.", story.text)

    pending.publish(article=story, by=None)
    fresh = Article.objects.get(pk=story.pk)
    assert (fresh.headline, fresh.slug, fresh.embargo_note) == ("The wall leaks", "the-wall", "Until noon")
    assert fresh.text == "On Monday she said “the wall is safe” then."
    assert fresh.lead_image.read()
    assert (list(fresh.authors.all()), sorted(fresh.tags.names())) == ([author], ["harbours", "walls"])
    place = fresh.appearances.get()
    assert (place.state, fresh.text[place.start : place.end]) == ("moved", "the wall is safe")
    assert fresh.updated_at is not None
    assert not PendingVersion.objects.exists()


def test_a_draft_a_scheduled_and_a_withdrawn_story_are_saved_directly():
    for stage in ("draft", "in_review", "scheduled", "withdrawn"):
        story = ArticleFactory(**{stage: True})
        assert not save(story, headline=f"Now {stage}, at once").pending
        assert Article.objects.get(pk=story.pk).headline == f"Now {stage}, at once"


def test_a_minor_change_tells_readers_nothing_and_an_update_does(story):
    save(story, headline="The wall is saved")
    pending.publish(article=story, by=None, minor=True)
    assert Article.objects.get(pk=story.pk).updated_at is None
    save(story, tags=["walls"])
    pending.publish(article=story, by=None)
    assert Article.objects.get(pk=story.pk).updated_at is not None


def test_a_correction_and_its_text_go_live_together_or_not_at_all(story, person):
    editor = person(permissions.EDITOR)
    save(story, headline="The wall leaks", by=editor)
    before = rows_of(story)
    with pytest.raises(NotReady):
        ratings_and_corrections.publish_with_changes(
            correction=Correction(article=story, text=" "), by=editor
        )
    assert rows_of(story) == before
    assert PendingVersion.objects.exists()
    ratings_and_corrections.publish_with_changes(
        correction=Correction(article=story, text="It leaks."), by=editor
    )
    assert Article.objects.get(pk=story.pk).headline == "The wall leaks"
    assert story.corrections.get().made_at == Article.objects.get(pk=story.pk).updated_at


def test_why_a_quotation_changes_is_kept_with_the_changes_and_recorded_with_them(story, person):
    editor = person(permissions.EDITOR)
    plain = "She said “the wall is sound” then.\n\nIt rained."
    with pytest.raises(QuotationsHeld):
        save(story, plain=plain, by=editor)
    place = story.appearances.get()
    save(story, plain=plain, by=editor, reasons={place.pk: Reason("Misheard.")})
    assert not QuotationChange.objects.exists()
    save(story, headline="The wall is sound", by=editor)  # not asked again
    with pytest.raises(QuotationsHeld):  # other words again
        save(story, plain="She said “the wall is strong” then.", by=editor)
    pending.publish(article=story, by=editor)
    assert QuotationChange.objects.get().reason == "Misheard."
    assert story.appearances.get().exact == "the wall is sound"


def test_two_people_who_save_changes_meet_word_by_word(story, person):
    one, two = person(permissions.EDITOR), person(permissions.EDITOR)
    saving.keep_first_state(article=story)
    save(story, headline="The wall leaks", by=one)
    mine = shown(story)
    opened = edit_conflicts.mark_of(mine)
    save(story, plain="She said “the wall is safe” then.\n\nIt rained all day.", by=one)
    mine.body = richtext.from_text("On Monday she said “the wall is safe” then.\n\nIt rained.")
    mine.headline = "The wall leaks badly"
    with pytest.raises(Stale):
        pending.save(article=mine, fields={"body", "headline"}, opened=opened, by=two)
    merge = edit_conflicts.merged(article=mine, opened=opened)
    assert richtext.to_text(merge.body) == (
        "On Monday she said “the wall is safe” then.\n\nIt rained all day."
    )
    assert (merge.values["headline"], merge.clashes, merge.clashing) == ("The wall leaks badly", (), ())
    assert merge.saved_by == one
    assert merge.mark == edit_conflicts.mark_of(shown(story))


def test_what_readers_see_changed_meanwhile_meets_the_changes_and_a_clash_is_not_published(story, person):
    editor = person(permissions.EDITOR)
    saving.keep_first_state(article=story)
    first = revisions.of_story(article=story)[0].revision
    save(story, headline="The wall leaks", plain=f"{story.text}\n\nIt leaks.", by=editor)
    pending.publish(article=story, by=editor)
    save(story, headline="The wall leaks badly", plain=f"More soon. {story.text}\n\nIt leaks.", by=editor)
    tagging.put_on(row=Article.objects.get(pk=story.pk), names=["walls"], by=editor)
    revisions.restore(article=story, revision=first, by=editor)  # takes back the words, and the tag
    row = shown(story)
    assert [clash.name for clash in row.pending.clashes] == ["headline"]
    assert richtext.to_text(row.body) == f"More soon. {story.text}"
    assert row.headline == "The wall leaks badly"
    with pytest.raises(NotReady, match="in the same words"):
        pending.publish(article=story, by=editor)
    save(story, by=editor)  # read through, and kept as it stood in the form
    pending.publish(article=story, by=editor)
    fresh = Article.objects.get(pk=story.pk)
    assert (fresh.headline, fresh.text) == ("The wall leaks badly", f"More soon. {story.text}")


def test_a_topic_that_was_merged_meanwhile_is_put_on_as_what_it_is_now(story):
    other = ArticleFactory(tags=["Walls", "Ramparts"])
    save(story, tags=["harbours", "Ramparts"])
    walls, ramparts = other.tags.get(name="Walls"), other.tags.get(name="Ramparts")
    tagging.merge(tag=ramparts, into=walls, by=None)
    pending.publish(article=story, by=None)
    assert sorted(story.tags.names()) == ["Walls", "harbours"]


def test_changes_taken_back_in_the_form_are_no_changes(story):
    save(story, headline="The wall leaks")
    save(story, headline=story.headline)
    assert not PendingVersion.objects.exists()


def test_changes_are_discarded(story, person):
    before = rows_of(story)
    with pytest.raises(NotReady):
        pending.discard(article=story, by=None)
    save(story, headline="The wall leaks")
    pending.discard(article=story, by=person(permissions.EDITOR))
    assert not PendingVersion.objects.exists()
    assert rows_of(story) == before


def test_a_reporter_saves_and_hands_in_changes_to_their_own_story_and_does_not_publish_them(person):
    reporter, editor = person(permissions.REPORTER), person(permissions.EDITOR)
    story = ArticleFactory(created_by=reporter)
    other = ArticleFactory()
    with pytest.raises(NotReady):
        pending.hand_in(article=story, by=reporter)
    save(story, headline="The wall leaks", by=reporter)
    pending.hand_in(article=story, by=reporter, note="See the second line.")
    assert Notice.objects.get(user=editor).note.text == "See the second line."
    for refused in (
        lambda: pending.publish(article=story, by=reporter),
        lambda: save(other, headline="Not mine", by=reporter),
        lambda: pending.discard(article=other, by=reporter),
        lambda: pending.hand_in(article=other, by=reporter),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert Article.objects.get(pk=story.pk).headline == story.headline


@pytest.mark.parametrize("back", ["publish", "return_to_draft"])
def test_changes_to_a_story_that_is_withdrawn_wait_with_it(story, person, back):
    """Readers find its headline at its address still."""
    editor = person(permissions.EDITOR)
    save(story, headline="The wall leaks", by=editor)
    publishing.withdraw(article=story, by=editor, reason="It is not so.")
    save(story, standfirst="It does.", by=editor)
    assert Article.objects.get(pk=story.pk).headline == story.headline
    with pytest.raises(NotReady, match="withdrawn"):
        pending.publish(article=story, by=editor)
    getattr(publishing, back)(article=Article.objects.get(pk=story.pk), by=editor)
    fresh = Article.objects.get(pk=story.pk)
    assert (fresh.headline, fresh.standfirst) == ("The wall leaks", "It does.")
    assert not PendingVersion.objects.exists()


def test_changes_that_were_saved_since_they_were_shown_are_not_published(story):
    save(story, headline="The wall leaks")
    opened = edit_conflicts.mark_of(shown(story))
    save(story, headline="The wall leaks badly")
    with pytest.raises(Stale):
        pending.publish(article=story, by=None, opened=opened)


def test_a_picture_that_changes_bring_is_in_use(story):
    save(story, lead_image=SimpleUploadedFile("wall.png", picture(40, 40)), lead_image_alt="The wall.")
    assert list(Picture(file=PendingVersion.objects.get().fields["lead_image"]).stories()) == [story]


def test_an_address_that_another_story_took_meanwhile_is_said(story):
    save(story, slug="the-wall")
    ArticleFactory(slug="the-wall")
    with pytest.raises(NotReady, match="the-wall"):
        pending.publish(article=story, by=None)


def test_a_link_shows_the_changes_it_was_made_for_and_no_others(story):
    asked = {"lasting": timedelta(days=1), "by": None}
    with pytest.raises(NotReady):
        share_links.share(article=story, **asked)
    save(story, headline="The wall leaks")
    link = share_links.share(article=Article.objects.get(pk=story.pk), **asked)
    behind = share_links.story_behind(share_links.token_of(link))
    assert (behind.headline, behind.pending is None) == ("The wall leaks", False)
    pending.publish(article=story, by=None, minor=True)
    save(story, headline="Nobody was shown this")
    behind = share_links.story_behind(share_links.token_of(link))
    assert (behind.headline, behind.pending) == ("The wall leaks", None)
