"""Benchmarks, printed as a table, as JSON or as Markdown."""

import json
import math
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from rich.console import Console
from rich.table import Table

from stories.benchmarking.admin import measure_desk
from stories.benchmarking.import_command import Measured, measure_import, write_made_up_copy
from stories.benchmarking.site import measure_site
from stories.benchmarking.timing import Measured as Timed
from stories.benchmarking.timing import Series

TIMED = {
    "site": (measure_site, "how fast each kind of page is answered, with the cache empty and filled"),
    "desk": (measure_desk, "how fast the lists, the editor, the review queue and the matching are"),
}


class Command(BaseCommand):
    help = "Measure the newsroom on this machine. Nothing in it is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT")
        imports = kinds.add_parser("import", help="how fast copy is imported, and in how much memory")
        imports.add_argument(
            "folder", nargs="?", metavar="FOLDER", help="copy to import (default: made-up stories)"
        )
        imports.add_argument(
            "--stories", type=int, default=200, metavar="N", help="how many to make up (default: %(default)s)"
        )
        imports.add_argument(
            "--words", type=int, default=800, metavar="N", help="how long each is (default: %(default)s)"
        )
        imports.add_argument(
            "--workers",
            type=int,
            nargs="+",
            default=[1],
            metavar="N",
            help="measure with so many processes; several numbers, several rows (default: 1)",
        )
        imports.add_argument("--json", action="store_true", help="print JSON in the place of a table")
        for name, (_, summary) in TIMED.items():
            timed = kinds.add_parser(name, help=summary)
            timed.add_argument("only", nargs="*", metavar="NAME", help="only what is called so, or begins so")
            timed.add_argument(
                "--repeats",
                type=int,
                default=100,
                metavar="N",
                help="how often each is done, with the cache empty and filled (default: %(default)s)",
            )
            timed.add_argument(
                "--seconds",
                type=float,
                default=math.inf,
                metavar="S",
                help="but no longer than so many seconds either way (default: however long it takes)",
            )
            form = timed.add_mutually_exclusive_group()
            form.add_argument("--json", action="store_true", help="print JSON in the place of a table")
            form.add_argument("--markdown", action="store_true", help="print the table as Markdown")
            if name == "site":
                timed.add_argument(
                    "--load",
                    type=float,
                    default=0,
                    metavar="S",
                    help="serve the site too, and ask for each page over four connections for so many "
                    "seconds, without a cache and with one (default: do not)",
                )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["kind"] in TIMED:
            self.time(**options)
        else:
            self.import_copy(**options)

    def time(self, *, kind: str, only: list[str], repeats: int, seconds: float, **options: Any) -> None:
        """Run the benchmark of the site or of the admin."""
        if repeats < 1:
            raise CommandError("Measure at least once.", returncode=2)
        console = Console(file=getattr(self.stderr, "_out", None), stderr=True)
        with console.status("", spinner="line") as status:
            try:
                load = {"load": options["load"]} if options.get("load") else {}
                measure: Any = TIMED[kind][0]
                rows = list(
                    measure(repeats=repeats, seconds=seconds, only=only, on_progress=status.update, **load)
                )
            except ValueError as refused:
                raise CommandError(str(refused), returncode=2) from refused
        if options["json"]:
            self.stdout.write(json.dumps([as_json(row) for row in rows], indent=2))
        elif options["markdown"]:
            self.stdout.write("\n".join(as_markdown(rows)))
        else:
            width = None if self.stdout.isatty() else 120
            Console(file=getattr(self.stdout, "_out", None), width=width).print(table_of_times(kind, rows))

    def import_copy(self, **options: Any) -> None:
        """Run the benchmark of the import."""
        with tempfile.TemporaryDirectory(prefix="benchmark-copy-") as scratch:
            folder = Path(options["folder"] or scratch)
            if options["folder"] is None:
                write_made_up_copy(folder, options["stories"], words=options["words"])
            elif not folder.exists():
                raise CommandError(f"There is no folder {folder}.", returncode=2)
            rows = [measure_import([folder], workers=workers) for workers in options["workers"]]
        if options["json"]:
            self.stdout.write(json.dumps([asdict(row) for row in rows], indent=2))
        else:
            width = None if self.stdout.isatty() else 120
            Console(file=getattr(self.stdout, "_out", None), width=width).print(table_of_imports(rows))


def table_of_imports(rows: list[Measured]) -> Table:
    """Return the table of imports."""
    table = Table(title="Import")
    for heading in (
        *("database", "processes", "files", "words", "claims", "people", "failed"),
        *("seconds", "files/s", "claims/s", "peak MB"),
    ):
        table.add_column(heading, justify="left" if heading == "database" else "right")
    for row in rows:
        table.add_row(
            row.database,
            *(
                f"{number:,}"
                for number in (row.workers, row.files, row.words, row.claims, row.people, row.failed)
            ),
            *(
                f"{number:.1f}"
                for number in (row.seconds, row.files_a_second, row.claims_a_second, row.peak_mb)
            ),
        )
    return table


HEADINGS = ("", "queries", "cold, ms", "99 %", "cached, ms", "99 %")
KNOWN = ("304, ms", "99 %")
SERVED = ("a second, cold", "cached")


def cells_of(row: Timed) -> list[str]:
    """Return a row of times in milliseconds; a name with fewer than 100 repetitions has their number."""
    times = [number for series in _series(row).values() for number in (series.median, series.p99)]
    fewest = min(len(row.cold.times), len(row.warm.times))
    name = row.name if fewest >= 100 else f"{row.name} ({fewest}×)"
    rates = [f"{rate:,.0f}" for rate in row.rates or ()]
    return [name, str(row.queries), *(f"{number:,.{int(number < 10)}f}" for number in times), *rates]


def _series(row: Timed) -> dict[str, Series]:
    """Return the series of times by name: "304", of pages the reader has already, only if it was timed."""
    return {"cold": row.cold, "warm": row.warm} | ({"304": row.known} if row.known else {})


def headings_of(rows: list[Timed]) -> tuple[str, ...]:
    """Return the headings, with those of 304 and of the load test if there was one."""
    return (*HEADINGS, *(KNOWN if rows[0].known else ()), *(SERVED if rows[0].rates else ()))


def table_of_times(kind: str, rows: list[Timed]) -> Table:
    """Return the table of times."""
    table = Table(title=f"{kind.capitalize()}, {connection.vendor}: milliseconds, and requests a second")
    for heading in headings_of(rows):
        table.add_column(heading, justify="right" if heading else "left")
    for row in rows:
        table.add_row(*cells_of(row))
    return table


def as_markdown(rows: list[Timed]) -> list[str]:
    """Return the lines of the table in Markdown."""
    headings = [f"{connection.vendor}", *headings_of(rows)[1:]]
    rule = ["---", *["--:"] * (len(headings) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (headings, rule, *map(cells_of, rows))]


def as_json(row: Timed) -> dict[str, Any]:
    """Return a measurement as a dict for JSON."""
    rates = dict(zip(("cold", "warm"), row.rates or (), strict=False))
    return {
        "name": row.name,
        "address": row.address,
        "queries": row.queries,
        **{
            cache: {
                "times": len(series.times),
                "median_ms": series.median,
                "p99_ms": series.p99,
                "a_second": series.a_second,
                "served_a_second": rates.get(cache),
            }
            for cache, series in _series(row).items()
        },
    }
