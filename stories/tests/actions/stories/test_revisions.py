"""What a story was, what is other now, and the whole of it put back."""

import json

import pytest
import reversion
from reversion.models import Version

from stories.actions import history, permissions, reanchoring
from stories.actions.claims import review
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.stories import publishing, revisions, saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.stories.quotation_guard import QuotationsHeld, Reason
from stories.models import Appearance, Article, Claim, QuotationChange
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.text import richtext

pytestmark = pytest.mark.django_db

SAID = "the harbour wall is safe"
STORY = f"The council met on Monday.\n\nTove Hollin said: “{SAID}”.\n\nThe meeting ended at noon."


@pytest.fixture
def editor(person):
    return person(permissions.EDITOR)


@pytest.fixture
def story(editor):
    """A story with a claim, two tags and an author, and that state of it in the history."""
    story = ArticleFactory(
        plain=STORY, tags=["harbour", "council"], authors=[AuthorFactory(name="Kit Marsh")]
    )
    appearance_of(ClaimFactory(wording=SAID), story)
    keep(story, editor, "First.")
    return story


def keep(story: Article, by: object, comment: str) -> int:
    with history.recorded(by=by, comment=comment):
        story.save()
    return revisions.of_story(article=story)[0].revision


def rewrite(story: Article, by: object) -> int:
    """Another text, headline, author and tags, the claim gone: all that a restore has to bring back."""
    with history.recorded(by=by, comment="Rewritten."):
        old = story.text
        story.headline, story.body = "Something else", richtext.from_text("Quite another text.")
        story.version += 1
        story.save()
        story.tags.set(["ferry"])
        story.authors.set([AuthorFactory(name="Nora Vane")])
        reanchoring.reanchor(article=story, old_text=old)
    return revisions.of_story(article=story)[0].revision


def test_the_history_says_who_when_and_what(story, editor):
    rewrite(story, editor)
    assert [(step.by, step.comment) for step in revisions.of_story(article=story)] == [
        (editor, "Rewritten."),
        (editor, "First."),
    ]


def test_two_states_differ_in_words_and_every_field(story, editor):
    first = revisions.of_story(article=story)[0].revision
    second = rewrite(story, editor)
    found = revisions.difference(
        revisions.as_of(article=story, revision=first), revisions.as_of(article=story, revision=second)
    )
    assert [field.label for field in found.fields] == ["Headline"]
    assert ("added", "Something else") in [(c.kind, c.text) for c in found.fields[0].changes]
    assert "".join(c.text for c in found.text if c.kind != "added") == STORY
    assert "".join(c.text for c in found.text if c.kind != "removed") == "Quite another text."
    assert [(c.kind, c.text) for c in found.authors] == [("removed", "Kit Marsh"), ("added", "Nora Vane")]
    assert [(c.kind, c.text) for c in found.tags] == [
        ("removed", "council"),
        ("removed", "harbour"),
        ("added", "ferry"),
    ]


def test_a_state_does_not_differ_from_itself_nor_the_newest_from_now(story, editor):
    newest = revisions.as_of(article=story, revision=rewrite(story, editor))
    assert not revisions.difference(newest, newest)
    assert not revisions.difference(newest, revisions.as_it_is(article=story))


def test_bold_alone_is_told_as_setting(story, editor):
    before = revisions.as_it_is(article=story)
    story.body = story.body.replace("noon", "<strong>noon</strong>")
    story.save()
    found = revisions.difference(before, revisions.as_it_is(article=story))
    assert found.only_setting
    assert not found.text


def test_a_restore_brings_back_all_of_it_and_is_a_step_of_the_history(story, editor):
    before = revisions.as_it_is(article=story)
    first = revisions.of_story(article=story)[0].revision
    rewrite(story, editor)
    restored = revisions.restore(article=story, revision=first, by=editor)
    assert restored.text == STORY
    after = revisions.as_it_is(article=story)
    assert not revisions.difference(before, after)
    assert [a["state"] for a in after.appearances.values()] == ["kept"]
    assert restored.version == 3
    newest = revisions.of_story(article=story)[0]
    assert newest.comment.startswith("Restored as it was on ")
    assert not revisions.difference(after, revisions.as_of(article=story, revision=newest.revision))


