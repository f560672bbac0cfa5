"""Anchors: the exact words of a claim in a story, and the same words again after the story was edited.

A :class:`Selector` is the W3C Web Annotation model's TextQuoteSelector (the words, and what stands before
and after them) together with its TextPositionSelector (where they stood): see
https://www.w3.org/TR/annotation-model/#selectors. Offsets are Python characters of the story's plain text,
`start` included and `end` not.

:func:`find` has one duty above all: an anchor never comes to rest on other words than its own, nor on
words that only look like its own. So

* quotation marks, dashes, ellipses, white space and invisible characters may be typed differently, and
  where the words are gone so may capitals, commas, full stops and brackets; nothing else: a letter more or
  less (also one grown on to either end) means that the words are gone;
* where the same words stand in several places, the old text and the new one are compared on both sides of
  each: the place chosen must agree better than every other place, and no other old place may agree with it
  as well. What does not decide is reported as ambiguous;
* a place counts as moved only where its surroundings moved with it. Where the old sentence was left behind,
  with other words or altered ones in it, the same words elsewhere are somebody else's until a person says;
* words that were lost stay lost until their own surroundings are back, see :func:`back`.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from stories.text.normalise import Folded, folded, loosened

__all__ = ["CONTEXT", "Found", "Selector", "State", "alike", "back", "distinct", "find", "make", "places_of"]

CONTEXT = 32  # characters kept before and after the words
_WINDOW = 240  # characters on each side whose words are compared
_REACH = 20_000  # characters on each side that are compared exactly
_MOST_PLACES = 300  # more places than this are not weighed
_MOST_CANDIDATES = 20  # places reported, best first
_GROWTH = 24  # characters beside the words in which the rest of a word is looked for
_A_WORD = 4  # characters of agreement that are not only a space and a mark
_LONG = 24  # so many characters are not written twice by chance
_LIKE = 3  # pairs of neighbouring words from which on a passage can be told to be an altered copy

State = Literal["kept", "moved", "ambiguous", "lost"]


@dataclass(frozen=True, slots=True)
class Selector:
    """The words `exact`, with up to 32 characters before and after them, at ``text[start:end]``."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0
    end: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the selector as JSON has it; ``Selector(**that)`` is the selector again."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a selector's words are now.

    ``kept``: at the same offsets, unchanged. ``moved``: at ``start``–``end``, or with other marks or
    capitals there (make the selector anew). ``ambiguous``: in one of `candidates`, and nothing says which.
    ``lost``: gone; `candidates` then are places with the same words that are known to be others.
    `start` and `end` are None for the last two.
    """

    state: State
    start: int | None = None
    end: int | None = None
    candidates: tuple[tuple[int, int], ...] = ()


def make(text: str, start: int, end: int) -> Selector:
    """The selector of ``text[start:end]``. Raises ValueError when that is outside `text`, or nothing."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start}–{end} selects nothing in a text of {len(text)} characters")
    return Selector(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
        end=end,
    )


def find(text: str, selector: Selector, *, old_text: str | None = None) -> Found:
    """Where the words of `selector` are in `text`; see :class:`Found`.

    `old_text` is the text the selector was made in. With it, repeated words can nearly always be told
    apart; without it (or when the selector does not fit it) only a place is taken that has the whole of the
    selector's context around it, and is the only such place.
    """
    if old_text is None or old_text[selector.start : selector.end] != selector.exact:
        return _by_own_context(text, selector)
    if old_text == text:
        return Found("kept", selector.start, selector.end)
    found = _find(text, selector, old_text, folded)
    if found.state == "lost" and not found.candidates:
        # The very words are gone: with other capitals, commas or brackets they may be there.
        retyped = _find(text, selector, old_text, loosened)
        if retyped.state != "lost":
            return retyped
    return found


def _find(text: str, selector: Selector, old_text: str, fold: Callable[[str], Folded]) -> Found:
    old, new = fold(old_text), fold(text)
    own = old.span(selector.start, selector.end)
    if not old.text[slice(*own)].strip():
        return Found("lost")
    at = _outside_the_edits(old, own, new)
    if at is not None:
        return _found(text, selector, new.raw(at, own[1] - own[0]))
    found = _by_context(text, selector, old, own, new)
    if found.start is not None and _left_behind(old_text, text, selector, found):
        return Found("ambiguous", candidates=((found.start, found.end or 0),))
    return found


