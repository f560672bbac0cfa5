"""A backup has everything, is whole or refused, and becomes the same site again in either database."""

import datetime
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import reversion
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.recorder import MigrationRecorder

from stories.actions.claims import review
from stories.backups import archive, restoring, rows, writing
from stories.database import change_counter, schema_check
from stories.models import Article, Claim, ClaimHeading, Politician, StoryPerson
from stories.search import schema, search
from stories.tests import empty_newsroom, factories
from stories.tests.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def newsroom(seeds_folder: Path) -> None:
    """Imported copy, decisions about it, a picture, a topic, a version, and a claim that is gone again."""
    call_command("import_seeds", str(seeds_folder), publish=True, accept_above=0.75, verbosity=0)
    editor = factories.UserFactory(username="ed")
    editor.groups.set(factories.roles())
    story = Article.objects.order_by("pk")[0]
    with reversion.create_revision():
        story.tags.add("Harbour")
        story.lead_image_alt = "A wall"
        story.lead_image.save("wall.png", ContentFile(picture(400, 300)))
    waiting = Claim.objects.filter(state=Claim.State.PROPOSED).exclude(speaker=None)[0]
    review.accept(claim=waiting, by=editor)
    gone = factories.ClaimFactory(wording="Ünsaid “words” \\N \t ’ 🙂")
    factories.ClaimFactory(wording="Ünsaid “words” \\N \t ’ 🙂 again")
    last = factories.ClaimFactory()
    last.delete()
    gone.delete()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[str]:
    """The alias of an empty SQLite database."""
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "other.sqlite3")}
    options = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"}
    connections.databases["other"] = connections.configure_settings(
        {"default": {}, "other": sqlite | {"OPTIONS": options}}
    )["other"]
    connections["other"] = connections.create_connection("other")
    del connections.databases["other"]  # or the test's class forbids it
    yield "other"
    connections["other"].close()
    del connections["other"]


def hashes(manifest: archive.Manifest) -> dict[str, tuple[int, str, int | None]]:
    """Number of rows, digest of them all, and last number given, by table."""
    return {
        table.name: (table.rows, table.sha256, max(table.last or 0, 0) or None) for table in manifest.tables
    }


def made_of_them(using: str) -> dict[str, Any]:
    """What the database keeps beside the rows."""
    left_out = {"id"}
    return {
        model.__name__: sorted(
            (
                tuple((name, str(value)) for name, value in row.items() if name not in left_out)
                for row in model._base_manager.using(using).values()
            ),
        )
        for model in (ClaimHeading, StoryPerson)
    } | {
        word: sorted((hit.kind, hit.row.pk) for hit in search(word, using=using)[:50])
        for word in ("Miliband", "harbour")
    }


def test_a_backup_becomes_the_same_site_in_the_other_database_and_again_in_the_first(
    newsroom: None, other: str, tmp_path: Path
) -> None:
    path, there = writing.write(tmp_path / "first")
    assert there.rows("stories_article") == 5
    assert [upload.name for upload in there.uploads] == [
        Article.objects.exclude(lead_image="").get().lead_image.name
    ]
    before = made_of_them(DEFAULT_DB_ALIAS)
    assert before["ClaimHeading"]
    assert before["StoryPerson"]

    restoring.restore(path, using=other)
    assert made_of_them(other) == before
    assert schema_check.missing(connections[other]) == []
    assert schema.is_current(connections[other])
    path, again = writing.write(tmp_path / "second", using=other)
    assert hashes(again) == hashes(there)

    counted = change_counter.count(connection)
    Article.objects.update(headline="Written over")
    Claim.objects.all().delete()
    default_storage.delete(there.uploads[0].name)
    factories.PoliticianFactory()
    restoring.restore(path, replace=True)
    assert made_of_them(DEFAULT_DB_ALIAS) == before
    assert schema_check.missing(connection) == []
    assert change_counter.count(connection) > counted
    path, last = writing.write(tmp_path / "third")
    assert hashes(last) == hashes(there)
    assert last.uploads == there.uploads


def test_triggers_watch_after_it_and_a_number_that_a_deleted_row_had_is_not_given_again(
    newsroom: None, other: str, tmp_path: Path, folder_of_run: Path
) -> None:
    shutil.copyfile(empty_newsroom.sqlite(folder_of_run), connections[other].settings_dict["NAME"])
    highest = Claim.objects.order_by("-pk")[0].pk
    path, _ = writing.write(tmp_path)
    restoring.restore(path, using=other)
    restoring.restore(path, replace=True)
    for using in (DEFAULT_DB_ALIAS, other):
        assert Claim.objects.using(using).create(wording="Something else").pk > highest + 1
        Article.objects.using(using).update(status="withdrawn")
        assert not Claim.objects.using(using).published().exists()
        assert not ClaimHeading.objects.using(using).exists()
        Politician.objects.using(using).filter(confirmed=True).update(name="Zebedee Quill")
        assert len(search("Zebedee", using=using))