def test_a_restore_makes_a_deleted_claim_again_and_takes_off_one_that_came_later(story, editor):
    first = revisions.of_story(article=story)[0].revision
    old = Claim.objects.get()
    old.delete()
    appearance_of(ClaimFactory(wording="The council met"), story)
    revisions.restore(article=story, revision=first, by=editor)
    (held,) = story.appearances.all()
    assert (held.exact, held.claim.wording, held.claim.speaker) == (SAID, SAID, old.speaker)
    assert story.text[held.start : held.end] == SAID
    assert Claim.objects.filter(wording="The council met").exists()


def test_a_restore_leaves_review_and_verdict_as_they_are(story, editor):
    first = revisions.of_story(article=story)[0].revision
    claim = Claim.objects.get()
    Claim.objects.filter(pk=claim.pk).update(rating="false", rating_summary="It leaks.")
    rewrite(story, editor)
    revisions.restore(article=story, revision=first, by=editor)
    claim.refresh_from_db()
    assert claim.rating == "false"


def test_an_appearance_whose_claim_was_merged_stays_with_the_claim_it_belongs_to_now(story, editor):
    first = revisions.of_story(article=story)[0].revision
    other = ClaimFactory(wording="the wall is safe")
    review.merge(claim=Claim.objects.get(wording=SAID), into=other, by=editor, reason="One wall.")
    rewrite(story, editor)
    revisions.restore(article=story, revision=first, by=editor)
    assert [a.claim for a in story.appearances.all()] == [other]
    story.appearances.all().delete()
    revisions.restore(article=story, revision=first, by=editor)
    assert [a.claim.wording for a in story.appearances.all()] == [SAID]


def test_a_claim_whose_words_its_speaker_has_again_is_not_made_twice(story, editor):
    first = revisions.of_story(article=story)[0].revision
    speaker = Claim.objects.get().speaker
    Claim.objects.all().delete()
    again = ClaimFactory(wording=SAID, speaker=speaker)
    revisions.restore(article=story, revision=first, by=editor)
    assert [a.claim for a in story.appearances.all()] == [again]


def test_a_claim_whose_speaker_has_gone_comes_back_with_a_label(story, editor):
    first = revisions.of_story(article=story)[0].revision
    Claim.objects.all().delete()
    PoliticianFactory._meta.model.objects.all().delete()
    revisions.restore(article=story, revision=first, by=editor)
    assert story.appearances.get().claim.speaker_name == "Unknown speaker"


def test_restoring_old_words_neither_publishes_nor_withdraws(story, editor):
    first = revisions.of_story(article=story)[0].revision
    publishing.withdraw(article=story, by=editor, reason="It was wrong.")
    restored = revisions.restore(article=story, revision=first, by=editor)
    assert restored.status == Article.Status.WITHDRAWN
    assert restored.withdrawn_reason == "It was wrong."


def test_a_state_kept_before_the_columns_changed_can_still_be_put_back(story, editor):
    """A column that has gone since, and one that has come: the old row says too much and too little."""
    first = revisions.of_story(article=story)[0].revision
    for version in Version.objects.filter(revision=first):
        (row,) = json.loads(version.serialized_data)
        row["fields"]["a_column_of_old"] = "gone"
        for new in ("embargo_note", "lead_image_credit", "further", "places", "shingled_key", "outlet"):
            row["fields"].pop(new, None)
        version.serialized_data = json.dumps([row])
        version.save()
    rewrite(story, editor)
    Claim.objects.all().delete()
    restored = revisions.restore(article=story, revision=first, by=editor)
    assert restored.text == STORY
    assert restored.embargo_note == ""
    held = story.appearances.get()
    assert (held.exact, held.further, held.outlet) == (SAID, [], "")


def test_a_state_kept_before_the_outlet_was_renamed_brings_it_back(story, editor):
    """Release 1.0 kept the field under its former name, `told`."""
    first = revisions.of_story(article=story)[0].revision
    for version in Version.objects.filter(revision=first, serialized_data__contains='"outlet"'):
        version.serialized_data = version.serialized_data.replace('"outlet"', '"told"')
        version.save()
    Appearance.objects.update(outlet="the Echo")
    revisions.restore(article=story, revision=first, by=editor)
    assert story.appearances.get().outlet == "the Eastmere Post"


