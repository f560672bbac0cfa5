"""Cards of stories and claims: all that a list prints of each row, read in one statement by primary key.

A list asks for the primary keys of the rows it shows, in its own order, and then for their cards. A card is a
tuple of what the database holds, and equal where nothing that is printed has changed: whoever renders cards
can keep their HTML by the card itself. Only a card that has to be rendered is made a model's row.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, Self, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import connections, models
from django.db.models import QuerySet
from django.utils import timezone
from taggit.models import Tag

from stories.models.articles import Article, Author
from stories.models.claims import Appearance, Claim
from stories.models.politicians import Politician

OPENING = 300  # characters of a story's text

# (row of values, list of rows, end of a list) in each database's words.
_JSON = {
    "sqlite": {"row": "json_array", "list": "json_group_array", "text": ""},
    "postgresql": {"row": "json_build_array", "list": "json_agg", "text": "::text"},
}
_STORY = """
    SELECT story.id, story.slug, story.headline, story.standfirst, substr(story.text, 1, {opening}),
        story.published_at, story.first_published_at, story.day_only, story.source,
        story.lead_image, story.lead_image_alt,
        (SELECT {list}({row}(name, slug)){text} FROM (
            SELECT author.name, author.slug
            FROM stories_article_authors AS written JOIN stories_author AS author
            ON author.id = written.author_id
            WHERE written.article_id = story.id ORDER BY author.name, author.id) AS writers),
        (SELECT {list}({row}(name, slug)){text} FROM (
            SELECT tag.name, tag.slug
            FROM taggit_taggeditem AS tagged JOIN taggit_tag AS tag ON tag.id = tagged.tag_id
            WHERE tagged.content_type_id = {kind} AND tagged.object_id = story.id
            ORDER BY tagged.tag_id) AS topics)
    FROM stories_article AS story
    WHERE story.id IN ({ids}) AND story.status = 'published' AND story.published_at <= {now}"""
_CLAIM = """
    SELECT claim.id, claim.wording, claim.kind, claim.stance, claim.verb, claim.rating, claim.rating_summary,
        claim.said_on, claim.reviewed_at, claim.checked_at, claim.speaker_label,
        speaker.name, speaker.slug,
        (SELECT {list}({row}(name, slug)){text} FROM (
            SELECT person.name, person.slug
            FROM stories_claim_about AS about JOIN stories_politician AS person
            ON person.id = about.politician_id
            WHERE about.claim_id = claim.id AND person.confirmed AND person.merged_into_id IS NULL
            ORDER BY person.sort_name, person.id) AS people),
        (SELECT {list}({row}(id, article_id, attribution, speaker_role, speaker_party, told, exact, prefix,
            suffix, "start", "end", further)){text} FROM (
            SELECT printed.*
            FROM stories_appearance AS printed JOIN stories_article AS story ON story.id = printed.article_id
            WHERE printed.claim_id = claim.id AND printed.public_from <= {now}
            ORDER BY story.published_at, printed.article_id, printed."start", printed.id) AS places)
    FROM stories_claim AS claim
    LEFT JOIN stories_politician AS speaker
    ON speaker.id = claim.speaker_id AND speaker.confirmed AND speaker.merged_into_id IS NULL
    WHERE claim.id IN ({ids}) AND claim.state = 'accepted' AND claim.public_from <= {now}"""

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
        connection = connections[using]
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        values: dict[str, Any] = {"now": now} | {f"n{place}": pk for place, pk in enumerate(numbers)}
        ids = ", ".join(f"%(n{place})s" for place in range(len(numbers)))
        sql = cls.sql.format(
            **_JSON[connection.vendor], ids=ids, now="%(now)s", opening=OPENING, kind=_kind(Article)
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = {row[0]: cls(row) for row in cursor.fetchall()}
        return [found[number] for number in numbers if number in found]


class StoryCard(Card[Article]):
    """What a list prints of a story; of its text only the `opening`."""

    __slots__ = ()
    sql = _STORY

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
        story.writers = [Author(name=name, slug=slug) for name, slug in _listed(writers)]
        story.topics = [Tag(name=name, slug=slug) for name, slug in _listed(topics)]
        return story  # type: ignore[no-any-return]


class ClaimCard(Card[Claim]):
    """What a list prints of a claim: its words, who said them, about whom, and where it stands."""

    __slots__ = ()
    sql = _CLAIM

    @property
    def finding(self) -> str:
        """The verdict in a sentence; nothing for a claim without one."""
        return self[6] if self[5] else ""

    @property
    def made(self) -> Claim:
        """The claim, with its appearances as `printed` and the people it is about as `people`."""
        pk, wording, kind, stance, verb, rating, summary, said_on, reviewed, checked, *others = self
        label, speaker, slug, people, printed = others
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
            reviewed_at=_moment(reviewed),
            checked_at=_moment(checked),
            speaker_label=label,
        )
        claim.speaker = None if slug is None else Politician(name=speaker, slug=slug, confirmed=True)
        claim.people = [Politician(name=name, slug=slug) for name, slug in _listed(people)]
        claim.printed = [_place(claim, *place) for place in _listed(printed)]
        return claim  # type: ignore[no-any-return]


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


def _loaded(model: type[Thing], **columns: Any) -> Thing:
    """Return a row with these columns; the others are deferred."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db("default", names, [columns[name] for name in names])


def _kind(model: type[models.Model]) -> int:
    return ContentType.objects.get_for_model(model).pk


def _place(claim: Claim, *place: Any) -> Appearance:
    pk, article, attribution, role, party, outlet, exact, prefix, suffix, start, end, further = place
    return Appearance(
        pk=pk,
        claim=claim,
        article_id=article,
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


def _listed(value: str | None) -> Iterable[Any]:
    return json.loads(value) if value else ()


def _moment(value: datetime | None) -> datetime | None:
    """A moment as either database gives it; SQLite's is in UTC and does not say so."""
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value
