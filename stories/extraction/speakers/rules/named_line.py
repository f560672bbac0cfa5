"""A line that gives a name, perhaps a party or office, and behind a colon the words: Ann Lee, Labour: “…”."""

from __future__ import annotations

import re

from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.speakers.rule import Case, Found, Rule
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITALISED
from stories.extraction.text.reporting_verbs import Cue, CueWord
from stories.extraction.words.lists import given_names

LINE = re.compile(
    rf"(?P<name>{CAPITALISED}*(?: (?:(?:de|van|von|der|al|ap|ab|la) )*{CAPITALISED}*\.?){{1,3}})"
    rf"(?:, (?:the )?(?:{CAPITALISED}*|of|for|and|the|leader|spokes\w+|councillor|minister)"
    rf"(?: (?:{CAPITALISED}*|of|for|and|the|leader|spokes\w+|councillor|minister|council))*| "
    rf"\([^()\n]{{2,40}}\))?:\s*\Z"
)


def named_line(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """The name that opens the line of the words and is all that stands before them."""
    if not unit.passages:
        return None
    start = unit.passages[0].outer_start
    low = layout.paragraphs[layout.paragraph_at(start)].start
    if start - low > 110 or not layout.follows(start, ":"):
        return None
    match = LINE.match(layout.text[low:start])
    if match is None or match.group("name").split()[0] not in given_names():
        return None
    first, last = layout.token_from(low), layout.token_from(low + match.end("name") - 1)
    return Found(Cue(first, first, CueWord("—", "say", "prep"), False), (first, last))


RULE = Rule(
    name="named-line",
    label="X, party: “…”",
    reason="Nothing but a name stands between the beginning of the line and the colon.",
    case=Case("• Ann Tarrant, Labour: “The harbour wall is quite safe.”", "Ann Tarrant"),
    certainty=0.95,
    order=12,
    whole=named_line,
)
