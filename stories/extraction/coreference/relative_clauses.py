"""Finds the antecedent of a relative clause: "Ann Lee, who called it “mad”, …" is said by Ann Lee."""

from __future__ import annotations

from collections.abc import Sequence

from stories.extraction.quotations.units import Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.noun_phrases import DETERMINERS, initial, phrase_ending


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
