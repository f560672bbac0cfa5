"""Cards of stories and claims: all that a list prints of each row, read in one statement by primary key.

A list asks for the primary keys of the rows it shows, in its own order, and then for their cards. A card is a
tuple of what the database holds, and equal where nothing that is printed has changed: whoever renders cards
can keep their HTML by the card itself. Only a card that has to be rendered is made a model's row.
"""

# The SQL is put together from what is written here; what varies is a parameter.
# ruff: noqa: S608, S611

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import connections, models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from taggit.models import Tag

from stories.models.articles import Article, Author, Correction
from stories.models.claims import REACH, Appearance, Claim
from stories.models.outlets import Outlet
from stories.models.politicians import Identifier, Membership, OtherName, Party, Politician

OPENING = 300  # characters of a story's text

# A row of values, a list of rows and the end of a list, in each database's words.
JSON_WORDS = {
    "sqlite": {
        "row": "json_array",
        "list": "json_group_array",
        "text": "",
        "greater": "max",
        "last_end": "json_extract(printed.further, '$[#-1].end')",
    },
    "postgresql": {
        "row": "json_build_array",
        "list": "json_agg",
        "text": "::text",
        "greater": "greatest",
        "last_end": "(printed.further -> -1 ->> 'end')::integer",
    },
}
# Lists in a column, of a story and of a claim.
_WRITERS = """(SELECT {list}({row}(name, slug)){text} FROM (
    SELECT author.name, author.slug
    FROM stories_article_authors AS written JOIN stories_author AS author ON author.id = written.author_id
    WHERE written.article_id = {story}.id ORDER BY author.name, author.id) AS writers)"""
_TOPICS = """(SELECT {list}({row}(id, name, slug)){text} FROM (
    SELECT tag.id, tag.name, tag.slug
    FROM taggit_taggeditem AS tagged JOIN taggit_tag AS tag ON tag.id = tagged.tag_id
    WHERE tagged.content_type_id = {kind} AND tagged.object_id = {story}.id
    ORDER BY tagged.tag_id) AS topics)"""
TOPICS_OF_CLAIM = """(SELECT {list}({row}(id, name, slug)){text} FROM (
    SELECT tag.id, tag.name, tag.slug
    FROM stories_claimheading AS heading JOIN taggit_tag AS tag ON tag.id = heading.topic
    WHERE heading.claim = stories_claim.id AND heading.public_from <= %s
    ORDER BY tag.name, tag.id) AS topics)"""
_CORRECTIONS = """(SELECT {list}({row}(id, kind, text, on_top, made_at)){text} FROM (
    SELECT * FROM stories_correction AS correction
    WHERE correction.article_id = {story}.id AND correction.made_at <= {now}
    ORDER BY correction.made_at DESC, correction.id DESC) AS corrections)"""
# A column of the outlet whose name an appearance prints, NULL where that is on no record.
OF_OUTLET = """(SELECT outlet.{column} FROM stories_outletwords AS words
    JOIN stories_outletname AS named ON named.key = words.key
    JOIN stories_outlet AS outlet ON outlet.id = named.outlet_id WHERE words.words = {printed})"""
_OUTLET = OF_OUTLET.format(column="slug", printed="printed.told")
_PLACE = """{row}(id, claim_id, article_id, attribution, speaker_role, speaker_party, told, outlet_slug,
    exact, prefix, suffix, "start", "end", further"""
_PLACES_IN_STORY = f"""(SELECT {{list}}({_PLACE})){{text}} FROM (
    SELECT printed.*, {_OUTLET} AS outlet_slug FROM stories_appearance AS printed
    WHERE printed.article_id = {{story}}.id AND printed.public_from <= {{now}}
    ORDER BY printed."start", printed."end" DESC, printed.id) AS places)"""
# The first of a claim's places has the text about its words, and the story that they stand in.
_PLACES_OF_CLAIM = f"""(SELECT {{list}}({_PLACE}, around, slug, headline)){{text}} FROM (
    SELECT printed.*, CASE WHEN ROW_NUMBER() OVER in_order = 1 THEN substr(
            story.text,
            {{greater}}(printed."start" - {REACH}, 0) + 1,
            coalesce({{last_end}}, printed."end") + {REACH} - {{greater}}(printed."start" - {REACH}, 0))
        END AS around, story.slug, story.headline, {_OUTLET} AS outlet_slug
    FROM stories_appearance AS printed JOIN stories_article AS story ON story.id = printed.article_id
    WHERE printed.claim_id = claim.id AND printed.public_from <= {{now}}
    WINDOW in_order AS (ORDER BY story.published_at, printed.article_id, printed."start", printed.id)
    ORDER BY story.published_at, printed.article_id, printed."start", printed.id) AS places)"""
