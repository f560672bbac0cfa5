"""Set up a running site in one command: database, roles, an account, the seed dispatches, the server."""

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.urls import reverse

from stories import first_newsroom
from stories.actions import permissions
from stories.management.commands import serve
from stories.models import Article

EDITOR = "editor"
# Confidence. The seed dispatches were written for this and read; less certain claims wait for review.
ACCEPT_ABOVE = 0.75


class Command(BaseCommand):
    help = (
        "Set up the database, the roles and an editor's login, import and publish the dispatches in seeds/, "
        "and serve the site. Run again, it changes nothing that a person has changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-server", action="store_true", help="stop before serving")
        serve.add_address(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["no_server"]:
            serve.require_free(options["address"])
        self.stdout.write("Setting up the database …")
        call_command("migrate", verbosity=0)
        permissions.set_up_roles()
        call_command("collectstatic", interactive=False, verbosity=0)
        password = make_editor()
        empty = not Article.objects.exists()
        call_command(
            "import_seeds",
            str(Path(settings.BASE_DIR) / "seeds"),
            publish=True,
            accept_above=ACCEPT_ABOVE,
            stdout=self.stdout,
            stderr=self.stderr,
        )
        if empty:
            self.stdout.write("Adding people, verdicts, a correction and pictures …")
            first_newsroom.furnish(by=get_user_model()._default_manager.get(username=EDITOR))
        cache.set("quickstart", 1)
        if cache.get("quickstart") != 1:
            self.stderr.write("The cache at CACHE_URL does not answer; pages are slower until it does.")
        self.say_where(f"http://{options['address']}", password)
        if not options["no_server"]:
            serve.serve(options["address"])

    def say_where(self, site: str, password: str | None) -> None:
        """Print the addresses of the site and the admin, and the new account's password."""
        lines = [
            "",
            f"  Readers     {site}{reverse('stories:front')}",
            f"  Editors     {site}{reverse('admin:index')}",
        ]
        if password:
            lines += [f"              name {EDITOR}, password {password}"]
            lines += ["", "  The password is not shown again."]
        else:
            lines += [f"              name {EDITOR}, the password as you have it"]
        lines += ["", "  Ctrl-C stops it; manage.py serve starts it again."]
        self.stdout.write("\n".join([*lines, ""]))


def make_editor() -> str | None:
    """Create the editor's account and return its password; return None if the account exists."""
    users = get_user_model()._default_manager
    if users.filter(username=EDITOR).exists():
        return None
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user = users.create_user(username=EDITOR, password=password, is_staff=True)  # type: ignore[attr-defined]
    user.groups.set(Group.objects.filter(name__in=[permissions.EDITOR, permissions.IMPORT_STAFF]))
    return password
