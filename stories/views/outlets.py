"""The pages of outlets: what was said to each, by whom, and whether it stands up."""

import heapq
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stories.facets import counts
from stories.facets.filters import LONG, OutletFilter, headed, in_index_order, numbers
from stories.models import Claim, ClaimHeading, Outlet
from stories.models.cards import claim_list
from stories.models.prefetch import NEWEST_FIRST
from stories.views import charts
from stories.views.http_caching import public_page
from stories.views.paging import page_of
from stories.views.person_figures import by_day
from stories.views.politicians import letters_of
from stories.views.slugs import find_by_slug
from stories.views.topics import MOST_HEARD, most_heard
from stories.views.verdicts import verdict_counts


@public_page
def outlets(request: HttpRequest) -> HttpResponse:
    """Show the list of outlets."""
    filters = OutletFilter(request.GET, queryset=Outlet.objects.published())
    page = page_of(request, filters.qs.order_by("key"), per_page=60)
    told = counts.of_outlets()
    for outlet in page.object_list:
        outlet.claims_made = told.get(outlet.pk, 0)
    context = {"page": page, "filters": filters, "letters": letters_of(Outlet.objects.published(), "key")}
    return render(request, "stories/outlet_list.html", context)


@public_page
def outlet(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an outlet with the claims that were made to it, the newest first."""
    found = find_by_slug(Outlet.objects.published(), slug)
    if isinstance(found, HttpResponse):
        return found
    figures = counts.cached("outlet", str(found.pk), lambda: figures_of(found))
    told = headed(outlet=found.pk)
    claims: QuerySet[Claim] = Claim.objects.published().filter(pk__in=told)
    if figures.claims >= LONG:
        claims = in_index_order(Claim.objects.published()).filter(**{"number__in": told})
    context = {
        "outlet": found,
        "names": found.other_names(),
        "page": page_of(request, claim_list(claims.order_by(*NEWEST_FIRST)), total=figures.claims),
        "verdicts": figures.verdicts,
        "chart": figures.chart,
        "people": most_heard(figures.heard),
    }
    return render(request, "stories/outlet.html", context)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of the claims made to an outlet: by verdict, over time, and by who made most."""

    verdicts: list[dict[str, Any]]
    chart: charts.TimeChart | None
    heard: dict[int, int]

    @property
    def claims(self) -> int:
        """How many there are."""
        return sum(verdict["count"] for verdict in self.verdicts)


def figures_of(outlet: Outlet) -> Figures:
    """Count the claims made to an outlet."""
    headings = ClaimHeading.objects.published().filter(outlet=outlet.pk)
    claims = Claim.objects.published().filter(pk__in=numbers(headings))
    on_record = counts.parties_of_people()
    times = {pk: number for pk, number in counts.by(headings, "speaker").items() if pk in on_record}
    best = heapq.nlargest(MOST_HEARD, times, key=lambda person: (times[person], -person))
    return Figures(
        verdicts=verdict_counts(headings, unread=claims.unread()),
        chart=charts.over_time(by_day(headings), {}),
        heard={person: times[person] for person in best},
    )
