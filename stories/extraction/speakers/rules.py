"""The rules' own pick of cue and source for a unit, tried in a fixed order; the first that fits wins."""

from __future__ import annotations

import re
from collections.abc import Callable

from stories.extraction.quotations.clause_subjects import JOINING, main_subject, opening_subject, with_whom
from stories.extraction.quotations.clauses import NEXT_CUES
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITAL, CAPITALISED, MARKS, capital
from stories.extraction.text.noun_phrases import after, before
from stories.extraction.text.reporting_verbs import Cue, CueWord

NEAR = 90  # characters between the words and a cue after them

Found = tuple[Cue, tuple[int, int], str]


def after_words(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """ "…," she said. / "…," said Ann Lee."""
    for k, passage in enumerate(unit.passages):
        sentence = layout.sentences[layout.sentence_at(passage.outer_start)]
        high = unit.passages[k + 1].outer_start if k + 1 < len(unit.passages) else sentence.end
        high = min(high, max(sentence.end, passage.outer_end))
        for cue in cues.between(passage.outer_end, high)[:NEXT_CUES]:
            if cue.noun or layout.starts[cue.first] - passage.outer_end > NEAR:
                break
            if layout.text[passage.outer_end : layout.starts[cue.first]].strip(" ,") == "":
                follows = after(layout, cue.last, high)
                if follows is not None:
                    return cue, follows, "said-after"
                continue
            if cue.word.form == "prep":
                follows = after(layout, cue.last, high)
                if follows is not None:
                    return cue, follows, "according-to"
                continue
            subject = before(layout, cue.first, passage.outer_end)
            if subject is not None and cue.word.form != "ing":
                return cue, subject, "speaker-said-after"
    return None


def before_words(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """She said: "…" / Ann Lee told the Echo she had "…" / …, adding: "…"."""
    first = unit.passages[0] if unit.passages else None
    high = first.outer_start if first is not None else unit.start
    low = unit.low
    for cue in reversed(cues.between(low, high)[-NEXT_CUES:]):
        if cue.noun:
            continue
        if not not_passive(layout, cue):
            agent = by_whom(layout, cue, high)
            if agent is not None:
                return cue, agent, "by-passive"
            continue
        if cue.word.form == "prep":
            follows = after(layout, cue.last, high)
            if follows is not None:
                return cue, follows, "according-to"
            continue
        subject = before(layout, cue.first, low)
        if cue.word.form == "ing":
            joined = with_whom(layout, cue, low)
            if joined is not None:
                return cue, joined, "with-saying"
            comma = layout.lower[cue.first - 1] in (",", "–", "—", "-") if cue.first else False
            if (
                comma
                or subject is None
                or layout.lower[cue.first - 1] in ("by", "before", "after", "while", "and")
            ):
                subject = main_subject(layout, cue, cues, low)
                if subject is None:
                    continue
                return cue, subject, "participle"
            if cues.between(layout.starts[subject[0]], layout.starts[cue.first]):
                subject = main_subject(layout, cue, cues, low) or subject
            return cue, subject, "speaker-saying"
        if subject is None:
            follows = after(layout, cue.last, high)
            if follows is not None and cue.word.form in ("ed", "s") and layout.starts[cue.first] <= low + 1:
                return cue, follows, "said-before"
            subject = main_subject(layout, cue, cues, low) or subject_left_out(layout, cue)
        if subject is not None:
            return cue, subject, "speaker-said"
    return None


def subject_left_out(layout: Layout, cue: Cue) -> tuple[int, int] | None:
    """The subject of the sentence before, when this one has none: "Ann Lee said: “…” And added: “…”"."""
    sentence = layout.sentence_at(layout.starts[cue.first])
    begin = layout.sentences[sentence].start
    if not sentence or cue.word.form != "ed" or layout.starts[max(0, cue.first - 1)] != begin:
        return None
    if layout.lower[cue.first - 1] not in JOINING:
        return None
    return opening_subject(layout, layout.sentences[sentence - 1].start, begin)


def from_behind(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """a call to "…" from Ann Lee / was called "…" by Ann Lee."""
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
    passive = unit.cue is not None and not not_passive(layout, unit.cue)
    named = capital(layout.tokens[i + 1]) and capital(layout.tokens[follows[1]])
    if not passive and (follows[0] == follows[1] or not named):
        return None  # "by Labour" may belong to the words
    near = cues.between(layout.sentences[layout.sentence_at(unit.start)].start, unit.passages[0].outer_start)
    if near and not near[-1].noun and near[-1].word.form != "ed":
        return None  # "people who feel “left behind” by Ann Lee"
    if unit.cue is None:
        return Cue(i, i, CueWord(layout.lower[i], "say", "prep"), False), follows, "by-behind"
    return unit.cue, follows, "by-behind"


def put_by(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """…, the question put by Ann Lee: "…" """
    if not unit.passages or unit.kind != "direct":
        return None
    match = PUT_BY.search(layout.text, unit.low, unit.passages[0].outer_start)
    if match is None:
        return None
    first, last = layout.token_from(match.start("name")), layout.token_from(match.end("name") - 1)
    at = layout.token_from(match.start())
    return Cue(at, at, CueWord(layout.lower[at], "say", "ed"), False), (first, last), "put-by"


PUT_BY = re.compile(
    r"\b(?:posed|put|asked|raised|shouted|made|issued|given|delivered|spoken|uttered|offered|summed up) by "
    rf"(?P<name>(?:[\w’'-]+ ){{0,6}}?{CAPITALISED}+(?: {CAPITALISED}+)+):\s*$"
)


def signed(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """“…” and, in a line of its own or after a dash, - Ann Lee."""
    if unit.kind != "direct" or not unit.passages:
        return None
    end = unit.passages[-1].outer_end
    match = SIGNATURE.match(layout.text, end)
    if match is None or NEXT_TURN.match(layout.text, match.end()) is not None:
        return None
    first, last = layout.token_from(match.start("name")), layout.token_from(match.end("name") - 1)
    return Cue(first, first, CueWord("—", "say", "prep"), False), (first, last), "signed"


SIGNATURE = re.compile(
    rf"\s*[—–-]{{1,2}}\s?(?P<name>{CAPITAL}[\w{MARKS}’'.-]*(?: {CAPITAL}[\w{MARKS}’'.-]*){{0,3}}?)"
    r"(?=,|\.?\s*(?:\n|$))"
)
# The dash is a bullet, and what stands behind it leads to words of its own: "- Ann Lee, Labour: “…”".
NEXT_TURN = re.compile(r"[^\n:“\"]{0,80}:[ \t]*[“\"‘']")


def inverted(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """A reported clause, said Ann Lee."""
    if unit.passages and unit.kind == "direct":
        return None
    for cue in cues.between(unit.end, unit.end + 6)[:1]:
        if cue.noun or not layout.text[unit.end : layout.starts[cue.first]].strip().startswith(","):
            continue
        follows = after(layout, cue.last, layout.sentences[layout.sentence_at(layout.starts[cue.first])].end)
        if follows is not None:
            return cue, follows, "said-behind"
    return None


def not_passive(layout: Layout, cue: Cue) -> bool:
    """Whether the subject of a cue does the saying ("was accused of" has another's words)."""
    if cue.word.form != "ed" or not cue.first:
        return True
    if reduced(layout, cue):
        return False
    if layout.lower[cue.first - 1] not in BE:
        return True
    return layout.lower[cue.first + 1 : cue.first + 3] == ["as", "saying"]


def reduced(layout: Layout, cue: Cue) -> bool:
    """Whether a participle hangs on a noun and its agent follows: "a plan described by Ann Lee as"."""
    follows = layout.lower[cue.last + 1 : cue.last + 3]
    return (
        cue.word.form == "ed" and len(follows) == 2 and follows[0] == "by" and not follows[1].endswith("ing")
    )


def by_whom(layout: Layout, cue: Cue, high: int) -> tuple[int, int] | None:
    """The agent of a passive: "was described to reporters by one Labour MP:"."""
    for i in range(cue.last + 1, min(cue.last + 14, len(layout.lower))):
        if layout.starts[i] >= high or layout.lower[i] in (",", ";", "that"):
            break
        if layout.lower[i] == "by":
            return after(layout, i, high)
    return None


BE = frozenset("was were been being is are be".split())
ORDER: tuple[Callable[[Layout, Unit, Cues], Found | None], ...] = (
    signed,
    put_by,
    from_behind,
    inverted,
    after_words,
    before_words,
)


def pick(layout: Layout, unit: Unit, cues: Cues) -> Found | None:
    """Cue, source tokens and rule for a unit; ``None`` when the sentence names no speaker."""
    for rule in ORDER:
        found = rule(layout, unit, cues)
        if found is not None:
            return found
    return None
