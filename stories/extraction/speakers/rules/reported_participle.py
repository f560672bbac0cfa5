"""The same behind a participle: Ann Lee left, adding that it was “…”."""

from __future__ import annotations

from stories.extraction.quotations.reported import REPORTED_PARTICIPLE
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=REPORTED_PARTICIPLE,
    label="…, adding that it was “…”",
    reason="A participle without a subject has its sentence’s.",
    case=Case("Ann Tarrant left the quay, speaking of the “wall of shame”.", "Ann Tarrant"),
)
