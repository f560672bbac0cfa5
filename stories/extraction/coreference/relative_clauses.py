"""Finds the antecedent of a relative clause: "Ann Lee, who called it “mad”, …" is said by Ann Lee.

And whom a clause leads away from: "Ann Lee whose share is that of Bob Dee said …" is said by Ann Lee, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from stories.extraction.quotations.units import Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.noun_phrases import (
    DETERMINERS,
    HANGING,
    PREPOSITIONS,
    initial,
    phrase_ending,
)


def name_antecedents(layout: Layout, units: Sequence[Unit]) -> None:
    """Let the phrase before the comma be the source of a unit; the "who" behind it stays what is shown."""
    for unit in units:
        if unit.chosen is None or unit.chosen[0] != unit.chosen[1]:
            continue
        named = _before_comma(layout, unit.chosen[0])
        if named is not None:
            unit.chosen, unit.shown = named, unit.chosen


def _before_comma(layout: Layout, who: int) -> tuple[int, int] | None:
    """The phrase that ends at the comma before "who"; ``None`` when the comma closes an insertion."""
    if layout.lower[who] != "who" or who < 2 or layout.lower[who - 1] != ",":
        return None
    low = layout.sentences[layout.sentence_at(layout.starts[who])].start
    if phrase_ending(layout, who - 1, low) is not None:
        return None
    return _nearest(layout, who - 2, low)


def leave_relative_clauses(layout: Layout, units: Sequence[Unit]) -> None:
    """Let whoever a relative clause is about be the source where the clause ends with another's name.

    What a preposition governs is never the subject of the verb behind it, and no candidate. Units that are
    moved are not sure.
    """
    for unit in units:
        if unit.chosen is None or not _cue_behind(layout, unit, unit.chosen[1]):
            continue
        about = _led_away_from(layout, *unit.chosen)
        if about is not None:
            governed = unit.chosen[1]
            unit.ranked = [(option, chance) for option, chance in unit.ranked if option.last != governed]
            unit.chosen, unit.shown, unit.sure = about, None, min(unit.sure, MOVED)


def _cue_behind(layout: Layout, unit: Unit, last: int) -> bool:
    """Whether the verb of saying follows token ``last`` at once, and the words follow the verb."""
    if unit.tagged is not None and unit.tagged.cue is not None:
        cue = layout.token_from(unit.tagged.cue.start)
    elif unit.cue is not None:
        cue = unit.cue.first
    else:
        return False
    return 0 < cue - last <= 2 and layout.starts[cue] < unit.start


def _led_away_from(layout: Layout, first: int, last: int) -> tuple[int, int] | None:
    """The name before the relative clause in which a preposition governs the phrase; else ``None``."""
    name = next((i for i in range(first, last + 1) if capital(layout.tokens[i])), None)
    if name is None:
        return None
    low = layout.sentences[layout.sentence_at(layout.starts[name])].start
    governed = next((i for i in range(name - 1, max(0, name - LONGEST), -1) if _governs(layout, i)), None)
    if governed is None:
        return None
    for i in range(governed - 1, 1, -1):
        if layout.starts[i] < low or layout.lower[i] in CLOSING:
            return None
        if layout.lower[i] in RELATIVE:
            behind = i - 2 if layout.lower[i - 1] == "," else i - 1
            has_a_verb = governed - i > 1
            return _nearest(layout, behind, low) if has_a_verb and capital(layout.tokens[behind]) else None
    return None


def _governs(layout: Layout, token: int) -> bool:
    return layout.lower[token] in PREPOSITIONS or layout.lower[token] in HANGING


def _nearest(layout: Layout, last: int, low: int) -> tuple[int, int] | None:
    """The name ending with token ``last``, or a noun there with its article; nothing before it."""
    if capital(layout.tokens[last]):
        first = last
        while first and layout.starts[first - 1] >= low and _of_name(layout, first - 1):
            first -= 1
        return first, last
    for first in range(last - 1, max(-1, last - LONGEST), -1):
        if layout.starts[first] < low or not layout.tokens[first].isalpha():
            return None
        if layout.lower[first] in DETERMINERS:
            return first, last
    return None


def _of_name(layout: Layout, token: int) -> bool:
    return capital(layout.tokens[token]) or initial(layout, token)


LONGEST = 6  # words of an office with its article
RELATIVE = frozenset("who whose whom".split())
CLOSING = frozenset(", ; : ( ) – —".split())  # a clause that has ended leads nowhere
MOVED = 0.75