def distinct(text: str, start: int, end: int) -> Selector:
    """As :func:`make`, with the whole paragraph, and what else tells the place from every other in `text`.

    It is what lost words are known by when they come back. Raises ValueError as :func:`make` does.
    """
    make(text, start, end)
    first, last = _passage(text, start, end)
    before, after = max(CONTEXT, start - first), max(CONTEXT, last - end)
    while True:
        selector = Selector(
            text[start:end], text[max(0, start - before) : start], text[end : end + after], start, end
        )
        if len(_in_own_context(folded(text), selector)) < 2 or before + after > 2 * len(text):
            return selector
        before, after = before * 2, after * 2


def back(
    text: str, selectors: Sequence[Selector], *, old_text: str, unrivalled: bool = False
) -> list[tuple[int, int]] | None:
    """Where words that are lost or ambiguous in `old_text` stand in their own surroundings again; or None.

    `selectors` are the parts of one quotation, each made where it last stood (:func:`distinct`). All of
    their context must be around each, in one place only, and one at least must have come with `text`. What
    stood in `old_text` already is a rival and never taken, however its surroundings were written anew;
    unless it is `unrivalled`: the words stand once, and are not known to be another's.
    """
    if old_text == text:
        return None
    old, new = folded(old_text), folded(text)
    found: list[tuple[int, int]] = []
    came = False
    for selector in selectors:
        words = folded(selector.exact).text
        places = _in_own_context(new, selector)
        rivals = _places(old, words)
        if len(places) != 1 or len(rivals) > _MOST_CANDIDATES:
            return None
        place = new.raw(places[0], len(words))
        alone = unrivalled and len(rivals) < 2 and len(_places(new, words)) == 1
        if not _in_own_context(old, selector):
            now = [find(text, make(old_text, *old.raw(at, len(words))), old_text=old_text) for at in rivals]
            taken = any(place in ((one.start, one.end), *one.candidates) for one in now)
            came = came or alone or not taken
        found.append(place)
    return found if came else None


def places_of(text: str, words: str) -> list[tuple[int, int]]:
    """Every place in `text` where `words` stand, their marks typed in whichever way: (start, end)."""
    new, wanted = folded(text), folded(words).text
    return [new.raw(at, len(wanted)) for at in _places(new, wanted)] if wanted.strip() else []


def alike(one: str, other: str) -> bool:
    """Whether two are the same words, their marks typed in whichever way."""
    return folded(one.strip()).text == folded(other.strip()).text


def _found(text: str, selector: Selector, place: tuple[int, int]) -> Found:
    start, end = _bracketed(text, *place)
    kept = start == selector.start and text[start:end] == selector.exact
    return Found("kept" if kept else "moved", start, end)


# When the words stand outside everything that was edited


def _outside_the_edits(old: Folded, own: tuple[int, int], new: Folded) -> int | None:
    """The words' place when they stand in the unchanged beginning or end of the text.

    An edit beside a repetition can be read in two ways ("a b" became "a a b": which "a" is new?). Only words
    that are outside the edited stretch in every reading are taken, and only when that stretch, old and new,
    does not hold them a second time.
    """
    start, end = own
    words = old.text[start:end]
    length, new_length = len(old.text), len(new.text)
    shorter = min(length, new_length)
    head = _shared_after(old.text, 0, new.text, 0, shorter)
    tail = _shared_before(old.text, length, new.text, new_length, shorter)
    if end <= min(head, shorter - tail):
        place = start
    elif start >= length - min(tail, shorter - head):
        place = start + new_length - length
    else:
        return None
    head, tail = min(head, shorter - tail), min(tail, shorter - head)
    for text in (old.text, new.text):
        at = text.find(words, max(0, head - len(words)), len(text) - tail + len(words))
        while at >= 0 and at == (start if text is old.text else place):
            at = text.find(words, at + 1, len(text) - tail + len(words))
        if at >= 0:
            return None
    # At the very edge of the edit a letter may have grown on to the words.
    same = _growths(old, start, end) == _growths(new, place, place + len(words))
    return place if same and new.is_whole(place, place + len(words)) else None


