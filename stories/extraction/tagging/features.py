"""What the tagger looks at: for each token of a paragraph, the sum of the values of its features.

Training and reading walk a paragraph in the same way. In training the tables answer with tuples of feature
names, whose sum is the list of a token's features. In reading they answer with weights, packed for all labels
into one figure (``packed_scores``), whose sum is the token's score for every label.

A passage between quotation marks is one item: what stands around it decides whose words it is, and a
paragraph stays short however long the speech.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, pairwise
from sys import intern
from typing import Any

from stories.extraction.tagging.feature_names import (
    OFFSETS,
    PAIRS,
    SEEN_FROM,
    STEM,
    Beside,
    between_names,
    clause_names,
    cue_distance_names,
    cue_word_names,
    pair_names,
    pairs_of,
    part_names,
    parts_of,
    passage_names,
    place_names,
    segment_names,
    stop_word_names,
    trio_names,
)
from stories.extraction.tagging.items import Item, Key, Paragraph, Traits, normal, shape
from stories.extraction.tagging.memo_tables import DefaultTable, MemoTable, empty_large
from stories.extraction.tagging.packed_scores import NamedSums, PackedSums

PAIR_OFFSETS = (1, 0, 2, -1)  # where that item stands from the first of the two
EDGE = "<edge>"
EDGES = range(3)  # what stands between two paragraphs, as the words table is asked for it
RARE = "<rare>"
QUOTED = "<quoted>"
STRANGE = ("", "")  # of no cluster
CUE_CLASSES = "abc"  # classes of words that are cues often enough to be looked out for from afar
CLAUSE = frozenset(
    "that who which but and because as when if while after before although though whether what how why where"
    " or so until since than".split()
)
NOWHERE: Beside = ("", "", 0)
LONG = 20  # items of a sentence beyond which its middle is all alike


class Features:
    """The tables of one model.

    ``lexicon``: known word to cue class, a (mostly a cue) to f, ? (rare). ``clusters``: word to its cluster
    of words used alike, and to the part of that cluster. ``value`` gives the sum of the weights of feature
    names, and ``sums`` how such values are laid out. ``weighty`` are the names with a weight, all when
    ``None``: most pairs of words have none, and are not looked up.
    """

    def __init__(
        self,
        lexicon: Mapping[str, str],
        clusters: Mapping[str, tuple[str, str]],
        value: Callable[[tuple[str, ...]], Any],
        weighty: Iterable[str] | None = None,
        sums: NamedSums | PackedSums | None = None,
    ) -> None:
        self.sums = sums = sums or NamedSums()

        def several(names: Callable[[Any], Iterable[tuple[str, ...]]]) -> MemoTable:
            return MemoTable(lambda key: tuple(map(value, names(key))))

        def run(names: Callable[[Any], Iterable[tuple[str, ...]]], offsets: Sequence[int] = ()) -> MemoTable:
            return MemoTable(lambda key: sums.run(map(value, names(key)), offsets))

        self.lexicon = lexicon
        self.clusters = clusters
        self.value = value
        self.none = value(())
        self.nothing = sums.run([self.none])
        self.words = MemoTable(self._item)
        self.parts: MemoTable | DefaultTable = run(part_names, OFFSETS)
        self.trios = run(lambda key: [trio_names(key)])
        self.pairs: MemoTable | DefaultTable = run(pair_names, PAIR_OFFSETS)
        if weighty is not None:
            self.parts = DefaultTable(_entries(self.parts, parts_of(weighty)), self.nothing * len(OFFSETS))
            self.pairs = DefaultTable(_entries(self.pairs, pairs_of(weighty)), self.nothing * len(PAIRS))
        self.places = run(place_names)
        self.cue_words = MemoTable(lambda key: value(cue_word_names(key)))
        self.cue_distances = several(cue_distance_names)
        self.cues = MemoTable(self._cue)
        self.between = MemoTable(lambda key: run(lambda sign: [between_names(key, sign)]))
        self.segments = run(segment_names)
        self.stop_words = several(stop_word_names)
        self.stops = MemoTable(self._stop)
        self.clauses = run(clause_names)
        self.passages = MemoTable(self._passages)
        self._tables = [found for found in vars(self).values() if isinstance(found, MemoTable)]

    def empty_large(self) -> None:
        """Empty the tables that have grown too large."""
        empty_large(self._tables)

    def _item(self, key: Key) -> Item:
        if isinstance(key, str):
            return self._word(key)
        return self._edge(key) if isinstance(key, int) else self._passage(key)

    def _word(self, printed: str) -> Item:
        word = normal(printed)
        cue = self.lexicon.get(word, "?")
        known = word if word in self.lexicon else RARE
        form = shape(printed)
        suffix = word[-3:] if len(word) > 3 else "_"
        clause = word in CLAUSE
        # One object for each: what is looked up by them is then told alike without reading their letters.
        return Item(
            intern(known),
            intern(f"{cue}{form}"),
            intern(known if form == "p" or clause else form),
            cue if cue in CUE_CLASSES else "",
            form == "p" and printed not in "$%-'’",
            clause and known == word,
            False,
            self._worth(known, cue, word[:STEM], suffix, form, *self.clusters.get(word, STRANGE)),
        )

    def _edge(self, number: int) -> Item:
        """One of the three items between two paragraphs: the first ends one, the last begins the other."""
        values = [self.value((f"w{-o}={EDGE}",)) for o in OFFSETS]
        ends = number == 0
        cue = EDGE if ends else ""
        return Item(EDGE, "e", "e", cue, number != 1, False, ends, self.sums.run(values, OFFSETS))

    def _passage(self, traits: Traits) -> Item:
        last, length, letter, first = traits
        extra = {
            o: (f"q{o}={last}{length}", f"qu{o}={last}{letter}", *((f"qw={first}",) if o == 0 else ()))
            for o in (-1, 0, 1)
        }
        worths = self._worth(QUOTED, "q", QUOTED, f"q{last}{length}", "q", *STRANGE)
        extras = self.sums.run([self.value(extra.get(-o, ())) for o in OFFSETS], OFFSETS)
        worths = self.sums.together([worths, extras])
        return Item(QUOTED, "q", "q", "", False, False, True, worths)

    def _worth(self, *traits: str) -> Any:
        """For each offset -3 … 3, what a word is worth to the item standing that far from it.

        ``traits`` are those of ``SEEN_FROM``, in that order.
        """
        return self.sums.together(self.parts.of(zip(SEEN_FROM, traits, strict=True)))

    def _cue(self, key: tuple[str, str, str, str]) -> Any:
        """What a cue is worth to the items before or after it, by their distance."""
        side, word, same, following = key
        worth = self.cue_words[side, word, same]
        worth += self.value((f"{side}f={word[:STEM]}|{following}{same}",))
        return self._side(side, [worth + far for far in self.cue_distances[side, self.lexicon[word], same]])

    def _passages(self, key: tuple[str, str]) -> Any:
        """What a passage is worth to the items before or after it, by their distance."""
        side, same = key
        return self._side(side, map(self.value, passage_names(side, same)))

    def _side(self, side: str, values: Iterable[Any]) -> Any:
        """A run that begins beside a place, or one that ends there: farthest first."""
        return self.sums.run(values if side == "b" else reversed([*values]))

    def _stop(self, key: tuple[str, str]) -> Any:
        """What a mark and the word behind it are worth to the items before the mark, by their distance."""
        stop, following = key
        worth = self.value((f"x={stop}|{following}",))
        return self._side("a", [near + worth for near in self.stop_words[stop]])

    def walk(self, paragraph: Paragraph) -> Any:
        """For each item of ``paragraph``, the sum of its features' values."""
        (found,) = self.walks([paragraph])
        return found

    def walks(self, found: Sequence[Paragraph]) -> list[Any]:
        """For each item of each paragraph, the sum of its features' values."""
        view = View(found, self.words)
        total = self.sums.total(self._columns(view), view.size)
        width = self.sums.width
        return [total[low * width : high * width] for low, high in view.bounds]

    def _columns(self, view: View) -> Iterator[Any]:
        join, spread, kinds = self.sums.join, self.sums.spread, view.kinds
        yield from spread(view.worths, OFFSETS)
        trios = map(self.trios.__getitem__, zip(kinds, kinds[1:], kinds[2:], strict=False))
        yield join([self.nothing, *trios, self.nothing])
        pairs = [*self.pairs.of(pairwise(view.words)), self.nothing * len(PAIRS)]
        yield from spread(pairs, PAIR_OFFSETS)
        yield self._far_places(view)
        yield from self._far_cues(view)
        yield self._far_signs(view)
        yield from self._far_stops(view)
        yield self._far_clauses(view)
        yield from self._far_passages(view)

    def _far_places(self, view: View) -> Any:
        """What each item's place in its sentence gives."""
        width, edges = self.sums.width, self.nothing * len(EDGES)
        out = [edges]
        for lengths in view.lengths:
            for number, length in enumerate(lengths):
                values = self.places[min(length, LONG), min(number, 2)]
                if length > LONG:
                    middle = 15 * width
                    out += (values[:middle], values[middle - width : middle] * (length - LONG))
                    values = values[middle:]
                out.append(values)
            out.append(edges)
        return self.sums.join(out)

    def _far_cues(self, view: View) -> tuple[Any, Any]:
        """What the nearest cue before and the nearest after give, by their distance."""
        words, signs, cues = view.words, view.signs, self.cues
        return self._beside(
            view, view.cue_places, lambda side, at, same: cues[side, words[at], same, signs[at + 1]]
        )

    def _far_passages(self, view: View) -> tuple[Any, ...]:
        """What the nearest passages between marks give, by their distance."""
        if len(view.passage_places) == len(view.bounds) + 1:
            return ()
        return self._beside(view, view.passage_places, lambda side, at, same: self.passages[side, same])

    def _beside(
        self, view: View, places: Sequence[int], worth: Callable[[str, int, str], Any]
    ) -> tuple[Any, Any]:
        """What the nearest of some places before each item and the nearest after it give, by their distance,
        those of the item's own sentence (``=``) and others (``/``)."""
        width, nothing, words = self.sums.width, self.nothing, view.words
        before, after = [nothing], []
        for place, following in pairwise(places):
            if words[place] == EDGE:
                before.append(nothing * (following - place))
            else:
                end = view.around[place][1]
                here = min(following + 1, end)
                before += _onward(worth("b", place, "="), 1, here - place, width)
                if following >= here:
                    before += _onward(worth("b", place, "/"), here - place, following + 1 - place, width)
            if words[following] == EDGE:
                after.append(nothing * (following - place))
            else:
                here = max(place, view.around[following][0])
                if here > place:
                    far = following + 1 - here
                    after += _toward(worth("a", following, "/"), far, following + 1 - place, width)
                after += _toward(worth("a", following, "="), 1, following + 1 - here, width)
        before.append(nothing * (len(EDGES) - 1))
        after.append(nothing * len(EDGES))
        return self.sums.join(before), self.sums.join(after)

    def _far_signs(self, view: View) -> Any:
        """What each item's sign gives together with the cues on either side and the marks between."""
        out: list[Any] = []
        signs, cues, around = view.signs, view.cues, view.around
        next_cues, next_stops = iter(view.cue_places), iter(view.stop_places)
        before = after = EDGE  # the classes of the cues on either side
        until = since = 0  # where the sentence of the one ends and that of the other begins
        cue = 0
        next_cue, stop, commas = next(next_cues), next(next_stops), 0
        edges = {*view.begins, *view.cue_places, *[i + 1 for i in view.cue_places]}
        edges.update([i + 1 for i in view.stop_places])
        for first, end in pairwise(sorted(edges)[: 1 - len(EDGES)]):
            if first == cue + 1:
                before, until, commas = cues[cue], around[cue][1], 0
            if first == next_cue:
                cue, next_cue = next_cue, next(next_cues)
                after, since = cues[next_cue], around[next_cue][0]
            if stop < first:
                stop = next(next_stops)
                commas += 1
            last = following = NOWHERE
            if before != EDGE:
                last = (before, "=" if first < until else "/", commas if commas < 3 else 3)
            if after != EDGE:
                gap = next_cue - stop
                there = "=" if first >= since else "/"
                following = (after, there, -1 if gap <= 0 else gap if gap < 4 else 4)
            out += map(self.between[last, following].__getitem__, signs[first:end])
        out.append(self.nothing * len(EDGES))
        return self.sums.join(out)

    def _far_stops(self, view: View) -> tuple[Any, Any]:
        """What the words after the last mark and after the next mark give."""
        since: list[Any] = []
        until: list[Any] = []
        width, words, segments, stops = self.sums.width, view.words, self.segments, self.stops
        known = len(segments[EDGE])  # as long as any of either table
        first = 0
        for stop in view.stop_places[:-1]:
            size = (stop + 1 - first) * width
            begun, ended = segments[words[first]], stops[words[stop], words[stop + 1]]
            if size <= known:
                since.append(begun[:size])
                until.append(ended[-size:])
            else:
                beyond = (size - known) // width
                since += (begun, begun[-width:] * beyond)
                until += (ended[:width] * beyond, ended)
            first = stop + 1
        edges = self.nothing * (len(EDGES) - 1)
        return self.sums.join([*since, edges]), self.sums.join([*until, edges])

    def _far_clauses(self, view: View) -> Any:
        """What the last word beginning a clause in the sentence gives, by its distance."""
        out: list[Any] = []
        width, done = self.sums.width, 0
        for place, following in pairwise([*view.clause_places, view.size]):
            until = min(following + 1, view.around[place][1])
            out.append(self.nothing * (place + 1 - done))
            out += _onward(self.clauses[view.words[place]], 1, until - place, width)
            done = until
        out.append(self.nothing * (view.size - done))
        return self.sums.join(out)


