"""Sanitised HTML, its plain-text projection, and marks painted into it.

A story's body is stored as *canonical* HTML: a sequence of the blocks ``p h2 h3 blockquote ul ol li``
holding text, ``a``, ``strong``, ``em`` and ``br``, with white space already collapsed as a browser would, and
between outermost blocks pictures of the library (`body_pictures`).
:func:`sanitise` makes it from any HTML, and every other function here passes its input through it first.

The plain text of such a body, which claims' offsets count in, follows one rule:

* the text of each block that holds text directly is one paragraph, and ``"\\n\\n"`` stands between
  paragraphs, nowhere else;
* a ``br`` is ``"\\n"``; two or more together end the paragraph, and those at its ends are dropped;
* any run of space, tab and line end is one space, and none stands at a line's ends; a no-break space
  (``&nbsp;``) is a character like any other;
* a picture is no character, and ends no paragraph: none moves where one is put in or taken out;
* characters that no HTML or XML document may hold (most control characters) are dropped, and a lone
  surrogate becomes U+FFFD.

What comes in anew, from a file or the editor, has its letters composed and loses the characters nobody sees
first (:func:`letters`, :func:`clean`). A stored body is never changed by being read: offsets count in it.

Offsets are Python characters (code points), so an emoji counts once.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import groupby, islice, pairwise
from typing import NamedTuple

import nh3

from stories.text import body_pictures
from stories.text.body_pictures import BodyPicture
from stories.text.quotations import typeset

__all__ = [
    "Mark",
    "Painted",
    "clean",
    "described",
    "from_text",
    "letters",
    "normalise",
    "paint",
    "paint_blocks",
    "sanitise",
    "to_text",
]

# What pasted pages call things, and what we call them. A tag that is a block elsewhere ("div", "td") must
# reach the builder, or the words on its two sides would run together.
_LEAVES = {"p": "p", "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_CONTAINERS = frozenset({"blockquote", "ul", "ol", "li"})
_LISTS = frozenset({"ul", "ol"})
_BOUNDARIES = frozenset(
    {"address", "article", "aside", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "main", "nav", "pre"}
    | {"section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
_STRONG = frozenset({"strong", "b"})
_EMPHASIS = frozenset({"em", "i"})
# Deleted or struck out, it is no part of the copy: without its line it would be said.
_DELETED = frozenset({"del", "s", "strike"})
_DROPPED_WITH_CONTENT = _DELETED | (
    {"script", "style", "title", "template", "noscript", "iframe", "object", "select", "svg", "math"}
    | {"textarea", "xml"}
)
# They set words some way that is not ours; they reach the builder, as they may say that their words are gone.
_INLINE = frozenset({"span", "font", "u", "ins", "sup", "sub", "small", "big", "mark", "code", "label"})
_CLEANER = nh3.Cleaner(
    tags={*_LEAVES, *_CONTAINERS, *_BOUNDARIES, *_STRONG, *_EMPHASIS, *_INLINE, "a", "br", "img"},
    clean_content_tags=set(_DROPPED_WITH_CONTENT),
    attributes={"*": {"style", "class"}, "a": {"href", "title"}, "img": set(body_pictures.ATTRIBUTES)},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)
# They have no end tag.
_VOID = frozenset({"br", "hr", "img"})
# Struck out, hidden, or a comment in the margin: as a word processor and a web editor write it.
_GONE_BY_STYLE = re.compile(
    r"text-decoration(-line)?:[^;]*line-through|mso-hide:\s*all|mso-element:\s*comment", re.I
)
_GONE_BY_CLASS = re.compile(r"\b(msocom(anchor|txt|off)|MsoComment(Text|Reference|Subject)|msoDel)\b", re.I)
# A comment's mark ("[JS1]"), or a footnote's ("[1]"), whose other end is not in the story.
_GONE_BY_ADDRESS = re.compile(r"#_(msocom|msoanchor|ftn|edn)", re.I)
# Deeper quotations and lists than any story has are flattened: the cost of a paragraph grows with its depth.
_DEEPEST = 12

_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
# Nobody sees them, and they part a word or turn a line around: soft hyphens, joiners, marks of direction.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b\u2060-\u206f\u202a-\u202e\ufeff\ufff9-\ufffb]")
# These say something between two letters of some scripts, and in an emoji; in Latin words they do not.
_JOINERS = re.compile("(?<![\u0590-\u1fff\u2600-\ufaff\ufe0f\U0001f000-\U0001ffff])[\u200c-\u200f]+")
_ODD_SPACE = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Hyphens that look like the one on every keyboard, and letters set as one piece, as a PDF's text has them.
_PLAIN = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
    }
)
# Cyrillic and Greek letters that look like a Latin one: in a Latin word they are a slip of the hand.
_LIKE_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420"
    "\u0421\u0422\u0425\u0406\u0408\u0405\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1"
    "\u03a4\u03a5\u03a7",
    "aeopcyxijsABEKMHOPCTXIJSoABEZHIKMNOPTYX",
)
_WORD = re.compile(r"[^\W\d_]+")
_MIXED = re.compile("[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_OTHER_SCRIPT = re.compile("[\u0370-\u052f]")
# What only makes sense on a link that leads somewhere.
_LINK_ONLY = frozenset({"href", "target", "rel", "download", "hreflang", "type", "ping", "referrerpolicy"})
# An address with one of the four schemes, or on this site. Others are a slip, or a scheme in disguise.
_LEADS_SOMEWHERE = re.compile(r"\s*((https?|mailto|tel):|[/?#])", re.I)
_NAME = re.compile(r"(?!on)[a-z][a-z0-9:_.-]*\Z")


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of characters of the plain text, and the element to wrap it in.

    Every piece the range falls into carries `attributes`; the first one also carries `id`. `after` is HTML
    without words (it is written as it is), inside the element at the end of the range, and of each paragraph
    that the range goes on from.
    """

    start: int
    end: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    tag: str = "mark"
    id: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Painted:
    """An outermost block with the marks in it, and the numbers of those that begin in it, in their order.

    Of a picture between blocks, `html` is the element that is stored.
    """

    html: str
    marks: tuple[int, ...] = ()
    picture: BodyPicture | None = None


