"""The version of all that readers are shown: while it is the same, every page is the same.

It is made of the count of changes and of what changes with the clock alone: the day, the newest story whose
time has come, or which is as old as one of `AGES`, and the last choice of the front page that has ended. One
statement, answered from indexes.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from stories.database import change_counter, triggers

# For how long a story is news: in the news sitemap, and in what is talked about "this week".
NEWS_AGE, A_WEEK = datetime.timedelta(days=2), datetime.timedelta(days=7)
NEWEST = "(SELECT {column} FROM stories_article WHERE {which}{column} <= %s ORDER BY {column} DESC LIMIT 1)"
PUBLISHED = NEWEST.format(column="published_at", which="status = 'published' AND ")
FIRST = NEWEST.format(column="first_published_at", which="")
ENDED = "(SELECT MAX(until) FROM stories_frontplace WHERE until <= %s)"
# Beside each moment that is looked for, how long ago it must have been.
MOMENTS = (
    (PUBLISHED, datetime.timedelta()),
    (PUBLISHED, NEWS_AGE),
    (FIRST, NEWS_AGE),
    (PUBLISHED, A_WEEK),
    (ENDED, datetime.timedelta()),
)
QUERY = f"SELECT SUM(number), MIN(counter), {', '.join(moment for moment, _ in MOMENTS)} FROM {change_counter.TABLE}"  # noqa: S608, E501

_known: ContextVar[list[str | None] | None] = ContextVar("site_version", default=None)
_databases_with_triggers: set[object] = set()


def read() -> str | None:
    """Ask the database for the version now.

    None while it does not count changes: triggers are down, or are those of another release. Raises
    django.db.Error if the database cannot be asked.
    """
    connection, now = connections[DEFAULT_DB_ALIAS], timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [connection.ops.adapt_datetimefield_value(now - age) for _, age in MOMENTS])
        number, least, *moments = cursor.fetchone()
    if not number or least == change_counter.PAUSED or not _counts(connection):
        return None
    return f"{number} {timezone.localdate(now)} {' '.join(map(str, moments))}"


def current() -> str | None:
    """Return the version as `read` does; within `one_version` ask for it once."""
    known = _known.get()
    if known is None:
        return read()
    if not known:
        known.append(read())
    return known[0]


@contextmanager
def one_version(known: str | None = None) -> Iterator[None]:
    """Let `current` answer the same from its first call on, or `known`, if it is given: for one page."""
    token = _known.set([] if known is None else [known])
    try:
        yield
    finally:
        _known.reset(token)


def _counts(connection: BaseDatabaseWrapper) -> bool:
    """Return whether this release's triggers are up; asked until they are, then taken for granted.

    Whoever takes them down says so: see `change_counter.pause`.
    """
    name = connection.settings_dict["NAME"]
    if name not in _databases_with_triggers:
        if triggers.differing(connection, change_counter.watching(connection)):
            return False
        _databases_with_triggers.add(name)
    return True
