"""The import as staff use it: again and again, on good files and bad ones, and back."""

import io
import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions.claims import review
from stories.actions.imports import import_copy as importing
from stories.actions.stories import publishing
from stories.importing import runs
from stories.importing.runs import Options
from stories.importing.sources import SourceError, find_sources, read_bytes
from stories.models import Appearance, Article, Claim, ImportedText, ImportRun, Politician
from stories.tests.factories import UserFactory
from stories.tests.importing.conftest import Import
from stories.tests.importing.dispatches import dispatch, write_dispatches
from stories.tests.importing.rows import counts, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dispatches(tmp_path / "copy", range(6))


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {Path(entry["file"]).name: entry["outcome"] for entry in report["files"]}


# What comes in


def test_the_report_says_what_became_of_every_file(import_seeds: Import, folder: Path) -> None:
    report = import_seeds(folder)
    assert report["exit"] == 0
    assert {name: report[name] for name in ("created", "updated", "unchanged", "kept", "failed")} == {
        "created": 6,
        "updated": 0,
        "unchanged": 0,
        "kept": 0,
        "failed": 0,
    }
    assert report["run"] == ImportRun.objects.get().pk
    assert report["seconds"] >= 0
    for number, entry in enumerate(report["files"]):
        assert set(entry) == {
            *("file", "outcome", "message", "article", "claims", "people"),
            *("headline", "date", "byline", "tags"),
        }
        article = Article.objects.get(pk=entry["article"])
        assert entry["file"] == str(folder / f"{number:03}.txt")
        assert article.headline == f"Valley council hears case number {number}"
        assert article.status == Article.Status.DRAFT
        assert entry["claims"] == article.appearances.count() > 0


def test_every_claim_stands_on_its_own_words(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder)
    for row in Appearance.objects.select_related("article", "claim"):
        text = row.article.text
        for selector in row.selectors:
            assert text[selector.start : selector.end] == selector.exact
            assert text[: selector.start].endswith(selector.prefix)
            assert text[selector.end :].startswith(selector.suffix)
        assert row.found_by == Appearance.FoundBy.MACHINE
        assert row.rule
        assert 0 <= row.confidence <= 1  # type: ignore[operator]


def test_without_a_path_the_seeds_are_imported(import_seeds: Import, seeds_folder: Path) -> None:
    report = import_seeds()
    assert report["exit"] == 0
    assert set(outcomes(report)) == {path.name for path in seeds_folder.iterdir()}
    assert set(outcomes(report).values()) == {"created"}


def test_publishing_dates_a_story_by_its_copy(import_seeds: Import, tmp_path: Path) -> None:
    (tmp_path / "dated.txt").write_text(f"---\ndate: 2014-11-08\n---\n{dispatch(1)}")
    (tmp_path / "undated.txt").write_text(dispatch(2))
    import_seeds(tmp_path / "dated.txt", tmp_path / "undated.txt", publish=True)
    dated, undated = Article.objects.order_by("published_at")
    assert dated.published_at is not None
    assert undated.published_at is not None
    assert str(dated.published_at.date()) == str(dated.dateline) == "2014-11-08"
    assert undated.published_at > dated.published_at
    assert Article.objects.published().count() == 2


def test_only_claims_that_are_nearly_certain_are_accepted(import_seeds: Import, folder: Path) -> None:
    run = import_seeds(folder)["run"]
    middle = median(filter(None, Appearance.objects.values_list("confidence", flat=True)))
    import_seeds(undo=run)
    import_seeds(folder, accept_above=middle)
    accepted = Claim.objects.accepted()
    assert 0 < accepted.count() < Claim.objects.count()
    for claim in accepted:
        assert max(row.confidence or 0 for row in claim.appearances.all()) >= middle
        assert claim.speaker is None or claim.speaker.confirmed
    for claim in Claim.objects.proposed():
        sure = [row for row in claim.appearances.all() if (row.confidence or 0) >= middle]
        assert not sure or claim.speaker is None


