"""Saved and published, scheduled, withdrawn or corrected in one act: asked first, written after, or not."""

import datetime
import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from reversion.models import Revision, Version

from stories.actions import permissions
from stories.actions.stories import pending_versions, saving, story_permissions
from stories.actions.stories.edit_conflicts import mark_of
from stories.models import Appearance, Article, Correction, UnsavedCopy
from stories.tests.admin.forms import answer, fill
from stories.tests.factories import ArticleFactory, AuthorFactory, ClaimFactory, appearance_of
from stories.tests.pictures import picture as a_picture
from stories.text.moments import day

pytestmark = pytest.mark.django_db

LIST = reverse("admin:stories_article_changelist")
ADD = reverse("admin:stories_article_add")
SAID = "the harbour wall is safe and will stand"
NEW = {"headline": "New words that are typed", "standfirst": "A standfirst that is typed"}
LATER = timezone.localtime() + datetime.timedelta(days=3)
AT = {"at_0": f"{LATER:%Y-%m-%d}", "at_1": "09:00"}
# Each act: the stage it begins at, its button, what its question is answered with.
ACTS = {
    "submit": ("draft", "submit", {}),
    "publish": ("draft", "publish", {}),
    "publish what was withdrawn": ("withdrawn", "publish", {}),
    "schedule": ("in_review", "publish", AT),
    "change the time": ("scheduled", "publish", AT),
    "publish now": ("scheduled", "publish_now", {}),
    "return to draft": ("in_review", "return_to_draft", {}),
    "correct": ("live", "correct", {"kind": "correction", "text": "It was seven, not six."}),
    "publish changes": ("live", "publish_changes", {"what": "minor"}),
    "withdraw": ("live", "withdraw", {"reason": "It was about another town."}),
    "tag": ("draft", "tag", {"tags": ["harbour"]}),
}


def page(story: Article) -> str:
    return reverse("admin:stories_article_change", args=[story.pk])


def a_story(stage: str, **values) -> Article:
    stages = {} if stage == "live" else {stage: True}
    story = ArticleFactory(
        **stages, plain=f"On Monday she said “{SAID}”.\n\nNothing else.", tags=["Quays"], **values
    )
    appearance_of(ClaimFactory(wording=SAID), story)
    return story


def rows() -> list:
    """All that readers may ever see of a story, and the steps of its history."""
    tables = (Article, Appearance, Correction)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_written_until_the_question_is_answered_and_then_all_of_it_in_one_step(editor, act):
    stage, verb, said = ACTS[act]
    story = a_story(stage)
    saving.keep_first_state(article=story)
    before, steps = rows(), Revision.objects.count()

    asked = fill(editor, page(story), press=f"_confirm_{verb}", **NEW)
    assert asked.status_code == 200
    assert asked.templates[0].name == "admin/desk/confirm.html"
    shown = asked.content.decode()
    assert "Not saved yet" in shown
    assert rows() == before
    assert Revision.objects.count() == steps
    assert not LogEntry.objects.exists()

    # The page is closed: the words are offered again.
    kept = UnsavedCopy.objects.get(article=story, user=editor.user)
    assert {name: kept.fields[name] for name in NEW} == NEW
    assert kept.fields["tags"] == [["Quays", "Quays"]]
    assert kept.fields["opened"] == mark_of(story)
    offered = json.loads(json.dumps(editor.get(page(story)).context["story_desk"]["unsaved"]))
    assert offered["fields"]["headline"] == NEW["headline"]

    # "Leave as it is": the form with the words, and the story exactly as it was.
    left = answer(editor, asked, verb, press="_leave", **said)
    assert left.status_code == 200
    assert left.context["adminform"].form["headline"].value() == NEW["headline"]
    assert "Nothing was done" in left.content.decode()
    assert rows() == before

    done = answer(editor, asked, verb, **said)
    assert (done.status_code, done.url) == (302, page(story))
    now = Article.objects.get()
    # What was withdrawn keeps the words that readers had; those typed wait with it.
    held = pending_versions.show(Article.objects.get()) if act == "withdraw" else now
    assert (held.headline, held.standfirst) == tuple(NEW.values())
    assert (now.headline == NEW["headline"]) == (act != "withdraw")
    assert rows() != before
    assert Revision.objects.count() == steps + 1
    assert Version.objects.get_for_object(story).first().field_dict["headline"] == now.headline
    assert not UnsavedCopy.objects.exists()
    where = {
        "submit": now.status == "in_review",
        "publish": now.is_public,
        "publish what was withdrawn": now.is_public,
        "schedule": now.is_scheduled and f"{timezone.localtime(now.published_at):%H:%M}" == "09:00",
        "change the time": now.is_scheduled and f"{timezone.localtime(now.published_at):%H:%M}" == "09:00",
        "publish now": now.is_public,
        "return to draft": now.status == "draft",
        "correct": now.corrections.published().get().text == "It was seven, not six."
        if act == "correct"
        else False,
        "publish changes": now.is_public and now.updated_at is None,
        "withdraw": now.status == "withdrawn" and now.withdrawn_reason == "It was about another town.",
        "tag": "harbour" in now.tags.names(),
    }
    assert where[act]


