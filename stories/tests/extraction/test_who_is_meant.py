"""Whom a printed source means: names led up to by places, offices and clauses, and what names nobody."""

from stories.extraction import extract


def test_an_office_does_not_begin_in_the_sentence_before():
    found = extract("The boat went to Bram Roe. Ports minister Ann Tarrant left.")
    assert {person.name: person.role for person in found.people}["Ann Tarrant"] == "Ports minister"
