"""An import among people at work: it stops nobody, says what it did, and takes nothing of theirs back."""

import errno
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.actions.errors import NotReady
from stories.actions.imports import import_copy
from stories.actions.stories import notes, publishing, share_links
from stories.formats import linked_data
from stories.importing import receipts
from stories.models import (
    Article,
    Claim,
    Dismissal,
    ImportedText,
    ImportRun,
    PendingVersion,
    Politician,
    Presence,
    UnsavedCopy,
)
from stories.tests.factories import AuthorFactory, UserFactory
from stories.tests.html import flat
from stories.tests.importing.conftest import Import
from stories.tests.importing.dispatches import dispatch, write_dispatches
from stories.tests.importing.rows import counts, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dispatches(tmp_path / "copy", range(3))


def filed(folder: Path, matter: str, name: str = "odd.txt") -> None:
    (folder / name).write_text(f"---\n{matter}\n---\n{dispatch(50)}")


# What a file says of itself


def test_copy_that_is_no_story_yet_stays_a_draft_and_the_line_says_so(
    import_seeds: Import, folder: Path
) -> None:
    filed(folder, "draft: true")
    report = import_seeds(folder, publish=True)
    entry = report["files"][-1]
    assert (entry["outcome"], Article.objects.get(pk=entry["article"]).status) == ("created", "draft")
    assert "Left a draft: the copy says “draft: true”." in entry["message"]
    assert entry["message"] in report["printed"]
    assert Article.objects.published().count() == 3


def test_a_date_to_come_is_said_to_be_scheduled(import_seeds: Import, folder: Path) -> None:
    filed(folder, "date: 2049-03-04 09:30")
    entry = import_seeds(folder, publish=True)["files"][-1]
    assert "Scheduled for 4 March 2049, 09:30." in entry["message"]
    assert Article.objects.scheduled().count() == 1


@pytest.mark.parametrize(
    ("day", "shown", "machines"),
    [
        ("2019-07-04", "4 July 2019", "2019-07-04"),
        ("2019-07-04 09:30", "4 July 2019, 09:30", "2019-07-04T09:30:00+01:00"),
    ],
)
def test_no_hour_is_made_up_for_copy_that_gives_none(
    day: str, shown: str, machines: str, import_seeds: Import, folder: Path, client: Client
) -> None:
    filed(folder, f"date: {day}")
    number = import_seeds(folder, publish=True)["files"][-1]["article"]
    story = Article.objects.with_credits().get(pk=number)
    page = flat(client.get(story.get_absolute_url()).content.decode())
    assert f'<time datetime="{machines}">{shown}</time>' in page
    assert f'property="article:published_time" content="{machines}"' in page
    data = linked_data.news_article(story, [], [])
    assert data["datePublished"].startswith(machines[:10])
    assert ("T" in data["datePublished"]) == ("T" in machines)
    assert "12:00" not in page


