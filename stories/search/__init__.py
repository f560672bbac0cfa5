"""Search over what readers may see: one interface, two databases.

`search(typed)` answers at once with what was found, ranked; slicing it gives the rows to show.
"""

# The SQL is put together from names that are written in this package; what a reader types is a parameter.
# ruff: noqa: S608, S611

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from stories.models import Article, Claim, Outlet, Politician, WordGroup
from stories.models.cards import ClaimCard, NamedCard, StoryCard
from stories.models.topic_visibility import published_authors, published_parties, published_topics
from stories.search import names, offices, ranking, schema
from stories.search.dates import Days
from stories.search.query import Query
from stories.search.ranking import Match, Scores
from stories.search.same_words import SameWords, same_words
from stories.search.snippets import Piece, in_sentence, pieces
from stories.text.normalise import search_key
from stories.text.quotations import typeset

__all__ = [
    "KINDS",
    "Asked",
    "Found",
    "Hit",
    "Piece",
    "Query",
    "desk_groups",
    "narrowed",
    "reindex",
    "same_words",
    "search",
]

# What is indexed, each with what readers may see of it.
KINDS: dict[str, Callable[[], models.QuerySet[Any]]] = {
    "party": published_parties,
    "topic": published_topics,
    "outlet": lambda: Outlet.objects.published(),
    "politician": lambda: Politician.objects.published(),
    "author": published_authors,
    "article": lambda: Article.objects.published(),
    "claim": lambda: Claim.objects.published(),
}
DATED = ("article", "claim")
# Of each kind the newest so many matches are ranked: a word that is everywhere costs no more than this. Of
# matches by the stems of a phrase more are looked through, for those that have it word for word.
MOST_RANKED, MOST_READ = 500, 2_000
MOST_NAME_WORDS = 4
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:")
_PUBLISHED: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `heading` is its name or headline, or the sentence around its words; `snippet` where
    else what was asked for stands; `note` what the record says of an office that was asked for."""

    kind: str
    row: Any
    heading: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What else was asked for: kinds, the first and the last day, verdicts ("" for none), and the order."""

    kinds: Collection[str] = tuple(KINDS)
    after: date | None = None
    before: date | None = None
    verdicts: Collection[str] = ()
    newest: bool = False

    def searched(self) -> list[str]:
        """The kinds that can have all of that: a party has no day, and only a claim has a verdict."""
        of_time = DATED if self.after or self.before else KINDS
        return [kind for kind in KINDS if kind in of_time and (kind == "claim" or not self.verdicts)]


def search(
    typed: str, asked: Asked | None = None, *, same: SameWords | None = None, using: str | None = None
) -> "Found":
    """What readers may see and `typed` is about. Any input is safe; one without a word or date finds nothing.

    All words have to be there, by their stems, or what means the `same`; words in quotation marks exactly as
    they are. A date among the words narrows stories and claims to what was printed or said then. When nothing
    has all the words, `any_word` is set and what has some of them is found; when nothing is from then,
    `any_time` is.
    """
    database = using or router.db_for_read(Article)
    if same is None:
        same = same_words(desk_groups(database))
    query, asked = Query.understood(typed, same), asked or Asked()
    return Search(query, asked, database).found()


def desk_groups(using: str | None = None) -> tuple[str, ...]:
    """Return the desk's own words that mean the same, a line for each group."""
    return tuple(WordGroup.objects.using(using).order_by("pk").values_list("words", flat=True))


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
    schema.bring_up_to_date(connection)
    with connection.cursor() as cursor:
        counts = {}
        for kind in schema.WATCHED:
            cursor.execute(f"SELECT count(*) FROM stories_search_{kind}_source")
            counts[kind] = cursor.fetchone()[0]
    return counts


