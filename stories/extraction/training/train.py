"""Makes all weight files from marked stories; the same stories give the same bytes.

The ranker learns from what taggers say of stories they have not seen, and the calibration from what
rankers choose in stories they have not seen: each tenth of the corpus is read with weights from the others.
The weights from the others are given back too: with them every story can be measured unseen.
The tagger wants stories marked from end to end. What a desk has reviewed is marked in places only: ranker and
calibration learn from that too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count
from typing import NamedTuple, TypeVar

from stories.extraction.evaluation.gold import PARTS, MarkedStory, part
from stories.extraction.speakers.ranker import probabilities
from stories.extraction.tagging.tagger import Model
from stories.extraction.training import calibration, ranker, tagger
from stories.extraction.training.corpus import Example, documents, examples

T = TypeVar("T")
Files = dict[str, str]  # name to content
Pairs = dict[str, list[tuple[float, bool]]]  # by kind: the chance given, and whether it was right


class Trained(NamedTuple):
    """The weight files, and by part of the corpus (``gold.part``) those that have not seen it."""

    files: Files
    without: dict[int, Files]


def train(
    stories: Sequence[MarkedStory],
    reviewed: Sequence[MarkedStory] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Trained:
    """``tell`` hears of each step. Takes half an hour for a thousand stories on two cores."""
    ordered = sorted(stories, key=lambda story: story.name)
    every = [*ordered, *sorted(reviewed, key=lambda story: story.name)]
    parts = sorted({part(story.name, PARTS) for story in every})
    tell(f"tagger: learning from {len(ordered)} stories, and {len(parts)} times without a part of them")
    taught = [ordered, *([s for s in ordered if part(s.name, PARTS) != k] for k in parts)]
    seen: dict[int, list[Example]] = {}
    with ProcessPoolExecutor(min(len(taught), cpu_count() or 1)) as processes:
        learned = processes.map(_tagger, taught)
        tagger_rows = next(learned)
        tell(f"tagger: {len(tagger_rows.splitlines())} lines")
        taggers = dict(zip(parts, learned, strict=True))
        for k, rows in taggers.items():
            model = Model(rows)
            mine = [story for story in every if part(story.name, PARTS) == k]
            seen[k] = [example for story in mine for example in examples(story, model)]
            tell(f"examples: {len(seen[k])} in part {k}")
        rankers = dict(zip([None, *parts], processes.map(_ranker, _others(seen, None, *parts)), strict=True))
    tell(f"ranker: {len(rankers[None])} features")
    pairs = {k: _pairs(mine, rankers[k]) for k, mine in seen.items()}
    without = {k: _files(taggers[k], rankers[k], _others(pairs, k)[0]) for k in parts}
    return Trained(_files(tagger_rows, rankers[None], _others(pairs, None)[0]), without)


def _others(of: Mapping[int, T], *left_out: int | None) -> list[list[T]]:
    """For each part left out, what there is of all other parts."""
    return [[found for part_of, found in of.items() if part_of != k] for k in left_out]


def _files(tagger_rows: str, weights: Mapping[str, float], pairs: Sequence[Pairs]) -> Files:
    return {
        "tagger.tsv": tagger_rows,
        "ranker.tsv": ranker.as_text(weights),
        "calibration.tsv": calibration.as_text(_steps(pairs)),
    }


def _ranker(seen: Sequence[Sequence[Example]]) -> dict[str, float]:
    """Whose words they are, and whether they are anybody's: learned apart, of features with other names."""
    every = [example for mine in seen for example in mine]
    whose = ranker.fit([example.choice for example in every if example.choice is not None])
    anybodys = ranker.fit([example.speech for example in every if example.speech is not None])
    return {**whose, **anybodys}


def _tagger(stories: Sequence[MarkedStory]) -> str:
    """The tagger's rows. A process of its own learns each: nothing else here takes as long."""
    return tagger.train(documents(stories))


def _pairs(mine: Sequence[Example], weights: dict[str, float]) -> Pairs:
    """What a ranker that has not seen them chooses in examples, and whether it is right.

    Where rules and tagger agree the ranker is not asked: those are of a kind of their own.
    """
    pairs: Pairs = {}
    for kind, choice, _ in mine:
        if choice is None:
            continue
        both = _agreed(choice)
        chance, ok = (1.0, both in choice.right) if both is not None else _outcome(choice, weights)
        if ok and choice.denied:
            continue  # not the one who was denied, but who knows whether the right one
        name = f"agreed {kind}" if both is not None else "direct" if kind == "direct" else "reported"
        pairs.setdefault(name, []).append((chance, ok))
    return pairs


def _steps(pairs: Sequence[Pairs]) -> dict[str, list[tuple[float, float]]]:
    """Steps by kind; a kind that is agreed has one, the share that was right."""
    out: dict[str, list[tuple[float, float]]] = {}
    for kind in sorted({kind for found in pairs for kind in found}):
        gathered = [pair for found in pairs for pair in found.get(kind, ())]
        right = sum(ok for _, ok in gathered)
        agreed = [(0.0, (right + 1) / (len(gathered) + 2))]
        out[kind] = agreed if kind.startswith("agreed") else calibration.steps(gathered)
    return out


def _agreed(choice: ranker.Choice) -> int | None:
    """The candidate rules and tagger both name with the tagger all but certain."""
    for i, names in enumerate(choice.candidates):
        if any(name in AGREED for name in names):
            return i
    return None


AGREED = frozenset(("picks,p rt- 5", "picks,p rtc 5"))


def _outcome(choice: ranker.Choice, weights: dict[str, float]) -> tuple[float, bool]:
    """(chance, right) of the best candidate; chances of one phrase cut differently count together."""
    scores = [sum([weights.get(name, 0.0) for name in candidate]) for candidate in choice.candidates]
    chances = probabilities(scores)
    best = chances.index(max(chances))
    if best not in choice.right:
        return chances[best], False
    return min(1.0, sum(chances[i] for i in choice.right)), True
