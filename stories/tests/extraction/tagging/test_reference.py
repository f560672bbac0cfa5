"""The fast tagger does what the plain one specifies: scores, probabilities, labels and best path."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.extraction.tagging import reference
from stories.extraction.tagging.crf import (
    WIDTH,
    ZERO,
    backward,
    factors,
    forward,
    plausible_labels,
    viterbi,
)
from stories.extraction.tagging.features import Features
from stories.extraction.tagging.items import paragraphs
from stories.extraction.tagging.packed_scores import unpacked
from stories.extraction.tagging.tagger import shipped
from stories.extraction.text.layout import Layout
from stories.tests.extraction.casefiles import load_all

WEIGHTS = reference.weights(files("stories.extraction").joinpath("weights/tagger.tsv").read_text("utf-8"))
hundredths = st.integers(-3000, 3000)


def packed(scores):
    """Scores by item and label as the fast tagger has them: in one row, biased and counted from ``ZERO``."""
    biases = shipped().transitions.biases
    return [ZERO + score + bias for row in scores for score, bias in zip(row, biases, strict=True)]


def held_to_the_reference(scores):
    """Compare the fast steps, one by one, with what the reference makes of the same scores."""
    transitions = shipped().transitions
    rows = factors(packed(scores))
    ahead, scales, _ = forward(rows, transitions)
    found = backward(rows, ahead, scales, transitions)
    expected = reference.probabilities(scores, WEIGHTS)
    for row, right in zip(found, expected, strict=True):
        assert row == pytest.approx(right, abs=1e-9)
    labels = [list(chosen) for chosen in plausible_labels(found)]
    assert labels == reference.plausible_labels(found)
    path = viterbi(packed(scores), labels, transitions.scores)
    assert all(label in chosen for label, chosen in zip(path, labels, strict=True))
    best = reference.best_path_score(scores, labels, WEIGHTS)
    assert reference.path_score(scores, path, WEIGHTS) == best


@pytest.mark.parametrize("case", load_all()[::6], ids=lambda case: case.name)
def test_a_text_is_scored_and_decoded_as_the_reference_has_it(case):
    model = shipped()
    named = Features(model.features.lexicon, model.features.clusters, lambda names: names)
    found = [*paragraphs(Layout(case.text))]
    for paragraph, sums in zip(found, model.features.walks(found), strict=True):
        scores = reference.scores(named.walk(paragraph), WEIGHTS)
        assert list(unpacked(sums)) == packed(scores)
        held_to_the_reference(scores)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(hundredths, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=30))
def test_any_scores_are_decoded_as_the_reference_has_it(scores):
    held_to_the_reference(scores)
