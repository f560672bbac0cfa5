"""Every verb, by every role, on a story at every stage."""

import datetime

import pytest
import reversion
from django.utils import timezone

from stories.actions import permissions
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.stories import publishing, share_links, story_permissions
from stories.actions.stories.story_permissions import Stage
from stories.models import Article, Claim, ShareLink
from stories.tests.actions.conftest import EVERYBODY, NOBODY, OPERATOR
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    PoliticianFactory,
    appearance_of,
)

pytestmark = pytest.mark.django_db

MAKE = {
    Stage.DRAFT: {"draft": True},
    Stage.IN_REVIEW: {"in_review": True},
    Stage.SCHEDULED: {"scheduled": True},
    Stage.LIVE: {},
    Stage.WITHDRAWN: {"withdrawn": True},
}
USE = {
    "submit": lambda story, by: publishing.submit(article=story, by=by),
    # Another time is the only thing a scheduled story is given by this verb.
    "publish": lambda story, by: publishing.publish(
        article=story, by=by, at=timezone.now() + datetime.timedelta(days=3) if story.is_scheduled else None
    ),
    "publish_now": lambda story, by: publishing.publish_now(article=story, by=by),
    "return_to_draft": lambda story, by: publishing.return_to_draft(article=story, by=by),
    "withdraw": lambda story, by: publishing.withdraw(
        article=story, by=by, reason="It was about another town."
    ),
}
# (verb, from) → (where it leads, who may); what is not here is not possible for anybody.
POSSIBLE = {
    ("submit", Stage.DRAFT): (Stage.IN_REVIEW, {permissions.REPORTER, permissions.EDITOR, OPERATOR}),
    ("publish", Stage.DRAFT): (Stage.LIVE, {permissions.EDITOR, OPERATOR}),
    ("publish", Stage.IN_REVIEW): (Stage.LIVE, {permissions.EDITOR, OPERATOR}),
    ("publish", Stage.SCHEDULED): (Stage.SCHEDULED, {permissions.EDITOR, OPERATOR}),
    ("publish_now", Stage.SCHEDULED): (Stage.LIVE, {permissions.EDITOR, OPERATOR}),
    ("publish", Stage.WITHDRAWN): (Stage.LIVE, {permissions.EDITOR, OPERATOR}),
    ("return_to_draft", Stage.IN_REVIEW): (Stage.DRAFT, {permissions.REPORTER, permissions.EDITOR, OPERATOR}),
    ("return_to_draft", Stage.SCHEDULED): (Stage.DRAFT, {permissions.EDITOR, OPERATOR}),
    ("return_to_draft", Stage.WITHDRAWN): (Stage.DRAFT, {permissions.EDITOR, OPERATOR}),
    ("withdraw", Stage.LIVE): (Stage.WITHDRAWN, {permissions.EDITOR, OPERATOR}),
}


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("stage", list(Stage), ids=lambda stage: stage.name)
@pytest.mark.parametrize("verb", list(USE))
def test_a_verb_does_what_the_table_says_for_the_role_and_nothing_else(person, verb, stage, role):
    story, by = ArticleFactory(**MAKE[stage]), person(role)
    leads_to, who = POSSIBLE.get((verb, stage), (None, set()))
    if role in who:
        USE[verb](story, by)
    else:
        with pytest.raises((NotAllowed, NotReady)):
            USE[verb](story, by)
    fresh = Article.objects.get(pk=story.pk)
    assert story_permissions.stage_of(fresh) is (leads_to if role in who else stage)
    assert (verb in story_permissions.allowed(article=ArticleFactory(**MAKE[stage]), by=by)) is (role in who)


@pytest.mark.parametrize("verb", list(USE))
def test_somebody_without_the_right_is_told_so_whatever_the_story_s_stage(person, verb):
    for stage in Stage:
        with pytest.raises(NotAllowed, match="You may not"):
            USE[verb](ArticleFactory(**MAKE[stage]), person(NOBODY))


