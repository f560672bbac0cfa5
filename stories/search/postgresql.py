"""The index in PostgreSQL: a table of weighted text vectors for each kind, kept right by triggers.

The configuration stems English and drops no word: "May" and "Will" are people here. Text is folded first, so
that accents and marks divide words just as they do in SQLite; neither a superuser nor `unaccent` is needed.
"""

# The SQL is put together from names that are written in this package; what a reader types is a parameter.
# ruff: noqa: S608

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import DatabaseError, transaction

from stories.search.query import Query, Term
from stories.search.ranking import MOST_PAIRS, NEAR
from stories.search.schema import HEADINGS, WATCHED, Watched
from stories.search.snippets import START, STOP, ranges

logger = logging.getLogger(__name__)

CONFIGURATION = "stories_search_english"
# Characters of a story that are indexed: a text vector may not pass a megabyte.
LONGEST = 200_000
# What divides words, told by code point so that it does not hang on the database's locale.
DIVIDERS = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf"
    r"\u00d7\u00f7\u02b9-\u02df\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020\ufe00-\ufe0f]"
)

DOCUMENT = "docs.docid"  # where a document's id stands in what `ranked` asks
# When what is dated was printed or said.
DAYS = {
    "article": "(SELECT published_at::text FROM stories_article WHERE id = docs.docid)",
    "claim": "(SELECT listed_on::text FROM stories_claim WHERE id = docs.docid)",
}
# The text of each document by column, with the weight its words have there (A counts most).
SOURCES = {
    "article": (
        {"headline": "A", "standfirst": "B", "text": "D"},
        "SELECT id AS docid, headline, standfirst, text FROM stories_article",
    ),
    "claim": (
        {"wording": "A", "people": "B"},
        """SELECT claim.id AS docid, claim.wording, concat_ws(' ',
                CASE WHEN speaker.confirmed AND speaker.merged_into_id IS NULL THEN speaker.name END,
                claim.speaker_label, (
                SELECT string_agg(person.name, ' ' ORDER BY person.id)
                FROM stories_claim_about AS about JOIN stories_politician AS person
                ON person.id = about.politician_id
                WHERE about.claim_id = claim.id AND person.confirmed AND person.merged_into_id IS NULL
            )) AS people
        FROM stories_claim AS claim
        LEFT JOIN stories_politician AS speaker ON speaker.id = claim.speaker_id""",
    ),
    "politician": (
        {"name": "A", "other_names": "A", "office": "C", "summary": "D"},
        """SELECT person.id AS docid, person.name,
            coalesce((
                SELECT string_agg(other.name, ' / ' ORDER BY other.id) FROM stories_othername AS other
                WHERE other.politician_id = person.id
            ), '') AS other_names,
            concat_ws(' ', person.role, party.name, party.short_name) AS office, person.summary
        FROM stories_politician AS person LEFT JOIN stories_party AS party ON party.id = person.party_id
        WHERE person.confirmed AND person.merged_into_id IS NULL""",
    ),
    "party": (
        {"name": "A", "short_name": "A"},
        "SELECT id AS docid, name, short_name FROM stories_party",
    ),
    "topic": ({"name": "A"}, "SELECT id AS docid, name FROM taggit_tag"),
    # Without its article it is called so, too.
    "outlet": (
        {"name": "A", "other_names": "A"},
        """SELECT outlet.id AS docid, outlet.name AS name,
            coalesce((
                SELECT string_agg(named.name, ' / ' ORDER BY named.id) FROM stories_outletname AS named
                WHERE named.outlet_id = outlet.id AND named.key <> outlet.key
            ), '') || CASE WHEN substr(outlet.name, 1, 4) = 'The '
                THEN ' / ' || substr(outlet.name, 5) ELSE '' END
            AS other_names
        FROM stories_outlet AS outlet""",
    ),
    "author": ({"name": "A"}, "SELECT id AS docid, name FROM stories_author"),
}
SEARCHED = {kind: tuple(weights) for kind, (weights, _) in SOURCES.items()}
# How many columns `highlighting` finds beside the id.
MARKED = {kind: 2 * len(columns) for kind, columns in SEARCHED.items()}
WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"  # of D, C, B and A
IN_HEADING = """ts_filter(vector, '{a}')"""
BY_LENGTH = 1  # ts_rank divides by 1 + the logarithm of the document's length


