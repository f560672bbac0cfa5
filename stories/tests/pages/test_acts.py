"""Whatever is done, the next reader sees it, in a process that kept the page as it was before."""

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from taggit.models import Tag

from stories.actions import outlets
from stories.actions.claims import contradictions, ratings_and_corrections, review
from stories.actions.imports import import_copy
from stories.actions.people import confirmation, merging
from stories.actions.stories import edit_conflicts, publishing, revisions, saving
from stories.actions.topics import tagging
from stories.database import change_counter
from stories.importing.runs import Options
from stories.models import Article, Claim, Contradiction, Correction, ImportRun, Page, Politician
from stories.tests import factories as make
from stories.tests.html import flat
from stories.tests.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)
COPY = """Ferry to Eastmere is late

Ada Aldous, the member for Eastmere, said: “The ferry will be on time again by the spring.”
"""

Act = Callable[[User], object]
# What is asked for, the act, and what a reader sees of it: words that come, and words that go.
Case = tuple[str, Act, str, str]


class OtherProcess:
    """A second process of the site, on the database of the tests."""

    def __init__(self) -> None:
        name = str(connection.settings_dict["NAME"])
        server = os.environ.get("DATABASE_URL", "")
        address = urlsplit(server)._replace(path=f"/{name}").geturl() if server else f"sqlite:///{name}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stories.tests.pages.other_process"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def get(self, address: str, *, now: datetime.datetime | None = None) -> dict[str, Any]:
        """What it answers."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"address": address, "now": now and now.isoformat()}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        """Let it end, and wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


@pytest.fixture(scope="module")
def process(django_db_setup: None) -> Iterator[OtherProcess]:
    one = OtherProcess()
    yield one
    one.end()


@pytest.fixture
def other(process: OtherProcess) -> OtherProcess:
    change_counter.resume(connection)  # the tables were emptied since the last test, past all triggers
    return process


@pytest.fixture
def editor() -> User:
    user: User = make.UserFactory(is_superuser=True)
    return user


def claim_in_print(**values: Any) -> Claim:
    claim: Claim = make.ClaimFactory(**{"wording": "the harbour wall will stand"} | values)
    make.appearance_of(claim)
    return claim


def publish(folder: Path) -> Case:
    story = make.ArticleFactory(draft=True, headline="A bridge is opened")
    return "/stories/", lambda by: publishing.publish(article=story, by=by), story.headline, ""


def withdraw(folder: Path) -> Case:
    story = make.ArticleFactory(headline="A bridge is opened")
    address = story.get_absolute_url()
    act = lambda by: publishing.withdraw(article=story, by=by, reason="The letter was forged.")  # noqa: E731
    return address, act, "The letter was forged.", story.standfirst


def correct(folder: Path) -> Case:
    story = make.ArticleFactory()
    wrong = Correction(article=story, text="It was seven feet.")
    act = lambda by: ratings_and_corrections.publish(correction=wrong, by=by)  # noqa: E731
    return story.get_absolute_url(), act, "It was seven feet.", ""


def rate(folder: Path) -> Case:
    claim = claim_in_print()

    def act(by: User) -> None:
        ratings_and_corrections.rate(claim=claim, by=by, rating="false", summary="It fell in May.")

    return claim.get_absolute_url(), act, "It fell in May.", ""


def accept(folder: Path) -> Case:
    claim = claim_in_print(proposed=True)
    return "/claims/", lambda by: review.accept(claim=claim, by=by), claim.wording, ""


def reject(folder: Path) -> Case:
    claim = claim_in_print()
    return "/claims/feed/", lambda by: review.reject(claim=claim, by=by), "", claim.wording


def two_people() -> tuple[Politician, Politician]:
    winner, loser = make.PoliticianFactory(name="Ada Aldous"), make.PoliticianFactory(name="A. Aldous")
    claim_in_print(speaker=loser)
    return winner, loser


def merge_people(folder: Path) -> Case:
    winner, loser = two_people()
    act = lambda by: merging.merge(winner=winner, loser=loser, by=by)  # noqa: E731
    return winner.get_absolute_url(), act, "the harbour wall will stand", ""


