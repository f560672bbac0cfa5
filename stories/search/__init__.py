"""Search over the stories, people and claims that readers may see: one interface, two databases.

`search(typed)` answers at once with what was found, ranked; slicing it gives the rows to show.
"""

# The SQL is put together from names that are written in this package; what a reader types is a parameter.
# ruff: noqa: S608, S611

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connections, models, router
from django.db.models.expressions import RawSQL

from stories.models import Article, Claim, Politician
from stories.search import names, schema
from stories.search.query import Query
from stories.search.snippets import Piece, pieces
from stories.text.normalise import search_key

__all__ = ["KINDS", "Found", "Hit", "Piece", "Query", "narrowed", "reindex", "search"]

KINDS: dict[str, type[models.Model]] = {"politician": Politician, "article": Article, "claim": Claim}
# Of each kind the newest so many matches are ranked: a word that is everywhere costs no more than this. Of
# matches by the stems of a phrase more are looked through, for those that have it word for word.
MOST_RANKED, MOST_READ = 500, 5_000
MOST_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `heading` is its name, headline or wording; `snippet` where else the words stand."""

    kind: str
    row: Any
    heading: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


# What reads the rows of a kind with these ids that readers may see, with what is shown of them.
Cards = Mapping[str, Callable[[Sequence[int]], Iterable[Any]]]


def search(
    typed: str,
    *,
    kinds: Iterable[str] = KINDS,
    cards: Cards | None = None,
    using: str | None = None,
) -> "Found":
    """What readers may see and `typed` is about. Any input is safe; one without a word finds nothing.

    All words have to be there, by their stems; words in quotation marks exactly as they are. When nothing
    has them all, `any_word` is set and what has some of them is found. `cards` read each kind's rows
    with what is shown of them.
    """
    query = Query.parse(typed)
    database = using or router.db_for_read(Article)
    keys = ranked(query, database, any_word=False)
    any_word = not any(keys.values()) and not query.phrases and len(query.words) > 1
    if any_word:
        keys = ranked(query, database, any_word=True)
    wanted = set(kinds)
    return Found(
        query, keys, tuple(kind for kind in KINDS if kind in wanted), any_word, database, cards or {}
    )


Row = TypeVar("Row", bound=models.Model)
Marked = dict[str, tuple[str, list[tuple[int, int]]]]


def narrowed(
    rows: models.QuerySet[Row], typed: str, *, kind: str, by: str = "pk", begun: bool = False
) -> models.QuerySet[Row]:
    """Those of the rows that have all the words, by the index and in the rows' own order; nothing is ranked.

    `kind` is what the index holds of them, and `by` their column with its ids. Only for rows that the index
    holds (see `stories.search.schema`). A phrase is found by the stems of its words, in their order; the last
    word may be `begun` only. Without a word in `typed`, all of them.
    """
    query = Query.parse(typed)
    if not query:
        return rows
    sql, parameters = schema.dialect_of(connections[rows.db]).matching(kind, query, begun=begun)
    return rows.filter(**{f"{by}__in": RawSQL(sql, parameters)})


def reindex(using: str | None = None) -> dict[str, int]:
    """Make the index anew from the rows; how many documents of each kind it now holds."""
    connection = connections[using or router.db_for_write(Article)]
    schema.install(connection)
    with connection.cursor() as cursor:
        counts = {}
        for kind in KINDS:
            cursor.execute(f"SELECT count(*) FROM stories_search_{kind}_source")
            counts[kind] = cursor.fetchone()[0]
    return counts


class Found:
    """A ranked sequence of hits. Its length is known at once; only the rows of a slice are read."""

    def __init__(
        self,
        query: Query,
        keys: dict[str, list[tuple[float, int]]],
        kinds: tuple[str, ...],
        any_word: bool,
        database: str,
        cards: Cards,
    ) -> None:
        self.query, self.any_word, self.database, self.cards = query, any_word, database, cards
        self.totals = {kind: len(found) for kind, found in keys.items()}
        self.most = most_of(query)
        self.cut = {kind for kind, total in self.totals.items() if total >= self.most}
        order = list(KINDS)
        merged = [(-score, order.index(kind), -pk, kind, pk) for kind in kinds for score, pk in keys[kind]]
        self.keys = [(kind, pk) for *_, kind, pk in sorted(merged)]

    def newest(self, kind: str, most: int) -> list[int]:
        """The ids of the newest of a kind among what was found."""
        return sorted((pk for of_kind, pk in self.keys if of_kind == kind), reverse=True)[:most]

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, wanted: slice) -> list[Hit]:
        """The hits of a slice. A row that stopped being visible since the search is left out."""
        keys = self.keys[wanted]
        ids = {kind: [pk for of_kind, pk in keys if of_kind == kind] for kind in KINDS}
        rows = {(kind, row.pk): row for kind, wanted in ids.items() for row in self.rows(kind, wanted)}
        marked = self.marked({kind: wanted for kind, wanted in ids.items() if wanted})
        return [
            Hit(kind, rows[kind, pk], *excerpt(marked[kind, pk]))
            for kind, pk in keys
            if (kind, pk) in rows and (kind, pk) in marked
        ]

    def rows(self, kind: str, ids: list[int]) -> Iterable[Any]:
        """The rows with these ids that readers may see, in no order."""
        if not ids:
            return ()
        if kind in self.cards:
            return self.cards[kind](ids)
        manager: Any = KINDS[kind]._default_manager
        return manager.published().filter(pk__in=ids).using(self.database)  # type: ignore[no-any-return]

    def marked(self, ids: dict[str, list[int]]) -> dict[tuple[str, int], Marked]:
        """Of each document each of its columns: the text and the ranges of characters that match."""
        if not ids:
            return {}
        connection = connections[self.database]
        dialect = schema.dialect_of(connection)
        asked = {kind: dialect.highlighting(kind, self.query, numbers) for kind, numbers in ids.items()}
        with connection.cursor() as cursor:
            found = in_one(cursor, {kind: (*one, dialect.MARKED[kind]) for kind, one in asked.items()})
        return {(kind, docid): dialect.in_columns(kind, texts) for kind, (docid, *texts) in found}

    def people_meant(self) -> tuple[list[Politician], str]:
        """When a typed word is almost somebody's name: those people, and the query as it was meant."""
        words = self.query.words[:MOST_NAME_WORDS]
        if not words:
            return [], ""
        connection = connections[self.database]
        with connection.cursor() as cursor:
            known = schema.dialect_of(connection).names_like(
                cursor, words, visible("politician", connection, "docs.docid")
            )
        people, spelt = names.people_meant(words, known)
        if not people:
            return [], ""
        found = Politician.objects.published().using(self.database).select_related("party").in_bulk(people)
        shown = [found[pk] for pk in people if pk in found]
        return shown, respelt(self.query.typed, spelt, shown) if shown else ""