_PEOPLE = """(SELECT {list}({row}(name, slug)){text} FROM (
    SELECT person.name, person.slug
    FROM stories_claim_about AS about JOIN stories_politician AS person ON person.id = about.politician_id
    WHERE about.claim_id = claim.id AND person.confirmed AND person.merged_into_id IS NULL
    ORDER BY person.sort_name, person.id) AS people)"""

_MEMBERSHIPS = """(SELECT {list}({row}(role, body, name, slug, start_date, end_date)){text} FROM (
    SELECT held.role, held.body, party.name, party.slug, held.start_date, held.end_date
    FROM stories_membership AS held LEFT JOIN stories_party AS party ON party.id = held.party_id
    WHERE held.politician_id = stories_politician.id ORDER BY held.start_date DESC, held.id DESC) AS held)"""
_OTHER_NAMES = """(SELECT {list}({row}(name, note)){text} FROM (
    SELECT name, note FROM stories_othername AS other
    WHERE other.politician_id = stories_politician.id ORDER BY other.name, other.id) AS others)"""
_IDENTIFIERS = """(SELECT {list}({row}(scheme, value)){text} FROM (
    SELECT scheme, value FROM stories_identifier AS known
    WHERE known.politician_id = stories_politician.id ORDER BY known.scheme, known.id) AS identifiers)"""

Thing = TypeVar("Thing", bound=models.Model)


class Card(tuple[Any, ...], Generic[Thing]):
    """What a list prints of one row. `made` is the model's row, with what is printed of its relations."""

    __slots__ = ()
    sql: ClassVar[str]

    @property
    def pk(self) -> int:
        """The primary key of the row."""
        return self[0]  # type: ignore[no-any-return]

    @property
    def made(self) -> Thing:
        """A model's row with the columns that a card prints; the others are deferred."""
        raise NotImplementedError

    @classmethod
    def of(cls, numbers: Sequence[int], using: str = "default") -> list[Self]:
        """Return the cards of the rows with these primary keys that readers may see, in this order."""
        if not numbers:
            return []
        ids = ", ".join(f"%(n{place})s" for place in range(len(numbers)))
        found = {
            card.pk: card for card in cls.among(ids, {f"n{n}": pk for n, pk in enumerate(numbers)}, using)
        }
        return [found[number] for number in numbers if number in found]

    @classmethod
    def among(cls, ids: str, values: dict[str, Any], using: str = "default") -> list[Self]:
        """Return the cards of the rows whose primary keys `ids` gives, in no order.

        `ids` is SQL for the brackets of an IN, with `values` for what is named in it; `%(now)s` is given.
        """
        connection = connections[using]
        sql = cls.sql.format(
            **JSON_WORDS[connection.vendor], ids=ids, now="%(now)s", kind=_kind(Article), story="story"
        )
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(sql, values | {"now": now})
            return [cls(row) for row in cursor.fetchall()]


class StoryCard(Card[Article]):
    """What a list prints of a story; of its text only the `opening`."""

    __slots__ = ()
    sql = f"""
        SELECT story.id, story.slug, story.headline, story.standfirst, substr(story.text, 1, {OPENING}),
            story.published_at, story.first_published_at, story.day_only, story.source,
            story.lead_image, story.lead_image_alt, {_WRITERS}, {_TOPICS}
        FROM stories_article AS story
        WHERE story.id IN ({{ids}}) AND story.status = 'published' AND story.published_at <= {{now}}"""

    @property
    def slug(self) -> str:
        """The last part of the story's address."""
        return self[1]  # type: ignore[no-any-return]

    @property
    def made(self) -> Article:
        """The story, with its `opening`, its authors as `writers` and its tags as `topics`."""
        pk, slug, headline, standfirst, opening, published, first, day_only, *others = self
        source, picture, alt, writers, topics = others
        story: Any = _loaded(
            Article,
            id=pk,
            slug=slug,
            headline=headline,
            standfirst=standfirst,
            published_at=_moment(published),
            first_published_at=_moment(first),
            day_only=bool(day_only),
            source=source,
            lead_image=picture,
            lead_image_alt=alt,
        )
        story.opening = opening
        story.writers, story.topics = _writers(writers), _topics(topics)
        return story  # type: ignore[no-any-return]


