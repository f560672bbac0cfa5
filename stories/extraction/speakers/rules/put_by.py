"""A speaker behind "by" who leads to the words with a colon: the question put by Ann Lee: “…”."""

from __future__ import annotations

import re

from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.speakers.rule import Case, Found, Rule
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITALISED
from stories.extraction.text.reporting_verbs import Cue, CueWord

PUT_BY = re.compile(
    r"\b(?:posed|put|asked|raised|shouted|made|issued|given|delivered|spoken|uttered|offered|summed up) by "
    rf"(?P<name>(?:[\w’'-]+ ){{0,6}}?{CAPITALISED}+(?: {CAPITALISED}+)+):\s*$"
)


def put_by(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """The name between "by" and the colon."""
    if not unit.passages or unit.kind != "direct":
        return None
    match = PUT_BY.search(layout.text, unit.low, unit.passages[0].outer_start)
    if match is None:
        return None
    first, last = layout.token_from(match.start("name")), layout.token_from(match.end("name") - 1)
    at = layout.token_from(match.start())
    return Found(Cue(at, at, CueWord(layout.lower[at], "say", "ed"), False), (first, last))


RULE = Rule(
    name="put-by",
    label="put by X: “…”",
    reason="The colon ties the words to the name before it, whoever the sentence is about.",
    case=Case("That was the question put by Ann Tarrant: “Who will pay for the wall?”", "Ann Tarrant"),
    certainty=0.95,
    order=20,
    whole=put_by,
)
