from hypothesis import given
from hypothesis import strategies as st

from stories.wordings import Piece, differ, differences


def test_a_changed_word_is_left_out_and_another_added() -> None:
    assert differences("the wall will stand", "the wall would stand") == [
        Piece("same", "the wall"),
        Piece("left out", "will"),
        Piece("added", "would"),
        Piece("same", "stand"),
    ]


def test_marks_and_capitals_are_no_difference() -> None:
    assert not differ("The wall, it’s said, will stand", "the wall it's said will stand.")
    assert differ("the wall will stand", "the wall will not stand")


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_pieces_put_together_are_both_wordings(recorded: str, printed: str) -> None:
    pieces = differences(recorded, printed)
    kept = " ".join(piece.text for piece in pieces if piece.kind != "left out")
    assert kept.split() == printed.split()
    left = " ".join(piece.text for piece in pieces if piece.kind == "left out").split()
    same = sum(len(piece.text.split()) for piece in pieces if piece.kind == "same")
    assert same + len(left) == len(recorded.split())
