"""The tagger: who says, the word of saying and what is said, in copy without marks and with them."""

import sys
from importlib.resources import files
from itertools import product
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.extraction.tagging.crf import (
    BITS,
    LABELS,
    ORDER,
    SCALE,
    START,
    SURE,
    TRANSITIONS,
    UNIT_TRANSITIONS,
    UNLIKELY,
    WIDTH,
    ZERO,
    Transitions,
    backward,
    factors,
    forward,
    plausible_labels,
    viterbi,
)
from stories.extraction.tagging.features import Features
from stories.extraction.tagging.items import paragraphs
from stories.extraction.tagging.packed_scores import unpacked
from stories.extraction.tagging.tagger import Model, shipped, tag
from stories.extraction.text.layout import Layout
from stories.extraction.training import tagger as training
from stories.extraction.types import Span

EVERY_LABEL = range(WIDTH)
PIECES = [
    "“",
    "”",
    '"',
    "‘",
    "’",
    "'",
    ":",
    ",",
    ".",
    "?",
    "—",
    " ",
    "\n",
    "\n\n",
    "said",
    "told",
    "according to",
    "that",
    "she",
    "Ann Tarrant",
    "ministers",
    "warned",
    "the bill",
    "would",
    "fail",
    "but",
    "1999",
    "$",
    "\u0000",
    "é",
    "😀",
]
texts = (
    st.lists(st.sampled_from(PIECES), max_size=50).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=50).map("".join)
    | st.text(max_size=150)
)


def read(text):
    def words(span):
        return span and text[span.start : span.end]

    return [
        ([words(span) for span in found.content], words(found.cue), words(found.source))
        for found in tag(Layout(text)).attributions
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ann Tarrant said that the ferry would sail on Monday.",
            [(["that the ferry would sail on Monday"], "said", "Ann Tarrant")],
        ),
        (
            "The ferry would sail on Monday, Ann Tarrant said.",
            [(["The ferry would sail on Monday"], "said", "Ann Tarrant")],
        ),
        (
            "“The ferry will sail,” said Ann Tarrant.",
            [(["“The ferry will sail,”"], "said", "Ann Tarrant")],
        ),
        ("The ferry sailed at noon with forty cars aboard.", []),
    ],
)
def test_the_parts_of_an_attribution_are_told_apart(text, expected):
    assert read(text) == expected


def test_two_speakers_in_one_paragraph_keep_their_own_words():
    found = read("Ann Tarrant said the harbour was safe. Bob Quill said that the quay had cracked.")
    assert [source for _, _, source in found] == ["Ann Tarrant", "Bob Quill"]
    assert [content for content, _, _ in found] == [["the harbour was safe"], ["that the quay had cracked"]]


def test_probabilities_tell_the_source_and_the_cue_from_the_rest():
    text = "Ann Tarrant said that the ferry would sail on Monday."
    tagged = tag(Layout(text))
    name, cue, ferry = (Span(text.index(w), text.index(w) + len(w)) for w in ("Ann Tarrant", "said", "ferry"))
    assert tagged.source_probability(*name) > 0.9 > 0.1 > tagged.source_probability(*ferry)
    assert tagged.cue_probability(*cue) > 0.9 > 0.1 > tagged.cue_probability(*name)
    assert tagged.source_probability(5, 5) == tagged.cue_probability(len(text) + 9, len(text) + 12) == 0.0


@settings(max_examples=150, deadline=None)
@given(texts, st.integers(0, 200), st.integers(0, 30))
def test_any_text_is_read_and_every_span_lies_in_it(text, start, length):
    layout = Layout(text)
    tagged = tag(layout)
    for found in tagged.attributions:
        spans = [*found.content, *(span for span in (found.cue, found.source) if span)]
        assert found.content
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert 0 <= found.score <= 1
    assert 0 <= tagged.source_probability(start, start + length) <= 1.000001
    assert 0 <= tagged.cue_probability(start, start + length) <= 1.000001


@settings(max_examples=100, deadline=None)
@given(texts)
def test_items_stand_in_order_and_no_sentence_is_without_one(text):
    layout = Layout(text)
    for paragraph in paragraphs(layout):
        size = len(paragraph.starts)
        assert size == len(paragraph.ends) == len(paragraph.keys) == sum(paragraph.lengths)
        assert min(paragraph.lengths) > 0
        assert all(a < b for a, b in zip(paragraph.starts, paragraph.ends, strict=True))
        assert all(a <= b for a, b in zip(paragraph.ends, paragraph.starts[1:], strict=False))