def test_publishing_stamps_the_first_time_once():
    story = ArticleFactory(draft=True)
    publishing.publish(article=story, by=None)
    first = story.first_published_at
    assert first == story.published_at
    assert story.updated_at is None
    publishing.withdraw(article=story, by=None, reason="A wrong name.")
    publishing.publish(article=story, by=None)
    story.refresh_from_db()
    assert (story.first_published_at, story.published_at) == (first, first)
    assert story.updated_at > first
    assert story.withdrawn_reason == ""


def test_a_scheduled_story_goes_live_when_its_time_comes_with_nobody_doing_anything(monkeypatch):
    story = ArticleFactory(draft=True)
    at = timezone.now() + datetime.timedelta(hours=3)
    publishing.publish(article=story, by=None, at=at)
    assert story_permissions.stage_of(story) is Stage.SCHEDULED
    assert not Article.objects.published().exists()
    monkeypatch.setattr(timezone, "now", lambda: at + datetime.timedelta(seconds=1))
    assert Article.objects.published().get() == story
    assert story.first_published_at == at


def test_a_schedule_can_be_changed_and_dropped():
    story = ArticleFactory(draft=True)
    soon, later = (timezone.now() + datetime.timedelta(hours=hours) for hours in (1, 5))
    publishing.publish(article=story, by=None, at=soon)
    publishing.publish(article=story, by=None, at=later)
    story.refresh_from_db()
    assert (story.published_at, story.first_published_at) == (later, later)
    publishing.return_to_draft(article=story, by=None)
    story.refresh_from_db()
    assert (story.status, story.published_at, story.first_published_at) == ("draft", None, None)


def test_a_scheduled_story_is_not_published_at_once_by_leaving_its_time_empty(person):
    story, before = ArticleFactory(draft=True), timezone.now() - datetime.timedelta(hours=1)
    at = timezone.now() + datetime.timedelta(hours=5)
    publishing.publish(article=story, by=None, at=at)
    for by in (None, person(permissions.EDITOR)):
        for empty in (None, before):
            with pytest.raises(NotReady, match="It is scheduled for"):
                publishing.publish(article=story, by=by, at=empty)
    story.refresh_from_db()
    assert (story.published_at, story.first_published_at) == (at, at)
    publishing.publish_now(article=story, by=None)
    assert story.is_public
    assert story.first_published_at == story.published_at <= timezone.now()


def test_an_embargo_stops_every_way_to_readers_until_somebody_says_that_it_is_checked(person):
    later = timezone.now() + datetime.timedelta(hours=5)
    ways = {
        "publish": lambda story, **checked: publishing.publish(article=story, by=None, **checked),
        "schedule": lambda story, **checked: publishing.publish(article=story, by=None, at=later, **checked),
        "change the time": lambda story, **checked: publishing.publish(
            article=story, by=person(permissions.EDITOR), at=later, **checked
        ),
        "publish now": lambda story, **checked: publishing.publish_now(article=story, by=None, **checked),
        "share": lambda story, **checked: share_links.share(
            article=story, by=None, lasting=datetime.timedelta(days=1), **checked
        ),
    }
    for way, go in ways.items():
        stage = "scheduled" if way in ("change the time", "publish now") else "draft"
        story = ArticleFactory(**{stage: True}, embargo_note="Not before the minister speaks")
        before = Article.objects.filter(pk=story.pk).values().get()
        with pytest.raises(NotReady, match="Not before the minister speaks"):
            go(story)
        assert Article.objects.filter(pk=story.pk).values().get() == before, way
        go(story, embargo_checked=True)
    assert ShareLink.objects.count() == 1


def test_old_copy_is_published_under_its_own_date():
    story = ArticleFactory(draft=True)
    day = datetime.datetime(2014, 11, 9, 9, 0, tzinfo=datetime.UTC)
    publishing.publish(article=story, by=None, at=day)
    assert (story.published_at, story.first_published_at) == (day, day)
    assert Article.objects.published().get() == story


