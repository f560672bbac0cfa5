"""Many rows at once, and what the database has to be told afterwards.

The search index and `public_from` are kept by triggers, row by row: right for a newsroom, and most of the
time of filling one. For a bulk load they stand aside and are made once from the rows there are at its end.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from stories.database import public_from
from stories.search import schema


@contextmanager
def loading(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """A bulk load: the triggers are down within, up and made good after it, whether it ended well or not.

    A process killed within leaves them down; `manage.py reindex` and `manage.py migrate` put them up.
    """
    connection = connections[using]
    schema.remove(connection)
    public_from.remove(connection)
    try:
        yield
    finally:
        tidy(connection)  # what follows joins every row there is, which takes a plan that knows of them
        public_from.install(connection)
        schema.install(connection)
        tidy(connection)


def tidy(connection: BaseDatabaseWrapper) -> None:
    """Let the planner know what is in the tables now, and where it can the dead rows go.

    VACUUM also lets PostgreSQL answer from an index alone; neither database has it inside a transaction.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            cursor.execute("VACUUM (ANALYZE)")
        else:
            cursor.execute("ANALYZE")
