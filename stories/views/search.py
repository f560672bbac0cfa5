"""The search page: whatever readers may see, in one ranked list."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from stories.facets import counts
from stories.facets.search_filter import KINDS_BY_NAME, SearchFilter
from stories.models import Claim
from stories.search import Found, desk_groups, same_words, search
from stories.search.query import LONGEST
from stories.search.same_words import SameWords
from stories.search.suggestions import suggested
from stories.views.http_caching import public_page
from stories.views.paging import page_of


@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what a search found. A filter that cannot be applied is reported and left out."""
    typed = request.GET.get("q", "")
    filters = SearchFilter(request.GET, queryset=Claim.objects.none())
    found = search(typed, filters.asked, same=meaning_the_same())
    page = page_of(request, found)
    people, suggestion = found.people_meant() if page.number == 1 else ([], "")
    context = {
        "found": found,
        "page": page,
        "filters": filters,
        "tabs": tabs_of(found, filters),
        "all_kinds": filters.with_value("kind", ""),
        "total": sum(found.totals.values()),
        "dated": dated(found, filters),
        "people_meant": people,
        "suggestion": suggestion,
        "longest": LONGEST,
        "is_too_long": len(typed) > LONGEST,
    }
    return render(request, "stories/search.html", context)


@public_page
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return what may be meant by the words typed so far: {"suggestions": [{kind, name, note, address}]}."""
    return JsonResponse({"suggestions": [asdict(one) for one in suggested(request.GET.get("q", ""))]})


def meaning_the_same() -> SameWords:
    """Return the words that mean the same, with the desk's; asked for once in each version of the site."""
    return same_words(counts.cached("search", "same words", desk_groups))


def tabs_of(found: Found, filters: SearchFilter) -> list[dict[str, Any]]:
    """Return each kind of which something was found: its label, number and query string."""
    chosen = filters.values["kind"]
    return [
        {
            "name": name,
            "label": label,
            "number": found.totals[kind],
            "is_cut": kind in found.cut,
            "query": filters.with_value("kind", name),
            "is_chosen": chosen == name,
        }
        for name, (kind, label) in KINDS_BY_NAME.items()
        if found.totals.get(kind) or chosen == name
    ]


def dated(found: Found, filters: SearchFilter) -> dict[str, str]:
    """Return the date that was read in the words, and the query string of the search without it.

    Where the words are nothing but a date, they are then looked for as words.
    """
    days = found.query.days
    if not days or found.any_time:
        return {}
    label = days.label if days.label[0].isalpha() and days.label[0].islower() else f"from {days.label}"
    without = found.query.undated or f'"{found.query.typed}"'
    return {"label": label[0].upper() + label[1:], "query": filters.with_value("q", without)}
