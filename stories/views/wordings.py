"""Claims of one speaker in nearly the same words: on the page of each, and in a list of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stories.models import Appearance, Claim, NearWording
from stories.models.prefetch import claim_cards, near_to
from stories.text.diff import Change, word_changes
from stories.text.near_words import nearness
from stories.views.http_caching import public_page
from stories.views.paging import page_of


@dataclass(frozen=True, slots=True)
class NearPrinting:
    """A claim as a story prints it, with its word diff to other words; `differs` tells in sentences what is
    more than a difference in words: a number, a denial."""

    claim: Claim
    appearance: Appearance
    pieces: list[Change]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two claims in nearly the same words, and where the newer was printed, its words beside the older's."""

    pair: NearWording
    older: Any
    newer: Any
    printings: list[NearPrinting]


@public_page
def wordings(request: HttpRequest) -> HttpResponse:
    """Show the pairs of claims in nearly the same words, the newest pair first, in each the older claim."""
    rows = NearWording.objects.published().select_related("first", "second").order_by("-said_at", "-pk")
    page = page_of(request, rows)
    context = {"page": page, "pairs": pairs_of(page.object_list)}
    return render(request, "stories/wordings.html", context)


def pairs_of(pairs: Iterable[NearWording]) -> list[NearPair]:
    """Return the pairs that are still in nearly the same words, with their claims' cards."""
    rows = [pair for pair in pairs if pair.is_near]
    claims = cards_of([number for pair in rows for number in (pair.first_id, pair.second_id)])
    found = []
    for pair in rows:
        both = [claims[number] for number in (pair.first_id, pair.second_id) if number in claims]
        if len(both) == 2:  # one may have been rejected meanwhile
            older, newer = sorted(both, key=lambda claim: (claim.listed_on, claim.pk))
            found.append(NearPair(pair, older, newer, printed_beside(older, [newer])))
    return found


def near_printings(claim: Claim) -> list[NearPrinting]:
    """Return where claims in nearly the same words as this one were printed, by day; it was loaded by
    `prefetch.with_near`."""
    near = [other.pk for other in near_to(claim)]
    return printed_beside(claim, cards_of(near).values()) if near else []


def cards_of(numbers: Sequence[int]) -> dict[int, Any]:
    """Return the claims that readers may see, by number, each with where it was printed."""
    return {
        row.pk: row
        for row in claim_cards(Claim.objects.published().filter(pk__in=numbers), sentences=True)
        if row.printed
    }


def printed_beside(claim: Any, others: Iterable[Any]) -> list[NearPrinting]:
    """Return the printings of `others`, each with its difference to the words of `claim`, by day."""
    found = []
    for other in others:
        near = nearness(claim.wording, other.wording)
        differs = near.differs if near is not None else ()
        for place in other.printed:
            found.append(NearPrinting(other, place, word_changes(claim.words, place.words), differs))
    return sorted(found, key=lambda one: (one.appearance.article.published_at, one.appearance.pk))
