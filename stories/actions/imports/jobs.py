"""Copy that waits to be imported: kept in the database, tried out, imported in pieces, taken up again.

Without a broker each request of the upload's page does a second's work; with one Celery's workers do it. Each
piece is done by the same functions, and doing one twice changes nothing (importing/jobs.py).
"""

import hashlib
import itertools
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from stories import task_queue
from stories.actions.errors import NotReady
from stories.actions.imports.import_copy import MANY, RUN, allow, finisher
from stories.actions.permissions import require
from stories.database import bulk_load
from stories.importing import jobs, readers
from stories.importing.entries import FILED, Entry
from stories.importing.runs import DiskFull, Options, Report, RunIsOver, unfinished_run
from stories.importing.sources import (
    STDIN,
    Source,
    SourceError,
    find_sources,
    printable,
    read_bytes,
    too_large,
)
from stories.models import ImportJob, ImportJobFile, ImportRun

MOST_FILES = 100  # of an upload: what Django takes in one form
KEPT_FOR = timedelta(days=1)  # with nobody going on with it
BEGUN_KEPT_FOR = timedelta(days=7)
# One task reads so many files or bytes, whichever comes first: some seconds' work.
READ_AT_ONCE = 20
BYTES_AT_ONCE = 200_000
FILED_AT_ONCE = 50  # files by one task, each in its own transaction
STALLED = timedelta(minutes=2)  # without getting on: its tasks may be lost
SOON = timedelta(seconds=10)  # as long, while somebody looks at it
TAKEN_UP = 4  # tasks that a stalled import is given anew; those that are not lost come all the same


class Gone(Exception):
    """There is no such upload, it is somebody else's, or it was not gone on with for a day."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: what became of the files that are settled, how many are read, of how many."""

    entries: tuple[Entry, ...]
    of: int
    run: int | None
    read: int = 0

    @property
    def done(self) -> int:
        """How many files are done."""
        return len(self.entries)

    @property
    def finished(self) -> bool:
        """Whether all files are done."""
        return self.done == self.of


def keep(*, files: Sequence["UploadedFile[Any]"], by: User, options: dict[str, Any]) -> ImportJob:
    """Put uploaded files aside, and forget old ones. `options` are import_copy's. Raises NotAllowed."""
    require(by, RUN, "import copy")
    forget_old()
    chosen = files[:MOST_FILES]
    job = ImportJob.objects.create(token=secrets.token_urlsafe(20), by=by, options=options, total=len(chosen))
    for number, (file, name) in enumerate(zip(chosen, _names(chosen), strict=True)):
        suffix = Path(file.name or "").suffix.lower()
        suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,10}", suffix) else ""
        source = Source(name, f"upload/{name}", Path(f"copy{suffix}"), readers.unread(suffix))
        size = file.size or 0
        if size > settings.IMPORT_MAX_BYTES:
            _row(job, number, source, None, too_large(size, settings.IMPORT_MAX_BYTES)).save()
        else:
            _row(job, number, source, file.read(), source.problem).save()
    return job


def find(*, token: str, by: User) -> ImportJob:
    """The upload that `by` made under this token. Raises Gone."""
    job = ImportJob.objects.select_related("run", "by").filter(token=token, by=by).first()
    if job is None:
        raise Gone
    return job


def unfinished(*, by: User) -> list[tuple[ImportJob, Progress]]:
    """Those of `by`'s uploads whose import was begun and is not finished."""
    found = ImportJob.objects.filter(by=by, run__undone_at__isnull=True, finished_at__isnull=True)
    found = found.filter(run__isnull=False).select_related("run").order_by("-pk")
    return [(job, progress(job)) for job in found[:20]]


def try_out(*, job: ImportJob, by: User, enough: Callable[[], bool] = lambda: False) -> Progress:
    """What an import of the files would do, until `enough` says so; nothing is changed. Raises NotAllowed.

    Asked again it goes on where it stopped. Every call is taken back, so that what a file does to those after
    it is not seen by them, but for the same bytes twice.
    """
    require(by, RUN, "import copy")
    _advance(job, enough)
    return tried(job)


