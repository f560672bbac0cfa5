"""The stance by the verb behind the words."""

from __future__ import annotations

import re

from stories.extraction.stance.chains import chain_sense
from stories.extraction.stance.governors import governors
from stories.extraction.stance.stance_verbs import Sense
from stories.extraction.stance.surroundings import Surroundings

ENDS = (",", ";", ":", "“", '"')
ANSWERED = re.compile(
    r"\s*(?:[\w’'.-]+ ){1,5}?(?:replied|answered|responded|retorted|countered)\b(?! [“\"‘'])"
)


def by_tail(around: Surroundings, tails: list[int]) -> Sense | None:
    """By the verb behind the words, on either side of its source: "…," said Ann Lee."""
    layout, source = around.layout, around.source
    clause = tails
    inside = source is not None and around.end <= source.start < around.high
    if source is not None and inside:
        between = [i for i in tails if layout.ends[i] <= source.start]
        chain = chain_sense(around, governors(around, between), between, after=True)
        if chain is not None:
            return chain
        clause = [i for i in tails if layout.starts[i] >= source.end]
    found = governors(around, clause)
    if found:
        behind = [i for i in clause if i > found[0].last]
        stop = next((i for i in behind if layout.tokens[i] in ENDS), clause[-1] + 1)
        clause = [i for i in clause if i < stop]
    return chain_sense(around, governors(around, clause), clause, after=True)


def is_answered(around: Surroundings) -> bool:
    """A question before "Mr Lee replied that …" is somebody else's."""
    text = around.layout.text
    if not text[around.content[-1].start : around.content[-1].end].rstrip().endswith("?"):
        return False
    return ANSWERED.match(text, around.end, around.high) is not None