def test_a_state_that_cannot_be_read_any_more_is_refused_in_words(story, editor):
    first = revisions.of_story(article=story)[0].revision
    Version.objects.filter(revision=first).update(serialized_data="[{]")
    with pytest.raises(NotReady, match="older release"):
        revisions.restore(article=story, revision=first, by=editor)
    assert Article.objects.get(pk=story.pk).version == 1


def test_a_state_of_another_story_is_refused(story, editor):
    other = ArticleFactory(plain="Other words.")
    revision = keep(other, editor, "Other.")
    with pytest.raises(NotReady, match="no such version"):
        revisions.restore(article=story, revision=revision, by=editor)


def test_who_may_not_edit_may_not_restore(story, person):
    first = revisions.of_story(article=story)[0].revision
    for role in (permissions.REPORTER, permissions.FACT_CHECKER, permissions.IMPORT_STAFF):
        with pytest.raises(NotAllowed):
            revisions.restore(article=story, revision=first, by=person(role))


def test_reading_a_state_asks_as_much_for_twenty_claims_as_for_one(editor, django_assert_num_queries):
    for number in (1, 20):
        lines = [f"She said “clause {n} is sound” then." for n in range(number)]
        story = ArticleFactory(plain="\n\n".join(lines), tags=[f"tag {n}" for n in range(number)])
        story.authors.set([AuthorFactory() for _ in range(number)])
        for n in range(number):
            appearance_of(ClaimFactory(wording=f"clause {n} is sound"), story)
        revision = keep(story, editor, "Kept.")
        revisions.as_of(article=story, revision=revision)  # content types are remembered from here on
        with django_assert_num_queries(3):  # the rows kept, the authors' names, the tags' names
            revisions.as_of(article=story, revision=revision)


def saved(story: Article, text: str, by: object) -> int:
    """The story with other words, as an editor saves it; the revision's number."""
    story.body = richtext.from_text(text)
    saving.save(article=story, fields=["body"], opened=mark_of(Article.objects.get(pk=story.pk)), by=by)
    return revisions.of_story(article=story)[0].revision


def words_standing(story: Article) -> list[str]:
    text = Article.objects.get(pk=story.pk).text
    return [text[a.start : a.end] for a in story.appearances.all() if a.state in Appearance.IN_PLACE]


def test_the_history_keeps_each_claim_where_the_save_put_it(story, editor):
    second = saved(story, f"A new first paragraph.\n\n{STORY}", editor)
    saved(story, "Quite another text.", editor)
    revisions.restore(article=story, revision=second, by=editor)
    assert words_standing(story) == [SAID]


def test_a_kept_state_whose_places_are_wrong_puts_no_claim_on_other_words(story, editor):
    first = revisions.of_story(article=story)[0].revision
    for version in Version.objects.filter(revision=first):
        (row,) = json.loads(version.serialized_data)
        if "suffix" in row["fields"]:
            row["fields"] |= {"start": 0, "end": 11}
        version.serialized_data = json.dumps([row])
        version.save()
    saved(story, "Quite another text.", editor)
    revisions.restore(article=story, revision=first, by=editor)
    assert words_standing(story) in ([SAID], [])


def test_a_deleted_story_comes_back_beside_the_one_that_has_its_address_now(editor):
    story = ArticleFactory(draft=True, headline="Budget day")
    keep(story, editor, "Only.")
    Article.objects.get(pk=story.pk).delete()
    assert ArticleFactory(headline="Budget day").slug == "budget-day"
    back = revisions.bring_back(version=revisions.deleted().get().pk, by=editor)
    assert (back.pk, back.slug) == (story.pk, "budget-day-2")


