"""Index tables: under which headings claims stand and who is in which story, kept by the database itself.

A count over a million claims by whom they are about, or by outlet, joins three large tables; so does a list
of the stories somebody is in. Triggers answer both once, in the transaction that changes a row, whoever
changes it, and lists and counts walk an index that holds all they ask for (`ClaimHeading`, `StoryPerson`).

They follow `public_from` (see stories/database/public_from.py): what readers will not see has no row in them.
"""

# Fixed SQL: nothing that anybody typed is in it.
# ruff: noqa: S608

from django.db.backends.base.base import BaseDatabaseWrapper

from stories.database import triggers
from stories.database.triggers import Trigger

BESIDE = "claim.speaker_id, claim.rating, claim.kind, claim.said_on"


def headings(which: str) -> str:
    """Statements that make the headings of some claims (a condition on `claim.id`) anew from their rows."""
    return f"""
        DELETE FROM stories_claimheading
        WHERE claim IN (SELECT claim.id FROM stories_claim claim WHERE {which});
        {filling_headings(which)}"""


def filling_headings(which: str) -> str:
    """Return the statement that enters claims under their headings; `which` is SQL about `claim`.

    Its topics are a claim's own or, where it has none and is to have others, those of the stories that print
    it, each from the day of the first such story.
    """
    return f"""
        INSERT INTO stories_claimheading
            (claim, person, topic, outlet, speaker, rating, kind, said_on, public_from)
        SELECT claim.id, about.politician_id, NULL, CAST(NULL AS bigint), {BESIDE}, claim.public_from
        FROM stories_claim claim JOIN stories_claim_about about ON about.claim_id = claim.id
        WHERE claim.public_from IS NOT NULL AND {which}
        UNION ALL
        SELECT claim.id, NULL, tagged.tag_id, NULL, {BESIDE}, claim.public_from
        FROM stories_claim claim JOIN taggit_taggeditem tagged ON tagged.object_id = claim.id
        WHERE claim.public_from IS NOT NULL AND {which} AND tagged.content_type_id = {CLAIM_TYPE}
        UNION ALL
        SELECT claim.id, NULL, tagged.tag_id, NULL, {BESIDE}, MIN(printed.public_from)
        FROM stories_claim claim JOIN stories_appearance printed ON printed.claim_id = claim.id
        JOIN taggit_taggeditem tagged ON tagged.object_id = printed.article_id
        WHERE printed.public_from IS NOT NULL AND {which} AND tagged.content_type_id = {STORY_TYPE}
        AND NOT claim.own_topics_only AND NOT EXISTS (
            SELECT 1 FROM taggit_taggeditem own
            WHERE own.object_id = claim.id AND own.content_type_id = {CLAIM_TYPE})
        GROUP BY claim.id, tagged.tag_id
        UNION ALL
        {under_outlets(which)}"""


def under_outlets(which: str) -> str:
    """The headings of claims under the outlets they were made to: those whose names the printed words are."""
    return f"""
        SELECT claim.id, NULL, NULL, named.outlet_id, {BESIDE}, MIN(printed.public_from)
        FROM stories_claim claim JOIN stories_appearance printed ON printed.claim_id = claim.id
        JOIN stories_outletwords told ON told.words = printed.told
        JOIN stories_outletname named ON named.key = told.key
        WHERE printed.public_from IS NOT NULL AND {which}
        GROUP BY claim.id, named.outlet_id"""


def outlets(claims: str) -> str:
    """Statements that make the headings of some claims under outlets anew; `claims` is a query for them."""
    return f"""
        DELETE FROM stories_claimheading WHERE outlet IS NOT NULL AND claim IN ({claims});
        INSERT INTO stories_claimheading
            (claim, person, topic, outlet, speaker, rating, kind, said_on, public_from)
        {under_outlets(f"claim.id IN ({claims})")}"""


CLAIM_TYPE, STORY_TYPE = (
    f"(SELECT id FROM django_content_type WHERE app_label = 'stories' AND model = '{model}')"
    for model in ("claim", "article")
)


