"""richtext: what is stored is safe, its text is exact, and painting changes nothing but what is painted."""

import re
import sys
from collections.abc import Callable

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stories.text.richtext import Mark, clean, from_text, normalise, paint, paint_blocks, sanitise, to_text

XHTML = "{http://www.w3.org/1999/xhtml}"
BLOCKS = {"p", "h2", "h3", "blockquote", "ul", "ol", "li"}
ALLOWED = BLOCKS | {"a", "strong", "em", "br"}

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "&nbsp;",
            "&amp;lt;",
            "&lt;p&gt;",
            "&#x1f5f3;",
            "a b",
            " ",
            "\n",
            "  two  spaces ",
            "🗳️x",
            "é",
            "<",
            "&",
        ]
    ),
)
TAGS = sorted(ALLOWED - {"br"}) + ["div", "h1", "b", "i", "td", "table", "button", "script", "span", "pre"]


@st.composite
def pages(draw: st.DrawFn) -> str:
    """HTML as it may come in: nested and crossed tags, some never closed, odd spaces and entities."""
    out = []
    for _ in range(draw(st.integers(0, 14))):
        kind = draw(st.integers(0, 9))
        if kind < 5:
            out.append(draw(TEXTS))
        elif kind == 5:
            out.append("<br>")
        elif kind == 6:
            out.append(
                f'<a href="{draw(st.sampled_from(["/x", "https://a.example/?a=1&b=2", "javascript:x"]))}">'
            )
        elif kind == 7:
            out.append(f"</{draw(st.sampled_from(TAGS))}>")
        else:
            out.append(f"<{draw(st.sampled_from(TAGS))}>")
    return "".join(out)


