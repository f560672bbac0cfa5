"""The pages of topics and authors."""

import datetime
import heapq

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stories.facets import counts
from stories.facets.filters import NamedFilter, numbers, tagged
from stories.models import Article, Claim, ClaimHeading, Politician
from stories.models.cards import claim_list, story_list
from stories.models.prefetch import NEWEST_FIRST
from stories.models.topic_visibility import published_authors, published_topics
from stories.views import charts
from stories.views.http_caching import public_page
from stories.views.paging import page_of
from stories.views.politicians import SHOWN, by_day, letters_of, verdict_counts
from stories.views.slugs import find_by_slug

MOST_HEARD = 8


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
    found = find_by_slug(published_topics(), slug)
    if isinstance(found, HttpResponse):
        return found
    headings = ClaimHeading.objects.published().filter(topic=found.pk)
    claims = Claim.objects.published().filter(pk__in=numbers(headings))
    stories = Article.objects.published().filter(pk__in=tagged(Article, [found])).newest()
    verdicts = verdict_counts(headings, unread=claims.unread())
    context = {
        "topic": found,
        "page": page_of(request, story_list(stories)),
        "claim_count": sum(verdict["count"] for verdict in verdicts),
        "verdicts": verdicts,
        "chart": charts.over_time(published_by_day(stories), by_day(headings)),
        "claims": claim_list(claims.order_by(*NEWEST_FIRST))[:SHOWN],
        "people": most_heard(headings),
    }
    return render(request, "stories/topic.html", context)


def most_heard(headings: QuerySet[ClaimHeading]) -> list[Politician]:
    """Return the speakers of most of the claims, each with the number of claims as `times`."""
    on_record = counts.parties_of_people()
    times = {
        person: number for person, number in counts.by(headings, "speaker").items() if person in on_record
    }
    best = heapq.nlargest(MOST_HEARD, times, key=lambda person: (times[person], -person))
    people = list(Politician.objects.published().filter(pk__in=best).select_related("party"))
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
    stories = Article.objects.published().filter(authors=found).newest()
    return render(
        request, "stories/author.html", {"author": found, "page": page_of(request, story_list(stories))}
    )


@public_page
def authors(request: HttpRequest) -> HttpResponse:
    """Show the list of authors."""
    page = page_of(request, published_authors().order_by("name", "pk"), per_page=60)
    written = counts.written()
    for author in page.object_list:
        author.written = written.get(author.pk, 0)
    return render(request, "stories/author_list.html", {"page": page})