def tried(job: ImportJob) -> Progress:
    """How far `try_out` is."""
    entries = job.files.filter(tried__isnull=False).order_by("number").values_list("tried", flat=True)
    return Progress(tuple(map(_entry, entries)), job.total, None, _read(job))


def begin(*, job: ImportJob, by: User | None) -> ImportJob:
    """Give the import its row, so that from now on files are filed. Asked again, nothing changes.

    What was read for trying it out is read again, as the newsroom is by now. Raises NotAllowed, NotReady (the
    import was taken back).
    """
    allow(by, jobs.options_of(job))
    with transaction.atomic():
        ImportJob.objects.select_for_update().get(pk=job.pk)
        # Asked once the row is held: in the same query, a run just given it by another would be missing.
        row = ImportJob.objects.select_related("run", "by").get(pk=job.pk)
        if row.begun_at is None:
            names = list(row.files.order_by("number").values_list("name", flat=True))
            options = {**row.options, "upload": row.token}
            row.run = ImportRun.objects.create(paths=names, options=options, by=by)
            row.begun_at = row.moved_at = timezone.now()
            row.save(update_fields=["run", "begun_at", "moved_at"])
            row.files.filter(outcome="").update(reading="", tries=0)
    _refuse_if_over(row)
    return row


def go_on(*, job: ImportJob, by: User, enough: Callable[[], bool] = lambda: False) -> Progress:
    """Import the files that are left, each in a transaction of its own, until `enough` says so.

    Raises NotAllowed, NotReady (the import was taken back, the disk is full).
    """
    job = begin(job=job, by=by)
    _advance(job, enough)
    return progress(job)


def progress(job: ImportJob) -> Progress:
    """How far `go_on` is."""
    entries = job.files.exclude(outcome="").order_by("number").values_list("entry", flat=True)
    return Progress(tuple(map(_entry, entries)), job.total, job.run_id, _read(job))


def counts(run: ImportRun) -> dict[str, int] | None:
    """How many files of a run are read, written and failed, of how many; None for one without a job."""
    job = ImportJob.objects.filter(run=run).first()
    if job is None:
        return None
    found = job.files.aggregate(
        read=Count("pk", filter=~Q(outcome="", reading="")),
        written=Count("pk", filter=Q(outcome__in=FILED)),
        failed=Count("pk", filter=Q(outcome="failed")),
        done=Count("pk", filter=~Q(outcome="")),
    )
    return {**found, "of": job.total}


def forget_old() -> int:
    """Delete waiting copy that nobody went on with for a day, or for a week once its import had begun."""
    now = timezone.now()
    over = Q(moved_at__lt=now - KEPT_FOR) & (Q(begun_at__isnull=True) | Q(finished_at__isnull=False))
    over |= Q(moved_at__lt=now - BEGUN_KEPT_FOR)
    _forget_folder()
    return sum(ImportJob.objects.filter(pk=pk).delete()[0] for pk in _pks(ImportJob.objects.filter(over)))


# With a broker


def ask_queue(*, job: ImportJob, by: User, file: bool) -> None:
    """See to it that Celery's workers try the files out, or `file` them. To be asked again and again.

    Raises NotAllowed, NotReady (the import was taken back), and Away: what is kept waits, and is taken up
    when this is asked again, or by `take_up`.
    """
    require(by, RUN, "import copy")
    if file and job.begun_at is None:
        start(begin(job=job, by=by))
        return
    if file:
        _refuse_if_over(job)
    patient = timezone.now() - SOON
    if job.moved_at < patient and ImportJob.objects.filter(pk=job.pk, moved_at__lt=patient).update(
        moved_at=timezone.now()
    ):
        take_up(job)


def start(job: ImportJob) -> None:
    """Have Celery's workers read the files, and try them out or file them. Raises Away."""
    _have_read(job, _unread(job))
    task_queue.send("file_copy", job.pk)


def read_piece(pk: int, first: int, last: int) -> None:
    """Read the files of these numbers, and have what is read filed. What is read already is left alone."""
    job = _job(pk)
    if job is None:
        return
    reader = jobs.Reader(job, limit=settings.IMPORT_MAX_BYTES)
    for file in _unread(job).filter(number__range=(first, last)):
        reader.read(file)
    ImportJob.objects.filter(pk=pk).update(moved_at=timezone.now())
    task_queue.send("file_copy", pk)