class Search:
    """One question to the index: what is asked of it, and what comes of the answers."""

    def __init__(self, query: Query, asked: Asked, database: str) -> None:
        self.query, self.asked, self.database = query, asked, database
        self.connection = connections[database]
        self.dialect = schema.dialect_of(self.connection)
        self.most = MOST_READ if query.phrases else MOST_RANKED
        self.cut: set[str] = set()
        self.notes: dict[int, str] = {}
        self.days_of: dict[tuple[str, int], str] = {}

    def found(self) -> "Found":
        """Ask for all words from the days that were typed, then for some of them, then for any days."""
        query, any_word, any_time = self.query, False, False
        if not query:
            scores = self.from_then() if query.days else {}
            return self.made(scores, any_word=False, any_time=False)
        scores = self.ranked(query.days)
        if self.is_missing(scores) and not query.phrases and len(query.terms) > 1:
            some = self.with_some(query.days)
            any_word = self.is_missing({**scores, **some}) is False and any(some.values())
            scores = {**scores, **(some if any_word else {})}
        if query.days and self.is_missing(scores):
            scores, any_time = self.ranked(None), True
            any_time = any(scores[kind] for kind in DATED)
        return self.made(scores, any_word=any_word, any_time=any_time)

    def is_missing(self, scores: Scores) -> bool:
        """Whether nothing was found, or nothing that has a day although one was asked for."""
        kinds = DATED if self.query.days else KINDS
        return not any(scores.get(kind) for kind in kinds)

    def made(self, scores: Scores, *, any_word: bool, any_time: bool) -> "Found":
        """Return what was found, in its order."""
        scores = {kind: scores.get(kind, []) for kind in self.asked.searched()}
        totals = {kind: len(found) for kind, found in scores.items()}
        scores = {kind: found for kind, found in scores.items() if kind in self.asked.kinds}
        if self.asked.newest:
            order = sorted(
                (
                    (kind in DATED, self.days_of.get((kind, pk), ""), score, kind, pk)
                    for kind, found in scores.items()
                    for score, pk in found
                ),
                reverse=True,
            )
            keys = [(kind, pk) for *_, kind, pk in order]
        else:
            merged = [
                (-score, ranking.PLACES[kind], -pk, kind)
                for kind, found in scores.items()
                for score, pk in found
            ]
            keys = [(kind, -pk) for _, _, pk, kind in sorted(merged)]
        return Found(self, keys, totals, any_word=any_word, any_time=any_time)

    def ranked(self, days: Days | None) -> Scores:
        """The scores of all that has all the words, or is called by some of them, or holds an office."""
        arms = {kind: self.arm(kind, days) for kind in self.asked.searched()}
        wanted = offices.offices_asked_for(self.query) if "politician" in arms else []
        if wanted:
            arms["office"] = offices.asked(wanted, self.query.days, self.connection.vendor)
        rows = self.ask(arms)
        held = [offices.holding(row) for row in rows.pop("office", ())]
        self.notes = offices.holders(held, self.query.days, timezone.localdate())
        return {kind: self.scored(kind, found) for kind, found in rows.items()}

    def arm(self, kind: str, days: Days | None) -> tuple[str, list[Any]]:
        """The query for one kind."""
        sql, parameters = self.dialect.ranking(
            kind,
            self.query,
            visible=self.visible(kind, self.dialect.DOCUMENT, days),
            day=self.dialect.DAYS.get(kind, ""),
            most=self.most,
            newest=self.asked.newest,
        )
        return sql, parameters

    def scored(self, kind: str, rows: list[tuple[Any, ...]]) -> list[tuple[float, int]]:
        """The scores of one kind."""
        if len(rows) >= self.most:
            self.cut.add(kind)
        matches = list(ranking.exactly(self.query, (Match(kind, *row) for row in rows)))
        if kind in DATED:
            self.days_of |= {(kind, match.pk): match.said or "" for match in matches}
            return ranking.scores_of_dated(self.query, kind, matches)
        scores = {pk: score for score, pk in ranking.scores_of_named(self.query, kind, matches)}
        if kind == "politician":
            for place, person in enumerate(self.notes):
                scores[person] = max(scores.get(person, 0), ranking.HOLDS_IT - place / 10)
        return [(score, pk) for pk, score in scores.items()]

    def with_some(self, days: Days | None) -> Scores:
        """The scores of the stories and claims that have some of the words: the rarer, the more it counts."""
        arms = {}
        for kind in set(self.asked.searched()) & set(DATED):
            having = [self.dialect.having(kind, term, MOST_READ) for term in self.query.terms]
            union = " UNION ALL ".join(
                f"SELECT docid, ln({MOST_READ + 1}.0 / count(*) OVER ()) + 0.1 AS weight FROM ({sql}) AS one"
                for sql, _ in having
            )
            condition, parameters = self.visible(kind, "docs.docid", days)
            day = self.dialect.DAYS[kind].replace(self.dialect.DOCUMENT, "docs.docid")
            sql = (
                f"SELECT docs.docid, docs.weight AS score, 0 AS flags, {day} AS said, NULL AS texts "
                "FROM (SELECT docid, CAST(sum(weight) AS double precision) AS weight "
                f"FROM ({union}) AS words GROUP BY docid) AS docs "
                f"WHERE {condition} ORDER BY docs.weight DESC, docs.docid DESC LIMIT %s"
            )
            arms[kind] = sql, [*(value for _, values in having for value in values), *parameters, self.most]
        found = {kind: [Match(kind, *row) for row in rows] for kind, rows in self.ask(arms).items()}
        for kind, matches in found.items():
            self.days_of |= {(kind, match.pk): match.said or "" for match in matches}
        return {kind: ranking.scores_of_some(matches) for kind, matches in found.items()}

    def from_then(self) -> Scores:
        """Stories and claims of the days that were typed without a word, the newest first."""
        arms = {}
        for kind in set(self.asked.searched()) & set(DATED):
            table, document = schema.WATCHED[kind][0].table, "docs.id"
            condition, parameters = self.visible(kind, document, self.query.days)
            day = self.dialect.DAYS[kind].replace(self.dialect.DOCUMENT, document)
            sql = (
                f"SELECT docs.id, 0.0 AS score, 0 AS flags, {day} AS said, NULL AS texts "
                f"FROM {table} AS docs WHERE {condition} ORDER BY said DESC, docs.id DESC LIMIT %s"
            )
            arms[kind] = sql, [*parameters, self.most]
        scores: Scores = {}
        for kind, rows in self.ask(arms).items():
            if len(rows) >= self.most:
                self.cut.add(kind)
            self.days_of |= {(kind, pk): said or "" for pk, _, _, said, _ in rows}
            scores[kind] = [(1 - place / self.most, pk) for place, (pk, *_) in enumerate(rows)]
        return scores

    def ask(self, arms: dict[str, tuple[str, list[Any]]]) -> dict[str, list[tuple[Any, ...]]]:
        """Ask several queries in one; the rows of each by its name."""
        rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in arms}
        if arms:
            with self.connection.cursor() as cursor:
                for name, row in in_one(cursor, {name: (*arm, 4) for name, arm in arms.items()}):
                    rows[name].append(row)
        return rows

    def visible(self, kind: str, document: str, days: Days | None = None) -> tuple[str, tuple[Any, ...]]:
        """The SQL condition, with its parameters, that readers may see the row whose id is `document`, and
        that it is of the days and has a verdict that were asked for."""
        if not (days or self.asked.after or self.asked.before or self.asked.verdicts):
            return published_now(kind, document, self.connection)
        rows = KINDS[kind]()
        if kind in DATED:
            rows = of_days(rows, self.asked.after, self.asked.before)
            rows = of_days(rows, days.first, days.last) if days else rows
        if kind == "claim" and self.asked.verdicts:
            rows = rows.filter(rating__in=self.asked.verdicts)
        return exists(rows, document, self.connection)