@pytest.mark.parametrize("act", ACTS)
def test_somebody_s_save_between_question_and_answer_stops_the_whole_act(editor, act):
    stage, verb, said = ACTS[act]
    story = a_story(stage)
    asked = fill(editor, page(story), press=f"_confirm_{verb}", **NEW)
    theirs = Article.objects.get()
    theirs.standfirst = "A colleague’s standfirst"
    saving.save(article=theirs, fields={"standfirst"}, opened=mark_of(story), by=None)
    before = rows()
    refused = answer(editor, asked, verb, **said)
    assert refused.status_code == 200
    assert refused.context["adminform"].form.merge is not None
    assert NEW["headline"] in refused.content.decode()
    assert rows() == before


def test_somebody_s_save_while_the_page_was_open_is_shown_before_anything_is_asked(editor):
    story = a_story("live")
    before = mark_of(story)
    Article.objects.update(standfirst="A colleague’s standfirst")
    asked = fill(editor, page(story), press="_confirm_withdraw", **NEW, opened=before)
    assert asked.context["adminform"].form.merge is not None
    assert "carried" not in asked.context


def test_a_quotation_s_words_are_guarded_at_the_question_and_at_the_answer(editor):
    story = a_story("draft")
    changed = {"body": story.body.replace("is safe", "is unsafe")}
    held = fill(editor, page(story), press="_confirm_publish", **changed)
    assert held.context["adminform"].form.held
    pk = story.appearances.get().pk
    reason = {f"reason-{pk}": "Misheard.", f"stays-{pk}": "1"}
    asked = fill(editor, page(story), press="_confirm_publish", **changed, **reason)
    assert asked.context["action"].name == "publish"
    without = [pair for pair in asked.context["carried"] if not pair[0].startswith("reason-")]
    data = {**dict(without), "_confirmed_publish": "1"}
    assert editor.post(page(story), data).context["adminform"].form.held
    assert not Article.objects.published().exists()
    answer(editor, asked, "publish")
    assert "is unsafe" in Article.objects.published().get().text
    assert story.quotation_changes.get().reason == "Misheard."


@pytest.mark.parametrize(
    ("stage", "verb", "typed", "said", "why"),
    [
        ("draft", "publish", {"body": ""}, {}, "The story has no text."),
        ("scheduled", "publish", {}, {"at_0": "2019-03-04", "at_1": "09:00"}, "It is scheduled for"),
        ("live", "correct", {"headline": "Other words"}, {"kind": "correction", "text": " x"}, ""),
    ],
)
def test_what_the_desk_refuses_at_the_answer_leaves_all_as_it_was_and_the_words_in_the_form(
    editor, monkeypatch, stage, verb, typed, said, why
):
    story = a_story(stage)
    asked = fill(editor, page(story), press=f"_confirm_{verb}", **{**NEW, **typed}, **_reasons(story, typed))
    if not why:
        why = "Only a published story is corrected"
        Article.objects.update(status="withdrawn", withdrawn_reason="It was about another town.")
    before = rows()
    refused = answer(editor, asked, verb, **said)
    assert refused.status_code == 200
    assert why in refused.content.decode()
    assert refused.context["adminform"].form["standfirst"].value() == NEW["standfirst"]
    assert rows() == before


def _reasons(story: Article, typed: dict) -> dict:
    pk = story.appearances.get().pk
    return {f"reason-{pk}": "Taken out."} if "body" in typed else {}


def test_a_question_answered_without_what_it_asks_is_asked_again_with_the_words(editor):
    story = a_story("live")
    asked = fill(editor, page(story), press="_confirm_withdraw", **NEW)
    again = answer(editor, asked, "withdraw", reason=" ")
    assert again.context["form"].errors
    assert ("headline", NEW["headline"]) in again.context["carried"]
    assert Article.objects.published().get().headline == story.headline
    answer(editor, again, "withdraw", reason="It was about another town.")
    assert pending_versions.show(Article.objects.withdrawn().get()).headline == NEW["headline"]


