"""Which stories somebody may change, hand in, take back, tag and share: by role, by whose it is, by stage."""

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from stories.actions import permissions
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.stories import autosave, publishing, revisions, saving, share_links, story_permissions
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.topics import tagging
from stories.models import Article, ShareLink, UnsavedCopy
from stories.tests.factories import ArticleFactory, AuthorFactory, UserFactory

pytestmark = pytest.mark.django_db

STAGES = ("draft", "in_review", "scheduled", "live", "withdrawn")
WHOSE = ("begun", "written", "somebody else's", "nobody's")
DAY = datetime.timedelta(days=1)


def a_story(stage: str, whose: str, person) -> Article:
    stages = {} if stage == "live" else {stage: True}
    if stage == "scheduled":
        stages["published_at"] = timezone.now() + DAY
    begun = {"begun": person, "nobody's": None}.get(whose, UserFactory())
    authors = [AuthorFactory(), AuthorFactory(user=UserFactory())]
    if whose == "written":
        authors.append(AuthorFactory(user=person))
    if whose == "nobody's":
        authors = authors[:1]
    return ArticleFactory(**stages, created_by=begun, authors=authors, headline="The wall is to be built")


def save(story: Article, person) -> None:
    opened = mark_of(story)
    story.headline = "The wall is not to be built"
    saving.save(article=story, fields={"headline"}, opened=opened, by=person)


def restore(story: Article, person) -> None:
    saving.keep_first_state(article=story)
    revisions.restore(article=story, revision=revisions.of_story(article=story)[0].revision, by=person)


ACTS: dict[str, Callable] = {
    "save": save,
    "keep": lambda story, person: autosave.save_copy(article=story, by=person, fields={"headline": "x"}),
    "tag": lambda story, person: tagging.put_on(row=story, names=["harbour"], by=person),
    "restore": restore,
    "submit": lambda story, person: publishing.submit(article=story, by=person),
    "take back": lambda story, person: publishing.return_to_draft(
        article=story, by=person, reason="Who says so?"
    ),
    "share": lambda story, person: share_links.share(article=story, by=person, lasting=DAY),
}
WORDS = ("save", "keep", "tag", "restore")


def wanted(role: str, whose: str, stage: str, act: str) -> bool:
    """The table as it stands in the README, told once more."""
    possible = {
        "submit": stage == "draft",
        "take back": stage in ("in_review", "scheduled", "withdrawn"),
        "share": stage in ("draft", "in_review", "scheduled"),
    }.get(act, True)
    if role == permissions.EDITOR:
        return possible
    if role != permissions.REPORTER or not possible:
        return False
    if act == "share":
        return whose in ("begun", "written")
    if act == "take back" and stage != "in_review":
        return False
    if act == "keep" and stage == "live":  # for the changes, which somebody else publishes
        return whose in ("begun", "written")
    if act in WORDS and stage != "draft":
        return False
    return whose != "somebody else's"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "role", [permissions.REPORTER, permissions.FACT_CHECKER, permissions.EDITOR, permissions.IMPORT_STAFF]
)
def test_who_may_do_what_to_whose_story(person, role, stage):
    found, told = {}, {}
    for whose in WHOSE:
        for act, do in ACTS.items():
            somebody = person(role)
            story = a_story(stage, whose, somebody)
            before = Article.objects.filter(pk=story.pk).values().get()
            try:
                do(story, somebody)
                found[whose, act] = True
            except (NotAllowed, NotReady):
                found[whose, act] = False
                assert Article.objects.filter(pk=story.pk).values().get() == before
                assert not UnsavedCopy.objects.filter(user=somebody).exists()
                assert not ShareLink.objects.filter(by=somebody).exists()
            told[whose, act] = wanted(role, whose, stage, act)
    assert found == told


def test_a_reporter_does_not_make_a_deleted_story_theirs(person):
    writer = person(permissions.REPORTER)
    story = ArticleFactory(draft=True, created_by=writer)
    saving.keep_first_state(article=story)
    story.delete()
    gone = revisions.deleted().get()
    for other in (person(permissions.REPORTER), writer):
        with pytest.raises(NotAllowed):
            revisions.bring_back(version=gone.pk, by=other)
    back = revisions.bring_back(version=gone.pk, by=person(permissions.EDITOR))
    assert back.created_by == writer
    assert story_permissions.may_edit(article=back, by=writer)
