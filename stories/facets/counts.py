"""How many claims or stories there are of each thing: grouped by the database, and kept for a while.

A list of a million claims is counted in one walk of an index for each facet, never once for each value; who
asks for the same again soon, whatever is chosen in the facet's own filter, gets the answer that is there.
"""

import hashlib
import time
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, QuerySet

from stories.models import Article, Claim, ClaimHeading, Politician

# Seconds. What took long to count is kept longer, so that counting never takes more than a hundredth of the
# time; a small newsroom's numbers are never older than a minute.
KEPT, LONGEST_KEPT = 60, 3600
TIMES_ITS_COST = 100
# Seconds after which one who counts is taken for dead, and for which others wait for a first answer.
LONGEST_ASKED, LONGEST_WAITED, A_MOMENT = 30, 10, 0.02
Answer = TypeVar("Answer")
# What the lists of all claims and all stories are called, where their counts are kept.
CLAIMS, STORIES = "claims", "stories"


def cached(name: str, question: str, ask: Callable[[], Answer]) -> Answer:
    """The answer to a question asked a little while ago, or else what `ask` says now.

    One at a time asks, in whichever process: the others get the last answer meanwhile, or wait for the first.
    """
    key = f"counts:{name}:{hashlib.sha256(question.encode()).hexdigest()}"
    held = cache.get(key)
    if held is not None and time.time() < held[1]:
        return held[0]  # type: ignore[no-any-return]
    if not cache.add(f"{key}:asking", True, LONGEST_ASKED):
        held = held or _waited_for(key)
        if held is not None:
            return held[0]  # type: ignore[no-any-return]
    try:
        start = time.monotonic()
        answer = ask()
        seconds = min(LONGEST_KEPT, max(KEPT, TIMES_ITS_COST * (time.monotonic() - start)))
        cache.set(key, (answer, time.time() + seconds), 2 * seconds)
    finally:
        cache.delete(f"{key}:asking")
    return answer


def _waited_for(key: str) -> tuple[Any, float] | None:
    """What somebody else is counting, as soon as it is there; None when they gave up or take too long."""
    for _ in range(round(LONGEST_WAITED / A_MOMENT)):
        time.sleep(A_MOMENT)
        if (held := cache.get(key)) is not None:
            return held  # type: ignore[no-any-return]
        if cache.get(f"{key}:asking") is None:
            break
    return None


def cached_for(list_name: str, ask: Callable[[Any], Answer], rows: Callable[[], Any], applied: Any) -> Answer:
    """What `ask` counts among the rows of a list that the filters applied to it leave."""
    return cached("list", f"{list_name} {ask.__name__} {applied}", lambda: ask(rows()))


def by(rows: QuerySet[Any], column: str) -> dict[Any, int]:
    """How many of the rows there are for each value of a column, or of a relation to many."""
    there = rows.order_by().filter(**{f"{column}__isnull": False})
    return dict(there.values_list(column).annotate(n=Count("*")))


def by_person(headings: QuerySet[ClaimHeading]) -> dict[int, int]:
    """How many of the claims are about each person."""
    return by(headings, "person")


def by_topic(headings: QuerySet[ClaimHeading]) -> dict[int, int]:
    return by(headings, "topic")


def by_outlet(headings: QuerySet[ClaimHeading]) -> dict[str, int]:
    """Of how many of the claims each outlet was told."""
    return by(headings, "outlet")


def by_tag(stories: QuerySet[Article]) -> dict[int, int]:
    return by(stories, "tags")


def by_author(stories: QuerySet[Article]) -> dict[int, int]:
    return by(stories, "authors")


def by_speaker_and_rating(claims: QuerySet[Claim]) -> list[tuple[int | None, str, int]]:
    return list(claims.order_by().values_list("speaker", "rating").annotate(n=Count("*")))


def claims_by_speaker_and_rating(headings: QuerySet[ClaimHeading]) -> list[tuple[int | None, str, int]]:
    """The same of the claims under some headings; one that stands under two of them is one."""
    said = headings.order_by().values_list("speaker", "rating")
    return list(said.annotate(n=Count("claim", distinct=True)))


def of_outlets() -> dict[str, int]:
    """How many published claims each outlet was told."""
    return of_headings(by_outlet)


def parties_of_people() -> dict[int, int | None]:
    """The party of everybody whom readers may see."""
    people = Politician.objects.published().order_by()
    return cached("people", "", lambda: dict(people.values_list("pk", "party_id")))


def of_claims(ask: Callable[[QuerySet[Claim]], Answer]) -> Answer:
    """Of all published claims: the same answer that the facets of the claims browser begin with."""
    return cached_for(CLAIMS, ask, Claim.objects.published, [])


def of_headings(ask: Callable[[QuerySet[ClaimHeading]], Answer]) -> Answer:
    return cached_for(CLAIMS, ask, ClaimHeading.objects.published, [])


def of_stories(ask: Callable[[QuerySet[Article]], Answer]) -> Answer:
    return cached_for(STORIES, ask, Article.objects.published, [])


def said() -> dict[int, int]:
    """How many published claims each person made."""
    made: dict[int, int] = {}
    for speaker, _, number in of_claims(by_speaker_and_rating):
        if speaker is not None:
            made[speaker] = made.get(speaker, 0) + number
    return made


def ratings_of(people: Collection[int]) -> dict[str, int]:
    """How many of the published claims that some people made got which rating."""
    ratings: dict[str, int] = {}
    for speaker, rating, number in of_claims(by_speaker_and_rating):
        if speaker in people:
            ratings[rating] = ratings.get(rating, 0) + number
    return ratings


def said_by_party() -> dict[int, int]:
    """How many published claims were made by the people of each party."""
    totals: dict[int, int] = {}
    parties, made = parties_of_people(), said()
    for person, party in parties.items():
        if party is not None:
            totals[party] = totals.get(party, 0) + made.get(person, 0)
    return totals


def talked_about() -> dict[int, int]:
    """How many published claims are about each person."""
    return of_headings(by_person)


def tagged_stories() -> dict[int, int]:
    """How many published stories carry each tag."""
    return of_stories(by_tag)


def tagged_claims() -> dict[int, int]:
    """How many published claims carry each tag."""
    return of_headings(by_topic)


def written() -> dict[int, int]:
    """How many published stories each author has."""
    return of_stories(by_author)
