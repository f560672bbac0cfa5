"""Benchmark one public page of each kind, within this process and on a real server."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from stories.benchmarking.serving import rate, server
from stories.benchmarking.timing import Measured, chosen, measure, with_an_empty_cache, without_manifest
from stories.facets import counts
from stories.formats.sitemaps import SPAN
from stories.models import Appearance, Article, Author, Claim, Outlet, Politician
from stories.models.topic_visibility import published_topics

DEEP = 50  # page number: far down a list


def measure_site(
    *,
    repeats: int,
    seconds: float = math.inf,
    load: float = 0,
    only: Sequence[str] = (),
    on_progress: Callable[[str], None] = lambda name: None,
) -> Iterator[Measured]:
    """Yield the measurement of each page whose name begins as one of `only`, by default of all.

    `repeats` and `seconds` as in `timing.measure`. With `load`, each page is also requested for that many
    seconds from a server without a cache and from one with a cache. `on_progress` is called with each name
    before it is measured. The cache in use is replaced by an empty one; the site's own is not touched. Raises
    ValueError in an empty database, and when `only` matches nothing.
    """
    with_an_empty_cache()
    pages = addresses()
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)

    readers = count()
    etags: dict[str, str] = {}

    def ask(address: str, *, known: bool = False) -> None:
        # Another client address each time: the API limits requests per address.
        number = next(readers)
        reader = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        headers = {"If-None-Match": etags[address]} if known else {}
        response = client.get(address, secure=True, REMOTE_ADDR=reader, headers=headers)
        if response.status_code != (304 if known else 200):
            raise ValueError(f"{address} answered {response.status_code}.")
        etags[address] = response["ETag"]

    names = chosen(list(pages), only)
    rates: dict[str, tuple[float, float]] = {}
    if load:
        found = [
            rates_of({name: pages[name] for name in names}, load, cached, on_progress)
            for cached in (False, True)
        ]
        rates = {name: (found[0][name], found[1][name]) for name in names}
    with without_manifest:
        for name in names:
            on_progress(name)
            address = pages[name]
            measured = measure(
                name,
                partial(ask, address),
                repeats=repeats,
                seconds=seconds,
                address=address,
                known=partial(ask, address, known=True),
            )
            yield replace(measured, rates=rates.get(name))


def rates_of(
    pages: dict[str, str], seconds: float, cached: bool, on_progress: Callable[[str], None]
) -> dict[str, float]:
    """Return the requests per second of each page; with a cache, after one request that fills it."""
    rates = {}
    with server(cached=cached) as host:
        for name, address in pages.items():
            on_progress(f"{name}, served {'with' if cached else 'without'} a cache")
            if cached:
                rate(host, address, seconds=0)
            rates[name] = rate(host, address, seconds=seconds)
    return rates


def addresses() -> dict[str, str]:
    """Return the address of one page of each kind, by name: the ones with most rows, to time the slowest.

    Raises ValueError if nothing is published.
    """
    story = Article.objects.published().filter(appearances__public_from__isnull=False).newest().first()
    spoken = counts.said()
    on_record = {pk: spoken.get(pk, 0) for pk in counts.parties_of_people()}
    if story is None or not any(on_record.values()):
        raise ValueError("There is nothing published to measure; `manage.py populate` makes a newsroom.")
    person = Politician.objects.get(pk=max(on_record, key=lambda pk: on_record[pk]))
    claim = Claim.objects.published().filter(speaker=person).order_by("-pk")[:1].get()
    return {
        **lists(person),
        **pages_of(story, claim, person),
        **searches(claim, person),
        **for_machines(claim, person),
    }


def lists(person: Politician) -> dict[str, str]:
    """Return the addresses of lists, with and without filters."""
    claims, stories = reverse("stories:claims"), reverse("stories:articles")
    outlets, topics = counts.of_outlets(), counts.tagged_claims()
    narrowings = {"speaker": {"speaker": person.slug}, "about": {"about": person.slug}}
    if person.party:
        narrowings["party"] = {"party": person.party.slug}
        narrowings["party and verdict"] = {"party": person.party.slug, "verdict": "false"}
    if topics:
        topic = published_topics().get(pk=max(topics, key=lambda pk: topics[pk]))
        narrowings["topic"] = {"topic": topic.slug}
    if outlets:
        outlet = Outlet.objects.get(pk=max(outlets, key=lambda pk: outlets[pk]))
        narrowings["outlet"] = {"outlet": outlet.slug}
    narrowings |= {
        "verdict": {"verdict": "false"},
        "dates": {"after": "2001-01-01", "before": "2999-12-31"},
        "order": {"sort": "checked"},
    }
    return {
        "front": reverse("stories:front"),
        "stories": stories,
        "stories, deep": f"{stories}?page={deep(Article.objects.published().count())}",
        "stories with a person": f"{stories}?{urlencode({'person': person.slug})}",
        "claims": claims,
        "claims, deep": f"{claims}?page={deep(sum(counts.said().values()))}",
        **{f"claims by {name}": f"{claims}?{urlencode(query)}" for name, query in narrowings.items()},
        "who said what": reverse("stories:who_said_what"),
        **{
            name: reverse(f"stories:{name}")
            for name in ("politicians", "parties", "topics", "authors", "archive", "corrections")
        },
    }


def deep(rows: int, per_page: int = 20) -> int:
    """Return the number of a page far down a list of `rows` rows."""
    return max(1, min(DEEP, rows // per_page))


def pages_of(story: Article, claim: Claim, person: Politician) -> dict[str, str]:
    """Return the addresses of pages about one row, or one year or month."""
    day = story.published_at or story.created_at
    pages = {
        "story": story.get_absolute_url(),
        "claim": claim.get_absolute_url(),
        "person": person.get_absolute_url(),
        "archive, year": reverse("stories:archive_year", args=[day.year]),
        "archive, month": reverse("stories:archive_month", args=[day.year, day.month]),
    }
    party = person.party
    if party:
        pages["party"] = party.get_absolute_url()
    tagged = counts.tagged_stories()
    if tagged:
        topic = published_topics().get(pk=max(tagged, key=lambda pk: tagged[pk]))
        pages["topic"] = reverse("stories:topic", args=[topic.slug])
    author = Author.objects.filter(articles=story).first()
    if author:
        pages["author"] = reverse("stories:author", args=[author.slug])
    return pages


def searches(claim: Claim, person: Politician) -> dict[str, str]:
    """Return the addresses of searches for a common word, two words, a phrase and a misspelt name."""
    words = [word for word in claim.wording.split() if word.isalpha()]
    family = person.name.split()[-1]
    asked = {
        "search, a word": words[-1],
        "search, words": f"{words[0]} {words[-1]}",
        "search, exact words": f'"{" ".join(words[-2:])}"',
        "search, a misspelt name": family[:2] + family[3:],
    }
    page = reverse("stories:search")
    claims = reverse("stories:claims")
    return {name: f"{page}?{urlencode({'q': typed})}" for name, typed in asked.items()} | {
        "claims by words": f"{claims}?{urlencode({'q': asked['search, words']})}"
    }


def for_machines(claim: Claim, person: Politician) -> dict[str, str]:
    """Return the addresses of feeds, API, JSON and sitemaps."""
    printed = Appearance.objects.published().filter(claim=claim).select_related("article")[:1].get()
    oldest = Article.objects.published().order_by("pk")[:1].get()  # its part of the sitemap is full
    return {
        "feed": reverse("stories:feed"),
        "feed of claims": reverse("stories:claims_feed"),
        "feed of a person": reverse("stories:politician_feed", args=[person.slug]),
        "API, stories": reverse("stories:api:list_stories"),
        "API, claims": reverse("stories:api:list_claims"),
        "API, claims of a person": (
            f"{reverse('stories:api:list_claims')}?{urlencode({'speaker': person.slug})}"
        ),
        "API, people": reverse("stories:api:list_politicians"),
        "API, topics": reverse("stories:api:list_topics"),
        "story as data": reverse("stories:article_json", args=[printed.article.slug]),
        "sitemap": reverse("stories:sitemap"),
        "sitemap of stories": reverse("stories:sitemap_part", args=["stories", oldest.pk // SPAN]),
        "news sitemap": reverse("stories:news_sitemap"),
    }