def test_no_form_for_programs_makes_up_an_hour_either(
    import_seeds: Import, folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(folder, "date: 2031-07-03\ntags: [Ferry]")
    now = timezone.make_aware(datetime(2031, 7, 4, 15, 0))
    monkeypatch.setattr(timezone, "now", lambda: now)
    story = Article.objects.get(
        pk=import_seeds(folder, publish=True, accept_above=0.2)["files"][-1]["article"]
    )
    claim = Claim.objects.published().filter(appearances__article=story)[0]
    noon = story.published_at
    assert noon is not None
    assert timezone.localtime(noon).hour == 12
    Claim.objects.update(created_at=now)
    Article.objects.update(created_at=now)
    lists = [
        story.get_absolute_url(),
        claim.get_absolute_url(),
        "/",
        "/stories/",
        "/claims/",
        "/topics/ferry/",
    ]
    forms = [
        *("/api/v1/stories", f"/api/v1/stories/{story.slug}", "/api/v1/claims", f"/api/v1/claims/{claim.pk}"),
        *(f"{address.rstrip('/')}.json" for address in lists[:2]),
        *(f"{address}feed/{form}" for address in lists[1:] for form in ("", "atom/", "json/")),
        *("/search/feed/json/?q=ferry", "/sitemap.xml", "/news-sitemap.xml"),
        *re.findall(r"/sitemap-(?:stories|claims)-\d+\.xml", client.get("/sitemap.xml").content.decode()),
        *("/claims.csv", *lists),
    ]
    for address in forms:
        answer = client.get(address)
        assert answer.status_code == 200, address
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = content.decode()
        for made_up in ("T12:00", "T11:00", " 12:00", " 11:00"):
            assert made_up not in text, (address, made_up)


@pytest.mark.parametrize(
    ("hour", "published", "first"),
    [
        (None, "2019-07-04", "2019-07-04"),
        ("2019-07-04T09:30:00+01:00", "2019-07-04T09:30:00+01:00", "2019-07-04T09:30:00+01:00"),
        ("2019-07-04T12:00:00+01:00", "2019-07-04T12:00:00+01:00", "2019-07-04T12:00:00+01:00"),
        # Of the day on which it was seen first no hour is known still.
        ("2019-07-09T09:30:00+01:00", "2019-07-09T09:30:00+01:00", "2019-07-04"),
    ],
)
@pytest.mark.parametrize("drafted", [False, True])
def test_a_story_that_is_given_an_hour_by_hand_has_it(
    hour: str | None,
    published: str,
    first: str,
    drafted: bool,
    import_seeds: Import,
    folder: Path,
    client: Client,
) -> None:
    filed(folder, "date: 2019-07-04")
    story = Article.objects.get(pk=import_seeds(folder, publish=True)["files"][-1]["article"])
    publishing.withdraw(article=story, by=None, reason="Wrong.")
    if drafted and hour:
        publishing.return_to_draft(article=story, by=None)
    publishing.publish(article=story, by=None, at=datetime.fromisoformat(hour) if hour else None)
    story = Article.objects.with_credits().get(pk=story.pk)
    page = flat(client.get(story.get_absolute_url()).content.decode())
    assert f'<time datetime="{published}">' in page
    shown = linked_data.news_article(story, [], [])["datePublished"]
    assert len(shown) == len(first)
    assert datetime.fromisoformat(shown) == datetime.fromisoformat(first)


def test_a_dry_run_says_what_the_story_would_be_called_and_by_whom(
    import_seeds: Import, folder: Path
) -> None:
    filed(folder, "title: The ferry sails\nauthor: Mina Tallis\ndate: 2031-03-04\ntags: [Ferry, Πολιτική]")
    report = import_seeds(folder, dry_run=True)
    assert "“The ferry sails”; 2031-03-04; by Mina Tallis; tags: Ferry, Πολιτική" in report["printed"]
    entry = report["files"][-1]
    assert (entry["headline"], entry["date"]) == ("The ferry sails", "2031-03-04")
    assert (entry["byline"], entry["tags"]) == (["Mina Tallis"], ["Ferry", "Πολιτική"])


# Nobody waits for it


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_takes_each_file_back_before_the_next(import_seeds: Import, folder: Path) -> None:
    with CaptureQueriesContext(connection) as queries:
        import_seeds(folder, dry_run=True)
    ends = [query["sql"] for query in queries if query["sql"] in ("ROLLBACK", "COMMIT")]
    assert ends == ["ROLLBACK"] * 3


def test_a_dry_run_tells_the_same_of_files_that_name_one_person(import_seeds: Import, tmp_path: Path) -> None:
    folder = write_dispatches(tmp_path / "many", range(30))
    (folder / "again.txt").write_text((folder / "000.txt").read_text())
    before = counts()
    same = ("file", "outcome", "message", "claims", "people")
    tried, done = (import_seeds(folder, dry_run=dry, accept_above=0.5) for dry in (True, False))
    assert [[entry[name] for name in same] for entry in tried["files"]] == [
        [entry[name] for name in same] for entry in done["files"]
    ]
    assert before["Article"] == 0 < Article.objects.count()


def test_the_preview_of_an_undo_only_reads(import_seeds: Import, folder: Path) -> None:
    run = ImportRun.objects.get(pk=import_seeds(folder)["run"])
    with CaptureQueriesContext(connection) as queries:
        told = import_copy.undo_import(run=run, by=None, dry_run=True)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert told == import_copy.undo_import(run=run, by=None)
    assert told.stories == 3


@pytest.mark.django_db(transaction=True)
def test_an_undo_that_was_cut_short_is_taken_up_again(import_seeds: Import, folder: Path) -> None:
    run = ImportRun.objects.get(pk=import_seeds(folder)["run"])
    first = import_copy.undo_import(run=run, by=None, enough=lambda: True)
    assert (first.stories, first.finished, Article.objects.count()) == (1, False, 2)
    second = import_copy.undo_import(run=run, by=None)
    assert (second.stories, second.finished) == (2, True)
    left = {name: count for name, count in counts().items() if count}
    assert left == {"ImportRun": 1, "ImportedText": 3}
    with pytest.raises(NotReady, match="was undone"):
        import_copy.undo_import(run=run, by=None)


# What a person has touched


def changed(field: models.Field) -> Any:
    """Another value for a column, in its own kind."""
    if isinstance(field, models.ForeignKey):
        return UserFactory().pk
    if isinstance(field, models.DateTimeField | models.DateField):
        return "2031-03-04" if not isinstance(field, models.DateTimeField) else "2031-03-04T09:30:00Z"
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.IntegerField):
        return 7
    return {"status": "in_review", "source_url": "https://post.example/"}.get(field.name, "another-word")


