"""Write a backup of the whole site."""

import time
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from stories.backups import archive, writing


class Command(BaseCommand):
    help = (
        "Write all rows and uploads into one file while the site serves, and read it again. "
        "Sessions are not in it, and the secret key is not: keep SECRET_KEY elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", nargs="?", help="where to (default: the folder “backups” in the data folder)"
        )
        parser.add_argument(
            "--keep", type=int, metavar="DAYS", help="then delete older ones there, but never the newest"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"] or Path(settings.DATA_DIR) / "backups")
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep takes days, at least 1.", returncode=2)
        began = time.monotonic()
        try:
            path, manifest = writing.write(folder)
        except (OSError, DatabaseError, archive.Damaged) as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.stdout.write(
            f"{path}: {said(manifest)}; {path.stat().st_size / 1e6:,.1f} MB, "
            f"written and read again in {time.monotonic() - began:.0f} s."
        )
        if options["keep"] is not None:
            for gone in writing.thin_out(folder, keep=timedelta(days=options["keep"])):
                self.stdout.write(f"Deleted {gone.name}.")


def said(manifest: archive.Manifest) -> str:
    """What is in a backup, in a phrase."""
    rows = sum(table.rows for table in manifest.tables)
    return (
        f"{manifest.rows('stories_article'):,} stories, {manifest.rows('stories_claim'):,} claims, "
        f"{rows:,} rows in all, {len(manifest.uploads):,} pictures"
    )
