"""The discourse state: what a text has said up to a place, and the questions answered from it.

A question goes through a list of steps; the first that answers decides. The lists, with the reason for the
place of each step, stand in ``stories.extraction.coreference.steps``. A step gets the discourse and a query
and gives an answer or ``None``; it changes nothing of the discourse but what its row in the list declares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from stories.extraction.coreference.mention_index import MentionIndex
from stories.extraction.people.attributes import FORMERLY
from stories.extraction.people.entity import Entity
from stories.extraction.people.office_holders import Holders, Named
from stories.extraction.people.office_matching import Asked, asked
from stories.extraction.people.persons import People
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITAL
from stories.extraction.types import Status
from stories.extraction.words.lists import pronouns

REACH = 20_000  # characters in which an office is followed
HIGH_OFFICE = re.compile(
    r"[Tt](?<!\w.)he (?:prime minister|(?:home|foreign|health|education|defence) secretary|chancellor)\b"
    rf"(?! {CAPITAL}|['’]s? (?:official )?spokes)"
)
SENTENCES_BACK = 7  # sentences in which a pronoun's antecedent is looked for, its own counted
PARAGRAPHS_BACK = 2
# With the pronouns of the list, the words that the steps for single words know: any other is a phrase.
CLOSED_CLASS = frozenset("he she his her it i we you who which that".split())

Query = TypeVar("Query")
Answer = TypeVar("Answer")


class Resolution(NamedTuple):
    """Whom a printed source means. ``person`` indexes the persons of the text; ``strength`` is 0 to 1."""

    status: Status
    person: int | None
    strength: float
    reason: str


def _is_closed_class(word: str) -> bool:
    return word in CLOSED_CLASS or word in pronouns()


class Antecedent(NamedTuple):
    """Whom a pronoun stands for: a person by index, or ``None`` for a speaker without a name."""

    person: int | None
    strength: float
    why: str


class Phrase(NamedTuple):
    """The tokens ``first`` to ``last``, both inclusive, asked for as somebody who speaks.

    ``start`` is their first character, ``sentence`` the index of the sentence in which they stand.
    """

    first: int
    last: int
    text: str
    start: int
    sentence: int


class Office(NamedTuple):
    """An office asked for, printed at character ``position`` of a sentence."""

    post: Asked
    position: int
    sentence: int


class Pronoun(NamedTuple):
    """ "He" or "she" at character ``position`` of a sentence, of the gender "m" or "f".

    ``unnamed`` is whether a speaker without a name may be meant; ``again`` asks for the antecedent of the
    same word at another character.
    """

    word: str
    gender: str
    sentence: int
    position: int
    unnamed: bool
    again: Callable[[int], Antecedent | None]


class Lookback(NamedTuple):
    """A pronoun and one sentence in which its antecedent may stand.

    ``back`` counts sentences from the pronoun's own (0), ``apart`` paragraphs; ``low:high`` are characters.
    """

    pronoun: Pronoun
    back: int
    apart: int
    sentence: int
    low: int
    high: int


Ask = Callable[["Discourse", Query], Answer | None]


class Step(NamedTuple, Generic[Query, Answer]):
    """One way to answer a question, and why it stands where it does in its list.

    ``writes`` names the attributes of the discourse that the step itself may change: none, for most. "meant"
    stands for the offices by which the text means a person (``Entity.meant``).
    """

    ask: Ask[Query, Answer]
    why: str
    writes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The step as it is called in traces and tests."""
        return self.ask.__name__


class Steps(NamedTuple):
    """The steps of every question, in the order in which they are asked. ``_replace`` exchanges a list."""

    words: Sequence[Step[Phrase, Resolution]]
    names: Sequence[Step[Phrase, Resolution]]
    phrases: Sequence[Step[Phrase, Resolution]]
    offices: Sequence[Step[Office, Resolution]]
    before_lookback: Sequence[Step[Pronoun, Antecedent]]
    lookback: Sequence[Step[Lookback, Antecedent]]
    after_lookback: Sequence[Step[Pronoun, Antecedent]]


NOBODY_FITS = Antecedent(None, -1.0, "")  # ends the search for an antecedent without one


