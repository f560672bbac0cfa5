"""Paragraphs, sentences and tokens of a text, each with its original offsets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from stories.extraction.text.letters import CAPITAL, CAPITALISED, MARKS, UPPER, uncased
from stories.extraction.text.lines import lead_of, set_aside
from stories.extraction.text.quotation_marks import Passage, passages
from stories.extraction.types import Span
from stories.extraction.words.lists import abbreviations, not_names, unfinished

LINE = re.compile(r"[^\n\r\u2028\u2029]+")
# The first branch only says of words of small letters what a later one says of any word: it is quicker.
TOKEN = re.compile(
    rf"([a-z]++(?![\w{MARKS}’'.-])"
    rf"|(?:{UPPER}\.){{2,}}"
    r"|(?:Mrs|Sen|Rep|Gov|Gen|Rev|Hon|Prof|Sens|Reps|Messrs|Lt|Capt|Col|Maj|Sgt|Cmdr|Adm|Brig|Cpl)\.(?=\s)"
    r"|[^\W\d_]+(?:\.(?:com|org|net|gov|edu|co|uk|tv))+\b"
    r"|[^\W\d_]+(?:[-’'](?![sS]\b)[^\W_]+|[" + MARKS + r"][^\W_]*)*(?:\.(?<=\b(?:Mr|Ms|Dr|St|Jr|Sr)\.))?"
    r"|['’][sS]\b|\d+(?:[.,]\d+)*(?:[^\W_]+)?|''|[^\w\s])"
)
# A mark that closes may have a stray space before it.
BOUNDARY = re.compile(rf"[.!?…]+(?:[\"”’')\]]*| [\"”])(\s+)(?=[\"“‘'(\[$£]*(?:[0-9]|{CAPITAL}))")
LAST_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\Z")
INITIALS = re.compile(rf"{UPPER}(?:\.{UPPER})+")
NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
SMALL_ABBREVIATIONS = frozenset("vs v i.e e.g a.k.a approx dept d r".split())
LONGEST = 4000  # characters of a sentence


class Layout:
    """The text cut up once; every later step asks this where things are.

    ``tokens``, ``starts`` and ``ends`` run in parallel; ``lower`` holds the tokens in lower case, ``plain``
    the words of four letters and more that the text prints in lower case.
    """

    __slots__ = (
        "_paragraph_starts",
        "_passage_starts",
        "_sentence_starts",
        "asides",
        "ends",
        "headline",
        "lower",
        "paragraphs",
        "passages",
        "plain",
        "sentences",
        "shouted",
        "starts",
        "text",
        "tokens",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.asides = set_aside(text)  # credits, bylines, links, notes: nobody is named or speaks there
        self.shouted = _mostly_capitals(text)
        self.paragraphs = paragraphs(text)
        self.headline = _headline(text, self.paragraphs)
        self.passages: list[Passage] = passages(text, self.paragraphs)
        self.sentences = sentences(text, self.paragraphs, self.passages)
        pieces = TOKEN.split(text)  # what stands between tokens and the tokens by turns
        edges = list(accumulate(map(len, pieces)))
        self.tokens = pieces[1::2]
        self.starts = edges[:-1:2]
        self.ends = edges[1::2]
        self.lower = list(map(str.lower, self.tokens))
        small = {token for token in set(self.tokens) if len(token) > 3 and token.islower()}
        self.plain = {token for token in small if not uncased(token)}
        self._paragraph_starts = [span.start for span in self.paragraphs]
        self._sentence_starts = [span.start for span in self.sentences]
        self._passage_starts = [passage.outer_start for passage in self.passages]

    def paragraph_at(self, position: int) -> int:
        """Index of the paragraph holding ``position`` (the one before, between paragraphs)."""
        return (bisect_right(self._paragraph_starts, position) or 1) - 1

    def is_aside(self, position: int) -> bool:
        """Whether ``position`` is in a stretch in which nobody is named or speaks."""
        k = bisect_right(self.asides, position, key=lambda span: span.start) - 1
        return k >= 0 and position < self.asides[k].end

    def sentence_at(self, position: int) -> int:
        """Index of the sentence holding ``position``."""
        return (bisect_right(self._sentence_starts, position) or 1) - 1

    def token_from(self, position: int) -> int:
        """Index of the first token ending after ``position``; ``len(tokens)`` when there is none."""
        return bisect_right(self.ends, position)

    def follows(self, position: int, mark: str) -> bool:
        """Whether ``mark`` is printed right before ``position``, spaces aside."""
        while position and self.text[position - 1].isspace():
            position -= 1
        return self.text.endswith(mark, 0, position)

    def passage_from(self, position: int) -> Passage | None:
        """The passage between marks holding ``position`` or beginning first after it."""
        i = max(0, bisect_right(self._passage_starts, position) - 1)
        while i < len(self.passages) and self.passages[i].outer_end <= position:
            i += 1
        return self.passages[i] if i < len(self.passages) else None

    def passage_at(self, position: int) -> Passage | None:
        """The passage between marks holding ``position``."""
        i = bisect_right(self._passage_starts, position) - 1
        return self.passages[i] if i >= 0 and position < self.passages[i].outer_end else None


def _mostly_capitals(text: str) -> bool:
    """Whether most letters of the beginning are capitals: copy as an agency's wire once had it."""
    letters = [letter for letter in text[:2000] if letter.isalpha()]
    return sum(map(str.isupper, letters)) > 0.7 * len(letters) > 0


