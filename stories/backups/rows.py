"""Rows on their way between a database and a backup."""

# The SQL is put together from the names of tables and columns.
# ruff: noqa: S608

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from stories.backups.archive import Table, encoded
from stories.models import ClaimHeading, PictureUse, StoryPerson

AT_ONCE = 2000  # rows
DERIVED = {ClaimHeading, PictureUse, StoryPerson}
LEFT_OUT = {"sessions.Session"}
KINDS: "tuple[tuple[type[models.Field[Any, Any]], str], ...]" = (
    (models.DateTimeField, "moment"),
    (models.DateField, "day"),
    (models.JSONField, "json"),
    (models.BinaryField, "bytes"),
)


def kept_models() -> list[type[models.Model]]:
    """The models whose rows a backup has, by the names of their tables."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model not in DERIVED
        and model._meta.label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def kind_of(field: "models.Field[Any, Any]") -> str:
    """How a column's values stand in a backup: "moment", "day", "json", "json or null", "bytes" (in base64),
    or "" as they are."""
    kind = next((kind for type_, kind in KINDS if isinstance(field, type_)), "")
    return "json or null" if kind == "json" and field.null else kind


def described(model: type[models.Model]) -> Table:
    """A table of a backup with the columns that the model has, and no rows yet."""
    fields = model._meta.concrete_fields
    return Table(model._meta.db_table, [(str(one.column), kind_of(one)) for one in fields])


def read(model: type[models.Model], using: str) -> Iterator[tuple[Any, ...]]:
    """All rows of a model by primary key, their values in the order of its columns."""
    names = [field.attname for field in model._meta.concrete_fields]
    return iter(
        model._base_manager.using(using).order_by("pk").values_list(*names).iterator(chunk_size=AT_ONCE)
    )


def digest(model: type[models.Model], using: str) -> str:
    """The SHA-256 of a table's rows as a backup would have them."""
    found = sha256()
    for row in read(model, using):
        found.update(encoded(row))
    return found.hexdigest()


def last_number(connection: BaseDatabaseWrapper, table: str) -> int | None:
    """The highest number that the table ever gave to a row; None if it numbers none by itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            return found and int(found[0])
        if not (sequence := _sequence(cursor, table)):
            return None
        cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
        last, called = cursor.fetchone()
        return int(last) if called else None


def go_on_after(connection: BaseDatabaseWrapper, table: str, last: int | None) -> None:
    """Number the table's next row higher than `last` and than every row it has."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            if last:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
            return
        if sequence := _sequence(cursor, table):
            cursor.execute(f'SELECT greatest(max(id), %s) FROM "{table}"', [last])
            (highest,) = cursor.fetchone()
            cursor.execute("SELECT setval(%s, %s, %s)", [sequence, highest or 1, bool(highest)])


def _sequence(cursor: Any, table: str) -> str | None:
    cursor.execute(
        "SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'id' AND attnum > 0",
        [f'"{table}"'],
    )
    if not cursor.fetchone():
        return None
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
    found = cursor.fetchone()[0]
    return str(found) if found else None


def write(connection: BaseDatabaseWrapper, table: Table, rows: Iterator[list[Any]]) -> int:
    """Put rows of a backup into the table, by its columns; how many. No model has a say in it."""
    ways = [(place, _way(connection, kind)) for place, (_, kind) in enumerate(table.columns) if kind]
    columns = ", ".join(f'"{name}"' for name, _ in table.columns)

    def ready() -> Iterator[list[Any]]:
        for row in rows:
            for place, way in ways:
                row[place] = way(row[place])
            yield row

    count = 0
    if connection.vendor == "postgresql":
        raw: Any = connection.connection
        with raw.cursor().copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in ready():
                copy.write_row(row)
                count += 1
        return count
    places = ", ".join(["%s"] * len(table.columns))
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})'
    waiting: list[list[Any]] = []
    with connection.cursor() as cursor:
        for row in ready():
            waiting.append(row)
            count += 1
            if len(waiting) == AT_ONCE:
                cursor.executemany(statement, waiting)
                waiting.clear()
        cursor.executemany(statement, waiting)
    return count


def _way(connection: BaseDatabaseWrapper, kind: str) -> Callable[[Any], Any]:
    """What makes of a value in a backup one that the database takes."""
    operations = connection.ops

    def moment(value: str | None) -> Any:
        return value and operations.adapt_datetimefield_value(datetime.fromisoformat(value))

    def day(value: str | None) -> Any:
        return value and operations.adapt_datefield_value(date.fromisoformat(value))

    def as_json(value: Any) -> Any:
        return json.dumps(value)

    def json_or_null(value: Any) -> Any:
        return None if value is None else json.dumps(value)

    def bytes_(value: str | None) -> Any:
        return None if value is None else b64decode(value)

    ways = {"moment": moment, "day": day, "json": as_json, "json or null": json_or_null, "bytes": bytes_}
    return ways[kind]
