"""Rows with what pages print of them: only what readers may see, in a constant number of queries.

For lists of stories and claims there is less to load: see `models.cards`.
"""

from typing import Any, cast

from django.db import connections
from django.db.models import F, Func, IntegerField, Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest, Left, Substr
from django.utils import timezone

from stories.models import Appearance, Article, Claim, NearWording, Politician
from stories.models.articles import ArticleQuerySet
from stories.models.cards import JSON_WORDS, OF_OUTLET, OPENING, TOPICS_OF_CLAIM
from stories.models.claims import REACH

# Of claims: by the day on which they were said, or else first printed.
NEWEST_FIRST = (F("listed_on").desc(nulls_last=True), "-pk")


def with_topics(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with their `topics`, as the claim index has them: by name."""
    connection = connections[claims.db]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    topics = RawSQL(TOPICS_OF_CLAIM.format(**JSON_WORDS[connection.vendor]), [now])  # noqa: S611  (fixed SQL)
    return claims.annotate(topics_listed=topics)  # type: ignore[no-redef]  # declared beside the model


def in_print() -> QuerySet[Appearance]:
    """Where claims stand in published stories, the first to print them first; without the stories' text."""
    printed = 'stories_appearance."told"'
    slug, name = (
        RawSQL(OF_OUTLET.format(column=column, printed=printed), [])  # noqa: S611  (fixed SQL)
        for column in ("slug", "name")
    )
    return (
        Appearance.objects.published()
        .annotate(outlet_slug=slug, outlet_name=name)  # type: ignore[no-redef]  # both declared
        .select_related("article")
        .defer("article__body", "article__text")
        .order_by("article__published_at", "article_id", "start", "pk")
    )


class LastEnd(Func):
    """Where the last part of an interrupted quotation ends; NULL for one that was not interrupted."""

    template = "(%(expressions)s -> -1 ->> 'end')::integer"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As SQLite writes it."""
        written = "json_extract(%(expressions)s, '$[#-1].end')"
        return self.as_sql(compiler, connection, template=written, **context)


def with_sentences(appearances: QuerySet[Appearance]) -> QuerySet[Appearance]:
    """Appearances with the text `around` them, see `Appearance.in_sentence`."""
    begin = Greatest(F("start") - REACH, 0)
    length = Coalesce(LastEnd("further"), F("end")) + REACH - begin
    return appearances.annotate(  # type: ignore[no-redef]  # both declared
        around=Substr("article__text", begin + 1, length)
    )


def claim_cards(claims: QuerySet[Claim], *, sentences: bool = False) -> QuerySet[Claim]:
    """Claims with `printed`, their published appearances, oldest first, and `people`, whom they are about.

    Asked for `sentences`, the appearances have them.
    """
    printed = with_sentences(in_print()) if sentences else in_print()
    return claims.select_related("speaker__party").prefetch_related(  # type: ignore[no-redef]  # both declared
        Prefetch("about", queryset=Politician.objects.published(), to_attr="people"),
        Prefetch("appearances", queryset=printed, to_attr="printed"),
    )


def with_near(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with what `near_to` tells of each: two queries."""
    pairs = NearWording.objects.published().select_related("first__speaker", "second__speaker")
    return claims.prefetch_related(
        Prefetch("near_first", queryset=pairs.order_by("pk"), to_attr="near_later"),
        Prefetch("near_second", queryset=pairs.order_by("pk"), to_attr="near_earlier"),
    )


def near_to(claim: Any) -> list[Claim]:
    """Return the claims that readers are shown as nearly the same words as this one, loaded `with_near`."""
    return [pair.first for pair in claim.near_earlier if pair.is_near] + [
        pair.second for pair in claim.near_later if pair.is_near
    ]


def story_cards(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Stories with what a list of them shows; of their text only the `opening`."""
    stories = cast(ArticleQuerySet, articles).with_credits().defer("body", "text")
    return stories.annotate(opening=Left("text", OPENING))
