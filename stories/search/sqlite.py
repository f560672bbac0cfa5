"""The index in SQLite: an FTS5 table over a view for each kind, kept right by triggers.

FTS5 asks for the words a document had when it is to forget it, so every change is two triggers: before it,
what the view says now is taken out, and after it, what the view says then is put in.
"""

# The SQL is put together from names that are written in this package; what a reader types is a parameter.
# ruff: noqa: S608

from collections.abc import Iterator, Sequence
from typing import Any

from stories.search.query import Query, Term
from stories.search.ranking import MOST_PAIRS, NEAR
from stories.search.schema import HEADINGS, WATCHED, Watched
from stories.search.snippets import START, STOP, ranges

DOCUMENT = "docs.rowid"  # where a document's id stands in what `ranked` asks
# When what is dated was printed or said.
DAYS = {
    "article": "(SELECT published_at FROM stories_article WHERE id = docs.rowid)",
    "claim": "(SELECT listed_on FROM stories_claim WHERE id = docs.rowid)",
}
SEARCHED: dict[str, tuple[str, ...]] = {
    "article": ("headline", "standfirst", "text"),
    "claim": ("wording", "people"),
    "politician": ("name", "other_names", "office", "summary"),
    "party": ("name", "short_name"),
    "topic": ("name",),
    "outlet": ("name", "other_names"),
    "author": ("name",),
}
# How many columns `highlighting` finds beside the id.
MARKED = {kind: len(columns) for kind, columns in SEARCHED.items()}
# How much a word counts in each column.
WEIGHTS = {
    "article": (8, 4, 1),
    "claim": (4, 2),
    "politician": (8, 8, 2, 1),
    "party": (1, 1),
    "topic": (1,),
    "outlet": (1, 1),
    "author": (1,),
}

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
    "party": "SELECT id AS docid, name, short_name FROM stories_party",
    "topic": "SELECT id AS docid, name FROM taggit_tag",
    # Without its article it is called so, too.
    "outlet": """
        SELECT outlet.id AS docid, outlet.name AS name,
            coalesce((
                SELECT group_concat(named.name, ' / ') FROM stories_outletname AS named
                WHERE named.outlet_id = outlet.id AND named.key <> outlet.key
            ), '') || CASE WHEN substr(outlet.name, 1, 4) = 'The '
                THEN ' / ' || substr(outlet.name, 5) ELSE '' END
            AS other_names
        FROM stories_outlet AS outlet""",
    "author": "SELECT id AS docid, name FROM stories_author",
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
    return (" OR " if any_word else " AND ").join(map(expression, query.terms))


def expression(term: Term) -> str:
    """A term and what may stand in its place, in brackets."""
    words = [" ".join(term.words)] if term.in_a_row else term.words
    typed = " AND ".join(f'"{word}"' for word in words)
    others = (f'"{" ".join(other)}"' for other in term.others)
    return f"({' OR '.join([f'({typed})', *others])})"


def within(columns: Sequence[str], expression: str) -> str:
    """The expression, looked for in some of the columns alone."""
    return f"({{{' '.join(columns)}}} : ({expression}))"


def matching(kind: str, query: Query, *, begun: bool = False, named: bool = False) -> tuple[str, list[str]]:
    """A query for the ids of the documents that have all the terms, and its parameters.

    `begun`: of the last one it is enough that a word begins so. `named`: all stand in what it is called.
    """
    sql = f"SELECT rowid FROM {index(kind)} WHERE {index(kind)} MATCH %s"
    asked = match(query, any_word=False)
    if begun:
        *first, last = query.terms
        asked = " AND ".join([*map(expression, first), f'"{" ".join(last.words)}" *'])
    return sql, [within(HEADINGS[kind], asked) if named else asked]


def ranking(
    kind: str, query: Query, *, visible: tuple[str, Sequence[Any]], day: str, most: int, newest: bool
) -> tuple[str, list[Any]]:
    """A query for what matches and is visible, and its parameters: see `stories.search.ranking.Match`.

    Of what is dated (`day` is the SQL of its day) all terms have to be there; of others, one of the terms in
    a name is enough. The newest `most` are found: those of the last days if `newest`, else those made last.
    """
    condition, parameters = visible
    headings = HEADINGS[kind]
    asked = every = match(query, any_word=False)
    if not day:
        asked = f"({every}) OR {within(headings, match(query, any_word=True))}"
    beside = [near(pair) for pair in query.neighbours[:MOST_PAIRS]] if day else [every]
    flags = [within(headings, every), *beside]
    added = " + ".join(
        f"{1 if place == 0 else 2} * (docs.rowid IN (SELECT rowid FROM {index(kind)} "
        f"WHERE {index(kind)} MATCH %s))"
        for place in range(len(flags))
    )
    weights = ", ".join(map(str, WEIGHTS[kind]))
    names = " || char(31) || ".join(f"docs.{column}" for column in (() if day else headings))
    texts = " || char(31) || ".join(f"docs.{column}" for column in SEARCHED[kind])
    sql = (
        f"SELECT docs.rowid AS docid, -bm25({index(kind)}, {weights}) AS score, {added} AS flags, "
        f"{names or (day if newest else 'NULL')} AS said, {texts if query.phrases else 'NULL'} AS texts "
        f"FROM {index(kind)} AS docs WHERE {index(kind)} MATCH %s AND {condition} "
        f"ORDER BY {'said' if newest and day else 'docs.rowid'} DESC LIMIT %s"
    )
    return sql, [*flags, asked, *parameters, most]


def near(pair: tuple[str, str]) -> str:
    """The two words with at most two others between them, whichever comes first."""
    return f'NEAR("{pair[0]}" "{pair[1]}", {NEAR - 1})'


def having(kind: str, term: Term, most: int) -> tuple[str, list[Any]]:
    """A query for the newest documents that have a term, and its parameters."""
    return (
        f"SELECT rowid AS docid FROM {index(kind)} WHERE {index(kind)} MATCH %s ORDER BY rowid DESC LIMIT %s",
        [expression(term), most],
    )


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