@st.composite
def marked_pages(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    html = draw(pages())
    length = len(to_text(html))
    marks = []
    for number in range(draw(st.integers(0, 5))):
        start, end = sorted((draw(st.integers(0, length)), draw(st.integers(0, length))))
        tag = draw(st.sampled_from(["mark", "mark", "span", "a"]))
        marks.append(Mark(start, end, {"data-mark": str(number)}, tag=tag, id=f"m{number}"))
    return html, marks


def read(html: str) -> list[list[tuple[str, list[str], list[str]]]]:
    """Paragraphs of (text, open tags, open marks), read by a parser that is not ours."""
    paragraphs: list[list[tuple[str, list[str], list[str]]]] = []
    fresh = True

    def add(text: str, tags: list[str], marks: list[str]) -> None:
        nonlocal fresh
        if not text:
            return
        if fresh:
            paragraphs.append([])
            fresh = False
        paragraphs[-1].append((text, tags, marks))

    def walk(element: object, tags: list[str], marks: list[str]) -> None:
        nonlocal fresh
        for child in element:  # type: ignore[attr-defined]
            tag = child.tag.removeprefix(XHTML)
            mark = child.get("data-mark")
            if tag in BLOCKS:
                fresh = True
            if tag == "br":
                add("\n", tags, marks)
            inside = [*marks, mark] if mark is not None else marks
            add(child.text or "", [*tags, tag], inside)
            walk(child, [*tags, tag], inside)
            if tag in BLOCKS:
                fresh = True
            add(child.tail or "", tags, marks)

    root = html5lib.parseFragment(html, treebuilder="etree")
    add(root.text or "", [], [])
    walk(root, [], [])
    return paragraphs


def read_text(html: str) -> str:
    return "\n\n".join("".join(text for text, _, _ in paragraph) for paragraph in read(html))


@settings(max_examples=400, deadline=None)
@given(pages())
@example("<p><button><p>x</p></button></p>")
@example("<ul><li>a<ul><li>b</ul>c<li>d</ul>e")
@example("<li>a<li>b<p>c")
@example("<ul>" * 30 + "deep <p>one</p>two")
@example("<ul>a<ul>b</ul>c<p>d</p></ul>")
@example("<p>a<br><br>b<br></p><br>c")
@example("a<b> b </b><i> c</i>")
def test_sanitised_html_is_canonical_and_another_parser_reads_the_same_text(html: str) -> None:
    clean = sanitise(html)
    assert sanitise(clean) == clean
    assert to_text(clean) == to_text(html)
    assert read_text(clean) == to_text(html)
    assert set(re.findall(r"<([a-z0-9]+)", clean)) <= ALLOWED
    assert not re.search(r"<(p|h2|h3|li|ul|ol|blockquote|a|strong|em)[^>]*></", clean)


@settings(max_examples=400, deadline=None)
@given(marked_pages())
@example(
    (
        "<p>one <a href='/x'>two</a> three</p>",
        [Mark(2, 6, {"data-mark": "0"}), Mark(0, 13, {"data-mark": "1"})],
    )
)
@example(
    ("<p>aa</p><p>bb</p>", [Mark(0, 6, {"data-mark": "0"}, tag="a"), Mark(1, 5, {"data-mark": "1"}, tag="a")])
)
def test_painting_wraps_exactly_the_marked_characters(case: tuple[str, list[Mark]]) -> None:
    html, marks = case
    text = to_text(html)
    painted = paint(html, marks)
    assert to_text(painted) == text
    paragraphs = read(painted)
    assert "\n\n".join("".join(piece[0] for piece in paragraph) for paragraph in paragraphs) == text
    spans, start = [], 0
    for part in text.split("\n\n") if text else []:
        spans.append((start, start + len(part)))
        start += len(part) + 2
    for mark in marks:
        number = mark.attributes["data-mark"]
        touched = ["".join(piece[0] for piece in par if number in piece[2]) for par in paragraphs]
        wanted = [text[max(start, mark.start) : max(start, min(end, mark.end))] for start, end in spans]
        assert touched == wanted
        if mark.id:
            assert painted.count(f' id="{mark.id}"') == bool("".join(wanted))
    for paragraph in paragraphs:
        for _, tags, _ in paragraph:
            assert tags.count("a") <= 1
    assert "<mark></mark>" not in painted


@settings(max_examples=300, deadline=None)
@given(st.text())
@example("a\r\n\r\nb\rc\x0b\fd\xa0 e")
@example("\ud800\x00 & <p> &amp; \u2028")
@example(" \n \n")
def test_plain_text_comes_back_from_html_as_it_was(text: str) -> None:
    html = from_text(text)
    assert to_text(html) == normalise(text)
    assert sanitise(html) == html
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<script>alert(1)</script>kept", "<p>kept</p>"),
        ("<p onclick='x()' style='color:red'>kept</p>", "<p>kept</p>"),
        ('<a href="javascript:alert(1)">kept</a>', "<p>kept</p>"),
        ('<a href="jav&#x0A;ascript:alert(1)">kept</a>', "<p>kept</p>"),
        ('<a href="java&#1;script:alert(1)">kept</a>', "<p>kept</p>"),
        ('<a href=" data:text/html,<script>1</script>">kept</a>', "<p>kept</p>"),
        ("<svg><script>1</script></svg><p>kept<img src=x onerror=alert(1)></p>", "<p>kept</p>"),
        ("<math><mi><style><img src=x onerror=alert(1)></style></mi></math>kept", "<p>kept</p>"),
        ("<p>kept<!-- <img src=x onerror=1> --></p>", "<p>kept</p>"),
        ("<iframe src='//evil.example'>gone</iframe><p>kept</p>", "<p>kept</p>"),
        ("&lt;script&gt;kept&lt;/script&gt;", "<p>&lt;script&gt;kept&lt;/script&gt;</p>"),
        (
            '<a href="/a?b=1&amp;c=2" target="_blank" onfocus=x>kept</a>',
            '<p><a href="/a?b=1&amp;c=2">kept</a></p>',
        ),
        ("<h1>One</h1><div>two<div>three</div></div>", "<h2>One</h2><p>two</p><p>three</p>"),
        (
            "<p>  one \n <b> two</b><i>three</i></p><p>&nbsp;</p>",
            "<p>one <strong>two</strong><em>three</em></p><p>&nbsp;</p>",
        ),
        ("<ol><li><p>one</p></li><li>two<ul><li>three</li></ul></li></ol>",) * 2,
        ("<table><tr><td>one<td>two</table>", "<p>one</p><p>two</p>"),
        ("<p>one<br> two<br><br>three</p>", "<p>one<br>two</p><p>three</p>"),
    ],
)
def test_what_comes_in_is_cleaned(html: str, clean: str) -> None:
    assert sanitise(html) == clean


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>",
            "</script>",
            "<img src=x onerror=alert(1)>",
            "<a href='javascript:x'>",
            "<svg onload=x>",
            "<p>",
        ]
        + [
            "<style>",
            "</style>",
            "<math>",
            "<noscript>",
            "<textarea>",
            "-->",
            "<!--",
            "'",
            '"',
            "<table>",
            "text",
        ]
        + [
            "<a href='vbscript:x'>",
            "<p onmouseover=x>",
            "<title>",
            "</title>",
            "<![CDATA[",
            "]]>",
            "<template>",
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_nothing_that_runs_survives(html: str) -> None:
    root = html5lib.parseFragment(sanitise(html), treebuilder="etree")
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT":
            assert element.tag.removeprefix(XHTML) in ALLOWED
            assert set(element.attrib) <= {"href", "title"}
            assert "script:" not in element.get("href", "")


def test_overlapping_marks_split_only_where_they_cross() -> None:
    painted = paint(
        "<p>We will <em>never</em> go back, she said.</p>",
        [Mark(0, 20, {"class": "one"}, id="first"), Mark(8, 31, {"class": "two"}, id="second")],
    )
    assert painted == (
        '<p><mark id="first" class="one">We will '
        '<mark id="second" class="two"><em>never</em> go bac</mark></mark>'
        '<mark class="two">k, she said</mark>.</p>'
    )


def test_a_link_is_never_split_and_a_mark_around_it_stays_whole() -> None:
    html = '<p>He told <a href="/sky">Sky News</a> so.</p>'
    assert paint(html, [Mark(0, 19)]) == '<p><mark>He told <a href="/sky">Sky News</a> so</mark>.</p>'
    assert paint(html, [Mark(0, 11)]) == (
        '<p><mark>He told </mark><a href="/sky"><mark>Sky</mark> News</a> so.</p>'
    )


def test_what_ends_a_mark_is_written_once_however_often_the_mark_is_split() -> None:
    painted = paint(
        "<p>We will <em>never</em> go back.</p>", [Mark(0, 13, after="<i></i>"), Mark(8, 21, after="<b></b>")]
    )
    assert painted == (
        "<p><mark>We will <mark><em>never</em></mark><i></i></mark><mark> go back<b></b></mark>.</p>"
    )


def test_what_ends_a_mark_is_written_at_the_end_of_each_paragraph_that_the_mark_goes_on_from() -> None:
    painted = paint("<p>One.</p><p>Two.</p><p>Three.</p>", [Mark(1, 11, after="<i></i>")])
    assert painted == "<p>O<mark>ne.<i></i></mark></p><p><mark>Two.<i></i></mark></p><p>Three.</p>"


def test_each_outermost_block_knows_the_marks_that_begin_in_it() -> None:
    html = "<p>One two.</p><ul><li>Three.</li><li>Four.</li></ul><p>Five.</p>"
    marks = [Mark(10, 16), Mark(4, 24), Mark(0, 3), Mark(18, 23), Mark(5, 5)]
    blocks = paint_blocks(html, marks)
    assert [block.marks for block in blocks] == [(2, 1), (0, 3), ()]
    assert "".join(block.html for block in blocks) == paint(html, marks)


def test_attributes_are_escaped_and_names_checked() -> None:
    assert (
        paint("<p>x</p>", [Mark(0, 1, {"title": '"<&'})]) == '<p><mark title="&quot;&lt;&amp;">x</mark></p>'
    )
    with pytest.raises(ValueError, match="no name"):
        paint("<p>x</p>", [Mark(0, 1, {"x onclick": "1"})])
    with pytest.raises(ValueError, match="no name"):
        paint("<p>x</p>", [Mark(0, 1, tag="mark onclick")])
    with pytest.raises(ValueError, match="no name"):
        paint("<p>x</p>", [Mark(0, 1, {"onclick": "x()"})])


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (0, 2), (1, 0)])
def test_a_mark_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="outside a text of 1 characters"):
        paint("<p>x</p>", [Mark(start, end)])


