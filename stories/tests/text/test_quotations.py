import pytest
from hypothesis import given
from hypothesis import strategies as st

from stories.text.anchors import Selector, make
from stories.text.normalise import same_words
from stories.text.quotations import (
    as_printed,
    because,
    begins_a_sentence,
    in_marks,
    sentence_around,
    typeset,
)


def parts(text: str, *said: str) -> list[Selector]:
    return [make(text, text.index(part), text.index(part) + len(part)) for part in said]


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        (
            "“The ferry is late, and far behind,” said Ada Flint, the minister. “Crews must be hired.”",
            ("The ferry is late, and far behind,", "Crews must be hired."),
            "The ferry is late, and far behind. Crews must be hired.",
        ),
        (
            "“The ferry,” said Ada Flint, “is late.”",
            ("The ferry,", "is late."),
            "The ferry … is late.",
        ),
        (
            "“The ferry,” said Ada Flint, “Is it late?”",
            ("The ferry,", "Is it late?"),
            "The ferry … Is it late?",
        ),
        ("“Is it late?” she asked. “No.”", ("Is it late?", "No."), "Is it late? No."),
        (
            "“It is late.\n\n“It is very late.”",
            ("It is late.", "It is very late."),
            "It is late. It is very late.",
        ),
        ("She said it was “late”. She would call it “a shame”.", ("late", "a shame"), "late … a shame"),
        ("“Łódź waits,” he said. “Żaden prom.”", ("Łódź waits,", "Żaden prom."), "Łódź waits. Żaden prom."),
        ("The wall, Ada Flint said, will stand.", ("The wall,", "will stand"), "The wall … will stand"),
        ("She said: “One\nline,” and left.", ("One\nline,",), "One line"),
    ],
)
def test_no_sentence_is_made_of_parts_that_the_story_printed_apart(
    text: str, said: tuple[str, ...], words: str
) -> None:
    assert as_printed(parts(text, *said)) == words


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=4))
def test_parts_keep_their_words_and_touch_only_across_the_end_of_a_sentence(
    printed: list[tuple[str, str]],
) -> None:
    selectors = [Selector(exact, prefix) for exact, prefix in printed]
    words = as_printed(selectors)
    said = [" ".join(one.exact.split()) for one in selectors]
    said = [one for one in said if one]
    assert same_words(words, " ".join(said))
    if len(said) > 1 and not begins_a_sentence(said[1]):
        assert " … " in words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ('the plan was “quite broken"', "the plan was “quite broken”"),
        ('"late" and "slow"', "“late” and “slow”"),
        ("it isn't 'late' since '97", "it isn’t ‘late’ since ’97"),
    ],
)
def test_marks_of_two_kinds_are_set_in_one_style(words: str, shown: str) -> None:
    assert typeset(words) == shown


def test_marks_within_marks_are_single() -> None:
    assert in_marks('if a "fatal blow"') == "“if a ‘fatal blow’”"


def test_the_sentence_around_words_is_theirs_alone() -> None:
    text = "It rained.\n\nThe wall stands. Ada said it was a “fatal blow”. “Why?” he asked.\n\nIt ended."
    start = text.index("fatal")
    assert sentence_around(text, start, start + len("fatal blow")) == "Ada said it was a “fatal blow”."


@pytest.mark.parametrize(
    ("reason", "end"),
    [
        ("The wall fell in May", ", because the wall fell in May."),
        ("It was another year.", ", because it was another year."),
        ("Eastmere fell first.", ": Eastmere fell first."),
        ("The wrong year.", ": The wrong year."),
        ("No. 4 dock was shut.", ": No. 4 dock was shut."),
        (" ", "."),
    ],
)
def test_a_reason_follows_because_where_it_is_a_clause(reason: str, end: str) -> None:
    assert because(reason) == end
