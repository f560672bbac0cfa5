"""An import in pieces: any process reads some of the files, and any files those that are read, in order.

What a file becomes depends on the files before it, so they are filed in the order of their numbers, however
many processes read and file. What became of a file is written down in the transaction that files it: a
process killed at any moment leaves each file either in and told, or as it was, and a piece of work that is
done twice is done once.
"""

import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from pydantic import TypeAdapter

from stories.extraction import Extraction, KnownPerson
from stories.importing.entries import FILED, UNCHANGED, Entry, Outcome
from stories.importing.parallel import attempt
from stories.importing.reader import Copy, Picture
from stories.importing.roster import known_people
from stories.importing.runs import NOT_UNDERSTOOD, AlreadyIn, Importer, Ledger, Options, RunIsOver, Task
from stories.importing.sources import Source
from stories.importing.store import Finish
from stories.models import ImportJob, ImportJobFile, ImportRun, Politician
from stories.word_lists import newsroom_lists

__all__ = ["Filer", "Reader", "finish", "stop"]

log = logging.getLogger(__name__)
AHEAD = 25  # readings fetched at once
MOST_TRIES = 20  # after so many processes ended while they read a file, no further one begins on it
TOO_MUCH = "It could not be read: whatever began on it was ended. It may need more memory than there is."


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a file: copy and what it says, or at once what becomes of it."""

    entry: Entry | None = None
    copy: Copy | None = None
    extraction: Extraction | None = None
    picture: str = ""  # its bytes, in base64


_FORM = TypeAdapter(Reading)


def _packed(task: Task, extraction: Extraction | Exception | None) -> str:
    """A reading as JSON."""
    if task.entry is not None:
        return _FORM.dump_json(Reading(entry=task.entry)).decode()
    if task.copy is None or not isinstance(extraction, Extraction):
        reason = extraction if isinstance(extraction, Exception) else None
        log.error("The extraction failed on %s", task.source.name, exc_info=reason)
        return _packed(replace(task, entry=_not_understood(task.source)), None)
    copy, picture = task.copy, ""
    if copy.picture is not None:
        picture = b64encode(copy.picture.data).decode()
        copy = replace(copy, picture=replace(copy.picture, data=b""))
    try:
        return _FORM.dump_json(Reading(None, copy, extraction, picture)).decode()
    except ValueError:
        log.exception("What was read in %s is no text that can be kept", task.source.name)
        return _packed(replace(task, entry=_not_understood(task.source)), None)


def _unpacked(reading: str) -> Reading:
    found = _FORM.validate_json(reading)
    if found.copy is not None and found.copy.picture is not None:
        picture: Picture = replace(found.copy.picture, data=b64decode(found.picture))
        return replace(found, copy=replace(found.copy, picture=picture))
    return found


def _not_understood(source: Source) -> Entry:
    return Entry(source.name, Outcome.FAILED, NOT_UNDERSTOOD)


def _source(file: ImportJobFile) -> Source:
    data = None if "data" in file.get_deferred_fields() or file.data is None else bytes(file.data)
    path = None if file.key == "-" else Path(f"copy{file.suffix}")
    return Source(file.name, file.key, path, file.problem, data)


def options_of(job: ImportJob, *, dry_run: bool = False) -> Options:
    """How the job's files are imported."""
    return Options(dry_run=dry_run, **job.options)


class Reader:
    """Reads files of a job and keeps what stands in them; nobody's writing waits for it.

    `limit` is the largest file in bytes.
    """

    def __init__(self, job: ImportJob, *, limit: int) -> None:
        self.job = job
        self.importer = Importer(job.run or ImportRun(), limit, options_of(job))

    @cached_property
    def known(self) -> Sequence[KnownPerson]:
        """Whom the newsroom knew before the import."""
        return known_people(without=self.job.run)

    def read(self, file: ImportJobFile) -> None:
        """Read a file that is not read yet."""
        if file.reading or file.outcome:
            return
        rows = ImportJobFile.objects.filter(pk=file.pk, outcome="", reading="")
        if not rows.update(tries=F("tries") + 1):
            return  # somebody has read it since
        if file.tries >= MOST_TRIES:
            reading = _packed(Task(_source(file), entry=Entry(file.name, Outcome.FAILED, TOO_MUCH)), None)
        else:
            task = self.importer.examine(_source(file))
            found = None
            if task.text is not None:
                found = attempt(task.text, self.known, task.dateline, newsroom_lists())
            reading = _packed(task, found)
        rows.update(reading=reading)


