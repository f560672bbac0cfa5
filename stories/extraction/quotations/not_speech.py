"""Finds marked words that are nobody's speech: coined terms, titles of works, slogans, words not said."""

from __future__ import annotations

import re

from stories.extraction.quotations.reported import FRAGMENT
from stories.extraction.quotations.units import Unit, word_count
from stories.extraction.tagging.items import SMALL_IN_TITLES
from stories.extraction.text.layout import Layout
from stories.extraction.types import Span

SILENT = re.compile(
    r"\b(?:declin(?:ed|es|ing) to|refus(?:ed|es|ing) to (?:say|discuss|comment|answer|be drawn|"
    r"confirm)|said nothing|"
    r"(?:gave|given|made|issued|offered|published|set out) no (?:\w+ )?(?:forecast|statement|explanation|"
    r"reason|answer|reply|details?|indication|hint|promise|estimate)|(?:made )?no comment|not be drawn|"
    r"did not (?:say|respond|reply|comment)|would not (?:say|"
    r"comment|discuss|confirm))\b"
)
JOINED = re.compile(r"\b(?:but|and|though|although)\b")
DECLARED = re.compile(
    r"(?:the |this |it )?(?:[\w’'-]+ ){0,3}(?:open|closed|adjourned|over|elected|carried)\b"
)
WANTED = re.compile(r"\b(?:asked|call(?:ed|ing)|appeal(?:ed|ing)) (?:for )?\w+$")
NAMING = re.compile(
    r"\b(?:called|titled|entitled|named|reading|reads?|slogan|signs?|placards?|banners?|headlined?|"
    r"known as|nicknamed|so-called|"
    r"maxim|motto|adage|proverb|"
    r"film|book|song|album|novel|chapter of|play|programme|series|column|sculpture|painting|poem|hymn)"
    r"(?:\s+(?:of|that read|saying|which read))?[\s,:]*$",
    re.I,
)
PLAYED = ("programme", "series", "column", "book", "chapter", "film")
WHOLE = 6  # words from which a capital alone makes an utterance of a passage
UNSAID = {"direct": 0.6, "partial": 0.45, "indirect": 0.5}  # nobody's words, from this chance on
HEADING = 8  # words of a heading, at most
FEWEST = 3  # words of a fragment the tagger is silent about


def is_speech(layout: Layout, unit: Unit) -> bool:
    """Whether a unit is kept as somebody's words."""
    if unit.unsaid > UNSAID[unit.kind] or _nickname(layout, unit):
        return False
    if unit.kind == "direct":
        bare = unit.tagged is None and not unit.rule and word_count(layout.text, unit.start, unit.end) < WHOLE
        return not bare and not _named_thing(layout, unit) and not _heading(layout, unit)
    sentence = layout.sentences[layout.sentence_at(unit.start)]
    if _lead_in(layout, unit.start, sentence) or _asked_about(layout, unit, sentence):
        return False
    if _silent(layout.text, _clause_start(layout, unit, sentence), unit.start):
        return False
    count = word_count(layout.text, unit.start, unit.end)
    if unit.kind == "indirect" and _done_by_saying(layout.text, unit, count):
        return False
    return unit.tagged is not None or _stands_by_rules(layout, unit, count)


def _done_by_saying(text: str, unit: Unit, count: int) -> bool:
    """Whether ``count`` words behind a verb say what is done or wanted and are nobody's words.

    "declared the meeting closed", "asked for quiet".
    """
    declared = unit.cue is not None and unit.cue.word.lemma == "declare"
    if declared and DECLARED.match(text, unit.start, unit.end):
        return True
    return count < 2 and WANTED.search(text, max(0, unit.start - 12), unit.end) is not None


def _stands_by_rules(layout: Layout, unit: Unit, count: int) -> bool:
    """Whether a unit of ``count`` words is kept about which the tagger is silent."""
    if _named_thing(layout, unit):
        return False
    if unit.passages and layout.text[unit.passages[0].start].isupper() and count < WHOLE:
        return False
    return unit.rule != FRAGMENT or (count >= FEWEST and unit.chosen is not None)


