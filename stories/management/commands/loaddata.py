"""Django's loaddata with the triggers disabled; what they derive is rebuilt once, at the end."""

from typing import Any

from django.core.management.commands import loaddata

from stories.database import bulk_load


class Command(loaddata.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with bulk_load.triggers_disabled(options["database"]):
            super().handle(*args, **options)