def test_a_deleted_story_comes_back_as_a_draft_with_its_claims(editor, person):
    claim = ClaimFactory(wording=SAID)
    story = ArticleFactory(
        draft=True, plain=STORY, tags=["harbour"], authors=[AuthorFactory(name="Kit Marsh")]
    )
    appearance_of(claim, story)
    keep(story, editor, "Only.")
    before = revisions.as_it_is(article=story)
    Claim.objects.filter(pk=claim.pk).update(rating="false", rating_summary="It leaks.")
    Article.objects.get(pk=story.pk).delete()
    (gone,) = revisions.deleted()
    with pytest.raises(NotAllowed):
        revisions.bring_back(version=gone.pk, by=person(permissions.FACT_CHECKER))
    back = revisions.bring_back(version=gone.pk, by=editor)
    assert back.status == Article.Status.DRAFT
    assert not revisions.difference(before, revisions.as_it_is(article=back))
    assert words_standing(back) == [SAID]
    claim.refresh_from_db()
    assert claim.rating == "false"
    with pytest.raises(NotReady):
        revisions.bring_back(version=gone.pk, by=editor)


def test_appearances_that_trade_places_are_put_back(editor):
    story = ArticleFactory(plain=f"One: “{SAID}”.\n\nTwo: “{SAID}”.")
    claim = ClaimFactory(wording=SAID)
    first = appearance_of(claim, story)
    at = story.text.rindex(SAID)
    second = Appearance.objects.create(claim=claim, article=story, exact=SAID, start=at, end=at + len(SAID))
    revision = keep(story, editor, "Two.")
    Appearance.objects.filter(pk=first.pk).update(start=9_999, end=10_000)
    Appearance.objects.filter(pk=second.pk).update(start=first.start, end=first.end)
    revisions.restore(article=story, revision=revision, by=editor)
    assert [(a.pk, a.start) for a in story.appearances.all()] == [(first.pk, first.start), (second.pk, at)]


def test_the_operator_restores_without_a_step_in_the_history(story):
    first = revisions.of_story(article=story)[0].revision
    revisions.restore(article=story, revision=first, by=None)
    assert len(revisions.of_story(article=story)) == 1
    assert not reversion.is_active()


def test_a_restore_asks_why_words_inside_an_accepted_quotation_change_and_keeps_it(story, editor):
    first = revisions.of_story(article=story)[0].revision
    said = SAID + " and will stand"
    story.body = richtext.from_text(STORY.replace(SAID, said))
    place = story.appearances.get()
    asked = Reason("The recording says so.")
    saving.save(
        article=story,
        fields=["body"],
        opened=mark_of(Article.objects.get(pk=story.pk)),
        by=editor,
        reasons={place.pk: asked},
    )
    with pytest.raises(QuotationsHeld) as refused:
        revisions.restore(article=story, revision=first, by=editor)
    assert [(held.old, held.new) for held in refused.value.held] == [(said, SAID)]
    assert Article.objects.get(pk=story.pk).text == STORY.replace(SAID, said)
    reasons = {place.pk: Reason("The recording was of another day.")}
    revisions.restore(article=story, revision=first, by=editor, reasons=reasons)
    place.refresh_from_db()
    assert (place.exact, place.state) == (SAID, "kept")
    newest = QuotationChange.objects.first()
    assert (newest.old, newest.new, newest.by) == (said, SAID, editor)


def test_a_restore_over_what_somebody_saved_since_is_refused(story, editor):
    first = revisions.of_story(article=story)[0].revision
    opened = mark_of(Article.objects.get(pk=story.pk))
    rewrite(story, editor)
    with pytest.raises(Stale):
        revisions.restore(article=story, revision=first, by=editor, opened=opened)
    assert Article.objects.get(pk=story.pk).headline == "Something else"


def test_related_stories_are_compared_by_name_and_put_back_and_old_versions_have_none(story, editor):
    others = [ArticleFactory(headline=name) for name in ("The wall", "The quay")]
    first = revisions.of_story(article=story)[0].revision
    row = Version.objects.get_for_object(story).get(revision=first)
    row.serialized_data = row.serialized_data.replace('"related": "", ', "")  # as an earlier release kept it
    row.save()
    assert '"related"' not in row.serialized_data
    story.related = " ".join(str(one.pk) for one in others)
    keep(story, editor, "Chosen.")
    then = revisions.as_of(article=story, revision=first)
    (field,) = revisions.difference(then, revisions.as_it_is(article=story)).fields
    assert (field.label, "".join(change.text for change in field.changes)) == (
        "Related stories",
        "“The wall”; “The quay”",
    )
    assert revisions.restore(article=story, revision=first, by=editor).related == ""
