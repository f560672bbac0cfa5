"""Imports in processes of their own, each forked from one that has loaded everything: they can be killed.

Importing this module sets Django up and reads the weights; `START` says so to the process that forks.
"""

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import CommandError, call_command  # noqa: E402
from django.db import connections  # noqa: E402

from stories.extraction import extract  # noqa: E402
from stories.tests.importing.rows import everything  # noqa: E402

START = multiprocessing.get_context("forkserver")
START.set_forkserver_preload([__name__])
extract("“The wall will stand,” said Ada Lowther, the mayor.")


class Told:
    """A stream whose every line is sent to whoever waits for it."""

    def __init__(self, to: Connection) -> None:
        self.to = to

    def write(self, text: str) -> None:
        self.to.send(text)

    def flush(self) -> None:
        """Each line has gone already."""


def run(database: str, folder: Path, arguments: Sequence[str], told: Connection) -> None:
    """Import what lies in `folder` into that database, and tell each line. Exits as the command does."""
    os.chdir(folder)
    connections.databases["default"]["NAME"] = database
    try:
        call_command(*arguments, stdout=Told(told))
    except CommandError as error:
        sys.exit(error.returncode)


def tell(database: str, told: Connection) -> None:
    """Send every row of the database by its content."""
    connections.databases["default"]["NAME"] = database
    told.send(json.loads(json.dumps(everything(), default=str)))


def start(do: Any, *arguments: Any) -> tuple[Any, Connection]:
    """A process that does it, begun, and where it tells of it."""
    here, there = START.Pipe(duplex=False)
    process = START.Process(target=do, args=(*arguments, there))
    process.start()
    there.close()
    return process, here
