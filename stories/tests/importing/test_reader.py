"""Bytes to copy: encodings, paragraphs, front matter, and every way in which a file can be bad."""

import codecs
from datetime import date

import pytest

from stories.importing.reader import Copy, ReadError, read

STORY = (
    "The ferry sails\n\n"
    "It left at nine. “At last,” said Ada Birkett — the captain — of the café’s £5 tea.\n\n"
    "It is back.\n"
)


def paragraphs(copy: Copy) -> list[str]:
    return copy.text.split("\n\n")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (STORY.encode(), "utf-8"),
        (codecs.BOM_UTF8 + STORY.encode(), "utf-8"),
        (STORY.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + STORY.encode("utf-16-be"), "utf-16"),
        (STORY.encode("utf-16-le"), "utf-16"),
        (STORY.encode("utf-16-be"), "utf-16"),
        (STORY.encode("utf-32"), "utf-32"),
        (STORY.encode("cp1252"), "cp1252"),
        (STORY.replace("\n", "\r\n").encode(), "utf-8"),
        (STORY.replace("\n", "\r").encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_gives_the_same_story(data: bytes, encoding: str) -> None:
    copy = read(data)
    assert copy.encoding == encoding
    assert copy.headline == "The ferry sails"
    assert paragraphs(copy) == [
        "It left at nine. “At last,” said Ada Birkett — the captain — of the café’s £5 tea.",
        "It is back.",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\nTwo.\nThree.", ["One.", "Two.", "Three."]),
        (
            "The captain was asked about the delay at the pier in\nEastmere this week.\nNext came tea.",
            ["The captain was asked about the delay at the pier in Eastmere this week.", "Next came tea."],
        ),
        (
            "She told the Eastmere Post:\nWe sail at nine.",
            ["She told the Eastmere Post:", "We sail at nine."],
        ),
        ("He called it a\nshame.", ["He called it a shame."]),
        ('She said it was "over"\nHe did not.', ['She said it was "over"', "He did not."]),
        ("A by-\nelection was called.", ["A by-election was called."]),
        ("Analysis\nThe rest follows from that.", ["Analysis", "The rest follows from that."]),
        (
            "The council met on Tuesday and found that the\n"
            "ferry had not sailed for nine days. It had no\n"
            "captain, no coal and no passengers to speak of.\n"
            "It adjourned.\n\nNothing followed.",
            [
                "The council met on Tuesday and found that the ferry had not sailed for nine days. It had no "
                "captain, no coal and no passengers to speak of. It adjourned.",
                "Nothing followed.",
            ],
        ),
        ("One.\n \t\nTwo.\x0cThree.\u2029Four.\u2028Five.", ["One.", "Two.", "Three.", "Four.", "Five."]),
    ],
)
def test_every_paragraph_comes_out_right(body: str, expected: list[str]) -> None:
    assert paragraphs(read(f"Headline\n\n{body}".encode())) == expected
    assert paragraphs(read(f"\n\n  Headline\n{body}\n\n\n".encode())) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF16_LE, "empty"),
        (b"Only a headline\n\n", "only a headline"),
        (b"---\ntitle: Only a headline\n---\n", "only a headline"),
        (b"%PDF-1.4 \x00\x01", "a PDF"),
        (b"PK\x03\x04\x14\x00", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n\x00", "a picture"),
        (b"Head\n\nbody\x00body", "Line 3: the file is not text: it holds NUL bytes"),
        (bytes(range(256)) * 4, "not text"),
        (b"\x01\x02\x03\x04text\x05\x06", "full of control characters"),
        ("Head\n\nThe café.\n".encode() + b"The caf\xe9.\n", "Line 4: the text mixes encodings: it is UTF-8"),
        ("Head\n\nThe ferry".encode("utf-16") + b"\x00\xd8", "mixes encodings: it is UTF-16"),
        (b"Head\n\nBody \x81\x8d\x90 body", "Line 3: the encoding is not one the import reads"),
        (b"x" * 251 + b"\n\nBody.", "Line 1: the headline has 251 characters"),
        (b"\n\n" + b"x" * 251 + b"\n\nBody.", "Line 3: the headline has 251 characters"),
        (b"---\ntitle: A\nHead\n\nBody.", "Line 1: the front matter begins here and is never closed"),
        (
            b"---\ntitle: A\ntags: [a, b\n---\nBody.",
            "Line 3: the front matter cannot be read: a bracket is opened",
        ),
        (b"---\ntitle: [a]\n---\nBody.", "Line 2: the front matter's title is not a single text"),
        (b"---\n- a\n---\nHead\n\nBody.", "not a list of names and values"),
        (b"---\ntitle: A\ndate: soon\n---\nBody.", "Line 3: the date 'soon' is not one"),
        (b"---\ndate: 2014-02-31\n---\nHead\n\nBody.", "Line 2: the date '2014-02-31' is not one"),
        (b"---\ntitle: A\nurl: javascript:x\n---\nBody.", "Line 3: the address 'javascript:x' is not one"),
        (b"---\na: &x [1]\nb: *x\n---\nHead\n\nBody.", "Line 3: the front matter cannot be read: references"),
        (b"---\ntitle: A\ntitle: B\n---\nBody.", "Line 3: the front matter cannot be read: 'title' is given"),
        (b"---\ntitle: !!python/object/apply:os.system [ls]\n---\nBody.", "Line 2: the front matter cannot"),
        (b"---\nsource: " + b"x" * 151 + b"\n---\nHead\n\nBody.", "source is longer than 150 characters"),
        (b"---\ntags: [" + b"x" * 101 + b"]\n---\nHead\n\nBody.", "Line 2: a tag is longer than 100"),
    ],
)
def test_bad_copy_is_refused_with_the_reason_and_the_line(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(data)
    assert reason.casefold() in str(caught.value).casefold()


def test_front_matter_says_what_the_text_does_not() -> None:
    copy = read(
        b"---\ntitle: The ferry sails\nstandfirst: At last.\ndate: 2014-11-08\n"
        b"byline: By Ada Birkett and Bram Corran\ntags: [Ferry, harbour, ferry]\n"
        b"source: Eastmere Post\nurl: https://post.example/1\ncolour: blue\n---\n"
        b"The ferry sails\n\nIt left at nine.\n",
    )
    assert copy == Copy(
        headline="The ferry sails",
        body="<p>It left at nine.</p>",
        text="It left at nine.",
        encoding="utf-8",
        standfirst="At last.",
        dateline=date(2014, 11, 8),
        byline=("Ada Birkett", "Bram Corran"),
        tags=("Ferry", "harbour"),
        source="Eastmere Post",
        url="https://post.example/1",
    )


@pytest.mark.parametrize(
    "day", ["2014-11-08", "2014-11-08 09:30:00", "8 November 2014", "'2014-11-08T09:30:00Z'"]
)
def test_a_date_may_be_written_in_several_ways(day: str) -> None:
    assert read(f"---\ndate: {day}\n---\nHead\n\nBody.".encode()).dateline == date(2014, 11, 8)


def test_tags_and_names_may_be_a_line_of_text() -> None:
    copy = read(
        b"---\ntags: ferry, harbour\nauthors:\n  - Ada Birkett\n  - Bram and Sons\n---\nHead\n\nBody."
    )
    assert (copy.tags, copy.byline) == (("ferry", "harbour"), ("Ada Birkett", "Bram and Sons"))


def test_markdown_becomes_the_newsrooms_html() -> None:
    copy = read(
        b"# The *ferry* sails\n\nIt **left** at [nine](https://post.example/).\nQuietly.\n\n> At last.\n\n"
        b"## Later\n\n- one\n- two\n\n<script>alert(1)</script>\n",
        suffix=".md",
    )
    assert copy.headline == "The ferry sails"
    assert copy.body == (
        '<p>It <strong>left</strong> at <a href="https://post.example/">nine</a>. Quietly.</p>'
        "<blockquote><p>At last.</p></blockquote><h2>Later</h2><ul><li>one</li><li>two</li></ul>"
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )


def test_markdown_without_a_heading_begins_with_its_headline() -> None:
    copy = read(b"The ferry sails\n\nIt left at nine.", suffix=".md")
    assert (copy.headline, copy.text) == ("The ferry sails", "It left at nine.")


def test_a_letter_of_a_control_code_page_is_read_as_it_was_meant() -> None:
    assert read("Head\n\nIt\u0092s late\x1b.".encode()).text == "It’s late."
