"""The index in SQLite: an FTS5 table over a view for each kind, kept right by triggers.

FTS5 asks for the words a document had when it is to forget it, so every change is two triggers: before it,
what the view says now is taken out, and after it, what the view says then is put in.
"""

# The SQL is put together from names that are written in this package; what a reader types is a parameter.
# ruff: noqa: S608

from collections.abc import Iterator, Sequence
from typing import Any

from stories.search.query import Query
from stories.search.schema import WATCHED, Watched
from stories.search.snippets import START, STOP, ranges

DOCUMENT = "docs.rowid"  # where a document's id stands in what `ranked` asks
SEARCHED: dict[str, tuple[str, ...]] = {
    "article": ("headline", "standfirst", "text"),
    "claim": ("wording", "people"),
    "politician": ("name", "other_names", "office", "summary"),
}
# How many columns `highlighting` finds beside the id.
MARKED = {kind: len(columns) for kind, columns in SEARCHED.items()}
# How much a word counts in each column; and those columns that make a hit a strong one.
WEIGHTS = {"article": (8, 4, 1), "claim": (4, 2), "politician": (8, 8, 2, 1)}
STRONG = {"article": (1, 0, 0), "claim": (1, 0), "politician": (1, 1, 0, 0)}

SOURCES = {
    "article": "SELECT id AS docid, headline, standfirst, text FROM stories_article",
    "claim": """
        SELECT claim.id AS docid, claim.wording AS wording,
            coalesce(CASE WHEN speaker.confirmed AND speaker.merged_into_id IS NULL THEN speaker.name END, '')
            || ' ' || claim.speaker_label || ' ' || coalesce((
                SELECT group_concat(person.name, ' ')
                FROM stories_claim_about AS about JOIN stories_politician AS person
                ON person.id = about.politician_id
                WHERE about.claim_id = claim.id AND person.confirmed AND person.merged_into_id IS NULL
            ), '') AS people
        FROM stories_claim AS claim
        LEFT JOIN stories_politician AS speaker ON speaker.id = claim.speaker_id""",
    "politician": """
        SELECT person.id AS docid, person.name AS name,
            coalesce((
                SELECT group_concat(other.name, ' / ') FROM stories_othername AS other
                WHERE other.politician_id = person.id
            ), '') AS other_names,
            person.role || ' ' || coalesce(party.name, '') || ' ' || coalesce(party.short_name, '') AS office,
            person.summary AS summary
        FROM stories_politician AS person LEFT JOIN stories_party AS party ON party.id = person.party_id
        WHERE person.confirmed AND person.merged_into_id IS NULL""",
}


def create(connection: Any) -> list[str]:
    """The statements that put the index up, in order."""
    statements = []
    for kind, source in SOURCES.items():
        statements += [
            f"CREATE VIEW {index(kind)}_source AS {source}",
            f"CREATE VIRTUAL TABLE {index(kind)} USING fts5({', '.join(SEARCHED[kind])}, "
            f"content='{index(kind)}_source', content_rowid='docid', "
            "tokenize='porter unicode61 remove_diacritics 2')",
        ]
        for watched in WATCHED[kind]:
            statements += triggers(kind, watched)
    return statements


def prepare(connection: Any) -> None:
    """Nothing is needed beyond FTS5, which comes with SQLite."""


def fill() -> list[str]:
    """Return the statements that fill the indexes from the rows."""
    return [f"INSERT INTO {index(kind)} ({index(kind)}) VALUES ('rebuild')" for kind in SOURCES]


def drop(cursor: Any) -> list[str]:
    """The statements that take down what stands of the index: triggers first, then what they write to."""
    cursor.execute(
        "SELECT type, name FROM sqlite_master WHERE name LIKE 'stories\\_search\\_%' ESCAPE '\\' "
        "AND (type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL TABLE%') "
        "ORDER BY type = 'view', type = 'table', name"
    )
    return [f'DROP {kind.upper()} "{name}"' for kind, name in cursor.fetchall()]


def index(kind: str) -> str:
    """Return the name of the table that indexes a kind of rows."""
    return f"stories_search_{kind}"


