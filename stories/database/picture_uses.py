"""Which story has which pictures in its body, kept by the database itself in `stories_pictureuse`.

Whose picture a file is, is asked each time one is handed out, and bodies are too long to be searched then.
Triggers read the files' names out of a body, and out of that of a pending version, in the transaction that
writes it, whoever writes it. A name is written as it is (`text/body_pictures.py`): nothing in it is escaped.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from django.db.backends.base.base import BaseDatabaseWrapper

from stories import batches
from stories.database import triggers
from stories.database.triggers import Trigger

TABLE = "stories_pictureuse"
BEGINS = '<img data-picture="'
BEGINS_IN_JSON = BEGINS.replace('"', r"\"")
HAS_ONE = "{}.body LIKE '%<img data-picture=%'"
# A query of the names in {html}. SQLite has no search that finds all of several: the HTML, written as text of
# JSON, becomes a list with another item from each picture on.
NAMES = {
    "sqlite": f"""
        SELECT DISTINCT {{story}}, substr(part.value, 1, instr(part.value, '"') - 1), {{pending}}
        FROM {{before}}json_each('[' || replace(
            json_quote({{html}}), '{BEGINS_IN_JSON}', '","') || ']') AS part
        WHERE part.key > 0""",
    "postgresql": f"""
        SELECT DISTINCT {{story}}, name[1], {{pending}}
        FROM {{before}}regexp_matches({{html}}, '{BEGINS}([^"]+)"', 'g') AS name
        WHERE true""",
}
PENDING_BODY = {
    "sqlite": "COALESCE(json_extract({}.fields, '$.body'), '')",
    "postgresql": "COALESCE({}.fields ->> 'body', '')",
}


def keeping(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Return the triggers that keep the table."""
    insert = f"INSERT INTO {TABLE} (article, file, pending) "
    names, pending_body = NAMES[connection.vendor], PENDING_BODY[connection.vendor].format("NEW")
    of_story = insert + names.format(story="NEW.id", html="NEW.body", pending="false", before="")
    of_changes = insert + names.format(story="NEW.article_id", html=pending_body, pending="true", before="")
    gone = f"DELETE FROM {TABLE} WHERE article = {{}} AND pending = {{}}"
    changed = f"OLD.body <> NEW.body AND ({HAS_ONE.format('OLD')} OR {HAS_ONE.format('NEW')})"
    was, were = gone.format("NEW.id", "false"), gone.format("NEW.article_id", "true")
    versions = "stories_pendingversion"
    return [
        Trigger("pictures_of_new_story", "INSERT", "stories_article", HAS_ONE.format("NEW"), of_story),
        Trigger("pictures_of_story", "UPDATE OF body", "stories_article", changed, f"{was}; {of_story}"),
        Trigger(
            "pictures_of_gone_story",
            "DELETE",
            "stories_article",
            "",
            f"DELETE FROM {TABLE} WHERE article = OLD.id",
        ),
        Trigger("pictures_of_new_changes", "INSERT", versions, "", of_changes),
        Trigger("pictures_of_changes", "UPDATE OF fields", versions, "", f"{were}; {of_changes}"),
        Trigger("pictures_of_gone_changes", "DELETE", versions, "", gone.format("OLD.article_id", "true")),
    ]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers up (again), and make the table anew from the rows there are."""
    triggers.put_up(connection, keeping(connection))
    fill(connection)


def fill(connection: BaseDatabaseWrapper, first: int = 0, last: int = batches.LARGEST) -> None:
    """Make the table anew from the rows of the stories from one number to another."""
    names, pending_body = NAMES[connection.vendor], PENDING_BODY[connection.vendor].format("version")
    has_one = HAS_ONE.format("story")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE article BETWEEN {first} AND {last}")
        for story, pending, html, before, which in (
            ("story.id", "false", "story.body", "stories_article story, ", has_one),
            ("version.article_id", "true", pending_body, "stories_pendingversion version, ", "true"),
        ):
            found = names.format(story=story, html=html, pending=pending, before=before)
            cursor.execute(
                f"INSERT INTO {TABLE} (article, file, pending) {found} AND {which} "
                f"AND {story} BETWEEN {first} AND {last}"
            )
