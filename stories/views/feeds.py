"""Feeds of every list, at the list's address followed by `feed/`, `feed/atom/` or `feed/json/`.

A feed takes the list's filters from the query string. An entry's `published` is when readers could first see
it.
"""

import datetime
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import F, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from stories.facets.filters import ArticleFilter, ClaimFilter, ReportingFilterSet, headed, tagged
from stories.facets.search_filter import SearchFilter
from stories.formats.feeds import (
    Entry,
    Feed,
    WholeAtom,
    WholeRss,
    Writer,
    to_json,
    to_xml,
    with_whole_addresses,
)
from stories.formats.linked_data import absolute, author_address, beginning, last_changed, tag_uri
from stories.formats.pictures import of_claim, own_of_story
from stories.formats.pictures_in_text import with_figures
from stories.models import Article, Claim, Contradiction, Correction, NearWording, Outlet, Politician
from stories.models.cards import StoryInFull, in_full
from stories.models.prefetch import claim_cards, with_topics
from stories.models.topic_visibility import published_authors, published_parties, published_topics
from stories.search import search
from stories.views.http_caching import CACHE_CONTROL, for_any_site
from stories.views.kept import Kept
from stories.views.search import meaning_the_same
from stories.views.slugs import find_by_slug
from stories.views.wordings import NearPair, pairs_of

ENTRIES = 40
KEPT = Kept(most=400)  # entries of stories, of some 10 kB each

# Content type and serialiser of each format.
WRITTEN: dict[str, tuple[str, Callable[[Feed], str]]] = {
    "rss": ("application/rss+xml; charset=utf-8", lambda feed: to_xml(feed, WholeRss)),
    "atom": ("application/atom+xml; charset=utf-8", lambda feed: to_xml(feed, WholeAtom)),
    "json": ("application/feed+json", to_json),
}


# --- the feeds ---------------------------------------------------------------------------------------


@require_safe
def latest_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Return the newest stories as a feed."""
    stories = stories_in_full(Article.objects.published().newest())
    return respond(request, form, settings.PUBLICATION_NAME, "Every story, as it is published.", stories)


@require_safe
def articles_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Return the list of stories as a feed."""
    filters = ArticleFilter(request.GET, queryset=Article.objects.published().newest())
    return refused(filters) or respond(
        request,
        form,
        filtered_title("Stories", filters),
        "Stories as they are published.",
        stories_in_full(filters.qs),
    )


@require_safe
def claims_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Return the claims browser as a feed, in order of publication unless the reader chose an order."""
    filters = ClaimFilter(request.GET, queryset=Claim.objects.published())
    if refusal := refused(filters):
        return refusal
    claims = filters.qs if request.GET.get("sort") else newest(filters.qs)
    about = "Claims as they go on the record."
    return respond(request, form, filtered_title("Claims", filters), about, claims_in_full(claims))


@require_safe
def politician_feed(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    """Return claims by and about a politician as a feed."""
    person = find_by_slug(Politician.objects.published(), slug)
    if isinstance(person, HttpResponse):
        return moved(request, person.url)
    claims = newest(Claim.objects.published().filter(pk__in=claims_with(person)))
    about = f"What {person.name} says, and what others say about them."
    return respond(request, form, person.name, about, claims_in_full(claims))


def claims_with(person: Politician) -> QuerySet[Claim, int]:
    """Return the primary keys of the claims by or about a person."""
    claims = Claim.objects.order_by().values_list("pk", flat=True)
    return claims.filter(speaker=person).union(claims.filter(about=person))


@require_safe
def party_feed(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    """Return claims by a party's members as a feed."""
    party = find_by_slug(published_parties(), slug)
    if isinstance(party, HttpResponse):
        return moved(request, party.url)
    people = Politician.objects.published().filter(party=party)
    claims = newest(Claim.objects.published().filter(speaker__in=people))
    about = f"What the people of {party.name} say."
    return respond(request, form, party.name, about, claims_in_full(claims))


