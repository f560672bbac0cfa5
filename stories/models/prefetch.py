"""Rows with what pages print of them: only what readers may see, in a constant number of queries.

For lists of stories and claims there is less to load: see `models.cards`.
"""

from typing import Any, cast

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Left

from stories.models import Appearance, Article, Claim, Politician
from stories.models.articles import ArticleQuerySet
from stories.models.cards import OPENING

NEWEST_FIRST = (F("said_on").desc(nulls_last=True), "-pk")  # of claims: those without a date last
TOPICS: Any = Prefetch("tags", to_attr="topics")


def in_print() -> QuerySet[Appearance]:
    """Where claims stand in published stories, the first to print them first; without the stories' text."""
    return (
        Appearance.objects.published()
        .select_related("article")
        .defer("article__body", "article__text")
        .order_by("article__published_at", "article_id", "start", "pk")
    )


def claim_cards(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with `printed`, their published appearances, oldest first, and `people`, whom they are about."""
    return claims.select_related("speaker__party").prefetch_related(  # type: ignore[no-redef]  # both declared
        Prefetch("about", queryset=Politician.objects.published(), to_attr="people"),
        Prefetch("appearances", queryset=in_print(), to_attr="printed"),
    )


def story_cards(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Stories with what a list of them shows; of their text only the `opening`."""
    stories = cast(ArticleQuerySet, articles).with_credits().defer("body", "text")
    return stories.annotate(opening=Left("text", OPENING))
