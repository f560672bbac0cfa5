"""Passive reporting verbs: whether the subject of a verb does the saying, and who does if not."""

from __future__ import annotations

from stories.extraction.text.layout import Layout
from stories.extraction.text.noun_phrases import after
from stories.extraction.text.reporting_verbs import Cue

BE = frozenset("was were been being is are be".split())
REACH_OF_BY = 14  # tokens behind a passive verb in which its agent may stand


def is_active(layout: Layout, cue: Cue) -> bool:
    """Whether the subject of a cue does the saying ("was accused of" has another's words)."""
    if cue.word.form != "ed" or not cue.first:
        return True
    if _reduced(layout, cue):
        return False
    if layout.lower[cue.first - 1] not in BE:
        return True
    return layout.lower[cue.first + 1 : cue.first + 3] == ["as", "saying"]


def _reduced(layout: Layout, cue: Cue) -> bool:
    """Whether a participle hangs on a noun and its agent follows: "a plan described by Ann Lee as"."""
    follows = layout.lower[cue.last + 1 : cue.last + 3]
    return len(follows) == 2 and follows[0] == "by" and not follows[1].endswith("ing")


def agent(layout: Layout, cue: Cue, high: int) -> tuple[int, int] | None:
    """The tokens of a passive's agent: "was described to reporters by one Labour MP:"."""
    for i in range(cue.last + 1, min(cue.last + REACH_OF_BY, len(layout.lower))):
        if layout.starts[i] >= high or layout.lower[i] in (",", ";", "that"):
            return None
        if layout.lower[i] == "by":
            return after(layout, i, high)
    return None
