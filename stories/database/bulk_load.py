"""Bulk loads: triggers taken down while many rows are written, and statistics for the query planner.

The search index and `public_from` are kept by triggers, row by row. That is right for single edits, and takes
most of the time of writing many rows; a bulk load makes both once, from the rows, at its end.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from stories.database import public_from
from stories.search import schema


@contextmanager
def triggers_disabled(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """A bulk load: the triggers are down within, up and made good after it, whether it ended well or not.

    A process killed within leaves them down; `manage.py reindex` and `manage.py migrate` put them up.
    """
    connection = connections[using]
    schema.remove(connection)
    public_from.remove(connection)
    try:
        yield
    finally:
        vacuum_analyze(
            connection
        )  # what follows joins every row there is, which takes a plan that knows of them
        public_from.install(connection)
        schema.install(connection)
        vacuum_analyze(connection)


def vacuum_analyze(connection: BaseDatabaseWrapper) -> None:
    """Let the planner know what is in the tables now, and where it can the dead rows go.

    VACUUM also lets PostgreSQL answer from an index alone; neither database has it inside a transaction.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            cursor.execute("VACUUM (ANALYZE)")
        else:
            cursor.execute("ANALYZE")
