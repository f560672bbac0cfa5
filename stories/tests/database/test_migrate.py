"""What `migrate` does to the triggers: nothing where they are right, else only what is due."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, migrations, models
from django.db.models.signals import post_migrate, pre_migrate
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories import batches
from stories.database import (
    change_counter,
    claim_index,
    former_slugs,
    merged_speakers,
    public_from,
    schema_check,
    site_version,
    triggers,
)
from stories.models import Author, ClaimHeading, Page, StoryPerson
from stories.models.migration_plan import tables_changed
from stories.search import postgresql, schema, search
from stories.tests.factories import ArticleFactory, ClaimFactory, appearance_of

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


def test_what_a_migrate_that_was_killed_did_not_make_anew_is_made_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    appearance_of(ClaimFactory())
    headings = set(ClaimHeading.objects.values_list("claim", "outlet", "speaker"))
    ClaimHeading.objects.all().delete()
    triggers.put_up(connection, [replace(claim_index.TRIGGERS[0], when="1 = 0")])
    with monkeypatch.context() as patched:
        patched.setattr(claim_index, "fill_claims", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send(post_migrate, [])
    assert triggers.differing(connection, public_from.every_trigger(connection)) == []
    assert site_version.read() is None
    send(post_migrate, [])
    assert set(ClaimHeading.objects.values_list("claim", "outlet", "speaker")) == headings
    assert site_version.read() is not None


def test_rows_of_claims_and_stories_that_are_gone_leave_the_index_tables() -> None:
    appearance_of(ClaimFactory())
    known = [set(model.objects.values_list("pk")) for model in (ClaimHeading, StoryPerson)]
    ClaimHeading.objects.create(claim=10**9, public_from=timezone.now())
    StoryPerson.objects.create(article=0, person=1, public_from=timezone.now())
    public_from.refill(connection)
    assert StoryPerson.objects.count() == len(known[1])
    assert not ClaimHeading.objects.filter(claim=10**9).exists()


def test_batches_hold_every_number_once() -> None:
    rows = [Author.objects.create(name=f"Writer {number}").pk for number in range(5)]
    Author.objects.filter(pk=rows.pop(2)).delete()
    found = list(batches.ranges(connection, "stories_author", 2))
    inside = [[pk for pk in rows if first <= pk <= last] for first, last in found]
    assert inside == [rows[2:], rows[:2], []]
    assert (found[0][1], found[-1][0]) == (batches.LARGEST, 0)
    assert all(later[1] == sooner[0] - 1 for sooner, later in pairwise(found))
    assert list(batches.ranges(connection, "stories_page", 2)) == [(0, batches.LARGEST)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_migrate_waits_for_a_long_transaction_without_making_others_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever wants to write would wait behind the one who waits for the lock of the whole table."""
    trigger = next(one for one in change_counter.watching(connection) if one.table == "stories_page")
    triggers.put_up(connection, [replace(trigger, when="1 = 0")])
    writing = connection.copy()
    writing.set_autocommit(False)
    writing.cursor().execute("UPDATE stories_page SET title = title")  # and does not commit
    waited = []

    def sleep(seconds: float) -> None:
        Page.objects.update(title="Saved meanwhile")  # its lock of the table is granted at once
        waited.append(seconds)
        if len(waited) == 2:
            writing.rollback()

    monkeypatch.setattr(batches.time, "sleep", sleep)
    try:
        send(post_migrate, [])
    finally:
        writing.close()
    assert waited == [batches.PAUSE] * 2
    assert triggers.differing(connection, [trigger]) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_search_index_that_was_not_filled_to_its_end_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    ArticleFactory(headline="Dredger")
    schema.remove(connection)
    with monkeypatch.context() as patched:
        patched.setattr(postgresql, "entering", lambda *args: "SELECT 1 / 0")
        with pytest.raises(DatabaseError):
            send(post_migrate, [])
    assert not schema.is_current(connection)
    assert len(search("dredger")) == 0
    ArticleFactory(headline="Another dredger")  # is found from now on
    assert len(search("dredger")) == 1
    send(post_migrate, [])
    assert len(search("dredger")) == 2