def ranked(query: Query, database: str, *, any_word: bool) -> dict[str, list[tuple[float, int]]]:
    """(score, id) of what matches, by kind. Scores of different kinds compare: those with the words in the
    heading have 1 to 2, the others up to 1, each in proportion to the best of its kind."""
    keys: dict[str, list[tuple[float, int]]] = {kind: [] for kind in KINDS}
    if not query:
        return keys
    connection = connections[database]
    dialect = schema.dialect_of(connection)
    asked = {}
    for kind in KINDS:
        sql, parameters = dialect.ranking(
            kind,
            query,
            any_word=any_word,
            visible=visible(kind, connection, dialect.DOCUMENT),
            most=most_of(query),
        )
        asked[kind] = (sql, parameters, 2)
    matches: dict[str, list[tuple[int, float, bool]]] = {kind: [] for kind in KINDS}
    with connection.cursor() as cursor:
        for kind, (pk, score, strong) in in_one(cursor, asked):
            matches[kind].append((pk, score, bool(strong)))
    for kind, found in matches.items():
        if query.phrases:
            exact = saying_exactly(query, kind, [pk for pk, _, _ in found], database)
            found = [match for match in found if match[0] in exact]
        best = max((score for _, score, _ in found), default=0) or 1
        keys[kind] = [(score / best + strong, pk) for pk, score, strong in found]
    return keys


def most_of(query: Query) -> int:
    """Return how many of the newest matches of each kind are looked at."""
    return MOST_READ if query.phrases else MOST_RANKED


def in_one(cursor: Any, asked: dict[str, tuple[str, list[Any], int]]) -> list[tuple[str, tuple[Any, ...]]]:
    """Ask several queries in one, and return each row that was found with the name of its query.

    Each is (SQL, parameters, number of columns behind the first).
    """
    most = max(columns for *_, columns in asked.values())
    arms = []
    for name, (sql, _, columns) in asked.items():
        padding = ", NULL" * (most - columns)
        arms.append(f"SELECT '{name}', found.*{padding} FROM ({sql}) AS found")
    cursor.execute(" UNION ALL ".join(arms), [one for _, values, _ in asked.values() for one in values])
    return [(name, tuple(row[: asked[name][2] + 1])) for name, *row in cursor.fetchall()]


def visible(kind: str, connection: Any, document: str) -> tuple[str, tuple[Any, ...]]:
    """The SQL condition, with its parameters, that readers may see the row whose id is `document`."""
    manager: Any = KINDS[kind]._default_manager
    rows = manager.published().filter(pk=RawSQL(document, ())).order_by().values("pk")
    sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
    return f"EXISTS ({sql})", parameters


def saying_exactly(query: Query, kind: str, ids: list[int], database: str) -> set[int]:
    """Those of the documents in which every quoted phrase stands in one of the columns."""
    connection = connections[database]
    columns = tuple(schema.dialect_of(connection).SEARCHED[kind])
    said = set()
    with connection.cursor() as cursor:
        for first in range(0, len(ids), 500):
            some = ids[first : first + 500]
            cursor.execute(
                f"SELECT docid, {', '.join(columns)} FROM stories_search_{kind}_source "
                f"WHERE docid IN ({', '.join(['%s'] * len(some))})",
                some,
            )
            said |= {docid for docid, *texts in cursor if query.stands_exactly_in(texts)}
    return said


def excerpt(columns: dict[str, tuple[str, list[tuple[int, int]]]]) -> tuple[tuple[Piece, ...], ...]:
    """(heading, snippet): the first column, and of the others the first that has a hit, else the first that
    says anything."""
    heading, *others = columns.values()
    shown = [column for column in others if column[1]] or [column for column in others if column[0].strip()]
    return pieces(*heading), pieces(*shown[0]) if shown else ()


def respelt(typed: str, spelt: dict[str, str], people: list[Politician]) -> str:
    """The query with the misspelt names as the people spell them."""
    spelling = {search_key(word): word for person in people for word in re.findall(r"[^\W_]+", person.name)}

    def right(found: re.Match[str]) -> str:
        meant = spelt.get(search_key(found[0]))
        return spelling.get(meant, meant) if meant else found[0]

    return re.sub(r"[^\W_]+", right, typed)
