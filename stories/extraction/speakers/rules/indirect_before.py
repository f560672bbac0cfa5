"""A clause without marks before the verb that closes its sentence: it was over, Ann Lee said."""

from __future__ import annotations

from stories.extraction.quotations.reported import INDIRECT_BEFORE
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=INDIRECT_BEFORE,
    label="…, X said (without marks)",
    reason="Who closes a sentence behind a comma says all of it.",
    case=Case(
        "The toll on the bridge should be scrapped, the transport minister Ann Tarrant said on Tuesday.",
        "Ann Tarrant",
    ),
)
