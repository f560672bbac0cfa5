"""What the second speaker of a sentence says: Ann Lee said no, while Bo Raye said it was “…”."""

from __future__ import annotations

from stories.extraction.quotations.passive_agents import NEXT_SAID
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=NEXT_SAID,
    label="Y said that, beside or inside what X said",
    reason="A clause with a subject and a verb of its own has its own speaker.",
    case=Case("Bram Ottley attacked Ann Tarrant for claiming the wall was “dead and buried”.", "Ann Tarrant"),
    certainty=0.9,
)
