"""The page of who said what about whom, and to which outlet: a table and a chart."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stories.facets.filters import ClaimFilter, NoIndex
from stories.models import Claim, ClaimHeading, Outlet, Party, Politician
from stories.views import matrix
from stories.views.http_caching import public_page
from stories.views.paging import page_of

MOST_PAIRS = 400  # pairs with most claims in the table and the chart
PAIRS_ON_A_PAGE = 20
OUTLETS = 3  # shown for each pair


@dataclass(slots=True)
class Pair:
    """A speaker and a person they spoke about, with the number of claims and the day of the last one.

    `verdicts` (rating, label, count) and `outlets` are set for the pairs on the shown page only.
    """

    speaker: Politician
    about: Politician
    count: int
    last: date | None
    verdicts: list[tuple[str, str, int]] = field(default_factory=list)
    outlets: list[Outlet] = field(default_factory=list)


@public_page
def who_said_what(request: HttpRequest) -> HttpResponse:
    """Show the pairs of speakers and people spoken about with most claims."""
    filters = ClaimFilter(request.GET, queryset=exchanges(), known_as="exchanges", among=addressed)
    counted = filters.counted(pairs_counted, of=addressed())
    pairs = pairs_of(counted[:MOST_PAIRS])
    page = page_of(request, pairs, per_page=PAIRS_ON_A_PAGE)
    on_page = list(page.object_list)
    shown = between(on_page, filters.besides(of=addressed()))
    name_verdicts(on_page, shown)
    name_outlets(on_page, shown)
    context = {
        "filters": filters,
        "page": page,
        "is_cut": len(counted) > MOST_PAIRS,
        "matrix": matrix_of(pairs, filters, is_cut=len(counted) > MOST_PAIRS),
    }
    return render(request, "stories/who_said_what.html", context)


def matrix_of(pairs: list[Pair], filters: ClaimFilter, *, is_cut: bool) -> matrix.Matrix | None:
    """Return the matrix of the pairs, None without any.

    With many people, of parties; or of the people in the rows where a party or a speaker is chosen.
    """
    if not pairs:
        return None
    drawn = [] if is_cut else [(pair.speaker, pair.about, pair.count) for pair in pairs]
    if found := matrix.of_people(drawn):
        return found
    parties = Party.objects.in_bulk()
    if filters.applied.get("party") or filters.applied.get("speaker"):
        counts = filters.counted(matrix.by_people_and_parties, of=addressed())
        people = Politician.objects.published().in_bulk({speaker for speaker, _ in counts if speaker})
        return matrix.of_parties(counts, people, parties)
    return matrix.of_parties(filters.counted(matrix.by_parties, of=addressed()), {}, parties)


def addressed() -> QuerySet[ClaimHeading]:
    """Return the published rows of the claim index by a published politician about a published politician."""
    people = Politician.objects.published().order_by().values("pk")
    headings = ClaimHeading.objects.published().alias(by=NoIndex("speaker"), whom=NoIndex("person"))
    return headings.filter(person__isnull=False, by__in=people, whom__in=people)


def exchanges() -> QuerySet[Claim]:
    """Return the published claims by a published politician about a published politician."""
    return Claim.objects.published().filter(pk__in=addressed().values("claim"))


def pairs_counted(headings: QuerySet[ClaimHeading]) -> list[tuple[int, int, int, date | None]]:
    """Return (speaker, about, number of claims, day of the last one), most claims first.

    One pair more than MOST_PAIRS, if there is one: it shows that the list is cut.
    """
    return list(
        headings.order_by()
        .values_list("speaker", "person")
        .annotate(count=Count("*"), last=Max("said_on"))
        .order_by("-count", F("last").desc(nulls_last=True), "speaker", "person")[: MOST_PAIRS + 1]
    )


def pairs_of(counted: Iterable[tuple[int, int, int, date | None]]) -> list[Pair]:
    """Return the pairs with their politicians; pairs with one who is no longer published are left out."""
    rows = list(counted)
    pks = {pk for speaker, about, *_ in rows for pk in (speaker, about)}
    people = Politician.objects.published().select_related("party").in_bulk(pks)
    return [
        Pair(people[speaker], people[about], count, last)
        for speaker, about, count, last in rows
        if speaker in people and about in people
    ]


def between(pairs: list[Pair], headings: QuerySet[ClaimHeading]) -> QuerySet[ClaimHeading]:
    """Return the index rows by any speaker of the pairs about any person they spoke about."""
    return headings.order_by().filter(
        speaker__in={pair.speaker.pk for pair in pairs}, person__in={pair.about.pk for pair in pairs}
    )


def name_verdicts(pairs: list[Pair], headings: QuerySet[ClaimHeading]) -> None:
    """Set each pair's `verdicts`."""
    rated = headings.values_list("speaker", "person", "rating").annotate(count=Count("*"))
    counts = {(speaker, about, rating): count for speaker, about, rating, count in rated}
    for pair in pairs:
        pair.verdicts = [
            (rating, label, count)
            for rating, label in (*Claim.Rating.choices, ("", "Not rated"))
            if (count := counts.get((pair.speaker.pk, pair.about.pk, rating)))
        ]


def name_outlets(pairs: list[Pair], headings: QuerySet[ClaimHeading]) -> None:
    """Set each pair's `outlets`: those that most of its claims were made to, most first."""
    pairs_of_claim: dict[int, list[tuple[int | None, int | None]]] = defaultdict(list)
    for speaker, about, claim in headings.values_list("speaker", "person", "claim"):
        pairs_of_claim[claim].append((speaker, about))
    times: dict[tuple[int | None, int | None], Counter[int]] = defaultdict(Counter)
    told = ClaimHeading.objects.published().filter(outlet__isnull=False)
    for claim, outlet in told.filter(claim__in=headings.values("claim")).values_list("claim", "outlet"):
        for people in pairs_of_claim[claim]:
            times[people][outlet or 0] += 1
    outlets = Outlet.objects.in_bulk({outlet for counted in times.values() for outlet in counted})
    for pair in pairs:
        counted = times[pair.speaker.pk, pair.about.pk]
        of_pair = sorted(counted, key=lambda pk: (-counted[pk], outlets[pk].key))
        pair.outlets = [outlets[pk] for pk in of_pair[:OUTLETS]]
