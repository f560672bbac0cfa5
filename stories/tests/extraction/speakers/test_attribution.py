"""The passes over the quotations of a text: each does something that no other does, and can be left out."""

import pytest

from stories.extraction.speakers.attribution import PASSES, attributed
from stories.extraction.tagging.tagger import tag
from stories.extraction.text.layout import Layout
from stories.tests.extraction.casefiles import load_all

# What a later sentence says is not the sentence's before it.
LATER = (
    "“Some of these people are accused of very serious crimes, so it is not an easy agreement to get.” "
    "Ann Tarrant said ministers may try to put forward other solutions."
)


def units_of(text, passes):
    """What a text's units hold, whose they are and by which rule, in their order."""
    layout = Layout(text)
    units, _ = attributed(layout, tag(layout), passes)
    return [(unit.content, unit.source, unit.rule, unit.tagged is None) for unit in units]


@pytest.mark.parametrize("left_out", PASSES, ids=lambda step: step.name)
def test_a_pass_does_what_no_other_does_and_says_why_it_stands_where_it_does(left_out):
    others = [step for step in PASSES if step is not left_out]
    texts = [LATER, *(case.text for case in load_all())]
    assert any(units_of(text, PASSES) != units_of(text, others) for text in texts)
    assert left_out.why


def test_without_passes_the_words_are_found_and_the_rules_pick_nobody():
    text = "“Nobody will lose a berth,” Ann Tarrant said."
    assert [content for content, *_ in units_of(text, ())] == [
        content for content, *_ in units_of(text, PASSES)
    ]
    assert [source for _, source, _, _ in units_of(text, ())] == [None]
    assert [rule for _, _, rule, _ in units_of(text, PASSES)] == ["speaker-said-after"]
