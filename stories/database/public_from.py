"""Since when readers may see each appearance and each claim, kept by the database itself in `public_from`.

Claims are listed by the day on which they were said, or else first printed, or that of the newest copy
that has them: `listed_on` is kept here, too.

An appearance is public when its words are in place, its claim is accepted and its story is published; a claim
is public when one of its appearances is. That is a question over three tables, asked for every row of every
list. Triggers answer it once, in the transaction that changes a story, a claim or an appearance, whoever
changes it. Those that mention a table are taken down before a migration that changes it, for SQLite loses the
triggers of a table that a migration builds anew, and fails at another table's that read it. After `migrate`
those that are missing or are not this release's are put up, and only what they keep is made anew.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from stories import batches
from stories.database import (
    change_counter,
    claim_index,
    former_slugs,
    merged_speakers,
    picture_uses,
    story_versions,
    triggers,
)
from stories.database.triggers import Trigger
from stories.models.migration_plan import Plan, tables_changed

APPEARANCE = """
    (SELECT CASE WHEN stories_appearance.state IN ('kept', 'moved') AND story.status = 'published'
                 AND said.state = 'accepted' THEN story.published_at END
     FROM stories_article story, stories_claim said
     WHERE story.id = stories_appearance.article_id AND said.id = stories_appearance.claim_id)
"""
CLAIM = """
    (SELECT MIN(printed.public_from) FROM stories_appearance printed
     WHERE printed.claim_id = stories_claim.id)
"""
# The database's day is that of UTC.
COPY = """
    (SELECT MAX(COALESCE(story.dateline, DATE(story.published_at), DATE(story.created_at)))
     FROM stories_appearance printed JOIN stories_article story ON story.id = printed.article_id
     WHERE printed.claim_id = stories_claim.id)
"""
LISTED = f"""COALESCE(stories_claim.said_on, DATE(stories_claim.public_from), {COPY},
    DATE(stories_claim.created_at))"""
LISTING = f"UPDATE stories_claim SET listed_on = {LISTED}"
APPEARANCES = f"UPDATE stories_appearance SET public_from = {APPEARANCE}"
CLAIMS = f"UPDATE stories_claim SET public_from = {CLAIM}"
TRIGGERS = [
    Trigger(
        "public_story_changed",
        "UPDATE OF status, published_at",
        "stories_article",
        "OLD.status <> NEW.status OR OLD.published_at IS DISTINCT FROM NEW.published_at",
        f"{APPEARANCES} WHERE article_id = NEW.id",
    ),
    Trigger(
        "public_claim_changed",
        "UPDATE OF state",
        "stories_claim",
        "OLD.state <> NEW.state",
        f"{APPEARANCES} WHERE claim_id = NEW.id",
    ),
    Trigger("public_appearance_made", "INSERT", "stories_appearance", "", f"{APPEARANCES} WHERE id = NEW.id"),
    Trigger(
        "public_appearance_changed",
        "UPDATE OF claim_id, article_id, state",
        "stories_appearance",
        "OLD.claim_id <> NEW.claim_id OR OLD.article_id <> NEW.article_id OR OLD.state <> NEW.state",
        f"{APPEARANCES} WHERE id = NEW.id",
    ),
    Trigger(
        "public_appearance_shown",
        "UPDATE OF claim_id, public_from",
        "stories_appearance",
        "OLD.claim_id <> NEW.claim_id OR OLD.public_from IS DISTINCT FROM NEW.public_from",
        f"{CLAIMS} WHERE id IN (OLD.claim_id, NEW.claim_id)",
    ),
    Trigger(
        "public_appearance_gone", "DELETE", "stories_appearance", "", f"{CLAIMS} WHERE id = OLD.claim_id"
    ),
    *former_slugs.TRIGGERS,
    *merged_speakers.TRIGGERS,
    *story_versions.TRIGGERS,
]
# Whoever writes the columns themselves, they say what the rows say.
TRIGGERS += [
    Trigger(
        f"public_{table}_written",
        "UPDATE OF public_from",
        f"stories_{table}",
        "OLD.public_from IS DISTINCT FROM NEW.public_from",
        f"{follow} WHERE id = NEW.id AND public_from IS DISTINCT FROM {value}",
    )
    for table, follow, value in (("appearance", APPEARANCES, APPEARANCE), ("claim", CLAIMS, CLAIM))
]
TRIGGERS.append(
    Trigger(
        "public_claim_made",
        "INSERT",
        "stories_claim",
        "NEW.public_from IS NOT NULL",
        f"{CLAIMS} WHERE id = NEW.id",
    )
)
STALE = f"listed_on IS DISTINCT FROM {LISTED}"
OF_ITS_COPY = f"said_on IS NULL AND public_from IS NULL AND {STALE}"
DATED = ("said_on", "public_from", "listed_on")
TRIGGERS += [
    Trigger(
        "public_claim_listed_new", "INSERT", "stories_claim", "", f"{LISTING} WHERE id = NEW.id AND {STALE}"
    ),
    Trigger(
        "public_claim_listed_anew",
        f"UPDATE OF {', '.join(DATED)}",
        "stories_claim",
        " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in DATED),
        f"{LISTING} WHERE id = NEW.id AND {STALE}",
    ),
    Trigger(
        "public_story_dated",
        "UPDATE OF dateline, published_at",
        "stories_article",
        "OLD.dateline IS DISTINCT FROM NEW.dateline OR OLD.published_at IS DISTINCT FROM NEW.published_at",
        f"{LISTING} WHERE id IN (SELECT claim_id FROM stories_appearance WHERE article_id = NEW.id) "
        f"AND {OF_ITS_COPY}",
    ),
]
TRIGGERS += [
    Trigger(
        f"public_claim_in_copy_{name}",
        event,
        "stories_appearance",
        when,
        f"{LISTING} WHERE id IN ({claims}) AND {OF_ITS_COPY}",
    )
    for name, event, when, claims in (
        ("new", "INSERT", "", "NEW.claim_id"),
        ("gone", "DELETE", "", "OLD.claim_id"),
        (
            "moved",
            "UPDATE OF claim_id, article_id",
            "OLD.claim_id <> NEW.claim_id OR OLD.article_id <> NEW.article_id",
            "OLD.claim_id, NEW.claim_id",
        ),
    )
]
# They refuse and remember, and keep no column: putting one up fills nothing.
GUARDS = (*former_slugs.TRIGGERS, *merged_speakers.TRIGGERS)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put all triggers up (again), and make right what they keep: columns, index tables, the counter."""
    with transaction.atomic(using=connection.alias):
        merged_speakers.put_right(connection)
        claim_index.remove(connection)
        change_counter.remove(connection)
        triggers.put_up(connection, TRIGGERS)
        _put_right(connection)
        story_versions.fill(connection)
        picture_uses.install(connection)
        claim_index.install(connection)
        change_counter.install(connection)


