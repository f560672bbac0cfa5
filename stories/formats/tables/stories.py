"""Stories and their corrections, as rows of tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from stories.formats.tables.columns import Column, Row, Table, addresses, day, in_utc
from stories.models import Article, Correction


def published(using: str) -> QuerySet[Article, int]:
    """Return the primary keys of the stories that readers may see."""
    return Article.objects.using(using).published().order_by("pk").values_list("pk", flat=True)


def stories(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield the stories with these primary keys that readers may see."""
    before, after = addresses("article")
    found: Any = Article.objects.using(using).published().filter(pk__in=numbers).order_by("pk")
    for story in found.with_credits().defer("body"):
        first = story.first_published_at or story.published_at
        yield (
            story.pk,
            f"{before}{story.slug}{after}",
            story.headline,
            story.standfirst,
            [author.name for author in story.writers],
            [tag.name for tag in story.topics],
            day(timezone.localdate(first)),
            None if story.is_day_alone(first) else in_utc(first),
            in_utc(story.updated_at),
            story.source,
            story.source_url,
            story.text,
        )


STORIES = Table(
    "stories",
    "Stories",
    "The stories, with their text.",
    (
        Column("story", "integer", "The story’s number."),
        Column("address", "string", "Its page."),
        Column("headline", "string", "The headline."),
        Column("standfirst", "string", "The sentence or two under the headline."),
        Column("authors", "strings", "Who wrote it."),
        Column("topics", "strings", "Its topics."),
        Column("published_on", "date", "The day on which it was first published, by the newsroom’s clock."),
        Column(
            "published_at",
            "datetime",
            "When it was first published, in UTC; empty where only the day is known.",
            may_lack=True,
        ),
        Column("updated_at", "datetime", "When it was last changed, in UTC.", may_lack=True),
        Column("source", "string", "The agency or desk that the copy came from."),
        Column("source_url", "string", "The address it came from."),
        Column("text", "string", "The text without its headline; paragraphs are parted by an empty line."),
    ),
    published,
    stories,
    at_once=100,
)


def corrected(using: str) -> QuerySet[Correction, int]:
    """Return the primary keys of the corrections that readers may see."""
    return Correction.objects.using(using).published().order_by("pk").values_list("pk", flat=True)


def corrections(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield the corrections with these primary keys that readers may see."""
    before, after = addresses("article")
    for correction in (
        Correction.objects.using(using)
        .published()
        .filter(pk__in=numbers)
        .order_by("pk")
        .select_related("article", "claim")
        .defer("article__body", "article__text")
    ):
        claim = correction.claim
        shown = claim is not None and claim.is_published
        yield (
            correction.pk,
            correction.article_id,
            f"{before}{correction.article.slug}{after}#correction-{correction.pk}",
            correction.kind,
            correction.text,
            in_utc(correction.made_at),
            correction.claim_id if shown else None,
        )


CORRECTIONS = Table(
    "corrections",
    "Corrections",
    "What was wrong in a story, and what is right.",
    (
        Column("correction", "integer", "The number of the correction."),
        Column("story", "integer", "The story’s number."),
        Column("address", "string", "Where it stands in the story."),
        Column("kind", "string", "correction, clarification, update or verdict."),
        Column("text", "string", "What was wrong and what is right."),
        Column("made_at", "datetime", "When it was made, in UTC."),
        Column("claim", "integer", "The claim whose verdict changed.", may_lack=True),
    ),
    corrected,
    corrections,
    links=(("story", "stories"), ("claim", "claims")),
)
