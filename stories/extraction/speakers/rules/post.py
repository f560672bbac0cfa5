"""A post printed with the account and the day behind it."""

from __future__ import annotations

from stories.extraction.quotations.turns import POST
from stories.extraction.speakers.rule import Case, Rule

RULE = Rule(
    name=POST,
    label="… – X (@account) and a day",
    reason="A page prints a post with the name of whoever wrote it behind the words.",
    case=Case("The wall will be mended by Lent. — Ann Tarrant (@tarrant) April 3, 2031", "Ann Tarrant"),
    certainty=0.95,
)
