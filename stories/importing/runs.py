"""A whole import: every file read, understood and filed, each in a transaction of its own.

Files are taken in order, and what a file becomes depends on the newsroom as it was before the run and on the
files before it, so that a run killed at any moment and started again ends with the same rows as one that was
left alone: it finds its own unfinished row and goes on.
"""

import errno
import hashlib
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, BinaryIO

from django.contrib.auth.models import User
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from stories.actions import locking
from stories.extraction import Extraction
from stories.importing import reimports
from stories.importing.entries import FILED, OUTCOMES, UNCHANGED, Entry, Outcome
from stories.importing.parallel import extract_all
from stories.importing.reader import Copy, ReadError, read
from stories.importing.roster import Roster, known_people
from stories.importing.sources import Source, SourceError, read_bytes
from stories.importing.store import Filed, Finish, extraction_text, file_story, refile_story
from stories.models import ImportedText, ImportRun
from stories.text.moments import moment
from stories.word_lists import newsroom_lists

__all__ = [
    "AlreadyIn",
    "DiskFull",
    "Hooks",
    "Importer",
    "Ledger",
    "Options",
    "Report",
    "RunIsOver",
    "Task",
    "run_import",
    "unfinished_run",
]

log = logging.getLogger(__name__)
# Any number: importers of one newsroom take turns at each file.
_TURN = 0x0E7E_C02D


@dataclass(slots=True)
class Report:
    """What an import did. `run` is None when it left no row: nothing was new, or it was only tried."""

    run: int | None = None
    entries: list[Entry] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, outcome: str) -> int:
        """How many files had this outcome."""
        return sum(entry.outcome == outcome for entry in self.entries)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it: what ``import_seeds --json`` writes."""
        counts = Counter(entry.outcome for entry in self.entries)
        return {
            "run": self.run,
            **{outcome: counts[outcome] for outcome in OUTCOMES},
            "seconds": round(self.seconds, 3),
            "files": [{name: getattr(entry, name) for name in Entry.__slots__} for entry in self.entries],
        }


@dataclass(frozen=True, slots=True)
class Options:
    """How an import is done.

    `publish` publishes each story under the date of its copy, or now. `accept_above` (0 to 1) accepts claims
    unread of at least that confidence. `update` takes in texts that have changed. With `dry_run` each file is
    filed and taken back. `workers` processes extract at once; `stdin` is read for the source "-".
    """

    publish: bool = False
    accept_above: float | None = None
    update: bool = False
    dry_run: bool = False
    workers: int = 1
    stdin: BinaryIO | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what the row of the run keeps, and what a run is known by when it is taken up again."""
        return {"publish": self.publish, "accept_above": self.accept_above, "update": self.update}


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told how an import goes: `on_start` how many files there are, `on_entry` what became of each."""

    on_start: Callable[[int], None] = lambda total: None
    on_entry: Callable[[Entry], None] = lambda entry: None


def unfinished_run(paths: Sequence[str], options: Options, by: User | None) -> ImportRun:
    """Return the unfinished run of these paths and options, or a new one, not saved."""
    kept = options.as_dict()
    return _unfinished(list(paths), kept) or ImportRun(paths=list(paths), options=kept, by=by)


def run_import(
    sources: Sequence[Source],
    *,
    run: ImportRun,
    limit: int,
    options: Options,
    finish: Finish | None = None,
    hooks: Hooks,
) -> Report:
    """Import `sources` under `run` and say what became of each, in order.

    `limit` is the largest file in bytes; `finish` is called with each story that was filed.
    Raises RunIsOver when somebody takes the run back meanwhile, DiskFull.
    """
    began = time.monotonic()
    importer = Importer(run, limit, options, finish)
    report = Report()
    for entry in importer.go_through(sources):
        report.entries.append(entry)
        hooks.on_entry(entry)
    report.run = importer.end()
    report.seconds = time.monotonic() - began
    return report


class RunIsOver(Exception):
    """The run was taken back, or its row is gone: nothing more may come in under it."""


class AlreadyIn(Exception):
    """Somebody else has filed this file of the same import meanwhile."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where it is written down which files of an import are in."""

    is_open: Callable[[Source], bool]
    close: Callable[[Source, Entry], None]


class DiskFull(Exception):
    """There is no room left. Every other file would fail of it too, so the run stops; it can be taken up."""


UNREADABLE = "It could not be read, for a fault of the import; the log has the details."
NOT_UNDERSTOOD = "The text could not be understood, for a fault of the import; the log has the details."
NOT_STORED = "It could not be stored; the log has the details."


def raise_when_full(error: BaseException | None) -> None:
    """Raises DiskFull when that is what `error` comes from, in the files or in the database."""
    while error is not None:
        no_room = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
        in_database = isinstance(error, DatabaseError) and re.search(
            "disk is full|No space left|could not extend file|disk quota", str(error), re.I
        )
        if no_room or in_database:
            raise DiskFull("The disk is full. Make room and run the import again; it goes on from here.")
        error = error.__cause__ or error.__context__


