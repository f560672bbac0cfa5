"""Delete what is over."""

from typing import Any

from django.core.management.base import BaseCommand

from stories.actions import tidying


class Command(BaseCommand):
    help = (
        "Delete what is over: sessions, records of signing in of more than 90 days ago, share links that "
        "ended so long ago, and versions older than KEEP_VERSIONS_DAYS. For every day; nobody waits for it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = {what: number for what, number in tidying.tidy().items() if number}
        said = ", ".join(f"{number:,} {what}" for what, number in deleted.items())
        self.stdout.write(f"Deleted {said}." if said else "Nothing was over.")