# Otherwise: by what stands around


class _Agreement(NamedTuple):
    """How well a place in the old text and a place in the new one agree around the same words."""

    before: int  # characters, directly before the words
    after: int  # characters, directly after them
    around: int  # pairs of neighbouring words shared by the surroundings at large
    whole: bool  # whether nothing else differs at all

    @property
    def total(self) -> int:
        return self.before + self.after

    def beats(self, other: "_Agreement") -> bool:
        """Whether this is clearly the better: on neither side does the other agree by a word more."""
        if self.total <= other.total or other.around > 2 * self.around + 4:
            return False
        loses_before = other.before > self.before and other.before >= _A_WORD
        loses_after = other.after > self.after and other.after >= _A_WORD
        if loses_before or loses_after:
            return False
        dominates = self.before >= other.before and self.after >= other.after
        return (dominates and self.total >= other.total + _A_WORD) or self.total >= 2 * other.total + 8

    def convinces(self, words: str) -> bool:
        """Whether it is enough for the only place: the words may have been written again elsewhere."""
        return self.total >= 16 or self.whole or (len(words) >= _LONG and self.around >= 3)


def _by_own_context(text: str, selector: Selector) -> Found:
    """Decide by the selector alone: the only place with all of its context."""
    new, words = folded(text), folded(selector.exact).text
    if not words.strip():
        return Found("lost")
    own = [new.raw(at, len(words)) for at in _in_own_context(new, selector)]
    stood = (selector.start, selector.end)
    if stood in own or len(own) == 1:
        return _found(text, selector, stood if stood in own else own[0])
    places = [
        at for at in _places(new, words) if _growths(new, at, at + len(words)) == _own_growths(selector)
    ]
    candidates = tuple(new.raw(at, len(words)) for at in places[:_MOST_CANDIDATES])
    return Found("ambiguous" if places else "lost", candidates=candidates)


def _in_own_context(new: Folded, selector: Selector) -> list[int]:
    """The places in a text where the words stand with all of the selector's context around them."""
    whole = folded(selector.prefix + selector.exact + selector.suffix)
    start, end = whole.span(len(selector.prefix), len(selector.prefix) + len(selector.exact))
    begins, ends = len(selector.prefix) < CONTEXT, len(selector.suffix) < CONTEXT
    found: list[int] = []
    at = new.text.find(whole.text)
    while at >= 0 and len(found) <= _MOST_PLACES:
        at_edges = (not begins or at == 0) and (not ends or at + len(whole.text) == len(new.text))
        if at_edges and new.is_whole(at + start, at + end):
            found.append(at + start)
        at = new.text.find(whole.text, at + 1)
    return found


def _own_growths(selector: Selector) -> tuple[str, str]:
    whole = folded(selector.prefix + selector.exact + selector.suffix)
    return _growths(whole, *whole.span(len(selector.prefix), len(selector.prefix) + len(selector.exact)))


def _by_context(text: str, selector: Selector, old: Folded, own: tuple[int, int], new: Folded) -> Found:
    """Decide by comparing surroundings."""
    words = old.text[slice(*own)]
    growths = _growths(old, *own)
    places = _places(new, words, growths)
    if not places:
        return Found("lost")
    if len(places) > _MOST_PLACES:
        return Found(
            "ambiguous", candidates=tuple(new.raw(at, len(words)) for at in places[:_MOST_CANDIDATES])
        )
    compare = _Comparison(old, new, len(words))
    ranked = sorted(((compare.agreement(own[0], place), place) for place in places), reverse=True, key=_rank)
    best, place = ranked[0]
    rivals = [at for at in _places(old, words, growths) if at != own[0]]
    if (
        best.convinces(words)
        and all(best.beats(other) for other, _ in ranked[1:])
        and all(best.beats(compare.agreement(rival, place)) for rival in rivals)
    ):
        return _found(text, selector, new.raw(place, len(words)))
    candidates = tuple(new.raw(place, len(words)) for _, place in ranked[:_MOST_CANDIDATES])
    taken = all(
        any(compare.agreement(rival, place).beats(agreement) for rival in rivals)
        for agreement, place in ranked
    )
    return Found("lost" if taken else "ambiguous", candidates=candidates)


