"""Pictures in a body: only our own stay, between blocks, and no character of the text moves for one."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stories.tests.text.test_richtext import TAGS
from stories.text import body_pictures, diff
from stories.text.body_pictures import BodyPicture
from stories.text.richtext import Mark, clean, described, paint, paint_blocks, sanitise, to_text

WALL = BodyPicture("stories/2026/12/wall.png", "A wall", "The “wall” & the sea", "Zoë Marsh")
IMG = WALL.html
WORDS = st.sampled_from(["one", " two ", "\n", "three<br>", "<br><br>", "&nbsp;"])
PARTS = st.lists(
    st.one_of(WORDS, st.sampled_from([f"<{a}{tag}>" for tag in TAGS for a in ("", "/")])), max_size=14
)


@settings(max_examples=400, deadline=None)
@given(PARTS, st.lists(st.integers(0, 14), max_size=3))
@example(["<p>", "one", "three<br>", "</p>", "<li>", "one", "</li>", "<li>", "one"], [1, 2, 3, 5, 7, 8])
@example(["<p>", "three<br>", "<br><br>", "one", "<p>"], [2, 3, 4])
def test_no_character_moves_where_pictures_are_put_in(parts, places):
    """In HTML as mended and unmended as it may be."""
    with_pictures = [*parts]
    for place in sorted(places, reverse=True):
        with_pictures.insert(place, IMG)
    html, without = "".join(with_pictures), "".join(parts)
    stored = sanitise(html)
    assert to_text(html) == to_text(stored) == to_text(without)
    assert sanitise(stored) == stored
    assert sanitise(html, pictures=False) == sanitise(without) == body_pictures.replaced(stored, lambda _: "")


@pytest.mark.parametrize(
    ("html", "stored"),
    [
        (f"<p>One</p>{IMG}<p>Two</p>", f"<p>One</p>{IMG}<p>Two</p>"),
        (f"<p>One {IMG} two</p>", f"<p>One two</p>{IMG}"),
        (f"<p>{IMG}One</p>", f"{IMG}<p>One</p>"),
        (f"<ul><li>One{IMG}</li><li>Two</li></ul>", f"<ul><li>One</li><li>Two</li></ul>{IMG}"),
        (
            f"<blockquote><p>A</p>{IMG}<p>B</p></blockquote>",
            f"<blockquote><p>A</p><p>B</p></blockquote>{IMG}",
        ),
        (f"<blockquote><p>A</p></blockquote>{IMG}<blockquote><p>B</p></blockquote>",) * 2,
        (f"<figure><a href='/x'>{IMG}</a><figcaption>Words</figcaption></figure>", f"{IMG}<p>Words</p>"),
        (f"{IMG}{IMG}", f"{IMG}{IMG}"),
    ],
)
def test_a_picture_stands_between_outermost_blocks_and_parts_none(html, stored):
    assert sanitise(html) == stored


@pytest.mark.parametrize(
    "foreign",
    [
        "<img src='https://elsewhere.example/a.png' alt='A'>",
        "<img data-picture='https://elsewhere.example/a.png'>",
        "<img data-picture='//elsewhere.example/a.png'>",
        "<img data-picture='../../etc/passwd'>",
        "<img data-picture='stories/.hidden/a.png'>",
        "<img data-picture='data:image/png;base64,AA'>",
        "<img data-picture='a&quot; onerror=&quot;x'>",
        "<img data-picture=''>",
        "<img alt='nothing'>",
        "<picture><source srcset='/media/a.png'></picture>",
    ],
)
def test_a_picture_from_elsewhere_goes(foreign):
    assert sanitise(f"<p>One</p>{foreign}<p>Two</p>") == "<p>One</p><p>Two</p>"


def test_only_what_a_form_sends_keeps_pictures_and_of_them_nothing_but_our_words():
    sent = IMG.replace("<img", "<img src='https://elsewhere.example/a.png' onerror='x' style='width:9px'")
    assert clean(f"<p>One</p>{sent}", pictures=True) == f"<p>One</p>{IMG}"
    assert clean(f"<p>One</p>{sent}") == "<p>One</p>"
    long = BodyPicture("a.png", " A\n wall " + "x" * 400)
    (kept,) = body_pictures.within(sanitise(long.html))
    assert kept.alt == f"A wall {'x' * 243}"
    assert body_pictures.within(sanitise(IMG)) == [WALL]


def test_words_are_painted_around_a_picture_and_a_quotation_over_two_paragraphs_stays_whole():
    html = f"<p>He said: “One.</p>{IMG}<p>“Two,” he said.</p>"
    text = to_text(html)
    start, end = text.index("“One"), text.index(" he said.")
    said = Mark(start, end, {"class": "said"}, id="said-1")
    plain = [block.html for block in paint_blocks(html.replace(IMG, ""), [said])]
    first, picture, last = paint_blocks(html, [said])
    assert [first.html, last.html] == plain
    assert (first.marks, picture.marks, last.marks) == ((0,), (), ())
    assert (picture.html, picture.picture) == (IMG, WALL)
    assert to_text(paint(html, [said])) == text


def test_who_compares_two_texts_reads_where_pictures_are_and_what_is_said_of_them():
    told = "[Picture: A wall · The “wall” & the sea · Picture: Zoë Marsh]"
    assert described(f"<p>One</p>{IMG}<p>Two</p>") == f"One\n\n{told}\n\nTwo"
    assert described("<p>One</p><p>Two</p>") == "One\n\nTwo"
    assert described(BodyPicture("a.png").html) == "[Picture: not described]"


class TestMerging:
    """Of what two people did to one text."""

    BASE = "<p>One two three.</p><p>Four five six.</p>"

    def merged(self, base, mine, theirs):
        passages = diff.merge(base, mine, theirs)
        return sanitise("".join(one.text for one in passages)), [p for p in passages if p.kind == "clash"]

    def test_a_picture_and_words_beside_it_go_together(self):
        mine = self.BASE.replace("</p><p>", f"</p>{IMG}<p>")
        theirs = self.BASE.replace("three", "3").replace("Four", "4")
        assert self.merged(self.BASE, mine, theirs) == (f"<p>One two 3.</p>{IMG}<p>4 five six.</p>", [])
        assert self.merged(self.BASE, theirs, mine) == (f"<p>One two 3.</p>{IMG}<p>4 five six.</p>", [])

    def test_of_one_that_both_described_both_stay_until_somebody_chooses(self):
        base = self.BASE + IMG
        mine, theirs = (self.BASE + WALL._replace(alt=alt).html for alt in ("Mine", "Theirs"))
        html, clashes = self.merged(base, mine, theirs)
        assert [one.alt for one in body_pictures.within(html)] == ["Theirs", "Mine"]
        assert [(described(one.theirs), described(one.mine)) for one in clashes]
        assert self.merged(base, base, theirs) == (theirs, [])
        assert self.merged(base, mine, self.BASE)[1]  # taken out by one and described by the other

    def test_without_a_common_beginning_they_are_told_apart_by_blocks(self):
        mine = self.BASE.replace("</p><p>", f"</p>{IMG}<p>")
        (clash,) = [one for one in diff.merge(None, mine, self.BASE) if one.kind == "clash"]
        assert (clash.mine, clash.theirs) == (IMG, "")
