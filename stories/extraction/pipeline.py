"""Reads one text: layout, tagger, persons, units, choice of speakers, resolution, then the whole text again.

Every list of steps states its order and its reasons in one place: ``speakers/attribution.py`` (whose the
words are), ``AFTER_CHOICE`` here, ``coreference/steps.py`` (whom a phrase means), ``LATER_NAMES`` in
``coreference/same_words.py`` (names given further on).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from stories.extraction.coreference.headlines import headlines
from stories.extraction.coreference.relative_clauses import leave_relative_clauses, name_antecedents
from stories.extraction.coreference.resolver import Resolver
from stories.extraction.coreference.same_words import LATER_NAMES
from stories.extraction.coreference.subjects import about
from stories.extraction.people.attributes import kind_of
from stories.extraction.people.offices import head_of
from stories.extraction.people.persons import People
from stories.extraction.quotations.addressee import addressee_of
from stories.extraction.quotations.not_speech import is_speech
from stories.extraction.quotations.turns import labels
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.speakers.attribution import attributed
from stories.extraction.speakers.candidates import Finder
from stories.extraction.speakers.confidence import Weighed, weigh
from stories.extraction.speakers.interviews import leave_asked, take_turns
from stories.extraction.speakers.ranker import Watch, choose
from stories.extraction.speakers.rules import ranked
from stories.extraction.stance.stance import sense
from stories.extraction.stance.surroundings import Placed
from stories.extraction.tagging.tagger import tag
from stories.extraction.text.layout import Layout
from stories.extraction.text.noun_phrases import token_span
from stories.extraction.types import Candidate, Extraction, KnownPerson, Person, Quotation, Span

# What is less likely than this to be said by whom the source names is left out, by kind.
FLOORS = {"direct": 0.0, "partial": 0.5, "indirect": 0.35}
# Confidence at most: of words not simply said, and of any in copy all in capitals, where names are unsure.
UNSURE, SHOUTED = 0.89, 0.45
SHOWN = 3  # candidates kept with a quotation
# What the ranker cannot see in one unit, in this order: turns are taken by whom it chose for the lines
# before; who is only named in the question before an answer is no candidate then; "who" gives way to its
# antecedent last, when it is settled that it is the source.
AFTER_CHOICE = (take_turns, leave_asked, leave_relative_clauses, name_antecedents)


def read(
    text: str,
    roster: Sequence[KnownPerson] = (),
    written: date | None = None,
    watch: Watch | None = None,
) -> Extraction:
    """Everything said in ``text``, and everybody named in it; ``watch`` is shown how speakers are chosen."""
    layout = Layout(text)
    if not layout.tokens:
        return Extraction((), ())
    tagged = tag(layout)
    sources = [a.source for a in tagged.attributions if a.source is not None]
    sources += labels(layout)
    people = People(layout, roster, sources, written)
    units, cues = attributed(layout, tagged)
    choose(Finder(layout, people, tagged, cues, units), units, watch)
    for correct in AFTER_CHOICE:
        correct(layout, units)
    resolver = Resolver(layout, people)
    quotations: list[Quotation] = []
    doubtful: list[Quotation] = []  # marked words of the headline that may be nobody's
    for unit in units:
        said = is_speech(layout, unit)
        if not said and not unit.headline:
            continue
        weighed = weigh(layout, resolver, unit)
        quotation = _quotation(resolver, unit, cues, weighed)
        announced = unit.headline and unit.cue is not None  # "Plan 'is lost', says PM"
        if said and (announced or weighed.likely >= FLOORS[unit.kind]):
            quotations.append(quotation)
        elif unit.headline and unit.kind == "partial":
            doubtful.append(quotation)
    quotations = [q for q in quotations if not _interviewer(layout, people, q)]
    for name_later in LATER_NAMES:
        quotations = name_later(layout, people, quotations)
    return _finish(layout, people, headlines(layout, quotations, doubtful))


def _quotation(resolver: Resolver, unit: Unit, cues: Cues, weighed: Weighed) -> Quotation:
    """The quotation of a unit; the resolver moves on past it."""
    layout, people = resolver.layout, resolver.people
    source = unit.chosen
    resolution = weighed.resolution
    printed = unit.shown or source
    span = _printed(layout, people, *printed) if printed is not None else None
    listener = addressee_of(layout, unit, cues)
    speaker = resolution.person if resolution.status == "accepted" else None
    spoke = source is not None and not unit.headline and not unit.in_passing
    if spoke and source is not None and speaker is not None:
        resolver.note_speaker(layout.starts[source[0]], speaker)
    elif spoke and source is not None and resolution.status == "unnamed":
        resolver.note_unnamed_speaker(*source)
    entity = people.entities[speaker] if speaker is not None else None
    kind = kind_of(entity) if entity is not None else None
    return Quotation(
        content=tuple(unit.content),
        cue=_cue(layout, unit),
        source=span,
        source_text=layout.text[span.start : span.end] if span is not None else None,
        speaker=entity.name if entity is not None else None,
        person=speaker,
        status=resolution.status,
        speaker_role=entity.role() if entity is not None else None,
        speaker_party=entity.party() if entity is not None else None,
        politician=kind[1] if kind is not None else None,
        addressee=listener[0] if listener else None,
        addressee_span=listener[1] if listener else None,
        about=about(layout, people, resolver, unit, speaker),
        kind=unit.kind,
        fragments=tuple(unit.fragments),
        rule=unit.rule or ranked.RULE.name,
        confidence=round(weighed.confidence, 3),
        reasons=(*unit.reasons, resolution.reason, *weighed.against),
        candidates=_candidates(resolver, unit),
    )


def _interviewer(layout: Layout, people: People, quotation: Quotation) -> bool:
    """Whether the words are only what a journalist wanted to know ("Ann Lee wondered whether …")."""
    if quotation.kind == "direct" or quotation.person is None or quotation.cue is None:
        return False
    words = layout.text[slice(*quotation.cue)].lower().split()
    return people.entities[quotation.person].journalist and bool(ASKING.intersection(words))


ASKING = frozenset("wondered wonders wonder wondering".split())


def _printed(layout: Layout, people: People, first: int, last: int) -> Span:
    """A source as shown: without the apposition or clause that hangs on it, a name kept."""
    start, end = token_span(layout, first, last)
    text = layout.text
    comma = text.find(",", start, end)
    if comma < 0:
        return Span(start, end)
    named = [people.ends[layout.starts[i]] for i in range(first, last + 1) if layout.starts[i] in people.at]
    if named and named[0] > comma and head_of(text[start:comma]) is not None:
        return Span(start, named[0])
    if comma > start and text[comma + 1 : comma + 4] != " Jr":
        return Span(start, comma)
    return Span(start, end)


def _cue(layout: Layout, unit: Unit) -> Span | None:
    if unit.tagged is not None and unit.tagged.cue is not None:
        return unit.tagged.cue
    return token_span(layout, unit.cue.first, unit.cue.last) if unit.cue is not None else None


def _candidates(resolver: Resolver, unit: Unit) -> tuple[Candidate, ...]:
    """The likeliest candidates with their chances, best first."""
    out: list[Candidate] = []
    for option, chance in unit.ranked[:SHOWN]:
        if chance < 0.02 and out:
            break
        resolution = resolver.source(option.first, option.last)
        name = resolver.people.entities[resolution.person].name if resolution.person is not None else ""
        printed = resolver.layout.text[option.span.start : option.span.end]
        out.append(
            Candidate(name or printed, option.span, resolution.person, round(chance, 3), (resolution.reason,))
        )
    return tuple(out)


def _finish(layout: Layout, people: People, quotations: list[Quotation]) -> Extraction:
    """Number the persons worth showing in order of first mention, and point the quotations at them."""
    used = {q.person for q in quotations if q.person is not None}
    shown = [b for b in people.entities if b.spans and (b.proven or b.index in used or " " in b.name)]
    shown.sort(key=lambda entity: min(span.start for span in entity.spans))
    number: dict[int | None, int] = {entity.index: i for i, entity in enumerate(shown)}
    persons = tuple(_person(people, entity.index) for entity in shown)
    return Extraction(tuple(_finished(layout, q, number) for q in quotations), persons)


def _finished(layout: Layout, quotation: Quotation, number: dict[int | None, int]) -> Quotation:
    """A quotation with its stance, pointing at the persons by their new numbers."""
    q = quotation
    found = sense(layout, Placed(q.content, q.kind, q.fragments, q.source, q.cue))
    most = SHOUTED if layout.shouted else UNSURE if found.stance != "said" else 1.0
    candidates = [
        c if number.get(c.person) == c.person else replace(c, person=number.get(c.person))
        for c in quotation.candidates
    ]
    return replace(
        quotation,
        person=number.get(quotation.person),
        about=tuple([number[i] for i in quotation.about if i in number]),
        candidates=tuple(candidates),
        confidence=min(q.confidence, most),
        stance=found.stance,
        verb=found.verb,
        quoted_from=found.quoted_from,
    )


def _person(people: People, index: int) -> Person:
    entity = people.entities[index]
    kind, politician, why = kind_of(entity)
    names = sorted(entity.names, key=lambda n: (-len(n), n))
    return Person(
        entity.name,
        entity.role(),
        entity.party(),
        politician,
        kind,
        why,
        tuple(sorted(entity.spans)),
        entity.known.key if entity.known else None,
        tuple(names),
        entity.ambiguous,
    )