def create(connection: Any) -> list[str]:
    """The statements that put the index up, in order."""
    statements = [
        # Length for length (in composed text): a highlight in folded text is one in the text itself.
        "CREATE FUNCTION stories_search_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE "
        r"AS $$ SELECT regexp_replace(normalize(regexp_replace(normalize(words, NFD), '[\u0300-\u036f]', '', "
        f"'g'), NFC), '{DIVIDERS}', ' ', 'g') $$",
        "CREATE TEXT SEARCH DICTIONARY stories_search_stem (TEMPLATE = snowball, LANGUAGE = english)",
        f"CREATE TEXT SEARCH CONFIGURATION {CONFIGURATION} (COPY = pg_catalog.english)",
        f"ALTER TEXT SEARCH CONFIGURATION {CONFIGURATION} ALTER MAPPING REPLACE english_stem "
        "WITH stories_search_stem",
    ]
    for kind, (weights, source) in SOURCES.items():
        statements += [
            f"CREATE VIEW {index(kind)}_source AS {source}",
            f"CREATE TABLE {index(kind)} (docid bigint PRIMARY KEY, vector tsvector NOT NULL"
            f"{', names text NOT NULL' if kind == 'politician' else ''})",
            refresh(kind, weights),
            f"CREATE FUNCTION {index(kind)}_empty() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN TRUNCATE {index(kind)}; RETURN NULL; END $$",
            f"CREATE TRIGGER {index(kind)}_empty AFTER TRUNCATE ON {WATCHED[kind][0].table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {index(kind)}_empty()",
        ]
        for watched in WATCHED[kind]:
            statements += triggers(kind, watched)
    if has_trigrams(connection):
        statements.append(
            "CREATE INDEX stories_search_politician_names ON stories_search_politician "
            "USING gist (names gist_trgm_ops)"
        )
    return statements


def prepare(connection: Any) -> None:
    """Try to have pg_trgm, which forgives typos among very many names quickly. An account that may not make
    it does without: then all names are looked at, with the same answers."""
    if not has_trigrams(connection):
        try:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError as error:
            logger.info("Search goes on without pg_trgm: %s", str(error).splitlines()[0])


def has_trigrams(connection: Any) -> bool:
    """Tell whether the extension for words that are nearly the same is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def columns_of(kind: str, weights: dict[str, str]) -> dict[str, str]:
    """The columns of a kind's index, each with the SQL that makes it of a document."""
    vector = " || ".join(
        f"setweight(to_tsvector('{CONFIGURATION}', stories_search_fold(left({column}, {LONGEST}))), "
        f"'{weight}')"
        for column, weight in weights.items()
    )
    names = ("names", "lower(stories_search_fold(name || ' ' || other_names))")
    return {"vector": vector} | ({names[0]: names[1]} if kind == "politician" else {})


def refresh(kind: str, weights: dict[str, str]) -> str:
    """The function that makes the index say of some documents what their rows say now."""
    columns = columns_of(kind, weights)
    return (
        f"CREATE FUNCTION {index(kind)}_refresh(ids bigint[]) RETURNS void LANGUAGE sql AS $$ "
        f"DELETE FROM {index(kind)} WHERE docid = ANY(ids) "
        f"AND docid NOT IN (SELECT docid FROM {index(kind)}_source WHERE docid = ANY(ids)); "
        f"INSERT INTO {index(kind)} (docid, {', '.join(columns)}) "
        f"SELECT docid, {', '.join(columns.values())} FROM {index(kind)}_source WHERE docid = ANY(ids) "
        "ORDER BY docid ON CONFLICT (docid) DO UPDATE SET "
        f"{', '.join(f'{column} = EXCLUDED.{column}' for column in columns)} $$"
    )


def fill() -> list[str]:
    """The statements that fill an empty index; its GIN indexes are made last, many times faster than kept."""
    statements = []
    for kind, (weights, _) in SOURCES.items():
        columns = columns_of(kind, weights)
        statements.append(
            f"INSERT INTO {index(kind)} (docid, {', '.join(columns)}) "
            f"SELECT docid, {', '.join(columns.values())} FROM {index(kind)}_source"
        )
    return [*statements, *indexes()]


def indexes(how: str = "") -> list[str]:
    """The statements that make the GIN indexes; with `how` CONCURRENTLY, nobody's save waits for them."""
    return [
        f"CREATE INDEX {how} {index(kind)}_vector ON {index(kind)} USING gin (vector)" for kind in SOURCES
    ]


def entering(kind: str, first: int, last: int) -> str:
    """The statement that makes the index say of documents from one number to another what their rows say."""
    return (
        f"SELECT {index(kind)}_refresh(ARRAY("
        f"SELECT docid FROM {index(kind)}_source WHERE docid BETWEEN {first} AND {last}))"
    )


