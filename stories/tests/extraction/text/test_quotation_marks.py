"""Which words stand between marks, whatever habit the copy has."""

import pytest

from stories.extraction.text.layout import Layout

TABLE = [
    ("“One,” he said. “Two.”", ["One,", "Two."]),
    ('"One," he said. "Two."', ["One,", "Two."]),
    ("''One,'' he said.", ["One,"]),
    ("She said: “He told me ‘no’ twice.”", ["He told me ‘no’ twice."]),
    ("He said: 'If it rains we go home.\"", ["If it rains we go home."]),
    ('She said: "Nobody knows the way.”', ["Nobody knows the way."]),
    ('"One thing. "Another thing. "A third." She left.', ["One thing.", "Another thing.", "A third."]),
    ("“Para one.\n\n“Para two,” he said.", ["Para one.", "Para two,"]),
    ("“It runs on\n\nand then it ends,” he said.", ["It runs on", "and then it ends,"]),
    ("Plan 'a gift to landlords'", ["a gift to landlords"]),
    ("It was a “rotten plan” and a “vote loser”.", ["rotten plan", "vote loser"]),
    ("«Non,» he said.", ["Non,"]),
    ("“It is here,“ she said. “So it is.“", ["It is here,", "So it is."]),
    ("A “quick look“ was all:“ She left.”", ["quick look", "She left."]),
    # none of these is a mark of quotation
    ("It's the voters' choice, the '90s kids' toys and rock 'n' roll.", []),
    ('He is 6\'2" tall and the plank was 12" wide.', []),
    ('<tweet id="771" author="@someone">', []),
    ("An unopened mark” stands here.", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_the_words_between_marks_are_found(text, expected):
    assert [text[p.start : p.end] for p in Layout(text).passages] == expected


def test_a_passage_reopened_in_the_next_paragraph_goes_on():
    first, second = Layout("“Para one.\n\n“Para two,” he said.").passages
    assert not first.closed
    assert second.carried


def test_a_sentence_ends_with_its_closing_mark_though_a_space_stands_before_it():
    text = 'Magnus Orde said: "The skippers are here, and stronger than ever. " A ruling is due in May.'
    layout = Layout(text)
    assert [text[start:end] for start, end in layout.sentences][1:] == ["A ruling is due in May."]
