"""What holds for any text whatever: offsets are the words', nothing raises, work grows with the length."""

import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.extraction import KnownPerson, extract
from stories.extraction.text.layout import Layout

PIECES = [
    "“",
    "”",
    '"',
    "''",
    "‘",
    "’",
    "'",
    "«",
    "»",
    "(",
    ")",
    ":",
    ",",
    ".",
    "!",
    "?",
    "…",
    "—",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\u2029",
    "\r\n",
    "said",
    "told the Echo",
    "according to",
    "adding",
    "he",
    "She",
    "who",
    "the minister",
    "Mr Tarrant",
    "Ann Tarrant",
    "Lord Ebbage",
    "One Labour MP",
    "the Labour leader",
    "Dr",
    "U.S.",
    "it’s",
    "voters’",
    "5'10\"",
    "MP",
    "Łukasz Ó Broin",
    "\u0000",
    "😀",
    "é",
    "1999",
    "a",
    "that",
    "branded it",
    "and",
    "but",
    "of",
    "chairman of",
    "'s",
]
texts = (
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
    | st.text(max_size=200)
)


def spans_of(found):
    for quotation in found.quotations:
        yield from quotation.content
        yield from quotation.fragments
        yield from (s for s in (quotation.cue, quotation.source, quotation.addressee_span) if s is not None)
        yield from (c.span for c in quotation.candidates if c.span is not None)
    for person in found.people:
        yield from person.mentions


@settings(max_examples=80, deadline=None)
@given(texts)
def test_every_span_lies_in_the_text_and_holds_words(text):
    found = extract(text)
    for start, end in spans_of(found):
        assert 0 <= start < end <= len(text)
        assert any(char.isalnum() for char in text[start:end]) or text[start:end].strip()


@settings(max_examples=40, deadline=None)
@given(texts)
def test_what_is_claimed_of_a_quotation_hangs_together(text):
    found = extract(text)
    for quotation in found.quotations:
        assert 0 <= quotation.confidence <= 1
        assert quotation.reasons
        assert (quotation.speaker is None) == (quotation.person is None)
        assert (quotation.speaker is not None) == (quotation.status == "accepted")
        if quotation.person is not None:
            assert found.people[quotation.person].name == quotation.speaker
        if quotation.source is not None:
            assert text[slice(*quotation.source)] == quotation.source_text
        for left, right in pairwise(quotation.content):
            assert left.end <= right.start
        assert all(0 <= index < len(found.people) for index in quotation.about)


@settings(max_examples=40, deadline=None)
@given(texts)
def test_the_same_text_is_always_read_alike(text):
    assert extract(text) == extract(text)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=40), texts)
def test_any_roster_is_borne(name, text):
    extract(text, [KnownPerson("1", name), KnownPerson("2", "Ann Tarrant", ("Mrs Tarrant",), "Labour")])


def calls_made(text):
    """How many calls reading a text takes: a count of work that no clock disturbs."""
    count = 0

    def counting(frame, event, argument):
        nonlocal count
        count += 1

    extract("x")
    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        extract(text)
    finally:
        sys.setprofile(before)
    return count


HOSTILE = [
    '"',
    "'a ",
    '"a ',
    "a' ",
    "“",
    "‘x ",
    "”",
    '"A." he said. ',
    "he said ",
    "Mr Tarrant, ",
    'Mr Tarrant said "x" ',
    "said Mr Lee, the ",
    "the leader ",
    "A. ",
    "a\n",
    "a:\n",
    "said:\n",
    "of the ",
    "Ann Lee ",
    "(",
    "who said ",
    "and ",
    "he told the ",
    "\n",
    ", adding ",
    "the Labour leader, Ann Lee, MP ",
    "'' ",
    "U.S. ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_no_faster_than_the_text(piece):
    small, large = 800 // len(piece), 3_200 // len(piece)
    assert calls_made(piece * large) < 5.5 * calls_made(piece * small) + 25_000


def test_very_many_quotation_marks_on_one_line_are_read():
    assert extract('"' * 100_000).people == ()


def test_sentences_paragraphs_and_tokens_cover_the_text_in_order():
    text = (
        "Tax row grows\n\nThe minister, Dr. Ann Tarrant of the\nNorth West, said: “No.” "
        "It’s over. “Is it?” asked Mr Lee."
    )
    layout = Layout(text)
    assert [text[s:e] for s, e in layout.paragraphs] == [
        "Tax row grows",
        "The minister, Dr. Ann Tarrant of the\nNorth West, said: “No.” It’s over. “Is it?” asked Mr Lee.",
    ]
    assert [text[s:e] for s, e in layout.sentences][1:] == [
        "The minister, Dr. Ann Tarrant of the\nNorth West, said: “No.”",
        "It’s over.",
        "“Is it?” asked Mr Lee.",
    ]
    assert all(
        text[s:e] == token for s, e, token in zip(layout.starts, layout.ends, layout.tokens, strict=True)
    )
