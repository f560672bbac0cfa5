"""Already on the record: rated claims whose words stand in a text, or nearly.

Each rated claim is on file by its shingles: runs of a few neighbouring words, hashed. A text's own shingles
find the claims that share some; those are then compared with the text word by word. The file is derived and
mends itself: a claim whose `shingled_key` is not its `wording_key` (new, reworded, written by bulk) is put
on file by the next look-up, so no way of writing claims has to remember it.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q
from rapidfuzz import fuzz

from stories.models import Claim, Shingle
from stories.text.normalise import bare_word

LENGTH = 3  # words in a shingle
FEWEST = 4  # words a claim has to have: fewer are said by everybody
THRESHOLD = 80.0  # per cent of the claim's letters that have to stand in the text
MOST_WORDS = 2_000  # of a text; a longer one is cut
MOST_MATCHES = 10
_COMMON = 40  # claims looked at for one shingle, newest first
_VERIFIED = 60  # claims compared word by word
_AT_ONCE = 200  # claims put on file by one look-up
_PER_QUERY = 240  # shingles in one statement

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")


class Word(NamedTuple):
    """A word of the text as it is compared, and where it stands: characters."""

    bare: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """A rated claim, how nearly its words stand in the text (0–100), and where: characters of the text."""

    claim: Claim
    score: float
    start: int
    end: int


def on_record(*, text: str, apart_from: Iterable[int] = (), threshold: float = THRESHOLD) -> list[Match]:
    """The rated claims whose words stand in `text` to at least `threshold` per cent, best first, ten at most.

    A claim that names figures matches only where the same figures stand: another sum is another claim.
    `apart_from` are ids of claims not to name (those that the story prints already). Each match's `claim`
    has its speaker and party loaded.
    """
    file_waiting(most=_AT_ONCE)
    words = [Word(bare_word(m.group()), *m.span()) for m in islice(_WORD.finditer(text), MOST_WORDS)]
    where: dict[int, list[int]] = defaultdict(list)
    for at, shingle in enumerate(_shingles([word.bare for word in words])):
        where[shingle].append(at)
    if not where:
        return []
    likely = _sharing(where, frozenset(apart_from))
    claims = Claim.objects.exclude(rating="").filter(pk__in=likely).select_related("speaker__party")
    found = (_compare(claim, words, sorted(likely[claim.pk]), threshold) for claim in claims)
    matches = sorted(filter(None, found), key=lambda match: (-match.score, -match.claim.pk))
    return matches[:MOST_MATCHES]


def file_waiting(*, most: int | None = None) -> int:
    """Put on file the rated claims that are not, or are under other words. How many (`most` at most)."""
    waiting = Claim.objects.filter(~Q(rating="") & ~Q(shingled_key=F("wording_key"))).order_by("pk")
    filed = 0
    while most is None or filed < most:
        size = 1_000 if most is None else min(1_000, most - filed)
        claims = list(waiting.values_list("pk", "wording", "wording_key")[:size])
        if not claims:
            break
        with transaction.atomic():
            # What somebody is changing just now is filed the next time.
            free = Claim.objects.filter(pk__in=[pk for pk, _, _ in claims]).order_by("pk")
            free = free.select_for_update(no_key=True, skip_locked=True)
            claims = list(free.values_list("pk", "wording", "wording_key"))
            _file(claims)
        if not claims:
            break
        filed += len(claims)
    return filed


def _file(claims: list[tuple[int, str, str]]) -> None:
    Shingle.objects.filter(claim__in=[pk for pk, _, _ in claims]).delete()
    rows = [Shingle(hash=value, claim_id=pk) for pk, wording, _ in claims for value in _of_claim(wording)]
    Shingle.objects.bulk_create(rows, batch_size=2_000, ignore_conflicts=True)
    keyed = [Claim(pk=pk, shingled_key=key) for pk, _, key in claims]
    Claim.objects.bulk_update(keyed, ["shingled_key"], batch_size=500)


def _of_claim(wording: str) -> set[int]:
    words = [bare_word(word) for word in _WORD.findall(wording)]
    return set(_shingles(words)) if len(words) >= FEWEST else set()


def _shingles(words: list[str]) -> Iterator[int]:
    for run in zip(*(words[n:] for n in range(LENGTH)), strict=False):
        yield int.from_bytes(blake2b(" ".join(run).encode(), digest_size=8).digest(), "big", signed=True)


def _sharing(where: dict[int, list[int]], apart_from: frozenset[int]) -> dict[int, list[int]]:
    """Claims that share shingles with the text, the likeliest sixty, with the words' numbers where they do.

    A shingle that few claims have says more than one that many have; of the latter the newest are looked at.
    """
    points: dict[int, float] = defaultdict(float)
    places: dict[int, list[int]] = defaultdict(list)
    shingles = list(where)
    for first in range(0, len(shingles), _PER_QUERY):
        by_hash: dict[int, list[int]] = defaultdict(list)
        for shingle, claim in _looked_up(shingles[first : first + _PER_QUERY]):
            by_hash[shingle].append(claim)
        for shingle, claims in by_hash.items():
            for claim in claims:
                points[claim] += 1 / len(claims)
                places[claim] += where[shingle]
    for claim in apart_from:
        points.pop(claim, None)
    best = sorted(points, key=lambda claim: (-points[claim], -claim))[:_VERIFIED]
    return {claim: places[claim] for claim in best}


def _looked_up(shingles: list[int]) -> list[tuple[int, int]]:
    """(hash, claim id) for each shingle, its newest claims only: every part of the statement ends early."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which would plan each part of a union by itself
            cursor.execute(
                "SELECT found.hash, found.claim_id FROM unnest(%s::bigint[]) AS wanted(hash) CROSS JOIN "
                "LATERAL (SELECT hash, claim_id FROM stories_shingle WHERE hash = wanted.hash "
                "ORDER BY claim_id DESC LIMIT %s) AS found",
                [shingles, _COMMON],
            )
        else:
            one = (
                "SELECT * FROM (SELECT hash, claim_id FROM stories_shingle WHERE hash = %s "
                "ORDER BY claim_id DESC LIMIT %s)"
            )
            values = [value for shingle in shingles for value in (shingle, _COMMON)]
            cursor.execute(" UNION ALL ".join([one] * len(shingles)), values)
        return cursor.fetchall()  # type: ignore[no-any-return]