def test_a_claim_a_person_rejected_is_not_accepted_by_a_later_import(
    import_seeds: Import, folder: Path
) -> None:
    import_seeds(folder / "000.txt")
    for claim in Claim.objects.all():
        review.reject(claim=claim, by=None)
    (folder / "again.txt").write_text("Another headline\n\n" + dispatch(0).split("\n\n", 1)[1])
    import_seeds(folder / "again.txt", accept_above=0.0)
    again = "appearances__article__headline"
    shared = Claim.objects.filter(**{again: "Another headline"}, speaker__isnull=False)
    assert all(claim.appearances.count() == 2 for claim in shared.distinct())
    assert not Claim.objects.filter(
        appearances__article__headline__startswith="Valley", state=Claim.State.ACCEPTED
    ).exists()


def test_what_the_front_matter_says_is_on_the_story(import_seeds: Import, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ndate: 2014-11-08\nbyline: Ada Birkett and Bram Corran\ntags: [Ferry, harbour]\n"
        "source: Eastmere Post\nurl: https://post.example/1\nstandfirst: At last.\n---\n"
        "# The ferry\n\nIt *sailed*."
    )
    import_seeds(tmp_path / "a.md")
    article = Article.objects.get()
    assert (article.headline, article.body) == ("The ferry", "<p>It <em>sailed</em>.</p>")
    assert (article.source, article.source_url) == ("Eastmere Post", "https://post.example/1")
    assert article.standfirst == "At last."
    assert sorted(author.name for author in article.authors.all()) == ["Ada Birkett", "Bram Corran"]
    assert sorted(tag.name for tag in article.tags.all()) == ["Ferry", "harbour"]


def test_copy_may_come_down_a_pipe(import_seeds: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(dispatch(1).encode())))
    report = import_seeds("-")
    assert (report["exit"], report["files"][0]["file"]) == (0, "-")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(dispatch(2).encode())))
    assert import_seeds("-")["created"] == 1
    assert Article.objects.count() == 2


# Again


def test_imported_twice_not_one_row_is_added(import_seeds: Import, folder: Path) -> None:
    (folder / "bad.txt").write_text("Only a headline")
    first = import_seeds(folder)
    before, tally = everything(), counts()
    again = import_seeds(folder)
    assert (again["unchanged"], again["failed"], again["run"]) == (6, 1, None)
    assert [entry["article"] for entry in again["files"]] == [entry["article"] for entry in first["files"]]
    assert counts() == tally
    assert everything() == before


def test_the_same_words_under_another_name_are_known(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder / "000.txt")
    (folder / "000.txt").rename(folder / "copy of 000.txt")
    assert outcomes(import_seeds(folder / "copy of 000.txt")) == {"copy of 000.txt": "unchanged"}


def test_a_file_is_the_same_however_its_path_is_written(
    import_seeds: Import, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_seeds(folder)
    (folder / "000.txt").write_text(dispatch(90))
    monkeypatch.chdir(folder)
    assert outcomes(import_seeds("000.txt", update=True)) == {"000.txt": "updated"}
    assert outcomes(import_seeds(".", update=True))["000.txt"] == "unchanged"


def test_a_dry_run_changes_nothing_and_tells_the_same(import_seeds: Import, folder: Path) -> None:
    before = counts()
    tried = import_seeds(folder, dry_run=True, publish=True, accept_above=0.5)
    assert counts() == before
    assert tried["run"] is None
    assert "Nothing has been changed" in tried["printed"]
    done = import_seeds(folder, publish=True, accept_above=0.5)
    same = ("file", "outcome", "message", "claims", "people")
    assert [[entry[name] for name in same] for entry in tried["files"]] == [
        [entry[name] for name in same] for entry in done["files"]
    ]


def test_in_several_processes_the_rows_are_the_same(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder)
    alone = everything()
    import_seeds(undo=ImportRun.objects.get().pk)
    ImportRun.objects.all().delete()
    report = import_seeds(folder, workers=2)
    assert report["created"] == 6
    assert everything() == alone


@pytest.mark.parametrize("workers", [1, 2])
def test_copy_is_read_with_the_newsrooms_own_words(
    import_seeds: Import, tmp_path: Path, settings: Any, workers: int
) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "one.txt").write_text(
        "Boats stay\n\nOn Monday, 4 March 2031\n\nGreenfolk leader Ada Birkett said: “The boats will stay.”\n"
    )
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "parties.more.txt").write_text("Greenfolk\tGreen Harbour Party\n")
    settings.EXTRACTION_WORDS = str(tmp_path / "words")
    import_seeds(tmp_path / "copy", workers=workers)
    assert Politician.objects.get(name="Ada Birkett").party.name == "Green Harbour Party"


