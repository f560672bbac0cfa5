"""Names of topics as a headline has them."""

import pytest

from stories.text.titles import topic_title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("immigration", "Immigration"),
        ("nhs", "NHS"),
        ("Nhs waiting lists", "NHS waiting lists"),
        ("ukip", "UKIP"),
        ("mps’ pay", "MPs’ pay"),
        ("the eu", "The EU"),
        ("eBay", "eBay"),
        ("it is time", "It is time"),
        ("NATO", "NATO"),
        ("élan", "Élan"),
        ("", ""),
    ],
)
def test_a_topics_name_begins_with_a_capital_and_abbreviations_have_theirs(name: str, title: str) -> None:
    assert topic_title(name) == title