def people(which: str) -> str:
    """Statements that make the index of people of some stories (a condition on `printed.article_id`).

    What is there is overwritten and only then what should not be is taken out: in PostgreSQL two who change
    a story at once wait for each other at the person's row, and the second sees what the first has done.
    """
    stories = which.replace("printed.article_id", "stories_storyperson.article")
    return f"""
        {filling_people(which)}
        ON CONFLICT (article, person) DO UPDATE SET public_from = EXCLUDED.public_from;
        DELETE FROM stories_storyperson WHERE {stories} AND NOT EXISTS (
            SELECT 1 FROM ({named(which)}) AS named
            WHERE named.article = stories_storyperson.article AND named.person = stories_storyperson.person
        )"""


def filling_people(which: str) -> str:
    """Return the statement that enters the people of stories; `which` is SQL about the rows."""
    return f"""
        INSERT INTO stories_storyperson (article, person, public_from)
        SELECT article, person, MIN(public_from) FROM ({named(which)}) AS named
        WHERE true GROUP BY article, person ORDER BY article, person"""


def named(which: str) -> str:
    """Who said a claim printed in the stories, and whom it is about."""
    printed = f"printed.public_from IS NOT NULL AND {which}"
    return f"""
        SELECT printed.article_id AS article, said.speaker_id AS person, printed.public_from
        FROM stories_appearance printed JOIN stories_claim said ON said.id = printed.claim_id
        WHERE {printed} AND said.speaker_id IS NOT NULL
        UNION ALL
        SELECT printed.article_id, about.politician_id, printed.public_from
        FROM stories_appearance printed JOIN stories_claim_about about ON about.claim_id = printed.claim_id
        WHERE {printed}"""


def printing(claims: str) -> str:
    """The condition that a story prints one of the claims."""
    return f"printed.article_id IN (SELECT article_id FROM stories_appearance WHERE claim_id IN ({claims}))"


def locked(claims: str) -> str:
    """Two who change what hangs on a claim at once wait for each other here."""
    return f"PERFORM 1 FROM stories_claim WHERE id IN ({claims}) ORDER BY id FOR NO KEY UPDATE"


def changed(*columns: str) -> str:
    """Return SQL that is true when one of the columns changed."""
    return "(" + " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns) + ")"


def of_claims(ids: str) -> str:
    """Return the statements that make the headings of claims anew; `ids` is SQL."""
    return headings(f"claim.id IN ({ids})")


def watching(
    table: str, claim: str, *columns: str, also: str = "", people_too: bool = False
) -> list[Trigger]:
    """Triggers on a table whose rows hang on the claim in the column `claim`."""
    found = []
    name = f"register_{table.removeprefix('stories_').removeprefix('taggit_')}"
    for event, rows in {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}.items():
        ids = ", ".join(f"{row}.{claim}" for row in rows)
        which = f"claim.id IN ({ids})" + (f" AND {also.format(row=rows[-1])}" if also else "")
        then = headings(which)
        if people_too:
            then += "; " + people(printing(ids))
        watched = f"UPDATE OF {', '.join((claim, *columns))}" if event == "UPDATE" else event
        when = changed(claim, *columns) if event == "UPDATE" else ""
        found.append(Trigger(f"{name}_{event.lower()}", watched, table, when, then, locked(ids)))
    return found


def tagged_stories() -> list[Trigger]:
    """Triggers on the topics of stories: the claims that a story prints stand under them."""
    found = []
    for event, rows in {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}.items():
        stories = ", ".join(
            f"CASE WHEN {row}.content_type_id = {STORY_TYPE} THEN {row}.object_id END" for row in rows
        )
        printed = f"SELECT claim_id FROM stories_appearance WHERE article_id IN ({stories})"
        watched = "UPDATE OF object_id, tag_id, content_type_id" if event == "UPDATE" else event
        when = changed("object_id", "tag_id", "content_type_id") if event == "UPDATE" else ""
        name = f"register_story_topic_{event.lower()}"
        found.append(Trigger(name, watched, "taggit_taggeditem", when, of_claims(printed), locked(printed)))
    return found


