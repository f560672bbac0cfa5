"""Changes of the tables while people work: none of them keeps a save waiting for a second.

PostgreSQL's triggers are put up and taken down under a lock of their table, and whoever wants to write waits
behind the one who waits for a lock: so it is asked for a short while only, and again later. What triggers
keep is made anew in batches, each a transaction of its own.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

import time
from collections.abc import Callable, Iterator

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError

BATCH = 1000  # rows; their index tables are made anew in some 0.2 s
LOCK_WAIT = "300ms"  # less than PostgreSQL takes to end one of two who wait for each other (1 s)
PAUSE, ATTEMPTS = 1, 600  # seconds between two attempts to get the locks: given up after some 13 minutes
NO_LOCK = "55P03"  # PostgreSQL's code for a lock that was not got in time
LARGEST = 2**63 - 1


def ranges(connection: BaseDatabaseWrapper, table: str, size: int = BATCH) -> Iterator[tuple[int, int]]:
    """Yield the first and last id of ranges that hold `size` rows of the table each, the newest rows first.

    Together they hold every number there is, also those of rows that are gone.
    """
    last = LARGEST
    while last >= 0:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*), MIN(id) FROM "
                f"(SELECT id FROM {table} WHERE id <= %s ORDER BY id DESC LIMIT %s) AS batch",
                [last, size],
            )
            found, least = cursor.fetchone()
        first = least if found == size else 0
        yield first, last
        last = first - 1


def patiently(connection: BaseDatabaseWrapper, change: Callable[[], None]) -> None:
    """Do `change`, which locks whole tables, in a transaction that is tried again until it has its locks.

    Raises OperationalError if it has not got them after `ATTEMPTS`.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        with transaction.atomic(using=connection.alias):
            change()
        return
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic(using=connection.alias):
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
                change()
            return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != NO_LOCK or attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE)
