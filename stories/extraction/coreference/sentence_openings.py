"""Tells how a sentence opens: with a subordinate clause, or with the topic its subject speaks of."""

from __future__ import annotations

import re

from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITALISED
from stories.extraction.words import either

FRONTED_BY = (
    "Asked Speaking Describing Writing Responding Despite After Before When While As Although Though If "
    "Following During With By In On At Challenged Pressed Questioned Addressing Appearing Announcing "
    "Launching Referring Earlier Later Meanwhile But Instead Commenting Talking"
)
FRONTED = re.compile(rf"(?:(?:And|But|So|Yet|Then),? )?(?:{either(FRONTED_BY.split(), any_case=True)})\b")
SUBJECT_AHEAD = re.compile(rf"(?:he|she|the|Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady|Baroness|{CAPITALISED}+)\b")
TOPIC = re.compile(
    r"(?:Asked|Pressed|Quizzed|Questioned|Challenged|Commenting|Responding|Reacting|Replying|Referring|Turning|"
    r"Describing|Speaking (?:about|of)|Writing (?:about|of)|On|Of|As for) "
)
COMMAS = frozenset((",", '"', "”", "’", "'"))
SAYING = frozenset("said says added argued insisted claimed warned wrote told explained continued".split())
LONGEST_OPENING = 160  # characters


def main_clause(layout: Layout, low: int, high: int) -> int:
    """Where the main clause of ``low:high`` begins: after an opening like "Asked whether he would …,"."""
    fronted = FRONTED.match(layout.text, low, high)
    if fronted is None:
        return low
    end = min(high, low + LONGEST_OPENING)
    comma = layout.text.find(", ", fronted.end(), end)
    while comma >= 0 and layout.passage_at(comma) is not None:
        comma = layout.text.find(", ", comma + 1, end)
    if comma < 0:
        return low
    return comma + 2 if SUBJECT_AHEAD.match(layout.text, comma + 2, high) else low


def opens_with_topic(layout: Layout, low: int, position: int) -> bool:
    """Whether a sentence opens with what its subject speaks of: "Commenting on Mr Lee's case, he"."""
    return TOPIC.match(layout.text, low, position) is not None and layout.follows(position, ",")


def closes_sentence(layout: Layout, low: int, position: int) -> bool:
    """Whether the pronoun only closes a reported sentence: "Ann Lee's plan was mad, he said.".

    Not so where marks part it from an opening of its own: "John Roe said: “…,” he said.".
    """
    i = layout.token_from(position)
    if not i or layout.lower[i - 1] not in COMMAS or i + 2 >= len(layout.lower):
        return False
    passage = layout.passage_at(layout.starts[i - 1])
    if passage is not None and layout.text[low : passage.outer_start].rstrip().endswith(":"):
        return False
    return layout.lower[i + 1] in SAYING and layout.lower[i + 2] in ".,;"