def test_a_block_quotation_inside_a_list_keeps_its_offsets() -> None:
    html = (
        "<ul><li>One <strong>bold</strong><ol><li>Two</li></ol></li></ul>"
        "<blockquote><p>Th&nbsp;ree 🗳️</p></blockquote>"
    )
    text = to_text(html)
    assert text == "One bold\n\nTwo\n\nTh\xa0ree 🗳️"
    start = text.index("🗳")
    assert paint(html, [Mark(start, start + 1)]).endswith("<p>Th&nbsp;ree <mark>🗳</mark>️</p></blockquote>")


def calls(work: Callable[[], object]) -> int:
    """How many Python and C functions `work` calls: a measure of work that no busy machine disturbs."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "<p>a <b>b</b> c</p>",
        "a<br>",
        "<li>x",
        "x <a href='/y'>z</a> ",
        "&amp; ",
        "<ul><li>x</li></ul>",
        "<b><p>x</p></b>",
    ],
)
def test_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    def work(times: int) -> int:
        html = unit * times
        length = len(to_text(html))
        marks = [Mark(at, min(at + 3, length)) for at in range(0, length, 2)]
        return calls(lambda: paint(html, marks))

    assert work(400) < 2.3 * work(200)


GONE = (
    "<del>GONE</del>",
    "<del><p>GONE</p><ul><li>GONE</li></ul></del>",
    "<s>GONE</s>",
    "<strike>GONE <b>GONE</b></strike>",
    "<span class=msoDel>GONE</span>",
    "<span style='text-decoration: line-through'>GONE <span>GONE</span></span>",
    "<font style='text-decoration-line:underline line-through'>GONE</font>",
    "<span style='display:none;mso-hide:all'>GONE</span>",
    "<div style='mso-element:comment-list'><p style='mso-element:comment'>GONE<br>GONE</p><hr></div>",
    "<p class=MsoCommentText>GONE</p>",
    "<span class='MsoCommentReference x'><a href='#_msocom_1'>[GONE]</a></span>",
)


@pytest.mark.parametrize("gone", GONE)
def test_what_was_deleted_hidden_or_noted_in_the_margin_never_comes_in(gone: str) -> None:
    html = f"<div>Kept before {gone} kept after.</div><p>Kept <ins>as added</ins>.</p>"
    for way_in in (sanitise, clean):
        found = way_in(html)
        assert "GONE" not in found
        assert to_text(found).replace("\n\n", " ") == "Kept before kept after. Kept as added."
    assert to_text(html).replace("\n\n", " ") == "Kept before kept after. Kept as added."


def test_marks_of_comments_and_footnotes_are_left_out_of_what_comes_in_and_no_stored_body_is_changed() -> (
    None
):
    marks = (
        '<p>Six<a href="#_ftn1">[1]</a> boats<a href="#_msocom_1">[JS1]</a> <a href="#_ftnref1">[1]</a>sank.'
    )
    assert clean(marks) == "<p>Six boats sank.</p>"
    assert sanitise(marks) == f"{marks}</p>"
    assert clean('<p><a style="mso-comment-reference:JS_1">Words with a comment</a>.</p>') == (
        "<p>Words with a comment.</p>"
    )


def test_marks_of_quotation_are_shown_curly_in_their_places() -> None:
    html = """<p>She said: "It's <strong>"the wall"</strong>."</p><p>'Yes.'</p>"""
    start = to_text(html).index("It's")
    shown = "".join(block.html for block in paint_blocks(html, [Mark(start, start + 4)], curly=True))
    assert to_text(shown) == "She said: “It’s “the wall”.”\n\n‘Yes.’"
    assert "<mark>It’s</mark>" in shown
    assert paint_blocks(html, [])[1].html == "<p>'Yes.'</p>"
