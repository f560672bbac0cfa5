"""Django's own command, which first says in a sentence why the database cannot be reached, if it cannot."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate

from stories.database.availability import Unreachable, reach


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> Any:  # before the checks, which ask the database too
        try:
            reach(options["database"])
        except Unreachable as error:
            raise CommandError(str(error)) from error
        return super().execute(*args, **options)