def _silent(text: str, clause: int, start: int) -> bool:
    """Whether the clause that leads up to the words says that nothing was said ("declined to say whether"),
    and no further verb stands between ("declined to comment but said")."""
    joined = [match.end() for match in JOINED.finditer(text, clause, start)]
    return SILENT.search(text, joined[-1] if joined else clause, start + len("nothing")) is not None


def _nickname(layout: Layout, unit: Unit) -> bool:
    """Whether a unit is no more than what something or somebody is known as, whatever leads to it."""
    if len(unit.passages) != 1 or unit.kind == "direct":
        return False
    passage = unit.passages[0]
    if unit.start < passage.outer_start - LEAD or unit.end > passage.outer_end:
        return False
    return KNOWN_AS.search(layout.text, max(0, passage.outer_start - 40), passage.outer_start) is not None


LEAD = 30  # characters before the marked words
KNOWN_AS = re.compile(
    r"\b(?:known(?: \w+)? as|nicknamed|(?:become|became|becoming) [\w’' ]{1,24}['’]s)"
    r"(?: an?| the| its| his| her)?\s$"
)


def _heading(layout: Layout, unit: Unit) -> bool:
    """Whether a paragraph is nothing but a few words in single marks, in a story that has double ones."""
    if len(unit.passages) != 1 or not unit.passages[0].single or unit.cue is not None:
        return False
    (passage,) = unit.passages
    low, high = layout.paragraphs[layout.paragraph_at(passage.outer_start)]
    return (
        (passage.outer_start, passage.outer_end) == (low, high)
        and word_count(layout.text, *unit.content[0]) <= HEADING
        and not all(other.single for other in layout.passages)
    )


def _lead_in(layout: Layout, start: int, sentence: Span) -> bool:
    """Whether the clause only leads up to what is said ("Explaining his reasons, Ann Lee said: …")."""
    return (
        start - sentence.start < 30
        and LEADING_UP.match(layout.text, sentence.start, sentence.end) is not None
    )


def _asked_about(layout: Layout, unit: Unit, sentence: Span) -> bool:
    """Whether the words stand in the question somebody answers ("Asked if it was a "fair" test, she …")."""
    if unit.chosen is None or ASKED.match(layout.text, sentence.start, sentence.end) is None:
        return False
    comma = layout.text.find(", ", unit.passages[-1].outer_end if unit.passages else unit.end, sentence.end)
    return comma >= 0 and unit.end <= comma < layout.starts[unit.chosen[0]] < sentence.end


ASKED = re.compile(
    r"(?:When )?(?:[Aa]sked|[Pp]ressed|[Qq]uizzed|[Qq]uestioned|[Cc]hallenged) (?:\w+ )?"
    r"(?:if|whether|why|how|what|about|over|on|by)\b"
)
LEADING_UP = re.compile(
    r"(?:Explaining|Describing|Responding|Reacting|Commenting|Referring|Addressing|Discussing|Speaking|Announcing|"
    r"Defending|Recalling|Quizzed|Pressed|Challenged) "
)


def _clause_start(layout: Layout, unit: Unit, sentence: Span) -> int:
    """Where the words between the source, or the sentence's begin, and the content begin."""
    if unit.chosen is not None and sentence.start <= layout.ends[unit.chosen[1]] <= unit.start:
        return layout.ends[unit.chosen[1]]
    return max(sentence.start, unit.start - 60)


def _named_thing(layout: Layout, unit: Unit) -> bool:
    """A title, a slogan or a name: announced as one, or every word of weight a capital."""
    if unit.tagged is not None or not unit.passages:
        return False
    text = layout.text
    naming = NAMING.search(text[max(0, unit.passages[0].outer_start - 40) : unit.passages[0].outer_start])
    if naming is not None:
        spoken = unit.kind == "direct" and unit.cue is not None and naming.group().rstrip().endswith(":")
        return not (spoken and naming.group().lower().startswith(PLAYED))
    parts = [word for word in text[unit.start : unit.end].split() if word.lower() not in SMALL_IN_TITLES]
    return (
        len(parts) > 1
        and all(word[0].isupper() or not word[0].isalpha() for word in parts)
        and text[unit.end - 1] not in ".,!?"
    )
