"""Former slugs, kept by the database itself: a slug once given belongs to its row, whoever writes the row.
What becomes of the slug of a row that is deleted is in stories/models/slugs.py.

When a slug changes, the old one becomes a FormerSlug; going back to one's own takes it out again. A slug that
another row of the same kind had is refused with an IntegrityError: it is put in a second time for the new
row, which `former_slug_once` forbids. Two who change slugs at once wait for each other at the unique index
of the table, and PostgreSQL's trigger then sees what the first has committed.

An import that is taken back sets the slugs of what it made free, but for those that readers have seen. A
former slug of the kind "seen tag" tells that they have: it is made when a story that was public loses the
topic or the author, and when a person who was confirmed is so no more, or leaves the party.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from taggit.models import Tag

from stories.database.triggers import Trigger
from stories.models.slugs import Slugged


def refuse(kind: str) -> str:
    """Return SQL that fails when another row had the new slug before."""
    return f"""
        INSERT INTO stories_formerslug (kind, slug, object_id, since)
        SELECT kind, slug, NEW.id, since FROM stories_formerslug
        WHERE kind = '{kind}' AND slug = NEW.slug AND object_id <> NEW.id"""


def own_again(kind: str) -> str:
    """Return SQL by which a row's own former slug is its slug again."""
    return f"DELETE FROM stories_formerslug WHERE kind = '{kind}' AND slug = NEW.slug AND object_id = NEW.id"


def remember(kind: str) -> str:
    """Return SQL that notes the slug that a row gives up."""
    return f"""
        INSERT INTO stories_formerslug (kind, slug, object_id, since)
        SELECT '{kind}', OLD.slug, OLD.id, CURRENT_TIMESTAMP WHERE OLD.slug <> ''
        ON CONFLICT (kind, slug) DO NOTHING"""


SEEN = "first_published_at IS NOT NULL"  # also of a story that is scheduled, or was withdrawn since
STORY_SEEN = f"EXISTS (SELECT 1 FROM stories_article WHERE id = OLD.{{}} AND {SEEN})"
CLAIM_SEEN = f"""EXISTS (
    SELECT 1 FROM stories_appearance printed JOIN stories_article story ON story.id = printed.article_id
    WHERE printed.claim_id = OLD.object_id AND story.{SEEN})"""
OF_TYPE = """OLD.content_type_id =
    (SELECT id FROM django_content_type WHERE app_label = 'stories' AND model = '{}')"""
BEARER_SEEN = f"""(
    {OF_TYPE.format("article")} AND {STORY_SEEN.format("object_id")}
    OR {OF_TYPE.format("claim")} AND {CLAIM_SEEN})"""


def seen(kind: str, which: str) -> str:
    """Remember that readers have seen a row's address: `which` is the end of a query for its slug and id."""
    return f"""
        INSERT INTO stories_formerslug (kind, slug, object_id, since)
        SELECT 'seen {kind}', slug, id, CURRENT_TIMESTAMP FROM {which}
        ON CONFLICT (kind, slug) DO UPDATE SET object_id = EXCLUDED.object_id"""


SEEN_TRIGGERS = [
    Trigger(
        "seen_tag",
        "DELETE",
        "taggit_taggeditem",
        "",
        seen("tag", f"taggit_tag WHERE id = OLD.tag_id AND {BEARER_SEEN}"),
    ),
    Trigger(
        "seen_author",
        "DELETE",
        "stories_article_authors",
        "",
        seen("author", f"stories_author WHERE id = OLD.author_id AND {STORY_SEEN.format('article_id')}"),
    ),
    Trigger(
        "seen_politician",
        "UPDATE OF confirmed, party_id",
        "stories_politician",
        "OLD.confirmed AND (NOT NEW.confirmed OR OLD.party_id IS DISTINCT FROM NEW.party_id)",
        seen("politician", "stories_politician WHERE id = OLD.id")
        + "; "
        + seen("party", "stories_party WHERE id = OLD.party_id"),
    ),
]
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
TRIGGERS += SEEN_TRIGGERS