def exists(rows: models.QuerySet[Any], document: str, connection: Any) -> tuple[str, tuple[Any, ...]]:
    """The SQL condition, with its parameters, that the row whose id is `document` is one of the rows."""
    one = rows.filter(pk=RawSQL(document, ())).order_by().values("pk")
    sql, parameters = one.query.get_compiler(connection=connection).as_sql()
    return f"EXISTS ({sql})", tuple(parameters)


def published_now(kind: str, document: str, connection: Any) -> tuple[str, tuple[Any, ...]]:
    """The condition of `exists` for what readers may see of a kind; its SQL is made once, for that takes a
    third of a page's time. The only moments in it are now."""
    numbers = tuple(ContentType.objects.get_for_model(model).pk for model in (Article, Claim))
    key = (kind, document, connection.vendor, numbers)
    if key not in _PUBLISHED:
        sql, parameters = exists(KINDS[kind](), document, connection)
        _PUBLISHED[key] = sql, tuple(None if is_moment(value) else value for value in parameters)
    sql, parameters = _PUBLISHED[key]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    return sql, tuple(now if value is None else value for value in parameters)


def is_moment(value: Any) -> bool:
    """Whether a parameter is a moment, as one database or the other is given it."""
    return isinstance(value, datetime) or (isinstance(value, str) and bool(MOMENT.match(value)))


def of_days(rows: models.QuerySet[Any], first: date | None, last: date | None) -> models.QuerySet[Any]:
    """Those of the stories or claims that were printed or said from one day to another."""
    begins = timezone.make_aware(datetime.combine(first, time())) if first else None
    ends = timezone.make_aware(datetime.combine(last + timedelta(1), time())) if last else None
    if rows.model is Article:
        printed = Q(published_at__gte=begins) if begins else Q()
        return rows.filter(printed & Q(published_at__lt=ends) if ends else printed)
    from_first = Q(listed_on__gte=first) if first else Q()
    return rows.filter(from_first & Q(listed_on__lte=last) if last else from_first)


