"""From marked stories to what the parts learn from: taggers for each half, and choices among candidates."""

from __future__ import annotations

from collections.abc import Sequence

from stories.extraction.candidates import Finder
from stories.extraction.features import Context, names, nobody
from stories.extraction.gold import MarkedStory, most_alike, right_source
from stories.extraction.layout import Layout
from stories.extraction.people import People
from stories.extraction.pipeline import attributed
from stories.extraction.tagger import Model, tag
from stories.extraction.text_evidence import TextEvidence
from stories.extraction.training import tagger as tagger_training
from stories.extraction.training.ranker import Choice
from stories.extraction.units import Unit


def documents(stories: Sequence[MarkedStory]) -> list[tagger_training.Document]:
    """The stories as the tagger's training wants them."""
    return [
        tagger_training.Document(
            Layout(story.text),
            tuple(tagger_training.Marked(words.content, words.cue, words.source) for words in story.words),
        )
        for story in stories
    ]


def choices(story: MarkedStory, model: Model) -> list[tuple[Choice, str]]:
    """Every unit of a story that is marked, with its kind. ``model`` must not have seen the story."""
    layout = Layout(story.text)
    if not layout.tokens:
        return []
    tagged = tag(layout, model)
    people = People(layout, (), [a.source for a in tagged.attributions if a.source is not None])
    units, cues = attributed(layout, tagged)
    finder = Finder(layout, people, tagged, cues, units)
    out: list[tuple[Choice, str]] = []
    evidence = TextEvidence(layout, tagged, cues)
    previous: Unit | None = None
    for unit in units:
        if previous is not None and previous.chosen is not None:
            evidence.hear(previous.chosen[1])
        options = finder.options(unit, previous)
        context = Context(layout, tagged, cues, unit, previous, evidence, options)
        marked = most_alike(unit.content, story.words)
        unit.chosen = unit.source
        if marked is not None:
            right = [
                i for i, option in enumerate(options) if right_source(story.text, option.span, marked.source)
            ]
            if not marked.source:
                right = [len(options)]
            if marked.denied:
                right = [i for i in range(len(options) + 1) if i not in right] if right else []
            seen = [tuple(names(context, option)) for option in options]
            seen.append(tuple(nobody(context, options)))
            out.append((Choice(story.name, tuple(seen), frozenset(right), marked.denied), unit.kind))
            if right and right[0] < len(options) and not marked.denied:
                unit.chosen = (options[right[0]].first, options[right[0]].last)
        previous = unit
    return out