class ClaimCard(Card[Claim]):
    """What a list prints of a claim: its words, who said them, about whom, and where it stands."""

    __slots__ = ()
    sql = f"""
        SELECT claim.id, claim.wording, claim.kind, claim.stance, claim.verb, claim.rating,
            claim.rating_summary, claim.said_on, claim.reviewed_at, claim.checked_at, claim.speaker_label,
            claim.speaker_id, speaker.name, speaker.slug, speaker.portrait, {_PEOPLE}, {_PLACES_OF_CLAIM},
            claim.listed_on
        FROM stories_claim AS claim
        LEFT JOIN stories_politician AS speaker
        ON speaker.id = claim.speaker_id AND speaker.confirmed AND speaker.merged_into_id IS NULL
        WHERE claim.id IN ({{ids}}) AND claim.state = 'accepted' AND claim.public_from <= {{now}}"""

    @property
    def newness(self) -> tuple[date, int]:
        """What orders claims by the day on which they were said, or else first printed."""
        return self[17] or date.min, self[0]

    @property
    def is_rated(self) -> bool:
        """Whether the claim has a verdict."""
        return bool(self[5])

    def is_about(self, person: Politician) -> bool:
        """Whether the claim is about somebody whom readers may see."""
        return person.slug in (slug for _, slug in _listed(self[15]))

    @property
    def moments(self) -> tuple[datetime | None, datetime | None]:
        """When the claim was reviewed and when it was checked."""
        return _moment(self[8]), _moment(self[9])

    @property
    def speaker_id(self) -> int | None:
        """The primary key of the speaker's record, whether readers may see it or not."""
        return self[11]  # type: ignore[no-any-return]

    @property
    def made(self) -> Claim:
        """The claim, with its appearances as `printed` and the people it is about as `people`."""
        pk, wording, kind, stance, verb, rating, summary, said_on, reviewed, checked, *others = self
        label, number, name, slug, portrait, people, printed, listed_on = others
        claim: Any = _loaded(
            Claim,
            id=pk,
            wording=wording,
            kind=kind,
            stance=stance,
            verb=verb,
            rating=rating,
            rating_summary=summary,
            said_on=said_on,
            listed_on=listed_on,
            reviewed_at=_moment(reviewed),
            checked_at=_moment(checked),
            speaker_label=label,
        )
        shown: dict[str, Any] = {}  # readers know of no record, unless:
        if slug:
            shown = {"name": name, "slug": slug, "portrait": portrait, "confirmed": True}
        claim.speaker = Politician(pk=number, **shown) if number else None
        claim.people = [Politician(name=name, slug=slug) for name, slug in _listed(people)]
        claim.printed = [_place(claim, *place) for place in _listed(printed)]
        return claim  # type: ignore[no-any-return]


# What is printed of a thing that is called something: (name, slug, a line beneath it, its portrait, its
# party's name and slug, how many of it). The condition that readers may see it is asked where it is found.
TAGGED = """(SELECT count(*) FROM taggit_taggeditem AS tagged
    JOIN stories_article AS story ON story.id = tagged.object_id
    WHERE tagged.tag_id = thing.id AND tagged.content_type_id = {kind}
    AND story.status = 'published' AND story.published_at <= {now})"""
_WRITTEN = """(SELECT count(*) FROM stories_article_authors AS written
    JOIN stories_article AS story ON story.id = written.article_id
    WHERE written.author_id = thing.id AND story.status = 'published' AND story.published_at <= {now})"""
MEMBERS = """(SELECT count(*) FROM stories_politician AS member
    WHERE member.party_id = thing.id AND member.confirmed AND member.merged_into_id IS NULL)"""
SAID = """(SELECT count(*) FROM stories_claim AS said
    WHERE said.speaker_id = thing.id AND said.state = 'accepted' AND said.public_from <= {now})"""
TOLD = """(SELECT count(*) FROM stories_claimheading AS told
    WHERE told.outlet = thing.id AND told.public_from <= {now})"""
_NAMED = {
    "party": ("thing.short_name", "''", "''", "''", MEMBERS, "stories_party AS thing"),
    "topic": ("''", "''", "''", "''", TAGGED, "taggit_tag AS thing"),
    "outlet": ("thing.kind", "''", "''", "''", TOLD, "stories_outlet AS thing"),
    "author": ("''", "''", "''", "''", _WRITTEN, "stories_author AS thing"),
    "politician": (
        "thing.role",
        "thing.portrait",
        "coalesce(party.name, '')",
        "coalesce(party.slug, '')",
        SAID,
        "stories_politician AS thing LEFT JOIN stories_party AS party ON party.id = thing.party_id",
    ),
}
_ONLY = {"politician": " AND thing.confirmed AND thing.merged_into_id IS NULL"}