def _compare(claim: Claim, words: list[Word], hits: list[int], threshold: float) -> Match | None:
    """The claim beside that stretch of the text, about as long, which shares the most shingles with it."""
    said = [bare_word(word) for word in _WORD.findall(claim.wording)]
    length = len(said) + len(said) // 4
    first = max(hits, key=lambda at: (bisect_right(hits, at + length - LENGTH) - bisect_left(hits, at), -at))
    inside = words[max(0, first - len(said)) : first + length + LENGTH]
    stretch = " ".join(word.bare for word in inside)
    wording = " ".join(said)
    score, start, end = fuzz.ratio(wording, stretch), 0, len(stretch)
    # A stretch shorter than the claim holds part of it at most, and must not score as if it were all.
    if end > len(wording) and (best := fuzz.partial_ratio_alignment(wording, stretch)):
        score, start, end = best.score, best.dest_start, best.dest_end
    matched = _trimmed(_within(inside, start, end), set(said))
    if score < threshold or not matched or not _figures(said) <= _figures(word.bare for word in matched):
        return None
    return Match(claim, round(score, 1), matched[0].start, matched[-1].end)


def _within(words: list[Word], start: int, end: int) -> list[Word]:
    """Those of `words` that lie mostly in characters `start` to `end` of them, joined by spaces."""
    touched, at = [], 0
    for word in words:
        length = len(word.bare)
        if 2 * (min(end, at + length) - max(start, at)) > length:
            touched.append(word)
        at += length + 1
    return touched


def _trimmed(words: list[Word], said: set[str]) -> list[Word]:
    """Without the words at either end that the claim has not."""
    while words and words[0].bare not in said:
        words = words[1:]
    while words and words[-1].bare not in said:
        words = words[:-1]
    return words


def _figures(words: Iterable[str]) -> set[str]:
    return {word for word in words if word[0].isdigit()}
