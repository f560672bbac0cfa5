"""Rules out a pronoun's antecedent who is named in the quotation: hardly anybody says their own name."""

from __future__ import annotations

from collections.abc import Sequence

from stories.extraction.coreference.discourse import Discourse, Resolution
from stories.extraction.types import Span

OTHER_ONE = 0.85  # strength of the subject beside whom the words' own person was named
NAMED_IN_WORDS = 0.8  # share of its strength that a speaker keeps whom the words name
SENTENCES_BACK = 4


def not_by_own_name(
    discourse: Discourse, found: Resolution, pronoun: int, words: Sequence[Span]
) -> Resolution:
    """Correct ``found``, whom the token ``pronoun`` means as the speaker of ``words``, where these name them.

    It is then the subject of the sentence in which both were named before. Without one the speaker stays,
    with less strength.
    """
    people, mentions = discourse.people, discourse.mentions
    whole = [start for span in words for start in mentions.between(*span) if mentions.is_whole(start)]
    named = frozenset(people.at[start] for start in whole)
    if found.person is None or found.person not in named:
        return found
    other = _subject_beside(discourse, found.person, named, pronoun)
    if other is not None:
        who = f"“{discourse.layout.tokens[pronoun]}” → {people.entities[other].name}"
        return Resolution("accepted", other, OTHER_ONE, f"{who}: the words name the other one")
    strength = NAMED_IN_WORDS * found.strength
    return found._replace(strength=strength, reason=f"{found.reason}; the words name them")


def _subject_beside(discourse: Discourse, person: int, named: frozenset[int], pronoun: int) -> int | None:
    """Who opens the sentence before a pronoun in which ``person`` is named behind."""
    layout, mentions, at = discourse.layout, discourse.mentions, discourse.people.at
    gender = "m" if layout.lower[pronoun] == "he" else "f"
    position = layout.starts[pronoun]
    here = layout.sentence_at(position)
    for sentence in range(here, max(-1, here - SENTENCES_BACK), -1):
        low, high = layout.sentences[sentence]
        before = mentions.between(low, min(high, position))
        starts = [start for start in before if layout.passage_at(start) is None]
        if not starts:
            continue
        first = at[starts[0]]
        fits = first not in named and discourse.people.entities[first].gender == gender
        subject = fits and not mentions.is_possessive(starts[0]) and not mentions.is_agent(starts[0])
        return first if subject and person in {at[start] for start in starts} else None
    return None
