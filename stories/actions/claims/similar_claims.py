"""Already on the record: rated claims whose words stand in a text, or nearly.

Each rated claim is on file by its shingles: runs of a few neighbouring words, hashed. A text's own shingles
find the claims that share some; those are then compared with the text word by word.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.db.models import Q
from rapidfuzz import fuzz

from stories.actions.claims.word_index import WordIndex, hashed
from stories.models import Claim, Shingle
from stories.text.normalise import bare_word

LENGTH = 3  # words in a shingle
FEWEST = 4  # words a claim has to have: fewer are said by everybody
THRESHOLD = 80.0  # per cent of the claim's letters that have to stand in the text
MOST_WORDS = 2_000  # of a text; a longer one is cut
MOST_MATCHES = 10
_VERIFIED = 60  # claims compared word by word
_AT_ONCE = 200  # claims put on file by one look-up

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
    RATED.file_waiting(most=_AT_ONCE)
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


def _of_claim(claim: Claim) -> set[int]:
    words = [bare_word(word) for word in _WORD.findall(claim.wording)]
    return set(_shingles(words)) if len(words) >= FEWEST else set()


RATED = WordIndex(Shingle, "shingled_key", ~Q(rating=""), _of_claim)


def _shingles(words: list[str]) -> Iterator[int]:
    for run in zip(*(words[n:] for n in range(LENGTH)), strict=False):
        yield hashed(" ".join(run))


def _sharing(where: dict[int, list[int]], apart_from: frozenset[int]) -> dict[int, list[int]]:
    """Claims that share shingles with the text, the likeliest sixty, with the words' numbers where they do.

    A shingle that few claims have says more than one that many have; of the latter the newest are looked at.
    """
    points: dict[int, float] = defaultdict(float)
    places: dict[int, list[int]] = defaultdict(list)
    for shingle, claims in RATED.holding(list(where)):
        for claim in claims:
            points[claim] += 1 / len(claims)
            places[claim] += where[shingle]
    for claim in apart_from:
        points.pop(claim, None)
    best = sorted(points, key=lambda claim: (-points[claim], -claim))[:_VERIFIED]
    return {claim: places[claim] for claim in best}


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