class NamedCard(NamedTuple):
    """What a list of results prints of a person, a party, a topic, an outlet or an author."""

    kind: str
    pk: int
    name: str
    slug: str
    line: str
    portrait: str
    party: str
    party_slug: str
    number: int

    @classmethod
    def of(cls, ids: Mapping[str, Sequence[int]], using: str = "default") -> list[Self]:
        """Return the cards of things with these primary keys by their kinds, in no order."""
        arms: list[str] = []
        values: dict[str, int] = {}
        for kind, numbers in ids.items():
            line, portrait, party, slug, number, tables = _NAMED[kind]
            names = {f"{kind}{place}": pk for place, pk in enumerate(numbers)}
            values |= names
            arms.append(
                f"SELECT '{kind}', thing.id, thing.name, thing.slug, {line}, {portrait}, {party}, {slug}, "
                f"{number} FROM {tables} WHERE thing.id IN ({', '.join(f'%({name})s' for name in names)})"
                f"{_ONLY.get(kind, '')}"
            )
        if not arms:
            return []
        connection = connections[using]
        sql = " UNION ALL ".join(arms).format(kind=_kind(Article), now="%(now)s")
        with connection.cursor() as cursor:
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            cursor.execute(sql, values | {"now": now})
            return [cls(*row) for row in cursor.fetchall()]

    @property
    def made(self) -> Any:
        """The row, with `number` of its stories, members or claims, and of a person the party."""
        made: Any
        if self.kind == "politician":
            party = Party(name=self.party, slug=self.party_slug) if self.party_slug else None
            named = {"name": self.name, "slug": self.slug, "role": self.line, "portrait": self.portrait}
            made = Politician(pk=self.pk, confirmed=True, party=party, **named)
        elif self.kind == "party":
            made = Party(pk=self.pk, name=self.name, slug=self.slug, short_name=self.line)
        elif self.kind == "outlet":
            made = Outlet(pk=self.pk, name=self.name, slug=self.slug, kind=self.line)
        else:
            made = {"topic": Tag, "author": Author}[self.kind](pk=self.pk, name=self.name, slug=self.slug)
        made.number = self.number
        return made


class Cards(Sequence[Card[Thing]]):
    """The cards of a queryset's rows, in its order. A slice asks for primary keys, then for their cards."""

    def __init__(self, kind: type[Card[Thing]], rows: QuerySet[Thing]) -> None:
        self.kind, self.rows = kind, rows

    def __len__(self) -> int:
        return self.rows.count()

    def __getitem__(self, wanted: Any) -> Any:
        numbers = list(self.rows.values_list("pk", flat=True)[wanted])
        return self.kind.of(numbers, self.rows.db)

    def __iter__(self) -> Iterator[Card[Thing]]:
        return iter(self[:])


def story_list(stories: QuerySet[Article]) -> Cards[Article]:
    """Return the cards of stories, in their order; only those are read that are asked for."""
    return Cards(StoryCard, stories)


def claim_list(claims: QuerySet[Claim]) -> Cards[Claim]:
    """Return the cards of claims, in their order; only those are read that are asked for."""
    return Cards(ClaimCard, claims)


def in_full(stories: QuerySet[Article], **more: str) -> QuerySet[Article]:
    """Return stories with their authors, tags and published corrections, for `StoryInFull`."""
    connection = connections[stories.db]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    words = {**JSON_WORDS[connection.vendor], "kind": _kind(Article), "story": "stories_article", "now": "%s"}
    lists = {"writers_listed": _WRITERS, "topics_listed": _TOPICS, "corrections_listed": _CORRECTIONS, **more}
    return stories.annotate(
        **{
            name: RawSQL(sql.format(**words), [now] if "{now}" in sql else [])  # type: ignore[arg-type]
            for name, sql in lists.items()
        }
    )


def on_its_page(stories: QuerySet[Article]) -> QuerySet[Article]:
    """Return stories with all that their pages print of other tables, for a `StoryPage`."""
    return in_full(stories, places_listed=_PLACES_IN_STORY)


def with_particulars(people: QuerySet[Politician]) -> QuerySet[Politician]:
    """Return people with their party and with what `particulars_of` returns."""
    words = JSON_WORDS[connections[people.db].vendor]
    return people.select_related("party").annotate(
        memberships_listed=RawSQL(_MEMBERSHIPS.format(**words), []),
        other_names_listed=RawSQL(_OTHER_NAMES.format(**words), []),
        identifiers_listed=RawSQL(_IDENTIFIERS.format(**words), []),
    )


