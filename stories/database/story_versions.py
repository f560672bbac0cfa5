"""What readers have seen of each story, version by version, kept by the database itself.

A row is written in the transaction that publishes a story or changes the words of a published one, whoever
changes it. A version whose time had not come when the next one was written was never seen, and goes.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from django.db.backends.base.base import BaseDatabaseWrapper

from stories.database.triggers import NOW, Trigger

UNSEEN = f"DELETE FROM stories_storyversion WHERE article_id = NEW.id AND seen_from > {NOW}"
LAST = "(SELECT MAX(id) FROM stories_storyversion WHERE article_id = {}.id)"
SAME = "former.headline = {0}.headline AND former.standfirst = {0}.standfirst AND former.text = {0}.text"
# The first one counts from when the story says that it was published.
KEPT = f"""
    INSERT INTO stories_storyversion (article_id, headline, standfirst, text, updated_at, seen_from)
    SELECT NEW.id, NEW.headline, NEW.standfirst, NEW.text, NEW.updated_at,
        CASE WHEN NEW.published_at > {NOW} OR {LAST.format("NEW")} IS NULL
            THEN NEW.published_at ELSE {NOW} END
    WHERE NOT EXISTS (
        SELECT 1 FROM stories_storyversion former
        WHERE former.id = {LAST.format("NEW")} AND {SAME.format("NEW")})"""
WORDS = ("headline", "standfirst", "text", "status", "published_at")
CHANGED = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in WORDS)
TRIGGERS = [
    Trigger(
        "version_of_new_story",
        "INSERT",
        "stories_article",
        "NEW.status = 'published' AND NEW.published_at IS NOT NULL",
        KEPT,
    ),
    Trigger(
        "version_of_story",
        f"UPDATE OF {', '.join(WORDS)}",
        "stories_article",
        f"NEW.status = 'published' AND NEW.published_at IS NOT NULL AND ({CHANGED})",
        f"{UNSEEN}; {KEPT}",
    ),
    Trigger(
        "version_not_to_be_seen",
        "UPDATE OF status",
        "stories_article",
        "OLD.status = 'published' AND NEW.status <> 'published'",
        UNSEEN,
    ),
]


def fill(connection: BaseDatabaseWrapper, which: str = "true") -> None:
    """Begin the history of stories that have none with what is public now; `which` is SQL about `story`."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO stories_storyversion (article_id, headline, standfirst, text, updated_at, seen_from)
            SELECT id, headline, standfirst, text, updated_at, COALESCE(updated_at, published_at)
            FROM stories_article story
            WHERE status = 'published' AND published_at IS NOT NULL AND {which}
            AND NOT EXISTS (SELECT 1 FROM stories_storyversion known WHERE known.article_id = story.id)""")
