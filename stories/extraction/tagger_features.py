"""What the tagger looks at: for each token of a paragraph, one value added up from tables of features.

The same walk serves training and reading. In training a table answers with tuples of feature names, and
adding them up gives the list of a token's features; in reading it answers with weights, all labels packed
into one whole number, and adding those up gives the token's score for every label at once.

A passage between quotation marks is one token here: what stands around it decides whose it is, and a
paragraph stays short however long the speech.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import add
from typing import Any, NamedTuple

from .layout import Layout
from .tables import Known, Table, trim

OFFSETS = range(-3, 4)
# How far off a word's traits are seen: itself, its cue class, stem, suffix, form.
SEEN_FROM = {"w": 3, "c": 3, "m": 1, "s": 2, "h": 2}
FORMS = ("x", "Xx", "XX", "d", "p", "q")  # what ``shape`` tells, and a passage
PAIRS = ("t-1", "t0", "t-2", "t1")  # two neighbouring words, by where they stand from the item
EDGE = "<edge>"
RARE = "<rare>"
QUOTED = "<quoted>"
CUE_CLASSES = "abc"  # classes of words that are cues often enough to be looked out for from afar
CLAUSE = frozenset(
    "that who which but and because as when if while after before although though whether what how why where"
    " or so until since than".split()
)
Traits = tuple[str, str, str, str]  # of a passage: last mark, length class, first letter, first word
STEM = 5  # letters: enough to see "promise" in "promising"
NEAR = (0, 1, 2, 3, 4, 5, 5, 5, 8, 8, 8, 8, 8, 8, 14)
LONG = 20  # items of a sentence beyond which its middle is all alike


class Paragraph(NamedTuple):
    """One paragraph's items: tokens, and whole passages between marks, as ``text[starts[i]:ends[i]]``.

    ``keys`` holds what the words table is asked for: the printed token, or the traits of a passage.
    ``lengths`` counts the items of each sentence.
    """

    starts: list[int]
    ends: list[int]
    keys: list[str | Traits]
    lengths: list[int]


def paragraphs(layout: Layout) -> Iterator[Paragraph]:
    """The text's paragraphs, every passage between marks drawn together into one item."""
    starts, ends, tokens, passages = layout.starts, layout.ends, layout.tokens, layout.passages
    sentences = [span.start for span in layout.sentences]
    k = first = number = 0
    for low, high in layout.paragraphs:
        last = bisect_left(starts, high, first)
        found = Paragraph([], [], [], [])
        while first < last:
            while k < len(passages) and passages[k].outer_end <= starts[first]:
                k += 1
            until = bisect_left(starts, passages[k].outer_start, first, last) if k < len(passages) else last
            found.starts.extend(starts[first:until])
            found.ends.extend(ends[first:until])
            found.keys.extend(tokens[first:until])
            first = until
            if first < last:
                passage = passages[k]
                found.starts.append(starts[first])
                found.ends.append(min(passage.outer_end, high))
                found.keys.append(_traits(layout.text[max(passage.start, low) : min(passage.end, high)]))
                first = max(first + 1, bisect_left(starts, found.ends[-1], first, last))
        upto = bisect_left(sentences, high, number)
        edges = [bisect_left(found.starts, begin) for begin in sentences[number + 1 : upto]]
        edges = sorted({0, *edges, len(found.starts)})
        found.lengths.extend(end - begin for begin, end in pairwise(edges))
        number = upto
        if found.starts:
            yield found


def normal(word: str) -> str:
    """Lower case, one kind of apostrophe, and numbers told apart only by kind."""
    first = word[0]
    if first.isdigit():
        return "0000" if len(word) == 4 and word.isdigit() else "0"
    return word.lower().replace("’", "'")


def shape(word: str) -> str:
    """``x`` lower case, ``Xx`` capital, ``XX`` capitals, ``d`` figures, ``p`` a mark."""
    first = word[0]
    if first.isdigit():
        return "d"
    if not first.isalnum():
        return "p"
    if first.isupper():
        return "XX" if len(word) > 1 and word.isupper() else "Xx"
    return "x"


