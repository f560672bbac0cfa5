"""Marked words that a passive, or a clause of its own, gives to somebody else than the sentence's subject.

"Ann Lee announced a levy - described by one union as a “raid”" and "… in a move branded a “retreat” by the
Tories": the marked words are the union's and the Tories', whoever the sentence is about. So are they Bo
Raye's in "Ann Lee said it was over, while Bo Raye said she was “sad”".
"""

from __future__ import annotations

import re

from stories.extraction.quotations.clauses import content_after, trim
from stories.extraction.quotations.reported import REPORTED
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.noun_phrases import after, before
from stories.extraction.text.quotation_marks import Passage
from stories.extraction.text.reporting_verbs import Cue, CueWord
from stories.extraction.types import Span

DESCRIBED_BY = "described-by"
VERBS = (
    r"(?P<verb>described|branded|dubbed|called|labelled|labeled|condemned|denounced|dismissed|attacked|criticised|"
    r"criticized|hailed|praised|ridiculed|mocked|derided|slammed|characterised|characterized|portrayed)"
)
LEADS_ON = r"(?: as| for| being| having| its| his| her| their| an?| the)*\s*"
AGENT_AHEAD = re.compile(rf"\b{VERBS} by (?!\w+ing\b)(?=[^,.;:\"“”]{{2,70}}? (?:as|for|being) [^,.;:\"“”]*$)")
AGENT_BEHIND = re.compile(rf"\b{VERBS}(?: by some)?(?: as)?(?: an?| the)?\s*$")
BY = re.compile(r"\s+(?:[a-z][\w-]* ){0,2}?by (?!\w+ing\b)(?=(?:the |an? |one |some )?[\w’'])")


