"""Rows as the pages print them: only what readers may see, in a constant number of queries."""

from typing import cast

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Left

from stories.models import Appearance, Article, Claim, Politician
from stories.models.articles import ArticleQuerySet

OPENING = 300  # characters
NEWEST_FIRST = (F("said_on").desc(nulls_last=True), "-pk")  # of claims: those without a date last


def in_print() -> QuerySet[Appearance]:
    """Where claims stand in published stories, the first to print them first; without the stories' text."""
    return (
        Appearance.objects.published()
        .select_related("article")
        .defer("article__body", "article__text")
        .order_by("article__published_at", "article_id", "start", "pk")
    )


def claim_cards(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with what a card shows: `claim.printed` holds its published appearances, oldest first."""
    return claims.select_related("speaker__party").prefetch_related(  # type: ignore[no-redef]  # `printed`, declared
        Prefetch("about", queryset=Politician.objects.published()),
        Prefetch("appearances", queryset=in_print(), to_attr="printed"),
    )


def story_cards(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Stories with what a list of them shows; of their text only the `opening`."""
    stories = cast(ArticleQuerySet, articles).with_credits().defer("body", "text")
    return stories.annotate(opening=Left("text", OPENING))
