"""The tests' database as it was before the first of them, again after each one that commits."""

# Fixed SQL: the names of tables are Django's own.
# ruff: noqa: S608

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

# What every test finds: kinds of rows, what may be done with them, and the groups who may.
KEPT = (ContentType, Permission, Group, Group.permissions.through)
# Another after any statement that changes the schema. PostgreSQL numbers the rows of its catalogues so;
# what is there for all databases alike is left out.
SCHEMA = {
    "sqlite": "PRAGMA schema_version",
    "postgresql": """
        SELECT (SELECT array_agg((oid, xmin) ORDER BY oid) FROM pg_trigger WHERE NOT tgisinternal)::text,
            (SELECT array_agg((oid, xmin) ORDER BY oid) FROM pg_proc WHERE oid >= 16384)::text,
            (SELECT array_agg((oid, relnatts) ORDER BY oid) FROM pg_class WHERE oid >= 16384
             AND relnamespace = 'public'::regnamespace)::text""",
}


class Beginning:
    """What stands in the kept tables at the beginning. The others are empty then.

    Django's own way, `flush`, empties every table and makes content types and permissions anew of all models.
    """

    def __init__(self) -> None:
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        self.kept = [model._meta.db_table for model in KEPT]
        self.others = sorted(set(tables) - set(self.kept))
        self.may = connection.vendor == "sqlite" or self.is_superuser()
        self.remember()

    def remember(self) -> None:
        self.rows = {table: self.read(table) for table in self.kept}
        self.schema = self.read_schema()

    def is_out_of_reach(self) -> bool:
        """Whether more was changed than rows: triggers, say, that are to be put up again.

        Or whether this account may not leave triggers and foreign keys aside, as only a superuser may.
        """
        return not self.may or self.read_schema() != self.schema

    def put_back(self) -> None:
        """Empty the tables that have rows, and put the kept ones right where they differ.

        On PostgreSQL without triggers, and row by row: to truncate makes the files of tables and indexes
        anew, which takes longer than most tests.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            name = connection.ops.quote_name
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {name(one)})" for one in self.others
                )
            )
            for (table,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {name(table)}")
            differing = [table for table in self.kept if self.read(table) != self.rows[table]]
            for table in reversed(differing):
                cursor.execute(f"DELETE FROM {name(table)}")
            for table in differing:
                rows = self.rows[table]
                cursor.executemany(
                    f"INSERT INTO {name(table)} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows
                )
        if ContentType._meta.db_table in differing:
            ContentType.objects.clear_cache()

    def read(self, table: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            return [tuple(row) for row in cursor.fetchall()]

    def is_superuser(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SHOW is_superuser")
            return bool(cursor.fetchone() == ("on",))

    def read_schema(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(SCHEMA[connection.vendor])
            return cursor.fetchone()