def particulars_of(person: Any) -> dict[str, list[Any]]:
    """Return the memberships, other names and identifiers of somebody from `with_particulars`."""
    memberships = []
    for role, body, name, slug, start, end in _listed(person.memberships_listed):
        days = {
            "start_date": date.fromisoformat(start) if start else None,
            "end_date": date.fromisoformat(end) if end else None,
        }
        party = Party(name=name, slug=slug) if slug else None
        memberships.append(Membership(role=role, body=body, party=party, **days))
    return {
        "memberships": memberships,
        "other_names": [OtherName(name=name, note=note) for name, note in _listed(person.other_names_listed)],
        "identifiers": [
            Identifier(scheme=scheme, value=value) for scheme, value in _listed(person.identifiers_listed)
        ],
    }


class StoryInFull:
    """A story from `in_full`, which gets its `writers` and `topics`.

    `key` says all that can be printed of it, and is equal only where nothing changed.
    """

    def __init__(self, story: Any) -> None:
        self.story = story
        story.writers, story.topics = _writers(story.writers_listed), _topics(story.topics_listed)

    @cached_property
    def key(self) -> str:
        """A digest of all columns of the story and of what is read with it of other tables."""
        columns = [str(getattr(self.story, field.attname)) for field in Article._meta.concrete_fields]
        return sha256(repr((columns, *self.beside())).encode()).hexdigest()

    def beside(self) -> tuple[Any, ...]:
        """What is read with the story of other tables."""
        return (self.story.writers_listed, self.story.topics_listed, self.story.corrections_listed)

    @cached_property
    def corrections(self) -> list[Correction]:
        """The published corrections, the last made first."""
        return [_correction(self.story, *one) for one in _listed(self.story.corrections_listed)]


class StoryPage(StoryInFull):
    """A story from `on_its_page`, with its claims. Rows are made when they are asked for."""

    def __init__(self, story: Any) -> None:
        super().__init__(story)
        self._printed = list(_listed(story.places_listed))
        claims = dict.fromkeys(claim for _, claim, *_ in self._printed)
        self.claims = ClaimCard.of(list(claims), story._state.db)

    def beside(self) -> tuple[Any, ...]:
        """What is read with the story of other tables."""
        return (*super().beside(), self.story.places_listed, *self.claims)

    @cached_property
    def printed(self) -> list[Appearance]:
        """The published appearances in order of position, the longer of two that begin together first.

        Their claims have what cards print.
        """
        claims = {card.pk: card.made for card in self.claims}
        return [_place(claims[one[1]], *one) for one in self._printed if one[1] in claims]

    @property
    def moments(self) -> Iterator[datetime | None]:
        """When the story, its corrections, and the review and verdict of its claims last changed."""
        yield self.story.published_at
        yield self.story.updated_at
        yield from (correction.made_at for correction in self.corrections)
        for card in self.claims:
            yield from card.moments


def _loaded(model: type[Thing], **columns: Any) -> Thing:
    """Return a row with these columns; the others are deferred."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db("default", names, [columns[name] for name in names])


def _kind(model: type[models.Model]) -> int:
    return ContentType.objects.get_for_model(model).pk


def _writers(value: str | None) -> list[Author]:
    return [Author(name=name, slug=slug) for name, slug in _listed(value)]


def _topics(value: str | None) -> list[Tag]:
    return [Tag(pk=pk, name=name, slug=slug) for pk, name, slug in _listed(value)]


def _correction(story: Article, pk: int, kind: str, text: str, on_top: bool, made_at: str) -> Correction:
    made = _moment(datetime.fromisoformat(made_at))
    return Correction(pk=pk, article=story, kind=kind, text=text, on_top=bool(on_top), made_at=made)


def _place(claim: Claim, pk: int, _: int, number: int, *place: Any) -> Appearance:
    attribution, role, party, outlet, outlet_slug, exact, prefix, suffix, start, end, further, *first = place
    shown: Any = Appearance(
        pk=pk,
        claim=claim,
        article_id=number,
        attribution=attribution,
        speaker_role=role,
        speaker_party=party,
        outlet=outlet,
        exact=exact,
        prefix=prefix,
        suffix=suffix,
        start=start,
        end=end,
        further=json.loads(further) if isinstance(further, str) else further,
    )
    shown.outlet_slug = outlet_slug
    if first:
        around, slug, headline = first
        shown.around = around or ""
        shown.article = _loaded(Article, id=number, slug=slug, headline=headline)
    return shown  # type: ignore[no-any-return]


def _listed(value: str | None) -> Iterable[Any]:
    return json.loads(value) if value else ()


def _moment(value: datetime | None) -> datetime | None:
    """A moment as either database gives it; SQLite's is in UTC and does not say so."""
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value
