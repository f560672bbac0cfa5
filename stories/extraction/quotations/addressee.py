"""To whom something was said: the listener beside "told", "speaking to", "in an interview with"."""

from __future__ import annotations

import re

from stories.extraction.quotations.clauses import audience
from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITAL, capital
from stories.extraction.text.reporting_verbs import Cue
from stories.extraction.types import Span
from stories.extraction.words import either, per_lists
from stories.extraction.words.lists import outlets

SPEAKING = re.compile(
    r"\b(?:[Ss]peaking|[Tt]alking|[Ss]poke|[Ii]nterview(?:ed)?|[Ii]nterview\s+for|appearing|[Ww]riting|wrote|"
    r"statement|comments?|remarks|quoted|[Ss]peech|[Aa]ddress(?:ing)?|on|in)\s+(?:(?:exclusively|earlier|today|live)\s+)?"
    r"(?:to|with|by|for|on|in|at)?\s*"
    r"(?:(?:the\s+)?(?:\w+\s+)?(?:newspaper|magazine|paper)\s+)?"
)
# The first letter stands by itself: a set of letters is quickly looked for.
AUDIENCES = re.compile(
    r"[SsTt](?i:(?:(?<=s)(?:peaking|poke)|(?<=t)alking)\s+(?:exclusively\s+)?to\s+"
    r"(?P<who>(?:the\s+)?(?:[\w’'-]+\s+){0,3}?(?:reporters|journalists|MPs|peers|delegates|members|activists|"
    r"supporters|students|audience|conference|crowd|committee))\b)"
)
TO = re.compile(r"\s+(?:out\s+|exclusively\s+|yesterday\s+|today\s+)?to\s+(?=(?:the\s+)?" + CAPITAL + ")")
OF = re.compile(r"\s+(?:of|from)\s+")
MOST = 6  # words of saying in a sentence looked at
ARTICLE = re.compile(r"(?:the|a|an|his|her|their)\s+", re.I)
GROUPS = frozenset(
    "reporters journalists mps peers delegates members activists supporters students audience conference "
    "crowd "
    "committee seminar newspaper paper programme lawmakers voters colleagues commons parliament".split()
)


@per_lists
def _any_outlet() -> re.Pattern[str]:
    return re.compile(either(outlets()))


@per_lists
def _outlet_here() -> re.Pattern[str]:
    """An outlet with its article, and its programme or website if one is named, in the group "outlet"."""
    return re.compile(
        rf"(?:the\s+|The\s+)?(?P<outlet>(?:{either(outlets())})"
        rf"(?:(?:['’]s)?\s+{CAPITAL}[\w ’'-]*?(?:programme|show|website|podcast))?)\b"
    )


def addressee_of(layout: Layout, unit: Unit, cues: Cues) -> tuple[str, Span] | None:
    """The outlet or audience of a unit as printed, and where: "the BBC", "Sky News", "reporters"."""
    found = _listener(layout, unit, cues)
    if found is None:
        return None
    words, span = found
    if layout.text[max(0, span.start - 4) : span.start].lower() != "the ":
        return found
    return f"the {words}", Span(span.start - 4, span.end)


def _listener(layout: Layout, unit: Unit, cues: Cues) -> tuple[str, Span] | None:
    """The outlet or audience and where it is printed, without its article."""
    return (
        _beside_own_cue(layout, unit) or _beside_any_cue(layout, unit, cues) or _outside_marks(layout, unit)
    )


def _beside_own_cue(layout: Layout, unit: Unit) -> tuple[str, Span] | None:
    """The listener behind the unit's own word of saying: "told the BBC", "told Ann Lee of the Echo"."""
    if unit.cue is None:
        return None
    high = layout.sentences[layout.sentence_at(layout.starts[unit.cue.first])].end
    listener = audience(layout, unit.cue, high)
    if listener is None or _is_source(layout, unit, listener):
        return None
    found = _outlet(layout, listener)
    if found is not None:
        return found
    behind = OF.match(layout.text, listener.end)
    found = _named(_outlet_here().match(layout.text, behind.end())) if behind is not None else None
    if found is not None:
        return found
    return _plain(layout, listener) if _is_audience(layout, listener) else None


