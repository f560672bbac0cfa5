"""What is counted of a person for their page: verdicts, topics, years, and whom they speak about."""

import datetime
import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from taggit.models import Tag

from stories.facets import counts
from stories.facets.filters import numbers
from stories.models import Appearance, Claim, ClaimHeading, Contradiction, Politician
from stories.text.sources import office
from stories.text.titles import topic_title
from stories.views import charts
from stories.views.verdicts import verdict_counts

MOST = 8  # topics, people and printed offices that are listed
MOST_PAIRS = 2  # of claims that contradict each other
BAR = 100.0  # width of the scorecard's bar, in units of its view box


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that claims are counted under, with its slug."""

    name: str
    slug: str
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """A verdict's part of the scorecard's bar."""

    rating: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a person's claims, and of those that others made about them."""

    verdicts: list[dict[str, Any]]
    verdicts_about: list[dict[str, Any]]
    topics: list[Counted]
    speaks_about: list[Counted]
    years: list[tuple[int, int]]
    printed_as: list[dict[str, Any]]
    contradictions: list[tuple[int, int, str]]
    chart: charts.TimeChart | None

    @property
    def said(self) -> int:
        """The number of claims the person made."""
        return sum(verdict["count"] for verdict in self.verdicts)

    @property
    def about(self) -> int:
        """The number of claims that others made about the person."""
        return sum(verdict["count"] for verdict in self.verdicts_about)

    @property
    def checked(self) -> list[dict[str, Any]]:
        """The verdicts that an editor gave, without what is not rated."""
        return [verdict for verdict in self.verdicts if verdict["rating"]]

    @property
    def checked_count(self) -> int:
        """The number of claims with a verdict."""
        return sum(verdict["count"] for verdict in self.checked)

    @property
    def bar(self) -> list[Part]:
        """The scorecard's bar: a part for each verdict, as wide as its share of the checked claims."""
        parts, x = [], 0.0
        for verdict in self.checked:
            width = BAR * verdict["count"] / self.checked_count
            parts.append(Part(verdict["rating"], round(x, 2), round(width, 2)))
            x += width
        return parts


def figures_of(person: Politician) -> Figures:
    """Count the claims by a person, and those about them that others made."""
    said = Claim.objects.published().filter(speaker=person)
    headings = ClaimHeading.objects.published()
    by_others = headings.filter(Q(speaker=None) | ~Q(speaker=person.pk), person=person.pk)
    about = Claim.objects.published().filter(pk__in=numbers(by_others))
    theirs = headings.filter(claim__in=said.order_by().values("pk"))
    days = by_day(said)
    years: Counter[int] = Counter()
    for day, number in days.items():
        years[day.year] += number
    spoken_about = {pk: n for pk, n in counts.by(theirs, "person").items() if pk != person.pk}
    return Figures(
        verdicts=verdict_counts(said, unread=said.unread()),
        verdicts_about=verdict_counts(by_others, unread=about.unread()),
        topics=[
            Counted(topic_title(name), slug, count)
            for name, slug, count in _named(Tag.objects.all(), counts.by_topic(theirs))
        ],
        speaks_about=[Counted(*one) for one in _named(Politician.objects.published(), spoken_about)],
        years=sorted(years.items(), reverse=True),
        printed_as=printed_as(person),
        contradictions=contradictions_with(person),
        chart=charts.over_time(days, by_day(by_others)),
    )


def _named(rows: QuerySet[Any], number: Mapping[int, int]) -> list[tuple[str, str, int]]:
    """Return name, slug and number of the MOST of the rows that have the highest numbers."""
    best = heapq.nlargest(MOST * 2, number, key=lambda pk: (number[pk], -pk))
    found = rows.order_by().filter(pk__in=best).values_list("pk", "name", "slug")
    named = [(name, slug, number[pk]) for pk, name, slug in found]
    return sorted(named, key=lambda one: (-one[2], one[0]))[:MOST]


def by_day(claims: QuerySet[Any]) -> dict[datetime.date, int]:
    """Return the number of claims (or rows of the claim index) per day on which they were made."""
    dated = claims.filter(said_on__isnull=False).order_by()
    return dict(dated.values_list("said_on").annotate(n=Count("pk")))


def printed_as(person: Politician) -> list[dict[str, Any]]:
    """Return {office, party, last}: the offices and parties that stories gave the person, newest first."""
    rows = (
        Appearance.objects.published()
        .filter(claim__speaker=person)
        .exclude(speaker_role="")
        .order_by()
        .values_list("speaker_role", "speaker_party")
        .annotate(last=Max("public_from"))
        .order_by("-last")[: MOST * 3]
    )
    found: dict[tuple[str, str], datetime.datetime] = {}
    for role, party, last in rows:
        if shown := office(role, party):
            found.setdefault((shown, party), last)
    return [{"office": role, "party": party, "last": last} for (role, party), last in found.items()][:MOST]


def contradictions_with(person: Politician) -> list[tuple[int, int, str]]:
    """Return (claim, claim, note) of the confirmed contradictions of public claims, one of them theirs."""
    public = Claim.objects.published().order_by().values("pk")
    pairs = Contradiction.objects.filter(
        Q(first__speaker=person) | Q(second__speaker=person),
        confirmed_at__isnull=False,
        first__in=public,
        second__in=public,
    )
    return list(pairs.order_by("-confirmed_at", "-pk").values_list("first", "second", "note")[:MOST_PAIRS])