# Whether the old sentence was left behind


def _left_behind(old_text: str, text: str, selector: Selector, found: Found) -> bool:
    """Whether the words' old sentence still stands, with others in it or altered ones, apart from `found`."""
    start, end = found.start or 0, found.end or 0
    first, last = _passage(old_text, selector.start, selector.end)
    new_first, new_last = _passage(text, start, end)
    before = folded(old_text[first : selector.start]).text[-CONTEXT:]
    after = folded(old_text[selector.end : last]).text[:CONTEXT]
    if not folded(text[new_first:start]).text.endswith(before) and _still_stands(old_text, text, before):
        return True
    if not folded(text[end:new_last]).text.startswith(after) and _still_stands(old_text, text, after):
        return True
    gone, fresh = _rewritten(old_text, text)
    pairs = _pairs(loosened(selector.exact).text)
    if len(pairs) < _LIKE:
        return False
    own = old_text[first:last].split("\n\n")[-1]
    altered = sum(_is_altered(pairs, selector.exact, passage) for passage in fresh)
    return altered > sum(_is_altered(pairs, selector.exact, passage) for passage in gone if passage != own)


def _still_stands(old_text: str, text: str, frame: str) -> bool:
    """Whether what stood beside the words is left: a text has as many of it as it had with them."""
    if not _WORD.search(frame):
        return False
    return folded(text).text.count(frame) >= folded(old_text).text.count(frame)


def _is_altered(pairs: "_Pairs", words: str, passage: str) -> bool:
    """Whether a passage has most of the words, and not all of them."""
    loose = loosened(passage).text
    return len(pairs & _pairs(loose)) * 2 >= len(pairs) and loosened(words).text.strip() not in loose


