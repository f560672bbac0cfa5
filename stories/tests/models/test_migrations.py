"""A database made by an older release and brought up to date has the schema of one made today."""

import hashlib
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stories import migrations
from stories.database import schema_check
from stories.models.migration_plan import tables_changed

# The SHA-256 of every migration that a release has carried, none of which is edited again: databases that
# have applied one will not apply it a second time. Each release adds those it brings.
RELEASED = {
    "0001_initial": "7bf2dcf6d99113dda7cc566779ed97faa4ce954f239619c7ea573b09737ad88d",
}
# What release 1.0's own 0001 made otherwise than 0001 does since.
AS_RELEASE_1_0_MADE_IT = """
    DROP INDEX heading_claim;
    DROP INDEX article_changed;
    CREATE INDEX stories_claimheading_claim_81db3421 ON stories_claimheading (claim)
"""
SCHEMA = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%%'",
    "postgresql": """
        SELECT 'index', indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conname, conrelid::regclass::text, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'column', column_name, table_name, concat_ws(' ', data_type, is_nullable,
            character_maximum_length, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'""",
}


def test_a_migration_that_a_release_carried_is_never_edited() -> None:
    folder = Path(migrations.__file__).parent
    for name, digest in RELEASED.items():
        assert hashlib.sha256((folder / f"{name}.py").read_bytes()).hexdigest() == digest, name


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """The alias of a database of its own without any table, beside the one that the tests share."""
    alias, shared = "older", connections["default"].settings_dict
    with django_db_blocker.unblock():
        # The pool's and the session's options stay the shared database's; only the name is another.
        connections.databases[alias] = shared | {"NAME": f"{shared['NAME']}_older"}
        made = connections[alias]
        if made.vendor == "postgresql":
            with connections["default"].cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{shared["NAME"]}_older"')
                cursor.execute(f'CREATE DATABASE "{shared["NAME"]}_older"')
        else:
            Path(f"{shared['NAME']}_older").unlink(missing_ok=True)
        try:
            yield alias
        finally:
            made.close()
            if made.vendor == "postgresql":
                made.close_pool()
                with connections["default"].cursor() as cursor:
                    cursor.execute(f'DROP DATABASE "{shared["NAME"]}_older" WITH (FORCE)')
            else:
                for ending in ("", "-wal", "-shm"):
                    Path(f"{shared['NAME']}_older{ending}").unlink(missing_ok=True)
            del connections[alias]
            del connections.databases[alias]


def schema_of(alias: str) -> set[tuple[str, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(SCHEMA[connections[alias].vendor])
        rows = {tuple(" ".join(str(word).split()) for word in row) for row in cursor.fetchall()}
    # SQLite tells of a table with its columns in the order in which they came, which differs.
    return {(*names, *sorted(re.split(r", | \(|\)$", told))) for *names, told in rows}


def test_a_database_of_release_1_0_brought_up_to_date_has_the_schema_of_a_new_one(
    empty_database: str,
) -> None:
    call_command("migrate", "stories", "0001", database=empty_database, verbosity=0)
    with connections[empty_database].cursor() as cursor:
        for statement in AS_RELEASE_1_0_MADE_IT.split(";"):
            cursor.execute(statement)
    assert {"index heading_claim on stories_claimheading", "index article_changed on stories_article"} <= set(
        schema_check.missing(connections[empty_database])
    )
    call_command("migrate", database=empty_database, verbosity=0)
    assert schema_of(empty_database) ^ schema_of("default") == set()
    assert schema_check.missing(connections[empty_database]) == []


def test_renaming_the_outlet_asks_nothing_of_the_database_in_either_direction(empty_database: str) -> None:
    call_command("migrate", "stories", "0012", database=empty_database, verbosity=0)
    before = schema_of(empty_database)
    for name, backwards in (("0011", True), ("0012", False)):
        said = StringIO()
        options = {"database": empty_database, "backwards": backwards, "no_color": True}
        call_command("sqlmigrate", "stories", "0012", stdout=said, **options)
        lines = said.getvalue().splitlines()
        assert {line for line in lines if not line.startswith("--")} <= {"BEGIN;", "COMMIT;"}
        with CaptureQueriesContext(connections[empty_database]) as queries:
            call_command("migrate", "stories", name, database=empty_database, verbosity=0)
        assert not [query["sql"] for query in queries if "stories_appearance" in query["sql"]]
        assert schema_of(empty_database) == before
    renaming = MigrationLoader(connections[empty_database]).get_migration("stories", "0012_outlet")
    assert tables_changed([(renaming, False)]) == set()


@pytest.mark.django_db
class TestWhatTheDatabaseLacks:
    def test_nothing_when_it_is_whole_and_it_is_asked_in_four_queries(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            assert schema_check.missing(connection) == []
        assert len(asked) == 4

    @pytest.mark.parametrize(
        ("by_hand", "told"),
        [
            ("ALTER TABLE stories_presence DROP COLUMN since", "column stories_presence.since"),
            ("DROP TABLE stories_sharelink", "table stories_sharelink"),
            ("DROP INDEX heading_claim", "index heading_claim on stories_claimheading"),
            (
                "DROP TABLE stories_formerslug; CREATE TABLE stories_formerslug "
                "(id bigint PRIMARY KEY, kind text, slug text, object_id bigint, since timestamp)",
                "constraint former_slug_once on stories_formerslug",
            ),
        ],
    )
    def test_what_was_taken_away_by_hand_is_named_by_the_probe_and_by_the_check(
        self, client: Client, by_hand: str, told: str
    ) -> None:
        with connection.cursor() as cursor:
            for statement in by_hand.split(";"):
                cursor.execute(statement)
        response = client.get("/readyz")
        assert response.status_code == 503
        assert told in response.json()["tables"]
        with pytest.raises(SystemCheckError, match=told):
            call_command("check", databases=["default"])

    def test_a_trigger_that_is_down_is_named_and_migrate_puts_it_up(self, client: Client) -> None:
        on = "" if connection.vendor == "sqlite" else "ON stories_claim"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER public_claim_changed {on}")
        response = client.get("/readyz")
        assert response.status_code == 503
        assert "trigger public_claim_changed on stories_claim" in response.json()["tables"]
        call_command("migrate", verbosity=0, skip_checks=False, stderr=StringIO())
        assert schema_check.missing(connection) == []

    def test_while_a_migration_waits_the_check_lets_migrate_through(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX heading_claim")
        monkeypatch.setattr(
            schema_check.MigrationExecutor, "migration_plan", lambda *args: [("stories", "0003")]
        )
        call_command("check", databases=["default"])
