"""Former slugs, kept by the database itself: a slug once given belongs to its row, whoever writes the row.
What becomes of the slug of a row that is deleted is in stories/models/slugs.py.

When a slug changes, the old one becomes a FormerSlug; going back to one's own takes it out again. A slug that
another row of the same kind had is refused with an IntegrityError: it is put in a second time for the new
row, which `former_slug_once` forbids. Two who change slugs at once wait for each other at the unique index
of the table, and PostgreSQL's trigger then sees what the first has committed.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from taggit.models import Tag

from stories.database.triggers import Trigger
from stories.models.slugs import Slugged


def refuse(kind: str) -> str:
    return f"""
        INSERT INTO stories_formerslug (kind, slug, object_id, since)
        SELECT kind, slug, NEW.id, since FROM stories_formerslug
        WHERE kind = '{kind}' AND slug = NEW.slug AND object_id <> NEW.id"""


def own_again(kind: str) -> str:
    return f"DELETE FROM stories_formerslug WHERE kind = '{kind}' AND slug = NEW.slug AND object_id = NEW.id"


def remember(kind: str) -> str:
    return f"""
        INSERT INTO stories_formerslug (kind, slug, object_id, since)
        SELECT '{kind}', OLD.slug, OLD.id, CURRENT_TIMESTAMP WHERE OLD.slug <> ''
        ON CONFLICT (kind, slug) DO NOTHING"""


TRIGGERS = [
    trigger
    for kind, table in sorted(
        (model._meta.model_name, model._meta.db_table) for model in (*Slugged.__subclasses__(), Tag)
    )
    for trigger in (
        Trigger(f"slug_{kind}_made", "INSERT", table, "", f"{refuse(kind)}; {own_again(kind)}"),
        Trigger(
            f"slug_{kind}_changed",
            "UPDATE OF slug",
            table,
            "OLD.slug <> NEW.slug",
            f"{refuse(kind)}; {own_again(kind)}; {remember(kind)}",
        ),
    )
]
