"""How often anything was changed that readers are shown of claims, counted by the database itself.

Whether a list of a million claims is still as somebody has it cannot be seen from the rows that are in it:
rows leave it, and people and topics are renamed. Triggers count every change in the transaction that makes
it, whoever makes it: as long as the count is the same, so is every list.

PostgreSQL counts in a row for each of its own processes, for two who change something at once would wait for
each other at a single one; and once in a statement, however many rows that changes. The sum only grows, and
stays for as long as no other change is committed. The table stands outside the migrations and is never
emptied, not even with the others.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from stories.database import triggers
from stories.database.claim_index import SEEN, changed
from stories.database.triggers import Trigger

TABLE = "stories_change"
COUNTED = {
    "postgresql": f"""
        INSERT INTO {TABLE} (counter, number, counted_in)
        VALUES (pg_backend_pid(), 1, pg_current_xact_id()::text || ' ' || statement_timestamp()::text)
        ON CONFLICT (counter) DO UPDATE SET number = {TABLE}.number + 1, counted_in = EXCLUDED.counted_in
        WHERE {TABLE}.counted_in <> EXCLUDED.counted_in""",
    "sqlite": f"""
        INSERT INTO {TABLE} (counter, number, counted_in) VALUES (1, 1, '')
        ON CONFLICT (counter) DO UPDATE SET number = number + 1""",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """The columns of a table that readers are shown; `when` a row is shown at all, if the row says it.

    `comes_and_goes`: a row counts as it is made and deleted too. Others are of no account before they are
    made public, which is an update, or hang on rows that are deleted or changed with them.
    """

    columns: tuple[str, ...]
    when: str = ""
    comes_and_goes: bool = False


WATCHED = {
    "stories_claim": Watched(
        (
            *("speaker_id", "speaker_label", "wording", "kind", "stance", "verb", "said_on"),
            *("rating", "rating_summary", "checked_at", "reviewed_at", "public_from"),
        ),
        SEEN,
    ),
    "stories_appearance": Watched(
        ("claim_id", "article_id", "start", "speaker_role", "speaker_party", "told", "public_from"), SEEN
    ),
    "stories_claim_about": Watched(("claim_id", "politician_id"), comes_and_goes=True),
    "taggit_taggeditem": Watched(("object_id", "tag_id", "content_type_id"), comes_and_goes=True),
    "taggit_tag": Watched(("name", "slug")),
    "stories_politician": Watched(("name", "slug", "party_id", "confirmed", "merged_into_id")),
    "stories_article": Watched(("slug",)),
}


def watching(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Return the triggers that count changes of what readers see."""
    then, found = COUNTED[connection.vendor], []
    for table, watched in WATCHED.items():
        name = f"count_{table.removeprefix('stories_')}"
        when = " AND ".join(filter(None, [changed(*watched.columns), watched.when]))
        found.append(Trigger(f"{name}_update", f"UPDATE OF {', '.join(watched.columns)}", table, when, then))
        if watched.when:
            found.append(Trigger(f"{name}_delete", "DELETE", table, "OLD.public_from IS NOT NULL", then))
        elif watched.comes_and_goes:
            found += [
                Trigger(f"{name}_{event.lower()}", event, table, "", then) for event in ("INSERT", "DELETE")
            ]
    return found


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers up (again), and count what may have been changed while they were down."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {TABLE} "
            "(counter bigint PRIMARY KEY, number bigint NOT NULL, counted_in varchar(80) NOT NULL)"
        )
        triggers.put_up(connection, watching(connection))
        cursor.execute(COUNTED[connection.vendor])


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers down; the count stays."""
    triggers.take_down(connection, watching(connection))


def count(connection: BaseDatabaseWrapper) -> int:
    """Return the number of changes so far; another one means that something public changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT SUM(number) FROM {TABLE}")
        return int(cursor.fetchone()[0])
