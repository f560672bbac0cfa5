"""The tables and triggers of the search index, in each database's own words.

The index is derived: it holds nothing that the rows do not say, and the database itself keeps it right, in
the transaction that changes a row, whoever changes it. It holds every story and every claim (the desk looks
for drafts and for claims to review), confirmed people, and all parties, topics, outlets and authors; whether
a reader may see one is asked of `published()` at every search.

It stands outside the migrations: it is put up after a `migrate` that finds it missing or of another release,
and taken down before one that changes a table it reads. SQLite builds a changed table anew, which loses the
triggers on it and fails when a view looks at it; PostgreSQL refuses to change a column that a view reads.
"""

# The SQL is put together from names that are written in this package; what a reader types is a parameter.
# ruff: noqa: S608

import hashlib
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from stories import batches
from stories.models.migration_plan import Plan, tables_changed

SETUP = "stories_search_setup"


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose rows an index depends on: which of its columns, and which documents a row concerns.

    `documents` selects ids and says {row} where OLD or NEW has to stand.
    """

    table: str
    columns: tuple[str, ...]
    documents: str


WATCHED: dict[str, tuple[Watched, ...]] = {
    "article": (Watched("stories_article", ("headline", "standfirst", "text"), "SELECT {row}.id"),),
    "claim": (
        Watched("stories_claim", ("wording", "speaker_label", "speaker_id"), "SELECT {row}.id"),
        Watched("stories_claim_about", ("claim_id", "politician_id"), "SELECT {row}.claim_id"),
        Watched(
            "stories_politician",
            ("name", "confirmed", "merged_into_id"),
            "SELECT id FROM stories_claim WHERE speaker_id = {row}.id "
            "UNION SELECT claim_id FROM stories_claim_about WHERE politician_id = {row}.id",
        ),
    ),
    "politician": (
        Watched(
            "stories_politician",
            ("name", "role", "summary", "party_id", "confirmed", "merged_into_id"),
            "SELECT {row}.id",
        ),
        Watched("stories_othername", ("politician_id", "name"), "SELECT {row}.politician_id"),
        Watched(
            "stories_party",
            ("name", "short_name"),
            "SELECT id FROM stories_politician WHERE party_id = {row}.id",
        ),
    ),
    "party": (Watched("stories_party", ("name", "short_name"), "SELECT {row}.id"),),
    "topic": (Watched("taggit_tag", ("name",), "SELECT {row}.id"),),
    "outlet": (
        Watched("stories_outlet", ("name", "key"), "SELECT {row}.id"),
        Watched("stories_outletname", ("outlet_id", "name", "key"), "SELECT {row}.outlet_id"),
    ),
    "author": (Watched("stories_author", ("name",), "SELECT {row}.id"),),
}

# What a thing is called: its columns in the index.
HEADINGS = {
    "article": ("headline",),
    "claim": ("wording",),
    "politician": ("name", "other_names"),
    "party": ("name", "short_name"),
    "topic": ("name",),
    "outlet": ("name", "other_names"),
    "author": ("name",),
}

READ = {watched.table for tables in WATCHED.values() for watched in tables}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the index up anew and fill it from the rows."""
    dialect = dialect_of(connection)
    dialect.prepare(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _put_up_empty(connection)
        for statement in dialect.fill():
            cursor.execute(statement)
        _is_filled(connection)


def bring_up_to_date(connection: BaseDatabaseWrapper) -> None:
    """Put the index up anew while people work; SQLite, with its one writer, makes it whole in one go.

    In PostgreSQL what is saved from its start on is found at once, the rest as soon as it is entered, the
    newest first; it counts as current (`is_current`) at the end. Killed before, it is begun anew next time.
    """
    dialect = dialect_of(connection)
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        install(connection)
        return
    dialect.prepare(connection)
    batches.patiently(connection, lambda: _put_up_empty(connection))
    for kind in WATCHED:
        for first, last in batches.ranges(connection, WATCHED[kind][0].table):
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.execute(dialect.entering(kind, first, last))
    with connection.cursor() as cursor:
        for statement in dialect.indexes("CONCURRENTLY"):
            cursor.execute(statement)
    _is_filled(connection)


def _put_up_empty(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        remove(connection)
        for statement in dialect_of(connection).create(connection):
            cursor.execute(statement)
        cursor.execute(f"CREATE TABLE {SETUP} (version varchar(64) NOT NULL)")
        cursor.execute(f"INSERT INTO {SETUP} (version) VALUES ('being filled')")


def _is_filled(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {SETUP} SET version = %s", [version(connection)])


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the index down, whatever there is of it."""
    dialect = dialect_of(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in (*dialect.drop(cursor), f"DROP TABLE IF EXISTS {SETUP}"):
            cursor.execute(statement)


def is_current(connection: BaseDatabaseWrapper) -> bool:
    """Whether the index is up and was made by the statements that this release would use."""
    with connection.cursor() as cursor:
        if SETUP not in connection.introspection.table_names(cursor):
            return False
        cursor.execute(f"SELECT version FROM {SETUP}")
        return bool(cursor.fetchone() == (version(connection),))


def version(connection: BaseDatabaseWrapper) -> str:
    """Return a digest of all statements that make the index."""
    statements = dialect_of(connection).create(connection)
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


def dialect_of(connection: BaseDatabaseWrapper) -> Any:
    """The module that speaks the connection's SQL: `create`, `fill`, `drop`, `ranking`, `highlighting` …"""
    return import_module(f"stories.search.{connection.vendor}")


def before_migrate(plan: Plan, using: str, **kwargs: Any) -> None:
    """Out of the way of migrations that change a table the index reads (a receiver of `pre_migrate`)."""
    from django.db import connections

    if tables_changed(plan) & READ:
        remove(connections[using])


def after_migrate(using: str, **kwargs: Any) -> None:
    """Up again when it is not, or was made by an older release (a receiver of `post_migrate`).

    Not where a migration of ours is missing or was undone: the index reads tables of this release.
    """
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    connection = connections[using]
    loader = MigrationLoader(connection)
    is_whole = set(loader.graph.leaf_nodes("stories")) <= loader.applied_migrations.keys()
    if is_whole and not is_current(connection):
        bring_up_to_date(connection)
