"""Words that the text says it has from others: "allegedly", "according to reports"."""

from __future__ import annotations

from stories.extraction.stance.stance_verbs import LONGEST_VERB, Sense
from stories.extraction.stance.surroundings import Surroundings

PASSED_ON = frozenset("allegedly reportedly supposedly purportedly apparently".split())


def passed_on(around: Surroundings, leads: list[int], tails: list[int]) -> Sense | None:
    """ "According to reports", "allegedly", "it is claimed" anywhere around the words."""
    layout, source = around.layout, around.source
    for side in (leads, tails):
        for n, i in enumerate(side):
            if around.word(i) in PASSED_ON:
                return Sense("quoted", layout.tokens[i].lower())
            if around.word(i) == "according" and n + 1 < len(side) and around.word(side[n + 1]) == "to":
                low = layout.ends[side[n + 1]] + 1
                if source is None or source.start <= low <= source.end:
                    continue
                if low < source.start and "," not in layout.text[low : source.start]:
                    continue
                stop = next((k for k in side[n + 2 :] if layout.tokens[k] in ",.;:"), side[-1] + 1)
                whom = layout.text[low : layout.ends[stop - 1]].strip(" ,.")
                return Sense("quoted", f"according to {whom}"[:LONGEST_VERB], whom or None)
    return None