def file_piece(pk: int) -> None:
    """File (or try out) what is read, in order, and finish the import once all is in."""
    job = _job(pk)
    if job is None:
        return
    filed = itertools.count(1)
    try:
        more = _file(job, lambda: next(filed) >= FILED_AT_ONCE)
    except NotReady:
        return  # it was taken back, or there is no room: it is taken up once there is
    if more:
        task_queue.send("file_copy", pk)


def take_up(job: ImportJob | None = None) -> int:
    """Send tasks anew for imports that have not got on for two minutes, or for this one; for how many.

    A broker may have lost them, or been away when they were to be sent. Raises Away.
    """
    waiting = ImportJob.objects.filter(finished_at__isnull=True, run__undone_at__isnull=True)
    which = (
        waiting.filter(moved_at__lt=timezone.now() - STALLED) if job is None else waiting.filter(pk=job.pk)
    )
    number = 0
    for one in which.order_by("pk"):
        _have_read(one, _unread(one)[: READ_AT_ONCE * TAKEN_UP])
        if one.begun_at is not None or one.files.filter(tried__isnull=True).exists():
            task_queue.send("file_copy", one.pk)
            number += 1
    return number


def enqueue(*, paths: Sequence[str], options: Options, by: User | None = None) -> ImportJob:
    """Keep every file under `paths` in the database and hand them to the queue; or take up such an import.

    Raises NotAllowed, Away (the files that are kept by then are taken up by the next call).
    """
    allow(by, options)
    run = unfinished_run([printable(path) for path in paths], options, by)
    job = ImportJob.objects.filter(run=run).first() if run.pk else None
    if job is None:
        run.save()
        now = timezone.now()
        job = ImportJob(
            token=secrets.token_urlsafe(20), by=by, options=options.as_dict(), run=run, begun_at=now
        )
        job.total = 1  # not known yet; it is not finished before all files are there
        job.save()
    known = dict(job.files.values_list("key", "number"))
    new = [one for one in find_sources(paths, home=Path(settings.BASE_DIR)) if one.key not in known]
    job.total = len(known) + len(new)
    job.save(update_fields=["total"])
    take_up(job)
    highest = job.files.aggregate(last=Max("number"))["last"]
    number = 0 if highest is None else highest + 1
    waiting: list[ImportJobFile] = []
    for source in new:
        waiting.append(_row_of_path(job, number, source, options))
        number += 1
        if len(waiting) == READ_AT_ONCE or sum(row.size for row in waiting) >= BYTES_AT_ONCE:
            _hand_over(job, waiting)
            waiting = []
    _hand_over(job, waiting)
    return job


def settled(job: ImportJob, after: int) -> list[tuple[int, Entry]]:
    """What became of the files behind number `after`, up to 500 of them: their numbers and entries."""
    rows = job.files.filter(number__gt=after).exclude(outcome="").order_by("number")[:500]
    return [(number, _entry(entry)) for number, entry in rows.values_list("number", "entry")]


def is_over(job: ImportJob) -> bool:
    """Whether the import is finished. Raises NotReady when it was taken back before it was."""
    job.refresh_from_db()
    _refuse_if_over(job)
    return job.finished_at is not None


def report(job: ImportJob, entries: list[Entry], seconds: float) -> Report:
    """The report of a finished import."""
    run = ImportRun.objects.filter(job=job).first()
    return Report(run.pk if run else None, entries, seconds)


def _hand_over(job: ImportJob, rows: list[ImportJobFile]) -> None:
    if rows:
        ImportJobFile.objects.bulk_create(rows)
        task_queue.send("read_copy", job.pk, rows[0].number, rows[-1].number)


def _row_of_path(job: ImportJob, number: int, source: Source, options: Options) -> ImportJobFile:
    try:
        data = read_bytes(source, limit=settings.IMPORT_MAX_BYTES, stdin=options.stdin)
    except SourceError as error:
        return _row(job, number, source, None, str(error))
    return _row(job, number, source, data, "")