def bring_up_to_date(connection: BaseDatabaseWrapper) -> None:
    """Put up the triggers that are missing or are another release's, and make right what they keep.

    Where all are up it writes nothing. Else people may go on working: see stories/batches.py.
    Readers' pages are not kept meanwhile, and lists by heading may still say what they said before.
    """
    differ = triggers.differing(connection, every_trigger(connection))
    keeping = {*TRIGGERS, *claim_index.TRIGGERS, *picture_uses.keeping(connection)} - {*GUARDS}
    unfilled = not keeping.isdisjoint(differ) or change_counter.is_unfilled(connection)
    if not (differ or unfilled):
        return
    change_counter.make_table(connection)
    change_counter.pause(connection, unfilled=unfilled)
    triggers.table_by_table(connection, differ, triggers.put_up)
    if unfilled or any(trigger in merged_speakers.TRIGGERS for trigger in differ):
        with transaction.atomic(using=connection.alias):
            merged_speakers.put_right(connection)
    if unfilled:
        refill(connection)
    change_counter.resume(connection)


def refill(connection: BaseDatabaseWrapper) -> None:
    """Make right in batches what the triggers keep; those are up, and see what others write meanwhile."""
    on_postgresql = connection.vendor == "postgresql"
    for first, last in batches.ranges(connection, "stories_claim"):
        which = f"BETWEEN {first} AND {last}"
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            if on_postgresql:
                cursor.execute(f"SELECT 1 FROM stories_claim WHERE id {which} ORDER BY id FOR NO KEY UPDATE")
            _put_right(connection, which)
            claim_index.fill_claims(connection, first, last)
    for first, last in batches.ranges(connection, "stories_article"):
        which = f"id BETWEEN {first} AND {last}"
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            if on_postgresql:
                cursor.execute(f"SELECT 1 FROM stories_article WHERE {which} ORDER BY id FOR NO KEY UPDATE")
            story_versions.fill(connection, f"story.{which}")
            claim_index.fill_stories(connection, first, last)
            picture_uses.fill(connection, first, last)


def _put_right(connection: BaseDatabaseWrapper, which: str = "IS NOT NULL") -> None:
    """Make the columns say what the rows say; `which` is a condition on a claim's number."""
    distinct = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    with connection.cursor() as cursor:
        for follow, value, of in (
            (APPEARANCES, APPEARANCE, f"claim_id {which} AND public_from"),
            (CLAIMS, CLAIM, f"id {which} AND public_from"),
            (LISTING, LISTED, f"id {which} AND listed_on"),
        ):
            cursor.execute(f"{follow} WHERE {of} {distinct} {value}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers down; the columns, the index tables and the count of changes stay as they are."""
    with transaction.atomic(using=connection.alias):
        change_counter.pause(connection)
        triggers.take_down(connection, every_trigger(connection))


def every_trigger(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """All that this release puts up, but for the search index's."""
    derived = [*claim_index.TRIGGERS, *picture_uses.keeping(connection)]
    return [*TRIGGERS, *derived, *change_counter.watching(connection)]


def before_migrate(plan: Plan, using: str, **kwargs: Any) -> None:
    """A receiver of `pre_migrate`: takes down the triggers that mention a table that the plan changes.

    SQLite cannot build a table anew that a trigger reads, nor PostgreSQL change a column that one names.
    """
    connection = connections[using]
    if "stories_appearance" in connection.introspection.table_names() and (changed := tables_changed(plan)):
        unwanted = [one for one in every_trigger(connection) if one.mentions(changed)]
        if unwanted:
            change_counter.pause(connection)
        triggers.table_by_table(connection, unwanted, triggers.take_down)


def after_migrate(using: str, **kwargs: Any) -> None:
    """A receiver of `post_migrate`: puts nothing up where a migration of ours is missing or was undone, for
    the triggers name columns of this release."""
    connection = connections[using]
    loader = MigrationLoader(connection)
    if set(loader.graph.leaf_nodes("stories")) <= loader.applied_migrations.keys():
        bring_up_to_date(connection)
