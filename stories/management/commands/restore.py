"""Load a backup."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from stories.backups import archive, restoring
from stories.database.availability import Unreachable, reach
from stories.management.commands.backup import said


class Command(BaseCommand):
    help = (
        "Make the database and the uploads what a backup has, whichever of SQLite and PostgreSQL it is from. "
        "A database that is not empty is left alone without --replace."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument("--check", action="store_true", help="only read it through and say what is in it")
        parser.add_argument("--replace", action="store_true", help="put it in the place of what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            if options["check"]:
                manifest, done = archive.check(options["file"]), "Whole"
            else:
                reach(DEFAULT_DB_ALIAS)
                manifest = restoring.restore(options["file"], replace=options["replace"])
                done = "Restored, and every row compared"
        except (archive.Damaged, restoring.Refused, Unreachable) as error:
            raise CommandError(str(error)) from error
        except (OSError, DatabaseError) as error:
            raise CommandError(f"Nothing was restored: {error}") from error
        self.stdout.write(
            f"{done}, in {time.monotonic() - began:.0f} s: {said(manifest)}, of {manifest.made_at[:19]}Z."
        )