def drop(cursor: Any) -> list[str]:
    """The statements that take the index down; a trigger goes with its function."""
    cursor.execute(
        "SELECT oid::regprocedure FROM pg_proc WHERE proname LIKE 'stories\\_search\\_%' "
        "AND pronamespace = current_schema()::regnamespace ORDER BY 1"
    )
    functions = [f"DROP FUNCTION IF EXISTS {name} CASCADE" for (name,) in cursor.fetchall()]
    tables = [f"DROP TABLE IF EXISTS {index(kind)} CASCADE" for kind in SOURCES]
    views = [f"DROP VIEW IF EXISTS {index(kind)}_source CASCADE" for kind in SOURCES]
    return [
        *functions,
        *views,
        *tables,
        f"DROP TEXT SEARCH CONFIGURATION IF EXISTS {CONFIGURATION} CASCADE",
        "DROP TEXT SEARCH DICTIONARY IF EXISTS stories_search_stem CASCADE",
    ]


def index(kind: str) -> str:
    """Return the name of the table that indexes a kind of rows."""
    return f"stories_search_{kind}"


def triggers(kind: str, watched: Watched) -> Iterator[str]:
    """Yield the statements that keep an index up to date with one of the tables it is made of."""
    name = f"{index(kind)}_{watched.table.removeprefix('stories_')}"
    columns = ("id", *watched.columns)
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    documents = " UNION ".join(watched.documents.format(row=row) for row in ("OLD", "NEW"))
    yield (
        f"CREATE FUNCTION {name}_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF ROW({old}) IS NOT DISTINCT FROM ROW({new}) THEN RETURN NULL; END IF; "
        f"END IF; PERFORM {index(kind)}_refresh(ARRAY({documents})); RETURN NULL; END $$"
    )
    yield (
        f"CREATE TRIGGER {name}_changed AFTER INSERT OR UPDATE OR DELETE ON {watched.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}_changed()"
    )


def match(query: Query, *, any_word: bool) -> tuple[str, list[str]]:
    """A text query made of PostgreSQL's own safe functions, and the parameters it takes."""
    parts = [expression(term) for term in query.terms]
    return (
        f"({(' || ' if any_word else ' && ').join(sql for sql, _ in parts)})",
        [word for _, words in parts for word in words],
    )


def expression(term: Term) -> tuple[str, list[str]]:
    """A text query for a term and what may stand in its place, and its parameters."""
    plain, row = (f"{how}to_tsquery('{CONFIGURATION}', %s)" for how in ("plain", "phrase"))
    words = " ".join(term.words)
    sql = [row if term.in_a_row else plain, *[row] * len(term.others)]
    return f"({' || '.join(sql)})", [words, *(" ".join(other) for other in term.others)]


def matching(kind: str, query: Query, *, begun: bool = False, named: bool = False) -> tuple[str, list[str]]:
    """A query for the ids of the documents that have all the terms, and its parameters.

    `begun`: of the last one it is enough that a word begins so. `named`: all stand in what it is called.
    """
    asked, words = match(query, any_word=False)
    if begun:
        asked = f"(nullif({asked}::text, '') || ':*')::tsquery"
    sql = f"SELECT docid FROM {index(kind)} WHERE vector @@ {asked}"
    return (f"{sql} AND {IN_HEADING} @@ {asked}", [*words, *words]) if named else (sql, words)


def ranking(
    kind: str, query: Query, *, visible: tuple[str, Sequence[Any]], day: str, most: int, newest: bool
) -> tuple[str, list[Any]]:
    """A query for what matches and is visible, and its parameters: see `stories.search.ranking.Match`.

    Of what is dated (`day` is the SQL of its day) all terms have to be there; of others, one of the terms in
    a name is enough. The newest `most` are found: those of the last days if `newest`, else those made last.
    """
    condition, parameters = visible
    every, words = match(query, any_word=False)
    some, any_words = match(query, any_word=True)
    matched, matched_by = f"vector @@ {every}", words
    if not day:
        in_a_name = f"vector @@ {some} AND {IN_HEADING} @@ {some}"
        matched, matched_by = f"({matched} OR {in_a_name})", [*words, *any_words, *any_words]
    pairs = query.neighbours[:MOST_PAIRS] if day else []
    columns = "".join(f", {near()} AS near_{place}" for place in range(len(pairs)))
    flags = "".join(f" + 2 * (vector @@ near_{place})::int" for place in range(len(pairs)))
    flags = flags if day else " + 2 * (vector @@ words)::int"
    said = _joined(HEADINGS[kind]) if not day else day if newest else "NULL"
    joined = "" if day and not query.phrases else f" JOIN {index(kind)}_source AS docs USING (docid)"
    sql = (
        f"WITH asked AS MATERIALIZED (SELECT {every} AS words{columns}) "
        f"SELECT docid, ts_rank(%s::real[], vector, words, %s)::float AS score, "
        f"({IN_HEADING} @@ words)::int{flags} AS flags, {'said' if day else said} AS said, "
        f"{_joined(SEARCHED[kind]) if query.phrases else 'NULL'} AS texts FROM ("
        f"SELECT docs.docid, docs.vector, {said if day else 'NULL'} AS said FROM {index(kind)} AS docs "
        f"WHERE {matched} AND {condition} ORDER BY {'said' if newest and day else 'docs.docid'} DESC LIMIT %s"
        f") AS found{joined} CROSS JOIN asked"
    )
    return sql, [
        *words,
        *[word for pair in pairs for _ in range(NEAR) for word in (*pair, *reversed(pair))],
        WEIGHTS,
        BY_LENGTH,
        *matched_by,
        *parameters,
        most,
    ]


