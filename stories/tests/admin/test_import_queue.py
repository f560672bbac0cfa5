"""Imports in pieces: through the queue, taken up, done twice, from before the queue."""

import importlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from stories import task_queue, tasks
from stories.actions import permissions
from stories.actions.imports import jobs
from stories.importing.jobs import MOST_TRIES, Filer
from stories.models import Article, Claim, ImportJob, ImportJobFile, ImportRun, Politician
from stories.tests import factories as make
from stories.tests.importing.dispatches import write_dispatches

pytestmark = pytest.mark.django_db

IMPORT = "/admin/import/"
NOWHERE = "redis://127.0.0.1:9/0"
AS_JSON = {"Accept": "application/json"}
COPY = """Harbour wall to be built

“The wall will be built this year,” said Tove Hollin, the mayor of Eastmere.
"""
QUAY = COPY.replace("wall", "quay")
Deliver = Callable[[], int]


@pytest.fixture
def staff(signed_in: Any) -> Any:
    return signed_in(permissions.IMPORT_STAFF)


@pytest.fixture
def deliver(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Has every task that was sent done, and done again, as a broker may that lost sight of a worker."""
    settings.CELERY_BROKER_URL = NOWHERE
    waiting: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(task_queue, "send", lambda task, *arguments: waiting.append((task, arguments)))
    monkeypatch.setattr(jobs, "READ_AT_ONCE", 2)

    def all_of_them() -> int:
        count, seen = 0, set()
        while waiting:
            task, arguments = waiting.pop(0)
            getattr(tasks, task)(*json.loads(json.dumps(arguments)))
            count += 1
            if (task, arguments) not in seen:
                seen.add((task, arguments))
                waiting.append((task, arguments))
        return count

    all_of_them.waiting = waiting  # type: ignore[attr-defined]
    return all_of_them


def a_file(name: str = "wall.txt", text: str = COPY) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def upload(client: Any, *files: SimpleUploadedFile) -> str:
    done = client.post(IMPORT, {"files": list(files) or [a_file()]})
    assert done.status_code == 302
    address: str = done["Location"]
    return address


def outcomes() -> list[str]:
    return list(ImportJobFile.objects.order_by("number").values_list("outcome", flat=True))


def test_uploads_go_through_the_queue_and_their_pages_say_how_far_they_are(
    staff: Any, deliver: Deliver
) -> None:
    address = upload(staff, a_file(), a_file("two.txt", QUAY), a_file("empty.txt", ""))
    waiting = staff.post(address, headers=AS_JSON).json()
    assert (waiting["done"], waiting["of"], waiting["waits"], waiting["away"]) == (0, 3, True, "")
    deliver()
    tried = staff.get(address)
    assert [entry.outcome for entry, _ in tried.context["rows"]] == ["created", "created", "failed"]
    assert not Article.objects.exists()
    assert staff.post(f"{address}run/", headers=AS_JSON).json()["done"] == 0
    run = ImportRun.objects.get()
    page = staff.get(f"/admin/stories/importrun/{run.pk}/change/").content.decode()
    assert f'data-progress="/admin/import/{run.pk}/progress/"' in page
    deliver()
    told = staff.get(f"/admin/import/{run.pk}/progress/").json()
    assert told == {"read": 3, "written": 2, "failed": 1, "done": 3, "of": 3}
    run.refresh_from_db()
    assert run.finished_at is not None
    assert [entry.outcome for entry, _ in staff.get(address).context["rows"]] == [
        "created",
        "created",
        "failed",
    ]
    assert (Article.objects.count(), run.texts.count(), Claim.objects.count()) == (2, 3, 2)
    assert not ImportJobFile.objects.exclude(data=None, reading="").exists()
    assert "data-progress" not in staff.get(f"/admin/stories/importrun/{run.pk}/change/").content.decode()


def test_a_broker_that_is_away_is_said_and_the_upload_is_taken_up_by_the_next_request(
    staff: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CELERY_BROKER_URL = NOWHERE
    task_queue._sender.cache_clear()
    address = upload(staff)
    ImportJob.objects.update(moved_at=timezone.now() - timedelta(seconds=11))
    told = staff.post(address, headers=AS_JSON).json()
    assert told["away"] == (
        "The queue does not answer. The files are kept, and are taken up as soon as it does."
    )
    sent: list[str] = []
    monkeypatch.setattr(task_queue, "send", lambda task, *arguments: sent.append(task))
    assert staff.post(address, headers=AS_JSON).json()["away"] == ""
    assert sent == []  # asked for a moment ago
    ImportJob.objects.update(moved_at=timezone.now() - timedelta(seconds=11))
    staff.post(address, headers=AS_JSON)
    assert sent == ["read_copy", "file_copy"]
    task_queue._sender.cache_clear()


def test_an_import_whose_tasks_were_lost_is_taken_up_and_one_that_gets_on_is_not(
    staff: Any, deliver: Any
) -> None:
    address = upload(staff, a_file(), a_file("two.txt", QUAY))
    staff.post(f"{address}run/", headers=AS_JSON)
    deliver.waiting.clear()
    tasks.take_up_imports()
    assert deliver.waiting == []
    ImportJob.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    tasks.take_up_imports()
    deliver()
    assert outcomes() == ["created", "created"]
    tasks.take_up_imports()
    assert deliver.waiting == []


def test_one_that_was_taken_back_goes_no_further(staff: Any, deliver: Any) -> None:
    address = upload(staff, a_file(), a_file("two.txt", QUAY))
    staff.post(f"{address}run/", headers=AS_JSON)
    staff.post(f"{IMPORT}{ImportRun.objects.get().pk}/undo/")
    deliver()
    assert outcomes() == ["", ""]
    assert not Article.objects.exists()
    assert staff.post(f"{address}run/", headers=AS_JSON).status_code == 409


def test_what_was_read_of_somebody_who_is_gone_is_read_again(staff: Any) -> None:
    person = make.PoliticianFactory(name="Tove Hollin")
    job = jobs.begin(job=jobs.keep(files=[a_file()], by=staff.user, options={}), by=staff.user)
    reader = jobs.jobs.Reader(job, limit=10_000)
    reader.read(job.files.get())
    assert f'"key":"{person.pk}"' in job.files.get().reading
    person.delete()
    entry = Filer(job, limit=10_000).next()
    assert entry is not None
    assert entry.outcome == "created"
    assert Politician.objects.get().name == "Tove Hollin"


def test_a_file_that_ended_whatever_read_it_is_begun_on_no_more(staff: Any) -> None:
    job = jobs.begin(job=jobs.keep(files=[a_file()], by=staff.user, options={}), by=staff.user)
    job.files.update(tries=MOST_TRIES)
    progress = jobs.go_on(job=job, by=staff.user)
    assert [entry.outcome for entry in progress.entries] == ["failed"]
    assert "ended" in progress.entries[0].message


def test_the_command_says_what_the_queue_needs(settings: Any) -> None:
    settings.CELERY_BROKER_URL = ""
    with pytest.raises(CommandError, match="set CELERY_BROKER_URL"):
        call_command("import_seeds", "--queue")


def test_a_folder_handed_over_in_parts_is_one_import(deliver: Any, tmp_path: Any, monkeypatch: Any) -> None:
    write_dispatches(tmp_path, range(5))
    sent, send = 0, task_queue.send

    def away_after_two(*task: Any) -> None:
        nonlocal sent
        sent += 1
        if sent > 3:
            raise task_queue.Away("The queue does not answer.")
        send(*task)

    monkeypatch.setattr(task_queue, "send", away_after_two)
    with pytest.raises(task_queue.Away):
        jobs.enqueue(paths=[str(tmp_path)], options=jobs.Options())
    monkeypatch.setattr(task_queue, "send", send)
    deliver()
    assert (ImportJob.objects.get().finished_at, Article.objects.count()) == (None, 5 - 1)
    job = jobs.enqueue(paths=[str(tmp_path)], options=jobs.Options())
    deliver()
    assert jobs.is_over(job)
    assert [entry.outcome for _, entry in jobs.settled(job, -1)] == ["created"] * 5
    assert (Article.objects.count(), ImportRun.objects.count()) == (5, 1)


def test_uploads_that_waited_in_a_folder_are_taken_over(staff: Any, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    run = ImportRun.objects.create(by=staff.user, paths=["in.txt", "left.txt"], options={"upload": "t" * 27})
    folder = tmp_path / "uploads" / ("t" * 27)
    for name in ("copy", "tried", "done"):
        (folder / name).mkdir(parents=True)
    (folder / "copy" / "000.txt").write_text(COPY)
    (folder / "copy" / "001.txt").write_text(QUAY)
    about = {"by": staff.user.pk, "names": ["in.txt", "left.txt"], "options": {}, "sums": ["", ""]}
    (folder / "about.json").write_text(json.dumps(about))
    (folder / "run").write_text(str(run.pk))
    entry = {
        "file": "in.txt",
        "outcome": "failed",
        "message": "No.",
        "article": None,
        "claims": 0,
        "people": 0,
    }
    entry |= {"headline": "", "date": "", "byline": [], "tags": []}
    (folder / "done" / "000.json").write_text(json.dumps(entry))
    importlib.import_module("stories.migrations.0033_waiting_uploads").take_over(apps, None)
    job = jobs.find(token="t" * 27, by=staff.user)
    assert [entry.outcome for entry in jobs.go_on(job=job, by=staff.user).entries] == ["failed", "created"]