def named_outlets() -> list[Trigger]:
    """Triggers on the names of outlets and on printed words: which claims were made to which outlet."""
    of_words = "SELECT claim_id FROM stories_appearance WHERE public_from IS NOT NULL AND told IN ({})"
    of_keys = of_words.format("SELECT words FROM stories_outletwords WHERE key IN ({})")
    found = []
    for table, claims, column, columns in (
        ("outletname", of_keys, "key", ("key", "outlet_id")),
        ("outletwords", of_words, "words", ("words", "key")),
    ):
        for event, rows in {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}.items():
            ids = claims.format(", ".join(f"{row}.{column}" for row in rows))
            watched = f"UPDATE OF {', '.join(columns)}" if event == "UPDATE" else event
            when = changed(*columns) if event == "UPDATE" else ""
            name = f"register_{table}_{event.lower()}"
            found.append(Trigger(name, watched, f"stories_{table}", when, outlets(ids), locked(ids)))
    return found


SEEN = "(OLD.public_from IS NOT NULL OR NEW.public_from IS NOT NULL)"
BESIDES = ("speaker_id", "rating", "kind", "said_on", "own_topics_only", "public_from")
IN_PRINT = ("claim_id", "article_id", "told", "public_from")
TRIGGERS = [
    Trigger(
        "register_claim_update",
        f"UPDATE OF {', '.join(BESIDES)}",
        "stories_claim",
        f"{changed(*BESIDES)} AND {SEEN}",
        of_claims("NEW.id"),
    ),
    Trigger(
        "register_claim_speaker",
        "UPDATE OF speaker_id",
        "stories_claim",
        f"{changed('speaker_id')} AND {SEEN}",
        people(printing("NEW.id")),
    ),
    Trigger(
        "register_claim_delete",
        "DELETE",
        "stories_claim",
        "",
        "DELETE FROM stories_claimheading WHERE claim = OLD.id",
    ),
    *watching("stories_claim_about", "claim_id", "politician_id", people_too=True),
    *watching(
        "taggit_taggeditem",
        "object_id",
        "tag_id",
        "content_type_id",
        also=f"{{row}}.content_type_id = {CLAIM_TYPE}",
    ),
    *tagged_stories(),
    *named_outlets(),
    # A new appearance is in no index table: `public_from` comes to it by an update, and that is watched.
    Trigger(
        "register_appearance_update",
        f"UPDATE OF {', '.join(IN_PRINT)}",
        "stories_appearance",
        f"{changed(*IN_PRINT)} AND {SEEN}",
        of_claims("OLD.claim_id, NEW.claim_id")
        + "; "
        + people("printed.article_id IN (OLD.article_id, NEW.article_id)"),
        locked("OLD.claim_id, NEW.claim_id"),
    ),
    Trigger(
        "register_appearance_delete",
        "DELETE",
        "stories_appearance",
        "OLD.public_from IS NOT NULL",
        of_claims("OLD.claim_id") + "; " + people("printed.article_id = OLD.article_id"),
        locked("OLD.claim_id"),
    ),
]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers up (again), and make the index tables anew from the rows there are."""
    triggers.put_up(connection, TRIGGERS)
    fill(connection)


def fill(connection: BaseDatabaseWrapper) -> None:
    """Make the index tables anew from the rows there are."""
    with connection.cursor() as cursor:
        for table in ("claimheading", "storyperson"):
            cursor.execute(f"DELETE FROM stories_{table}")
        cursor.execute(filling_headings("true"))
        cursor.execute(filling_people("true"))


def fill_claims(connection: BaseDatabaseWrapper, first: int, last: int) -> None:
    """Make the headings of the claims from one number to another anew, while others change them."""
    which = f"BETWEEN {first} AND {last}"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM stories_claimheading WHERE claim {which}")
        cursor.execute(filling_headings(f"claim.id {which}"))


def fill_stories(connection: BaseDatabaseWrapper, first: int, last: int) -> None:
    """Make the people of the stories from one number to another anew, while others change them."""
    with connection.cursor() as cursor:
        for statement in people(f"printed.article_id BETWEEN {first} AND {last}").split(";"):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers down; the index tables stay as they are."""
    triggers.take_down(connection, TRIGGERS)
