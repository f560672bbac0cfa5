"""Differences and merges lose nothing and can be read."""

import random

from hypothesis import given
from hypothesis import strategies as st

from stories.text import diff, richtext
from stories.text.diff import Change, word_changes
from stories.text.normalise import same_words

SAID = "“The wall is safe,” said Tove Hollin on Monday."
WORDS = st.lists(
    st.sampled_from(["the", "wall", "is", "safe", ",", ".", "\n\n", " ", "not", "“"]), max_size=40
)


def kinds(changes: list[Change]) -> list[tuple[str, str]]:
    return [(change.kind, change.text) for change in changes]


def test_a_changed_word_is_told_as_one():
    assert kinds(diff.changes(SAID, SAID.replace("Monday", "Tuesday"))) == [
        ("same", "“The wall is safe,” said Tove Hollin on "),
        ("removed", "Monday"),
        ("added", "Tuesday"),
        ("same", "."),
    ]


def test_words_changed_side_by_side_are_one_change():
    found = kinds(diff.changes("It cost ten of pounds then", "It cost two or dollars then"))
    assert found == [
        ("same", "It cost "),
        ("removed", "ten of pounds"),
        ("added", "two or dollars"),
        ("same", " then"),
    ]


def test_a_paragraph_put_in_leaves_the_others_alone():
    found = kinds(diff.changes("One.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nNew words.\n\nThree."))
    assert [part for part in found if part[0] != "same"] == [("added", "New words.\n\n")]


@given(WORDS, WORDS)
def test_the_pieces_put_together_are_the_texts(old, new):
    old, new = "".join(old), "".join(new)
    found = diff.changes(old, new)
    assert "".join(part.text for part in found if part.kind != "added") == old
    assert "".join(part.text for part in found if part.kind != "removed") == new


def moved_to(old: str, new: str, words: str) -> str:
    start = old.index(words)
    return new[slice(*diff.counterpart(old, new, start, start + len(words)))]


def test_the_counterpart_of_words_is_what_stands_in_their_place():
    story = f"It rained.\n\n{SAID}\n\nIt ended late."
    assert moved_to(story, story.replace("safe", "not safe at all"), "The wall is safe") == (
        "The wall is not safe at all"
    )
    assert moved_to(story, story.replace("safe", "unsafe"), "The wall is safe") == "The wall is unsafe"
    assert moved_to(story, story.replace("The wall", "A wall"), "The wall is safe") == "A wall is safe"
    assert moved_to(story, story.replace("Monday", "Tuesday"), "The wall is safe") == "The wall is safe"
    assert moved_to(story, "New.\n\n" + story, "The wall is safe") == "The wall is safe"
    assert moved_to(story, f"It rained.\n\n{SAID}", "It ended late.") == ""
    assert moved_to(story, "It rained.\n\nIt ended late.", "The wall is safe") == ""


@given(WORDS, WORDS, st.integers(0, 60), st.integers(0, 60))
def test_a_counterpart_is_always_inside_the_new_text(old, new, one, other):
    old, new = "".join(old), "".join(new)
    start, end = sorted((min(one, len(old)), min(other, len(old))))
    first, last = diff.counterpart(old, new, start, end)
    assert 0 <= first <= last <= len(new)


BASE = "<p>The council met on Monday.</p><p>The wall is <strong>safe</strong>.</p><p>It ended at noon.</p>"


def merged(mine: str, theirs: str, base: str | None = BASE) -> str:
    return richtext.sanitise("".join(passage.text for passage in diff.merge(base, mine, theirs)))


def test_changes_in_different_places_go_together_with_their_setting():
    mine = BASE.replace("Monday", "Tuesday").replace("<p>It ended", "<p>A late word.</p><p>It ended")
    theirs = BASE.replace("at noon", "after <em>noon</em>")
    assert merged(mine, theirs) == (
        "<p>The council met on Tuesday.</p><p>The wall is <strong>safe</strong>.</p>"
        "<p>A late word.</p><p>It ended after <em>noon</em>.</p>"
    )


def test_what_one_cut_is_cut_and_what_both_did_alike_is_done_once():
    mine = BASE.replace("<p>It ended at noon.</p>", "").replace("Monday", "Friday")
    theirs = BASE.replace("Monday", "Friday")
    assert (
        merged(mine, theirs) == "<p>The council met on Friday.</p><p>The wall is <strong>safe</strong>.</p>"
    )


def test_where_both_changed_the_same_words_both_are_kept_and_it_is_a_clash():
    mine, theirs = BASE.replace("Monday", "Tuesday"), BASE.replace("Monday", "Sunday")
    passages = diff.merge(BASE, mine, theirs)
    (clash,) = [passage for passage in passages if passage.kind == "clash"]
    assert (clash.mine, clash.theirs) == ("Tuesday", "Sunday")
    assert "met on Sunday Tuesday." in merged(mine, theirs)


def test_without_the_text_both_began_from_every_difference_is_kept_twice():
    mine, theirs = BASE.replace("Monday", "Tuesday"), BASE.replace("noon", "night")
    both = merged(mine, theirs, base=None)
    for words in ("Monday", "Tuesday", "noon", "night"):
        assert words in both


@given(seed=st.integers(0, 2**32))
def test_no_word_that_somebody_wrote_is_missing_from_a_merge(seed):
    chance = random.Random(seed)
    words = [f"w{n}" for n in range(chance.randrange(1, 40))]

    def edited(mark: str) -> tuple[str, list[str]]:
        mine, new = list(words), []
        for n in range(chance.randrange(5)):
            word = f"{mark}{n}"
            new.append(word)
            at = chance.randrange(len(mine) + 1)
            mine[at : at + chance.randrange(3)] = [word]
            new = [word for word in new if word in mine]
        return "".join(f"<p>{' '.join(mine[i : i + 7])}</p>" for i in range(0, len(mine), 7)), new

    base = "".join(f"<p>{' '.join(words[i : i + 7])}</p>" for i in range(0, len(words), 7))
    (mine, my_words), (theirs, their_words) = edited("mine"), edited("theirs")
    text = merged(mine, theirs, base)
    for word in my_words + their_words:
        assert word in text.replace("<", " <").split() or word in richtext.to_text(text)


def test_a_changed_word_is_removed_and_another_added() -> None:
    assert word_changes("the wall will stand", "the wall would stand") == [
        Change("same", "the wall"),
        Change("removed", "will"),
        Change("added", "would"),
        Change("same", "stand"),
    ]


def test_marks_and_capitals_are_no_difference() -> None:
    assert same_words("The wall, it’s said, will stand", "the wall it's said will stand.")
    assert not same_words("the wall will stand", "the wall will not stand")
    assert word_changes("The wall, it’s said, will stand", "the wall it's said will stand.") == [
        Change("same", "the wall it's said will stand.")
    ]


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_pieces_put_together_are_both_wordings(recorded: str, printed: str) -> None:
    pieces = word_changes(recorded, printed)
    kept = " ".join(piece.text for piece in pieces if piece.kind != "removed")
    assert kept.split() == printed.split()
    left = " ".join(piece.text for piece in pieces if piece.kind == "removed").split()
    same = sum(len(piece.text.split()) for piece in pieces if piece.kind == "same")
    assert same + len(left) == len(recorded.split())