def test_a_time_without_a_zone_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="time zone"):
        publishing.publish(article=ArticleFactory(draft=True), by=None, at=datetime.datetime(2031, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("verb", ["submit", "publish"])
def test_a_story_without_text_goes_nowhere(verb):
    story = ArticleFactory(draft=True, body="")
    with pytest.raises(NotReady) as stopped:
        USE[verb](story, None)
    assert stopped.value.reasons == ("The story has no text.",)


def test_a_withdrawal_says_why():
    story = ArticleFactory()
    with pytest.raises(NotReady, match="Say why"):
        publishing.withdraw(article=story, by=None, reason="  ")
    publishing.withdraw(article=story, by=None, reason="A wrong name.")
    story.refresh_from_db()
    assert story.withdrawn_reason == "A wrong name."


def test_warnings_name_what_is_missing_and_do_not_block():
    story = ArticleFactory(draft=True, headline="Too short", standfirst="", embargo_note="Not before noon")
    claim = ClaimFactory(proposed=True, wording="Nothing else was said")
    appearance_of(claim, story, state="lost")
    found = publishing.readiness(story)
    assert found.ready
    assert found.warnings == (
        "The headline is very short.",
        "There is no standfirst.",
        "Nobody is named as the author.",
        "The story has no topics.",
        "1 claim is not reviewed; readers will not see them.",
        "1 claim has lost the words in the story.",
    )
    assert found.embargo == "Not before noon"


def test_a_finished_story_has_nothing_to_be_warned_of(django_assert_num_queries):
    story = ArticleFactory(draft=True, authors=[AuthorFactory()], tags=["Harbours"])
    with django_assert_num_queries(3):
        assert publishing.readiness(story) == publishing.Readiness()


def test_a_speaker_whom_nobody_has_confirmed_is_warned_of():
    somebody, rejected = PoliticianFactory(confirmed=False), Claim.State.REJECTED
    claims = [ClaimFactory(speaker=speaker) for speaker in (somebody, somebody, PoliticianFactory())]
    claims.append(ClaimFactory(speaker=PoliticianFactory(confirmed=False), state=rejected))
    words = " ".join(f"“{claim.wording}.”" for claim in claims)
    story = ArticleFactory(draft=True, authors=[AuthorFactory()], tags=["Harbours"], plain=words)
    for claim in claims:
        appearance_of(claim, story)
    assert publishing.readiness(story).warnings == ("1 speaker is not confirmed and will have no page.",)


@pytest.mark.parametrize(
    ("role", "editable"),
    [
        (permissions.REPORTER, {Stage.DRAFT}),
        (permissions.FACT_CHECKER, set()),
        (permissions.EDITOR, set(Stage)),
        (permissions.IMPORT_STAFF, set()),
        (NOBODY, set()),
        (OPERATOR, set(Stage)),
    ],
)
def test_who_may_change_the_words_at_which_stage(person, role, editable):
    by = person(role)
    assert {
        stage for stage in Stage if story_permissions.may_edit(article=ArticleFactory(**MAKE[stage]), by=by)
    } == editable


def test_the_history_keeps_who_did_it(person):
    editor = person(permissions.EDITOR)
    story = ArticleFactory(draft=True, tags=["Harbours"])
    publishing.publish(article=story, by=editor)
    version = reversion.models.Version.objects.get_for_object(story).get()
    assert (version.revision.user, version.revision.comment) == (editor, "Published.")
    assert version.field_dict["status"] == "published"


def test_links_to_stories_that_readers_cannot_see_are_warned_of(django_assert_num_queries, settings):
    public, draft, renamed = (
        ArticleFactory(),
        ArticleFactory(draft=True, headline="Not yet"),
        ArticleFactory(),
    )
    former = renamed.get_absolute_url()
    renamed.slug = "renamed-since"
    renamed.save()
    elsewhere = "https://post.example/stories/other/"
    seen = [
        public.get_absolute_url(),
        f"{settings.SITE_URL}{former}?page=2#claim-1",
        elsewhere,
        "/stories/feed/",
    ]
    unseen = [draft.get_absolute_url(), f"{settings.SITE_URL}{draft.get_absolute_url()}", "/stories/nowhere/"]
    body = "".join(f'<p><a href="{address}">We wrote</a>.</p>' for address in (*seen, *unseen))
    story = ArticleFactory(draft=True, authors=[AuthorFactory()], tags=["Harbours"], body=body)
    with django_assert_num_queries(5):
        warnings = publishing.readiness(story).warnings
    assert warnings == (
        "It links to “Not yet”, which readers cannot see.",
        "It links to /stories/nowhere/, where no story is.",
    )
