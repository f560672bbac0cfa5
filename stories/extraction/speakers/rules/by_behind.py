"""A speaker behind "by" or "from" that follows the words: a call to “…” from Ann Lee."""

from __future__ import annotations

from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.speakers.passives import is_active
from stories.extraction.speakers.rule import Case, Found, Rule
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.noun_phrases import after
from stories.extraction.text.reporting_verbs import Cue, CueWord


def by_behind(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """The phrase behind "by" or "from": "was called “…” by Ann Lee"."""
    if not unit.passages or unit.kind == "direct":
        return None
    end = unit.passages[-1].outer_end
    i = layout.token_from(end)
    if (
        i + 1 >= len(layout.lower)
        or layout.lower[i] not in ("by", "from")
        or layout.text[end : layout.starts[i]].strip()
    ):
        return None
    follows = after(layout, i, layout.sentences[layout.sentence_at(end)].end)
    if follows is None:
        return None
    passive = unit.cue is not None and not is_active(layout, unit.cue)
    named = capital(layout.tokens[i + 1]) and capital(layout.tokens[follows[1]])
    if not passive and (follows[0] == follows[1] or not named):
        return None  # "by Labour" may belong to the words
    near = cues.between(layout.sentences[layout.sentence_at(unit.start)].start, unit.passages[0].outer_start)
    if near and not near[-1].noun and near[-1].word.form != "ed":
        return None  # "people who feel “left behind” by Ann Lee"
    if unit.cue is None:
        return Found(Cue(i, i, CueWord(layout.lower[i], "say", "prep"), False), follows)
    return Found(unit.cue, follows)


RULE = Rule(
    name="by-behind",
    label="“…” by X",
    reason="An agent right behind the marks is who put it so.",
    case=Case("A levy seen as “a raid on pilots” by Ann Tarrant was passed.", "Ann Tarrant"),
    order=30,
    whole=by_behind,
)