class Discourse:
    """The state of one text while it is read, sentence by sentence and quotation by quotation.

    Fixed: ``layout``, ``people``, ``mentions``, ``high_offices`` and ``office_holders``. The rest grows in
    reading order: what is asked later may be answered by what was said before, never the other way round.
    """

    def __init__(self, layout: Layout, people: People, steps: Steps) -> None:
        self.layout = layout
        self.people = people
        self._words = [step.ask for step in steps.words]
        self._names = [step.ask for step in steps.names]
        self._phrases = [step.ask for step in steps.phrases]
        self._offices = [step.ask for step in steps.offices]
        self._before_lookback = [step.ask for step in steps.before_lookback]
        self._lookback = [step.ask for step in steps.lookback]
        self._after_lookback = [step.ask for step in steps.after_lookback]
        self.mentions = MentionIndex(layout, people)
        self.high_offices = _high_offices(layout.text)  # spoken of without a name, and where last
        self.subjects: list[int | None] = []  # by sentence: the person it is about
        self.certainty: dict[int, float] = {}  # sentences whose subject is no name, and how sure it is
        self.opened: set[int] = set()  # sentences that begin with an office or a pronoun as their subject
        self.unnamed_speakers: dict[int, str] = {}  # sentences whose speaker has no name: the head noun
        self.speakers: list[tuple[int, int]] = []  # sentence and person of those who spoke, in reading order
        self.writers: dict[int, int] = {}  # sentences that quote what somebody wrote, and who
        self.pronouns: dict[int, Resolution] = {}  # pronouns that spoke, by their first character
        self.main_offices: dict[str, int | None] = {}  # offices the main person may hold, decided once
        self.named_phrases: dict[tuple[int, int], Resolution | None] = {}  # answers by first and last token

    @cached_property
    def office_holders(self) -> Holders:
        """Who of those named holds which high office by the public record."""
        named = {b.index: _named(b) for b in self.people.entities if b.spans and not b.journalist}
        return Holders(named, self.high_offices, self.people.written)

    # Questions

    def source(self, first: int, last: int) -> Resolution:
        """Whom the tokens ``first`` to ``last`` mean as somebody who speaks."""
        if first == last and _is_closed_class(self.layout.lower[first]):
            found = self._first(self._words, self._phrase(first, last))
            if found is not None:
                return found
        return self.phrase(first, last)

    def phrase(self, first: int, last: int) -> Resolution:
        """Whom a phrase means, by its names first and whatever a single word of it is."""
        found = self.named_phrases.get((first, last))
        if found is not None:
            return found
        query = self._phrase(first, last)
        if (first, last) not in self.named_phrases:
            found = self.named_phrases[first, last] = self._first(self._names, query)
        found = found or self._first(self._phrases, query)
        return found or Resolution("unknown", None, 0.0, f"“{query.text}”: no step answers")

    def office(self, phrase: str, position: int, sentence: int) -> Resolution | None:
        """The holder of a definite office; ``None`` when the phrase is none or nobody fits."""
        post = asked(phrase)
        return None if post is None else self._first(self._offices, Office(post, position, sentence))

    def antecedent(self, word: str, sentence: int, position: int, unnamed: bool = True) -> Antecedent | None:
        """Whom "he" or "she" at ``position`` stands for; ``None`` when nobody fits."""

        def again(elsewhere: int) -> Antecedent | None:
            return self.antecedent(word, sentence, elsewhere, unnamed)

        query = Pronoun(word, "m" if word == "he" else "f", sentence, position, unnamed, again)
        found = self._first(self._before_lookback, query) or self._look_back(query)
        if found is None:
            found = self._first(self._after_lookback, query)
        return None if found is NOBODY_FITS else found

    def _look_back(self, query: Pronoun) -> Antecedent | None:
        layout = self.layout
        paragraph = layout.paragraph_at(query.position)
        for back in range(min(SENTENCES_BACK, query.sentence + 1)):
            sentence = query.sentence - back
            low, high = layout.sentences[sentence]
            apart = paragraph - layout.paragraph_at(low)
            if apart > PARAGRAPHS_BACK:
                return None
            found = self._first(self._lookback, Lookback(query, back, apart, sentence, low, high))
            if found is not None:
                return found
        return None

    def _phrase(self, first: int, last: int) -> Phrase:
        layout = self.layout
        start = layout.starts[first]
        return Phrase(first, last, layout.text[start : layout.ends[last]], start, layout.sentence_at(start))

    def _first(self, steps: Sequence[Ask[Query, Answer]], query: Query) -> Answer | None:
        """The answer of the first step that has one."""
        for ask in steps:
            found = ask(self, query)
            if found is not None:
                return found
        return None

    # What was found so far

    def spoke_since(self, sentence: int) -> bool:
        """Whether somebody with a name has spoken since a sentence."""
        return bool(self.speakers) and self.speakers[-1][0] > sentence

    def is_meant(self, person: int, position: int, phrase: str) -> None:
        """Keep that the text means a person by an office it does not call them by."""
        office = phrase.removeprefix("The ").removeprefix("the ")
        self.people.entities[person].meant.append((position, office))


def _high_offices(text: str) -> dict[str, int]:
    """The high offices a text speaks of without a name, and where last."""
    opening = text[:REACH]
    if not any(office in opening for office in ("prime minister", "secretary", "chancellor")):
        return {}
    return {match.group().lower(): match.start() for match in HIGH_OFFICE.finditer(opening)}


def _named(entity: Entity) -> Named:
    roles = [role for _, role in entity.roles]
    past = [role[over.end() :] for role in roles if (over := FORMERLY.match(role)) is not None]
    return Named(entity.first, entity.last, [role for role in roles if not FORMERLY.match(role)], past)