def test_somebody_the_desk_entered_meanwhile_is_not_entered_twice(
    import_seeds: Import, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_bytes = runs.read_bytes

    def read(source: Any, **options: Any) -> bytes:
        if source.name.endswith("001.txt"):
            for name in ("Ada Birkett", "Bram Corran", "Cleo Dunmore", "Dov Eskdale"):
                Politician.objects.get_or_create(name=name)
        data: bytes = read_bytes(source, **options)
        return data

    monkeypatch.setattr(runs, "read_bytes", read)
    import_seeds(folder)
    names = list(Politician.objects.values_list("name", flat=True))
    assert len(names) == len(set(names)) == 4


# Changed texts


def test_a_changed_text_waits_for_the_word_to_take_it_in(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder)
    (folder / "000.txt").write_text(dispatch(90))
    before = Article.objects.get(headline__endswith="number 0")
    assert outcomes(import_seeds(folder))["000.txt"] == "kept"
    tally = counts()
    assert outcomes(import_seeds(folder))["000.txt"] == "kept"
    assert counts() == tally
    report = import_seeds(folder, update=True)
    assert outcomes(report)["000.txt"] == "updated"
    article = Article.objects.get(pk=before.pk)
    assert article.headline == "Valley council hears case number 90"
    assert article.slug == before.slug
    assert not Article.objects.filter(headline__endswith="number 0").exists()
    assert not Claim.objects.filter(appearances__isnull=True).exists()
    assert outcomes(import_seeds(folder, update=True))["000.txt"] == "unchanged"


def edit_the_body(article: Article) -> None:
    article.body = article.body + "<p>A line by hand.</p>"  # type: ignore[assignment]
    article.save()


def add_a_tag(article: Article) -> None:
    article.tags.add("by hand")


def review_a_claim(article: Article) -> None:
    review.reject(claim=article.appearances.first().claim, by=None)  # type: ignore[union-attr]


def publish(article: Article) -> None:
    publishing.publish(article=article, by=None)


def give_a_verdict(article: Article) -> None:
    claim = article.appearances.first().claim  # type: ignore[union-attr]
    Claim.objects.filter(pk=claim.pk).update(state="accepted", rating="true", speaker_label="Ada Birkett")


TOUCHES = [edit_the_body, add_a_tag, review_a_claim, publish, give_a_verdict]


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_story_a_person_touched_is_kept_whatever_the_file_says(
    touch: Any, import_seeds: Import, folder: Path
) -> None:
    import_seeds(folder)
    article = Article.objects.get(headline__endswith="number 0")
    touch(article)
    before = everything()["stories"]
    (folder / "000.txt").write_text(dispatch(90))
    report = import_seeds(folder, update=True)
    entry = report["files"][0]
    assert (entry["outcome"], entry["article"]) == ("kept", article.pk)
    assert entry["message"].startswith("The text has changed; ")
    if touch is publish:
        assert entry["message"].endswith("the story is published and stays as it is.")
    assert report["exit"] == 0
    assert everything()["stories"] == before


def test_a_story_deleted_by_hand_does_not_come_back(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder)
    Article.objects.get(headline__endswith="number 0").delete()
    report = import_seeds(folder)
    assert report["files"][0]["outcome"] == "kept"
    assert "deleted" in report["files"][0]["message"]


# Bad files


def test_each_bad_file_is_named_with_its_reason_and_the_others_go_in(
    import_seeds: Import, folder: Path, settings: Any
) -> None:
    settings.IMPORT_MAX_BYTES = 100_000
    (folder / "empty.txt").write_bytes(b"")
    (folder / "headline.txt").write_text("Only a headline\n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere.txt").symlink_to(folder / "gone.txt")
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "matter.txt").write_text("---\ntitle: [\n---\nBody.\n")
    (folder / "mixed.txt").write_bytes("Head\n\nThe café.\n".encode() + b"The caf\xe9.\n")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    os.mkfifo(folder / "pipe.txt")
    (folder / ".hidden.txt").write_text("Not to be seen")
    report = import_seeds(folder)
    assert report["exit"] == 1
    assert (report["created"], report["failed"]) == (6, 11)
    reasons = {Path(e["file"]).name: e["message"] for e in report["files"] if e["outcome"] == "failed"}
    expected = {
        "empty.txt": "empty",
        "headline.txt": "only a headline",
        "binary.txt": "not text",
        "huge.txt": "50.0 MB; the import takes files of up to 0.1 MB",
        "loop": "leads back into itself",
        "nowhere.txt": "leads nowhere",
        "self.txt": "leads back to itself",
        "matter.txt": "Line 2: the front matter",
        "mixed.txt": "Line 4: the text mixes encodings",
        "picture.jpg": "reads .txt, .md, .docx",
        "pipe.txt": "a pipe",
    }
    assert set(reasons) == set(expected)
    for name, reason in expected.items():
        assert reason in reasons[name]
        assert f"{folder / name}: {reasons[name]}" in report["printed"]
    assert ImportedText.objects.filter(outcome="failed").count() == 11


