"""Triggers in either database's words. Fixed SQL: nothing that anybody typed is in it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from django.db.backends.base.base import BaseDatabaseWrapper

from stories import batches

NOW = "THIS_MOMENT"  # in a trigger's statements: when they run, in UTC
MOMENT = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "clock_timestamp()"}


@dataclass(frozen=True, slots=True)
class Trigger:
    """After `event` on a row of `table`, when the condition `when` holds (always, if empty), do `then`.

    With a `refusal`, `then` is a query: if it finds a row, the change is refused with an IntegrityError.
    PostgreSQL does `first` before it: locks, which SQLite with its one writer has no need of.
    """

    name: str
    event: str
    table: str
    when: str
    then: str
    first: str = ""
    refusal: str = ""

    def mentions(self, tables: Iterable[str]) -> bool:
        """Whether the trigger is on one of the tables, or reads or writes it."""
        said = " ".join((self.table, self.when, self.then, self.first))
        return any(re.search(rf"\b{re.escape(table)}\b", said) for table in tables)


def differing(connection: BaseDatabaseWrapper, wanted: Iterable[Trigger]) -> list[Trigger]:
    """Those of `wanted` that are not up, or were put up with other statements than this release's.

    SQLite keeps the text of a trigger. PostgreSQL keeps what it made of it, so that each has a comment with
    the fingerprint of its statements; one that is disabled is not up.
    """
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = """
            SELECT g.tgname, obj_description(g.oid, 'pg_trigger')
            FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
            WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND pg_table_is_visible(t.oid)"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = dict(cursor.fetchall())
    return [trigger for trigger in wanted if found.get(trigger.name) != _known_by(connection, trigger)]


def put_up(connection: BaseDatabaseWrapper, wanted: Iterable[Trigger]) -> None:
    """Put the triggers up, in place of those of the same names."""
    with connection.cursor() as cursor:
        for trigger in wanted:
            cursor.execute(down(connection, trigger))
            for statement in _statements(connection, trigger):
                cursor.execute(statement)
            if connection.vendor == "postgresql":
                known_by = _known_by(connection, trigger)
                cursor.execute(f"COMMENT ON TRIGGER {trigger.name} ON {trigger.table} IS '{known_by}'")


def take_down(connection: BaseDatabaseWrapper, unwanted: Iterable[Trigger]) -> None:
    """Take the triggers down, as far as they are there."""
    with connection.cursor() as cursor:
        for trigger in unwanted:
            cursor.execute(down(connection, trigger))


def table_by_table(
    connection: BaseDatabaseWrapper,
    triggers: Iterable[Trigger],
    change: Callable[[BaseDatabaseWrapper, list[Trigger]], None],
) -> None:
    """Put triggers up or take them down (`change`), with one table locked at a time."""
    of_table: dict[str, list[Trigger]] = {}
    for trigger in triggers:
        of_table.setdefault(trigger.table, []).append(trigger)
    for some in of_table.values():
        batches.patiently(connection, partial(change, connection, some))


def _known_by(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    statements = _statements(connection, trigger)
    if connection.vendor == "postgresql":
        return sha256("\n".join(statements).encode()).hexdigest()[:32]
    return statements[0]


def _statements(connection: BaseDatabaseWrapper, trigger: Trigger) -> list[str]:
    moment = MOMENT[connection.vendor]
    if connection.vendor == "postgresql":
        when = f"WHEN ({trigger.when})" if trigger.when else ""
        then = trigger.then.replace(NOW, moment)
        if trigger.refusal:
            refused = f"RAISE EXCEPTION '{trigger.refusal}' USING ERRCODE = 'foreign_key_violation'"
            then = f"IF EXISTS ({then}) THEN {refused}; END IF"
        body = "; ".join(filter(None, [trigger.first, then]))
        return [
            f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NULL; END $$",
            f"CREATE TRIGGER {trigger.name} AFTER {trigger.event} ON {trigger.table} "
            f"FOR EACH ROW {when} EXECUTE FUNCTION {trigger.name}()",
        ]
    when = f"WHEN {trigger.when.replace('IS DISTINCT FROM', 'IS NOT')}" if trigger.when else ""
    then = trigger.then.replace("IS DISTINCT FROM", "IS NOT").replace(NOW, moment)
    if trigger.refusal:
        then = f"SELECT RAISE(ABORT, '{trigger.refusal}') WHERE EXISTS ({then})"
    return [
        f"CREATE TRIGGER {trigger.name} AFTER {trigger.event} ON {trigger.table} {when} BEGIN {then}; END"
    ]


def down(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    """The statement that takes it down, if it is there."""
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {trigger.name}{on}"