class Filer:
    """Files what is read, in the files' order, or tries it out while the import has not begun.

    `limit` is the largest file in bytes; `finish` is called with each story that is filed. Raises RunIsOver.
    """

    def __init__(self, job: ImportJob, *, limit: int, finish: Finish | None = None) -> None:
        self.job, self.limit = job, limit
        self.trying = job.begun_at is None
        if job.run is None and not self.trying:
            raise RunIsOver("The import has been deleted.")
        self.importer = Importer(
            job.run or ImportRun(options=job.options, by=job.by),
            limit,
            options_of(job, dry_run=self.trying),
            finish,
            None if self.trying else Ledger(self._is_open, self._close),
        )
        self.ahead: list[ImportJobFile] = []
        self.pks: dict[str, int] = {}

    def next(self) -> Entry | None:
        """File the next file. None when it is not read yet, or there is none.

        Raises RunIsOver, DiskFull, and OperationalError while the database is away: the file waits then.
        """
        while (file := self._next_file()) is not None:
            self.pks = {file.key: file.pk}
            try:
                return self._try_out(file) if self.trying else self._file(file)
            except AlreadyIn:
                continue
        return None

    def _next_file(self) -> ImportJobFile | None:
        if not self.ahead:
            left = self.job.files.filter(outcome="").order_by("number").defer("data")
            if self.trying:
                left = left.filter(tried__isnull=True)
            self.ahead = list(left[:AHEAD])
        if not self.ahead or not self.ahead[0].reading:
            self.ahead = []
            return None
        return self.ahead.pop(0)

    def _task(self, file: ImportJobFile) -> tuple[Task, Extraction | None]:
        reading = _unpacked(file.reading)
        if reading.extraction is not None and _is_out_of_date(reading.extraction):
            # Somebody has deleted a person meanwhile: read it again, as the newsroom is now.
            ImportJobFile.objects.filter(pk=file.pk, outcome="").update(reading="", tries=0)
            file = self.job.files.get(pk=file.pk)
            Reader(self.job, limit=self.limit).read(file)
            file.refresh_from_db()
            reading = _unpacked(file.reading)
        return Task(_source(file), file.sha256, reading.copy, reading.entry), reading.extraction

    def _try_out(self, file: ImportJobFile) -> Entry:
        task, extraction = self._task(file)
        # What a file does is taken back before the next is tried: one with the same bytes is seen here.
        same = self.job.files.filter(sha256=file.sha256, number__lt=file.number, tried__outcome__in=FILED)
        if file.sha256 and same.exists():
            task = replace(task, entry=Entry(file.name, UNCHANGED))
        if task.copy is not None:
            # A stored file is not taken back with its transaction.
            task = replace(task, copy=replace(task.copy, picture=None))
        entry = self.importer.try_out(task, extraction)
        ImportJobFile.objects.filter(pk=file.pk, tried__isnull=True).update(tried=asdict(entry))
        self._moved()
        return entry

    def _file(self, file: ImportJobFile) -> Entry:
        task, extraction = self._task(file)
        entry = self.importer.settle(task, extraction)
        if not entry.is_filed:
            with transaction.atomic():
                self.importer.hold_run()
                if self._is_open(task.source):
                    self.importer.begin_run()  # writes down what failed
                    self._close(task.source, entry)
            self.importer.failures.clear()
        return entry

    # The ledger

    def _is_open(self, source: Source) -> bool:
        return self._rows(source).filter(outcome="").exists()

    def _close(self, source: Source, entry: Entry) -> None:
        kept: dict[str, Any] = json.loads(json.dumps(asdict(entry)))
        self._rows(source).update(outcome=entry.outcome, entry=kept, reading="", data=None)
        self._moved()

    def _rows(self, source: Source) -> QuerySet[ImportJobFile]:
        return ImportJobFile.objects.filter(pk=self.pks[source.key])

    def _moved(self) -> None:
        ImportJob.objects.filter(pk=self.job.pk).update(moved_at=timezone.now())


def _is_out_of_date(extraction: Extraction) -> bool:
    """Whether it names people on record who are there no more."""
    keys = {int(person.key) for person in extraction.people if person.key is not None}
    return bool(keys) and Politician.objects.filter(pk__in=keys).count() < len(keys)


def finish(job: ImportJob) -> bool:
    """Close an import all of whose files are in; False when there are some left, or still to come.

    The run of one that found nothing new leaves no row.
    """
    if job.files.filter(outcome="").exists() or job.files.count() < job.total:
        return False
    with transaction.atomic():
        if job.run is not None:
            ImportRun.objects.filter(pk=job.run.pk, finished_at__isnull=True).update(
                finished_at=timezone.now()
            )
            ImportRun.objects.filter(pk=job.run.pk, texts__isnull=True).delete()
        ImportJob.objects.filter(pk=job.pk, finished_at__isnull=True).update(finished_at=timezone.now())
    return True


def stop(job: ImportJob) -> None:
    """Give up what is left of an import that was taken back."""
    job.files.filter(outcome="").update(reading="", data=None)
    ImportJob.objects.filter(pk=job.pk, finished_at__isnull=True).update(finished_at=timezone.now())