class View:
    """The items of paragraphs, three edges before and behind each, in columns, and where things stand there.

    ``bounds`` gives each paragraph's first item and the one after its last, ``around`` those of each item's
    sentence. An edge is among the places of cues and of passages: what stands beyond it is not seen.
    """

    __slots__ = (
        "around",
        "begins",
        "bounds",
        "clause_places",
        "cue_places",
        "cues",
        "kinds",
        "lengths",
        "passage_places",
        "signs",
        "size",
        "stop_places",
        "words",
        "worths",
    )

    def __init__(self, found: Sequence[Paragraph], items: MemoTable) -> None:
        self.lengths = [paragraph.lengths for paragraph in found]
        self.bounds: list[tuple[int, int]] = []
        self.around: list[tuple[int, int]] = [(0, len(EDGES))] * len(EDGES)
        self.begins: list[int] = []
        keys: list[Key] = [*EDGES]
        for paragraph in found:
            for length in paragraph.lengths:
                first = len(self.around)
                self.begins.append(first)
                self.around += [(first, first + length)] * length
            self.bounds.append((len(keys), len(self.around)))
            keys += paragraph.keys
            keys += EDGES
            self.around += [(len(self.around), len(keys))] * len(EDGES)
        self.size = len(keys)
        self.words: tuple[str, ...]
        self.kinds: tuple[str, ...]
        self.cues: tuple[str, ...]
        self.signs: tuple[str, ...]
        columns = zip(*map(items.__getitem__, keys), strict=True)
        self.words, self.kinds, self.signs, *marks, self.worths = columns
        self.cues = marks[0]
        places = [list(compress(range(self.size), mark)) for mark in marks]
        self.cue_places, self.stop_places, self.clause_places, self.passage_places = places


def _onward(values: Any, low: int, high: int, width: int) -> tuple[Any, ...]:
    """Runs of what is ``low`` to below ``high`` away, the last of ``values`` standing for all beyond."""
    beyond = high - max(low, len(values) // width)
    if beyond <= 0:
        return (values[low * width : high * width],)
    return values[low * width :], values[-width:] * beyond


def _toward(values: Any, low: int, high: int, width: int) -> tuple[Any, ...]:
    """Runs of what is below ``high`` to ``low`` away, the first of ``values`` standing for all beyond."""
    size = len(values) // width
    beyond = high - max(low, size)
    if beyond <= 0:
        return (values[(size - high) * width : (size - low) * width],)
    return values[:width] * beyond, values[: max(size - low, 0) * width]


def _entries(table: MemoTable, keys: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    return ((key, table.make(key)) for key in keys)