def triggers(kind: str, watched: Watched) -> Iterator[str]:
    """Yield the statements that keep an index up to date with one of the tables it is made of."""
    columns = ", ".join(SEARCHED[kind])
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in ("id", *watched.columns))
    for event, rows in {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}.items():
        documents = " UNION ".join(watched.documents.format(row=row) for row in rows)
        name = f"{index(kind)}_{watched.table.removeprefix('stories_')}_{event.lower()}"
        when = f"WHEN {changed} " if event == "UPDATE" else ""
        yield (
            f"CREATE TRIGGER {name}_out BEFORE {event} ON {watched.table} {when}BEGIN "
            f"INSERT INTO {index(kind)} ({index(kind)}, rowid, {columns}) SELECT 'delete', docid, {columns} "
            f"FROM {index(kind)}_source WHERE docid IN ({documents}); END"
        )
        yield (
            f"CREATE TRIGGER {name}_in AFTER {event} ON {watched.table} {when}BEGIN "
            f"INSERT INTO {index(kind)} (rowid, {columns}) SELECT docid, {columns} "
            f"FROM {index(kind)}_source WHERE docid IN ({documents}); END"
        )


def match(query: Query, *, any_word: bool) -> str:
    """FTS5's own language, with nothing of what was typed outside quotation marks."""
    terms = (f'"{" ".join(term)}"' for term in query.terms)
    return (" OR " if any_word else " AND ").join(terms)


def matching(kind: str, query: Query, *, begun: bool = False) -> tuple[str, list[str]]:
    """A query for the ids of the documents that have all the terms, and its parameters.

    `begun`: of the last one it is enough that a word begins so.
    """
    sql = f"SELECT rowid FROM {index(kind)} WHERE {index(kind)} MATCH %s"
    return sql, [match(query, any_word=False) + (" *" if begun else "")]


def ranking(
    kind: str, query: Query, *, any_word: bool, visible: tuple[str, Sequence[Any]], most: int
) -> tuple[str, list[Any]]:
    """A query for (id, score, whether the words stand in its heading), and its parameters.

    It finds the newest `most` that match and are visible.
    """
    condition, parameters = visible
    weights, strong = (", ".join(map(str, numbers[kind])) for numbers in (WEIGHTS, STRONG))
    sql = (
        f"SELECT docs.rowid, -bm25({index(kind)}, {weights}), bm25({index(kind)}, {strong}) != 0 "
        f"FROM {index(kind)} AS docs WHERE {index(kind)} MATCH %s AND {condition} "
        "ORDER BY docs.rowid DESC LIMIT %s"
    )
    return sql, [match(query, any_word=any_word), *parameters, most]


def highlighting(kind: str, query: Query, ids: Sequence[int]) -> tuple[str, list[Any]]:
    """A query for each document's id and columns with marks, and its parameters; see `in_columns`."""
    columns = SEARCHED[kind]
    marked = ", ".join(f"highlight({index(kind)}, {n}, %s, %s)" for n in range(len(columns)))
    sql = (
        f"SELECT rowid, {marked} FROM {index(kind)} WHERE {index(kind)} MATCH %s "
        f"AND rowid IN ({', '.join(['%s'] * len(ids))})"
    )
    return sql, [*[START, STOP] * len(columns), match(query, any_word=True), *ids]


def in_columns(kind: str, texts: Sequence[str]) -> dict[str, tuple[str, list[tuple[int, int]]]]:
    """Of each column the text and the ranges of characters that match, from a row of `highlighting`."""
    return {column: ranges(text) for column, text in zip(SEARCHED[kind], texts, strict=True)}


def names_like(
    cursor: Any, words: Sequence[str], visible: tuple[str, Sequence[Any]]
) -> list[tuple[int, str]]:
    """(id, all names) of the people among whom somebody with a name like `words` may be: here, everybody."""
    condition, parameters = visible
    cursor.execute(
        "SELECT docs.docid, docs.name || ' / ' || docs.other_names "
        f"FROM stories_search_politician_source AS docs WHERE {condition}",
        list(parameters),
    )
    return cursor.fetchall()  # type: ignore[no-any-return]