def test_a_reporter_asks_and_answers_for_no_more_than_they_may(signed_in):
    reporter = signed_in(permissions.REPORTER)
    story = a_story("draft", created_by=reporter.user)
    before = rows()
    for press in ("_confirm_publish", "_confirmed_publish"):
        assert fill(reporter, page(story), press=press, **NEW).status_code == 403
    assert rows() == before
    asked = fill(reporter, page(story), press="_confirm_submit", **NEW)
    answer(reporter, asked, "submit")
    assert Article.objects.get().status == "in_review"


def test_a_new_story_with_a_claim_and_a_picture_is_published_in_one_act(editor, settings):
    author = AuthorFactory()
    picture = SimpleUploadedFile("wall.png", a_picture(30, 20), content_type="image/png")
    asked = fill(
        editor, ADD, press="_confirm_publish",
        add={"appearances": [{"words": SAID, "speaker_label": "a source", "kind": "direct", "outlet": ""}]},
        headline="The wall stands", body=f"<p>She said “{SAID}”.</p>", authors=[author.pk], tags=["harbour"],
        lead_image=picture, lead_image_alt="A wall by the sea",
    )  # fmt: skip
    assert asked.context["action"].name == "publish", asked.context["errors"]
    assert not Article.objects.exists()
    assert [ready.warnings for _, ready, _ in asked.context["rows"]] == [("There is no standfirst.",)]
    assert UnsavedCopy.objects.get().fields["authors"] == [[str(author.pk), author.name]]
    left = answer(editor, asked, "publish", press="_leave")
    assert SAID in left.content.decode()
    done = answer(editor, asked, "publish")
    story = Article.objects.published().get()
    assert done.url == page(story)
    assert story.appearances.get().exact == SAID
    assert story.lead_image.size > 0
    assert [a.name for a in story.authors.all()] == [author.name]
    assert not UnsavedCopy.objects.exists()


def test_the_log_says_what_was_done_and_when_it_will_be_and_names_no_change_that_was_not_made(editor):
    story = a_story("draft")
    lines = []
    for verb, typed, said in [
        ("publish", {}, AT),
        ("publish_now", {"headline": "Other words for it"}, {}),
        ("withdraw", {}, {"reason": "It was about another town."}),
    ]:
        answer(editor, fill(editor, page(story), press=f"_confirm_{verb}", **typed), verb, **said)
        lines.append([e.get_change_message() for e in LogEntry.objects.order_by("pk")][len(sum(lines, [])) :])
        comment = Revision.objects.order_by("pk").last().comment
        assert comment == " ".join(lines[-1])
    assert lines == [
        [f"Scheduled for {day(LATER)}, 09:00."],
        ["Changed Headline.", "Published before the time it was scheduled for."],
        ["Withdrawn: It was about another town."],
    ]


def test_scheduling_from_the_list_is_logged_as_scheduling(editor):
    story = a_story("draft")
    editor.post(f"{LIST}do/publish/?ids={story.pk}", AT)
    assert LogEntry.objects.get().get_change_message() == f"Scheduled for {day(LATER)}, 09:00."


# Scheduled stories and embargoes


def test_a_scheduled_story_s_time_stands_in_the_question_and_publishing_now_is_another_act(editor):
    story = a_story("scheduled")
    here = timezone.localtime(story.published_at)
    told = f"{here:%-d %B %Y, %H:%M}"
    shown = editor.get(page(story)).content.decode()
    assert told in shown
    shown = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    for button in ("Save and change the time …", "Save and publish now …"):
        assert button in shown
    assert "Save and publish …" not in shown
    for asked in (
        editor.get(f"{LIST}do/publish/?ids={story.pk}"),
        fill(editor, page(story), press="_confirm_publish"),
    ):
        question = asked.content.decode()
        assert "Change the time this story is scheduled for?" in question
        assert told in question
        assert f'value="{here:%-d %B %Y}"' in question
        assert f'value="{here:%H:%M}"' in question
    # Nobody publishes it by leaving the time out, at any address.
    for ids in (f"{story.pk}", f"{story.pk},{a_story('draft').pk}"):
        editor.post(f"{LIST}do/publish/?ids={ids}", {"at_0": "", "at_1": ""})
        story.refresh_from_db()
        assert (story.is_scheduled, timezone.localtime(story.published_at)) == (True, here)
    editor.post(f"{LIST}do/publish_now/?ids={story.pk}")
    story.refresh_from_db()
    assert story.is_public


