"""Names that hang on a noun before them: "an aide to Ann Lee" is the aide."""

from __future__ import annotations

import re

from stories.extraction.people.offices import head_of
from stories.extraction.text.letters import capital

HANGS = re.compile(
    r"\b(?:(?:of|for|to|with|by|from|in|at|on|about|behind|against)\s+(?:the\s+|then\s+|former\s+)?(?:[\w’'-]+\s+){0,3}"
    r"|(?!outgoing|incoming|acting)\w{2,}ing\s+)$"
)
# "a spokesman for European Commissioner Ann Lee", however long her office is
SOMEBODY_ELSE = re.compile(
    r"(?:an?|one|another|some|several|two|many)\s+[^,]*\b(?:of|for|to|from|with|by|behind|in|at)\s+[^,]*$",
    re.I,
)


def hangs_on_noun(lead: str) -> bool:
    """Whether ``lead``, the words of a phrase before a name in it, have a noun on which the name hangs.

    "an aide to" Ann Lee, "unions meeting" Mr Lee.
    """
    if not lead or (lead.rstrip().endswith(("'s", "’s")) and capital(lead) and head_of(lead) is None):
        return False  # "Ports for All's Ann Lee" is of that body
    hangs = HANGS.search(lead)
    return (hangs is not None and hangs.start() > 0) or SOMEBODY_ELSE.match(lead) is not None