def test_a_database_with_something_in_it_is_left_alone_unless_asked(newsroom: None, tmp_path: Path) -> None:
    path, _ = writing.write(tmp_path)
    with pytest.raises(CommandError, match="The database has 5 stories, .* already; --replace"):
        call_command("restore", path)
    assert Article.objects.count() == 5


def test_a_backup_of_an_earlier_release_is_brought_up_to_date(
    newsroom: None, other: str, tmp_path: Path
) -> None:
    path, there = writing.write(tmp_path)
    there.migrations = [one for one in there.migrations if one[1] not in {"0011_sort_names", "0012_outlet"}]
    earlier = tmp_path / "earlier.zip"
    with zipfile.ZipFile(path) as now, zipfile.ZipFile(earlier, "w") as then:
        for name in now.namelist():
            then.writestr(name, there.written() if name == archive.MANIFEST else now.read(name))
    with pytest.raises(restoring.Refused, match="a new, empty database"):
        restoring.restore(earlier, replace=True)
    before = made_of_them(DEFAULT_DB_ALIAS)
    restoring.restore(earlier, using=other)
    assert made_of_them(other) == before
    assert schema_check.migrations_waiting(connections[other]) == 0
    assert {table.sha256 for table in there.tables if table.name == "stories_claim"} == {
        rows.digest(Claim, other)
    }


def test_a_backup_of_a_later_release_is_refused(newsroom: None, tmp_path: Path) -> None:
    MigrationRecorder(connection).record_applied("stories", "9999_to_come")
    path, _ = writing.write(tmp_path)
    MigrationRecorder(connection).record_unapplied("stories", "9999_to_come")
    with pytest.raises(restoring.Refused, match="newer than this one"):
        restoring.restore(path, replace=True)


def spoilt(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as opened:
        members = {one: opened.read(one) for one in opened.namelist()}
    with zipfile.ZipFile(path, "w") as anew:
        for one, kept in members.items():
            anew.writestr(one, content if one == name else kept)


@pytest.mark.parametrize("how", ["cut short", "a row less", "another row", "a byte", "no manifest", "no zip"])
def test_one_that_is_not_whole_is_refused_and_changes_nothing(
    newsroom: None, tmp_path: Path, how: str
) -> None:
    path, _ = writing.write(tmp_path)
    member = "tables/stories_claim.jsonl"
    with zipfile.ZipFile(path) as opened:
        lines = opened.read(member).splitlines(keepends=True)
    if how == "cut short":
        os.truncate(path, path.stat().st_size * 2 // 3)
    elif how == "a row less":
        spoilt(path, member, b"".join(lines[:-1]))
    elif how == "another row":
        spoilt(path, member, b"".join([*lines[:-1], json.dumps(["other"]).encode() + b"\n"]))
    elif how == "a byte":
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 0xFF
        path.write_bytes(content)
    elif how == "no manifest":
        spoilt(path, archive.MANIFEST, b"{}")
    else:
        path.write_text("no backup at all")
    for options in ({"check": True}, {"replace": True}):
        with pytest.raises(CommandError):
            call_command("restore", path, **options)
    assert Claim.objects.count() == len(lines)


def test_rows_of_one_moment_are_in_it_whatever_is_written_meanwhile(
    newsroom: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, done = rows.read, []

    def meanwhile(model: Any, using: str) -> Iterator[Any]:
        if not done:
            done.append(list(read(model, using)))
            Article.objects.update(headline="Changed meanwhile")
            factories.ClaimFactory()
        return read(model, using)

    before = Claim.objects.count()
    monkeypatch.setattr(rows, "read", meanwhile)
    path, manifest = writing.write(tmp_path)
    assert manifest.rows("stories_claim") == before
    with zipfile.ZipFile(path) as opened:
        assert b"Changed meanwhile" not in opened.read("tables/stories_article.jsonl")


def test_nothing_half_written_has_the_name_of_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(model: Any, using: str) -> Iterator[Any]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rows, "read", full)
    with pytest.raises(CommandError, match="No backup was made: .*No space left"):
        call_command("backup", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_old_ones_go_and_the_newest_stays(tmp_path: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    old, older = (tmp_path / writing.NAME.format(now - datetime.timedelta(days=days)) for days in (8, 90))
    for path in (old, older, tmp_path / "mine.zip"):
        path.touch()
    assert writing.thin_out(tmp_path, keep=datetime.timedelta(days=7)) == [older]
    call_command("backup", tmp_path, keep=7, verbosity=0)
    assert not old.exists()
    assert len(list(tmp_path.glob(writing.PATTERN))) == 1
    assert (tmp_path / "mine.zip").exists()
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob(writing.PATTERN)} == {0}


def test_what_others_could_sign_in_with_and_what_is_made_anew_is_not_in_it(
    newsroom: None, client: Any, tmp_path: Path
) -> None:
    client.force_login(factories.UserFactory())
    client.get(f"/media/sized/320/{Article.objects.exclude(lead_image='').get().lead_image.name}.webp")
    path, _ = writing.write(tmp_path)
    with zipfile.ZipFile(path) as opened:
        names = opened.namelist()
    assert not [name for name in names if "session" in name or "/sized/" in name or "heading" in name]
