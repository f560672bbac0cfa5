"""Chooses the source of a unit among its candidates: a linear model over readable features.

``weights/ranker.tsv`` holds one feature and its weight a line; ``training/ranker.py`` makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from math import exp

from .calibration import agreed
from .candidates import Finder, Option
from .features import Context, names, nobody
from .layout import Layout
from .people import People
from .tagger import Tagged
from .text_evidence import TextEvidence
from .units import Cues, Unit

ALL_BUT_CERTAIN = 0.92  # the highest step of ``features.bucket``
# Rules whose pick is not put to the vote, and how sure it is.
CERTAIN = {"colon-block": 0.95, "by-behind": 0.85, "put-by": 0.95, "answer": 0.93, "signed": 0.97}

Watch = Callable[[Context], None]


@cache
def shipped() -> dict[str, float]:
    """Feature to weight."""
    rows = files(__package__).joinpath("weights/ranker.tsv").read_text(encoding="utf-8").splitlines()
    return {name: float(weight) for name, weight in (row.split("\t") for row in rows)}


def probabilities(scores: Sequence[float]) -> list[float]:
    """Scores as probabilities that sum to one."""
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def choose(
    layout: Layout,
    people: People,
    tagged: Tagged,
    cues: Cues,
    units: Sequence[Unit],
    weights: dict[str, float] | None = None,
    watch: Watch | None = None,
) -> None:
    """Set ``chosen``, ``ranked`` and ``sure`` of every unit, in reading order.

    ``watch`` is shown every unit just before its turn, for an explanation.
    """
    weights = shipped() if weights is None else weights
    finder = Finder(layout, people, tagged, cues, units)
    get = weights.get
    evidence = TextEvidence(layout, tagged, cues)
    previous: Unit | None = None
    for unit in units:
        if previous is not None and previous.chosen is not None:
            evidence.hear(previous.chosen[1])
        if watch is not None:
            options = finder.options(unit, previous)
            watch(Context(layout, tagged, cues, unit, previous, evidence, options))
        if unit.rule in CERTAIN and unit.source is not None:
            unit.chosen, unit.sure, unit.settled, previous = unit.source, CERTAIN[unit.rule], True, unit
            continue
        if agree(layout, tagged, unit):
            unit.chosen, unit.sure, unit.settled = unit.source, agreed(unit.kind), True
            previous = unit
            continue
        options = finder.options(unit, previous)
        context = Context(layout, tagged, cues, unit, previous, evidence, options)
        scores = [sum([get(name, 0.0) for name in names(context, option)]) for option in options]
        scores.append(sum([get(name, 0.0) for name in nobody(context, options)]))
        chances = probabilities(scores)
        settle(unit, options, chances)
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
