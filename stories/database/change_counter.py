"""How often anything that readers are shown was changed, counted by the database itself.

Whether a page, or a list of a million claims, is still as somebody has it cannot be seen from the rows that
are on it: rows leave it, and people and topics are renamed. Triggers count every change in the transaction
that makes it, whoever makes it: as long as the count is the same, so is every page. All columns of all tables
that pages show are watched, but for those that `WATCHED` names; what only the desk sees is not counted.

PostgreSQL counts in a row for each of its own processes, for two who change something at once would wait for
each other at a single one; and once in a statement, however many rows that changes. The sum only grows, and
stays for as long as no other change is committed. It grows by random steps: a database that was restored, and
changed since, does not come to a number that it had before. The table stands outside the migrations and is
never emptied, not even with the others.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from taggit.models import Tag, TaggedItem

from stories import models
from stories.database import triggers
from stories.database.claim_index import changed
from stories.database.triggers import Trigger

TABLE = "stories_change"
COUNTED = {
    "postgresql": f"""
        INSERT INTO {TABLE} (counter, number, counted_in)
        SELECT pg_backend_pid(), 1 + floor(random() * 1000000),
            pg_current_xact_id()::text || ' ' || statement_timestamp()::text WHERE {{which}}
        ON CONFLICT (counter) DO UPDATE
        SET number = {TABLE}.number + EXCLUDED.number, counted_in = EXCLUDED.counted_in
        WHERE {TABLE}.counted_in <> EXCLUDED.counted_in""",
    "sqlite": f"""
        INSERT INTO {TABLE} (counter, number, counted_in)
        SELECT 1, 1 + abs(random() % 1000000), '' WHERE {{which}}
        ON CONFLICT (counter) DO UPDATE SET number = number + EXCLUDED.number""",
}
FOLDED = 1  # the `counter` into which others are added up; no process of PostgreSQL that writes is 1
PAUSED = 0  # the `counter` of a row that is there while triggers are down, or what they keep is being made
UNFILLED = "unfilled"


@dataclass(frozen=True, slots=True)
class Watched:
    """Which rows of a table, and what of them, readers are shown.

    `unseen` are the columns that no page shows. `shown` is a condition on a row's own columns, `bearer` a
    query that finds a row where readers are shown what the row belongs to; both say {row} for the row. One
    that readers are shown through others alone does `not_alone`: making it shows nothing yet.
    """

    unseen: tuple[str, ...] = ()
    shown: str = ""
    bearer: str = ""
    not_alone: bool = False


STORY = "SELECT 1 FROM stories_article WHERE status IN ('published', 'withdrawn') AND id = {{row}}.{}"
CLAIM = "SELECT 1 FROM stories_claim WHERE public_from IS NOT NULL AND id = {{row}}.{}"
PERSON = "SELECT 1 FROM stories_politician WHERE confirmed AND id = {{row}}.{}"
TAGGED = f"""
    SELECT 1 FROM django_content_type kind
    WHERE kind.id = {{row}}.content_type_id AND kind.app_label = 'stories'
    AND (kind.model = 'article' AND EXISTS ({STORY.format("object_id")})
        OR kind.model = 'claim' AND EXISTS ({CLAIM.format("object_id")}))"""
PUBLIC = "{row}.public_from IS NOT NULL"
WATCHED: dict[type[Model], Watched] = {
    models.Article: Watched(
        ("embargo_note", "version", "created_by_id", "imported_in_id", "changed_at"),
        shown="{row}.status IN ('published', 'withdrawn')",
    ),
    models.FrontPlace: Watched(),
    models.StoryVersion: Watched(bearer=STORY.format("article_id")),
    models.Article.authors.through: Watched(bearer=STORY.format("article_id")),
    models.Author: Watched(("user_id",), not_alone=True),
    models.Correction: Watched(("by_id",), shown="{row}.made_at IS NOT NULL"),
    models.Page: Watched(shown="{row}.shown"),
    models.TopicIntroduction: Watched(),
    models.WordGroup: Watched(("changed_at",)),
    models.Outlet: Watched(("key",), not_alone=True),
    models.OutletName: Watched(("key",)),
    models.OutletWords: Watched(
        bearer="SELECT 1 FROM stories_appearance WHERE public_from IS NOT NULL AND told = {row}.words"
    ),
    models.Claim: Watched(
        ("wording_key", "shingled_key", "runs_key", "checked_by_id", "reviewed_by_id", "imported_in_id"),
        shown=PUBLIC,
    ),
    models.Claim.about.through: Watched(bearer=CLAIM.format("claim_id")),
    models.Appearance: Watched(("places", "reasons", "candidates", "imported_in_id"), shown=PUBLIC),
    models.Evidence: Watched(bearer=CLAIM.format("claim_id")),
    models.VerdictChange: Watched(("by_id",), bearer=CLAIM.format("claim_id")),
    models.Contradiction: Watched(("confirmed_by_id",), shown="{row}.confirmed_at IS NOT NULL"),
    models.NearWording: Watched(("said_by_id",), shown="{row}.answer = 'shown'"),
    models.Party: Watched(not_alone=True),
    models.Politician: Watched(
        ("imported_in_id",), shown="({row}.confirmed OR {row}.merged_into_id IS NOT NULL)"
    ),
    models.OtherName: Watched(bearer=PERSON.format("politician_id")),
    models.Identifier: Watched(bearer=PERSON.format("politician_id")),
    models.Membership: Watched(bearer=PERSON.format("politician_id")),
    # Those of kinds that begin so are no addresses: see former_slugs.
    models.FormerSlug: Watched(shown="substr({row}.kind, 1, 5) <> 'seen '"),
    Tag: Watched(not_alone=True),
    TaggedItem: Watched(bearer=TAGGED),
}


def watching(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Return the triggers that count changes of what readers see."""
    found = []
    for model, watched in WATCHED.items():
        table = model._meta.db_table
        columns = [str(field.column) for field in model._meta.local_concrete_fields]
        seen = [connection.ops.quote_name(one) for one in columns if one not in watched.unseen]
        rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}
        if watched.not_alone:
            del rows["INSERT"]
        for event, names in rows.items():
            when = [changed(*seen)] if event == "UPDATE" else []
            if watched.shown:
                when.append(f"({' OR '.join(watched.shown.format(row=name) for name in names)})")
            bearers = [f"EXISTS ({watched.bearer.format(row=name)})" for name in names if watched.bearer]
            found.append(
                Trigger(
                    f"count_{table.removeprefix('stories_').removeprefix('taggit_')}_{event.lower()}",
                    f"UPDATE OF {', '.join(seen)}" if event == "UPDATE" else event,
                    table,
                    " AND ".join(when),
                    COUNTED[connection.vendor].format(which=" OR ".join(bearers) or "true"),
                )
            )
    return found


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers up (again), and count what may have been changed while they were down."""
    make_table(connection)
    triggers.put_up(connection, watching(connection))
    resume(connection)


def make_table(connection: BaseDatabaseWrapper) -> None:
    """Make the table of counts, if it is not there."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {TABLE} "
            "(counter bigint PRIMARY KEY, number bigint NOT NULL, counted_in varchar(80) NOT NULL)"
        )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers down; the count stays."""
    triggers.take_down(connection, watching(connection))


def pause(connection: BaseDatabaseWrapper, *, unfilled: bool = False) -> None:
    """Say that changes are not counted from now on, until `resume`; `version` is None meanwhile.

    To be called before triggers are taken down, or in the same transaction. `unfilled`: what they keep is to
    be made anew, which `is_unfilled` tells whoever comes after a process that was killed.
    """
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            cursor.execute(
                f"INSERT INTO {TABLE} (counter, number, counted_in) VALUES ({PAUSED}, 0, %s) "
                "ON CONFLICT (counter) DO UPDATE SET counted_in = "
                f"CASE WHEN EXCLUDED.counted_in = '' THEN {TABLE}.counted_in ELSE EXCLUDED.counted_in END",
                [UNFILLED if unfilled else ""],
            )


def is_unfilled(connection: BaseDatabaseWrapper) -> bool:
    """Whether somebody began to make anew what triggers keep, and has not ended."""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return False
        cursor.execute(f"SELECT 1 FROM {TABLE} WHERE counter = {PAUSED} AND counted_in = %s", [UNFILLED])
        return cursor.fetchone() is not None


def resume(connection: BaseDatabaseWrapper) -> None:
    """Say that changes are counted again, and count one for all that there may have been."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE counter = {PAUSED}")
        cursor.execute(COUNTED[connection.vendor].format(which="true"))


def fold(connection: BaseDatabaseWrapper) -> int:
    """Add the rows of PostgreSQL's processes that have ended up into one; how many were more than that.

    One statement: the sum is never another. SQLite has one row anyway.
    """
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH ended AS (
                DELETE FROM {TABLE} WHERE counter NOT IN ({PAUSED}, {FOLDED})
                AND counter NOT IN (SELECT pid FROM pg_stat_activity) RETURNING number
            ), added AS (
                INSERT INTO {TABLE} (counter, number, counted_in)
                SELECT {FOLDED}, SUM(number), '' FROM ended HAVING COUNT(*) > 0
                ON CONFLICT (counter) DO UPDATE SET number = {TABLE}.number + EXCLUDED.number
            )
            SELECT COUNT(*) FROM ended"""
        )
        return int(cursor.fetchone()[0])


def count(connection: BaseDatabaseWrapper) -> int:
    """Return the number of the changes so far; another one means that something public changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT SUM(number) FROM {TABLE}")
        return int(cursor.fetchone()[0])
