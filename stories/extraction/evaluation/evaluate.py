"""Compares extraction with marked stories: what is found, whose it is, how sure it was, how fast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import get_args

from stories.extraction import extract
from stories.extraction.evaluation.errors import errors, place
from stories.extraction.evaluation.gold import (
    MarkedStory,
    MarkedWords,
    most_alike,
    overlap,
    right_source,
    shared,
)
from stories.extraction.text.layout import Layout
from stories.extraction.types import Extraction, Kind, Quotation, Span

KINDS: tuple[Kind, ...] = get_args(Kind)
ALL = 0.9  # share of the characters between marks that makes words a direct quotation
SHOWN = 60  # characters
ALIKE = 0.8  # share of characters in common from which two stretches are the same words
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # the least confidence of each


def band_of(confidence: float) -> float:
    """The band a confidence lies in, by its least."""
    return max(low for low in BANDS if low <= confidence)


@dataclass(slots=True)
class Tally:
    """How a group of quotations fared."""

    found: int = 0
    right_words: int = 0
    right_source: int = 0
    said: int = 0  # at least half of the words are marked as somebody's
    right_speaker: int = 0  # of these, the source is right

    def add(self, other: Tally) -> None:
        """Count another group's quotations here too."""
        self.found += other.found
        self.right_words += other.right_words
        self.right_source += other.right_source
        self.said += other.said
        self.right_speaker += other.right_speaker

    @property
    def precision(self) -> float:
        """Share of the found whose words are marked."""
        return self.right_words / self.found if self.found else 0.0

    @property
    def speaker_accuracy(self) -> float:
        """Share of those with the right words whose source is right."""
        return self.right_source / self.right_words if self.right_words else 0.0


@dataclass(slots=True)
class Result:
    """The figures of one evaluation. ``outcomes`` maps "story:start-end" to what became of the words."""

    by_kind: dict[str, Tally] = field(default_factory=dict)
    by_rule: dict[str, Tally] = field(default_factory=dict)
    marked: int = 0
    met: int = 0
    met_with_source: int = 0
    found: int = 0
    bands: dict[float, Tally] = field(default_factory=dict)
    cells: dict[tuple[str, float], Tally] = field(default_factory=dict)  # by rule and band
    outcomes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)  # by class: where, as in ``outcomes``
    marked_kinds: Counter[Kind] = field(default_factory=Counter)  # by the marks that stand around the words
    met_kinds: Counter[Kind] = field(default_factory=Counter)
    printed: dict[str, str] = field(default_factory=dict)  # how the words at a place begin
    stories: int = 0
    words: int = 0
    seconds: float = 0.0

    @property
    def recall(self) -> float:
        """Share of the marked words that are found."""
        return self.met / self.marked if self.marked else 0.0

    def recall_of(self, kind: Kind) -> float:
        """Share of the marked words of one kind that are found."""
        return self.met_kinds[kind] / self.marked_kinds[kind] if self.marked_kinds[kind] else 0.0

    def f1_of(self, kind: Kind) -> float:
        """Of the words of one kind, whoever is credited."""
        precision, recall = self.by_kind.get(kind, Tally()).precision, self.recall_of(kind)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def f1(self) -> float:
        """Of words, whoever is credited."""
        return 2 * self.met / (self.found + self.marked) if self.found + self.marked else 0.0

    @property
    def f1_with_source(self) -> float:
        """Of words with the right source."""
        return 2 * self.met_with_source / (self.found + self.marked) if self.found + self.marked else 0.0

    @property
    def stories_a_second(self) -> float:
        """Stories of 800 words read in a second of one core."""
        return self.words / 800 / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, object]:
        """All figures as plain dicts; ``outcomes`` is what a later run is compared with."""

        def tallies(groups: Mapping[str, Tally]) -> dict[str, dict[str, float]]:
            return {
                name: {
                    "found": t.found,
                    "precision": round(t.precision, 4),
                    "speaker_accuracy": round(t.speaker_accuracy, 4),
                }
                for name, t in sorted(groups.items())
            }

        kinds = tallies(self.by_kind)
        for kind in KINDS:
            scores = {"recall": round(self.recall_of(kind), 4), "f1": round(self.f1_of(kind), 4)}
            kinds.setdefault(kind, {}).update(marked=self.marked_kinds[kind], **scores)
        return {
            "stories": self.stories,
            "marked": self.marked,
            "found": self.found,
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "f1_with_source": round(self.f1_with_source, 4),
            "by_kind": kinds,
            "by_rule": tallies(self.by_rule),
            "calibration": tallies({f"{low:.2f}": tally for low, tally in self.bands.items()}),
            "stories_a_second": round(self.stories_a_second, 1),
            "errors": {kind: len(places) for kind, places in sorted(self.errors.items())},
            "outcomes": self.outcomes,
        }


