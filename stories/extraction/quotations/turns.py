"""Words whose line names their speaker: turns of a transcript, speeches of a parliament's record, posts.

``ANN LEE: There is money.``, ``[00:01:02] Ann Lee: …``, ``Ann Lee (Norbury, Lab)`` with the speech below
it, and a post with its account and day behind it.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from stories.extraction.people.mentions import titles
from stories.extraction.quotations.units import Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITALISED, capital
from stories.extraction.text.noun_phrases import token_span
from stories.extraction.text.office_words import is_head
from stories.extraction.types import Span
from stories.extraction.words.lists import bodies, given_names, not_names

TURN, POST = "turn", "post"
FEWEST = 2  # lines with a label from which a text is a transcript
REACH = 160  # characters in which a label's colon stands
LONGEST = 6  # words of a label
MANY = 4  # words of a label that is a name
CLOCK = r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?[\])]?[ \t]+)?"
WORD = rf"(?:{CAPITALISED}*\.?|de|van|von|der|al|bin|la|le|of|the|ap|ab)"
LABEL = re.compile(
    rf"{CLOCK}(?:<v (?P<voice>[^<>\n]{{2,50}})>[ \t]*(?=\S)|(?P<name>{WORD}(?: {WORD}){{0,6}})"
    rf"(?:, (?P<office>[^:\n]{{2,60}}))?(?P<seat>(?: ?\([^()\n]{{2,60}}\)){{0,2}})\s?:[ \t]+(?=[^\s“\"‘']))"
)
RECORD = re.compile(
    rf"(?P<name>{WORD}(?: {WORD}){{1,6}}) \([^()\n]{{2,40}}(?:, [A-Z][\w/ -]{{1,20}}\)|\) ?\([A-Z][\w/ "
    rf"-]{{1,20}}\))"
    r"(?: ?\[[^\]\n]{1,20}\])?:?$"
)
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
POSTED = re.compile(
    r"\s*(?:(?:https?://|pic\.twitter\.com/)\S+\s*)*[—–―-]{1,2}\s?(?P<name>[^\n()@—–―]{2,60}?) \(@\w+\),? "
    rf"(?:{MONTH}\.? \d{{1,2}}, \d{{4}}|\d{{1,2}} {MONTH}\.? \d{{4}})\s*$"
)
NOBODY = frozenset(
    "q a question answer note notes contact background update updated related watch read pictured "
    "source sources location date time venue summary analysis warning correction clarification email tel "
    "twitter website".split()
)


def turns(layout: Layout) -> list[Unit]:
    """Units of all words whose line names who speaks."""
    return _labelled(layout) + _recorded(layout) + _posts(layout)


def labels(layout: Layout) -> list[Span]:
    """Where a line names its speaker: whoever is named there is somebody."""
    out = []
    for unit in turns(layout):
        if unit.source is not None and (unit.rule == TURN or layout.tokens[unit.source[0]] in given_names()):
            out.append(token_span(layout, *unit.source))
    return out


def _labelled(layout: Layout) -> list[Unit]:
    text = layout.text
    near = [i for i, (start, end) in enumerate(layout.paragraphs) if _may_begin(text, start, end)]
    if len(near) < FEWEST:
        return []
    found = [(i, LABEL.match(text, *layout.paragraphs[i])) for i in near]
    labels = [(i, match) for i, match in found if match is not None and _may_be_label(match)]
    again = Counter(match.group("name") for _, match in labels)
    labels = [
        (i, match)
        for i, match in labels
        if (i or not layout.headline)  # "Lee: We will sail" is a headline
        and (_is_label(match) or again[match.group("name")] > 1 or not _heads_text(layout, match))
    ]
    if (
        len(labels) < FEWEST
        or not any(_is_label(match) for _, match in labels)
        or not _is_transcript(layout, labels)
    ):
        return []
    begins = {i for i, _ in labels}
    out = []
    for i, match in labels:
        group = "voice" if match.group("voice") else "name"
        content = [Span(match.end(), layout.paragraphs[i].end)]
        for k in range(i + 1, len(layout.paragraphs)):
            if k in begins or not _goes_on(layout, k):
                break
            content.append(layout.paragraphs[k])
        out.append(_unit(layout, content, match.span(group), TURN))
    return out


def _may_begin(text: str, start: int, end: int) -> bool:
    """Whether a line may begin with a label: a quick look before the pattern is tried."""
    return text.find(":", start, min(end, start + REACH)) >= 0 or text.startswith("<v ", start)


def _may_be_label(match: re.Match[str]) -> bool:
    """Whether what stands before a colon may be a label where others certainly are."""
    if _is_label(match):
        return True
    words = match.group("name").split()
    if len(words) > MANY or words[0].lower() in NOBODY or not all(map(capital, words)):
        return False
    return len(words) > 1 or (len(words[0]) > 2 and words[0].isupper())


def _heads_text(layout: Layout, match: re.Match[str]) -> bool:
    """Whether words in capitals are a heading and no name: some are words of the text, or of bodies."""
    label = match.group("name") or ""
    if not label.isupper() or " " not in label:
        return False
    words = label.split()
    return any(w.lower() in layout.plain or w.capitalize() in bodies() | not_names() for w in words)


def _is_label(match: re.Match[str]) -> bool:
    """Whether what stands before a colon may name somebody."""
    if match.group("voice"):
        return True
    words = match.group("name").split()
    if len(words) > LONGEST or words[0].lower() in NOBODY:
        return False
    known = [word.capitalize() if word.isupper() else word for word in words]
    return any(word in titles() or word in given_names() or is_head(word) for word in (*words, *known))


def _is_transcript(layout: Layout, labels: list[tuple[int, re.Match[str]]]) -> bool:
    """Whether labels are the habit of a text: several people in turn, on most of its lines or close "
    "together."""
    called = {match.group("voice") or match.group("name") for _, match in labels}
    neighbours = sum(b - a <= 2 for (a, _), (b, _) in pairwise(labels))
    return (
        len(called) > 1 and neighbours >= 1 and (len(labels) > 3 or len(labels) * 3 >= len(layout.paragraphs))
    )


