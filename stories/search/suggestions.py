"""What somebody may be about to type: people, parties, topics, outlets and stories whose names begin so."""

# The SQL is put together from names that are written in this package; what a reader types is a parameter.
# ruff: noqa: S608

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from stories.models import Article
from stories.models.cards import MEMBERS, SAID, TAGGED, TOLD
from stories.search import in_one, published_now, schema
from stories.search.query import Query
from stories.text.normalise import search_key
from stories.text.quotations import typeset
from stories.text.sources import office
from stories.text.titles import topic_title

FEWEST_LETTERS = 2
MOST = 8
AMONG = 200  # stories: of those made last so many are looked at


@dataclass(frozen=True, slots=True)
class Kind:
    """How things of a kind are suggested: their label, at most how many, and the SQL that reads them.

    `columns` are (name, slug, a line, another, how many), all but the last as text; `order` puts the best
    first.
    """

    label: str
    most: int
    url: str
    columns: str
    tables: str
    order: str = "5 DESC, 1"


KINDS = {
    "politician": Kind(
        "Person",
        5,
        "politician",
        f"thing.name, thing.slug, thing.role, coalesce(party.name, ''), {SAID}",
        "stories_politician AS thing LEFT JOIN stories_party AS party ON party.id = thing.party_id",
    ),
    "party": Kind(
        "Party", 2, "party", f"thing.name, thing.slug, '', '', {MEMBERS}", "stories_party AS thing"
    ),
    "topic": Kind("Topic", 3, "topic", f"thing.name, thing.slug, '', '', {TAGGED}", "taggit_tag AS thing"),
    "outlet": Kind(
        "Outlet", 2, "outlet", f"thing.name, thing.slug, '', '', {TOLD}", "stories_outlet AS thing"
    ),
    "article": Kind(
        "Story",
        4,
        "article",
        "thing.headline, thing.slug, CAST(thing.published_at AS text), '', 0",
        "stories_article AS thing",
        "thing.published_at DESC",
    ),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that readers may see, by its name; `note` tells it from others of that name."""

    kind: str
    name: str
    note: str
    address: str


def suggested(typed: str, using: str | None = None) -> list[Suggestion]:
    """Return what may be meant by the beginning of a question, the likeliest first; one statement is asked.

    All words have to stand in a name or headline, the last of them begun at least. Any input is safe.
    """
    query = Query.parse(typed)
    if not query or sum(map(len, query.terms[-1].words)) < FEWEST_LETTERS:
        return []
    connection = connections[using or router.db_for_read(Article)]
    asked = {kind: (*arm(kind, query, connection), 5) for kind in KINDS}
    with connection.cursor() as cursor:
        found = [(kind, row) for kind, row in in_one(cursor, asked)]
    begun = search_key(query.typed)
    found.sort(key=lambda one: (one[0] == "article", not search_key(one[1][1]).startswith(begun)))
    return [suggestion(kind, *row[1:5]) for kind, row in found[:MOST]]


def arm(kind: str, query: Query, connection: Any) -> tuple[str, list[Any]]:
    """The query for one kind, and its parameters."""
    how, dialect = KINDS[kind], schema.dialect_of(connection)
    matching, words = dialect.matching(kind, query, begun=True, named=True)
    visible, parameters = published_now(kind, "thing.id", connection)
    if kind == "article":
        matches, values = f"thing.id IN ({matching} ORDER BY 1 DESC LIMIT {AMONG})", [*words]
    else:  # the beginning of a word need not be the beginning of its stem, by which the index knows it
        begun = query.typed.lower().replace("=", "==").replace("%", "=%").replace("_", "=_")
        like = "lower(thing.name) LIKE %s ESCAPE '='"
        matches, values = (
            f"(thing.id IN ({matching}) OR {like} OR {like})",
            [*words, f"{begun}%", f"% {begun}%"],
        )
    number = ContentType.objects.get_for_model(Article).pk
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    columns = how.columns.format(kind="%s", now="%s")
    given = {"politician": [now], "topic": [number, now], "outlet": [now]}.get(kind, [])
    sql = (
        f"SELECT thing.id, {columns} FROM {how.tables} WHERE {matches} AND {visible} "
        f"ORDER BY {how.order} LIMIT {how.most}"
    )
    return sql, [*given, *values, *parameters]


def suggestion(kind: str, name: str, slug: str, line: str, more: str) -> Suggestion:
    """A row of an arm, as it is shown."""
    how, note = KINDS[kind], ""
    if kind == "article":
        day = datetime.fromisoformat(line)
        note = date_format(timezone.localdate(day if day.tzinfo else day.replace(tzinfo=UTC)), "j F Y")
    elif kind == "politician":
        note = ", ".join(filter(None, [office(line, more), more]))
    shown = topic_title(name) if kind == "topic" else typeset(name)
    return Suggestion(how.label, shown, note, reverse(f"stories:{how.url}", args=[slug]))