def evaluate(stories: Iterable[MarkedStory], result: Result | None = None) -> Result:
    """Read every story and compare; ``result`` goes on being counted.

    Time counted is the reading's alone, in seconds of the processor.
    """
    result = Result() if result is None else result
    extract("Nobody spoke.")  # the weights are loaded before the time is taken
    for story in stories:
        before = process_time()
        found = extract(story.text)
        result.seconds += process_time() - before
        result.stories += 1
        result.words += len(story.text.split())
        _compare(result, story, found)
    return result


def _compare(result: Result, story: MarkedStory, found: Extraction) -> None:
    pairs = _pairs(story.words, found.quotations)
    met = dict(pairs)
    for what, where, content in errors(story, found.quotations, pairs):
        result.errors.setdefault(what, []).append(where)
        result.printed[where] = _beginning(story.text, content)
    for j, quotation in enumerate(found.quotations):
        i = next((i for i, k in pairs if k == j), None)
        right = i is not None and right_source(story.text, quotation.source, story.words[i].source)
        nearest = most_alike(quotation.content, story.words)
        fared = Tally(
            found=1,
            right_words=int(i is not None),
            right_source=int(right),
            said=int(nearest is not None),
            right_speaker=int(
                nearest is not None and right_source(story.text, quotation.source, nearest.source)
            ),
        )
        band = band_of(quotation.confidence)
        for tally in (
            result.by_kind.setdefault(quotation.kind, Tally()),
            result.by_rule.setdefault(quotation.rule, Tally()),
            result.bands.setdefault(band, Tally()),
            result.cells.setdefault((quotation.rule, band), Tally()),
        ):
            tally.add(fared)
        result.found += 1
        result.met += i is not None
        result.met_with_source += right
    result.marked += len(story.words)
    layout = Layout(story.text)
    for i, words in enumerate(story.words):
        kind = kind_of(layout, words.content)
        result.marked_kinds[kind] += 1
        result.met_kinds[kind] += i in met
        key = place(story, words.content)
        result.printed[key] = _beginning(story.text, words.content)
        if i not in met:
            result.outcomes[key] = "missed"
        else:
            quotation = found.quotations[met[i]]
            result.outcomes[key] = (
                "right" if right_source(story.text, quotation.source, words.source) else "wrong source"
            )


def kind_of(layout: Layout, content: Sequence[Span]) -> Kind:
    """Direct when (nearly) all of the words stand between marks, partial when some do, else indirect."""
    total = sum(end - start for start, end in content)
    between = [Span(passage.outer_start, passage.outer_end) for passage in layout.passages]
    inside = sum(overlap(span, marks) for span in content for marks in between)
    return "direct" if inside >= ALL * total else "partial" if inside else "indirect"


def _beginning(text: str, content: Sequence[Span]) -> str:
    """The first words of a content, on one line."""
    return " ".join(text[content[0].start : content[0].end][:SHOWN].split())


def _pairs(marked: tuple[MarkedWords, ...], found: tuple[Quotation, ...]) -> list[tuple[int, int]]:
    """Marked and found words that are the same, one to one, the best matches first."""
    scored = []
    for i, words in enumerate(marked):
        for j, quotation in enumerate(found):
            if (
                quotation.content[0].start >= words.content[-1].end
                or words.content[0].start >= quotation.content[-1].end
            ):
                continue
            both, either = shared(words.content, quotation.content)
            if both >= ALIKE * either:
                scored.append((both / either, -i, -j))
    taken_marked: set[int] = set()
    taken_found: set[int] = set()
    out = []
    for _, i, j in sorted(scored, reverse=True):
        if -i not in taken_marked and -j not in taken_found:
            taken_marked.add(-i)
            taken_found.add(-j)
            out.append((-i, -j))
    return out


def difference(earlier: Mapping[str, str], later: Mapping[str, str]) -> dict[str, list[str]]:
    """Marked words gained and lost between two evaluations, by their keys."""
    both = earlier.keys() & later.keys()
    return {
        "gained": sorted(key for key in both if earlier[key] != "right" and later[key] == "right"),
        "lost": sorted(key for key in both if earlier[key] == "right" and later[key] != "right"),
    }


def outcomes(result: Result) -> Counter[str]:
    """How many marked words are right, have the wrong source, are missed."""
    return Counter(result.outcomes.values())
