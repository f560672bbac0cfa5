import datetime

import pytest
from django.utils import timezone
from taggit.models import Tag

from stories.actions import permissions
from stories.actions.claims import ratings_and_corrections
from stories.actions.dashboard import today
from stories.actions.stories import publishing
from stories.actions.topics import tagging
from stories.admin.dashboard import address_of
from stories.models import Article, Correction, ImportedText, ImportRun, Presence
from stories.tests.factories import ArticleFactory, AuthorFactory, ClaimFactory, appearance_of

pytestmark = pytest.mark.django_db


def work(by):
    return {waiting.key: waiting.number for waiting in today(by=by).waiting}


def fill(by, times=1):
    for _ in range(times):
        ClaimFactory(proposed=True)
        appearance_of(ClaimFactory(), state="lost")
        ArticleFactory(in_review=True)
        ArticleFactory(draft=True, created_by=by)
        ArticleFactory(draft=True)
        Correction.objects.create(article=ArticleFactory(), text="A wrong year.")
        run = ImportRun.objects.create()
        ImportedText.objects.create(run=run, file="a.txt", outcome="failed")
        undone = ImportRun.objects.create(undone_at=timezone.now())
        ImportedText.objects.create(run=undone, file="a.txt", outcome="failed")


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (permissions.REPORTER, {"words": 1, "drafts": 1, "imported": 0, "pending": 0}),
        (permissions.FACT_CHECKER, {"review": 1, "words": 1}),
        (
            permissions.EDITOR,
            {"review": 1, "words": 1, "in_review": 1, "drafts": 1, "imported": 0, "pending": 0}
            | {"verdicts": 0, "corrections": 1, "failed": 1, "alike": 0, "topics": 0},
        ),
        (permissions.IMPORT_STAFF, {"failed": 1}),
        ("no group", {}),
    ],
)
def test_everybody_sees_the_work_that_is_theirs(person, role, sees):
    by = person(role)
    fill(by)
    assert work(by) == sees


def test_a_draft_is_mine_when_i_wrote_it_or_began_it_and_counted_once(person):
    reporter = person(permissions.REPORTER)
    author = AuthorFactory(user=reporter)
    ArticleFactory(draft=True, authors=[author], created_by=reporter)
    ArticleFactory(draft=True, authors=[author, AuthorFactory()])
    assert work(reporter)["drafts"] == 2


def test_the_week_holds_what_is_scheduled_for_its_days(person):
    editor = person(permissions.EDITOR)
    now = timezone.localtime()
    tomorrow = ArticleFactory(draft=True, status="published", published_at=now + datetime.timedelta(days=1))
    ArticleFactory(draft=True, status="published", published_at=now + datetime.timedelta(days=9))
    ArticleFactory()
    week = today(by=editor).week
    assert [day.day for day in week] == [now.date() + datetime.timedelta(days=n) for n in range(7)]
    assert [day.stories for day in week] == [[], [tomorrow], [], [], [], [], []]


def test_a_story_waits_once_when_the_verdict_of_a_claim_it_prints_has_changed(person, admin_client):
    editor = person(permissions.EDITOR)
    claim = ClaimFactory(rating="true", rating_summary="So the ledger says.")
    appearance_of(claim)
    for rating in ("false", "unproven"):
        drafts = ratings_and_corrections.rate(
            claim=claim, by=editor, rating=rating, summary="The ledger was wrong."
        ).drafts
    Correction.objects.create(article=ArticleFactory(), text="A wrong year.")
    assert (work(editor)["verdicts"], work(editor)["corrections"]) == (1, 1)
    for key in ("verdicts", "corrections"):
        waiting = next(one for one in today(by=editor).waiting if one.key == key)
        assert admin_client.get(address_of(waiting)).context["cl"].result_count == 1
    Correction.objects.exclude(pk=drafts[0].pk).delete()
    ratings_and_corrections.publish(correction=drafts[0], by=editor)
    assert (work(editor)["verdicts"], work(editor)["corrections"]) == (0, 0)


def test_topics_that_may_be_one_are_counted_anew_when_two_become_one(person):
    editor = person(permissions.EDITOR)
    ArticleFactory(tags=["Harbour", "Harbours", "Rail"])
    assert work(editor)["topics"] == 1
    tag, into = Tag.objects.get(name="Harbours"), Tag.objects.get(name="Harbour")
    tagging.merge(tag=tag, into=into, by=editor)
    assert work(editor)["topics"] == 0


def tasks(by):
    return [(task.key, task.story.headline, task.by) for task in today(by=by).tasks]


def test_stories_to_do_something_about_are_listed_by_name_the_oldest_first(person):
    reporter, editor = person(permissions.REPORTER), person(permissions.EDITOR)
    now = timezone.localtime()
    later = now.replace(hour=23, minute=59, second=59, microsecond=0)
    ArticleFactory(headline="Tonight", draft=True, status="published", published_at=later)
    mine = {"draft": True, "created_by": reporter}
    for age, name in enumerate(("Handed in", "Sent back", "Taken back", "Begun")):
        ArticleFactory(headline=name, created_at=now - datetime.timedelta(days=9 - age), **mine)
    stories = {story.headline: story for story in Article.objects.all()}
    for name in ("Handed in", "Sent back", "Taken back"):
        publishing.submit(article=stories[name], by=reporter)
    publishing.return_to_draft(article=stories["Sent back"], by=editor, reason="Who says so?")
    publishing.return_to_draft(article=stories["Taken back"], by=reporter)
    Presence.objects.create(article=stories["Handed in"], user=editor)
    assert tasks(reporter) == [
        ("due", "Tonight", None),
        ("draft", "Begun", None),
        ("handed_in", "Handed in", reporter),
        ("returned", "Sent back", editor),
        ("draft", "Taken back", None),
    ]
    assert tasks(editor) == [("due", "Tonight", None), ("in_review", "Handed in", reporter)]
    assert next(task for task in today(by=reporter).tasks if task.open_with).open_with == (editor,)
    assert [task.message for task in today(by=reporter).tasks if task.key == "returned"] == ["Who says so?"]


def test_imported_drafts_wait_until_they_are_somebody_s(person):
    editor = person(permissions.EDITOR)
    run = ImportRun.objects.create()
    ArticleFactory(draft=True, imported_in=run)
    ArticleFactory(draft=True, imported_in=run, authors=[AuthorFactory(user=editor)])
    assert (work(editor)["imported"], work(editor)["drafts"]) == (1, 1)


def test_an_empty_desk_is_quiet(person):
    assert today(by=person(permissions.EDITOR)).quiet


def test_today_costs_the_same_however_much_waits(person, django_assert_num_queries):
    editor = person(permissions.EDITOR)
    fill(editor)
    editor.has_perm("stories.publish_article")
    today(by=editor)  # the look-alikes are counted now and then only
    with django_assert_num_queries(11):
        today(by=editor)
    fill(editor, times=9)
    with django_assert_num_queries(11):
        today(by=editor)
