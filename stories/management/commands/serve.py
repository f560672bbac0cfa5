"""Serve the site with gunicorn, as quickstart does at its end."""

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

# The README's line and the unit for systemd have the same.
GUNICORN = "--worker-class gthread --workers 2 --threads 4 --max-requests 20000 --no-control-socket"


class Command(BaseCommand):
    help = "Serve the site until Ctrl-C stops it. It has to be set up: see quickstart, or migrate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_address(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        require_free(options["address"])
        serve(options["address"])


def add_address(parser: ArgumentParser) -> None:
    """Add the argument that says where to serve."""
    parser.add_argument(
        "--address",
        default="127.0.0.1:8000",
        metavar="HOST:PORT",
        help="where to serve (default: %(default)s)",
    )


def require_free(address: str) -> None:
    """Raise CommandError if the address is not HOST:PORT, or something listens there already."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"--address is {address!r}; give it as HOST:PORT, such as 127.0.0.1:8000.")
    with socket.socket() as probe:
        if probe.connect_ex((host, int(port))) == 0:
            raise CommandError(
                f"Something is serving at {address} already; stop it, or give another --address."
            )


def serve(address: str) -> None:
    """Replace this process by gunicorn, so that signals reach it."""
    sys.stdout.flush()
    os.chdir(settings.BASE_DIR)
    gunicorn = [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--bind", address, *GUNICORN.split()]
    os.execv(sys.executable, gunicorn)  # noqa: S606  (fixed words, no shell)
