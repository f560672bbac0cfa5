"""Chooses the source of a unit among its candidates: a linear model over readable features.

``weights/ranker.tsv`` holds one feature and its weight a line; ``training/ranker.py`` makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from math import exp
from operator import getitem

from stories.extraction.quotations.units import Option, Unit
from stories.extraction.speakers.calibration import agreed
from stories.extraction.speakers.candidates import Finder
from stories.extraction.speakers.feature_names import FAMILIES, Key
from stories.extraction.speakers.features import Context, nobody, seen, unsaid
from stories.extraction.speakers.rules import RULES
from stories.extraction.speakers.text_evidence import TextEvidence
from stories.extraction.tagging.memo_tables import MemoTable, empty_large
from stories.extraction.tagging.tagger import Tagged
from stories.extraction.text.layout import Layout
from stories.extraction.weights_io import per_weights, text

POINTS = 1000  # of a weight
ALL_BUT_CERTAIN = 0.92  # the highest step of ``features.bucket``

Watch = Callable[[Context], None]


class Ranker:
    """The weights of features, with a memo of their sum for each key seen so far.

    Counted in whole thousandths, as the weights are kept: a sum is the same in whatever order.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._points = {name: round(weight * POINTS) for name, weight in weights.items()}
        self._tables = [MemoTable(partial(self._worth, family)) for family in FAMILIES]

    def _worth(self, family: Callable[..., Iterable[str]], key: Key) -> int:
        return self.add(family(*key))

    def add(self, names: Iterable[str]) -> int:
        """What the named features are worth together."""
        get = self._points.get
        return sum([get(name, 0) for name in names])

    def score(self, keys: Sequence[Key]) -> int:
        """What a candidate is worth of whom ``keys`` were seen."""
        return sum(map(getitem, self._tables, keys))

    def empty_large(self) -> None:
        """Empty what has grown too large."""
        empty_large(self._tables)


@per_weights
def shipped() -> dict[str, float]:
    """Feature to weight."""
    return {
        name: float(weight) for name, weight in (row.split("\t") for row in text("ranker.tsv").splitlines())
    }


@per_weights
def shipped_ranker() -> Ranker:
    """A ranker with the weights that come with the package."""
    return Ranker(shipped())


def probabilities(scores: Sequence[float]) -> list[float]:
    """Scores as probabilities that sum to one."""
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def choose(finder: Finder, units: Sequence[Unit], watch: Watch | None = None) -> None:
    """Set ``chosen``, ``ranked`` and ``sure`` of every unit, in reading order.

    ``finder`` lists the candidates of the text's ``units``. ``watch`` is shown every unit just before its
    turn, for an explanation.
    """
    ranker = shipped_ranker()
    ranker.empty_large()
    layout, tagged = finder.layout, finder.tagged
    evidence = TextEvidence(layout, tagged, finder.cues, units)
    previous: Unit | None = None
    for unit in units:
        if previous is not None and previous.chosen is not None:
            evidence.note_speaker(previous.chosen[1])
        if watch is not None:
            options = finder.options(unit, previous)
            watch(Context(evidence, unit, previous, options))
        certainty = RULES[unit.rule].certainty if unit.rule and unit.source is not None else None
        if certainty is not None:
            unit.chosen, unit.sure, unit.settled, previous = unit.source, certainty, True, unit
            continue
        if agree(layout, tagged, unit):
            unit.chosen, unit.sure, unit.settled = unit.source, agreed(unit.kind), True
            previous = unit
            continue
        options = finder.options(unit, previous)
        context = Context(evidence, unit, previous, options)
        points = [ranker.score(seen(context, option)) for option in options]
        points.append(ranker.add(nobody(context, options)))
        settle(unit, options, probabilities([score / POINTS for score in points]))
        unit.unsaid = 1 / (1 + exp(-ranker.add(unsaid(context)) / POINTS))
        previous = unit


def agree(layout: Layout, tagged: Tagged, unit: Unit) -> bool:
    """Whether the rules and the tagger name the same phrase, and the tagger is all but certain."""
    source = unit.tagged.source if unit.tagged is not None else None
    if source is None or unit.source is None or unit.headline:
        return False
    last = unit.source[1]
    if layout.ends[last] != source.end:
        return False
    return tagged.source_probability(layout.starts[unit.source[0]], layout.ends[last]) >= ALL_BUT_CERTAIN


def settle(unit: Unit, options: Sequence[Option], chances: Sequence[float]) -> None:
    """Write the outcome into the unit: the likeliest candidate, or nobody.

    Candidates that begin or end alike are one phrase cut differently: their chances count together for how
    sure it is.
    """
    best = max(range(len(chances)), key=chances.__getitem__)
    order = sorted(range(len(options)), key=lambda i: (i != best, -chances[i]))
    unit.ranked = [(options[i], chances[i]) for i in order][:5]
    unit.sure, unit.chosen = chances[best], None
    if best < len(options):
        first, last = unit.chosen = options[best].first, options[best].last
        alike = [
            chance
            for option, chance in zip(options, chances, strict=False)
            if option.first == first or option.last == last
        ]
        unit.sure = min(1.0, sum(alike))
