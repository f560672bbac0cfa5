"""The pages of politicians and parties."""

import datetime
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Lower, Substr, Upper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from taggit.models import Tag

from stories.facets import counts
from stories.facets.filters import LONG, NamedFilter, PoliticianFilter, in_index_order, numbers
from stories.models import Appearance, Article, Claim, ClaimHeading, Politician, StoryPerson
from stories.models.cards import ClaimCard, claim_list, particulars_of, with_particulars
from stories.models.prefetch import NEWEST_FIRST
from stories.models.topic_visibility import published_parties
from stories.views import charts
from stories.views.http_caching import public_page
from stories.views.paging import page_of
from stories.views.slugs import find_by_slug

BY_AND_ABOUT = """
    SELECT id FROM (
        SELECT id FROM stories_claim
        WHERE speaker_id = %(person)s AND state = 'accepted' AND public_from <= %(now)s
        ORDER BY listed_on DESC NULLS LAST, id DESC LIMIT {shown}) AS said
    UNION ALL SELECT claim FROM (
        SELECT claim FROM stories_claimheading WHERE person = %(person)s AND public_from <= %(now)s
        ORDER BY COALESCE(said_on, DATE(public_from)) DESC, claim DESC LIMIT {shown}) AS about"""
SHOWN = 8  # claims and stories on a person's, party's or topic's page; the lists behind them have all


def count_claims(people: Iterable[Any]) -> None:
    """Set on each person `said` and `talked_about`: the number of published claims by and about them."""
    said, about = counts.said(), counts.talked_about()
    for person in people:
        person.said, person.talked_about = said.get(person.pk, 0), about.get(person.pk, 0)


def verdict_counts(claims: QuerySet[Any], *, unread: QuerySet[Claim]) -> list[dict[str, Any]]:
    """Return the number of claims per verdict, as `verdicts_of`.

    `claims` may also be rows of the claim index; `unread` are those of the claims that no editor has read.
    """
    return verdicts_of(
        dict(claims.order_by().values_list("rating").annotate(n=Count("*"))), unread.order_by().count()
    )


def verdicts_of(by_rating: Mapping[str, int], unread: int) -> list[dict[str, Any]]:
    """Return {rating, label, value, count} for each verdict with claims, `value` as in the claim filter.

    Claims without a rating follow, and last those of them that no editor has read.
    """
    named: list[tuple[str, str, str]] = [(*choice, choice[0]) for choice in Claim.Rating.choices]
    tally = [
        {"rating": rating, "label": label, "value": value, "count": by_rating[rating]}
        for rating, label, value in named
        if by_rating.get(rating)
    ]
    # Not below 0: the two were counted by separate queries.
    if (not_rated := by_rating.get("", 0) - unread) > 0:
        tally.append({"rating": "", "label": "Not rated", "value": "none", "count": not_rated})
    if unread:
        tally.append({"rating": None, "label": Claim.UNREAD, "value": "", "count": unread})
    return tally


@public_page
def politicians(request: HttpRequest) -> HttpResponse:
    """Show the list of politicians."""
    filters = PoliticianFilter(request.GET, queryset=Politician.objects.published())
    page = page_of(request, filters.qs.select_related("party").order_by("sort_name", "pk"), per_page=60)
    count_claims(page.object_list)
    context = {
        "page": page,
        "filters": filters,
        "letters": letters_of(Politician.objects.published(), "sort_name"),
        "parties": published_parties(),
    }
    return render(request, "stories/politician_list.html", context)


def letters_of(rows: QuerySet[Any], name: str) -> list[str]:
    """Return the first letters of the names, in capitals, sorted."""
    letters = rows.order_by().annotate(letter=Upper(Substr(name, 1, 1)))
    return sorted(
        letter for letter in letters.values_list("letter", flat=True).distinct() if letter.isalpha()
    )


