"""Write the whole public record as files for the page /data/."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from stories.formats import dumps


class Command(BaseCommand):
    help = (
        "Write all that readers may see as CSV and JSON files, which the page /data/ offers, and delete the "
        "dumps before the last one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-due",
            action="store_true",
            help="only if the last dump is a day old, a story was corrected since, or it has something that "
            "readers may no longer see",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_due"] and not dumps.is_due():
            return
        began = time.monotonic()
        try:
            dump = dumps.write()
        except (OSError, DatabaseError) as error:
            raise CommandError(f"No dump was written: {error}") from error
        files = dump.about["resources"]
        rows = sum(one["rows"] for one in files if one["format"] == "csv")
        size = sum(one["bytes"] for one in files) / 1e6
        self.stdout.write(
            f"Dump {dump.stamp}: {rows:,} rows, {len(files)} files, {size:,.1f} MB, written in "
            f"{time.monotonic() - began:.0f} s."
        )