def _goes_on(layout: Layout, k: int) -> bool:
    """Whether a paragraph goes on with the turn before it: it is no heading and has no label of any kind."""
    start, end = layout.paragraphs[k]
    ended = layout.text[end - 1] in '.?!”"’…'
    return ended and not layout.is_aside(start) and ANY_LABEL.match(layout.text, start, end) is None


ANY_LABEL = re.compile(r"[^\s:][^:\n.?!]{0,60}:\s")


def _recorded(layout: Layout) -> list[Unit]:
    """Speeches under the name of a member, as a parliament's record prints them."""
    out = []
    for i, (start, end) in enumerate(layout.paragraphs[:-1]):
        short = end - start < REACH and layout.text[end - 1] in ")]:"
        match = RECORD.match(layout.text, start, end) if short else None
        if match is None or layout.is_aside(layout.paragraphs[i + 1].start):
            continue
        if layout.text[layout.paragraphs[i + 1].end - 1] in ".?!":
            out.append(_unit(layout, [layout.paragraphs[i + 1]], match.span("name"), TURN))
    return out


def _posts(layout: Layout) -> list[Unit]:
    """Posts with the name, account and day of whoever wrote them behind the words."""
    text, out = layout.text, []
    for start, end in layout.paragraphs:
        at = text.rfind("(@", start, end)
        if at < 0:
            continue
        dash = max(text.rfind(mark, start, at) for mark in "—–―-")
        low = dash
        while low > start and (text[low - 1].isspace() or text[low - 1] in "—–―-"):
            low -= 1
        match = POSTED.match(text, low, end) if dash > start else None
        if match is None:
            continue
        words = _without_links(text, start, low)
        if words.end - words.start > 2:
            out.append(_unit(layout, [words], match.span("name"), POST))
    return out


LINKS = re.compile(r"\s*(?:https?://|pic\.twitter\.com/)\S+\s*\Z")
MARKS = "“”\"‘’'„«»"


def _without_links(text: str, start: int, end: int) -> Span:
    """The words of a post without links behind them, marks around them and blanks."""
    while (link := LINKS.search(text, start, end)) is not None:
        end = link.start()
    while start < end and (text[start] in MARKS or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in MARKS or text[end - 1].isspace()):
        end -= 1
    return Span(start, end)


def _unit(layout: Layout, content: list[Span], name: tuple[int, int], rule: str) -> Unit:
    source = layout.token_from(name[0]), layout.token_from(name[1] - 1)
    low = min(content[0].start, name[0])
    return Unit(content, "direct", low, max(content[-1].end, name[1]), source=source, rule=rule)


def leave_out_covered(units: list[Unit], turned: list[Unit]) -> list[Unit]:
    """``units`` without those whose words are in a turn: they are the turn's speaker's."""
    spans = sorted(span for unit in turned for span in unit.content)
    return [unit for unit in units if not any(low <= unit.start < high for low, high in spans)]