def test_files_and_folders_that_may_not_be_read_are_named() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        (home / "closed.txt").write_text(dispatch(1))
        (home / "closed.txt").chmod(0)
        (home / "folder").mkdir(mode=0)
        root = os.geteuid() == 0
        if root:  # whom nothing is closed to
            os.seteuid(65534)
        try:
            closed, folder = find_sources([name], home=home)
            with pytest.raises(SourceError, match="Permission denied"):
                read_bytes(closed, limit=1000)
            with pytest.raises(SourceError, match="folder cannot be read: Permission denied"):
                read_bytes(folder, limit=1000)
        finally:
            if root:
                os.seteuid(0)


def test_a_file_the_system_refuses_is_named(
    import_seeds: Import, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refuse(path: Path, *args: Any, **options: Any) -> Any:
        if path.name == "000.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    report = import_seeds(folder)
    assert report["exit"] == 1
    assert (report["created"], report["failed"]) == (5, 1)
    assert "Permission denied" in report["files"][0]["message"]


def test_a_text_the_extraction_chokes_on_is_named_and_leaves_nothing(
    import_seeds: Import, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stories.importing import store

    file_story = store.file_story

    def fail(copy: Any, *args: Any, **options: Any) -> Any:
        filed = file_story(copy, *args, **options)
        if copy.headline.endswith("number 0"):
            raise RuntimeError("the pen broke")
        return filed

    monkeypatch.setattr("stories.importing.runs.file_story", fail)
    report = import_seeds(folder)
    assert (report["created"], report["failed"], report["exit"]) == (5, 1, 1)
    assert report["files"][0]["message"] == "It could not be stored; the log has the details."
    assert Article.objects.count() == 5
    assert not Claim.objects.filter(appearances__isnull=True).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["no such folder"],
        ["--accept-above", "2"],
        ["--accept-above", "high"],
        ["--workers", "0"],
        ["--undo", "1", "folder"],
        ["--undo", "99"],
        ["--undo", "x"],
        ["--what"],
        ["--json", "/no/such/folder/report.json"],
    ],
)
def test_wrong_usage_is_told_apart(arguments: list[str]) -> None:
    before = counts()
    with pytest.raises(CommandError) as caught:
        call_command("import_seeds", *arguments)
    # What argparse refuses exits with 2 at the terminal, and is a plain CommandError from Python.
    assert caught.value.returncode == 2 or "Error:" in str(caught.value)
    assert counts() == before


# Back


def test_undone_nothing_is_left_of_the_run_and_nothing_else_is_touched(
    import_seeds: Import, folder: Path, tmp_path: Path
) -> None:
    other = write_dispatches(tmp_path / "other", range(20, 23))
    import_seeds(other, publish=True, accept_above=0.5)
    before = everything()
    (folder / "001.txt").write_text(f"---\nbyline: Dov Eskdale\ntags: [ferry]\n---\n{dispatch(1)}")
    second = import_seeds(folder, publish=True, accept_above=0.5)
    assert everything() != before
    result = import_seeds(undo=second["run"])
    assert result["exit"] == 0
    after = everything()
    assert [run for run in after["runs"] if not run["undone"]] == before["runs"]
    # The run and its report stay on file; that is all.
    for name in set(before) - {"runs", "texts"}:
        assert after[name] == before[name], name
    assert ImportRun.objects.get(pk=second["run"]).undone_at is not None
    assert import_seeds(undo=second["run"])["exit"] == 1
    assert import_seeds(folder)["created"] == 6