def near() -> str:
    """A text query for two words, given and given in reverse, with at most two others between them; each is
    a parameter NEAR times."""
    word = f"plainto_tsquery('{CONFIGURATION}', %s)"
    apart = [
        f"tsquery_phrase({word}, {word}, {distance}) || tsquery_phrase({word}, {word}, {distance})"
        for distance in range(1, NEAR + 1)
    ]
    return f"({' || '.join(apart)})"


def _joined(columns: Sequence[str]) -> str:
    return f"concat_ws(chr(31), {', '.join(f'docs.{column}' for column in columns)})"


def having(kind: str, term: Term, most: int) -> tuple[str, list[Any]]:
    """A query for the newest documents that have a term, and its parameters."""
    asked, words = expression(term)
    sql = f"SELECT docid FROM {index(kind)} WHERE vector @@ {asked} ORDER BY docid DESC LIMIT %s"
    return sql, [*words, most]


def highlighting(kind: str, query: Query, ids: Sequence[int]) -> tuple[str, list[Any]]:
    """A query for each document's id and columns with marks, and its parameters; see `in_columns`."""
    columns = SEARCHED[kind]
    asked, words = match(query, any_word=True)
    options = f"HighlightAll=true, StartSel={START}, StopSel={STOP}"
    marked = ", ".join(
        f"docs.{column}, ts_headline('{CONFIGURATION}', stories_search_fold(left(docs.{column}, {LONGEST})), "
        "asked.words, %s)"
        for column in columns
    )
    sql = (
        f"WITH asked AS MATERIALIZED (SELECT {asked} AS words) "
        f"SELECT docs.docid, {marked} FROM {index(kind)}_source AS docs, asked WHERE docs.docid = ANY(%s)"
    )
    return sql, [*words, *[options] * len(columns), list(ids)]


def in_columns(kind: str, texts: Sequence[str]) -> dict[str, tuple[str, list[tuple[int, int]]]]:
    """Of each column the text and the ranges of characters that match, from a row of `highlighting`."""
    pairs = zip(texts[::2], texts[1::2], strict=True)
    return {column: in_original(*pair) for column, pair in zip(SEARCHED[kind], pairs, strict=True)}


def in_original(text: str, marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The ranges found in folded text, in the text itself. Text that folding made longer or shorter (it
    held letters of several code points) is shown without marks rather than with wrong ones."""
    folded, spans = ranges(marked)
    return (text, spans) if len(folded) == len(text[:LONGEST]) else (text, [])


def names_like(
    cursor: Any, words: Sequence[str], visible: tuple[str, Sequence[Any]]
) -> list[tuple[int, str]]:
    """(id, all names) of the people among whom somebody with a name like `words` may be: with pg_trgm those
    nearest to each word, without it everybody."""
    condition, parameters = visible
    cursor.execute(
        "SELECT 1 FROM pg_indexes WHERE indexname = %s AND schemaname = current_schema()",
        ["stories_search_politician_names"],
    )
    nearest = "" if cursor.fetchone() is None else "ORDER BY %s <<-> docs.names LIMIT 60"
    parts = [
        f"(SELECT docs.docid, docs.names FROM {index('politician')} AS docs WHERE {condition} {nearest})"
        for _ in (words if nearest else words[:1])
    ]
    values = [value for word in words for value in (*parameters, word)] if nearest else list(parameters)
    cursor.execute(" UNION ".join(parts), values)
    return cursor.fetchall()  # type: ignore[no-any-return]
