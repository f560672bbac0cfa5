"""Triggers in either database's words. Fixed SQL: nothing that anybody typed is in it."""

# ruff: noqa: S608

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


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


def up(connection: BaseDatabaseWrapper, trigger: Trigger) -> list[str]:
    """The statements that put a trigger up (again)."""
    if connection.vendor == "postgresql":
        when = f"WHEN ({trigger.when})" if trigger.when else ""
        then = trigger.then
        if trigger.refusal:
            refused = f"RAISE EXCEPTION '{trigger.refusal}' USING ERRCODE = 'foreign_key_violation'"
            then = f"IF EXISTS ({then}) THEN {refused}; END IF"
        body = "; ".join(filter(None, [trigger.first, then]))
        return [
            f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NULL; END $$",
            f"CREATE OR REPLACE TRIGGER {trigger.name} AFTER {trigger.event} ON {trigger.table} "
            f"FOR EACH ROW {when} EXECUTE FUNCTION {trigger.name}()",
        ]
    when = f"WHEN {trigger.when.replace('IS DISTINCT FROM', 'IS NOT')}" if trigger.when else ""
    then = trigger.then.replace("IS DISTINCT FROM", "IS NOT")
    if trigger.refusal:
        then = f"SELECT RAISE(ABORT, '{trigger.refusal}') WHERE EXISTS ({then})"
    return [
        f"DROP TRIGGER IF EXISTS {trigger.name}",
        f"CREATE TRIGGER {trigger.name} AFTER {trigger.event} ON {trigger.table} {when} BEGIN {then}; END",
    ]


def down(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    """The statement that takes it down, if it is there."""
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {trigger.name}{on}"