def each_label(packed):
    """The weights packed into one number, by label."""
    biases = sum(ZERO + bias << BITS * lane for lane, bias in enumerate(shipped().transitions.biases))
    return [(packed + biases) >> BITS * lane & (1 << BITS) - 1 for lane in range(WIDTH)]


@settings(max_examples=40, deadline=None)
@given(texts)
def test_what_is_summed_when_reading_is_what_is_named_when_training(text):
    model = shipped()
    named = Features(model.features.lexicon, model.features.clusters, lambda names: names)
    found = [*paragraphs(Layout(text))]
    for paragraph, sums in zip(found, model.features.walks(found), strict=True):
        expected = [each_label(model.weigh(row)) for row in named.walk(paragraph)]
        assert list(unpacked(sums)) == [score for row in expected for score in row]


@settings(max_examples=40, deadline=None)
@given(texts)
def test_what_an_item_is_seen_by_lies_in_its_own_paragraph(text):
    named = Features(shipped().features.lexicon, shipped().features.clusters, lambda names: names)
    found = [*paragraphs(Layout(text))]
    assert named.walks(found) == [named.walk(paragraph) for paragraph in found]


def test_no_sum_of_weights_can_leave_its_lane():
    text = files("stories.extraction").joinpath("weights/tagger.tsv").read_text(encoding="utf-8")
    most = {}
    for row in text.splitlines():
        kind, name, *cells = row.split("\t")
        for cell in cells if kind == "weight" else ():
            label, weight = cell.split(" ")
            key = name.split("=")[0], label
            most[key] = max(most.get(key, 0.0), abs(float(weight)))
    for label, bias in zip(LABELS, shipped().transitions.biases, strict=True):
        reach = sum(weight for (_, other), weight in most.items() if other == label)
        assert reach * SCALE + abs(bias) < 2 ** (BITS - 1) / 2


def by_trying_all(rows, transitions):
    """Probabilities and best labels found by going through every possible row of labels."""
    size = len(rows) // WIDTH
    chances = [[0.0] * WIDTH for _ in range(size)]
    top = (0.0, [])
    for labels in product(range(WIDTH), repeat=size):
        if LABELS[labels[0]][0] == "I":
            continue
        weight = 1.0
        for i, label in enumerate(labels):
            weight *= rows[i * WIDTH + label] * (transitions.get((labels[i - 1], label), 0.0) if i else 1.0)
        for i, label in enumerate(labels):
            chances[i][label] += weight
        top = max(top, (weight, list(labels)))
    return [[value / sum(row) for value in row] for row in chances], top[1]


hundredths = st.integers(-3000, 3000)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4).flatmap(lambda size: st.lists(hundredths, min_size=9 * size, max_size=9 * size)))
def test_probabilities_and_best_labels_are_those_of_trying_every_row_of_labels(scores):
    transitions = shipped().transitions
    allowed = {
        (ORDER[a], ORDER[b]): exp(
            (transitions.scores[ORDER[b]][ORDER[a]] + transitions.biases[ORDER[b]]) / SCALE
        )
        for a, b in TRANSITIONS
    }
    expected, labels = by_trying_all([exp(score / SCALE) for score in scores], allowed)
    scores = [ZERO + score + transitions.biases[i % WIDTH] for i, score in enumerate(scores)]
    rows = factors(scores)
    ahead, scales, outside = forward(rows, transitions)
    found = backward(rows, ahead, scales, transitions)
    for row, right in zip(found, expected, strict=True):
        assert row == pytest.approx(right, abs=1e-9)
    assert 0 <= outside <= 1
    for row, chosen in zip(found, plausible_labels(found), strict=True):
        if max(row) >= SURE and len(chosen) == 1:
            assert chosen[0] == row.index(max(row))
        else:
            assert list(chosen) == [label for label, chance in enumerate(row) if chance >= UNLIKELY]
    everything = [EVERY_LABEL] * len(found)
    assert score_of(viterbi(scores, everything, transitions.scores), scores, transitions) == score_of(
        labels, scores, transitions
    )


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(-300, 300), min_size=4 * WIDTH, max_size=4 * WIDTH),
    st.lists(st.sampled_from([None, None, 0, 1, 4]), min_size=4, max_size=4),
)
def test_between_items_sure_of_their_labels_the_best_row_is_taken(scores, sure):
    transitions = shipped().transitions
    labels = [EVERY_LABEL if label is None else [label] for label in sure]
    found = viterbi(scores, labels, transitions.scores)
    rows = product(*labels)
    whole = [row for row in rows if LABELS[row[0]][0] != "I"]
    assert all(label is None or label == own for label, own in zip(sure, found, strict=True))
    assert score_of(found, scores, transitions) == max(score_of(row, scores, transitions) for row in whole)


