"""Create the groups of staff, or correct their permissions."""

from typing import Any

from django.core.management.base import BaseCommand

from stories.actions import permissions


class Command(BaseCommand):
    help = "Make the groups Reporter, Fact-checker, Editor and Import staff, or set their permissions right."

    def handle(self, *args: Any, **options: Any) -> None:
        done = permissions.set_up_roles()
        if done.made:
            self.stdout.write(f"Made: {', '.join(done.made)}.")
        if done.added or done.removed:
            self.stdout.write(f"Permissions: {done.added} added, {done.removed} removed.")
        else:
            self.stdout.write("Every group has its permissions already.")
