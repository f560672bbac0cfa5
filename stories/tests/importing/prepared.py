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

from django.conf import settings  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import connections  # noqa: E402

from stories.actions.imports import jobs  # noqa: E402
from stories.extraction import extract  # noqa: E402
from stories.management.commands import import_seeds  # noqa: E402
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


def hand_over(database: str, broker: str, folder: Path, arguments: Sequence[str], told: Connection) -> None:
    """As `run`, through the queue of Celery's workers: a few files in each task, and little patience."""
    _use(broker)
    import_seeds.PATIENCE, import_seeds.LOOK = 0.5, 0.05
    run(database, folder, [*arguments, "--queue"], told)


def work(database: str, broker: str, told: Connection) -> None:
    """Be one of Celery's workers."""
    _use(broker)
    connections.databases["default"]["NAME"] = database
    from newsroom.celery import app

    app.worker_main(["worker", *WORKER.split(), "--hostname", f"{os.getpid()}@localhost"])


WORKER = "--pool solo --loglevel ERROR --without-gossip --without-mingle --queues reading,filing,chores"


def _use(broker: str) -> None:
    settings.CELERY_BROKER_URL = broker
    jobs.READ_AT_ONCE = jobs.FILED_AT_ONCE = 2


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
