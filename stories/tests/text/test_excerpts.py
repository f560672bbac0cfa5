"""The sentence around somebody's words is the story's own, with the words told apart in it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stories.text.excerpts import Limits, Piece, excerpt, words_alone
from stories.text.quotations import sentence_bounds, typeset


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.said else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "said", "sentence"),
    [
        (
            'It rained. Ada Flint said: "We wait. We hope." She left.',
            ["We wait. We hope."],
            "Ada Flint said: “[We wait. We hope.]”",
        ),
        (
            "Mr. Flint denied that the dam had failed. He left.",
            ["the dam had failed"],
            "Mr. Flint denied that [the dam had failed].",
        ),
        # The sentence stands within a quotation that goes on before and after it.
        ('She said: "We wait. We hope. We pray," and left.', ["We hope."], "“[We hope.]”"),
        (
            "“We build,” she said, “and we pay.\n\n“It will be soon.”",
            ["We build,", "and we pay.\n\n“It will be soon."],
            "“[We build,]” she said, “[and we pay. It will be soon.]”",
        ),
        ('“We build." "We pay.”', ["We build.", "We pay."], "“[We build.]” “[We pay.]”"),
        # Words set off by a colon alone, in the same paragraph or the next.
        (
            "It rained. Ada Flint said:\n\nThe dam holds.\n\nIt rained.",
            ["The dam holds."],
            "Ada Flint said: [“The dam holds.”]",
        ),
        (
            "She called it “late” then. It rained. He was “glad” of it.",
            ["late", "glad"],
            "She called it “[late]” then. It rained. He was “[glad]” of it.",
        ),
        (
            "She called it “late”.\n\nIt rained.\n\nShe called it “a shame”.",
            ["late", "a shame"],
            "She called it “[late] … [a shame]”.",
        ),
        # Marks of two kinds in one pair.
        ("It would be 'ruinous\" for us.", ["ruinous"], "It would be “[ruinous]” for us."),
        (
            "He called the wall 'tall' and \"the 'best' of walls\".",
            ["the 'best' of walls"],
            "He called the wall ‘tall’ and “[the ‘best’ of walls]”.",
        ),
    ],
)
def test_the_sentence_is_as_printed_with_the_words_marked_in_it(
    text: str, said: list[str], sentence: str
) -> None:
    spans = [(at, at + len(part)) for part in said for at in [text.index(part)]]
    direct = "denied" not in text
    assert shown(excerpt(text, spans, quoted=direct)) == sentence


def test_of_a_long_sentence_a_list_shows_what_is_nearest_to_the_words() -> None:
    text = "Long ago in a report Ada Flint told the Post: “The dam holds,” and left by the next train home."
    at = text.index("The dam holds")
    near = excerpt(text, [(at, at + 13)], quoted=True, limits=Limits(before=30, after=15, words=60))
    assert shown(near) == "… Ada Flint told the Post: “[The dam holds],” and left by …"
    few = excerpt(text, [(at, at + 13)], quoted=True, limits=Limits(before=30, after=15, words=2))
    assert shown(few) == "… Ada Flint told the Post: “[The dam] …”"


def test_a_sentence_that_goes_on_beyond_the_text_at_hand_says_so() -> None:
    text = "eport by Ada Flint says the dam holds and that the wall w"
    at = text.index("the dam")
    assert (
        shown(excerpt(text, [(at, at + 13)], quoted=False, cut=(True, True)))
        == "… by Ada Flint says [the dam holds] and that the wall …"
    )


def test_words_without_a_sentence_are_in_marks_only_if_they_were_quoted() -> None:
    assert shown(words_alone("the 'dam' holds", quoted=True)) == "[“the ‘dam’ holds”]"
    assert shown(words_alone("the dam holds", quoted=False)) == "[the dam holds]"


WORDS = st.lists(
    st.sampled_from(["Dam", "holds", "it", '"', "“", "”", "'", ".", ",", "Mr.", "?", "\n\n", ":"])
)


@given(WORDS, WORDS, WORDS, st.booleans())
def test_no_word_is_shown_that_the_text_does_not_print(
    before: list[str], said: list[str], after: list[str], quoted: bool
) -> None:
    head, words = " ".join([*before, ""]), " ".join(["x", *said])
    text = " ".join([head + words, *after])
    pieces = excerpt(text, [(len(head), len(head) + len(words))], quoted=quoted)
    begin, end = sentence_bounds(typeset(text), len(head), len(head) + len(words))
    printed = re.findall(r"\w+", text[begin:end])
    assert re.findall(r"\w+", "".join(piece.text for piece in pieces)) == printed
    assert re.findall(r"\w+", "".join(piece.text for piece in pieces if piece.said)) == re.findall(
        r"\w+", words
    )
