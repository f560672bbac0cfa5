"""Questions and answers: two people in turn, and who is named in a question the paper puts."""

from __future__ import annotations

from collections.abc import Sequence

from stories.extraction.quotations.units import Unit
from stories.extraction.text.layout import Layout
from stories.extraction.words.lists import pronouns

IN_TURN = "in-turn"


def take_turns(layout: Layout, units: Sequence[Unit]) -> None:
    """Give bare lines of an exchange to the two speakers alternately.

    Begins only after two neighbouring lines with different speakers of their own; ends with the first
    paragraph that is no line of the exchange.
    """
    direct = [unit for unit in units if unit.kind == "direct" and not unit.headline and unit.passages]
    for k in range(2, len(direct)):
        unit, last, other = direct[k], direct[k - 1], direct[k - 2]
        if unit.source is not None or not _bare(layout, unit) or last.chosen is None or other.chosen is None:
            continue
        if not (_follows(layout, last, unit) and _follows(layout, other, last)):
            continue
        if _open_ended(layout, last) or _same(layout, last, other):
            continue
        if "?" not in layout.text[last.start : last.end + 1] + layout.text[unit.start : unit.end + 1]:
            continue
        unit.chosen, unit.sure, unit.rule = other.chosen, 0.9 * min(last.sure, other.sure), IN_TURN
        unit.ranked = other.ranked[:1]
        unit.reasons.append("a bare line in an exchange of two: the other one’s turn")


def leave_asked(layout: Layout, units: Sequence[Unit]) -> None:
    """Take an answer from who is named in the question before it: the question is the paper's own.

    "Is it over, as Ann Lee once said? “No. …”" is said by whoever is interviewed.
    """
    for unit in units:
        if unit.kind != "direct" or unit.source is not None or unit.chosen is None:
            continue
        if layout.lower[unit.chosen[1]] in pronouns():
            continue  # "Why was he out?": who is asked
        sentence = layout.sentences[layout.sentence_at(layout.starts[unit.chosen[0]])]
        asked = layout.text[sentence.start : sentence.end].rstrip().endswith("?")
        gap = layout.text[sentence.end : unit.start]
        if asked and sentence.end <= unit.start and not any(map(str.isalnum, gap)):
            unit.chosen, unit.ranked = None, []
            unit.reasons.append("answers a question that names somebody else")


def _bare(layout: Layout, unit: Unit) -> bool:
    """Whether the words fill their paragraph."""
    low, high = layout.paragraphs[layout.paragraph_at(unit.start)]
    return unit.start - low < 3 and high - unit.end < 3


def _follows(layout: Layout, one: Unit, other: Unit) -> bool:
    return layout.paragraph_at(other.start) - layout.paragraph_at(one.start) == 1


def _open_ended(layout: Layout, unit: Unit) -> bool:
    """A passage left open goes on in the next paragraph."""
    return not unit.passages[-1].closed


def _same(layout: Layout, one: Unit, other: Unit) -> bool:
    if one.chosen is None or other.chosen is None:
        return True
    return layout.lower[one.chosen[1]] == layout.lower[other.chosen[1]]