@lru_cache(maxsize=4)
def _rewritten(old_text: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paragraphs that only the old text has, and those that only the new one has."""
    old, new = Counter(old_text.split("\n\n")), Counter(text.split("\n\n"))
    return tuple(old - new), tuple(new - old)


def _passage(text: str, start: int, end: int) -> tuple[int, int]:
    """The paragraphs of a range, with the one before when it leads in to it ("She said:")."""
    first = text.rfind("\n\n", 0, start)
    while first >= 0 and text[:first].endswith(":"):
        first = text.rfind("\n\n", 0, first)
    last = text.find("\n\n", end)
    return (first + 2 if first >= 0 else 0), (last if last >= 0 else len(text))


_WORD = re.compile(r"\w+")
_Pairs = frozenset[tuple[str, str]]


def _rank(item: tuple[_Agreement, int]) -> tuple[int, int, int]:
    agreement, place = item
    return agreement.total, agreement.around, -place


class _Comparison:
    """Compares surroundings of the same words in the old and the new text (both folded)."""

    def __init__(self, old: Folded, new: Folded, length: int) -> None:
        self.old, self.new, self.length = old.text, new.text, length
        self._seen: dict[tuple[bool, int], tuple[_Pairs, _Pairs]] = {}

    def agreement(self, old: int, new: int) -> _Agreement:
        before = _shared_before(self.old, old, self.new, new, _REACH)
        begins = before == old == new
        old_end, new_end = old + self.length, new + self.length
        after = _shared_after(self.old, old_end, self.new, new_end, _REACH)
        ends = after == len(self.old) - old_end == len(self.new) - new_end
        return _Agreement(
            # That both stories begin here, or end here, is agreement, too.
            before + (_A_WORD if begins else 0),
            after + (_A_WORD if ends else 0),
            self._around(old, new),
            begins and ends,
        )

    def _around(self, old: int, new: int) -> int:
        """How many pairs of neighbouring words the places share, before them and after them."""
        before, after = self._pairs(self.old, old)
        new_before, new_after = self._pairs(self.new, new)
        return len(before & new_before) + len(after & new_after)

    def _pairs(self, text: str, at: int) -> tuple[_Pairs, _Pairs]:
        key = (text is self.old, at)
        if key not in self._seen:
            end = at + self.length
            self._seen[key] = _pairs(text[max(0, at - _WINDOW) : at]), _pairs(text[end : end + _WINDOW])
        return self._seen[key]


def _pairs(text: str) -> _Pairs:
    """The neighbouring words of a text."""
    words = _WORD.findall(text)
    return frozenset(itertools.pairwise(words))


def _shared_after(one: str, at: int, other: str, other_at: int, most: int) -> int:
    """How many characters after two places are the same, at most `most`; by slices that grow and shrink."""
    limit = min(len(one) - at, len(other) - other_at, most)
    shared, step = 0, 16
    while shared < limit:
        size = min(step, limit - shared)
        left, right = at + shared, other_at + shared
        if one[left : left + size] == other[right : right + size]:
            shared, step = shared + size, step * 2
        elif size == 1:
            break
        else:
            step = size // 2
    return shared


def _shared_before(one: str, at: int, other: str, other_at: int, most: int) -> int:
    """How many characters before two places are the same, at most `most`; as :func:`_shared_after`."""
    limit = min(at, other_at, most)
    shared, step = 0, 16
    while shared < limit:
        size = min(step, limit - shared)
        left, right = at - shared, other_at - shared
        if one[left - size : left] == other[right - size : right]:
            shared, step = shared + size, step * 2
        elif size == 1:
            break
        else:
            step = size // 2
    return shared


# Where words stand, and what grows on to them


_IN_WORDS = frozenset({"Mn", "Mc", "Me", "Sc"})


def _bracketed(text: str, start: int, end: int) -> tuple[int, int]:
    """A range with the brackets at its edges whose other half is inside: "the] wall" is "[the] wall"."""
    for opening, closing in ("[]", "()"):
        inside = text[start:end]
        if inside.count(closing) > inside.count(opening) and text[start - 1 : start] == opening:
            start -= 1
        elif inside.count(opening) > inside.count(closing) and text[end : end + 1] == closing:
            end += 1
    return start, end


def _places(story: Folded, words: str, growths: tuple[str, str] = ("", "")) -> list[int]:
    """Where `words` stand with nothing grown on to them but what was there before."""
    places: list[int] = []
    at = story.text.find(words)
    while at >= 0 and len(places) <= _MOST_PLACES:
        end = at + len(words)
        if story.is_whole(at, end) and _growths(story, at, end) == growths:
            places.append(at)
        at = story.text.find(words, at + 1)
    return places


def _growths(story: Folded, start: int, end: int) -> tuple[str, str]:
    """What runs on from the words at either end and makes other words of them.

    "No" is not in "Nottingham", nor "2 million" in "1.2 million" or "£2 million", nor "Labour" in "Labour's"
    or "anti-Labour".
    """
    text = story.text
    if start >= end:
        return "", ""
    left = text[max(0, start - _GROWTH) : start][::-1]
    return _growth(text[start], left), _growth(text[end - 1], text[end : end + _GROWTH])


def _growth(edge: str, outward: str) -> str:
    """What of `outward` (nearest character first) belongs to the same word as `edge`."""
    if not _is_letter(edge):
        return ""
    grown = 0
    while grown < len(outward):
        inner = outward[grown - 1] if grown else edge
        character = outward[grown]
        beyond = outward[grown + 1 : grown + 2]
        if character == "'":
            # 's, 'll, O': a longer run of letters is a neighbour in copy that runs on after its mark.
            run = _WORD.match(outward, grown + 1)
            joined = run is not None and len(run.group()) <= 2
        elif character in "-&@/":
            joined = _is_letter(beyond)
        elif character in ".,:":
            joined = inner.isdigit() and beyond.isdigit()
        else:
            joined = _is_letter(character)
        if not joined:
            break
        grown += 1
    return outward[:grown]


def _is_letter(character: str) -> bool:
    """Whether a character makes part of a word or a sum: letters, digits, accents, currency signs."""
    return character != "" and (
        character.isalnum() or character == "_" or unicodedata.category(character) in _IN_WORDS
    )
