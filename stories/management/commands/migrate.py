"""Django's migrate, with a one-sentence error if the database cannot be reached."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate

from stories.database.availability import Unreachable, reach


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> Any:  # the system checks in it use the database too
        try:
            reach(options["database"])
        except Unreachable as error:
            raise CommandError(str(error)) from error
        return super().execute(*args, **options)