@public_page
def politician(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a politician."""
    person = find_by_slug(with_particulars(Politician.objects.published()), slug)
    if isinstance(person, HttpResponse):
        return person
    figures = counts.cached("person", str(person.pk), lambda: figures_of(person))
    claims = ClaimCard.among(BY_AND_ABOUT.format(shown=SHOWN), {"person": person.pk})
    newest = sorted(claims, key=lambda card: card.newness, reverse=True)
    context = {
        "person": person,
        **particulars_of(person),
        "verdicts": figures.verdicts,
        "said_count": sum(verdict["count"] for verdict in figures.verdicts),
        "said": [card for card in newest if card.speaker_id == person.pk][:SHOWN],
        "topics": topics_of(figures.topics),
        "verdicts_about": figures.verdicts_about,
        "about_count": sum(verdict["count"] for verdict in figures.verdicts_about),
        "about": [card for card in newest if card.is_about(person)][:SHOWN],
        "stories": newest_stories_with(person),
        "printed_as": figures.printed_as,
        "chart": figures.chart,
    }
    return render(request, "stories/politician.html", context)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a person's claims, and of those about them."""

    verdicts: list[dict[str, Any]]
    verdicts_about: list[dict[str, Any]]
    topics: dict[int, int]
    printed_as: list[dict[str, Any]]
    chart: charts.TimeChart | None


def figures_of(person: Politician) -> Figures:
    """Count the claims by and about a person."""
    said = Claim.objects.published().filter(speaker=person)
    headings = ClaimHeading.objects.published().filter(person=person.pk)
    about = Claim.objects.published().filter(pk__in=numbers(headings))
    many = counts.by_topic(ClaimHeading.objects.published().filter(claim__in=said.order_by().values("pk")))
    best = heapq.nlargest(SHOWN, many, key=lambda pk: (many[pk], -pk))
    return Figures(
        verdicts=verdict_counts(said, unread=said.unread()),
        verdicts_about=verdict_counts(headings, unread=about.unread()),
        topics={pk: many[pk] for pk in best},
        printed_as=list(printed_as(person)),
        chart=charts.over_time(by_day(said), by_day(headings)),
    )


def topics_of(many: dict[int, int]) -> list[Tag]:
    """Return the topics with these numbers of claims, each with the number as `many`, most claims first."""
    topics: list[Any] = list(Tag.objects.filter(pk__in=many))
    for topic in topics:
        topic.many = many[topic.pk]
    return sorted(topics, key=lambda topic: (-topic.many, topic.name))


def by_day(claims: QuerySet[Any]) -> dict[datetime.date, int]:
    """Return the number of claims (or rows of the claim index) per day on which they were made."""
    dated = claims.filter(said_on__isnull=False).order_by()
    return dict(dated.values_list("said_on").annotate(n=Count("pk")))


def newest_stories_with(person: Politician) -> QuerySet[Article]:
    """Return the SHOWN newest published stories that quote the person or print a claim about them."""
    there = StoryPerson.objects.published().filter(person=person.pk).order_by("-public_from", "-article")
    stories = Article.objects.published().filter(pk__in=there.values("article")[:SHOWN]).newest()
    return stories.only("slug", "headline", "published_at")


def printed_as(person: Politician) -> QuerySet[Appearance, Any]:
    """Return {role, party, last}: the roles and parties that stories gave the person, newest first."""
    return (
        Appearance.objects.published()
        .filter(claim__speaker=person)
        .exclude(speaker_role="")
        .order_by()
        .values("speaker_role", "speaker_party")
        .annotate(last=Max("public_from"))
        .order_by("-last")[:SHOWN]
    )


@public_page
def parties(request: HttpRequest) -> HttpResponse:
    """Show the list of parties."""
    filters = NamedFilter(request.GET, queryset=published_parties())
    page = page_of(request, filters.qs.order_by(Lower("name"), "pk"), per_page=60)
    people, said = Counter(counts.parties_of_people().values()), counts.said_by_party()
    for party in page.object_list:
        party.people, party.said = people[party.pk], said.get(party.pk, 0)
    context = {"page": page, "filters": filters, "letters": letters_of(published_parties(), "name")}
    return render(request, "stories/party_list.html", context)


@public_page
def party(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a party with its members, those with most claims first."""
    found = find_by_slug(published_parties(), slug)
    if isinstance(found, HttpResponse):
        return found
    people = list(Politician.objects.published().filter(party=found))
    count_claims(people)
    said_by, members = counts.said(), [person.pk for person in people]
    loudest = sorted(people, key=lambda person: (-said_by.get(person.pk, 0), person.sort_name))
    said = Claim.objects.published().filter(speaker__in=members)
    unread = counts.cached("unread", f"party {found.pk}", lambda: said.unread().order_by().count())
    verdicts = verdicts_of(counts.ratings_of(members), unread)
    newest: QuerySet[Claim] = said
    if sum(verdict["count"] for verdict in verdicts) >= LONG:
        newest = in_index_order(Claim.objects.published()).filter(**{"who__in": members})
    context = {
        "party": found,
        "page": page_of(request, loudest, per_page=60),
        "verdicts": verdicts,
        "said_count": sum(verdict["count"] for verdict in verdicts),
        "said": claim_list(newest.order_by(*NEWEST_FIRST))[:SHOWN],
    }
    return render(request, "stories/party.html", context)
