"""Reported clauses: what a word of saying governs in its sentence, from words alone."""

from __future__ import annotations

import re

from stories.extraction.quotations.units import Cues
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.noun_phrases import LEADING, adverb, before
from stories.extraction.text.reporting_verbs import Cue
from stories.extraction.types import Span
from stories.extraction.words.lists import pronouns

BE = frozenset("was were been be being is are".split())
NEXT_CUES = 8  # how many later words of saying may end a clause
TRIM_END = " \t\n\r\u00a0.,;:!?"
AUDIENCE = re.compile(
    r"\s+(?P<who>(?:(?:the|a|an|his|her|their|its|our)\s+)?(?:[\w’'.&-]+\s+){0,5}?[\w’'.&-]+?)"
    r"(?=\s+(?:the|that|against|over|how|why|what|whether|of|about|on|in|at|during|after|before|earlier|when|while|he|she|it|they|we|I|there|"
    r"his|her|their|this|these|outside|inside|near|following|as|yesterday|today|last|to|not|if|by)\b|\s*[:,.;\"“‘—–]|\s*$)"
)
LATE_THAT = re.compile(
    r"\s+(?:in|on|at|after|during|before|earlier|last|yesterday|today)\b[^,.;:\n\"“”]{0,70}?\bthat\s+"
)
TO_BEING = re.compile(r"to\s+(?=\w+ing\b)")
OPENING = re.compile(r"(?:\s+(?:yesterday|today|on \w+day|last night|earlier))?\s*(?:that\b|:)?\s*")


def audience(layout: Layout, cue: Cue, high: int) -> Span | None:
    """The listener printed right after a word of telling: "told the Daily Telegraph that"."""
    if cue.word.group != "tell" or cue.word.lemma == "promise":
        return None
    match = AUDIENCE.match(layout.text, layout.ends[cue.last], high)
    if match is None:
        return None
    first = match.group("who").split()[0].lower()
    if first in (
        "that",
        "of",
        "how",
        "to",
        "in",
        "on",
        "at",
        "if",
        "whether",
        "it",
        "there",
        "not",
        "by",
        "as",
        "for",
    ):
        return None
    return Span(match.start("who"), match.end("who"))


def content_after(layout: Layout, cue: Cue, high: int) -> int:
    """Where the reported clause begins after a word of saying: listener and "that" skipped."""
    listener = audience(layout, cue, high)
    position = listener.end if listener else layout.ends[cue.last]
    match = OPENING.match(layout.text, position, high)
    begin = match.end() if match else position
    if listener is not None:
        late = LATE_THAT.match(layout.text, position, high)
        if late is not None:
            begin = late.end()
    being = TO_BEING.match(layout.text, begin, high)
    return being.end() if being else begin


def clause_end(layout: Layout, cue: Cue, cues: Cues, begin: int, high: int) -> int:
    """Where the clause governed by ``cue`` ends: at the next speaker's clause or the sentence's end."""
    text = layout.text
    end = high
    for other in cues.between(begin, high)[:NEXT_CUES]:
        if other.first <= cue.last or other.noun:
            continue
        start = layout.starts[other.first]
        lead = text[begin:start].rstrip()
        if not lead:
            continue
        if other.word.form in ("ing", "prep") and lead[-1] in ",;—–":
            end = begin + len(lead) - 1
            break
        subject = before(layout, other.first, begin)
        if subject is None or other.word.form not in ("ed", "s") or other.word.group == "judge":
            continue
        at = layout.starts[subject[0]]
        while (
            subject
            and at > begin
            and layout.token_from(at) - 1 >= 0
            and layout.lower[layout.token_from(at) - 1] in LEADING
            and layout.starts[layout.token_from(at) - 1] > begin
        ):
            at = layout.starts[layout.token_from(at) - 1]
        head = text[begin:at].rstrip()
        if (
            cue.word.group == "judge"
            and text[at:start].startswith(("and ", "but "))
            and other.word.group == "say"
        ):
            end = at
            break
        if head and head[-1] in ",;—–" and layout.passage_at(begin + len(head) - 1) is None:
            end = begin + len(head) - 1
            break
    return end


def trim(text: str, start: int, end: int) -> Span:
    """Drop spaces around and stops behind a clause."""
    while start < end and (text[start].isspace() or text[start] in ",:;"):
        start += 1
    while end > start and text[end - 1] in TRIM_END:
        end -= 1
    return Span(start, end)


def starts_clause(layout: Layout, position: int) -> bool:
    """Whether a reported sentence may begin at ``position``: a pronoun, article, name or plural follows."""
    i = layout.token_from(position)
    if i >= len(layout.lower):
        return False
    word, token = layout.lower[i], layout.tokens[i]
    return word in pronouns() or word in CLAUSE_OPENERS or capital(token) or token[0].isdigit()


CLAUSE_OPENERS = frozenset(
    "the a an this that these those there his her their its our my your no any some many most all both each "
    "every such if when while as it people ministers mps voters women men children critics more "
    "further other".split()
)


def is_finite(layout: Layout, cue: Cue) -> bool:
    """Whether the form can head a reporting clause by itself."""
    if cue.noun or cue.word.form == "base":
        return False
    passive = cue.first > 0 and layout.lower[cue.first - 1] in BE
    return not (cue.word.form == "ed" and passive)


def modal_before(layout: Layout, cue: Cue) -> bool:
    """Whether helping verbs stand before the base form ("will say", "did not say")."""
    i = cue.first - 1
    return i >= 0 and adverb(layout.lower[i])
