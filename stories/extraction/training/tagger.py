"""Trains the tagger: marked stories in, the text of ``weights/tagger.tsv`` out, byte for byte the same.

Needs python-crfsuite, which reading does not.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pycrfsuite  # type: ignore[import-untyped]

from stories.extraction.tagging.crf import LETTERS, TRANSITIONS
from stories.extraction.tagging.features import Features
from stories.extraction.tagging.items import Paragraph, normal, paragraphs
from stories.extraction.text.layout import Layout
from stories.extraction.training.word_clusters import clusters
from stories.extraction.types import Span

# A word or a feature seen in fewer stories than this is left out: the file keeps habits of the language,
# never the words of one story.
FEWEST_STORIES = 3
SETTINGS = {
    "c1": 1.5,
    "c2": 0.1,
    "max_iterations": 100,
    "feature.minfreq": 3,
    "feature.possible_transitions": False,
}


class Marked(NamedTuple):
    """One attribution as people marked it."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]


class Document(NamedTuple):
    """A story and its marked attributions."""

    layout: Layout
    attributions: tuple[Marked, ...]


def _covered(starts: Sequence[int], ends: Sequence[int], spans: Sequence[Span]) -> list[int]:
    """Items lying at least half inside the spans."""
    found = []
    for low, high in spans:
        i = bisect_left(ends, low + 1)
        while i < len(starts) and starts[i] < high:
            if 2 * (min(high, ends[i]) - max(low, starts[i])) >= ends[i] - starts[i]:
                found.append(i)
            i += 1
    return sorted(set(found))


def labels(paragraph: Paragraph, attributions: Sequence[Marked]) -> list[str]:
    """The right label of each item. Where attributions cross, the longer content wins."""
    found = _items_of(paragraph, attributions)
    out = ["O"] * len(paragraph.starts)
    for parts in found:
        every = [i for part in parts for i in part]
        out[min(every) : max(every) + 1] = ["X"] * (max(every) + 1 - min(every))
    for _, cue, source in found:
        for i in source:
            if not out[i].startswith("S"):
                out[i] = "S>" if cue and i < cue[0] else "S<"
    for _, cue, _ in found:
        for i in cue:
            out[i] = "C"
    for content, cue, _ in sorted(found, key=lambda parts: len(parts[0])):
        for i in content:
            out[i] = "IL" if cue and i < cue[0] else "IR"
    return _begun(out, {content[0] for content, _, _ in found if content})


def _items_of(
    paragraph: Paragraph, attributions: Sequence[Marked]
) -> list[tuple[list[int], list[int], list[int]]]:
    """The items that are content, cue and source of each attribution with any of them in the paragraph."""
    found = []
    for marked in attributions:
        content, cue, source = (_covered(paragraph.starts, paragraph.ends, spans) for spans in marked)
        if content or cue or source:
            found.append((content, cue, source))
    return found


def _begun(out: list[str], first: set[int]) -> list[str]:
    """Labels with the first item of each content marked as its beginning (B, not I)."""
    for i in range(len(out) - 1, -1, -1):
        if out[i][0] == "I" and (i == 0 or i in first or out[i - 1] != out[i]):
            out[i] = "B" + out[i][1]
    return out


def _class(cues: int, total: int) -> str:
    if total < 4:
        return "?"
    share = cues / total
    limits = ((0.7, "a"), (0.45, "b"), (0.25, "c"), (0.12, "d"), (0.05, "e"))
    return next((letter for limit, letter in limits if share > limit), "f")


def lexicon(stories: Sequence[Sequence[tuple[Paragraph, list[str]]]]) -> dict[str, str]:
    """The words of enough stories, each with how often it is a word of saying, as a letter."""
    total: Counter[str] = Counter()
    cues: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    for story in stories:
        seen = set()
        for paragraph, marks in story:
            for key, label in zip(paragraph.keys, marks, strict=True):
                if isinstance(key, str):
                    word = normal(key)
                    total[word] += 1
                    cues[word] += label == "C"
                    seen.add(word)
        holding.update(seen)
    return {
        word: _class(cues[word], number)
        for word, number in sorted(total.items())
        if holding[word] >= FEWEST_STORIES
    }


def _examples(documents: Sequence[Document]) -> list[list[tuple[Paragraph, list[str]]]]:
    return [
        [(paragraph, labels(paragraph, document.attributions)) for paragraph in paragraphs(document.layout)]
        for document in documents
    ]


def train(documents: Sequence[Document]) -> str:
    """The rows of the weights file: words and their clusters, transitions, weights of features."""
    stories = _examples(documents)
    known = lexicon(stories)
    kinds = _clusters(documents)
    features = Features(known, kinds, lambda names: names)
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(SETTINGS)
    common = _common(features, stories)
    for story in stories:
        for paragraph, marks in story:
            seen = [[name for name in names if name in common] for names in features.walk(paragraph)]
            trainer.append(seen, marks)
        features.empty_large()
    with tempfile.TemporaryDirectory() as directory:
        path = str(Path(directory) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    return "".join(_rows(known, kinds, info.transitions, info.state_features))


def _clusters(documents: Sequence[Document]) -> dict[str, tuple[str, str]]:
    """Kinds of words, of those between quotation marks too."""
    stories = [
        [
            [normal(token) for token in layout.tokens[layout.token_from(low) : layout.token_from(high)]]
            for low, high in layout.sentences
        ]
        for layout, _ in documents
    ]
    holding = Counter(word for story in stories for word in {word for words in story for word in words})
    common = [word for word, number in holding.items() if number >= FEWEST_STORIES]
    return clusters(chain.from_iterable(stories), common)


def _common(features: Features, stories: Sequence[Sequence[tuple[Paragraph, list[str]]]]) -> set[str]:
    """Names of features seen in enough stories."""
    holding: Counter[str] = Counter()
    for story in stories:
        holding.update({name for paragraph, _ in story for row in features.walk(paragraph) for name in row})
        features.empty_large()
    return {name for name, number in holding.items() if number >= FEWEST_STORIES}


def _rows(
    known: Mapping[str, str],
    kinds: Mapping[str, tuple[str, str]],
    transitions: Mapping[tuple[str, str], float],
    weights: Mapping[tuple[str, str], float],
) -> Iterator[str]:
    for word, letter in sorted(known.items()):
        yield f"word\t{word}\t{letter}\n"
    for word, (kind, sort) in sorted(kinds.items()):
        yield f"kin\t{word}\t{kind}\t{sort}\n"
    for before, after in ((LETTERS[transition[0]], LETTERS[transition[1]]) for transition in TRANSITIONS):
        yield f"move\t{before}\t{after}\t{transitions.get((before, after), 0.0):.2f}\n"
    cells: dict[str, list[str]] = {}
    for (name, label), weight in sorted(weights.items()):
        if abs(weight) >= 0.01:
            cells.setdefault(name, []).append(f"{label} {weight:.2f}")
    for name, found in cells.items():
        yield "\t".join(("weight", name, *found)) + "\n"