@pytest.mark.parametrize("act", ["publish", "schedule", "change the time", "publish now"])
@pytest.mark.parametrize("way", ["with the save", "by its page", "among others"])
def test_an_embargo_is_shown_in_red_and_asks_for_a_tick_of_its_own(editor, act, way):
    stage, verb, said = ACTS[act]
    note = "Not before the minister speaks"
    with_save = way == "with the save"
    story = a_story(stage, embargo_note="" if with_save else note)
    ids = [story.pk] if way == "by its page" else [story.pk, a_story(stage).pk]
    address = f"{LIST}do/{verb}/?ids={','.join(map(str, ids))}"

    if with_save:  # the embargo is only typed as yet: it counts
        asked = fill(editor, page(story), press=f"_confirm_{verb}", embargo_note=note)
        reply = lambda **more: answer(editor, asked, verb, **said, **more)  # noqa: E731
    else:
        asked = editor.get(address)
        reply = lambda **more: editor.post(address, {**said, **more})  # noqa: E731
    assert f'<p class="embargo" role="note"><strong>Embargo</strong> {note}' in asked.content.decode()
    before = rows()
    again = reply()
    assert again.status_code == 200
    assert "embargo_checked" in again.context["form"].errors
    assert rows() == before
    assert reply(embargo_checked="on").status_code == 302
    story.refresh_from_db()
    assert story.status == "published"
    assert story.is_scheduled is (act in ("schedule", "change the time"))


def test_a_story_under_embargo_is_shared_by_a_tick_too_and_says_so_wherever_it_is_listed(editor):
    story = a_story("draft", embargo_note="Not before the minister speaks")
    share = reverse("admin:stories_article_share", args=[story.pk])
    assert 'class="embargo"' in editor.get(share).content.decode()
    editor.post(share, {"lasting": "1"})
    assert not story.share_links.exists()
    editor.post(share, {"lasting": "1", "embargo_checked": "on"})
    assert story.share_links.count() == 1
    assert 'class="embargo"' in editor.get(page(story)).content.decode()
    assert "badge-embargo" in editor.get(LIST).content.decode()


def test_words_saved_between_a_page_s_question_and_its_answer_are_not_published_unread(editor):
    story = a_story("in_review")
    address = f"{LIST}do/publish/?ids={story.pk}"
    seen = [mark for _, _, mark in editor.get(address).context["rows"]]
    Article.objects.update(headline="Words that nobody has read")
    editor.post(address, {"seen": seen})
    assert not Article.objects.published().exists()
    seen = [mark for _, _, mark in editor.get(address).context["rows"]]
    editor.post(address, {"seen": seen})
    assert Article.objects.published().exists()


# The clocks


@pytest.mark.parametrize(("which", "utc"), [("0", "00:30"), ("1", "01:30")])
def test_the_hour_that_comes_twice_is_asked_about_and_kept_when_the_time_is_changed(
    editor, settings, which, utc
):
    story = a_story("draft")
    address = f"{LIST}do/publish/?ids={story.pk}"
    twice = {"at_0": "2048-10-25", "at_1": "01:30"}
    with timezone.override("Europe/London"):
        asked = editor.post(address, twice)
        page = asked.content.decode()
        assert "01:30 comes twice that night" in page
        assert page.count('type="radio"') == 2
        assert "01:30 BST" in page
        assert "01:30 GMT" in page
        assert Article.objects.get().status == "draft"
        editor.post(address, {**twice, "which": which})
        story.refresh_from_db()
        assert f"{story.published_at.astimezone(datetime.UTC):%H:%M}" == utc
        # Asked for its time again, the story keeps it.
        question = editor.get(address).context["form"]
        assert question["which"].value() == which
        editor.post(address, {**twice, "which": question["which"].value()})
        story.refresh_from_db()
        assert f"{story.published_at.astimezone(datetime.UTC):%H:%M}" == utc


def test_the_hour_that_is_left_out_is_told_in_a_sentence(editor):
    story = a_story("draft")
    with timezone.override("Europe/London"):
        asked = editor.post(f"{LIST}do/publish/?ids={story.pk}", {"at_0": "2048-03-29", "at_1": "01:30"})
    said = asked.context["form"].errors["at"]
    assert said == [
        "There is no 01:30 on 29 March 2048: the clocks go forward in that hour. Say 02:30, or another time."
    ]
    assert story_permissions.stage_of(Article.objects.get()) is story_permissions.Stage.DRAFT


def test_the_hour_of_publishing_says_by_which_clock_it_is(settings):
    from stories.admin.action_forms import NewTimeForm, WhenForm

    for form in (WhenForm, NewTimeForm):
        assert "newsroom’s clock (Europe/London)" in str(form().fields["at"].help_text)
