"""Whether the database can be reached, asked directly: a pool only says that it waited."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError, InterfaceError, OperationalError

if TYPE_CHECKING:
    import psycopg

WAIT = 2  # seconds; the least that PostgreSQL's library takes


class Unreachable(Exception):
    """The database cannot be reached; says why in a sentence."""


def reach(alias: str) -> None:
    """Connect once, without the pool. Raises Unreachable."""
    connection: Any = connections[alias]  # the stubs do not know its driver
    try:
        if connection.vendor == "postgresql":
            asked = connection.get_connection_params() | {"connect_timeout": WAIT}
            connection.Database.connect(**asked).close()
        else:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA user_version")
    except (DatabaseError, connection.Database.Error, ImproperlyConfigured) as error:
        reason = (str(error).splitlines() or ["no reason given"])[0].rstrip(".")
        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            raise Unreachable(
                f"The database file {name} cannot be used ({reason}). NEWSROOM_DATA_DIR must be a folder "
                "that this account may write to."
            ) from error
        raise Unreachable(
            f"The database “{name}” cannot be reached: {reason}. Check DATABASE_URL."
        ) from error


def is_outage(error: BaseException | None) -> bool:
    """Whether an error says that the database is away, full, or too busy: it may do in a minute.

    One that a statement is wrong for these tables does not; SQLite has the same class for both.
    """
    statement = getattr(getattr(error, "__cause__", None), "sqlite_errorname", "") == "SQLITE_ERROR"
    return isinstance(error, OperationalError | InterfaceError) and not statement


def check(connection: "psycopg.Connection") -> None:
    """What the pool asks of a connection before it gives it to a page: raises unless it answers in time.

    Where one is dead (the server was restarted) or silent (it hangs), all that wait in the pool are: they are
    replaced at once, for the pool itself tries one a second.
    """
    from psycopg import OperationalError, generators, pq

    try:
        connection.pgconn.send_query(b"")
        results = connection.wait(generators.execute(connection.pgconn), timeout=WAIT)
        if [result.status for result in results] != [pq.ExecStatus.EMPTY_QUERY]:
            raise OperationalError("The server has closed the connection.")
    except Exception:
        connection._pool.drain()  # type: ignore[union-attr]
        raise


def use_check(connection: Any, **kwargs: object) -> None:
    """A receiver of `connection_created`: the check that Django gives its pools waits for ever."""
    if connection.vendor == "postgresql" and connection.pool:
        connection.pool._check = check


def without_jit(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """A receiver of `connection_created`: compiling a query (jit) takes longer than any of ours.

    Said once on each connection of the pool, as a statement: PgBouncer refuses options at the start.
    """
    raw = connection.connection
    if connection.vendor == "postgresql" and not getattr(raw, "is_without_jit", False):
        raw.execute("SET jit = off")
        raw.is_without_jit = True