def merge_away(folder: Path) -> Case:
    winner, loser = two_people()
    act = lambda by: merging.merge(winner=winner, loser=loser, by=by)  # noqa: E731
    return loser.get_absolute_url(), act, winner.get_absolute_url(), "<h1"


def unmerge(folder: Path) -> Case:
    winner, loser = two_people()
    merge = merging.merge(winner=winner, loser=loser, by=None)
    act = lambda by: merging.unmerge(merge=merge, by=by)  # noqa: E731
    return winner.get_absolute_url(), act, "", "the harbour wall will stand"


def retag(folder: Path) -> Case:
    story = make.ArticleFactory()
    act = lambda by: tagging.put_on(row=story, names=["lighthouses"], by=by)  # noqa: E731
    return story.get_absolute_url(), act, "lighthouses", ""


def retag_claim(folder: Path) -> Case:
    claim = claim_in_print(tags=["lighthouses"])
    act = lambda by: tagging.take_off(row=claim, names=["lighthouses"], by=by)  # noqa: E731
    return claim.get_absolute_url(), act, "", "lighthouses"


def rename_person(folder: Path) -> Case:
    claim = claim_in_print(speaker=make.PoliticianFactory(name="Ada Aldous"))

    def act(by: User) -> None:
        claim.speaker.name = "Ada Birkett"
        claim.speaker.save()

    return "/api/v1/claims", act, "Ada Birkett", "Ada Aldous"


def confirm(folder: Path) -> Case:
    person = make.PoliticianFactory(name="Ada Aldous", confirmed=False)
    return "/people/", lambda by: confirmation.confirm(person=person, by=by), "Aldous", ""


def unconfirm(folder: Path) -> Case:
    person = make.PoliticianFactory(name="Ada Aldous")
    return "/people/", lambda by: confirmation.unconfirm(person=person, by=by), "", "Aldous"


def import_a_story(folder: Path) -> Case:
    (folder / "ferry.txt").write_text(COPY)

    def act(by: User) -> None:
        import_copy.import_copy(paths=[str(folder)], by=by, options=Options(publish=True))

    return "/", act, "Ferry to Eastmere is late", ""


def undo_an_import(folder: Path) -> Case:
    import_a_story(folder)[1](User.objects.get())
    run = ImportRun.objects.get()
    act = lambda by: import_copy.undo_import(run=run, by=by)  # noqa: E731
    return "/sitemap.xml", act, "", "/sitemap-stories-"


def change_the_picture(folder: Path) -> Case:
    story = make.ArticleFactory(lead_image_alt="A wall")
    story.lead_image.save("wall.png", ContentFile(picture(900, 600)))
    old = story.lead_image.url

    def act(by: User) -> None:
        story.lead_image.save("ferry.png", ContentFile(picture(600, 600)))

    return "/", act, 'alt="A wall"', old


def edit_a_page(folder: Path) -> Case:
    page = Page.objects.create(title="What we promise", body="<p>To be clear.</p>", shown=True)

    def act(by: User) -> None:
        page.body = "<p>To be brief.</p>"
        page.save()

    return page.get_absolute_url(), act, "To be brief.", "To be clear."


def restore(folder: Path) -> Case:
    story = make.ArticleFactory(standfirst="A short account.")
    saving.keep_first_state(article=story)
    first = revisions.of_story(article=story)[-1]
    opened = edit_conflicts.mark_of(story)
    story.standfirst = "A long account."
    saving.save(article=story, fields={"standfirst"}, opened=opened, by=User.objects.get())
    act = lambda by: revisions.restore(article=story, revision=first.revision, by=by)  # noqa: E731
    return story.get_absolute_url(), act, "A short account.", "A long account."


def redirect(folder: Path) -> Case:
    story = make.ArticleFactory()
    address = story.get_absolute_url()

    def act(by: User) -> None:
        story.slug = "another-address"
        story.save()

    return address, act, "/stories/another-address/", "<h1"


