"""What may never stand at a confidence that is accepted unread."""

import pytest

from stories.extraction import extract


@pytest.mark.parametrize(
    "text",
    [
        "Ann Tarrant denied that she had taken money from the harbour company.",
        "Ann Tarrant denied being “a crook”.",
        "Ann Tarrant hopes to use a visit today to fight back.",
        "Ann Tarrant recalled Neil Orde’s words: “Power to the people of the harbour.”",
        "Senator Ann Tarrant criticised the delay.",
        'THE WALL STAYS\n\n"THE WALL WILL HOLD," SAID ANN TARRANT, THE LABOUR LEADER OF THE COUNCIL.',
    ],
)
def test_words_not_simply_said_and_copy_in_capitals_are_never_sure(text):
    assert all(quotation.confidence < 0.9 for quotation in extract(text).quotations)
