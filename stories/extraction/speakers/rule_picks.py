"""The rules' own pick of reporting verb and source for a quotation: the first rule that fits wins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stories.extraction.quotations.clauses import NEXT_CUES
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.speakers.rule import Place, Tokens
from stories.extraction.speakers.rules import RULES
from stories.extraction.text.layout import Layout
from stories.extraction.text.reporting_verbs import Cue

NEAR = 90  # characters between the words and a cue after them
WHOLE = [(rule.name, rule.whole) for rule in RULES.values() if rule.whole is not None]
BEHIND = [(rule.name, rule.behind) for rule in RULES.values() if rule.behind is not None]
AHEAD = [(rule.name, rule.ahead) for rule in RULES.values() if rule.ahead is not None]


class Pick(NamedTuple):
    """What a rule found, and the rule by name."""

    cue: Cue
    source: Tokens
    rule: str


def pick(layout: Layout, unit: Unit, cues: Cues) -> Pick | None:
    """Cue, source tokens and rule for a unit; ``None`` when the sentence names no speaker.

    Rules for the whole quotation come first, then those for the verbs behind the words, then those for the
    verbs before them; the nearest verb comes first.
    """
    for name, whole in WHOLE:
        found = whole(layout, unit, cues)
        if found is not None:
            return Pick(*found, name)
    for place in _behind(layout, unit, cues):
        for name, behind in BEHIND:
            found = behind(place)
            if found is not None:
                return Pick(*found, name)
    for place in _ahead(layout, unit, cues):
        for name, ahead in AHEAD:
            found = ahead(place)
            if found is not None:
                return Pick(*found, name)
    return None


def _behind(layout: Layout, unit: Unit, cues: Cues) -> Iterator[Place]:
    """The reporting verbs behind each marked passage, up to the next one."""
    for k, passage in enumerate(unit.passages):
        sentence = layout.sentences[layout.sentence_at(passage.outer_start)]
        high = unit.passages[k + 1].outer_start if k + 1 < len(unit.passages) else sentence.end
        high = min(high, max(sentence.end, passage.outer_end))
        for cue in cues.between(passage.outer_end, high)[:NEXT_CUES]:
            start = layout.starts[cue.first]
            if cue.noun or start - passage.outer_end > NEAR:
                break
            adjacent = layout.text[passage.outer_end : start].strip(" ,") == ""
            yield Place(layout, unit, cues, cue, passage.outer_end, high, adjacent)


def _ahead(layout: Layout, unit: Unit, cues: Cues) -> Iterator[Place]:
    """The reporting verbs before the words, the nearest first."""
    high = unit.passages[0].outer_start if unit.passages else unit.start
    for cue in reversed(cues.between(unit.low, high)[-NEXT_CUES:]):
        if not cue.noun:
            yield Place(layout, unit, cues, cue, unit.low, high)
