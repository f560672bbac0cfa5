"""What the database lacks of what the models say: tables, columns, indexes, constraints and triggers.

Names of applied migrations do not tell: a migration edited after it was applied, or a statement typed by
hand, leaves a database that every page fails on. Asked in four statements, quickly enough for each probe.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from stories.database import public_from

QUERIES = {
    "postgresql": {
        "columns": """
            SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND a.attnum > 0
            AND NOT a.attisdropped""",
        "indexes": """
            SELECT t.relname, i.relname, x.indisunique AND x.indpred IS NULL,
                (SELECT string_agg(a.attname, ',' ORDER BY k.n)
                 FROM unnest(x.indkey) WITH ORDINALITY AS k(number, n)
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number)
            FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
            WHERE pg_table_is_visible(t.oid) AND x.indisvalid""",
        "constraints": """
            SELECT t.relname, k.conname FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
            WHERE pg_table_is_visible(t.oid)""",
        "triggers": """
            SELECT t.relname, g.tgname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
            WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND pg_table_is_visible(t.oid)""",
    },
    "sqlite": {
        "columns": """
            SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%%'""",
        "indexes": """
            SELECT m.name, i.name, i."unique" AND NOT i.partial,
                (SELECT group_concat(name, ',')
                 FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
            FROM sqlite_master m JOIN pragma_index_list(m.name) i
            WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%%'""",
        # A table's own text names its constraints; it is looked into below.
        "constraints": "SELECT name, sql FROM sqlite_master WHERE type = 'table'",
        "triggers": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    },
}


def migrations_waiting(connection: BaseDatabaseWrapper) -> int:
    """How many migrations are not applied yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """A phrase for each thing the database lacks, such as "column stories_author.desk_phone"; sorted."""
    with connection.cursor() as cursor:
        there: dict[str, list[Any]] = {}
        for what, query in QUERIES[connection.vendor].items():
            cursor.execute(query)
            there[what] = cursor.fetchall()
    columns: dict[str, set[str]] = defaultdict(set)
    for table, column in there["columns"]:
        columns[table].add(column)
    longest = connection.ops.max_name_length()  # of a name, where the database cuts it
    found = [*_of_models(columns, there, longest), *_of_triggers(connection, there["triggers"])]
    return sorted(set(found))


def _of_models(
    columns: dict[str, set[str]], there: dict[str, list[Any]], longest: int | None
) -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        options, table = model._meta, model._meta.db_table
        if not options.managed or options.proxy:
            continue
        if table not in columns:
            yield f"table {table}"
            continue
        yield from _of_fields(options, columns[table], there["indexes"])
        named = {name for owner, name, *_ in there["indexes"] if owner == table}
        texts = [text for owner, text in there["constraints"] if owner == table]
        for index in options.indexes:
            if index.name not in named:
                yield f"index {index.name} on {table}"
        for constraint in options.constraints:
            name = constraint.name[:longest]
            if name not in named and not any(name == text or f'"{name}"' in text for text in texts):
                yield f"constraint {name} on {table}"


def _of_fields(options: Any, columns: set[str], indexes: list[Any]) -> Iterator[str]:
    """The columns of a model that are missing, and the indexes that its fields ask for."""
    table = options.db_table
    for field in options.local_concrete_fields:
        if field.column not in columns:
            yield f"column {table}.{field.column}"
        elif not field.primary_key and not _is_indexed(field, table, indexes):
            yield f"index on {table}.{field.column}"


def _is_indexed(field: Any, table: str, indexes: list[Any]) -> bool:
    """Whether the index or the uniqueness that the field itself asks for is there."""
    own = [(unique, names.split(",")) for owner, _, unique, names in indexes if owner == table and names]
    if field.unique:
        return any(unique and names == [field.column] for unique, names in own)
    return not field.db_index or any(names[0] == field.column for _, names in own)


def _of_triggers(connection: BaseDatabaseWrapper, there: list[Any]) -> Iterator[str]:
    known = set(there)
    for trigger in public_from.every_trigger(connection):
        if (trigger.table, trigger.name) not in known:
            yield f"trigger {trigger.name} on {trigger.table}"