@require_safe
def topic_feed(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    """Return stories and claims on a topic as a feed."""
    topic = find_by_slug(published_topics(), slug)
    if isinstance(topic, HttpResponsePermanentRedirect):
        return moved(request, topic.url)
    stories = Article.objects.published().filter(pk__in=tagged(Article, [topic])).newest()
    claims = newest(Claim.objects.published().filter(pk__in=headed(topic=topic.pk)))
    entries = [*stories_in_full(stories), *claims_in_full(claims)]
    return respond(request, form, topic.name, f"Stories and claims on {topic.name}.", latest_of(entries))


@require_safe
def outlet_feed(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    """Return claims made to an outlet as a feed."""
    outlet = find_by_slug(Outlet.objects.published(), slug)
    if isinstance(outlet, HttpResponse):
        return moved(request, outlet.url)
    claims = newest(Claim.objects.published().filter(pk__in=headed(outlet=outlet.pk)))
    about = f"What people say to {outlet.name}."
    return respond(request, form, outlet.name, about, claims_in_full(claims))


@require_safe
def author_feed(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    """Return stories by an author as a feed."""
    author = find_by_slug(published_authors(), slug)
    if isinstance(author, HttpResponse):
        return moved(request, author.url)
    stories = Article.objects.published().filter(authors=author).newest()
    return respond(request, form, author.name, f"Stories by {author.name}.", stories_in_full(stories))


@require_safe
def claim_feed(request: HttpRequest, form: str, pk: int, slug: str = "") -> HttpResponse:
    """Return a claim's appearances in stories, and its verdicts given and withdrawn, as a feed."""
    claim = (
        claim_cards(Claim.objects.published(), sentences=True)
        .prefetch_related("verdict_changes")
        .filter(pk=pk)
        .first()
    )
    if claim is None:
        raise Http404("No claim at this address")
    if not request.path.startswith(claim.get_absolute_url()):
        return moved(request, claim.get_absolute_url())
    entries = latest_of([*printings(claim), *verdicts(claim)])
    return respond(request, form, title_of(claim), "Where it was printed and how it was rated.", entries)


@require_safe
def corrections_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Return all published corrections as a feed."""
    rows = Correction.objects.published().select_related("article").defer("article__body", "article__text")
    entries = [correction_entry(correction) for correction in rows.order_by("-made_at", "-pk")[:ENTRIES]]
    return respond(request, form, "Corrections", "Every correction to a published story.", entries)


@require_safe
def contradictions_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Return the newest contradictions as a feed."""
    pairs = Contradiction.objects.published().order_by("-confirmed_at", "-pk")[:ENTRIES]
    claims = claim_cards(Claim.objects.published(), sentences=True)
    rows = pairs.prefetch_related(Prefetch("first", queryset=claims), Prefetch("second", queryset=claims))
    entries = [contradiction_entry(pair) for pair in rows if pair.first.printed and pair.second.printed]
    return respond(request, form, "Contradictions", "Claims that cannot both stand.", latest_of(entries))


@require_safe
def wordings_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Return the newest pairs of claims in nearly the same words as a feed."""
    rows = NearWording.objects.published().select_related("first", "second").order_by("-said_at", "-pk")
    entries = [wording_entry(pair) for pair in pairs_of(rows[:ENTRIES])]
    about = "Claims of one speaker in nearly the same words."
    return respond(request, form, "Nearly the same words", about, latest_of(entries))


@require_safe
def search_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Return the newest results of a search, narrowed as its page is, as a feed.

    It is empty when the results match only some of the words, or are of other days than were typed.
    """
    filters = SearchFilter(request.GET, queryset=Claim.objects.none())
    found = search(request.GET.get("q", ""), filters.asked, same=meaning_the_same())
    if found.any_word or found.any_time or not found.query:
        stories, claims = Article.objects.none(), Claim.objects.none()
    else:
        stories = Article.objects.published().filter(pk__in=found.newest("article", ENTRIES)).newest()
        claims = Claim.objects.published().filter(pk__in=found.newest("claim", ENTRIES))
    entries = latest_of([*stories_in_full(stories), *claims_in_full(newest(claims))])
    title = f"Search: {found.query.typed}" if found.query.typed else "Search"
    return respond(request, form, title, "New stories and claims that match.", entries)


# --- entries -----------------------------------------------------------------------------------------


def stories_in_full(articles: QuerySet[Article]) -> list[Entry]:
    """Return the first ENTRIES of the stories as entries, which are kept for as long as they say the same."""
    rows = [StoryInFull(article) for article in in_full(articles)[:ENTRIES]]
    return [KEPT.get_or_make(row.key, partial(story_entry, row)) for row in rows]


def story_entry(row: StoryInFull) -> Entry:
    """Return a story as an entry."""
    article, corrections = row.story, row.corrections
    return Entry(
        id=tag_uri(article.created_at, "story", article.pk),
        url=absolute(article.get_absolute_url()),
        title=article.headline,
        summary=article.standfirst,
        html=whole(
            "story", {"story": article, "corrections": corrections, "body": with_figures(article.body)}
        ),
        published=beginning(article.first_published_at or article.published_at, article),
        updated=beginning(last_changed(article, corrections) or article.published_at, article),
        writers=tuple(Writer(author.name, author_address(author)) for author in article.writers),
        tags=tuple(tag.name for tag in article.topics),
        picture=own_of_story(article),
    )


def newest(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Order claims by when they became public, newest first."""
    return claims.order_by(F("public_from").desc(nulls_last=True), "-pk")


def claims_in_full(claims: QuerySet[Claim]) -> list[Entry]:
    """Return the first ENTRIES of the claims as entries."""
    rows = with_topics(claim_cards(claims, sentences=True)).prefetch_related("evidence")[:ENTRIES]
    return [claim_entry(claim) for claim in rows if claim.printed]


def claim_entry(claim: Any) -> Entry:
    """Return a claim, loaded with its card, as an entry."""
    published = on_record_since(claim)
    return Entry(
        id=tag_uri(claim.created_at, "claim", claim.pk),
        url=absolute(claim.get_absolute_url()),
        title=title_of(claim),
        summary=summary_of(claim),
        html=whole("claim", {"claim": claim}),
        published=published,
        updated=max(published, claim.checked_at or published),
        tags=tuple(tag.name for tag in claim.topics),
        picture=of_claim(claim),
    )


def on_record_since(claim: Any) -> datetime.datetime:
    """Return when readers could first see the claim: both accepted, and published in a story."""
    since = max(filter(None, [claim.public_from, claim.reviewed_at]))
    return beginning(since, *(printed.article for printed in claim.printed))


def title_of(claim: Claim) -> str:
    """Return the title of a claim's entry."""
    return claim.public_title


def summary_of(claim: Claim) -> str:
    """Return the verdict in a sentence, or that there is none."""
    if claim.verdict:
        return f"{claim.verdict.label}. {claim.verdict.summary}".strip()
    return "Not rated." if claim.is_read else f"{Claim.UNREAD}."


def printings(claim: Any) -> Iterable[Entry]:
    """Yield an entry for each story that prints the claim."""
    for appearance in claim.printed:
        story = appearance.article
        since = beginning(max(story.published_at, claim.reviewed_at or story.published_at), story)
        yield Entry(
            id=tag_uri(claim.created_at, "appearance", appearance.pk),
            url=absolute(f"{story.get_absolute_url()}#said-{appearance.pk}"),
            title=f"Printed in “{story.headline}”",
            summary=appearance.words,
            html=whole("printing", {"claim": claim, "appearance": appearance}),
            published=since,
            updated=since,
        )


def verdicts(claim: Any) -> Iterable[Entry]:
    """Yield an entry for each verdict given or withdrawn."""
    for change in claim.verdict_history:
        yield Entry(
            id=tag_uri(claim.created_at, "verdict", change.pk),
            url=absolute(claim.get_absolute_url()),
            title=f"Verdict: {change.get_rating_display() or 'withdrawn'}",
            summary=change.summary,
            html=whole("verdict", {"claim": claim, "change": change}),
            published=change.made_at,
            updated=change.made_at,
        )


def correction_entry(correction: Correction) -> Entry:
    """Return a published correction as an entry."""
    return Entry(
        id=tag_uri(correction.article.created_at, "correction", correction.pk),
        url=absolute(correction.get_absolute_url()),
        title=f"{correction.get_kind_display()}: {correction.article.headline}",
        summary=correction.text,
        html=whole("correction", {"correction": correction}),
        published=correction.made_at or correction.article.created_at,
        updated=correction.made_at or correction.article.created_at,
        picture=own_of_story(correction.article),
    )


def contradiction_entry(pair: Contradiction) -> Entry:
    """Return a confirmed contradiction as an entry; its claims are loaded with their cards."""
    both = sorted((pair.first, pair.second), key=lambda claim: (claim.listed_on, claim.pk))
    since = max(filter(None, [pair.confirmed_at, *map(on_record_since, both)]))
    return Entry(
        id=tag_uri(pair.second.created_at, "contradiction", pair.pk),
        url=absolute(pair.get_absolute_url()),
        title=" / ".join(claim.public_title for claim in both),
        summary=pair.note,
        html=whole("contradiction", {"pair": pair, "both": both}),
        published=since,
        updated=since,
        picture=of_claim(both[-1]),
    )


def wording_entry(found: NearPair) -> Entry:
    """Return a pair of claims in nearly the same words as an entry."""
    both = (found.older, found.newer)
    since = max(filter(None, [found.pair.said_at, *map(on_record_since, both)]))
    return Entry(
        id=tag_uri(found.pair.second.created_at, "wording", found.pair.pk),
        url=absolute(found.pair.get_absolute_url()),
        title=" / ".join(claim.public_title for claim in both),
        summary=" ".join(next((one.differs for one in found.printings), ())),
        html=whole("contradiction", {"pair": found.pair, "both": both}),
        published=since,
        updated=since,
        picture=of_claim(found.newer),
    )


def latest_of(entries: list[Entry]) -> list[Entry]:
    """Return the ENTRIES newest of the entries, newest first."""
    return sorted(entries, key=lambda entry: (entry.published, entry.id), reverse=True)[:ENTRIES]


# --- responses ---------------------------------------------------------------------------------------


def respond(
    request: HttpRequest, form: str, title: str, description: str, entries: list[Entry]
) -> HttpResponse:
    """Return the feed in the format `form` (a key of WRITTEN), with Cache-Control and Last-Modified."""
    query = request.GET.urlencode()
    page = request.path.rsplit("feed/", 1)[0]
    feed = Feed(
        title=title if title == settings.PUBLICATION_NAME else f"{title} – {settings.PUBLICATION_NAME}",
        description=description,
        page=absolute(f"{page}?{query}" if query else page),
        url=absolute(request.get_full_path()),
        publisher=Writer(settings.PUBLICATION_NAME, absolute("/")),
        language=settings.LANGUAGE_CODE,
        entries=entries,
    )
    content_type, write = WRITTEN[form]
    response = for_any_site(HttpResponse(write(feed), content_type=content_type))
    response["Cache-Control"] = CACHE_CONTROL
    if feed.updated:
        response["Last-Modified"] = http_date(feed.updated.timestamp())
    return response


def refused(filters: ReportingFilterSet) -> HttpResponse | None:
    """Return 400 with the reasons if a filter is not applied, else None.

    The feed without that filter would have other entries than its subscriber asked for.
    """
    problems = filters.problems
    if not problems:
        return None
    return HttpResponse("\n".join(problems) + "\n", status=400, content_type="text/plain; charset=utf-8")


def filtered_title(what: str, filters: ReportingFilterSet) -> str:
    """Return the title of a list with its applied filters."""
    return ", ".join([what, *(chosen.label for chosen in filters.chosen)])


def moved(request: HttpRequest, address: str) -> HttpResponsePermanentRedirect:
    """Redirect to the same feed of a list with a new address."""
    return HttpResponsePermanentRedirect(f"{address}feed/{request.path.rsplit('feed/', 1)[1]}")


def whole(kind: str, context: dict[str, Any]) -> str:
    """Return an entry's HTML from its template, with absolute addresses."""
    html = render_to_string(f"feeds/{kind}.html", context).strip()
    return with_whole_addresses(html, settings.SITE_URL)