@dataclass(frozen=True, slots=True)
class Task:
    """A file on its way: read, or already settled with an entry."""

    source: Source
    sha256: str = ""
    copy: Copy | None = None
    entry: Entry | None = None

    @property
    def text(self) -> str | None:
        """What the extraction reads, if there is copy."""
        return extraction_text(self.copy)[0] if self.copy else None

    @property
    def dateline(self) -> date | None:
        """The day of the copy."""
        return self.copy.dateline if self.copy else None


class Importer:
    """Reads files and files them under `run`, one at a time.

    `ledger` says of each file, once the run is held, whether it is still to be filed, and is told in the same
    transaction that it is.
    """

    def __init__(
        self,
        run: ImportRun,
        limit: int,
        options: Options,
        finish: Finish | None = None,
        ledger: "Ledger | None" = None,
    ) -> None:
        self.run, self.limit, self.options, self.finish = run, limit, options, finish
        self.ledger = ledger
        self.roster: Roster | None = None
        self.failures: list[ImportedText] = []  # not written until the run has a row

    def go_through(self, sources: Sequence[Source]) -> Iterator[Entry]:
        """Import the files, or try it out, and yield what became of each."""
        tasks = extract_all(
            map(self.examine, sources),
            lambda task: task.text,
            roster=known_people(without=self.run),
            written=lambda task: task.dateline,
            lists=newsroom_lists(),
            workers=self.options.workers,
        )
        if not self.options.dry_run:
            for task, extraction in tasks:
                yield self.settle(task, extraction)
            return
        stories: set[str] = set()  # the bytes of files that would be stories by now
        for task, extraction in tasks:
            if task.sha256 in stories:
                task = replace(task, entry=Entry(task.source.name, UNCHANGED))
            entry = self.try_out(task, extraction)
            if entry.outcome in FILED:
                stories.add(task.sha256)
            yield entry

    def try_out(self, task: Task, extraction: Extraction | Exception | None) -> Entry:
        """What would become of a file. Each is taken back before the next, so that nobody's writing waits."""
        pk = self.run.pk
        with transaction.atomic():
            if self.roster is None:
                self.roster = Roster(tried=True)
            if isinstance(extraction, Extraction):
                self.roster.revive(extraction.people)
            entry = self.settle(task, extraction)
            transaction.set_rollback(True)
        self.run.pk, self.run._state.adding = pk, pk is None
        self.failures.clear()
        return replace(entry, article=None) if entry.outcome == Outcome.CREATED else entry

    def end(self) -> int | None:
        """Mark the run as finished; its primary key, or None when it left no row."""
        if self.options.dry_run:
            return None
        if self.failures and (self.run.pk is not None or any(map(self._is_news, self.failures))):
            with transaction.atomic():
                self.begin_run()
        if self.run.pk is not None:
            ImportRun.objects.filter(pk=self.run.pk).update(finished_at=timezone.now())
        return self.run.pk

    # Reading

    def examine(self, source: Source) -> Task:
        """Make copy of the file's bytes, or say at once what becomes of it."""
        sha256 = ""
        try:
            data = read_bytes(source, limit=self.limit, stdin=self.options.stdin)
            sha256 = hashlib.sha256(data).hexdigest()
            entry = reimports.decided(source, sha256, update=self.options.update)
            if entry is not None:
                return Task(source, sha256, entry=entry)
            zone = timezone.get_default_timezone()
            copy = read(data, suffix=source.suffix, zone=zone)
            # A stored file is not taken back with its transaction.
            return Task(source, sha256, replace(copy, picture=None) if self.options.dry_run else copy)
        except (SourceError, ReadError) as error:
            return Task(source, sha256, entry=Entry(source.name, Outcome.FAILED, str(error)))
        except Exception as error:
            # Whatever one file raises, the others go on.
            raise_when_full(error)
            log.exception("Reading %s failed", source.name)
            return Task(source, sha256, entry=Entry(source.name, Outcome.FAILED, UNREADABLE))

    # Writing

    def settle(self, task: Task, extraction: Extraction | Exception | None) -> Entry:
        """File what was read. Raises RunIsOver, AlreadyIn, DiskFull; any other fault is the file's entry."""
        source = task.source
        if task.entry is not None:
            return self._note(task, task.entry)
        if task.copy is None or not isinstance(extraction, Extraction):
            reason = extraction if isinstance(extraction, Exception) else None
            log.error("The extraction failed on %s", source.name, exc_info=reason)
            return self._note(task, Entry(source.name, Outcome.FAILED, NOT_UNDERSTOOD))
        was_new = self.run.pk is None
        try:
            entry = self._store(task, task.copy, extraction, was_new)
        except (RunIsOver, AlreadyIn):
            raise
        except Exception as error:
            raise_when_full(error)
            if self.ledger is not None and isinstance(error, OperationalError | InterfaceError):
                raise  # the database is away, and not the file to blame: it waits
            # The desk's own refusals are sentences; what a database says is for the log.
            why = " ".join(getattr(error, "reasons", ()))
            if not why:
                log.exception("Storing %s failed", source.name)
            return self._note(task, Entry(source.name, Outcome.FAILED, why or NOT_STORED))
        if entry.outcome not in FILED:
            return self._note(task, entry)
        self.failures.clear()
        return entry

    @locking.act
    def _store(self, task: Task, copy: Copy, extraction: Extraction, was_new: bool) -> Entry:
        try:
            _take_turn()
            self.hold_run()
            if self.ledger is not None and not self.ledger.is_open(task.source):
                raise AlreadyIn
            if self.roster is None or self.roster.is_stale:
                self.roster = Roster(tried=self.options.dry_run)
            # Another importer, or the same words under another name, may have been first.
            entry = reimports.decided(task.source, task.sha256, update=self.options.update)
            if entry is None:
                entry = self._file(task, copy, extraction, self.roster)
                if self.ledger is not None:
                    self.ledger.close(task.source, entry)
            return entry
        except Exception:
            if was_new:
                self.run.pk = None
            self.roster = None  # it may know people whose rows have been taken back
            raise

    def _file(self, task: Task, copy: Copy, extraction: Extraction, roster: Roster) -> Entry:
        self.begin_run()
        earlier = reimports.earlier_text(task.source)
        if earlier is not None and earlier.article is not None:
            filed = refile_story(
                earlier.article,
                copy,
                extraction,
                text=earlier,
                run=self.run,
                roster=roster,
                finish=self.finish,
            )
            outcome = Outcome.UPDATED
        else:
            filed = file_story(copy, extraction, run=self.run, roster=roster, finish=self.finish)
            outcome = Outcome.CREATED
        message = _remark(copy, filed, publish=bool(self.run.options.get("publish")))
        ImportedText.objects.update_or_create(
            run=self.run,
            file=reimports.stored_name(task.source),
            defaults={
                "sha256": task.sha256,
                "encoding": copy.encoding,
                "outcome": outcome,
                "message": message,
                "article": filed.article,
                "before": filed.receipt,
            },
        )
        return Entry.of(task.source, copy, outcome, message, filed)

    def hold_run(self) -> None:
        """Keep the run from being taken back until this file is in."""
        if self.run.pk is not None:
            row = ImportRun.objects.select_for_update().filter(pk=self.run.pk).first()
            if row is None or row.undone_at is not None:
                raise RunIsOver(f"Import {self.run.pk} has been taken back.")

    def begin_run(self) -> None:
        """Give the run its row, if it has none, and write down the failures that waited for one."""
        if self.run.pk is None:
            self.run.save()
        for failure in self.failures:
            values = {name: getattr(failure, name) for name in ("sha256", "outcome", "message", "article_id")}
            ImportedText.objects.get_or_create(run=self.run, file=failure.file, defaults=values)

    def _note(self, task: Task, entry: Entry) -> Entry:
        """Keep what became of a file that was not filed: written once, not at every import."""
        if entry.outcome in {Outcome.FAILED, Outcome.KEPT}:
            self.failures.append(
                ImportedText(
                    file=reimports.stored_name(task.source),
                    sha256=task.sha256,
                    outcome=entry.outcome,
                    message=entry.message,
                    article_id=entry.article,
                )
            )
        return entry

    def _is_news(self, text: ImportedText) -> bool:
        same = ImportedText.objects.filter(
            file=text.file, sha256=text.sha256, outcome=text.outcome, message=text.message
        )
        return not same.filter(run__undone_at__isnull=True).exists()


def _unfinished(paths: list[str], options: dict[str, Any]) -> ImportRun | None:
    """The run over the same paths with the same options that was interrupted."""
    runs = ImportRun.objects.filter(finished_at__isnull=True, undone_at__isnull=True)
    return next((run for run in runs if run.paths == paths and run.options == options), None)


def _remark(copy: Copy, filed: Filed, *, publish: bool) -> str:
    """What whoever imports the copy must know of it."""
    said = []
    if copy.held:
        said.append(f"{'Left' if publish else 'It is'} a draft: the copy says “{copy.held}”.")
    if filed.article.is_scheduled:
        said.append(f"Scheduled for {moment(timezone.localtime(filed.article.published_at))}.")
    if filed.rated:
        said.append(f"{filed.rated} {'claim' if filed.rated == 1 else 'claims'} in it already rated.")
    return " ".join([*said, *copy.remarks])


def _take_turn() -> None:
    """Keep other importers out until the transaction ends. SQLite's has the whole database already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