class Found:
    """A ranked sequence of hits. Its length is known at once; only the rows of a slice are read."""

    def __init__(
        self,
        search: Search,
        keys: list[tuple[str, int]],
        totals: dict[str, int],
        *,
        any_word: bool,
        any_time: bool,
    ) -> None:
        self.search, self.query, self.database = search, search.query, search.database
        self.keys, self.totals = keys, totals
        self.any_word, self.any_time = any_word, any_time
        self.most, self.cut = search.most, search.cut

    def newest(self, kind: str, most: int) -> list[int]:
        """The ids of the newest of a kind among what was found."""
        return sorted((pk for of_kind, pk in self.keys if of_kind == kind), reverse=True)[:most]

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, wanted: slice) -> list[Hit]:
        """The hits of a slice. A row that stopped being visible since the search is left out."""
        keys = self.keys[wanted]
        ids = {kind: [pk for of_kind, pk in keys if of_kind == kind] for kind in KINDS}
        ids = {kind: numbers for kind, numbers in ids.items() if numbers}
        rows = self.rows(ids)
        marked = self.marked(ids) if self.query else {}
        return [
            Hit(
                kind,
                rows[kind, pk],
                *excerpt(kind, rows[kind, pk], marked.get((kind, pk))),
                self.search.notes.get(pk, "") if kind == "politician" else "",
            )
            for kind, pk in keys
            if (kind, pk) in rows
        ]

    def rows(self, ids: dict[str, list[int]]) -> dict[tuple[str, int], Any]:
        """The rows with these ids that readers may see, with what a list prints of them."""
        cards: dict[tuple[str, int], Any] = {}
        for kind, card in (("article", StoryCard), ("claim", ClaimCard)):
            cards |= {(kind, one.pk): one.made for one in card.of(ids.get(kind, []), self.database)}  # type: ignore[attr-defined]
        named = {kind: numbers for kind, numbers in ids.items() if kind not in DATED}
        return cards | {(one.kind, one.pk): one.made for one in NamedCard.of(named, self.database)}

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

    @property
    def is_answered(self) -> bool:
        """Whether something has all the words: then no name was misspelt."""
        return not self.any_word and any(self.totals.values())

    def people_meant(self) -> tuple[list[Politician], str]:
        """When a typed word is almost somebody's name: those people, and the query as it was meant."""
        words = self.query.words[:MOST_NAME_WORDS]
        if not words or self.is_answered:
            return [], ""
        with self.search.connection.cursor() as cursor:
            known = self.search.dialect.names_like(
                cursor, words, self.search.visible("politician", "docs.docid")
            )
        people, spelt = names.people_meant(words, known)
        if not people:
            return [], ""
        found = Politician.objects.published().using(self.database).select_related("party").in_bulk(people)
        shown = [found[pk] for pk in people if pk in found]
        return shown, respelt(self.query.typed, spelt, shown) if shown else ""


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


def excerpt(kind: str, row: Any, marked: Marked | None) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """(heading, snippet): the first column, and of the others the first that has a hit, else the first that
    says anything. Of a claim its sentence."""
    if kind == "claim":
        columns = (marked or {}).values()
        return in_sentence(row.sentence, [text[slice(*hit)] for text, hits in columns for hit in hits]), ()
    heading, *others = (marked or plain(kind, row)).values()
    shown = [column for column in others if column[1]] or [column for column in others if column[0].strip()]
    return in_pieces(heading), in_pieces(shown[0]) if shown else ()


def plain(kind: str, row: Any) -> Marked:
    """What a row is called and begins with, as `Found.marked` gives it, with nothing marked."""
    if kind == "article":
        return {"headline": (row.headline, []), "standfirst": (row.standfirst or row.opening, [])}
    return {"name": (row.name, [])}


def in_pieces(column: tuple[str, list[tuple[int, int]]]) -> tuple[Piece, ...]:
    """A column as it is shown: with marks of quotation of one style."""
    text, hits = column
    return pieces(typeset(text), hits)


def respelt(typed: str, spelt: dict[str, str], people: list[Politician]) -> str:
    """The query with the misspelt names as the people spell them."""
    spelling = {search_key(word): word for person in people for word in re.findall(r"[^\W_]+", person.name)}

    def right(found: re.Match[str]) -> str:
        meant = spelt.get(search_key(found[0]))
        return spelling.get(meant, meant) if meant else found[0]

    return re.sub(r"[^\W_]+", right, typed)
