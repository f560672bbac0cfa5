"""From marked stories to what the parts learn from: labelled texts, and choices among candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stories.extraction.evaluation.gold import MarkedStory, MarkedWords, most_alike, right_source
from stories.extraction.people.persons import People
from stories.extraction.quotations.units import Unit
from stories.extraction.speakers.attribution import attributed
from stories.extraction.speakers.candidates import Finder
from stories.extraction.speakers.features import Context, names, nobody, unsaid
from stories.extraction.speakers.text_evidence import TextEvidence
from stories.extraction.tagging.tagger import Model, tag
from stories.extraction.text.layout import Layout
from stories.extraction.training import tagger as tagger_training
from stories.extraction.training.ranker import Choice

# What a clause without quotation marks counts for, beside a quotation: there are twice as many of them,
# readers of a story agree less on them, and a wrong name on a quotation is worse.
WITHOUT_MARKS = 0.5


def documents(stories: Sequence[MarkedStory]) -> list[tagger_training.Document]:
    """The stories as the tagger's training wants them."""
    return [
        tagger_training.Document(
            Layout(story.text),
            tuple(tagger_training.Marked(words.content, words.cue, words.source) for words in story.words),
        )
        for story in stories
    ]


class Example(NamedTuple):
    """What one unit teaches: whose words they are, and whether they are anybody's.

    ``choice`` is among its candidates and nobody being named, ``speech`` between words said (0) and words
    nobody said (1); each is ``None`` where the marks do not tell.
    """

    kind: str
    choice: Choice | None
    speech: Choice | None


def examples(story: MarkedStory, model: Model) -> list[Example]:
    """Every unit of a story of which the marks tell something. ``model`` must not have seen the story."""
    layout = Layout(story.text)
    if not layout.tokens:
        return []
    tagged = tag(layout, model)
    people = People(layout, (), [a.source for a in tagged.attributions if a.source is not None])
    units, cues = attributed(layout, tagged)
    finder = Finder(layout, people, tagged, cues, units)
    out: list[Example] = []
    evidence = TextEvidence(layout, tagged, cues, units)
    previous: Unit | None = None
    for unit in units:
        if previous is not None and previous.chosen is not None:
            evidence.note_speaker(previous.chosen[1])
        options = finder.options(unit, previous)
        context = Context(evidence, unit, previous, options)
        marked = most_alike(unit.content, story.words)
        unit.chosen = unit.source
        choice = _choice(story, context, marked) if marked is not None else None
        if choice is not None or story.whole:
            speech = None
            if marked is None or not marked.denied:
                speech = Choice(story.name, ((), tuple(unsaid(context))), frozenset((int(marked is None),)))
            out.append(Example(unit.kind, choice, speech))
        if choice is not None and not choice.denied:
            right = min(choice.right, default=len(options))
            if right < len(options):
                unit.chosen = (options[right].first, options[right].last)
        previous = unit
    return out


def _choice(story: MarkedStory, context: Context, marked: MarkedWords) -> Choice:
    """The candidates of a unit, nobody being named as the last of them, and which are right."""
    options = context.options
    seen = [tuple(names(context, option)) for option in options]
    seen.append(tuple(nobody(context, options)))
    right = [i for i, option in enumerate(options) if right_source(story.text, option.span, marked.source)]
    if not marked.source:
        right = [len(options)]
    if marked.denied:
        right = [i for i in range(len(seen)) if i not in right] if right else []
    weight = 1.0 if context.unit.passages else WITHOUT_MARKS
    return Choice(story.name, tuple(seen), frozenset(right), marked.denied, weight)
