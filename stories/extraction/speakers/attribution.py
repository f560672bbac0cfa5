"""The quotations of a text with the rules' pick of their source: found, then corrected pass by pass.

``PASSES`` is the order; nothing else states it. A pass changes the list of units and nothing else. It reads
the layout, the reporting verbs and the units as the passes before it left them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from stories.extraction.quotations import passive_agents
from stories.extraction.quotations.combine import TAGGED, combine
from stories.extraction.quotations.glosses import leave_out_glosses
from stories.extraction.quotations.listeners import leave_out_listeners
from stories.extraction.quotations.nested_speech import give_to_nested_speakers
from stories.extraction.quotations.reported import indirect, partial
from stories.extraction.quotations.turns import leave_out_covered, turns
from stories.extraction.quotations.units import Cues, Unit, answers, blocks, direct
from stories.extraction.speakers.rule_picks import pick
from stories.extraction.speakers.rules import with_saying
from stories.extraction.tagging.tagger import Tagged
from stories.extraction.text import reporting_verbs
from stories.extraction.text.layout import Layout


class Pass(NamedTuple):
    """One correction of the units, and why it stands where it does."""

    run: Callable[[Layout, list[Unit], Cues], None]
    why: str

    @property
    def name(self) -> str:
        """The pass as tests call it."""
        return self.run.__name__


def attributed(
    layout: Layout, tagged: Tagged, passes: Sequence[Pass] | None = None
) -> tuple[list[Unit], Cues]:
    """All units of the text in reading order with the rules' pick of cue and source.

    Marks, rules and tagger find the words; ``passes`` (``PASSES`` unless given) then decide whose they are.
    """
    cues = Cues(layout, reporting_verbs.find(layout))
    marked = direct(layout, cues) + blocks(layout, cues) + answers(layout)
    taken = {p.outer_start for unit in marked for p in unit.passages}
    fragments = partial(layout, cues, taken)
    units = combine(layout, marked, fragments, tagged.attributions)
    units += indirect(layout, cues, [span for unit in units for span in unit.content])
    turned = turns(layout)
    if turned:
        units = leave_out_covered(units, turned) + turned
    units = [unit for unit in units if not layout.is_aside(unit.start)]
    for step in PASSES if passes is None else passes:
        step.run(layout, units, cues)
    return units, cues


def sort_by_place(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Put the units into reading order."""
    units.sort(key=lambda unit: (unit.start, unit.end))


def detach_whole_utterances(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Free whole utterances from the tagger's link to a later sentence that has words of its own."""
    ahead = [(unit, sentence) for unit in units if (sentence := _linked_ahead(layout, unit)) is not None]
    if not ahead:
        return
    busy = {layout.sentence_at(span.start) for unit in units for span in unit.content}
    for unit, sentence in ahead:
        if sentence in busy:
            unit.tagged = None


def _linked_ahead(layout: Layout, unit: Unit) -> int | None:
    """The later sentence to which the tagger links a whole utterance, if it does."""
    if unit.kind != "direct" or unit.tagged is None:
        return None
    anchor = unit.tagged.source or unit.tagged.cue
    if anchor is None or anchor.start < unit.end:
        return None
    sentence = layout.sentence_at(anchor.start)
    return sentence if sentence > layout.sentence_at(unit.end) else None


def pick_sources(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Let the rules pick cue and source of every unit that has no source yet."""
    for unit in units:
        picked = pick(layout, unit, cues) if unit.source is None else None
        if picked is None:
            continue
        unit.cue, unit.source = picked.cue, picked.source
        unit.rule = picked.rule if unit.rule in ("", TAGGED) else unit.rule
        if picked.rule == with_saying.RULE.name:
            passive_agents.start_behind_verb(layout, unit)


PASSES = (
    Pass(
        passive_agents.give_to_passive_agents,
        "first: an agent's words leave the sentence before anybody else is looked for in it",
    ),
    Pass(
        passive_agents.split_contrasted_clauses,
        "each half of a contrast is one speaker's from here on",
    ),
    Pass(
        passive_agents.give_to_accused,
        "in what is left of a clause, words held against somebody are theirs",
    ),
    Pass(
        give_to_nested_speakers,
        "so are words behind a second reporting verb, once no clause holds two speakers side by side",
    ),
    Pass(leave_out_glosses, "when all words have their unit, explanations inside them are nobody's"),
    Pass(sort_by_place, "the passes before put new units last"),
    Pass(detach_whole_utterances, "looks at the sentences of all units, which are final now"),
    Pass(leave_out_listeners, "the words begin behind the listener before a rule measures from them"),
    Pass(pick_sources, "rules speak only where no pass before has found a source"),
    Pass(
        passive_agents.keep_contrasted_speaker, "last: marks the rules' picks that the ranker must not change"
    ),
)