def _row(job: ImportJob, number: int, source: Source, data: bytes | None, problem: str) -> ImportJobFile:
    return ImportJobFile(
        job=job,
        number=number,
        name=source.name[-1000:],
        key=STDIN if source.path is None else source.key[-1000:],
        suffix=source.suffix[:20],
        problem=problem,
        sha256="" if data is None else hashlib.sha256(data).hexdigest(),
        size=0 if data is None else len(data),
        data=data,
    )


def _unread(job: ImportJob) -> QuerySet[ImportJobFile]:
    """The files that nobody has read yet, in order."""
    return job.files.filter(outcome="", reading="").order_by("number")


def _have_read(job: ImportJob, files: QuerySet[ImportJobFile]) -> None:
    for first, last in _pieces(files):
        task_queue.send("read_copy", job.pk, first, last)


def _pieces(files: QuerySet[ImportJobFile]) -> Iterator[tuple[int, int]]:
    """First and last numbers of files that one task reads."""
    first = last = None
    number = size = 0
    for at, bytes_ in files.values_list("number", "size"):
        if first is None:
            first, number, size = at, 0, 0
        last, number, size = at, number + 1, size + bytes_
        if number == READ_AT_ONCE or size >= BYTES_AT_ONCE:
            yield first, last
            first = None
    if first is not None and last is not None:
        yield first, last


def _job(pk: int) -> ImportJob | None:
    """The job, if there is something left to do for it."""
    job = ImportJob.objects.select_related("run", "by").filter(pk=pk, finished_at__isnull=True).first()
    return None if job is None or (job.run and job.run.undone_at) else job


def _advance(job: ImportJob, enough: Callable[[], bool]) -> None:
    """Read and file one file after the other, until `enough` says so after one."""
    reader = jobs.Reader(job, limit=settings.IMPORT_MAX_BYTES)

    def read_next() -> bool:
        file = _unread(job).first()
        if file is not None:
            reader.read(file)
        return file is not None

    _file(job, enough, read_next)


def _file(job: ImportJob, enough: Callable[[], bool], read_next: Callable[[], bool] = lambda: False) -> bool:
    """File what is read, until `enough` says so after a file; whether there may be more.

    Raises NotReady (the import was taken back, the disk is full).
    """
    options = jobs.options_of(job)
    finish = finisher(job.run.by if job.run else job.by, options.publish, options.accept_above)
    more = False
    try:
        filer = jobs.Filer(job, limit=settings.IMPORT_MAX_BYTES, finish=finish)
        while (filed := filer.next() is not None) or read_next():
            if filed and enough():
                more = True
                break
    except RunIsOver as error:
        jobs.stop(job)
        raise NotReady(f"{error} Choose the files again.") from error
    except DiskFull as error:
        raise NotReady(str(error)) from error
    if job.begun_at is not None and jobs.finish(job):
        if job.files.filter(outcome__in=FILED).count() >= MANY:
            bulk_load.vacuum_analyze(connection)
        return False
    return more


def _refuse_if_over(job: ImportJob) -> None:
    if job.run is not None and job.run.undone_at is not None:
        raise NotReady("This import has been taken back. Choose the files again.")


def _entry(kept: dict[str, Any] | None) -> Entry:
    assert kept is not None  # noqa: S101  (the queries leave out files that are not settled)
    return Entry(**kept | {name: tuple(kept[name]) for name in ("byline", "tags")})


def _read(job: ImportJob) -> int:
    return job.files.exclude(outcome="", reading="").count()


def _forget_folder() -> None:
    """Delete what earlier releases kept in a folder, once it is a day old."""
    folder = Path(settings.DATA_DIR) / "uploads"
    if folder.exists() and folder.stat().st_mtime < (timezone.now() - KEPT_FOR).timestamp():
        shutil.rmtree(folder, ignore_errors=True)


def _pks(rows: QuerySet[ImportJob]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _names(files: Sequence["UploadedFile[Any]"]) -> Iterator[str]:
    """What each file is called, as it can be shown, and no two of them alike."""
    taken: set[str] = set()
    for file in files:
        given = name = printable(Path(file.name or "upload").name)
        number = 1
        while name in taken:
            number += 1
            name = f"{Path(given).stem} ({number}){Path(given).suffix}"
        taken.add(name)
        yield name
