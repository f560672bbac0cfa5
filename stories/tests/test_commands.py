"""What the small commands say and do."""

import datetime
import socket
from typing import Any

import pytest
import reversion
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from reversion.models import Version

from stories.actions import tidying
from stories.actions.stories import pending_images
from stories.database import change_counter
from stories.management.commands import serve
from stories.models import Presence, ReviewLease, ShareLink, renditions
from stories.tests.factories import ArticleFactory, ClaimFactory, UserFactory
from stories.tests.pictures import picture


def test_serve_hands_the_process_to_gunicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[Any] = []
    monkeypatch.setattr(serve.os, "execv", lambda program, words: became.append(words))
    call_command("serve", address="127.0.0.1:1")
    assert became[0][1:6] == ["-m", "gunicorn", "newsroom.wsgi", "--bind", "127.0.0.1:1"]


@pytest.mark.parametrize("command", ["serve", "quickstart"])
def test_a_port_that_is_taken_or_none_is_told_before_anything_is_done(command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CommandError, match="already"):
            call_command(command, address=f"127.0.0.1:{other.getsockname()[1]}")
    with pytest.raises(CommandError, match="HOST:PORT"):
        call_command(command, address="8000")


def test_an_import_that_is_told_to_be_silent_is(
    db: None, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    (tmp_path / "a.txt").write_text("A headline\n\nA paragraph about the weather in town.\n")
    call_command("import_seeds", str(tmp_path), verbosity=0)
    assert capsys.readouterr().out == ""


def made(days: int) -> None:
    """One of each thing that can be over, so many days ago."""
    then, story, user = timezone.now() - datetime.timedelta(days=days), ArticleFactory(), UserFactory()
    Session.objects.create(session_key=f"key{days}", session_data="", expire_date=then)
    AccessAttempt.objects.create(username=f"u{days}", ip_address="10.0.0.1", failures_since_start=1)
    AccessLog.objects.create(username=f"u{days}", ip_address="10.0.0.1")
    for model in (AccessAttempt, AccessLog):
        model.objects.filter(username=f"u{days}").update(attempt_time=then)
    ShareLink.objects.create(article=story, expires_at=then, by=user)
    Presence.objects.create(article=story, user=user, seen_at=then)
    ReviewLease.objects.create(claim=ClaimFactory(), user=user, until=then)


def test_tidy_deletes_what_is_over_and_nothing_else(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    for days in (100, -1):
        made(days)
    call_command("tidy")
    for model in (Session, AccessAttempt, AccessLog, ShareLink, Presence, ReviewLease):
        assert model.objects.count() == 1, model
    assert "1 sessions" in capsys.readouterr().out
    call_command("tidy")
    assert capsys.readouterr().out == "Nothing was over.\n"


def test_tidy_throws_pictures_away_that_nobody_came_back_for(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending_images.keep(picture=ContentFile(picture(40, 40), name="a.png"), by=UserFactory())
    assert tidying.tidy()["pictures that waited"] == 0
    monkeypatch.setattr(pending_images, "KEPT_FOR", datetime.timedelta(days=-1))
    assert tidying.tidy()["pictures that waited"] == 1
    assert list(renditions.stored_files()) == []


def test_old_versions_go_if_asked_and_the_newest_of_a_row_never(db: None, settings: Any) -> None:
    story = ArticleFactory()
    for headline in ("First", "Second", "Third"):
        with reversion.create_revision():
            reversion.set_date_created(timezone.now() - datetime.timedelta(days=400))
            story.headline = headline
            story.save()
    tidying.tidy()
    assert Version.objects.get_for_object(story).count() == 3
    settings.KEEP_VERSIONS_DAYS = 365
    assert tidying.tidy()["versions"] == 2
    [kept] = Version.objects.get_for_object(story)
    assert kept.field_dict["headline"] == "Third"


@pytest.mark.postgresql
def test_counters_of_processes_that_ended_are_added_up_and_the_sum_stays(db: None) -> None:
    with connection.cursor() as cursor:
        for process in (99_000_001, 99_000_002):
            cursor.execute(f"INSERT INTO {change_counter.TABLE} VALUES (%s, 5, '')", [process])  # noqa: S608
    before = change_counter.count(connection)
    assert change_counter.fold(connection) >= 2
    assert change_counter.count(connection) == before
    assert change_counter.fold(connection) == 0