class _Inline(NamedTuple):
    """How a run of characters is set: the link it belongs to, and whether strong or emphasised."""

    link: tuple[tuple[str, str], ...] | None = None
    strong: bool = False
    emphasis: bool = False


class _Block(NamedTuple):
    """An open block on the way down to a paragraph; `serial` tells two neighbouring ones apart."""

    tag: str
    serial: int
    implied: bool = False


class _Paragraph:
    """A block's own run of text: the blocks it stands in, and its characters by how they are set."""

    __slots__ = ("path", "runs")

    def __init__(self, path: tuple[_Block, ...]) -> None:
        self.path = path
        self.runs: list[tuple[str, _Inline]] = []

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)

    def set_curly(self) -> None:
        """Make its straight marks of quotation curly; every character stays in its place."""
        shown, at = typeset(self.text), 0
        for number, (text, inline) in enumerate(self.runs):
            self.runs[number] = shown[at : at + len(text)], inline
            at += len(text)


class _Body(NamedTuple):
    """The paragraphs, and beside each picture the number of those that stand before it."""

    paragraphs: list[_Paragraph]
    pictures: list[tuple[int, BodyPicture]]


class _Builder(HTMLParser):
    """Reads cleaned HTML into paragraphs, mending what does not nest as HTML wants it."""

    def __init__(self, *, incoming: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._incoming = incoming
        self._gone = 0  # elements open in what is left out, with itself
        self.paragraphs: list[_Paragraph] = []
        self.pictures: list[tuple[int, BodyPicture]] = []
        self._serial = 0
        self._containers: list[tuple[_Block, ...]] = [()]  # the path of each open container, outermost first
        self._open: list[tuple[str, bool]] = []  # (tag, whether it added to _containers)
        self._leaves: list[_Block] = []
        self._links: list[tuple[tuple[str, str], ...] | None] = []
        self._strong = self._emphasis = 0
        self._current: _Paragraph | None = None
        self._space = False  # white space read, not yet written
        self._breaks = 0  # line breaks read, not yet written

    # Blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._gone or self._is_gone(attrs):
            self._gone += tag not in _VOID
        elif tag == "img":
            self._keep_picture(attrs)
        elif tag in _INLINE:
            pass
        elif tag == "br":
            self._breaks += 1
        elif tag == "a":
            self._links.append(_link(attrs))
        elif tag in _STRONG:
            self._strong += 1
        elif tag in _EMPHASIS:
            self._emphasis += 1
        else:
            self._end_paragraph()
            if tag in _LEAVES:
                self._leaves.append(self._block(_LEAVES[tag]))
            elif tag in _CONTAINERS:
                self._open.append((tag, self._enter(tag)))

    def _keep_picture(self, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a picture of our own where it stands, which changes nothing of the paragraphs around it."""
        if picture := body_pictures.of(attrs):
            self.pictures.append((len(self.paragraphs), picture))

    def _is_gone(self, attrs: list[tuple[str, str | None]]) -> bool:
        """Whether the words inside were deleted, hidden or noted in the margin."""
        for name, value in attrs:
            pattern = {"style": _GONE_BY_STYLE, "class": _GONE_BY_CLASS}.get(name)
            if pattern and pattern.search(value or ""):
                return True
            if self._incoming and name == "href" and _GONE_BY_ADDRESS.search(value or ""):
                return True
        return False

    def handle_endtag(self, tag: str) -> None:
        if self._gone:
            self._gone -= tag not in _VOID
        elif tag in _INLINE or tag == "img":
            pass
        elif tag == "a":
            if self._links:
                self._links.pop()
        elif tag in _STRONG:
            self._strong = max(0, self._strong - 1)
        elif tag in _EMPHASIS:
            self._emphasis = max(0, self._emphasis - 1)
        elif tag != "br":
            self._end_paragraph()
            self._close_block(tag)

    def _close_block(self, tag: str) -> None:
        if tag in _LEAVES:
            if self._leaves:
                self._leaves.pop()
        elif self._open and self._open[-1][0] == tag:
            _, entered = self._open.pop()
            if entered:
                self._containers.pop()

    def _block(self, tag: str, implied: bool = False) -> _Block:
        self._serial += 1
        return _Block(tag, self._serial, implied)

    def _enter(self, tag: str) -> bool:
        """Open a container where HTML allows it, with the list or item that was left out."""
        path = self._containers[-1]
        inside = path[-1].tag if path else ""
        if tag == "li" and inside not in _LISTS:
            path = (*path, self._implied_list(path))
        elif tag != "li" and inside in _LISTS:
            path = (*path, self._block("li"))
        if len(path) >= _DEEPEST:
            return False
        self._containers.append((*path, self._block(tag)))
        return True

    def _implied_list(self, path: tuple[_Block, ...]) -> _Block:
        """The list for an item that stands in none: the last such one, if it has just ended here."""
        if self.paragraphs:
            last = self.paragraphs[-1].path
            if len(last) > len(path) and last[: len(path)] == path and last[len(path)].implied:
                return last[len(path)]
        return self._block("ul", implied=True)

    def _end_paragraph(self) -> None:
        self._current = None
        self._space = False
        self._breaks = 0

    def _begin_paragraph(self) -> _Paragraph:
        path = self._containers[-1]
        if path and path[-1].tag in _LISTS:
            path = (*path, self._block("li"))
        previous = self.paragraphs[-1].path if self.paragraphs else ()
        if self._leaves:
            leaf = self._leaves[-1]
            if (*path, leaf) == previous:  # an ended paragraph is not taken up again
                leaf = self._leaves[-1] = self._block(leaf.tag)
            path = (*path, leaf)
        elif not path or path[-1].tag != "li" or path == previous:
            path = (*path, self._block("p"))
        paragraph = _Paragraph(path)
        self.paragraphs.append(paragraph)
        return paragraph

    # Text

    def handle_data(self, data: str) -> None:
        if self._gone:
            return
        collapsed = _SPACES.sub(" ", _FORBIDDEN.sub("", data))
        words = collapsed.strip(" ")
        if not words:
            self._space = self._space or bool(collapsed)
            return
        space = self._space or collapsed[0] == " "
        breaks = self._breaks
        if breaks > 1:
            self._end_paragraph()
        inline = _Inline(self._links[-1] if self._links else None, self._strong > 0, self._emphasis > 0)
        if self._current is None:
            self._current = self._begin_paragraph()
        elif breaks or space:
            # What stands between two runs belongs to neither: it is set only as both of them are.
            between = _common(self._current.runs[-1][1], inline)
            self._current.runs.append(("\n" if breaks else " ", between))
        self._current.runs.append((words, inline))
        self._breaks = 0
        self._space = collapsed[-1] == " "


def _link(attrs: list[tuple[str, str | None]]) -> tuple[tuple[str, str], ...] | None:
    """The attributes of an ``a`` that leads somewhere; None for one that does not, or hides a control.

    A control character is not taken out of an address: without it, a scheme the cleaner refuses might appear.
    """
    kept = {name: value or "" for name, value in attrs if name in ("href", "title")}
    if not _LEADS_SOMEWHERE.match(kept.get("href", "")):
        return None
    if any(_FORBIDDEN.search(value) for value in kept.values()):
        return None
    return tuple(sorted(kept.items()))


def _common(one: _Inline, other: _Inline) -> _Inline:
    return _Inline(
        one.link if one.link == other.link else None,
        one.strong and other.strong,
        one.emphasis and other.emphasis,
    )


def _parse(html: str, *, incoming: bool = False) -> _Body:
    builder = _Builder(incoming=incoming)
    builder.feed(_CLEANER.clean(_SURROGATE.sub("\ufffd", _FORBIDDEN.sub("", html))))
    builder.close()
    return _Body(builder.paragraphs, builder.pictures)


# Writing


class _Wrapper(NamedTuple):
    """An element around a range of a paragraph's characters; `mark` is its number, -1 for the text's own."""

    start: int
    end: int
    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    mark: int = -1
    id: str = ""
    after: str = ""


def _escape(text: str) -> str:
    return escape(text, quote=False).replace("\xa0", "&nbsp;").replace("\n", "<br>")


def _open_tag(tag: str, attributes: Sequence[tuple[str, str]] = ()) -> str:
    return "".join(("<", tag, *(f' {name}="{escape(value)}"' for name, value in attributes), ">"))


def _write(body: _Body) -> str:
    """The HTML of a body, blocks shared by neighbouring paragraphs written once."""
    return "".join(block.html for block in _blocks(body))


def _blocks(body: _Body, marks: Sequence[Mark] = ()) -> Iterator[Painted]:
    """The outermost blocks and the pictures of `body`, with `marks` painted in.

    A picture inside a block comes after it, so that no block is parted.
    """
    order = sorted(range(len(marks)), key=lambda number: (marks[number].start, -marks[number].end, number))
    waiting = [number for number in reversed(order) if marks[number].start < marks[number].end]
    active: list[int] = []
    begun: dict[int, None] = {}  # in their order; `written`: how many of them are in blocks written already
    written = 0
    out: list[str] = []
    path: tuple[_Block, ...] = ()
    offset = 0
    due = iter([*body.pictures, (len(body.paragraphs) + 1, BodyPicture(""))])
    before, picture = next(due)
    for number, paragraph in enumerate(body.paragraphs):
        shared = 0
        while shared < min(len(path), len(paragraph.path)) and path[shared] == paragraph.path[shared]:
            shared += 1
        out += (f"</{block.tag}>" for block in reversed(path[shared:]))
        if path and not shared:
            yield Painted("".join(out), _last(begun, len(begun) - written))
            out, written = [], len(begun)
        while before <= number and not shared:
            yield Painted(picture.html, picture=picture)
            before, picture = next(due)
        path = paragraph.path
        out += (f"<{block.tag}>" for block in path[shared:])
        length = len(paragraph.text)
        while waiting and marks[waiting[-1]].start < offset + length:
            active.append(waiting.pop())
        active = [one for one in active if marks[one].end > offset]
        _write_runs(out, paragraph, [_wrapper(marks, one, offset) for one in active], begun)
        offset += length + 2
    if path:
        out += (f"</{block.tag}>" for block in reversed(path))
        yield Painted("".join(out), _last(begun, len(begun) - written))
    while before <= len(body.paragraphs):
        yield Painted(picture.html, picture=picture)
        before, picture = next(due)


def _last(numbers: dict[int, None], many: int) -> tuple[int, ...]:
    return tuple(islice(reversed(numbers), many))[::-1]


def _wrapper(marks: Sequence[Mark], number: int, offset: int) -> _Wrapper:
    mark = marks[number]
    attributes = tuple(mark.attributes.items())
    return _Wrapper(mark.start - offset, mark.end - offset, mark.tag, attributes, number, mark.id, mark.after)


def _write_runs(
    out: list[str], paragraph: _Paragraph, marks: Sequence[_Wrapper], begun: dict[int, None]
) -> None:
    """Write a paragraph's characters in the fewest elements that nest.

    From the outside in: links that a mark's end would cut in two, marks (the one that began first, and of
    those the longest, outermost), other links, ``strong``, ``em``. So no link is ever split, and a mark
    is split only where it crosses a link's end or another mark's.
    """
    text = paragraph.text
    cutting, links, strong, emphasis = _own_wrappers(paragraph, marks)
    # Each layer in the order its elements begin; `at` walks along the paragraph.
    layers = [cutting, list(marks), links, strong, emphasis]
    edges = {0, len(text)}
    for wrapper in (wrapper for layer in layers for wrapper in layer):
        edges.update((max(0, wrapper.start), min(len(text), wrapper.end)))
    points = sorted(edges)
    nexts = [0] * len(layers)
    covering: list[list[_Wrapper]] = [[] for _ in layers]
    stack: list[tuple[_Wrapper, str]] = []
    for at, end in pairwise(points):
        wanted: list[_Wrapper] = []
        for number, layer in enumerate(layers):
            here = covering[number] = [wrapper for wrapper in covering[number] if wrapper.end > at]
            while nexts[number] < len(layer) and layer[nexts[number]].start <= at:
                here.append(layer[nexts[number]])
                nexts[number] += 1
            wanted += here
        same = 0
        while same < min(len(stack), len(wanted)) and stack[same][0] is wanted[same]:
            same += 1
        _close(out, stack, same, at)
        for wrapper in wanted[same:]:
            _open(out, stack, wrapper, begun)
        out.append(_escape(text[at:end]))
    _close(out, stack, 0, None)


def _own_wrappers(
    paragraph: _Paragraph, marks: Sequence[_Wrapper]
) -> tuple[list[_Wrapper], list[_Wrapper], list[_Wrapper], list[_Wrapper]]:
    """The paragraph's links that go outside marks, its other links, its strong and its emphasised ranges."""
    strong = [_Wrapper(start, end, "strong") for start, end, on in _ranges(paragraph, 1) if on]
    emphasis = [_Wrapper(start, end, "em") for start, end, on in _ranges(paragraph, 2) if on]
    outside: list[_Wrapper] = []
    inside: list[_Wrapper] = []
    ends = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    marks_link = any(mark.tag == "a" for mark in marks)
    for start, end, link in _ranges(paragraph, 0):
        if isinstance(link, tuple):
            first = bisect_right(ends, start)
            cut = marks_link or (first < len(ends) and ends[first] < end)
            (outside if cut else inside).append(_Wrapper(start, end, "a", link))
    return outside, inside, strong, emphasis


def _ranges(paragraph: _Paragraph, aspect: int) -> Iterator[tuple[int, int, object]]:
    """The widest ranges of characters that are alike in one aspect of how they are set."""
    start = 0
    for value, group in groupby(paragraph.runs, key=lambda run: run[1][aspect]):
        end = start + sum(len(text) for text, _ in group)
        yield start, end, value
        start = end


def _open(
    out: list[str], stack: list[tuple[_Wrapper, str]], wrapper: _Wrapper, begun: dict[int, None]
) -> None:
    tag, attributes = wrapper.tag, wrapper.attributes
    if tag == "a" and any(opened == "a" for _, opened in stack):
        # HTML allows no link in a link: the inner mark stays visible, and leads nowhere.
        tag, attributes = "span", tuple(pair for pair in attributes if pair[0] not in _LINK_ONLY)
    if wrapper.id and wrapper.mark not in begun:
        attributes = (("id", wrapper.id), *attributes)
    if wrapper.mark >= 0:
        begun.setdefault(wrapper.mark)
    out.append(_open_tag(tag, attributes))
    stack.append((wrapper, tag))


def _close(out: list[str], stack: list[tuple[_Wrapper, str]], depth: int, at: int | None) -> None:
    """Close the elements above `depth`, after `at` characters of the paragraph; None: all of them."""
    while len(stack) > depth:
        wrapper, tag = stack.pop()
        over = at is None or wrapper.end <= at
        out.append(f"{wrapper.after if over else ''}</{tag}>")


# What other modules call


def sanitise(html: str, *, pictures: bool = True) -> str:
    """Any HTML as canonical HTML: safe to show, each block well formed, nothing empty.

    Only ``p h2 h3 blockquote ul ol li a strong em br`` are left, and of attributes an ``a``'s ``href``
    (http, https, mailto, tel or relative) and ``title``; and, with `pictures`, those of the library. Other
    headings become ``h2`` and ``h3``, ``b`` and ``i`` become ``strong`` and ``em``, other blocks and bare
    text become paragraphs. A script or a style goes with its content; so does what was deleted, struck out,
    hidden or noted in the margin. What is canonical already comes back as it is.
    """
    body = _parse(html)
    return _write(body if pictures else _Body(body.paragraphs, []))


def to_text(html: str) -> str:
    """The plain text of `html`, by the rule at the head of this module."""
    return "\n\n".join(paragraph.text for paragraph in _parse(html).paragraphs)


def described(html: str) -> str:
    """The plain text with each picture told in a paragraph of its own, for who compares two texts."""
    if not body_pictures.within(html):
        return to_text(html)
    blocks = (
        block.picture.in_words if block.picture else to_text(block.html) for block in _blocks(_parse(html))
    )
    return "\n\n".join(blocks)


def letters(text: str) -> str:
    """Text with composed letters (NFC), without characters nobody sees, and with plain hyphens and spaces.

    Ligatures are taken apart, and a letter of another script that looks like a Latin one is that one in a
    Latin word. A no-break space stays: it is a character like any other. So do joiners in scripts and emoji
    that need them.
    """
    if text.isascii():
        return text
    text = _ODD_SPACE.sub(" ", _JOINERS.sub("", _UNSEEN.sub("", text)).translate(_PLAIN))
    text = unicodedata.normalize("NFC", text)
    return _WORD.sub(_as_latin, text) if _MIXED.search(text) else text


def _as_latin(word: re.Match[str]) -> str:
    if not _MIXED.search(word.group()):
        return word.group()
    latin = word.group().translate(_LIKE_LATIN)
    return word.group() if _OTHER_SCRIPT.search(latin) else latin


def clean(html: str, *, pictures: bool = False) -> str:
    """HTML that comes in, as canonical HTML with its letters in order, and without the marks of a word
    processor's comments and footnotes; with `pictures` of the library, if it comes from a story's form."""
    return sanitise(letters(_write(_parse(html, incoming=True))), pictures=pictures)


def normalise(text: str) -> str:
    """Plain text that comes in, as the projection of some HTML would have it: paragraphs, lines and spaces
    by the rule, and its letters in order."""
    text = letters(text)
    text = _SURROGATE.sub("\ufffd", _FORBIDDEN.sub("", text)).replace("\r\n", "\n").replace("\r", "\n")
    lines = (_SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    blocks = ("\n".join(group) for filled, group in groupby(lines, key=bool) if filled)
    return "\n\n".join(blocks)


def from_text(text: str) -> str:
    """Plain text as canonical HTML: a ``p`` for each paragraph, a ``br`` for each line end inside one.

    ``to_text(from_text(text)) == normalise(text)``.
    """
    return "".join(f"<p>{_escape(block)}</p>" for block in normalise(text).split("\n\n") if block)


def paint(html: str, marks: Sequence[Mark]) -> str:
    """`html`, sanitised, with every mark's characters wrapped in its element; see :func:`paint_blocks`."""
    return "".join(block.html for block in paint_blocks(html, marks))


def paint_blocks(html: str, marks: Sequence[Mark], *, curly: bool = False) -> list[Painted]:
    """The outermost blocks of `html`, sanitised, with every mark's characters wrapped in its element.

    Marks count in characters of ``to_text(html)`` and may overlap and nest as they like. A mark is laid
    around text inside blocks, in as few pieces as nest properly: at least one in each paragraph it touches.
    Neither the text nor the order of its words changes, but with `curly` its straight marks of quotation are
    shown as curly ones. A mark of no characters paints nothing; a mark whose
    element is ``a`` becomes a ``span`` without an address where it would stand inside another link.

    Raises ValueError for a mark outside the text, and for a tag or attribute that is no name.
    """
    body = _parse(html)
    length = sum(len(paragraph.text) + 2 for paragraph in body.paragraphs) - 2
    for mark in marks:
        if not 0 <= mark.start <= mark.end <= max(0, length):
            raise ValueError(
                f"a mark over {mark.start}–{mark.end} is outside a text of {max(0, length)} characters"
            )
        for name in (mark.tag, *mark.attributes):
            if not _NAME.match(name):
                raise ValueError(f"{name!r} is no name of an element or attribute")
    if curly:
        for paragraph in body.paragraphs:
            paragraph.set_curly()
    return list(_blocks(body, marks))
