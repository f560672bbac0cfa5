"""Rebuild what the database derives from rows: the search index, `public_from`, planner statistics."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS

from stories.actions import indexing


class Command(BaseCommand):
    help = (
        "Make anew from the rows what the database keeps beside them: the search index, since when readers "
        "may see each claim, and the planner's statistics. The database keeps the first two right by itself; "
        "this is for one that was restored or changed by other means, or has grown much."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, help="which database (default: %(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = indexing.reindex_all(options["database"])
        self.stdout.write(
            f"Indexed {counts['article']} stories, {counts['claim']} claims "
            f"and {counts['politician']} people."
        )
