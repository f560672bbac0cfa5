"""Which wordings are nearly the same, and what is told to keep two of them apart."""

import pytest

from stories.text.near_words import DENIAL, NUMBERS, compared_words, nearness

SAID = "the harbour wall will cost the town twelve million pounds this year"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SAID, "But the harbour wall will cost the town twelve million pounds this year"),
        (SAID, "The harbour wall would cost the town 12 million pounds this year."),
        (SAID, "the harbour wall will cost the town £12m this year"),
        (SAID, "the harbour wall will now cost our town twelve million pounds this year"),
        (SAID, "the harbour wall will cost the town twelve million pounds"),
        (SAID, f"He told the council that {SAID}, and that the ferry would be late"),
        ("there won’t be a gull left", "But there won't be a gull left"),
        ("we cannot pay for it", "we can't pay for it"),
    ],
)
def test_words_that_are_nearly_the_same(one, other):
    found = nearness(one, other)
    assert found is not None
    assert nearness(other, one) == found
    assert found.differs == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SAID, "the ferry will be late again this winter and nobody minds"),
        (SAID, "this year pounds million twelve town the cost will wall harbour the"),
        (SAID, "the harbour wall will stand"),
        ("the wall will stand", "the wall will stand"),  # so few words are said by everybody
        ("ferries run on good time", "ferries run on no day"),
        ("the wall will stand here", f"he asked {'again and ' * 8} whether the wall will stand here"),
    ],
)
def test_words_that_are_not(one, other):
    assert nearness(one, other) is None


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (SAID.replace("twelve", "thirteen"), NUMBERS),
        (SAID.replace("million", "billion"), NUMBERS),
        (SAID.replace("twelve million", "many"), NUMBERS),
        (SAID.replace("will cost", "will not cost"), DENIAL),
        (SAID.replace("will", "won’t"), DENIAL),
        (f"I never said that {SAID}", DENIAL),
    ],
)
def test_a_number_or_a_denial_that_differs_is_told(other, told):
    found = nearness(SAID, other)
    assert found is not None
    assert told in found.differs
    assert nearness(other, SAID).differs == found.differs


def test_words_are_compared_as_they_are_said_whatever_way_they_are_written():
    assert compared_words("And they didn’t pay 4,000 pounds, or 5%") == compared_words(
        "they did not pay 4000 pounds or five percent"
    )
