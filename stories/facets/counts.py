"""Count claims and stories per person, topic, outlet, tag and author, with the counts cached.

The database groups: one index scan per facet, never one query per value. A facet's counts do not depend on
what is chosen in that facet itself, so one cached answer serves every choice.
"""

import hashlib
import time
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, QuerySet

from stories.database import site_version
from stories.models import Article, Claim, ClaimHeading, Politician

# Seconds: how long an answer is kept, if nothing changes; when the lock of a process that counts expires; how
# long others wait for an answer; between two looks at the cache.
KEPT, LONGEST_ASKED, LONGEST_WAITED, A_MOMENT = 24 * 3600, 30, 10, 0.02
Answer = TypeVar("Answer")
# Names of the list of all claims and that of all stories in cache keys.
CLAIMS, STORIES = "claims", "stories"


def cached(name: str, question: str, ask: Callable[[], Answer]) -> Answer:
    """Return the answer to a question, computed with `ask` when it is not cached for the site as it is now.

    `name` and `question` make the cache key. A lock in the cache lets one process at a time call `ask`: the
    others wait up to LONGEST_WAITED seconds for its answer and then ask too.
    """
    version = site_version.current()
    if version is None:
        return ask()
    key = f"counts:{name}:{hashlib.sha256(question.encode()).hexdigest()}"
    held = _held(key, version)
    if held is None and not cache.add(f"{key}:asking", True, LONGEST_ASKED):
        held = _waited_for(key, version)
    if held is not None:
        return held[0]  # type: ignore[no-any-return]
    try:
        answer = ask()
        cache.set(key, (answer, version), KEPT)
    finally:
        cache.delete(f"{key}:asking")
    return answer


def _held(key: str, version: str) -> tuple[Any] | None:
    """Return the cached answer in a tuple, None if there is none for that version of the site."""
    held = cache.get(key)
    return held[:1] if held is not None and held[1] == version else None


def _waited_for(key: str, version: str) -> tuple[Any] | None:
    """Return the answer that another process is computing, in a tuple.

    None when that process gave up its lock, or after LONGEST_WAITED seconds.
    """
    for _ in range(round(LONGEST_WAITED / A_MOMENT)):
        time.sleep(A_MOMENT)
        if (held := _held(key, version)) is not None:
            return held
        if cache.get(f"{key}:asking") is None:
            break
    return None


def cached_for(list_name: str, ask: Callable[[Any], Answer], rows: Callable[[], Any], applied: Any) -> Answer:
    """Return what `ask` counts among `rows()`.

    The cache key is the list, the name of `ask` and the applied filters.
    """
    return cached("list", f"{list_name} {ask.__name__} {applied}", lambda: ask(rows()))


def by(rows: QuerySet[Any], column: str) -> dict[Any, int]:
    """Return the number of rows per value of a column or of a to-many relation; null is left out."""
    there = rows.order_by().filter(**{f"{column}__isnull": False})
    return dict(there.values_list(column).annotate(n=Count("*")))


def number(rows: QuerySet[Any]) -> int:
    """Return the number of rows."""
    return rows.count()


def by_person(headings: QuerySet[ClaimHeading]) -> dict[int, int]:
    """Return the number of claims about each person, by the person's primary key."""
    return by(headings, "person")


def by_topic(headings: QuerySet[ClaimHeading]) -> dict[int, int]:
    """Return the number of claims on each topic, by the tag's primary key."""
    return by(headings, "topic")


def by_outlet(headings: QuerySet[ClaimHeading]) -> dict[int, int]:
    """Return the number of claims made to each outlet, by the outlet's primary key."""
    return by(headings, "outlet")


def by_tag(stories: QuerySet[Article]) -> dict[int, int]:
    """Return the number of stories with each tag, by the tag's primary key."""
    return by(stories, "tags")


def by_author(stories: QuerySet[Article]) -> dict[int, int]:
    """Return the number of stories by each author, by the author's primary key."""
    return by(stories, "authors")


def by_speaker_and_rating(claims: QuerySet[Claim]) -> list[tuple[int | None, str, int]]:
    """Return (speaker's primary key, rating, number of claims) for each combination there is."""
    return list(claims.order_by().values_list("speaker", "rating").annotate(n=Count("*")))


def claims_by_speaker_and_rating(headings: QuerySet[ClaimHeading]) -> list[tuple[int | None, str, int]]:
    """Return the same from index rows; a claim that several of the rows stand for is counted once."""
    said = headings.order_by().values_list("speaker", "rating")
    return list(said.annotate(n=Count("claim", distinct=True)))


def of_outlets() -> dict[int, int]:
    """Return the number of published claims made to each outlet, by its primary key."""
    return of_headings(by_outlet)


def parties_of_people() -> dict[int, int | None]:
    """Return the primary key of each published politician's party, by that of the politician."""
    people = Politician.objects.published().order_by()
    return cached("people", "", lambda: dict(people.values_list("pk", "party_id")))


def of_claims(ask: Callable[[QuerySet[Claim]], Answer]) -> Answer:
    """Return what `ask` counts among all published claims.

    The claims browser without filters shares the cached answer.
    """
    return cached_for(CLAIMS, ask, Claim.objects.published, [])


def of_headings(ask: Callable[[QuerySet[ClaimHeading]], Answer]) -> Answer:
    """Return what `ask` counts among the published rows of the claim index."""
    return cached_for(CLAIMS, ask, ClaimHeading.objects.published, [])


def of_stories(ask: Callable[[QuerySet[Article]], Answer]) -> Answer:
    """Return what `ask` counts among all published stories."""
    return cached_for(STORIES, ask, Article.objects.published, [])


def said() -> dict[int, int]:
    """Return the number of published claims made by each person."""
    made: dict[int, int] = {}
    for speaker, _, number in of_claims(by_speaker_and_rating):
        if speaker is not None:
            made[speaker] = made.get(speaker, 0) + number
    return made


def ratings_of(people: Collection[int]) -> dict[str, int]:
    """Return the number of published claims with each rating among those made by the given people."""
    ratings: dict[str, int] = {}
    for speaker, rating, number in of_claims(by_speaker_and_rating):
        if speaker in people:
            ratings[rating] = ratings.get(rating, 0) + number
    return ratings


def said_by_party() -> dict[int, int]:
    """Return the number of published claims made by the members of each party."""
    totals: dict[int, int] = {}
    parties, made = parties_of_people(), said()
    for person, party in parties.items():
        if party is not None:
            totals[party] = totals.get(party, 0) + made.get(person, 0)
    return totals


def talked_about() -> dict[int, int]:
    """Return the number of published claims about each person."""
    return of_headings(by_person)


def tagged_stories() -> dict[int, int]:
    """Return the number of published stories with each tag."""
    return of_stories(by_tag)


def tagged_claims() -> dict[int, int]:
    """Return the number of published claims with each tag."""
    return of_headings(by_topic)


def written() -> dict[int, int]:
    """Return the number of published stories by each author."""
    return of_stories(by_author)
