"""Whom a printed source means: names led up to by places, offices and clauses, and what names nobody."""

import pytest

from stories.extraction import extract


def speakers(text: str) -> list[str | None]:
    return [quotation.speaker for quotation in extract(text).quotations]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("In Aldmoor Ann Tarrant said: “We are ready to sail.”", "Ann Tarrant"),
        ("In Aldmoor a spokesman for Ann Tarrant said: “We are ready to sail.”", None),
        ("In Aldmoor a spokesman for harbours minister Ann Tarrant said: “We are ready to sail.”", None),
        ("In Aldmoor the wife of ports minister Bram Tarrant said: “We are ready to sail.”", None),
        ("After the ruling Ann Tarrant, head of the pilots, said: “We are ready to sail.”", "Ann Tarrant"),
    ],
)
def test_an_opening_without_a_comma_is_no_part_of_the_name(text, speaker):
    assert speakers(text) == [speaker]


def test_what_is_in_or_at_somewhere_is_a_place_whatever_is_told_behind_the_comma():
    found = extract("Ann Tarrant left. Also in Wexcombe, the prime minister took questions.")
    assert [person.name for person in found.people] == ["Ann Tarrant"]


def test_an_office_does_not_begin_in_the_sentence_before():
    found = extract("The boat went to Bram Roe. Ports minister Ann Tarrant left.")
    assert {person.name: person.role for person in found.people}["Ann Tarrant"] == "Ports minister"
