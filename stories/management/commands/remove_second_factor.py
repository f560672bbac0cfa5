"""Remove the second factor of somebody who has lost it."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories.actions import second_factor


class Command(BaseCommand):
    help = "Remove the second factor of an account whose app and recovery codes are lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        if not second_factor.has_one(user):
            raise CommandError(f"{user.username} has no second factor.")
        second_factor.remove(user=user, by=None)
        self.stdout.write(f"{user.username} signs in without a second factor now.")
