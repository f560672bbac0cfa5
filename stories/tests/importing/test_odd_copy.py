"""Copy as it really comes: from other systems, with things in it that are not for readers, half broken."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from stories.importing.reader import Copy, ReadError, read
from stories.text import richtext

BODY = "The ferry sails\n\nIt left at nine.\n"


def under(matter: str, body: str = BODY, **how: object) -> Copy:
    return read(f"---\n{matter}\n---\n{body}".encode(), **how)  # type: ignore[arg-type]


# Values are text


@pytest.mark.parametrize(
    "line",
    [
        "title: 0x" + "f" * 5_000,
        "date: 0x" + "f" * 5_000,
        "tags: [0x" + "f" * 5_000 + "]",
        "? 0x" + "f" * 5_000 + "\n: no",
        "title: 1" + ":59" * 20_000,
    ],
)
def test_a_number_of_any_length_is_read_as_text_or_refused(line: str) -> None:
    refused = ReadError("", None)
    try:
        copy = under(line)
    except ReadError as error:
        refused = error
    else:
        assert copy.headline in ("The ferry sails", line.removeprefix("title: "))
    assert len(str(refused)) < 300
    assert refused.line in (None, 1, 2)


def test_every_value_is_the_word_that_was_typed() -> None:
    copy = under('title: Off\nstandfirst: on\ntags: [OFF, 2.50, 11:15, true, "null"]\nsource: 007\nauthor: ~')
    assert (copy.headline, copy.standfirst, copy.source) == ("Off", "on", "007")
    assert copy.tags == ("OFF", "2.50", "11:15", "true", "null")
    assert copy.byline == ()


def test_words_that_a_hash_hides_are_told() -> None:
    copy = under("title: Route #7 reopens")
    assert copy.headline == "Route"
    assert "“#7 reopens” is taken for a note" in copy.remarks[0]
    assert copy.remarks[0].startswith("Line 2:")


@pytest.mark.parametrize(
    ("slip", "why"),
    [
        ("title: Ferry: it sails", "a colon stands in the value; put"),
        ('title: "Ferry" sails', "words stand after the closing quotation mark; put"),
        ("title: @ferry", "cannot begin with @; put"),
        ("title: `ferry`", "cannot begin with `; put"),
        ("title: *ferry*", "cannot begin with .*; put"),
        ("title: - ferry", "cannot begin with a hyphen; put"),
        ("\ttitle: A ferry", "a tab stands at the beginning"),
        ('title: "Ferry', "a quotation mark is opened and never closed"),
        ("title:A ferry", "such as “title: …”"),
    ],
)
def test_the_commonest_slips_are_explained_in_plain_words(slip: str, why: str) -> None:
    with pytest.raises(ReadError, match=f"Line 2: .*{why}"):
        under(slip)


# Dates


@pytest.mark.parametrize("year", [1, 312, 999, 1000, 1599, 2190, 9999])
def test_a_year_that_cannot_be_meant_is_refused_with_its_line(year: int) -> None:
    with pytest.raises(ReadError, match=f"^Line 3: the year {year} is too"):
        under(f"title: A ferry\ndate: {year:04}-05-02")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2031-03-04T23:30:00-05:00", datetime(2031, 3, 5, 4, 30, tzinfo=UTC)),
        ("2031-03-04 21:00", datetime(2031, 3, 4, 21, tzinfo=UTC)),
        ("2031-07-04 21:00:00", datetime(2031, 7, 4, 20, tzinfo=UTC)),
        ("Tue, 04 Mar 2031 09:30:00 +0000", datetime(2031, 3, 4, 9, 30, tzinfo=UTC)),
        ("March 4, 2031 9:30 pm", datetime(2031, 3, 4, 21, 30, tzinfo=UTC)),
        ("9.30am, 4 March 2031", datetime(2031, 3, 4, 9, 30, tzinfo=UTC)),
        ("9am on Tuesday the 4th of March 2031", datetime(2031, 3, 4, 9, tzinfo=UTC)),
        ("12 noon, 4 March 2031", datetime(2031, 3, 4, 12, tzinfo=UTC)),
        ("4 July 2031, 21:00 GMT", datetime(2031, 7, 4, 21, tzinfo=UTC)),
        ("4 July 2031 at 9.30pm BST", datetime(2031, 7, 4, 20, 30, tzinfo=UTC)),
        ("July 4, 2031 at 9:30 a.m. ET", datetime(2031, 7, 4, 13, 30, tzinfo=UTC)),
        ("2031-03-04 09:30:00 UTC", datetime(2031, 3, 4, 9, 30, tzinfo=UTC)),
        ("Tue Mar  4 09:30:00 2031", datetime(2031, 3, 4, 9, 30, tzinfo=UTC)),
        ("Tue, 04 Mar 2031 09:30:00 -0500 (EST)", datetime(2031, 3, 4, 14, 30, tzinfo=UTC)),
    ],
)
def test_an_hour_and_its_zone_are_kept(typed: str, moment: datetime) -> None:
    copy = under(f"date: {typed}", zone=ZoneInfo("Europe/London"))
    assert copy.moment == moment
    assert copy.dateline == moment.astimezone(ZoneInfo("Europe/London")).date()


@pytest.mark.parametrize(
    "typed",
    [
        *("2031-3-4", "20310304", "2031/03/04", "2031.03.04", "04.03.2031", "4-Mar-2031", "4 Mar. 2031"),
        *("4th March 2031", "Tuesday, March 4, 2031", "March 4th, 2031", "the 4th of March, 2031"),
    ],
)
def test_a_day_without_an_hour_has_none(typed: str) -> None:
    copy = under(f"date: {typed}")
    assert (copy.dateline, copy.moment) == (date(2031, 3, 4), None)


@pytest.mark.parametrize(
    "typed",
    ["04/03/2031", "04-03-2031", "4 March 31", "March 2031", "4 March 2031 21:00 IST", "4 March 2031, 25:00"],
)
def test_a_date_that_may_mean_two_is_refused(typed: str) -> None:
    assert under("date: 14/03/2031").dateline == date(2031, 3, 14)
    with pytest.raises(ReadError, match=f"Line 2: the date '{typed}'"):
        under(f"date: {typed}")


# What is not for readers


@pytest.mark.parametrize(
    "line",
    [
        "draft: true",
        "draft: yes",
        "published: false",
        "publish: no",
        "private: 1",
        "status: pitch",
        "post-status: pending",
        "visibility: private",
        "embargo: 2031-03-04 09:00",
        "Embargoed_until: Friday",
        "expiryDate: 2031-01-01",
        "unpublished: true",
        "hidden: on",
    ],
)
def test_copy_that_says_it_is_no_story_yet_is_held(line: str) -> None:
    assert under(line).held == line


@pytest.mark.parametrize(
    "line",
    [
        "draft: false",
        "published: true",
        "published: 2031-03-04",
        "status: publish",
        "embargo:",
        "private: no",
    ],
)
def test_copy_that_says_it_may_be_read_is_not_held(line: str) -> None:
    assert under(line).held == ""


@pytest.mark.parametrize(
    "line", ["EMBARGOED until 9 am", "Strictly embargoed: Friday", "NOT FOR PUBLICATION"]
)
def test_an_embargo_over_the_text_holds_it(line: str) -> None:
    copy = read(f"{line}\n\n{BODY}".encode())
    assert (copy.headline, copy.held) == ("The ferry sails", line)


@pytest.mark.parametrize("markdown", [False, True])
@pytest.mark.parametrize(
    "comment",
    [
        "<!-- call M. Harrow back -->",
        "<!--\ncall M. Harrow\n\nback\n-->",
        "{# Harrow #}",
        "{/* Harrow */}",
        "{% comment %} Harrow {% endcomment %}",
        "{{/* Harrow */}}",
        "{{< comment >}}Harrow{{< /comment >}}",
        "{>>Harrow<<}",
        "%% Harrow %%",
        "[//]: # (Harrow)",
        "[comment]: <> (Harrow)",
    ],
)
def test_a_comment_is_dropped_wherever_it_stands(comment: str, markdown: bool) -> None:
    parts = [f"{comment}\n\n{BODY}", f"The ferry sails\n\n{comment}\n\nIt left at nine.\n"]
    if "\n" not in comment and not comment.startswith(("[", "%%")):
        parts.append(f"The ferry {comment}sails\n\nIt left {comment}at nine.\n")
    for text in parts:
        copy = read(text.encode(), suffix=".md" if markdown else ".txt")
        assert (copy.headline, copy.text) == ("The ferry sails", "It left at nine.")
        assert any("comment" in remark for remark in copy.remarks)


def test_a_comment_that_is_never_closed_is_refused() -> None:
    with pytest.raises(ReadError, match="^Line 4: a comment begins here"):
        read(b"The ferry sails\n\nIt left.\n<!-- call M. Harrow back\n")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("{{< figure src=x >}}", "a shortcode"),
        ("{% youtube x %}", "a shortcode"),
        ('[caption id="x"]A ferry[/caption]', "a shortcode"),
        ("It left.[^1]", "a footnote’s mark"),
        ("| a | b |\n|---|---|\n| c | d |", "a table"),
        ("<figure><img src=x></figure>", "HTML"),
        ("Notes to editors: ask for pictures.", "a note to editors"),
        ("Write to press@example.org for more.", "an e-mail address"),
        ("Call 01632 960 123 for more.", "a telephone number"),
        ("Embargoed until nine.", "an embargo"),
    ],
)
def test_what_may_not_be_meant_for_readers_is_told_with_its_line(line: str, kind: str) -> None:
    copy = read(f"The ferry sails\n\nIt left at nine.\n\n{line}\n".encode())
    assert any(remark.startswith(("Line 5: ", "Line 6: ")) and kind in remark for remark in copy.remarks), (
        copy.remarks
    )


def test_clean_copy_is_not_remarked_on() -> None:
    copy = read(
        "The ferry sails\n\n“At last,” said Ada Birkett [the captain] at 9.30, for £5 a head.\n".encode()
    )
    assert (copy.remarks, copy.held) == ((), "")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Mina Tallis <mina@example.org>", ("Mina Tallis",)),
        ("mina@example.org", ()),
        ('"By: Mina Tallis (mina@example.org) and Bram Corran"', ("Mina Tallis", "Bram Corran")),
        ("[Mina Tallis <m@example.org>, Bram Corran]", ("Mina Tallis", "Bram Corran")),
        ("[{name: Mina Tallis, email: m@example.org}]", ("Mina Tallis",)),
        ("Mina Tallis, Political Editor", ("Mina Tallis",)),
        ("Mina Tallis, Jr.", ("Mina Tallis, Jr.",)),
    ],
)
def test_a_byline_has_names_and_no_addresses(typed: str, names: tuple[str, ...]) -> None:
    assert under(f"author: {typed}").byline == names


# What other systems write

FACTS = "Title: The ferry sails\nDate: 2031-03-04\nTags: Ferry\nAuthor: Ada Birkett\n"


@pytest.mark.parametrize(
    "text",
    [
        '+++\ntitle = "The ferry sails"\ndate = 2031-03-04\ntags = ["Ferry"]\nauthor = "Ada Birkett"\n+++\n',
        '{\n "title": "The ferry sails",\n "date": "2031-03-04",\n "tags": ["Ferry"],\n'
        ' "author": "Ada Birkett"}\n',
        f"\n\n---\n{FACTS}---\n",
        f"----\n{FACTS}----\n",
        f"{FACTS}\n",
        "From: Press <press@example.org>\nTo: desk@example.org\nSubject: The ferry\n sails\n"
        "Date: 2031-03-04\nKeywords: Ferry\nAuthor: Ada Birkett\n\n",
    ],
    ids=["toml", "json", "blank line first", "four hyphens", "multimarkdown", "e-mail"],
)
@pytest.mark.parametrize("markdown", [False, True])
def test_front_matter_of_another_kind_is_read(text: str, markdown: bool) -> None:
    copy = read(f"{text}It left.\n".encode(), suffix=".md" if markdown else ".txt")
    assert (copy.headline, copy.text, copy.dateline) == ("The ferry sails", "It left.", date(2031, 3, 4))
    assert (copy.tags, copy.byline) == (("Ferry",), ("Ada Birkett",))
    assert "example.org" not in copy.body


def test_a_pandoc_title_block_is_read() -> None:
    copy = read(b"% The ferry sails\n% Ada Birkett; Bram Corran\n% March 4, 2031\n\nIt left.\n", suffix=".md")
    assert (copy.headline, copy.text) == ("The ferry sails", "It left.")
    assert (copy.byline, copy.dateline) == (("Ada Birkett", "Bram Corran"), date(2031, 3, 4))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("+++\ntitle = \n+++\nIt left.\n", "Line 2: the front matter cannot be read"),
        ('+++\ntitle = "A"\nIt left.\n', "never closed"),
        ('{"title": }\n\nIt left.\n', "begins like JSON"),
        ("Subject: A\nContent-Type: multipart/mixed; boundary=x\n\n--x\n", "e-mail has no text in it"),
        ("<b>The ferry</b>\n\nIt left.\n", "is HTML"),
        ('<?xml version="1.0"?>\n<ferry><body/></ferry>\n', "is XML"),
        ("<rss>\n<channel/></rss>\n", "is a feed"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nIt left.\n", "WebVTT"),
        ("1\n00:00:01,000 --> 00:00:02,000\nIt left.\n", "SRT"),
        ("---\ntitle: A\n---\n<html><body>It left.</body></html>\n", "is HTML"),
        ("2031-32\n\nIt left.\n", "has no letter in it"),
        ("2031\n\nIt left.\n", "has no letter in it"),
    ],
)
@pytest.mark.parametrize("markdown", [False, True])
def test_what_is_no_copy_is_refused_by_name(text: str, kind: str, markdown: bool) -> None:
    with pytest.raises(ReadError, match=kind):
        read(text.encode(), suffix=".md" if markdown else ".txt")


@pytest.mark.parametrize(
    "line", ["PRESS RELEASE", "ferry-sails-at-last", "4 March 2031", "https://post.example/1"]
)
def test_a_line_that_is_no_headline_is_left_out_and_told(line: str) -> None:
    copy = read(f"{line}\n\n{BODY}".encode())
    assert (copy.headline, copy.text) == ("The ferry sails", "It left at nine.")
    assert copy.remarks == (f"Line 1: “{line}” is no headline and left out.",)


# Letters


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Low\u00adther", "Lowther"),
        ("Ada \u200bLow\u2060ther\ufeff", "Ada Lowther"),
        ("Low\u200cther Low\u200dther", "Lowther Lowther"),
        ("Ada\u2009Lowther\u202fMP\u3000here", "Ada Lowther MP here"),
        ("Mr Holt\u2011Gray", "Mr Holt-Gray"),
        ("Cathal O\u0301 Braona\u0301in", "Cathal Ó Braonáin"),
        ("Ada \u202eLowther\u202c \u2066MP\u2069", "Ada Lowther MP"),
        ("Mr Holt\u2010Gray", "Mr Holt-Gray"),
        ("O\ufb03ce of A\ufb00a \ufb01ghts on the \ufb02oor", "Office of Affa fights on the floor"),
        ("\u0410da L\u043ewther", "Ada Lowther"),
    ],
)
def test_characters_that_nobody_sees_cut_no_name(typed: str, kept: str) -> None:
    copy = read(f"{typed} sails\n\n“It left,” said {typed}.\n".encode())
    assert (copy.headline, copy.text) == (f"{kept} sails", f"“It left,” said {kept}.")
    assert under(f"tags: [{typed}]\nauthor: {typed}").tags == (kept,)
    assert richtext.normalise(typed) == kept
    assert richtext.to_text(richtext.clean(f"<p>{typed}</p>")) == kept
    entities = "".join(f"&#{ord(character)};" for character in typed)
    assert richtext.to_text(richtext.clean(f"<p>{entities}</p>")) == kept
    assert read(f"A ferry\n\n{entities}\n".encode(), suffix=".md").text == kept


def test_a_word_of_another_script_keeps_its_letters() -> None:
    kept = "Мост и Το πλοίο, αβγ-test, Aляска"
    assert richtext.normalise(kept) == kept


@pytest.mark.parametrize("kept", ["👩\u200d👧", "می\u200cخواهم", "क\u094d\u200dष"])
def test_a_joiner_that_a_script_or_an_emoji_needs_stays(kept: str) -> None:
    assert richtext.normalise(kept) == kept


def test_a_body_that_is_stored_already_keeps_its_offsets() -> None:
    stored = "<p>Low\u00adther said so.</p>"
    assert richtext.to_text(stored) == "Low\u00adther said so."
    assert richtext.sanitise(stored) == stored


# Lines


@pytest.mark.parametrize("first", ["“It is kind,”", '"It is kind,"', "“Is it kind?”", "“It is kind”"])
def test_a_line_broken_after_a_closing_mark_is_mended(first: str) -> None:
    text = f"Ferry row\n\n{first}\nsaid Ada Lowther, the Labour MP.\n\n“It is cruel,”\nMs Corran said.\n"
    expected = f"{first} said Ada Lowther, the Labour MP.\n\n“It is cruel,” Ms Corran said."
    assert read(text.encode()).text == expected
    assert read(text.replace("\n", "\u2028").replace("\u2028\u2028", "\n\n").encode()).text == expected
    for hard in ("  \n", "\\\n"):
        marked = text.replace("”\n", f"”{hard}").replace('"\n', f'"{hard}')
        assert read(marked.encode(), suffix=".md").text == expected


def test_a_quotation_on_a_line_of_its_own_stays_there() -> None:
    text = "Ferry row\n\n“It is kind.”\nThe ferry sailed at nine.\n“It is cruel.”\nIt came back at ten.\n"
    assert len(read(text.encode()).text.split("\n\n")) == 4


# Text copied out of a PDF, and from mailers and typists


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("The har-\nbour is full. A harbour is.", "The harbour is full. A harbour is."),
        ("Ada Low-\nther spoke.", "Ada Lowther spoke."),
        ("A by-\nelection was called.", "A by-election was called."),
        ("A long-\nterm plan.", "A long-term plan."),
        (
            "The mayor-\nelect of the council. A mayor-elect.",
            "The mayor-elect of the council. A mayor-elect.",
        ),
        ("Mr Holt-\nGray spoke.", "Mr Holt-Gray spoke."),
        ("A boat-\nhouse. The boat is by the house.", "A boat-house. The boat is by the house."),
        ("The chair-\nman-elect spoke.", "The chair-man-elect spoke."),
    ],
)
@pytest.mark.parametrize("markdown", [False, True])
def test_a_word_parted_at_a_lines_end_is_one_again(typed: str, mended: str, markdown: bool) -> None:
    assert read(f"A ferry\n\n{typed}\n".encode(), suffix=".md" if markdown else ".txt").text == mended


def test_a_guess_at_a_parted_word_is_told() -> None:
    copy = read(b"A ferry\n\nThe Low-\nther bridge, the har-\nbour. A harbour.\n")
    assert copy.remarks == ("Words that were parted at a line’s end are put together: Lowther.",)


def test_headers_and_numbers_of_pages_are_left_out_and_a_sentence_goes_on_over_the_page() -> None:
    said = [
        "“The ferry will sail,” she said, “and it",
        "will come back.” Nobody spoke.",
        "They went home",
        "at ten.",
    ]
    pages = [f"Harbour Board report 2031\n\n{words}\n\nPage {n} of 4" for n, words in enumerate(said, 1)]
    expected = (
        "“The ferry will sail,” she said, “and it will come back.” Nobody spoke.\n\nThey went home at ten."
    )
    copy = read(("The ferry\n\n" + "\x0c".join(pages)).encode())
    assert (copy.headline, copy.text) == ("The ferry", expected)
    assert "page headers and numbers left out, such as “Harbour Board report 2031”" in copy.remarks[0]
    # Viewers that copy no page ends leave the numbers to go by.
    copy = read(("The ferry\n\n" + "\n".join(pages)).encode())
    assert copy.text == expected


def test_a_line_that_comes_again_and_again_is_no_page_header() -> None:
    said = "\n\n".join(f"The Speaker\n\n{words} order." for words in ("First", "Second", "Third"))
    assert read(f"Order\n\n{said}\n".encode()).text.count("The Speaker") == 3
    years = "\n".join(f"In {year} it sailed" for year in (2029, 2031, 2032))
    assert read(f"Years\n\n{years}\n".encode()).text.count("it sailed") == 3


@pytest.mark.parametrize(
    "mark", ["ENDS", "Ends", "-ends-", "(ends)", "mfl", "MORE", "more follows...", "-30-", "# # #", "###"]
)
@pytest.mark.parametrize("markdown", [False, True])
def test_a_mark_of_the_end_is_no_paragraph(mark: str, markdown: bool) -> None:
    copy = read(f"{BODY}\n{mark}\n".encode(), suffix=".md" if markdown else ".txt")
    assert copy.text == "It left at nine."


@pytest.mark.parametrize("word", ["More", "End", "30"])
def test_a_word_that_may_be_a_subheading_stays(word: str) -> None:
    assert read(f"{BODY}\n{word}\n\nIt is back.\n".encode()).text.split("\n\n")[1] == word


def test_the_marks_of_a_quoted_mail_go() -> None:
    copy = read(
        b"> The ferry sails\n>\n> It left at nine, as the board\n> had said it would.\n>> It is back.\n"
    )
    assert copy.headline == "The ferry sails"
    assert copy.text == "It left at nine, as the board had said it would.\n\nIt is back."


@pytest.mark.parametrize("again", ["The ferry sails", "**The ferry sails**", "## The “ferry” sails"])
def test_a_headline_that_is_said_again_stands_once(again: str) -> None:
    assert read(f"# The ferry sails\n\n{again}\n\nIt left.\n".encode(), suffix=".md").text == "It left."
    assert under("title: The ferry sails", f"{again}\n\nIt left.\n", suffix=".md").text == "It left."


# Encodings

SAID = "Ferry row\n\n“The café will hold,” said Ada Lowther – for €5.\n"


@pytest.mark.parametrize(
    ("data", "guess"),
    [
        (SAID.encode("mac_roman"), "MacRoman"),
        ("Ferry row\n\nIt’s late, isn’t it.\n".encode("mac_roman"), "MacRoman"),
        ('Ferry row\n\n"It costs €5," said Ada.\n'.encode("iso8859-15"), "ISO-8859-15"),
        ('Ferry row\n\n"The café costs £5," she said.\n'.encode("cp850"), "code page 850"),
        ("Ferry row\n\nMiłosz Wałęsa poszedł do domu.\n".encode("iso8859-2"), "ISO-8859-2"),
        ("Паром\n\nПаром отплыл вовремя сегодня утром.\n".encode("koi8-r"), "looks like"),
        ("Паром\n\nПаром отплыл вовремя сегодня утром.\n".encode("cp1251"), "looks like"),
        ("渡轮启航\n\n渡轮今天早上九点准时离开码头。\n".encode("gb18030"), "looks like gb"),
        ("渡輪啟航\n\n渡輪今天早上九點準時離開碼頭。\n".encode("big5"), "looks like"),
        ("フェリー\n\n今日の朝九時に港を出ました。\n".encode("shift_jis"), "looks like"),
        ("フェリー\n\n今日の朝九時に港を出ました。\n".encode("iso2022_jp"), "looks like ISO-2022"),
        ("여객선\n\n오늘 아침 아홉 시에 떠났다.\n".encode("euc_kr"), "looks like"),
        (SAID.encode().decode("cp1252", "replace").encode(), "decoded wrongly"),
        ("Ferry row\n\nThe café.\n".encode().decode("cp1252").encode(), "decoded wrongly"),
    ],
)
def test_another_encoding_is_refused_with_a_guess(data: bytes, guess: str) -> None:
    with pytest.raises(ReadError, match=guess):
        read(data)


@pytest.mark.parametrize(
    "said",
    [
        SAID,
        "Fähre\n\n„Die Fähre kommt“, sagte Ursel von der Marsch über Größe und Maß.\n",
        "Le bac\n\n« Le bac était là », déclare Zoé à l’aîné, ½ heure après : 5 €, 20 º, Õ.\n",
        "A balsa\n\nA embarcação não são ações; corações. ¿Cómo? ¡Sí! Él, 3¼ millas; ©2031 ®\n",
    ],
)
def test_copy_of_western_europe_is_read_as_windows_1252(said: str) -> None:
    copy = read(said.encode("cp1252"))
    assert copy.encoding == "cp1252"
    assert "was read as Windows-1252: are “" in copy.remarks[-1]
    assert copy.text == read(said.encode()).text


def test_a_word_as_long_as_a_file_is_read_in_step_with_its_length() -> None:
    with pytest.raises(ReadError, match="only a headline|characters"):
        read(b"x" * 2_000_000)
    assert read(b"A ferry\n\n" + b"x" * 2_000_000).text == "x" * 2_000_000