UNTOUCHED = {"id", "text", "imported_in", "changed_at"}
COLUMNS = [field.name for field in Article._meta.concrete_fields if field.name not in UNTOUCHED]


def touch(article: Article, what: str) -> None:
    if what in COLUMNS:
        field = Article._meta.get_field(what)
        also = {"lead_image_alt": "A ferry."} if what == "lead_image" else {}
        Article.objects.filter(pk=article.pk).update(**{field.attname: changed(field)}, **also)
        return
    person = UserFactory(is_superuser=True)
    {
        "tags": lambda: article.tags.add("harbour"),
        "authors": lambda: article.authors.add(AuthorFactory()),
        "corrections": lambda: article.corrections.create(text="It was ten."),
        "appearances": lambda: article.appearances.order_by("pk").first().delete(),
        "presences": lambda: Presence.objects.create(article=article, user=person),
        "unsaved_copies": lambda: UnsavedCopy.objects.create(article=article, user=person),
        "quotation_changes": lambda: _quotation_change(article),
        "pending_version": lambda: PendingVersion.objects.create(article=article, fields={"headline": "Ten"}),
        "share_links": lambda: share_links.share(article=article, by=person, lasting=timedelta(days=1)),
        "notes": lambda: notes.remark(article=article, by=person, text="Since when?"),
        "dismissals": lambda: Dismissal.objects.create(article=article, words="ten", by=person),
        "history": lambda: _to_review_and_back(article, person),
    }[what]()


def _quotation_change(article: Article) -> None:
    claim = article.appearances.order_by("pk").first().claim
    article.quotation_changes.create(claim=claim, old="one", new="two", reason="A slip.")


def _to_review_and_back(article: Article, person: Any) -> None:
    publishing.submit(article=article, by=person)
    publishing.return_to_draft(article=article, by=person)


RELATIONS = [
    *("tags", "authors", "history"),
    *(
        relation.name
        for relation in Article._meta.related_objects
        if not relation.hidden and relation.name not in ("imported_texts", "versions")
    ),
]