def score_of(labels, scores, transitions):
    own = sum(scores[i * WIDTH + label] for i, label in enumerate(labels))
    own += transitions.scores[labels[0]][START]
    return own + sum(transitions.scores[b][a] for a, b in zip(labels, labels[1:], strict=False))


def test_a_very_long_paragraph_neither_vanishes_nor_overflows():
    text = "Ann Tarrant said that " + "the ferry would sail and " * 2_000 + "stop."
    tagged = tag(Layout(text))
    assert tagged.source_probability(0, 11) > 0.5


def work(text):
    """How many lines of Python are run to tag a text."""
    layout = Layout(text)
    count = 0

    def local(frame, event, argument):
        nonlocal count
        count += 1
        return local

    tag(Layout("Nothing."))
    before = sys.gettrace()
    sys.settrace(lambda frame, event, argument: local)
    try:
        tag(layout)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece", ['"', "he said ", '"A," he said. ', "Ann said that ", ", ", "and ", "a. B ", "a\n"]
)
def test_work_grows_no_faster_than_the_text(piece):
    small, large = 1_000 // len(piece), 8_000 // len(piece)
    # Eight times the text. One that is surely no speech is spared half the work, hence twice that; work
    # growing with the square would be sixty-four times as much.
    assert work(piece * large) < 20 * work(piece * small)


SAYINGS = [
    ("{0} said that the {1} would reopen.", "that the {1} would reopen"),
    ("{0} said the {1} was unsafe.", "the {1} was unsafe"),
    ("{0} said that nobody had asked about the {1}.", "that nobody had asked about the {1}"),
]


def documents():
    """Small marked stories, enough of them that their common words count as known."""
    made = []
    for name, thing in product(("Ann Tarrant", "Bob Quill", "Cy Ebbage"), ("harbour", "quay", "ferry")):
        text, marked = "", []
        for saying, words in SAYINGS:
            start = len(text)
            text += saying.format(name, thing) + "\n\nThe boats lay still.\n\n"
            said, content = text.index("said", start), text.index(words.format(name, thing), start)
            marked.append(
                training.Marked(
                    (Span(content, content + len(words.format(name, thing))),),
                    (Span(said, said + 4),),
                    (Span(start, start + len(name)),),
                )
            )
        made.append(training.Document(Layout(text), tuple(marked)))
    return made


def test_training_gives_the_same_file_twice_and_one_that_reads_what_it_was_taught():
    rows = training.train(documents())
    assert rows == training.train(documents())
    text = "Cy Ebbage said that the harbour would reopen."
    (found,) = tag(Layout(text), Model(rows)).attributions
    assert text[slice(*found.source)] == "Cy Ebbage"
    assert text[slice(*found.content[0])] == "that the harbour would reopen"


def test_words_of_too_few_stories_are_not_kept():
    made = documents()
    text = "Zebedee said that the xylophone would reopen."
    made.append(
        training.Document(Layout(text), (training.Marked((Span(13, 44),), (Span(8, 12),), (Span(0, 7),)),))
    )
    rows = training.train(made)
    assert "harbour" in rows
    assert not any(part in rows for part in ("zebed", "xylop"))


def test_the_free_moves_settle_every_account_once():
    settled = {UNIT_TRANSITIONS[0][0] + " left"}
    for before, after in UNIT_TRANSITIONS:
        account = {before + " left", after + " come to"}
        assert len(account & settled) == 1
        settled |= account
    assert len(settled) == 2 * WIDTH


def test_moves_that_cannot_be_are_never_taken():
    transitions = Transitions({})
    outside, going_on = LABELS.index("O"), LABELS.index("IR")
    scores = [0] * WIDTH + [900 if label == going_on else 0 for label in range(WIDTH)]
    path = viterbi(scores, [EVERY_LABEL] * 2, transitions.scores)
    assert path[0] != outside or path[1] != going_on
