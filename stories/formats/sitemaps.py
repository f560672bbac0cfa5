"""Sitemaps of every page that readers may see, split into parts of bounded size.

A part is a range of primary keys: its address is stable, and no part depends on a count of the earlier ones.
Limits: https://www.sitemaps.org/protocol.html (50,000 addresses or 50 MB a file).
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Expression, F, Max, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from stories.database.site_version import NEWS_AGE
from stories.facets import counts
from stories.models import Article, Claim, Outlet, Politician
from stories.models.topic_visibility import published_authors, published_parties, published_topics

SPAN = 1_000  # primary keys in a part
MOST_PARTS = 8_000  # of one section; all sections together stay within the 50,000 of a sitemap index
# Limits of news sitemaps: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
NEWS_MOST = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """An address and when the page last changed, if known."""

    address: str
    changed: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of page.

    `rows` returns the published rows, `changed` is the expression of when a row last changed. With `dated`
    off, the index of parts has no dates: they would need a scan of every row.
    """

    rows: Callable[[], QuerySet[Any]]
    address: Callable[[Any], str] = lambda row: row.get_absolute_url()
    changed: Expression | None = None
    dated: bool = True

    def parts(self) -> dict[int, datetime.datetime | None]:
        """Return the numbers of the parts that have a page, each with when it last changed or None."""
        if self.changed is None or not self.dated:
            return dict.fromkeys(parts_with_a_page(self.rows()))
        rows = self.rows().order_by().annotate(part=F("pk") / SPAN).values_list("part")
        return dict(rows.annotate(latest=Max(self.changed)).order_by("part"))

    def pages(self, part: int) -> list[Page]:
        """Return the pages of a part."""
        rows = self.rows().filter(pk__gte=part * SPAN, pk__lt=(part + 1) * SPAN).order_by("pk")
        if self.changed is None:
            return [Page(self.address(row)) for row in rows]
        return [Page(self.address(row), row.last_changed) for row in rows.annotate(last_changed=self.changed)]


def parts_with_a_page(rows: QuerySet[Any]) -> list[int]:
    """Return the numbers of the parts that hold a row; of each part only the first row is looked up."""
    connection = connections[rows.db]
    table = rows.model._meta.db_table
    inside = rows.filter(
        pk__gte=RawSQL("parts.number * %s", [SPAN]), pk__lt=RawSQL("(parts.number + 1) * %s", [SPAN])
    )
    held, parameters = inside.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE parts(number) AS (SELECT MIN(id) / %s FROM {table} UNION ALL "  # noqa: S608
            f"SELECT number + 1 FROM parts WHERE number < (SELECT MAX(id) / %s FROM {table})) "
            f"SELECT number FROM parts WHERE EXISTS ({held}) ORDER BY number LIMIT %s",
            [SPAN, SPAN, *parameters, MOST_PARTS],
        )
        return [number for (number,) in cursor.fetchall()]


def topic_address(tag: Tag) -> str:
    """Return the address of a topic's page, without the host."""
    return reverse("stories:topic", args=[tag.slug])


SECTIONS: dict[str, Section] = {
    "stories": Section(
        lambda: Article.objects.published().only("slug", "published_at"),
        changed=Greatest(Coalesce("updated_at", "published_at"), "published_at"),
    ),
    "claims": Section(
        lambda: Claim.objects.published().only("wording"),
        changed=Coalesce("checked_at", "reviewed_at", "created_at"),
        dated=False,
    ),
    "people": Section(lambda: Politician.objects.published().only("slug")),
    "parties": Section(lambda: published_parties().only("slug")),
    "topics": Section(published_topics, topic_address),
    "outlets": Section(lambda: Outlet.objects.published().only("slug")),
    "authors": Section(
        lambda: published_authors().only("slug"),
        lambda author: reverse("stories:author", args=[author.slug]),
    ),
}
LISTS = (
    "front articles claims politicians parties topics outlets authors archive corrections contradictions "
    "wordings who_said_what about how_we_check open_data"
).split()


def parts() -> dict[str, dict[int, datetime.datetime | None]]:
    """Return the parts of every section, from the cache; the pages of a part are not cached."""
    return {name: counts.cached("sitemap", name, section.parts) for name, section in SECTIONS.items()}


def lists() -> list[Page]:
    """Return the pages that are not about one row."""
    return [Page(reverse(f"stories:{name}")) for name in LISTS]


def news() -> list[tuple[Article, datetime.datetime]]:
    """Return the stories first published in the last two days, newest first, each with that moment."""
    since = timezone.now() - NEWS_AGE
    first = Coalesce("first_published_at", "published_at")
    lately = Q(first_published_at__gte=since) | Q(first_published_at=None, published_at__gte=since)
    stories = Article.objects.published().filter(lately).annotate(first=first)
    shown = "headline slug day_only first_published_at published_at".split()
    rows: Any = stories.order_by("-first", "-pk").only(*shown)[:NEWS_MOST]
    return [(row, row.first) for row in rows]