def _traits(words: str) -> Traits:
    """Last mark inside, length class, ``U``/``l`` for the first letter, first word of a quoted passage."""
    split = words.split(None, 8)
    count = len(split)
    length = "1" if count < 2 else "2" if count < 4 else "4" if count < 8 else "8"
    last = words[-1] if words and words[-1] in ",.?!" else "_"
    return last, length, "U" if words[:1].isupper() else "l", normal(split[0]) if split else ""


class Features:
    """The tables of one model.

    ``lexicon``: known word to cue class, a (mostly a cue) to f, ? (rare). ``value`` gives what names of
    features are worth, added up. ``weighty`` are the names that are worth anything, all when ``None``: two
    words in three stand in pairs that are worth nothing, and need not be put together to be found so.
    """

    def __init__(
        self,
        lexicon: Mapping[str, str],
        value: Callable[[tuple[str, ...]], Any],
        weighty: Iterable[str] | None = None,
    ) -> None:
        def several(names: Callable[[Any], Iterable[tuple[str, ...]]]) -> Table:
            return Table(lambda key: tuple(map(value, names(key))))

        self.lexicon = lexicon
        self.value = value
        self.none = value(())
        self.words = Table(self._item)
        self.parts: Table | Known = several(_part_names)
        self.edge = (EDGE, "e", "e", False, "e", *(value((f"w{-o}={EDGE}",)) for o in OFFSETS))
        self.trios = Table(lambda key: value(_trio_names(key)))
        self.pairs: Table | Known = several(_pair_names)
        if weighty is not None:
            self.parts = Known(_entries(self.parts, _parts_of(weighty)), (self.none,) * len(OFFSETS))
            self.pairs = Known(_entries(self.pairs, _pairs_of(weighty)), (self.none,) * len(PAIRS))
        self.places = several(_place_names)
        self.cue_words = Table(lambda key: value(_cue_word_names(key)))
        self.cue_distances = several(_cue_distance_names)
        self.cues = Table(self._cue)
        self.between = Table(lambda key: Table(lambda sign: value(_between_names(key, sign))))
        self.segments = several(_segment_names)
        self.stop_words = several(_stop_word_names)
        self.stops = Table(self._stop)
        self.clauses = several(_clause_names)
        self.passages = Table(lambda key: value(_passage_names(key)))
        self._tables = [found for found in vars(self).values() if isinstance(found, Table)]

    def trim(self) -> None:
        """Empty the tables that have grown too large."""
        trim(self._tables)

    def _item(self, key: str | Traits) -> tuple[Any, ...]:
        """Word, kind, cue class, whether a stop, sign; then for each offset its worth to the item there."""
        return self._word(key) if isinstance(key, str) else self._passage(key)

    def _word(self, printed: str) -> tuple[Any, ...]:
        word = normal(printed)
        cue = self.lexicon.get(word, "?")
        known = word if word in self.lexicon else RARE
        form = shape(printed)
        suffix = word[-3:] if len(word) > 3 else "_"
        sign = known if form == "p" or word in CLAUSE else form
        stop = form == "p" and printed not in "$%-'’"
        return known, f"{cue}{form}", cue, stop, sign, *self._offsets(known, word[:STEM], suffix, form, cue)

    def _passage(self, traits: Traits) -> tuple[Any, ...]:
        last, length, letter, first = traits
        extra = {
            o: (f"q{o}={last}{length}", f"qu{o}={last}{letter}", *((f"qw={first}",) if o == 0 else ()))
            for o in (-1, 0, 1)
        }
        offsets = self._offsets(QUOTED, QUOTED, f"q{last}{length}", "q", "q")
        return (
            QUOTED,
            "q",
            "q",
            False,
            "q",
            *(worth + self.value(extra.get(-o, ())) for o, worth in zip(OFFSETS, offsets, strict=True)),
        )

    def _offsets(self, word: str, stem: str, suffix: str, form: str, cue: str) -> list[Any]:
        """For each offset -3 … 3, what a word is worth to the item standing that far from it."""
        traits = (("w", word), ("c", cue), ("m", stem), ("s", suffix), ("h", form))
        return [sum(worth, self.none) for worth in zip(*self.parts.of(traits), strict=True)]

    def _cue(self, key: tuple[str, str, str, str]) -> list[Any]:
        """What a cue is worth to the items before or after it, by their distance."""
        side, word, same, following = key
        worth = self.cue_words[side, word, same]
        worth += self.value((f"{side}f={word[:STEM]}|{following}{same}",))
        return [worth + far for far in self.cue_distances[side, self.lexicon[word], same]]

    def _stop(self, key: tuple[str, str]) -> list[Any]:
        """What a mark and the word behind it are worth to the items before the mark, by their distance."""
        stop, following = key
        worth = self.value((f"x={stop}|{following}",))
        return [near + worth for near in self.stop_words[stop]]

    def walk(self, paragraph: Paragraph) -> list[Any]:
        """For each item of ``paragraph``, the sum of its features' values."""
        edges = [self.edge] * 3
        columns = zip(*edges, *map(self.words.__getitem__, paragraph.keys), *edges, strict=True)
        words, kinds, cues, stops, signs, w3, w2, w1, w0, v1, v2, v3 = columns
        trios = map(self.trios.__getitem__, zip(kinds[2:], kinds[3:], kinds[4:-2], strict=False))
        t_1, t0, t_2, t1 = zip(*self.pairs.of(pairwise(words[1:-1])), strict=True)
        view = View(words[3:], signs[3:], cues[3:-3], stops[3:-3], paragraph.lengths)
        none = self.none
        return [
            sum(values, none)
            for values in zip(
                w3[6:],
                w2[5:],
                w1[4:],
                w0[3:],
                v1[2:],
                v2[1:],
                v3,
                trios,
                t_1[1:],
                t0[2:],
                t_2,
                t1[3:],
                self._far_places(view),
                self._far_cues(view),
                self._far_signs(view),
                self._far_stops(view),
                self._far_clauses(view),
                self._far_passages(view),
                strict=False,
            )
        ]

    def _far_places(self, view: View) -> list[Any]:
        """What each item's place in its sentence gives."""
        out: list[Any] = []
        for number, length in enumerate(view.lengths):
            values = self.places[min(length, LONG), min(number, 2)]
            if length > LONG:
                values = (*values[:15], *[values[14]] * (length - LONG), *values[15:])
            out.extend(values)
        return out

    def _far_cues(self, view: View) -> Iterator[Any]:
        """What the nearest cue before and the nearest after give, by their distance."""
        size = len(view.cues)
        before, after = [self.none] * size, [self.none] * size
        for k, at in enumerate(view.cue_places):
            word, following, (first, end) = view.words[at], view.signs[at + 1], view.around[at]
            until = view.cue_places[k + 1] + 1 if k + 1 < len(view.cue_places) else size
            here = min(until, end)
            before[at + 1 : here] = _run(self.cues["b", word, "=", following], 1, here - at)
            if until > here:
                before[here:until] = _run(self.cues["b", word, "/", following], here - at, until - at)
            since = view.cue_places[k - 1] if k else 0
            here = max(since, first)
            after[here:at] = _run(self.cues["a", word, "=", following], 1, at - here + 1)[::-1]
            if here > since:
                values = _run(self.cues["a", word, "/", following], at - here + 1, at - since + 1)
                after[since:here] = values[::-1]
        return map(add, before, after)

    def _far_signs(self, view: View) -> list[Any]:
        """What each item's sign gives together with the cues on either side and the marks between."""
        out: list[Any] = []
        size = len(view.cues)
        next_cues, next_stops = iter(view.cue_places), iter(view.stop_places)
        cue, next_cue, stop, commas = -1, next(next_cues, size), next(next_stops, size), 0
        edges = sorted(
            {
                0,
                size,
                *view.begins,
                *view.cue_places,
                *(i + 1 for i in view.cue_places),
                *(i + 1 for i in view.stop_places),
            }
        )
        for first, end in pairwise(edges):
            if first and view.cues[first - 1] in CUE_CLASSES:
                cue, commas = first - 1, 0
            if first == next_cue:
                next_cue = next(next_cues, size)
            if stop < first:
                stop = next(next_stops, size)
                commas += 1
            key: tuple[str, str, int, str, str, int] = (
                *(
                    (view.cues[cue], "=" if first < view.around[cue][1] else "/", min(commas, 3))
                    if cue >= 0
                    else ("", "", 0)
                ),
                *(
                    (
                        view.cues[next_cue],
                        "=" if first >= view.around[next_cue][0] else "/",
                        min(next_cue - stop, 4) if stop < next_cue else -1,
                    )
                    if next_cue < size
                    else ("", "", 0)
                ),
            )
            out.extend(map(self.between[key].__getitem__, view.signs[first:end]))
        return out

    def _far_stops(self, view: View) -> Iterator[Any]:
        """What the words after the last mark and after the next mark give."""
        since: list[Any] = []
        until: list[Any] = []
        size = len(view.cues)
        first = 0
        for stop in (*view.stop_places, size):
            end = min(stop + 1, size)
            since.extend(_run(self.segments[view.words[first]], 0, end - first))
            values = self.stops[view.words[stop], view.words[stop + 1]]
            until.extend(_run(values, stop + 1 - end, stop + 1 - first)[::-1])
            first = end
        return map(add, since, until)

    def _far_clauses(self, view: View) -> list[Any]:
        """What the last word beginning a clause in the sentence gives, by its distance."""
        out = [self.none] * len(view.cues)
        places = [i for i, word in enumerate(view.words[:-3]) if word in CLAUSE]
        for k, at in enumerate(places):
            end = view.around[at][1]
            until = min(places[k + 1] + 1, end) if k + 1 < len(places) else end
            out[at + 1 : until] = _run(self.clauses[view.words[at]], 1, until - at)
        return out

    def _far_passages(self, view: View) -> list[Any]:
        """What the nearest passages between marks give, by their distance."""
        size = len(view.cues)
        out = [self.none] * size
        places = [i for i, cue in enumerate(view.cues) if cue == "q"]
        if not places:
            return out
        last, following = [-1] * size, [size] * size
        for k, at in enumerate(places):
            until = places[k + 1] + 1 if k + 1 < len(places) else size
            last[at + 1 : until] = [at] * (until - at - 1)
            since = places[k - 1] if k else 0
            following[since:at] = [at] * (at - since)
        return [
            self.passages[
                NEAR[min(i - back, 14)] if back >= 0 else -1,
                back >= begin,
                NEAR[min(ahead - i, 14)] if ahead < size else -1,
                ahead < end,
            ]
            for i, (back, ahead, (begin, end)) in enumerate(zip(last, following, view.around, strict=True))
        ]


