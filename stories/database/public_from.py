"""Since when readers may see each appearance and each claim, kept by the database itself in `public_from`.

An appearance is public when its words are in place, its claim is accepted and its story is published; a claim
is public when one of its appearances is. That is a question over three tables, asked for every row of every
list. Triggers answer it once, in the transaction that changes a story, a claim or an appearance, whoever
changes it. They are taken down before a migration that touches the app and put up after every `migrate`, for
SQLite loses the triggers of a table that a migration builds anew, and fails at another table's that read it.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from stories.database import change_counter, claim_index, former_slugs, merged_speakers, triggers
from stories.database.triggers import Trigger

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
# Of other apps those whose tables the triggers watch or read.
READ_FROM = {"stories", "taggit", "contenttypes"}


def install(connection: BaseDatabaseWrapper, *, anew: bool = True) -> None:
    """Put the triggers up (again), the columns right in every row, and the registers, unless not `anew`."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        merged_speakers.put_right(connection)
        claim_index.remove(connection)
        change_counter.remove(connection)
        for trigger in TRIGGERS:
            for statement in triggers.up(connection, trigger):
                cursor.execute(statement)
        distinct = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
        for follow, value in ((APPEARANCES, APPEARANCE), (CLAIMS, CLAIM)):
            cursor.execute(f"{follow} WHERE public_from {distinct} {value}")
        claim_index.install(connection, anew=anew)
        change_counter.install(connection)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers down; the columns, the registers and the count of changes stay as they are."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        claim_index.remove(connection)
        change_counter.remove(connection)
        for trigger in TRIGGERS:
            cursor.execute(triggers.down(connection, trigger))


def before_migrate(plan: list[tuple[Any, bool]], using: str, **kwargs: Any) -> None:
    """A receiver of `pre_migrate`: SQLite cannot build a table anew that another table's trigger reads."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if "stories_appearance" in tables and any(migration.app_label in READ_FROM for migration, _ in plan):
        remove(connection)


def after_migrate(using: str, **kwargs: Any) -> None:
    """A receiver of `post_migrate`: puts nothing up where a migration of ours is missing or was undone, for
    the triggers name columns of this release."""
    connection = connections[using]
    loader = MigrationLoader(connection)
    if set(loader.graph.leaf_nodes("stories")) <= loader.applied_migrations.keys():
        install(connection, anew=not claim_index.are_kept(connection))
