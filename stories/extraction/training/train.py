"""Makes all weight files from marked stories; the same stories give the same bytes.

The ranker learns from what taggers say of stories they have not seen, and the calibration from what
rankers choose in stories they have not seen: each half of the corpus is read with weights from the other.
The tagger wants stories marked from end to end. What a desk has reviewed is marked in places only: ranker and
calibration learn from that too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

from stories.extraction.gold import MarkedStory, part
from stories.extraction.ranker import probabilities
from stories.extraction.tagger import Model
from stories.extraction.training import calibration, ranker, tagger
from stories.extraction.training.corpus import choices, documents

HALVES = 2


def train(
    stories: Sequence[MarkedStory],
    reviewed: Sequence[MarkedStory] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, str]:
    """File name to content. ``tell`` hears of each step. Takes minutes for a thousand stories."""
    ordered = sorted(stories, key=lambda story: story.name)
    extra = sorted(reviewed, key=lambda story: story.name)
    tell(f"tagger: learning from {len(ordered)} stories, and from each half of them")
    taggers = [ordered]
    taggers += [[story for story in ordered if part(story.name, HALVES) != half] for half in range(HALVES)]
    seen: list[list[tuple[ranker.Choice, str]]] = []
    with ProcessPoolExecutor(min(len(taggers), cpu_count() or 1)) as processes:
        learned = processes.map(_tagger, taggers)
        weights = {"tagger.tsv": next(learned)}
        tell(f"tagger: {len(weights['tagger.tsv'].splitlines())} lines")
        for half, rows in enumerate(learned):
            model = Model(rows)
            mine = [story for story in (*ordered, *extra) if part(story.name, HALVES) == half]
            seen.append([choice for story in mine for choice in choices(story, model)])
            tell(f"choices: {len(seen[-1])} in half {half + 1}")
    every = [choice for half_choices in seen for choice, _ in half_choices]
    weights["ranker.tsv"] = ranker.as_text(ranker.fit(every))
    tell(f"ranker: {len(weights['ranker.tsv'].splitlines())} features from {len(every)} choices")
    weights["calibration.tsv"] = calibration.as_text(_steps(seen))
    tell("calibration: done")
    return weights


def _tagger(stories: Sequence[MarkedStory]) -> str:
    """The tagger's rows. A process of its own learns each: nothing else here takes as long."""
    return tagger.train(documents(stories))


def _steps(seen: Sequence[Sequence[tuple[ranker.Choice, str]]]) -> dict[str, list[tuple[float, float]]]:
    """Steps by kind, each half judged with a ranker that learned from the other.

    Where rules and tagger agree the ranker is not asked: those have a share of their own.
    """
    pairs: dict[str, list[tuple[float, bool]]] = {}
    settled: dict[str, list[bool]] = {}
    for half, mine in enumerate(seen):
        others = [choice for k, half_choices in enumerate(seen) if k != half for choice, _ in half_choices]
        weights = ranker.fit(others)
        for choice, kind in mine:
            both = _agreed(choice)
            chance, ok = (1.0, both in choice.right) if both is not None else _outcome(choice, weights)
            if ok and choice.denied:
                continue  # not the one who was denied, but who knows whether the right one
            if both is not None:
                settled.setdefault(f"agreed {kind}", []).append(ok)
            else:
                pairs.setdefault("direct" if kind == "direct" else "reported", []).append((chance, ok))
    out = {kind: calibration.steps(found) for kind, found in sorted(pairs.items())}
    for kind, right in sorted(settled.items()):
        out[kind] = [(0.0, (sum(right) + 1) / (len(right) + 2))]
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