class View:
    """The columns of a paragraph's items that the far-looking features need, and where things stand in it.

    ``words`` and ``signs`` go three edges beyond the last item. ``around`` gives, for each item, the first
    item of its sentence and the one after its last.
    """

    __slots__ = ("words", "signs", "cues", "lengths", "around", "begins", "cue_places", "stop_places")

    def __init__(
        self,
        words: Sequence[str],
        signs: Sequence[str],
        cues: Sequence[str],
        stops: Sequence[bool],
        lengths: Sequence[int],
    ) -> None:
        self.words, self.signs, self.cues, self.lengths = words, signs, cues, lengths
        self.around: list[tuple[int, int]] = []
        self.begins: list[int] = []
        for length in lengths:
            first = len(self.around)
            self.begins.append(first)
            self.around += [(first, first + length)] * length
        self.cue_places = [i for i, cue in enumerate(cues) if cue in CUE_CLASSES]
        self.stop_places = [i for i, stop in enumerate(stops) if stop]


def _run(values: Sequence[Any], low: int, high: int) -> list[Any]:
    """``values[low:high]``, the last of them standing for all beyond."""
    if high <= len(values):
        return list(values[low:high])
    return [*values[low:], *[values[-1]] * (high - max(low, len(values)))]


def _part_names(trait: tuple[str, str]) -> Iterator[tuple[str, ...]]:
    """For each offset -3 … 3, the features one trait of a word gives to the item standing there."""
    family, trait_value = trait
    for offset in OFFSETS:
        names = (f"{family}{-offset}={trait_value}",) if abs(offset) <= SEEN_FROM[family] else ()
        yield (*names, "b") if family == "h" and offset == 0 else names


