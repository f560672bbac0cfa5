"""What went wrong, by class: words missed or cut wrongly, words nobody said, sources given wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stories.extraction.evaluation.gold import MarkedStory, MarkedWords, overlap, right_source, shared
from stories.extraction.types import Quotation, Span
from stories.extraction.words.lists import pronouns

NEARLY = 0.95  # of the characters of one stretch that must lie in another for it to count as inside


class Error(NamedTuple):
    """One error: its class, where, as "story:start-end", and the words it is about."""

    kind: str
    where: str
    content: tuple[Span, ...]


def errors(story: MarkedStory, found: Sequence[Quotation], pairs: Sequence[tuple[int, int]]) -> list[Error]:
    """The errors of one story; ``pairs`` are the indexes of marked and found words that are the same."""
    met_by, meets = dict(pairs), {j: i for i, j in pairs}
    out: list[Error] = []
    for i, words in enumerate(story.words):
        if i not in met_by:
            out.append(Error(_missed(words, found), place(story, words.content), words.content))
        elif not right_source(story.text, found[met_by[i]].source, words.source):
            kind = _source(story.text, found[met_by[i]], words)
            out.append(Error(kind, place(story, words.content), words.content))
    for j, quotation in enumerate(found):
        if j not in meets and not any(shared(quotation.content, words.content)[0] for words in story.words):
            kind = f"nobody’s words: {quotation.kind}"
            out.append(Error(kind, place(story, quotation.content), quotation.content))
    return out


def place(story: MarkedStory, content: Sequence[Span]) -> str:
    """Where words stand: "story:start-end"."""
    return f"{story.name}:{content[0].start}-{content[-1].end}"


def _missed(words: MarkedWords, found: Sequence[Quotation]) -> str:
    """How marked words that no quotation matches were lost."""
    size = sum(end - start for start, end in words.content)
    both, near = max(((shared(words.content, q.content)[0], q) for q in found), default=(0, None), key=_first)
    if near is None or not both:
        return "missed"
    wide = both >= NEARLY * size
    narrow = both >= NEARLY * sum(end - start for start, end in near.content)
    return "cut too wide" if wide else "cut too narrow" if narrow else "cut askew"


def _first(pair: tuple[int, Quotation]) -> int:
    return pair[0]


def _source(text: str, quotation: Quotation, words: MarkedWords) -> str:
    """How the source of well-cut words went wrong."""
    if quotation.source is None:
        return "source: none given"
    if not words.source:
        return "source: given where none is marked"
    taken = _kind(text[quotation.source.start : quotation.source.end])
    if any(overlap(quotation.source, span) for span in words.source):
        return f"source: {taken} cut wrongly"
    considered = any(right_source(text, candidate.span, words.source) for candidate in quotation.candidates)
    return (
        f"source: {taken} taken, the right one {'was likely too' if considered else 'was not thought likely'}"
    )


def _kind(printed: str) -> str:
    """Whether a source is a pronoun, a name or another phrase."""
    if printed.lower() in pronouns():
        return "pronoun"
    return "name" if printed.split()[-1][:1].isupper() else "phrase"
