"""Words that a reported clause gives to somebody else: "Ann Lee said the man claimed it was a “raid”".

Whoever stands right behind the first word of saying and has one of their own said them, not who passes them
on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from stories.extraction.people.mentions import mentions
from stories.extraction.quotations.clauses import is_finite
from stories.extraction.quotations.passive_agents import NEXT_SAID
from stories.extraction.quotations.reported import FRAGMENT
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.noun_phrases import DETERMINERS, before
from stories.extraction.text.quotation_marks import Passage
from stories.extraction.text.reporting_verbs import Cue
from stories.extraction.types import Span

SAYING = frozenset(("say", "tell"))
SPOKEN = frozenset(
    "say tell claim complain shout warn advise insist argue declare brand dub describe".split()
)  # nothing but a speaker does these
TIED = frozenset(("that", "how")) | DETERMINERS  # may stand between a word of saying and a subject's noun
SOMEBODY = frozenset(
    "man woman boy girl stranger attacker assailant protester heckler caller passer-by constituent voter "
    "somebody someone people friend neighbour".split()
)
FAMED = frozenset(("title", "given", "role"))  # evidence of a name that is no place's and no body's
CLAUSE = 60  # characters from the second word of saying to the marked words


def give_to_nested_speakers(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Give words between marks to the subject of the reported clause that leads to them."""
    famed = cache(lambda: frozenset(m.span.end for m in mentions(layout) if m.evidence in FAMED))
    for unit in list(units):
        if not unit.passages or unit.headline or unit.rule == NEXT_SAID:
            continue
        found = _second_speaker(layout, unit, cues, famed)
        if found is None:
            continue
        unit.cue, unit.source = found
        unit.rule, unit.in_passing = NEXT_SAID, True
        if unit.kind == "partial":
            units.extend(_leave_out(layout, unit))


def _leave_out(layout: Layout, unit: Unit) -> list[Unit]:
    """Keep to the marked words of the unit's first sentence; those of later sentences come back as units."""
    end = layout.sentences[layout.sentence_at(unit.passages[0].outer_start)].end
    later = [passage for passage in unit.passages if passage.outer_start >= end]
    unit.passages[:] = [passage for passage in unit.passages if passage.outer_start < end]
    unit.fragments[:] = [Span(passage.start, passage.end) for passage in unit.passages]
    unit.content[:] = list(unit.fragments)
    return [_alone(layout, passage) for passage in later]


def _alone(layout: Layout, passage: Passage) -> Unit:
    sentence = layout.sentences[layout.sentence_at(passage.outer_start)]
    span = Span(passage.start, passage.end)
    return Unit([span], "partial", sentence.start, sentence.end, [span], [passage], rule=FRAGMENT)


def _second_speaker(
    layout: Layout, unit: Unit, cues: Cues, famed: Callable[[], frozenset[int]]
) -> tuple[Cue, tuple[int, int]] | None:
    """The last word of saying before the marks and its subject, when another word of saying leads to that.

    ``famed`` tells where the names of people end.
    """
    opening = unit.passages[0].outer_start
    low = layout.sentences[layout.sentence_at(opening)].start
    near = cues.between(low, opening)[-3:]
    if len(near) < 2 or not _leads_to(layout, near[-1], opening):
        return None
    cue = near[-1]
    subject = before(layout, cue.first, layout.ends[near[0].last])
    if subject is None or not any(_passes_on(layout, outer, subject[0]) for outer in near[:-1]):
        return None
    somebody = layout.lower[subject[1]] in SOMEBODY or layout.ends[subject[1]] in famed()
    return (cue, subject) if somebody else None


def _leads_to(layout: Layout, cue: Cue, opening: int) -> bool:
    """Whether a word of saying governs the marks at ``opening``: near, with no other clause between."""
    if not is_finite(layout, cue) or cue.word.form not in ("ed", "s") or cue.word.lemma not in SPOKEN:
        return False
    lead = layout.text[layout.ends[cue.last] : opening]
    return len(lead) <= CLAUSE and "," not in lead


def _passes_on(layout: Layout, outer: Cue, subject: int) -> bool:
    """Whether the clause that ``outer`` reports begins with the subject at token ``subject``."""
    if not is_finite(layout, outer) or outer.word.group not in SAYING or outer.last >= subject:
        return False
    return all(word in TIED for word in layout.lower[outer.last + 1 : subject])
