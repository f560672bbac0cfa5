"""Import copy from the command line: arguments and printing only."""

import json
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from stories import task_queue
from stories.actions.errors import NotReady
from stories.actions.imports import jobs
from stories.actions.imports.import_copy import import_copy, undo_import
from stories.importing.entries import OUTCOMES, Entry
from stories.importing.runs import Hooks, Options, Report
from stories.importing.sources import STDIN, missing
from stories.models import ImportRun

COLOURS = {"created": "green", "updated": "green", "unchanged": "dim", "kept": "yellow", "failed": "bold red"}
# Seconds between two looks at an import in the queue, and until one that does not get on is sent anew.
LOOK, PATIENCE = 0.5, 20
# Exit codes.
WRONG_USAGE = 2
SOME_FAILED = 1


def share(text: str) -> float:
    """Parse a number from 0 to 1. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def count(text: str) -> int:
    """Parse a whole number of at least 1. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


class Command(BaseCommand):
    help = (
        "Import copy (.txt, .md, .docx, .html, .eml, NITF, ninjs): stories, the politicians they name and "
        "the claims they print. Safe to run again: a text that is known is skipped, an edited story is left "
        "alone, and a run that was cut short is taken up where it stopped. Exit code 0: all well; 1: some "
        "files failed; 2: wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            metavar="PATH",
            help="files and folders to import, - for standard input (default: seeds/)",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would happen, naming each headline, date, byline and tag, and change nothing",
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish each new story at once, under the date of its copy if it has one",
        )
        parser.add_argument(
            "--accept-above",
            type=share,
            metavar="X",
            help="accept new claims of at least this confidence (0 to 1) whose speaker is not in doubt "
            "and whose words were said, not denied, asked, planned or passed on; "
            "“How well it reads” says how many of those are right",
        )
        parser.add_argument(
            "--update",
            action="store_true",
            help="let a changed text replace its story, if that is still a draft nobody has touched",
        )
        parser.add_argument(
            "--workers",
            type=count,
            default=1,
            metavar="N",
            help="read copy in this many processes (default: %(default)s)",
        )
        parser.add_argument(
            "--queue",
            action="store_true",
            help="let Celery’s workers read and file it, on however many machines, and show how far they are",
        )
        parser.add_argument(
            "--json", metavar="FILE", help="write the report there as JSON, - for standard output"
        )
        parser.add_argument(
            "--undo",
            type=count,
            metavar="RUN",
            help="take back the import of this number, and do nothing else; asked again, go on with one "
            "that was cut short",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["undo"]:
            self.undo(options)
            return
        paths = options["paths"] or [str(Path(settings.BASE_DIR) / "seeds")]
        if lost := missing(paths):
            raise CommandError(f"There is no file or folder {', '.join(lost)}.", returncode=WRONG_USAGE)
        if options["queue"] and not task_queue.is_on():
            raise CommandError("--queue needs a broker: set CELERY_BROKER_URL.", returncode=WRONG_USAGE)
        if options["queue"] and options["dry_run"]:
            raise CommandError("--dry-run does without --queue.", returncode=WRONG_USAGE)
        with self.report_file(options["json"]) as file:
            lines = self.stderr if options["json"] == STDIN else self.stdout
            try:
                report = self.run_import(paths, options, lines)
            except NotReady as error:
                raise CommandError(str(error)) from error
            if file is not None:
                file.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n")
        self.sum_up(report, options, lines)
        if failed := report.count("failed"):
            files = "1 file" if failed == 1 else f"{failed} files"
            raise CommandError(f"{files} could not be imported.", returncode=SOME_FAILED)

    def undo(self, options: dict[str, Any]) -> None:
        """Undo an import and print what was removed and what stays. Raises CommandError."""
        if options["paths"]:
            raise CommandError("--undo takes the number of an import, and no paths.", returncode=WRONG_USAGE)
        run = ImportRun.objects.filter(pk=options["undo"]).first()
        if run is None:
            raise CommandError(f"There is no import {options['undo']}.", returncode=WRONG_USAGE)
        try:
            undone = undo_import(run=run, by=None, dry_run=options["dry_run"])
        except NotReady as error:
            raise CommandError(str(error)) from error
        for line in undone.stayed:
            self.stdout.write(f"stays      {line}")
        would = "Would remove" if options["dry_run"] else "Removed"
        self.stdout.write(
            f"{would} {undone.stories} stories, {undone.claims} claims and {undone.people} people; "
            f"{undone.restored} stories put back as they were, {len(undone.stayed)} things stay."
        )

    @contextmanager
    def report_file(self, name: str | None) -> Iterator[IO[str] | None]:
        """Open the file of the JSON report before anything is imported; yield None without a name.

        Raises CommandError if it cannot be written.
        """
        if name is None:
            yield None
        elif name == STDIN:
            yield self.stdout  # type: ignore[misc]
        else:
            try:
                file = Path(name).open("w", encoding="utf-8")  # noqa: SIM115  (closed below)
            except OSError as error:
                message = f"The report cannot be written to {name}: {error.strerror}."
                raise CommandError(message, returncode=WRONG_USAGE) from error
            with file:
                yield file

    def run_import(self, paths: list[str], options: dict[str, Any], lines: Any) -> Report:
        """Import the paths with a progress bar at a terminal and a line per file; return the report."""
        terminal = lines.isatty()
        progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(file=getattr(lines, "_out", None)),
            transient=True,
            disable=not terminal,
        )
        task: list[TaskID] = []

        def started(total: int) -> None:
            task.append(progress.add_task("Importing", total=total))

        def settled(entry: Entry) -> None:
            noteworthy = options["dry_run"] or entry.message or options["verbosity"] > 1
            quiet = entry.outcome in {"created", "updated", "unchanged"} and not noteworthy
            if terminal:
                progress.advance(task[0])
                if not quiet:
                    colour = COLOURS[entry.outcome]
                    progress.console.print(
                        f"[{colour}]{escape(line(entry, whole=options['dry_run']))}[/]",
                        highlight=False,
                        soft_wrap=True,
                    )
            elif not (quiet and entry.outcome == "unchanged") and options["verbosity"]:
                lines.write(line(entry, whole=options["dry_run"]))

        how = Options(
            publish=options["publish"],
            accept_above=options["accept_above"],
            update=options["update"],
            dry_run=options["dry_run"],
            workers=options["workers"],
            stdin=sys.stdin.buffer if STDIN in paths else None,
        )
        hooks = Hooks(on_start=started, on_entry=settled)
        with progress:
            if options["queue"]:
                return self.through_the_queue(paths, how, hooks, lines)
            return import_copy(paths=paths, by=None, options=how, hooks=hooks)

    def through_the_queue(self, paths: list[str], options: Options, hooks: Hooks, lines: Any) -> Report:
        """Hand the files to the workers and tell of each once it is in; nothing is lost if this ends before.

        Raises NotReady (it was taken back meanwhile).
        """
        began = moved = time.monotonic()
        job = None
        entries: list[Entry] = []
        last, away = -1, False
        while True:
            try:
                if job is None:
                    job = jobs.enqueue(paths=paths, options=options)
                    hooks.on_start(job.total)
                elif time.monotonic() - moved > PATIENCE:
                    moved = time.monotonic()
                    jobs.take_up(job)
                away = False
            except task_queue.Away as error:
                if not away:
                    lines.write(f"{error} What is handed over is kept; it is tried again until it does.")
                away = True
                time.sleep(LOOK)
                continue
            found = jobs.settled(job, last)
            for number, entry in found:
                last = number
                entries.append(entry)
                hooks.on_entry(entry)
                moved = time.monotonic()
            if not found:
                if jobs.is_over(job):
                    return jobs.report(job, entries, time.monotonic() - began)
                time.sleep(LOOK)

    def sum_up(self, report: Report, options: dict[str, Any], lines: Any) -> None:
        """Print the number of files per outcome, and how the import can be undone; nothing at verbosity 0."""
        if not options["verbosity"]:
            return
        counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in OUTCOMES)
        lines.write(f"{counts}, in {report.seconds:.1f} s.")
        if options["dry_run"]:
            lines.write("Nothing has been changed: this was a dry run.")
        elif report.run is not None:
            lines.write(f"This was import {report.run}; --undo {report.run} takes it back.")


def line(entry: Entry, *, whole: bool = False) -> str:
    """Return one file's outcome as a line; `whole` adds headline, date, byline and tags, for a dry run."""
    text = f"{entry.outcome:<10} {entry.file}"
    if entry.outcome in {"created", "updated"}:
        text += f"  ({entry.claims} claims, {entry.people} people)"
        if whole:
            facts = [
                f"“{entry.headline}”",
                entry.date,
                f"by {', '.join(entry.byline)}" if entry.byline else "",
            ]
            facts.append(f"tags: {', '.join(entry.tags)}" if entry.tags else "")
            text += f"  {'; '.join(filter(None, facts))}"
    return f"{text}: {entry.message}" if entry.message else text