def _is_source(layout: Layout, unit: Unit, span: Span) -> bool:
    """Whether a stretch overlaps the source chosen for the unit."""
    chosen = unit.chosen
    return chosen is not None and layout.starts[chosen[0]] < span.end and layout.ends[chosen[1]] > span.start


def _beside_any_cue(layout: Layout, unit: Unit, cues: Cues) -> tuple[str, Span] | None:
    """The listener behind a word of saying in the unit's sentences: "told the BBC", "said to the BBC"."""
    for cue in cues.between(unit.low, unit.high)[:MOST]:
        if cue.noun:
            continue
        listener = audience(layout, cue, unit.high)
        if listener is not None:
            found = _outlet(layout, listener)
            if found is not None:
                return found
            if listener.end <= unit.start and _is_audience(layout, listener) and _own(layout, unit, cue):
                return _plain(layout, listener)
        aside = TO.match(layout.text, layout.ends[cue.last], unit.high)
        if aside is not None:
            found = _named(_outlet_here().match(layout.text, aside.end(), unit.high))
            if found is not None:
                return found
    return None


def _outside_marks(layout: Layout, unit: Unit) -> tuple[str, Span] | None:
    """The audience or outlet spoken to in the words around: "speaking to reporters", "interviewed by"."""
    for low, high in _frame(layout, unit):
        match = AUDIENCES.search(layout.text, low, high)
        if match is not None:
            return _plain(layout, Span(*match.span("who")))
        if _any_outlet().search(layout.text, low, high) is None:
            continue
        for lead in SPEAKING.finditer(layout.text, low, high):
            found = _named(_outlet_here().match(layout.text, lead.end(), high))
            if found is not None:
                return found
    return None


def _named(match: re.Match[str] | None) -> tuple[str, Span] | None:
    """The outlet that ``_outlet_here`` found and where it is printed, without its article."""
    return (match.group("outlet"), Span(*match.span("outlet"))) if match is not None else None


def _own(layout: Layout, unit: Unit, cue: Cue) -> bool:
    """Whether a word of telling before the words has the unit's source for its subject."""
    if unit.chosen is None or layout.sentence_at(layout.starts[cue.first]) != layout.sentence_at(unit.start):
        return False
    return 0 < cue.first - unit.chosen[1] <= 3


def _frame(layout: Layout, unit: Unit) -> list[tuple[int, int]]:
    """The stretches around the words, outside marks."""
    if unit.passages:
        lows = [unit.low, *[passage.outer_end for passage in unit.passages]]
        highs = [*[passage.outer_start for passage in unit.passages], unit.high]
    else:
        lows, highs = [unit.low, unit.end], [unit.start, unit.high]
    return [(low, high) for low, high in zip(lows, highs, strict=True) if high > low]


def _outlet(layout: Layout, span: Span) -> tuple[str, Span] | None:
    """The outlet printed from the beginning of a stretch on, within its sentence."""
    high = layout.sentences[layout.sentence_at(span.start)].end
    return _named(_outlet_here().match(layout.text, span.start, high))


def _is_audience(layout: Layout, span: Span) -> bool:
    """Whether a listener is somebody one speaks to: a name, or people who listen for a living."""
    printed = layout.text[span.start : span.end].split()
    return capital(printed[-1]) or any(word.lower() in GROUPS for word in printed)


def _plain(layout: Layout, span: Span) -> tuple[str, Span]:
    match = ARTICLE.match(layout.text, span.start, span.end)
    start = match.end() if match else span.start
    return layout.text[start : span.end], Span(start, span.end)
