"""The pages of politicians and parties."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.functions import Lower, Substr, Upper
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from stories.facets import counts
from stories.facets.filters import LONG, ClaimFilter, NamedFilter, PoliticianFilter, in_index_order
from stories.models import Article, Claim, Politician, StoryPerson
from stories.models.cards import ClaimCard, claim_list, particulars_of, with_particulars
from stories.models.prefetch import NEWEST_FIRST
from stories.models.topic_visibility import published_parties
from stories.views.http_caching import public_page
from stories.views.paging import page_of
from stories.views.person_figures import Figures, figures_of
from stories.views.slugs import find_by_slug
from stories.views.verdicts import verdicts_of

BY_AND_ABOUT = """
    SELECT id FROM (
        SELECT id FROM stories_claim
        WHERE speaker_id = %(person)s AND state = 'accepted' AND public_from <= %(now)s
        ORDER BY listed_on DESC NULLS LAST, id DESC LIMIT {shown}) AS said
    UNION ALL SELECT claim FROM (
        SELECT claim FROM stories_claimheading WHERE person = %(person)s AND public_from <= %(now)s
        AND (speaker IS NULL OR speaker <> %(person)s)
        ORDER BY COALESCE(said_on, DATE(public_from)) DESC, claim DESC LIMIT {shown}) AS about
    UNION ALL SELECT id FROM stories_claim WHERE id IN ({pairs})"""
NARROWED = 20  # claims of a person that are shown of a narrowed list
SHOWN = 6  # claims and stories on a person's, party's or topic's page; the lists behind them have all
BY_OTHERS = 3  # claims about the person


def count_claims(people: Iterable[Any]) -> None:
    """Set on each person `said` and `talked_about`: the number of published claims by and about them."""
    said, about = counts.said(), counts.talked_about()
    for person in people:
        person.said, person.talked_about = said.get(person.pk, 0), about.get(person.pk, 0)


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
    """Show a politician; `topic`, `verdict` and `year` narrow what they said."""
    person = find_by_slug(with_particulars(Politician.objects.published()), slug)
    if isinstance(person, HttpResponse):
        return person
    figures = counts.cached("person", str(person.pk), lambda: figures_of(person))
    pairs = {pk for first, second, _ in figures.contradictions for pk in (first, second)}
    among = ", ".join(map(str, sorted(pairs))) or "NULL"
    cards = {
        card.pk: card
        for card in ClaimCard.among(BY_AND_ABOUT.format(shown=SHOWN, pairs=among), {"person": person.pk})
    }
    newest = sorted(cards.values(), key=lambda card: card.newness, reverse=True)
    said: Iterable[Any] = [card for card in newest if card.speaker_id == person.pk][:SHOWN]
    by_others = [card for card in newest if card.is_about(person) and card.speaker_id != person.pk]
    narrowing = Narrowing.of(request, person, figures)
    if narrowing is not None:
        said = claim_list(narrowing.claims.listed)[:NARROWED]
    particulars = particulars_of(person)
    context = {
        "person": person,
        **particulars,
        "office_is_dated": person.office in {one.role for one in particulars["memberships"]},
        "figures": figures,
        "said": said,
        "narrowing": narrowing,
        "about": by_others[:BY_OTHERS],
        "contradictions": [
            (sorted((cards[first], cards[second]), key=lambda card: card.newness), note)
            for first, second, note in figures.contradictions
            if first in cards and second in cards
        ],
        "stories": newest_stories_with(person),
    }
    return render(request, "stories/politician.html", context)


class Narrowing:
    """What a request narrows a person's claims by: each of its filters by name, value and label."""

    def __init__(self, person: Politician, given: dict[str, str], labels: dict[str, str]) -> None:
        self.given, self.labels = given, labels
        data = QueryDict(mutable=True)
        data["speaker"] = person.slug
        for name, value in given.items():
            if name == "year":
                data["after"], data["before"] = f"{value}-01-01", f"{value}-12-31"
            else:
                data[name] = value
        self.claims = ClaimFilter(
            data, queryset=Claim.objects.published().order_by(*NEWEST_FIRST), known_as=counts.CLAIMS
        )

    @classmethod
    def of(cls, request: HttpRequest, person: Politician, figures: Figures) -> "Narrowing | None":
        """Return the request's; None if it has none, or none of the person's own topics, verdicts, years."""
        known = {
            "topic": {topic.slug: topic.name for topic in figures.topics},
            "verdict": {
                verdict["value"]: verdict["label"] for verdict in figures.verdicts if verdict["value"]
            },
            "year": {str(year): str(year) for year, _ in figures.years},
        }
        given = {
            name: value for name, values in known.items() if (value := request.GET.get(name, "")) in values
        }
        labels = {name: known[name][value] for name, value in given.items()}
        return cls(person, given, labels) if given else None

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """For each filter its label, and the query string of the page without it."""
        return [
            (
                self.labels[name],
                urlencode({other: value for other, value in self.given.items() if other != name}),
            )
            for name in self.given
        ]


def newest_stories_with(person: Politician) -> QuerySet[Article]:
    """Return the SHOWN newest published stories that quote the person or print a claim about them."""
    there = StoryPerson.objects.published().filter(person=person.pk).order_by("-public_from", "-article")
    stories = Article.objects.published().filter(pk__in=there.values("article")[:SHOWN]).newest()
    return stories.only("slug", "headline", "published_at")


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
