"""An import while others work on the same claims: each is done or answered with a sentence, and nothing is
lost or there twice."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from stories.actions import locking, permissions
from stories.actions.claims import review, review_queue
from stories.actions.errors import NotReady, Stale
from stories.actions.imports import import_copy
from stories.actions.people import merging
from stories.actions.stories import saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.importing.runs import Options, Report
from stories.models import Appearance, Article, Claim, ImportRun, Party, Politician, ReviewLease
from stories.tests.factories import PoliticianFactory
from stories.tests.importing.dispatches import dispatch
from stories.tests.races import at_once

ROUNDS = 20 if connection.vendor == "postgresql" else 6
Calls = tuple[Callable[[], Any], ...]


class Newsroom:
    """Files of the same dispatch under other headlines, imported one by one: they make the same claims."""

    def __init__(self, folder: Path, editor: Any, checker: Any) -> None:
        self.folder, self.editor, self.checker = folder, editor, checker
        self.numbers = count()

    def write(self, name: str = "", number: int = 0) -> Path:
        n = next(self.numbers)
        file = self.folder / (name or f"{n}.txt")
        body = dispatch(number).split("\n\n", 1)[1]
        file.write_text(f"Council sits for the day number {n}\n\n{body}", encoding="utf-8")
        return file

    def take_in(self, file: Path, **options: Any) -> Report:
        return import_copy.import_copy(paths=[str(file)], by=None, options=Options(**options))

    def begin(self) -> ImportRun:
        """One import that has made its people and claims; two of its stories."""
        report = import_copy.import_copy(paths=[str(self.write()), str(self.write())], by=None)
        return ImportRun.objects.get(pk=report.run)

    def claims(self) -> list[Claim]:
        return list(Claim.objects.filter(speaker__isnull=False).order_by("pk"))


def merge_its_people(room: Newsroom) -> Calls:
    room.begin()
    file, winner = room.write(), PoliticianFactory()
    loser = room.claims()[0].speaker
    return (
        lambda: room.take_in(file),
        lambda: merging.merge(winner=winner, loser=loser, by=room.editor),
    )


def decide_about_its_claims(room: Newsroom) -> Calls:
    room.begin()
    file, claims = room.write(), room.claims()
    return (
        lambda: room.take_in(file, accept_above=0.0),
        lambda: review_queue.decide(claim=claims[0], by=room.checker, verb="rejected"),
        lambda: review.accept(claim=claims[1], by=room.editor),
    )


def join_its_claims(room: Newsroom) -> Calls:
    room.begin()
    file, claims = room.write(), room.claims()
    return (
        lambda: room.take_in(file),
        lambda: review.merge(claim=claims[0], into=claims[1], by=room.editor, reason="The same."),
        lambda: review.reassign(claim=claims[1], by=room.editor, speaker=PoliticianFactory()),
    )


def save_a_story_that_prints_them(room: Newsroom) -> Calls:
    story = room.begin().articles.first()
    file = room.write()

    def save() -> Any:
        row = Article.objects.get(pk=story.pk)
        opened = mark_of(row)
        row.body = f"<p>A new first paragraph is put here.</p>{row.body}"
        return saving.save(article=row, fields={"body"}, opened=opened, by=room.editor)

    return lambda: room.take_in(file), save


def save_the_story_that_is_updated(room: Newsroom) -> Calls:
    file = room.write("same.txt")
    story = Article.objects.get(pk=room.take_in(file).entries[0].article)
    room.begin()
    room.write("same.txt", number=1)
    row = Article.objects.get(pk=story.pk)
    opened = mark_of(row)
    row.standfirst = "At last."
    return (
        lambda: room.take_in(file, update=True),
        lambda: saving.save(article=row, fields={"standfirst"}, opened=opened, by=room.editor),
        lambda: review.accept(claim=room.claims()[0], by=room.checker),
    )


def take_back_what_made_them(room: Newsroom) -> Calls:
    run = room.begin()
    file = room.write()
    return (
        lambda: room.take_in(file),
        lambda: import_copy.undo_import(run=run, by=None),
    )


def take_back_while_they_are_decided(room: Newsroom) -> Calls:
    run = room.begin()
    claims = room.claims()
    loser, winner = claims[0].speaker, PoliticianFactory()
    return (
        lambda: import_copy.undo_import(run=run, by=None),
        lambda: review.accept(claim=claims[1], by=room.checker),
        lambda: merging.merge(winner=winner, loser=loser, by=room.editor),
    )


def take_a_decision_back(room: Newsroom) -> Calls:
    room.begin()
    file = room.write()
    review_queue.decide(claim=room.claims()[0], by=room.checker, verb="accepted")
    return lambda: room.take_in(file), lambda: review_queue.undo(by=room.checker)


Scene = Callable[[Newsroom], Calls]
SCENES: tuple[Scene, ...] = (
    merge_its_people,
    decide_about_its_claims,
    join_its_claims,
    save_a_story_that_prints_them,
    save_the_story_that_is_updated,
    take_back_what_made_them,
    take_back_while_they_are_decided,
    take_a_decision_back,
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scene", SCENES)
def test_an_import_among_acts_of_others(scene: Scene, person: Any, tmp_path: Path) -> None:
    room = Newsroom(tmp_path, person(permissions.EDITOR), person(permissions.FACT_CHECKER))
    for _ in range(ROUNDS):
        answers = at_once(*scene(room))
        odd = [answer for answer in answers if isinstance(answer, Exception)]
        assert all(isinstance(answer, NotReady | Stale) for answer in odd), odd
        assert len(odd) < len(answers), odd
        for report in answers:
            if isinstance(report, Report):
                told = [entry.message for entry in report.entries if entry.outcome == "failed"]
                assert set(told) <= {locking.BUSY}
                filed = [entry.article for entry in report.entries if entry.outcome == "created"]
                assert Article.objects.filter(pk__in=filed).count() == len(filed)
        check_rows()
        for model in (Article, Claim, Politician, Party, ReviewLease, ImportRun):
            model.objects.all().delete()


def check_rows() -> None:
    """Every claim stands on its own words, by whoever answers for its speaker, and nothing is there twice."""
    for row in Appearance.objects.filter(state__in=Appearance.IN_PLACE).select_related("article"):
        assert row.article.text[row.start : row.end] == row.exact
    assert not Claim.objects.filter(speaker__merged_into__isnull=False).exists()
    assert not Claim.objects.filter(imported_in__isnull=False, appearances=None, reviewed_at=None).exists()
    twice = Article.objects.values("headline").annotate(number=Count("pk")).filter(number__gt=1)
    assert not twice.exists()
    people = Politician.objects.current().values("name").annotate(number=Count("pk")).filter(number__gt=1)
    assert not people.exists()
    # Whatever happened to the claims, each story still prints what its dispatch has.
    for story in Article.objects.annotate(number=Count("appearances")):
        assert story.number >= 3, story