def paragraphs(text: str) -> list[Span]:
    """Paragraphs are lines; a line broken in mid-sentence is joined to the next."""
    out: list[Span] = []
    for match in LINE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            continue
        begin = lead_of(text, start, end)
        if begin == start and out and _joined(text, out[-1], start):
            out[-1] = Span(out[-1].start, end)
        else:
            out.append(Span(begin, end))
    return out


def _joined(text: str, last: Span, start: int) -> bool:
    """Whether the line at ``start`` goes on with the sentence of the line ``last``."""
    gap = text[last.end : start]
    if gap.count("\n") > 1 or gap.count("\u2029"):
        return False
    bare = text[last.start : last.end].rstrip("\"”'’)")
    if len(bare) < last.end - last.start:
        return bare.endswith(",") or _small(text[start])  # “It is kind,” / said Ada Birkett.
    if text[last.end - 1] in ".!?:;…":
        return False
    tail = text[max(last.start, last.end - 24) : last.end].split()
    if tail and tail[-1].lower() in unfinished():
        return True
    return _small(text[start]) or text[last.end - 1] == ","


def _small(letter: str) -> bool:
    return letter.islower() and not uncased(letter)


def _headline(text: str, found: Sequence[Span]) -> bool:
    """Whether the first paragraph stands as a headline: short, unfinished by a stop, with more to follow."""
    if len(found) < 2:
        return False
    first = found[0]
    return first.end - first.start < 200 and text[first.end - 1] not in ".:,;"


def _abbreviated(text: str, low: int, stop: int) -> bool:
    """Whether the full stop at ``stop`` ends an abbreviation or an initial rather than a sentence."""
    word = _last_word(text, low, stop)
    if not word:
        return False
    if len(word) == 1:
        return word.isupper() and word != "I"
    if "." in word and INITIALS.fullmatch(word):
        following = NEXT_WORD.match(text, stop + 1)
        # One of these begins a sentence, a name does not.
        return following is not None and following.group(1) not in not_names()
    lower = word.lower()
    if lower in ("no", "nos"):
        return text[stop + 1 : stop + 3].strip()[:1].isdigit()
    return lower in abbreviations() and (word[0].isupper() or word in SMALL_ABBREVIATIONS)


def _last_word(text: str, low: int, stop: int) -> str:
    """The word before the full stop at ``stop``, with full stops inside it ("U.S"); "" when there is none."""
    if stop <= low or not text[stop - 1].isalnum():
        return ""
    run = text[max(low, stop - 14) : stop].split()[-1]
    if run.isalpha():
        return run
    match = LAST_WORD.search(run)
    return match.group() if match is not None else ""


def sentences(text: str, spans: Sequence[Span], marked: Sequence[Passage]) -> list[Span]:
    """Sentences of every paragraph; none ends inside a passage between marks."""
    out: list[Span] = []
    k = 0
    for low, high in spans:
        start = low
        for match in BOUNDARY.finditer(text, low, high):
            stop, begin = match.start(), match.end()
            while k < len(marked) and marked[k].outer_end <= stop:
                k += 1
            inside = k < len(marked) and marked[k].outer_start < begin < marked[k].outer_end
            if inside or (text[stop] == "." and _abbreviated(text, low, stop)):
                continue
            if text[stop] in "?!" and match.start(1) - stop > 1 and _tagged(text, begin, high):
                continue
            out.append(Span(start, match.start(1)))
            start = begin
        if start < high:
            out.append(Span(start, high))
    if all(end - start <= LONGEST for start, end in out):
        return out
    return [piece for span in out for piece in _pieces(text, span)]


def _pieces(text: str, span: Span) -> list[Span]:
    """Endless sentences cut at blanks, so that work inside one stays bounded."""
    out = []
    start, end = span
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut + 1 if cut > 0 else start + LONGEST
        out.append(Span(start, cut))
        start = cut
    out.append(Span(start, end))
    return out


AFTER_TAG = re.compile(
    rf"(?:(?:Mr|Mrs|Ms|Dr|Sir|Lord|Lady|Sen|Rep|Gov)\.? )?{CAPITALISED}+(?: {CAPITALISED}+){{0,2}}"
    r"(?:, [^,.!?\"“”]{3,80},)? "
    r"(?:said|says|asked|asks|told|tells|added|adds|wrote|writes|tweeted|joked|quipped|replied|responded|answered|"
    r"shouted|yelled|cried|exclaimed|declared|declares|insisted|continued|recalled|demanded|wondered|remarked|"
    r"noted|explained|argued|warned|concluded|mused|retorted)\b"
)


def _tagged(text: str, begin: int, high: int) -> bool:
    """Whether a passage ending in ! or ? is followed by its speaker: no new sentence begins there."""
    return AFTER_TAG.match(text, begin, high) is not None
