"""A reported clause, then an inverted verb: the wall was safe, said Ann Lee."""

from __future__ import annotations

from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.speakers.rule import Case, Found, Rule
from stories.extraction.text.layout import Layout
from stories.extraction.text.noun_phrases import after

REACH = 6  # characters between the clause and the verb


def said_behind(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """The phrase behind the verb that a comma sets off from the clause."""
    if unit.passages and unit.kind == "direct":
        return None
    for cue in cues.between(unit.end, unit.end + REACH)[:1]:
        if cue.noun or not layout.text[unit.end : layout.starts[cue.first]].strip().startswith(","):
            continue
        follows = after(layout, cue.last, layout.sentences[layout.sentence_at(layout.starts[cue.first])].end)
        if follows is not None:
            return Found(cue, follows)
    return None


RULE = Rule(
    name="said-behind",
    label="…, said X (without marks)",
    reason="A verb before its subject closes the clause it reports.",
    case=Case("The harbour wall was safe, said Ann Tarrant.", "Ann Tarrant"),
    order=40,
    whole=said_behind,
)
