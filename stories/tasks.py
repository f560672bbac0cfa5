"""Celery's tasks: each calls one function, and doing it twice changes nothing.

newsroom/celery.py says which of them are due when.
"""

from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError

from stories import task_queue
from stories.actions import indexing, picture_library, tidying
from stories.actions.imports import jobs
from stories.backups import writing
from stories.formats import dumps

# A database or broker that is away is back soon; an import that waits longer than this is taken up again.
AGAIN = {
    "autoretry_for": (OperationalError, InterfaceError, task_queue.Away),
    "retry_backoff": True,
    "retry_backoff_max": 60,
    "max_retries": 5,
}
BACKUPS_KEPT = timedelta(days=30)


@shared_task(name="stories.read_copy", **AGAIN)
def read_copy(job: int, first: int, last: int) -> None:
    """Read the files of a waiting import that have these numbers."""
    jobs.read_piece(job, first, last)


@shared_task(name="stories.file_copy", **AGAIN)
def file_copy(job: int) -> None:
    """File what is read of a waiting import, or try it out."""
    jobs.file_piece(job)


@shared_task(name="stories.take_up_imports", **AGAIN)
def take_up_imports() -> None:
    """Go on with imports whose tasks were lost."""
    jobs.take_up()


@shared_task(name="stories.write_data")
def write_data() -> None:
    """Write the files of /data/, if they are due."""
    dumps.write_if_due()


@shared_task(name="stories.back_up")
def back_up() -> None:
    """Write the day's backup, and delete those older than 30 days."""
    writing.write_daily(Path(settings.DATA_DIR) / "backups", keep=BACKUPS_KEPT)


@shared_task(name="stories.tidy")
def tidy() -> None:
    """Delete what is over."""
    tidying.tidy()


@shared_task(name="stories.index_claims")
def index_claims() -> None:
    """File claims that wait for the index of similar ones."""
    indexing.file_waiting()


@shared_task(name="stories.reindex")
def reindex() -> None:
    """Make anew what the database keeps beside the rows."""
    indexing.reindex_all()


@shared_task(name="stories.make_sizes")
def make_sizes() -> None:
    """Make the sizes of pictures that readers will ask for."""
    picture_library.make_sizes()