def give_to_passive_agents(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Give marked words with such an agent a unit of their own, its source the agent."""
    for unit in list(units):
        if unit.kind == "direct":
            continue
        for passage in list(unit.passages):
            found = _agent(layout, passage)
            if found is None:
                continue
            verb, agent = found
            _lose(layout, unit, passage, layout.starts[verb])
            if not unit.content:
                units.remove(unit)
            units.append(_unit(layout, passage, verb, agent, unit))


def split_contrasted_clauses(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Part a reported clause before "while Bo Raye said": the marked words behind it are hers alone."""
    for unit in list(units):
        if unit.kind == "direct" or not unit.passages or len(unit.content) != 1:
            continue
        begin, end = unit.content[0]
        found = _second_speaker(layout, begin, unit.passages[-1].outer_start, cues)
        if found is None:
            continue
        cue, subject, at = found
        theirs = [p for p in unit.passages if p.outer_start > layout.starts[cue.first]]
        if not theirs:
            continue
        for passage in theirs:
            unit.passages.remove(passage)
        spans = [Span(p.start, p.end) for p in theirs]
        unit.fragments[:] = [span for span in unit.fragments if span not in spans]
        unit.content[:] = [trim(layout.text, begin, at)]
        unit.kind = "partial" if unit.passages else "indirect"
        words = trim(layout.text, content_after(layout, cue, unit.high), max(end, theirs[-1].end))
        units.append(Unit([words], "partial", at, unit.high, spans, theirs, cue, subject, REPORTED))


def give_to_accused(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Give words behind "for claiming" to whom they are held against: "attacked Raye for calling it “dead”".

    The sentence goes on to be about the attacker.
    """
    for unit in list(units):
        if unit.kind != "partial" or len(unit.content) != 1:
            continue
        found = _held_against(layout, unit, cues)
        if found is None:
            continue
        cue, subject = found
        theirs = [p for p in unit.passages if p.outer_start > layout.starts[cue.last]]
        for passage in theirs:
            _lose(layout, unit, passage, layout.starts[cue.first - 1])
        if not unit.content:
            units.remove(unit)
        spans = [Span(p.start, p.end) for p in theirs]
        own = Unit(spans, "partial", unit.low, unit.high, list(spans), theirs, cue, subject, NEXT_SAID)
        own.headline, own.in_passing = unit.headline, True
        units.append(own)


def _held_against(layout: Layout, unit: Unit, cues: Cues) -> tuple[Cue, tuple[int, int]] | None:
    """The word of saying behind "for" in front of marked words, and the one judged, who said it."""
    begin, high = unit.content[0].start, unit.passages[-1].outer_start
    for cue in cues.between(begin, high):
        if cue.word.form != "ing" or layout.lower[cue.first - 1] != "for" or cue.word.lemma not in CLAIMING:
            continue
        judged = cues.between(unit.low, layout.starts[cue.first])[-1:]
        if not judged or judged[0].word.group != "judge":
            return None
        subject = after(layout, judged[0].last, layout.starts[cue.first - 1])
        return (cue, subject) if subject is not None and capital(layout.tokens[subject[1]]) else None
    return None


CLAIMING = frozenset("say claim call describe suggest argue insist declare boast".split())
NEXT_SAID = "next-said"


def start_behind_verb(layout: Layout, unit: Unit) -> None:
    """Let the words of somebody behind "with" begin after the word of saying."""
    if unit.kind == "direct" or unit.cue is None:
        return
    begin, end = content_after(layout, unit.cue, unit.high), unit.content[0].end
    if unit.start < begin < end:
        unit.content[0] = trim(layout.text, begin, end)


def keep_contrasted_speaker(layout: Layout, units: list[Unit], cues: Cues) -> None:
    """Hold to the subject that parts its words from another's: "while Bo Raye says it is “dead”"."""
    for unit in units:
        if unit.kind == "direct" or unit.source is None or unit.cue is None:
            continue
        first, last = unit.source
        lead = layout.lower[first - 1] if first else ""
        begins = layout.ends[unit.cue.last] <= unit.start <= layout.ends[unit.cue.last] + len(" that ")
        says = unit.cue.word.lemma in CLAIMING and begins
        if lead in CONTRASTS and says and last + 1 == unit.cue.first and capital(layout.tokens[last]):
            unit.rule = NEXT_SAID


def _second_speaker(
    layout: Layout, begin: int, high: int, cues: Cues
) -> tuple[Cue, tuple[int, int], int] | None:
    """The last word of saying before ``high`` with a named subject behind "while", and where that begins."""
    for cue in reversed(cues.between(begin, high)):
        if cue.noun or cue.word.form not in ("ed", "s") or cue.word.group not in ("say", "tell"):
            continue
        subject = before(layout, cue.first, begin)
        if subject is None or not capital(layout.tokens[subject[1]]):
            return None
        first = subject[0]
        lead = layout.lower[first - 1] if first and layout.starts[first] > begin else ""
        return (cue, subject, layout.starts[first - 1]) if lead in CONTRASTS else None
    return None


CONTRASTS = frozenset("while whereas although though".split())


def _agent(layout: Layout, passage: Passage) -> tuple[int, tuple[int, int]] | None:
    """The participle's token and the agent's tokens, first and last; ``None`` when no passive leads here."""
    text = layout.text
    sentence = layout.sentences[layout.sentence_at(passage.outer_start)]
    low, high = max(sentence.start, passage.outer_start - 140), passage.outer_start
    words = text[low:high]
    ahead = AGENT_AHEAD.search(words) if " by " in words else None
    if ahead is not None:
        by = layout.token_from(low + ahead.end() - 2)
        agent = after(layout, by, high)
        at = low + ahead.start("verb")
    else:
        behind = BY.match(text, passage.outer_end, sentence.end)
        lead = AGENT_BEHIND.search(words) if behind is not None else None
        if lead is None or behind is None:
            return None
        agent = after(layout, layout.token_from(behind.end() - 2), sentence.end)
        at = low + lead.start("verb")
    if agent is None or layout.passage_at(at) is not None:
        return None
    return layout.token_from(at), agent


def _lose(layout: Layout, unit: Unit, passage: Passage, at: int) -> None:
    """Take the passage and all from the participle on out of the words it was counted to."""
    unit.passages.remove(passage)
    unit.fragments[:] = [span for span in unit.fragments if span.start != passage.start]
    comma = max(layout.text.rfind(mark, unit.start, at) for mark in (", ", " - ", " – ", " — "))
    cut = comma if comma >= 0 else at
    unit.content[:] = [
        trim(layout.text, span.start, min(span.end, cut)) for span in unit.content if span.start < cut
    ]
    unit.content[:] = [span for span in unit.content if span.end > span.start]
    unit.kind = "partial" if unit.passages else "indirect"


def _unit(layout: Layout, passage: Passage, verb: int, agent: tuple[int, int], home: Unit) -> Unit:
    span = Span(passage.start, passage.end)
    word = layout.lower[verb]
    cue = Cue(verb, verb, CueWord(word, "judge", "ed"), False)
    return Unit(
        [span],
        "partial",
        home.low,
        home.high,
        [span],
        [passage],
        cue,
        agent,
        DESCRIBED_BY,
        headline=home.headline,
    )
