"""A signature behind the words: “…” and, in a line of its own or after a dash, – Ann Lee."""

from __future__ import annotations

import re

from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.speakers.rule import Case, Found, Rule
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITAL, MARKS
from stories.extraction.text.reporting_verbs import Cue, CueWord

SIGNATURE = re.compile(
    rf"\s*[—–―-]{{1,2}}\s?(?P<name>{CAPITAL}[\w{MARKS}’'.-]*(?: {CAPITAL}[\w{MARKS}’'.-]*){{0,3}}?)"
    r"(?=,|\.?\s*(?:\n|$))"
)
# The dash is a bullet, and what stands behind it leads to words of its own: "- Ann Lee, Labour: “…”".
NEXT_TURN = re.compile(r"[^\n:“\"]{0,80}:[ \t]*[“\"‘']")


def signed(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """The name behind the dash."""
    if unit.kind != "direct" or not unit.passages:
        return None
    match = SIGNATURE.match(layout.text, unit.passages[-1].outer_end)
    if match is None or NEXT_TURN.match(layout.text, match.end()) is not None:
        return None
    first, last = layout.token_from(match.start("name")), layout.token_from(match.end("name") - 1)
    return Found(Cue(first, first, CueWord("—", "say", "prep"), False), (first, last))


RULE = Rule(
    name="signed",
    label="“…” – X",
    reason="A signature belongs to nothing but the words above it.",
    case=Case("“The harbour wall is quite safe.” – Ann Tarrant", "Ann Tarrant"),
    certainty=0.97,
    order=10,
    whole=signed,
)
