"""Set up a running site in one command: database, roles, an account, the seed dispatches, the server."""

import os
import secrets
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.urls import reverse

from stories.actions import permissions

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
        parser.add_argument(
            "--address",
            default="127.0.0.1:8000",
            metavar="HOST:PORT",
            help="where to serve (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = read_address(options["address"])
        if not options["no_server"] and is_taken(host, port):
            raise CommandError(
                f"Something is serving at {host}:{port} already; stop it, or give another --address."
            )
        self.stdout.write("Setting up the database …")
        call_command("migrate", verbosity=0)
        permissions.set_up_roles()
        call_command("collectstatic", interactive=False, verbosity=0)
        password = make_editor()
        call_command(
            "import_seeds",
            str(Path(settings.BASE_DIR) / "seeds"),
            publish=True,
            accept_above=ACCEPT_ABOVE,
            stdout=self.stdout,
            stderr=self.stderr,
        )
        cache.set("quickstart", 1)
        if cache.get("quickstart") != 1:
            self.stderr.write("The cache at CACHE_URL does not answer; pages are slower until it does.")
        self.say_where(f"http://{host}:{port}", password)
        if not options["no_server"]:
            serve(host, port)

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


def read_address(address: str) -> tuple[str, int]:
    """Parse HOST:PORT. Raises CommandError."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"--address is {address!r}; give it as HOST:PORT, such as 127.0.0.1:8000.")
    return host, int(port)


def is_taken(host: str, port: int) -> bool:
    """Return whether something listens at the address."""
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def serve(host: str, port: int) -> None:
    """Replace this process by gunicorn, so that signals reach it."""
    sys.stdout.flush()
    gunicorn = [sys.executable, "-m", "gunicorn", "newsroom.wsgi", f"--bind={host}:{port}"]
    how = ["--worker-class=gthread", "--workers=2", "--threads=4", "--max-requests=20000"]
    os.chdir(settings.BASE_DIR)
    os.execv(sys.executable, [*gunicorn, *how])  # noqa: S606  (fixed words, no shell)