def _pair_names(key: tuple[str, str]) -> list[tuple[str, ...]]:
    words = f"{key[0]}|{key[1]}"
    return [(f"{family}={words}",) for family in PAIRS]


def _entries(table: Table, keys: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    return ((key, table.make(key)) for key in keys)


def _parts_of(names: Iterable[str]) -> set[tuple[str, str]]:
    """The traits of words that features are named for, and every form, which has one without a name."""
    families = {f"{family}{offset}": family for family in SEEN_FROM for offset in OFFSETS}
    out = {("h", form) for form in FORMS}
    for name in names:
        family, _, trait_value = name.partition("=")
        if family in families:
            out.add((families[family], trait_value))
    return out


def _pairs_of(names: Iterable[str]) -> set[tuple[str, str]]:
    """The pairs of words that features are named for, parted at every bar: a word may be one."""
    out: set[tuple[str, str]] = set()
    for name in names:
        family, _, words = name.partition("=")
        if family in PAIRS:
            out.update((words[:at], words[at + 1 :]) for at, letter in enumerate(words) if letter == "|")
    return out


def _trio_names(key: tuple[str, str, str]) -> tuple[str, ...]:
    left, middle, right = key
    return (
        f"hh={left[1:]}|{middle[1:]}|{right[1:]}",
        f"ch={left[0]}|{middle[0]}|{right[1:]}",
        f"cc={left[0]}|{middle[0]}|{right[0]}",
    )


def _place_names(key: tuple[int, int]) -> list[tuple[str, ...]]:
    length, number = key
    alone = (f"alone={number}",) if length == 1 else ()
    return [
        (f"p={NEAR[min(place, 14)]}", f"r={min(length - place - 1, 4)}", f"n={number}", *alone)
        for place in range(length)
    ]


def _between_names(key: tuple[str, str, int, str, str, int], sign: str) -> tuple[str, ...]:
    last, here, marks, following, there, gap = key
    return f"bs={last}{here}{sign}", f"bk={last}{here}{marks}{sign}", f"as={following}{there}{gap}|{sign}"


def _segment_names(first: str) -> list[tuple[str, ...]]:
    return [(f"g={first}{since}",) for since in range(4)]


def _stop_word_names(stop: str) -> list[tuple[str, ...]]:
    return [(f"e={stop}{until}",) for until in range(4)]


def _cue_word_names(key: tuple[str, str, str]) -> tuple[str, ...]:
    side, word, same = key
    return f"{side}c={word}{same}", f"{side}m={word[:STEM]}{same}"


def _cue_distance_names(key: tuple[str, str, str]) -> list[tuple[str, ...]]:
    side, cue, same = key
    return [(f"{side}d={cue}{same}{distance}",) for distance in NEAR]


def _clause_names(word: str) -> list[tuple[str, ...]]:
    return [(f"l={word}{distance}",) for distance in NEAR]


def _passage_names(key: tuple[int, bool, int, bool]) -> tuple[str, ...]:
    since, here, until, in_this = key
    names = (f"lq={since}{'=' if here else '/'}",) if since >= 0 else ()
    return (*names, f"nq={until}{'=' if in_this else '/'}") if until >= 0 else names
