"""A reported clause without marks: Ann Lee said that it was over."""

from __future__ import annotations

from stories.extraction.quotations.reported import INDIRECT
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=INDIRECT,
    label="X said that …",
    reason="The subject of a reporting verb says what stands in its clause.",
    case=Case("Ann Tarrant has told councillors the boats were half empty.", "Ann Tarrant"),
)
