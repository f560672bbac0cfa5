"""What `migrate` does to the triggers: nothing where they are right, else only what is due."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.models.signals import post_migrate, pre_migrate
from django.test.utils import CaptureQueriesContext

from stories.database import (
    change_counter,
    claim_index,
    former_slugs,
    merged_speakers,
    public_from,
    schema_check,
    triggers,
)
from stories.models import ClaimHeading
from stories.models.migration_plan import tables_changed
from stories.search import schema
from stories.tests.factories import ClaimFactory, appearance_of

pytestmark = pytest.mark.django_db
WRITES = ("CREATE", "UPDATE", "DELETE", "INSERT", "DROP", "COMMENT")


def writes(queries: CaptureQueriesContext) -> list[str]:
    """The statements that would make somebody's save wait."""
    said = [query["sql"].strip() for query in queries.captured_queries]
    ours = [sql for sql in said if sql.upper().startswith(WRITES)]
    # The count of changes alone may grow: nobody's save waits for that.
    return [sql for sql in ours if not re.match(rf"(INSERT INTO|DELETE FROM) {change_counter.TABLE} ", sql)]


def migration(*operations: migrations.operations.base.Operation) -> migrations.Migration:
    made = migrations.Migration("made_up", "stories")
    made.operations = list(operations)
    return made


def send(signal: object, plan: list[tuple[migrations.Migration, bool]]) -> None:
    for receive in {
        pre_migrate: (schema.before_migrate, public_from.before_migrate),
        post_migrate: (schema.after_migrate, public_from.after_migrate),
    }[signal]:
        receive(plan=plan, using="default")


@pytest.fixture(autouse=True)
def triggers_afterwards() -> Iterator[None]:
    yield
    assert schema_check.missing(connection) == []


def test_a_migrate_with_nothing_to_do_writes_nothing_to_the_tables_of_ours() -> None:
    call_command("migrate", verbosity=0)
    with CaptureQueriesContext(connection) as queries:
        call_command("migrate", verbosity=0)
    assert writes(queries) == []


def test_a_migration_of_another_table_leaves_every_trigger_and_fills_nothing() -> None:
    counting = [one for one in change_counter.watching(connection) if one.mentions({"stories_page"})]
    for model, down in (("presence", ()), ("page", (*former_slugs.TRIGGERS, *counting))):
        plan = [(migration(migrations.AddField(model, "made_up", models.TextField(default=""))), False)]
        with CaptureQueriesContext(connection) as queries:
            send(pre_migrate, plan)
            differ = triggers.differing(connection, public_from.every_trigger(connection))
            assert set(differ) <= set(down)
            send(post_migrate, plan)
        assert not [sql for sql in writes(queries) if sql.startswith(("UPDATE", "DELETE", "INSERT"))]
        assert bool(writes(queries)) == bool(down)


@pytest.mark.parametrize("model", ["article", "Claim"])
def test_before_a_table_is_changed_all_that_mention_it_are_down_and_come_back(model: str) -> None:
    appearance_of(ClaimFactory())
    plan = [(migration(migrations.AlterField(model, "name", models.TextField())), False)]
    send(pre_migrate, plan)
    down = triggers.differing(connection, public_from.every_trigger(connection))
    table = f"stories_{model.lower()}"
    assert down == [one for one in public_from.every_trigger(connection) if one.mentions({table})]
    assert down
    assert not schema.is_current(connection)
    headings = ClaimHeading.objects.count()
    ClaimHeading.objects.all().delete()  # what was written while they were down is not in the tables
    send(post_migrate, plan)
    assert ClaimHeading.objects.count() == headings > 0
    assert schema.is_current(connection)


@pytest.mark.parametrize(
    "changed", [claim_index.TRIGGERS[0], former_slugs.TRIGGERS[0], merged_speakers.TRIGGERS[0]]
)
def test_a_trigger_that_says_something_else_is_put_up_again(changed: triggers.Trigger) -> None:
    appearance_of(ClaimFactory())
    triggers.put_up(connection, [replace(changed, when="1 = 0")])
    ClaimHeading.objects.all().delete()
    assert triggers.differing(connection, public_from.every_trigger(connection)) == [changed]
    send(post_migrate, [])
    assert triggers.differing(connection, public_from.every_trigger(connection)) == []
    # Only what the trigger keeps is made anew.
    assert ClaimHeading.objects.exists() == (changed in claim_index.TRIGGERS)


@pytest.mark.parametrize(
    ("operation", "tables"),
    [
        (migrations.AddField("Claim", "x", models.TextField()), {"stories_claim"}),
        (migrations.RenameField("claim", "x", "y"), {"stories_claim"}),
        (migrations.RenameModel("Claim", "Saying"), {"stories_claim", "stories_saying"}),
        (migrations.DeleteModel("Claim"), {"stories_claim"}),
        (migrations.AddIndex("claim", models.Index(fields=["id"], name="made_up")), {"stories_claim"}),
        (migrations.RunPython(migrations.RunPython.noop), set()),
        (migrations.RunSQL("ALTER TABLE stories_claim ADD x integer"), {"stories_claim"}),
        (
            migrations.SeparateDatabaseAndState([migrations.RemoveField("claim", "x")], []),
            {"stories_claim"},
        ),
    ],
)
def test_which_tables_a_migration_changes(
    operation: migrations.operations.base.Operation, tables: set[str]
) -> None:
    known = {"stories_claim", "stories_saying", "stories_article"}
    assert tables_changed([(migration(operation), False)]) & known == tables
