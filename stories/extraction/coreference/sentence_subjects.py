"""Finds the person each sentence is about, once for the whole text, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stories.extraction.coreference.discourse import Discourse
from stories.extraction.coreference.sentence_openings import main_clause
from stories.extraction.people.office_matching import SPOKESMEN, UNIQUE
from stories.extraction.people.offices import head_of
from stories.extraction.text.office_words import heads
from stories.extraction.words import either, per_lists

SUBJECT_PRONOUNS = frozenset(("he", "she"))
OPENING = 4  # characters in which a name stands for the office that opens the sentence: "The"


def _office() -> str:
    office_heads = either(heads(), any_case=True)
    return rf"(?P<office>[Tt][Hh][Ee] (?:[\w’'-]+ ){{0,3}}?(?:{office_heads}))\b(?! [Oo][Ff]\b)"


@per_lists
def office_inside() -> re.Pattern[str]:
    """A definite office anywhere, in the group "office": "the shadow ports minister"."""
    return re.compile(_office())


@per_lists
def _opening_office_pattern() -> re.Pattern[str]:
    return re.compile(r"[\"“]?" + _office())


class _Found(NamedTuple):
    """A sentence's subject so far, and the character at which it stands; the sentence's end for nobody."""

    person: int | None
    position: int


def settle_subjects(discourse: Discourse) -> None:
    """Set ``subjects`` of every sentence, and ``opened``, ``certainty`` and ``unnamed_speakers`` with them.

    The subject is the first office, name or pronoun of the main clause outside marks.
    """
    layout = discourse.layout
    pronouns = [(layout.starts[i], word) for i, word in enumerate(layout.lower) if word in SUBJECT_PRONOUNS]
    k = 0
    for sentence, (begin, high) in enumerate(layout.sentences):
        low = main_clause(layout, begin, high)
        found = _opening_office(discourse, sentence, low, high, _first_name(discourse, low, high))
        while k < len(pronouns) and pronouns[k][0] < low:
            k += 1
        discourse.subjects.append(
            _before(discourse, sentence, low, found, _upto(pronouns, k, found.position))
        )


def settle_high_offices(discourse: Discourse) -> None:
    """Ask once for every high office the text speaks of, so that its holder is known as one.

    What is decided for offices is asked again afterwards, now that the sentences' subjects are known.
    """
    for phrase, position in sorted(discourse.high_offices.items(), key=lambda pair: pair[1]):
        discourse.office(phrase, position, discourse.layout.sentence_at(position))
    discourse.main_offices.clear()


def _first_name(discourse: Discourse, low: int, high: int) -> _Found:
    """The first person named outside marks who is no owner and does not stand behind "by"."""
    mentions = discourse.mentions
    for start in mentions.between(low, high):
        outside = discourse.layout.passage_at(start) is None
        if outside and not mentions.is_possessive(start) and not mentions.is_agent(start):
            return _Found(discourse.people.at[start], start)
    return _Found(None, high)


def _opening_office(discourse: Discourse, sentence: int, low: int, high: int, found: _Found) -> _Found:
    """The holder of the office with which the main clause begins; else what was found before."""
    opening = _opening_office_pattern().match(discourse.layout.text, low, min(high, found.position))
    if opening is None:
        return found
    office = opening.group("office")
    holder = discourse.office(office, low, sentence)
    if holder is not None and holder.person is not None:
        discourse.opened.add(sentence)
        return _Found(holder.person, low)
    if found.person is None or found.position > low + OPENING:
        head = head_of(office)
        if head in UNIQUE or head in SPOKESMEN:
            discourse.unnamed_speakers[sentence] = head  # about a holder whom the text does not name
    return found


def _upto(pronouns: list[tuple[int, str]], k: int, position: int) -> Iterator[tuple[int, str]]:
    """Pronouns from the ``k``-th on that begin before a character."""
    while k < len(pronouns) and pronouns[k][0] < position:
        yield pronouns[k]
        k += 1


def _before(
    discourse: Discourse, sentence: int, low: int, found: _Found, pronouns: Iterator[tuple[int, str]]
) -> int | None:
    """Whom the first pronoun outside marks before the subject stands for; else the subject."""
    for start, word in pronouns:
        if discourse.layout.passage_at(start) is not None:
            continue
        antecedent = discourse.antecedent(word, sentence, start)
        if antecedent is not None and antecedent.person is not None:
            discourse.certainty[sentence] = antecedent.strength
            if start < low + 3:
                discourse.opened.add(sentence)
            return antecedent.person
    return found.person
