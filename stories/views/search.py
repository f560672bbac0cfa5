"""The search page: stories, people and claims in one ranked list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stories.models import Politician
from stories.models.cards import ClaimCard, StoryCard
from stories.search import Cards, Found, search
from stories.search.query import LONGEST
from stories.views.http_caching import public_page
from stories.views.paging import page_of

CARDS: Cards = {
    "politician": lambda ids: Politician.objects.published().filter(pk__in=ids).select_related("party"),
    "article": lambda ids: (card.made for card in StoryCard.of(ids)),
    "claim": lambda ids: (card.made for card in ClaimCard.of(ids)),
}
# Value of `?kind=`: the kind in the search index, and its label.
KINDS = {"people": ("politician", "People"), "stories": ("article", "Stories"), "claims": ("claim", "Claims")}


@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what a search found. An unknown kind is reported, and all kinds are shown."""
    typed = request.GET.get("q", "")
    asked = request.GET.get("kind", "")
    known = asked in KINDS
    found = search(typed, kinds=[KINDS[asked][0]] if known else CARDS, cards=CARDS)
    page = page_of(request, found)
    people, suggestion = found.people_meant() if page.number == 1 else ([], "")
    context = {
        "found": found,
        "page": page,
        "kind": asked if known else "",
        "unknown_kind": "" if known else asked[:40],
        "tabs": tabs_of(found),
        "total": sum(found.totals.values()),
        "people_meant": people,
        "suggestion": suggestion,
        "longest": LONGEST,
        "is_too_long": len(typed) > LONGEST,
    }
    return render(request, "stories/search.html", context)


def tabs_of(found: Found) -> list[tuple[str, str, str]]:
    """Return (name, label, number of results) of each kind."""
    return [
        (name, label, f"{found.totals[kind]}{'+' if kind in found.cut else ''}")
        for name, (kind, label) in KINDS.items()
    ]
