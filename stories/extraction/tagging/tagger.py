"""Marks each token's part in reported speech: who says it, the word of saying, what is said.

    tagged = tag(layout)                          # layout: a stories.extraction.text.layout.Layout
    tagged.attributions                           # tuple of Attribution, in reading order
    tagged.source_probability(start, end)         # 0-1: how sure text[start:end] names a source
    tagged.cue_probability(start, end)            # 0-1: how sure it is a word of saying

A conditional random field over the tokens of a paragraph, a passage between marks counting as one token.
Its features are lexical (``tagger_features``), its weights ``weights/tagger.tsv``, made by
``training/tagger.py``. Standard library only. Raises nothing for any text; work grows linearly with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stories.extraction.tagging.crf import (
    BITS,
    LABELS,
    SCALE,
    Row,
    Transitions,
    backward,
    factors,
    forward,
    plausible_labels,
    viterbi,
)
from stories.extraction.tagging.features import Features
from stories.extraction.tagging.items import Paragraph, paragraphs
from stories.extraction.tagging.packed_scores import PackedSums, unpacked
from stories.extraction.text.layout import Layout
from stories.extraction.types import Span
from stories.extraction.weights_io import per_weights, text

CUE = LABELS.index("C")
SOURCES = (LABELS.index("S>"), LABELS.index("S<"))
PARTS = [label[-1] if label[0] in "BI" else label for label in LABELS]
# Neighbours with one part, as a row of labels written in bytes has them: words said begin once.
RUNS = re.compile(
    "|".join(
        f"{chr(i)}{chr(i + 1)}*" if label[0] == "B" else f"{chr(i)}+"
        for i, label in enumerate(LABELS)
        if label not in "OX"
    ).encode()
)
PARTING = {",", ";", ":", "—", "–"}
OUTSIDE = 0.5  # a paragraph this sure to hold no attribution is not looked into further


class Attribution(NamedTuple):
    """Words said and by whom, as the tagger has it. ``score`` is 0-1.

    A passage between quotation marks is taken with its marks, whole.
    """

    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    score: float


def pack(weights: Iterable[tuple[str, float]]) -> int:
    """Weights by label as one number, ``BITS`` bits a label."""
    return sum(round(weight * SCALE) << BITS * LABELS.index(label) for label, weight in weights)


class Model:
    """Weights read from the text ``training.tagger.train`` makes."""

    def __init__(self, rows: str) -> None:
        lexicon: dict[str, str] = {}
        clusters: dict[str, tuple[str, str]] = {}
        weights: dict[str, int] = {}
        transitions: dict[tuple[str, str], float] = {}
        for row in rows.splitlines():
            kind, name, *cells = row.split("\t")
            if kind == "word":
                lexicon[name] = cells[0]
            elif kind == "kin":
                clusters[name] = cells[0], cells[1]
            elif kind == "move":
                transitions[name, cells[0]] = float(cells[1])
            elif kind == "weight":
                weights[name] = pack((cell.split(" ")[0], float(cell.split(" ")[1])) for cell in cells)
        self.transitions = Transitions(transitions)
        self._weights = weights
        self.features = Features(lexicon, clusters, self.weigh, weights, PackedSums(self.transitions.biases))

    def weigh(self, names: Iterable[str]) -> int:
        """The weights of the named features, packed and added up."""
        get = self._weights.get
        return sum([get(name, 0) for name in names])


class Reading:
    """One paragraph read: its labels, and on asking the probability of every label for every item."""

    __slots__ = ("_half_done", "_model", "_probabilities", "_sources", "paragraph", "path")

    def __init__(self, model: Model, paragraph: Paragraph, packed: bytes) -> None:
        self.paragraph = paragraph
        self._model = model
        scores = unpacked(packed)
        rows = factors(scores)
        ahead, scales, outside = forward(rows, model.transitions)
        self._half_done: tuple[list[float], list[Row], list[float]] | None = (rows, ahead, scales)
        self._probabilities: list[Row] = []
        self._sources: list[float] = []
        self.path = (
            viterbi(scores, plausible_labels(self.probabilities()), model.transitions.scores)
            if outside < OUTSIDE
            else []
        )

    def probabilities(self) -> list[Row]:
        """A row for each item, a probability for each label."""
        if self._half_done is not None:
            self._probabilities = backward(*self._half_done, self._model.transitions)
            self._half_done = None
        return self._probabilities

    def sources(self) -> list[float]:
        """For each item how probable it names a source, whether before its cue or after."""
        if not self._sources:
            before, after = SOURCES
            self._sources = [row[before] + row[after] for row in self.probabilities()]
        return self._sources


class Tagged:
    """What the tagger found in one text. Some probabilities are worked out when first asked for."""

    def __init__(self, readings: Sequence[Reading], attributions: tuple[Attribution, ...]) -> None:
        self.attributions = attributions
        self._readings = readings
        self._starts = [reading.paragraph.starts[0] for reading in readings]
        self._runs: dict[tuple[int, float], list[Span]] = {}

    def source_probability(self, start: int, end: int) -> float:
        """The highest probability, of the tokens in ``text[start:end]``, of naming a source."""
        at = bisect_right(self._starts, start) - 1
        if at < 0 or end <= start:
            return 0.0
        reading = self._readings[at]
        ends = reading.paragraph.ends
        return max(reading.sources()[bisect_right(ends, start) : bisect_left(ends, end) + 1], default=0.0)

    def source_runs(self, paragraph: int, least: float) -> list[Span]:
        """Longest stretches of neighbouring tokens, each at least ``least`` probable to name a source, of the
        paragraph holding character ``paragraph``; each is worked out once."""
        at = bisect_right(self._starts, paragraph) - 1
        if at < 0:
            return []
        found = self._runs.get((at, least))
        if found is None:
            found = self._runs[at, least] = _source_runs(self._readings[at], least)
        return found

    def cue_probability(self, start: int, end: int) -> float:
        """The highest probability, of the tokens in ``text[start:end]``, of being a word of saying."""
        at = bisect_right(self._starts, start) - 1
        if at < 0 or end <= start:
            return 0.0
        reading = self._readings[at]
        ends = reading.paragraph.ends
        rows = reading.probabilities()[bisect_right(ends, start) : bisect_left(ends, end) + 1]
        return max([row[CUE] for row in rows], default=0.0)


def _source_runs(reading: Reading, least: float) -> list[Span]:
    starts, ends = reading.paragraph.starts, reading.paragraph.ends
    out: list[Span] = []
    last = -2
    for i in [i for i, chance in enumerate(reading.sources()) if chance >= least]:
        if i == last + 1:
            out[-1] = Span(out[-1].start, ends[i])
        else:
            out.append(Span(starts[i], ends[i]))
        last = i
    return out


def tag(layout: Layout, model: Model | None = None) -> Tagged:
    """Read a text. ``model`` is the shipped one unless another is given."""
    model = model or shipped()
    model.features.empty_large()
    found = [*paragraphs(layout)]
    readings = [Reading(model, *both) for both in zip(found, model.features.walks(found), strict=True)]
    linked: list[Attribution] = []
    for reading in readings:
        if any(reading.path):
            linked += link(reading.paragraph, reading.path, reading.probabilities())
    return Tagged(readings, tuple(linked))


class Run(NamedTuple):
    """Neighbouring items with one part: ``items[start:end]``."""

    part: str
    start: int
    end: int


def _runs(path: Sequence[int]) -> list[Run]:
    return [Run(PARTS[path[found.start()]], *found.span()) for found in RUNS.finditer(bytes(path))]


def link(paragraph: Paragraph, path: Sequence[int], probabilities: Sequence[Row]) -> list[Attribution]:
    """Attributions of a labelled paragraph: each cue with its content and the source nearest it.

    The score is that of the least sure of the tokens that decide: the cue's and the ends of the content.
    """
    runs = _runs(path)
    contents: dict[Run | None, list[Run]] = {}
    for run, last, following in zip(runs, *_nearest(runs, "C"), strict=True):
        if run.part == "L":
            contents.setdefault(following, []).append(run)
        elif run.part == "R":
            contents.setdefault(last, []).append(run)
    sources = _sources(runs)
    out = []
    for cue, content in contents.items():
        source = sources[cue] if cue else None
        for group in [content] if cue else [[run] for run in content]:
            deciding = [i for run in (*group, *([cue] if cue else [])) for i in (run.start, run.end - 1)]
            out.append(
                Attribution(
                    tuple(_span(paragraph, _bare(paragraph, run)) for run in group),
                    _span(paragraph, cue) if cue else None,
                    _span(paragraph, source) if source else None,
                    min(probabilities[i][path[i]] for i in deciding),
                )
            )
    return sorted(out, key=lambda attribution: attribution.content)


def _nearest(runs: Sequence[Run], part: str) -> tuple[list[Run | None], list[Run | None]]:
    """For each run the last one before it, and the first after it, with the given part."""
    found: list[list[Run | None]] = []
    for order in (runs, runs[::-1]):
        last: Run | None = None
        row: list[Run | None] = []
        for run in order:
            row.append(last)
            if run.part == part:
                last = run
        found.append(row)
    return found[0], found[1][::-1]


def _sources(runs: Sequence[Run]) -> dict[Run, Run | None]:
    """For each cue the run that names who says it.

    A source standing before with no cue between comes first, then one after with none between, then the
    last before, whatever stands between.
    """
    out: dict[Run, Run | None] = {}
    last_cues, next_cues = _nearest(runs, "C")
    before, _ = _nearest(runs, "S>")
    passed, after = _nearest(runs, "S<")
    for i, cue in enumerate(runs):
        if cue.part != "C":
            continue
        first, second, last_cue, next_cue = before[i], after[i], last_cues[i], next_cues[i]
        if first and (last_cue is None or first.start >= last_cue.end):
            out[cue] = first
        elif second and (next_cue is None or second.end <= next_cue.start):
            out[cue] = second
        else:
            out[cue] = first or passed[i]
    return out


def _bare(paragraph: Paragraph, run: Run) -> Run:
    """The run without the marks that only part it from what stands around it."""
    start, end = run.start, run.end
    while end - start > 1 and paragraph.keys[end - 1] in PARTING:
        end -= 1
    while end - start > 1 and paragraph.keys[start] in PARTING:
        start += 1
    return Run(run.part, start, end)


def _span(paragraph: Paragraph, run: Run) -> Span:
    return Span(paragraph.starts[run.start], paragraph.ends[run.end - 1])


@per_weights
def shipped() -> Model:
    """The model in ``weights/``."""
    return Model(text("tagger.tsv"))