@pytest.mark.parametrize("touch", TOUCHES)
def test_undoing_leaves_a_story_a_person_touched_whole(
    touch: Any, import_seeds: Import, folder: Path
) -> None:
    run = import_seeds(folder)["run"]
    article = Article.objects.get(headline__endswith="number 0")
    claims = set(article.appearances.values_list("claim", flat=True))
    touch(article)
    others = set(Article.objects.filter(appearances__claim__in=claims).values_list("pk", flat=True))
    result = import_seeds(undo=run)
    assert article.headline in result["printed"]
    left = set(Article.objects.values_list("pk", flat=True))
    assert article.pk in left
    assert left <= others
    assert set(article.appearances.values_list("claim", flat=True)) == claims


def test_a_claim_another_import_uses_stays_with_its_speaker(import_seeds: Import, tmp_path: Path) -> None:
    body = dispatch(3).split("\n\n", 1)[1]
    (tmp_path / "one.txt").write_text("First headline\n\n" + body)
    (tmp_path / "two.txt").write_text("Second headline\n\n" + body)
    first = import_seeds(tmp_path / "one.txt")["run"]
    second = import_seeds(tmp_path / "two.txt")["run"]
    shared = set(Claim.objects.filter(appearances__imported_in=second).values_list("pk", flat=True))
    import_seeds(undo=first)
    assert set(Claim.objects.values_list("pk", flat=True)) == shared
    assert Article.objects.get().headline == "Second headline"
    import_seeds(undo=second)
    assert {name: count for name, count in counts().items() if count} == {"ImportRun": 2, "ImportedText": 2}


def test_undoing_an_update_puts_the_earlier_text_back(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder)
    before = everything()
    (folder / "000.txt").write_text(f"---\ntags: [ferry]\nbyline: Dov Eskdale\n---\n{dispatch(90)}")
    run = import_seeds(folder, update=True)["run"]
    import_seeds(undo=run)
    after = everything()
    for story in before["stories"] + after["stories"]:
        del story["version"]  # it only ever rises
    for name in set(before) - {"runs", "texts"}:
        assert after[name] == before[name], name


def test_a_dry_undo_says_what_would_go(import_seeds: Import, folder: Path) -> None:
    run = import_seeds(folder)["run"]
    before = counts()
    assert "Would remove 6 stories" in import_seeds(undo=run, dry_run=True)["printed"]
    assert counts() == before
    assert ImportRun.objects.get().undone_at is None


def test_a_politician_the_desk_has_confirmed_stays(import_seeds: Import, folder: Path) -> None:
    run = import_seeds(folder)["run"]
    person = Politician.objects.order_by("pk").first()
    assert person is not None
    person.confirmed = True
    person.save()
    import_seeds(undo=run)
    assert list(Politician.objects.all()) == [person]


# Who may


@pytest.mark.parametrize(
    "options", [{}, {"publish": True}, {"accept_above": 0.5}], ids=["import", "publish", "accept"]
)
def test_importing_needs_the_permission_for_each_thing_it_does(options: dict[str, Any], folder: Path) -> None:
    from django.contrib.auth.models import Permission
    from django.core.exceptions import PermissionDenied

    from stories.actions.imports.import_copy import import_copy

    user = UserFactory()
    if options:
        user.user_permissions.add(Permission.objects.get(codename="run_import"))
    with pytest.raises(PermissionDenied):
        import_copy(paths=[str(folder)], by=user, options=Options(**options))
    assert Article.objects.count() == 0


# Many at once


@pytest.mark.parametrize(
    ("files", "dry_run", "told"),
    [(2, False, True), (1, False, False), (2, True, False)],
    ids=["many", "few", "only tried"],
)
def test_after_a_large_import_the_database_is_told_what_is_in_its_tables(
    files: int, dry_run: bool, told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MANY", 2)
    for number in range(files):
        (tmp_path / f"{number}.txt").write_text(f"Wall {number} built\n\nIt was {number} weeks late.\n")
    with CaptureQueriesContext(connection) as asked:
        importing.import_copy(paths=[str(tmp_path)], by=None, options=Options(dry_run=dry_run))
    assert any("ANALYZE" in query["sql"] for query in asked.captured_queries) is told
