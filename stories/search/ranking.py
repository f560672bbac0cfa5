"""What comes first of what was found. Pure: rows of both databases are weighed alike.

The first answer is the thing that is called as was asked: a party, a topic, a person. Then come those who
hold an office that was asked for, then what has all the words in its name, and then stories and claims: with
the words in the headline, near each other, and often. How often counts least: each database measures it in
its own way.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stories.search.query import Query, name_of
from stories.search.words import words_of

MOST_PAIRS = 4  # pairs of words that are looked for near each other
NEAR = 3  # how many words on the second of them may stand
DIVIDER = "\x1f"  # between the columns of a text

IS_IT, HOLDS_IT, IN_ITS_NAME, NAMED = 20.0, 12.0, 8.0, 1.4
IN_HEADLINE, IN_WORDS, NEAR_EACH_OTHER = 2.0, 0.5, 1.5
ELSEWHERE = 0.2  # a person of whom the words are said: an office, a party
MOST_NAMED = 3  # of a kind, of those of whose names some words were typed
LEAST_OF_SOME = 0.4  # of what the best has, when nothing has all the words

# Among equals, in this order.
PLACES = {
    kind: place
    for place, kind in enumerate(("party", "topic", "politician", "outlet", "author", "article", "claim"))
}


class Match(NamedTuple):
    """A document as a database found it.

    `score` is the database's own measure; `flags` is 1 for all words in the heading, and 2 more for each pair
    of neighbours that stand near each other, or, of what has a name, for all words. `said` is what a thing is
    called, or the day of what is dated; `texts` is all that is indexed, for phrases to be looked for in it.
    """

    kind: str
    pk: int
    score: float
    flags: int
    said: str | None
    texts: str | None


Scores = dict[str, list[tuple[float, int]]]


def exactly(query: Query, matches: Iterable[Match]) -> Iterator[Match]:
    """Yield those in which every phrase stands word for word."""
    for match in matches:
        if not query.phrases or query.stands_exactly_in((match.texts or "").split(DIVIDER)):
            yield match


def scores_of_dated(query: Query, kind: str, matches: list[Match]) -> list[tuple[float, int]]:
    """(score, id) of stories or claims that have all the words."""
    best = max((match.score for match in matches), default=0) or 1
    heading = IN_HEADLINE if kind == "article" else IN_WORDS
    pairs = min(len(query.neighbours), MOST_PAIRS) or 1
    return [
        (
            match.score / best + heading * (match.flags & 1) + NEAR_EACH_OTHER * (match.flags >> 1) / pairs,
            match.pk,
        )
        for match in matches
    ]


def scores_of_named(query: Query, kind: str, matches: list[Match]) -> list[tuple[float, int]]:
    """(score, id) of people, parties and the like that are called so, or of which the words are said."""
    best = max((match.score for match in matches), default=0) or 1
    scores, named = [], 0
    for match in matches:
        names = [words_of(name) for name in (match.said or "").replace(" / ", DIVIDER).split(DIVIDER)]
        if any(name_of(name) in query.names for name in names if name):
            score = IS_IT
        elif match.flags & 1:
            score = IN_ITS_NAME
        elif any(_is_named(kind, name_of(name), query) for name in names):
            named += 1
            if named > MOST_NAMED:
                continue
            score = NAMED
        elif match.flags & 2:
            score = ELSEWHERE
        else:
            continue
        scores.append((score + match.score / best / 2, match.pk))
    return scores


def _is_named(kind: str, name: tuple[str, ...], query: Query) -> bool:
    """Whether the query says a thing's name: of a person, the family name."""
    wanted = name[-1:] if kind == "politician" else name
    return bool(wanted) and query.any_words.issuperset(wanted)


def scores_of_some(matches: list[Match]) -> list[tuple[float, int]]:
    """(score, id) of what has some of the words, by how rare and how many these are; noise is left out."""
    best = max((match.score for match in matches), default=0) or 1
    return [(match.score / best, match.pk) for match in matches if match.score >= best * LEAST_OF_SOME]
