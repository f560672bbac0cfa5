"""The pages of topics and authors."""

# Fixed SQL: what varies is a parameter.
# ruff: noqa: S608

import datetime
import heapq
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Lower, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from taggit.models import Tag

from stories.facets import counts
from stories.facets.filters import NamedFilter, numbers, tagged
from stories.models import Article, Author, Claim, ClaimHeading, Politician
from stories.models.cards import ClaimCard, story_list
from stories.models.topic_visibility import published_authors, published_topics
from stories.views import charts
from stories.views.http_caching import public_page
from stories.views.paging import page_of
from stories.views.person_figures import by_day
from stories.views.politicians import SHOWN, letters_of
from stories.views.slugs import find_by_slug
from stories.views.verdicts import verdict_counts

MOST_HEARD = 8
STORIES = 15  # on a page of a topic
FEW = 500  # stories, see `stories_on`
# Those that were checked come first.
CLAIMS = f"""
    SELECT claim FROM stories_claimheading WHERE topic = %(topic)s AND public_from <= %(now)s
    ORDER BY CASE rating WHEN '' THEN 1 ELSE 0 END, COALESCE(said_on, DATE(public_from)) DESC, claim DESC
    LIMIT {SHOWN}"""


@public_page
def topics(request: HttpRequest) -> HttpResponse:
    """Show the list of topics."""
    filters = NamedFilter(request.GET, queryset=published_topics())
    page = page_of(request, filters.qs.order_by(Lower("name"), "pk"), per_page=100)
    stories, claims = counts.tagged_stories(), counts.tagged_claims()
    for tag in page.object_list:
        tag.stories, tag.claims = stories.get(tag.pk, 0), claims.get(tag.pk, 0)
    context = {"page": page, "filters": filters, "letters": letters_of(published_topics(), "name")}
    return render(request, "stories/topic_list.html", context)


@public_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic with its stories and claims."""
    found = find_by_slug(published_topics().select_related("introduction"), slug)
    if isinstance(found, HttpResponse):
        return found
    figures = counts.cached("topic", str(found.pk), lambda: figures_of(found))
    claims = ClaimCard.among(CLAIMS, {"topic": found.pk})
    context = {
        "topic": found,
        "page": page_of(
            request, story_list(stories_on(found, figures.stories)), STORIES, total=figures.stories
        ),
        "claim_count": sum(verdict["count"] for verdict in figures.verdicts),
        "verdicts": figures.verdicts,
        "chart": figures.chart,
        "introduction": getattr(found, "introduction", None),
        "claims": sorted(claims, key=lambda card: (card.is_rated, card.newness), reverse=True),
        "people": most_heard(figures.heard),
    }
    return render(request, "stories/topic.html", context)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a topic: stories, claims by verdict, both over time, and who made most claims."""

    stories: int
    verdicts: list[dict[str, Any]]
    chart: charts.TimeChart | None
    heard: dict[int, int]


def figures_of(topic: Tag) -> Figures:
    """Count a topic's stories and claims."""
    headings = ClaimHeading.objects.published().filter(topic=topic.pk)
    claims = Claim.objects.published().filter(pk__in=numbers(headings))
    by_day_of_stories = published_by_day(Article.objects.published().filter(pk__in=tagged(Article, [topic])))
    on_record = counts.parties_of_people()
    times = {pk: number for pk, number in counts.by(headings, "speaker").items() if pk in on_record}
    best = heapq.nlargest(MOST_HEARD, times, key=lambda person: (times[person], -person))
    return Figures(
        stories=sum(by_day_of_stories.values()),
        verdicts=verdict_counts(headings, unread=claims.unread()),
        chart=charts.over_time(by_day_of_stories, by_day(headings)),
        heard={person: times[person] for person in best},
    )


def stories_on(topic: Tag, many: int) -> QuerySet[Article]:
    """Return the published stories with a topic, the newest first; `many` is about how many there are.

    Where there are many, the newest are found by walking through all stories from the newest on; where there
    are few, that would go far, and they are looked up and sorted.
    """
    stories = Article.objects.published().newest()
    if many < FEW:
        return stories.filter(pk__in=tagged(Article, [topic]))
    return stories.filter(Exists(tagged(Article, [topic]).filter(object_id=OuterRef("pk"))))


def most_heard(times: dict[int, int]) -> list[Politician]:
    """Return the people with these numbers of claims, each with the number as `times`."""
    people = list(Politician.objects.published().filter(pk__in=times).select_related("party"))
    for person in people:
        person.times = times[person.pk]  # type: ignore[attr-defined]
    return sorted(people, key=lambda person: (-times[person.pk], person.sort_name))


def published_by_day(stories: QuerySet[Article]) -> dict[datetime.date, int]:
    """Return the number of stories per local day of publication."""
    days = stories.order_by().values_list(TruncDate("published_at"))
    return dict(days.annotate(n=Count("pk")))


@public_page
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author's stories."""
    found = find_by_slug(published_authors(), slug)
    if isinstance(found, HttpResponse):
        return found
    many = counts.written().get(found.pk, 0)
    page = page_of(request, story_list(stories_by(found, many)), total=many)
    return render(request, "stories/author.html", {"author": found, "page": page})


def stories_by(author: Author, many: int) -> QuerySet[Article]:
    """Return an author's published stories, the newest first; `many` as of `stories_on`."""
    stories = Article.objects.published().newest()
    if many < FEW:
        return stories.filter(authors=author)
    written = Author.articles.through.objects.filter(author=author, article=OuterRef("pk"))
    return stories.filter(Exists(written))


@public_page
def authors(request: HttpRequest) -> HttpResponse:
    """Show the list of authors."""
    page = page_of(request, published_authors().order_by("name", "pk"), per_page=60)
    written = counts.written()
    for author in page.object_list:
        author.written = written.get(author.pk, 0)
    return render(request, "stories/author_list.html", {"page": page})