def merge_topics(folder: Path) -> Case:
    make.ArticleFactory(tags=["harbours"])
    make.ArticleFactory(tags=["ports"])
    harbours, ports = Tag.objects.order_by("name")
    act = lambda by: tagging.merge(tag=ports, into=harbours, by=by)  # noqa: E731
    return "/topics/", act, "harbours", "ports"


def merge_outlets(folder: Path) -> Case:
    claim_in_print()
    post, other = make.on_record("the Eastmere Post"), make.on_record("the Quay Echo")
    act = lambda by: outlets.merge(winner=other, loser=post, by=by)  # noqa: E731
    return "/outlets/", act, "Quay Echo", "Eastmere Post"


def contradict(folder: Path) -> Case:
    claim, other = claim_in_print(), claim_in_print(wording="the harbour wall has fallen")
    pair = Contradiction(first=claim, second=other, note="Both cannot be.")
    act = lambda by: contradictions.save(pair=pair, confirmed=True, by=by)  # noqa: E731
    return claim.get_absolute_url(), act, "the harbour wall has fallen", ""


ACTS = (
    publish,
    withdraw,
    correct,
    rate,
    accept,
    reject,
    merge_people,
    merge_away,
    unmerge,
    retag,
    retag_claim,
    rename_person,
    confirm,
    unconfirm,
    import_a_story,
    undo_an_import,
    change_the_picture,
    edit_a_page,
    restore,
    redirect,
    merge_topics,
    merge_outlets,
    contradict,
)


@pytest.mark.parametrize("made", ACTS, ids=lambda made: made.__name__)
def test_the_next_reader_sees_it_in_another_process(
    other: OtherProcess, editor: User, tmp_path: Path, made: Callable[[Path], Case]
) -> None:
    address, act, comes, goes = made(tmp_path)
    before = other.get(address)
    assert other.get(address)["queries"] == 1  # it is kept
    act(editor)
    after = other.get(address)
    assert before["text"] != after["text"]
    assert comes in after["text"]
    if goes:
        assert goes in before["text"]
        assert goes not in after["text"]


def test_a_scheduled_story_appears_in_its_second(other: OtherProcess) -> None:
    soon = timezone.now().replace(microsecond=0) + datetime.timedelta(hours=1)
    story = make.ArticleFactory(published_at=soon, first_published_at=soon)
    second = datetime.timedelta(seconds=1)
    for _ in range(2):
        assert story.headline not in other.get("/", now=soon - second)["text"]
    assert story.headline in other.get("/", now=soon)["text"]
    assert other.get("/", now=soon)["queries"] == 1


@pytest.mark.parametrize(
    ("address", "age"), [("/news-sitemap.xml", datetime.timedelta(days=2)), ("/", datetime.timedelta(days=7))]
)
def test_what_is_news_for_some_days_is_none_the_second_after(
    other: OtherProcess, address: str, age: datetime.timedelta
) -> None:
    second = datetime.timedelta(seconds=1)
    now = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    for number in range(3):  # as many as make a week
        claim = make.ClaimFactory(about=[make.PoliticianFactory(name=f"Ada Aldous the {number + 2}nd")])
        story = make.ArticleFactory(plain=f"Of the sea he said “{claim.wording}”.", published_at=now)
        make.appearance_of(claim, story)
    listed = "claims in the latest stories</span>"
    shown = listed if address == "/" else f"/stories/{Article.objects.latest('pk').slug}/"
    pages = [other.get(address, now=now + age + at * second) for at in (-1, -1, 1)]
    assert [page["queries"] for page in pages][1] == 1
    assert [shown in flat(page["text"]) for page in pages] == [address != "/", address != "/", address == "/"]


def test_at_midnight_the_day_in_the_masthead_is_another(other: OtherProcess) -> None:
    midnight = datetime.datetime(2031, 3, 5, tzinfo=timezone.get_default_timezone())
    second = datetime.timedelta(seconds=1)
    days = [other.get("/about/", now=midnight + at * second)["text"] for at in (-1, -1, 0)]
    assert ["4 March 2031" in page for page in days] == [True, True, False]
    assert "5 March 2031" in days[2]