@pytest.mark.parametrize("what", [*COLUMNS, *RELATIONS])
def test_whatever_a_person_touches_makes_the_story_theirs(
    what: str, import_seeds: Import, folder: Path
) -> None:
    run = import_seeds(folder)["run"]
    article = Article.objects.get(headline__endswith="number 0")
    touch(article, what)
    before = everything()["stories"]
    (folder / "000.txt").write_text(dispatch(90))
    assert import_seeds(folder, update=True)["files"][0]["outcome"] == "kept"
    assert everything()["stories"] == before
    told = import_copy.undo_import(run=ImportRun.objects.get(pk=run), by=None, dry_run=True)
    printed = import_seeds(undo=run)["printed"]
    article.refresh_from_db()
    reason = f"“{article.headline}”: "
    assert reason in printed
    assert any(line.startswith(reason) for line in told.stayed)


def test_a_column_that_came_to_the_model_later_makes_no_story_a_person_s(
    import_seeds: Import, folder: Path
) -> None:
    import_seeds(folder)
    text = ImportedText.objects.order_by("pk").first()
    made = text.before["made"]["stories.article"][str(text.article_id)]
    assert made.pop("created_by_id", None) is None
    del made["created_at"]
    assert receipts.touched(text, receipts.beside(text)) == "it has been edited"
    assert "embargo_note" not in made
    Article.objects.update(embargo_note="Until nine.")
    assert receipts.touched(text, receipts.beside(text)) == "it has an embargo note"


def test_a_text_whose_story_stayed_is_known_after_the_undo(import_seeds: Import, folder: Path) -> None:
    run = import_seeds(folder, publish=True)["run"]
    Article.objects.filter(headline__endswith="number 0").update(standfirst="At last.", version=2)
    import_seeds(undo=run)
    report = import_seeds(folder, publish=True)
    assert [entry["outcome"] for entry in report["files"]] == ["unchanged", "created", "created"]
    assert Article.objects.filter(headline__endswith="number 0").count() == 1


def test_an_update_that_was_taken_back_may_come_in_again(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder)
    (folder / "000.txt").write_text(dispatch(90))
    for _ in range(2):
        run = import_seeds(folder, update=True)
        assert run["files"][0]["outcome"] == "updated"
        import_seeds(undo=run["run"])
        assert Article.objects.filter(headline__endswith="number 0").count() == 1


# What goes wrong


@pytest.mark.parametrize("step", ["read", "file_story"])
def test_whatever_a_file_raises_names_it_and_the_others_go_in(
    step: str, import_seeds: Import, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stories.importing import runs

    real = getattr(runs, step)

    def fail(what: Any, *args: Any, **options: Any) -> Any:
        words = what.decode() if isinstance(what, bytes) else what.headline
        if "number 1" in words:
            raise RuntimeError("SELECT secret FROM stories_article")
        return real(what, *args, **options)

    monkeypatch.setattr(runs, step, fail)
    report = import_seeds(folder)
    assert (report["created"], report["failed"], report["exit"]) == (2, 1, 1)
    assert report["files"][1]["message"].endswith("the log has the details.")
    assert "SELECT" not in report["printed"]


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), OperationalError("database or disk is full")],
)
def test_a_full_disk_stops_the_import_with_one_sentence(
    error: Exception, import_seeds: Import, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stories.importing import runs

    real, tried = runs.file_story, []

    def fail(copy: Any, *args: Any, **options: Any) -> Any:
        tried.append(copy)
        if len(tried) == 2:
            raise error
        return real(copy, *args, **options)

    monkeypatch.setattr(runs, "file_story", fail)
    report = import_seeds(folder)
    assert report["exit"] == 1
    assert report["printed"].count("The disk is full.") == 1
    assert "Traceback" not in report["printed"]
    assert (len(tried), Article.objects.count()) == (2, 1)
    assert import_seeds(folder)["created"] == 2
    assert Politician.objects.filter(imported_in=None).count() == 0
