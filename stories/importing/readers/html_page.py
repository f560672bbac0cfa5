"""Web pages: the story in a page that was saved or exported, without what stands around it.

What a page says of its story in metadata (schema.org, Open Graph, meta tags) is taken before what it looks
like. Nothing is fetched.
"""

import json
import re
from collections.abc import Iterator
from datetime import tzinfo
from html import escape
from html.parser import HTMLParser
from statistics import median
from typing import Any, NamedTuple

from stories.importing import leftovers
from stories.importing.encodings import decode_as
from stories.importing.faulty import ReadError
from stories.importing.readers.contents import Contents, Format, head
from stories.importing.readers.lenient import details_of
from stories.importing.typed_dates import typed_date
from stories.text import richtext
from stories.text.normalise import same_words

__all__ = ["FORMAT", "looks_like_html", "story_of", "strip_tags"]

_DEEPEST = 250  # elements within each other; what is deeper is laid on that level
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_CLOSED_BY_BLOCK = frozenset({"p"})
_BLOCKS = frozenset(
    "address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main "
    "nav ol p pre section table ul".split()
)
_KEPT_BLOCKS = frozenset("p h2 h3 h4 h5 h6 blockquote ul ol li pre".split())
_INLINE = frozenset("a b strong i em br span".split())
_GONE = frozenset(
    "script style noscript template svg iframe nav footer aside form button select dialog video audio object "
    "figure canvas textarea label input menu math del s strike title head".split()
)
# Names by which sites call what stands around a story.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|footer|sidebar|rail|related|recommend(?:ed|ations?)?|promo\w*"
    r"|share|sharing|social|comments?|disqus|newsletter|subscri(?:be|ption)|sign-?up|cookies?|consent|gdpr|ads?"
    r"|advert\w*|sponsor\w*|outbrain|taboola|read-?more|more-(?:on|from|stories)|most-?read|popular|trending"
    r"|tags|topics|author-bio|bio|about-author|caption|credit|gallery|slideshow|carousel|toolbar|skip|hidden"
    r"|visually-hidden|sr-only|screen-reader\w*|print-only|byline|dateline|timestamp|meta|kicker|pagination|pager"
    r"|widget|embed|teaser|card|banner|copyright|story-tools|jump-link|correction-link|video-player)"
    r"(?:$|[\s_-])",
    re.I,
)
_STORY = re.compile(
    r"articlebody|article[-_]?body|story[-_]?body|entry-content|post-content|article__content", re.I
)
_MAY_LEAD_AWAY = frozenset("p li ul ol h2 h3 h4 h5 h6 div section".split())
_LONGEST_NOTICE = 200  # characters
_SHORT = 25  # characters: less is no paragraph of a story's own
_READ_MORE = re.compile(
    r"(?:read (?:more|also|next|the full)|see also|more on this|watch|listen|advertisement|sign up|subscribe"
    r"|related(?: (?:articles?|stories|topics|content))?|click here|follow us|share (?:this|on)"
    r"|story continues|continue reading|image (?:source|caption|credit)|copy link|view comments"
    r"|download(?: the)? app)\b.{0,120}",
    re.I,
)


class _Node:
    """An element of the page; `parts` are texts and elements in their order.

    `size` is how many characters of words are in it, `linked` how many of these are links'; `around` says
    that it, or what it is in, stands around the story.
    """

    __slots__ = ("around", "attrs", "linked", "parent", "parts", "size", "tag")

    def __init__(self, tag: str, attrs: dict[str, str], parent: "_Node | None") -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.parts: list[_Node | str] = []
        self.size = self.linked = 0
        self.around = False

    def walk(self) -> Iterator["_Node"]:
        """The element and all within it, in the page's order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(part for part in reversed(node.parts) if isinstance(part, _Node))

    def text(self) -> str:
        """All words in it, in one line."""
        words = []
        waiting: list[_Node | str] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                words.append(part)
            elif part.tag not in {"script", "style"}:
                waiting.extend(reversed(part.parts))
                if part.tag in _BLOCKS or part.tag == "br":
                    words.append(" ")
        return " ".join("".join(words).split())

    @property
    def names(self) -> str:
        """What the page calls it: class, id, role, test id."""
        return " ".join(
            self.attrs[name]
            for name in ("class", "id", "role", "data-component", "data-testid")
            if name in self.attrs
        )


class _Page(HTMLParser):
    """The page as a tree, whatever is left open or closed twice in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = _Node("html", {}, None)
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Put the element into the one that is open."""
        if tag in _BLOCKS and self._open.tag in _CLOSED_BY_BLOCK:
            self._close(self._open.tag)
        if tag == "li" and self._open.tag == "li":
            self._close("li")
        node = _Node(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.parts.append(node)
        if tag not in _VOID and self._depth < _DEEPEST:
            self._open = node
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest open element of that name; one that none opened is overlooked."""
        self._close(tag)

    def _close(self, tag: str) -> None:
        node: _Node | None = self._open
        steps = 0
        while node is not None and node.tag != tag:
            node = node.parent
            steps += 1
        if node is not None and node.parent is not None:
            self._open = node.parent
            self._depth -= steps + 1

    def handle_data(self, data: str) -> None:
        """Keep the words where they stand."""
        self._open.parts.append(data)


def _parse(html: str) -> _Node:
    page = _Page()
    page.feed(html)
    page.close()
    _measure(page.root)
    return page.root


def _measure(root: _Node) -> None:
    """Say of each element how many words are in it and whether it stands around the story: once, for it is
    asked of every element, and elements are in each other."""
    nodes = list(root.walk())
    for node in nodes:
        node.around = (node.parent is not None and node.parent.around) or _is_around(node)
    for node in reversed(nodes):  # what is in an element comes after it
        if node.tag not in {"script", "style"}:
            for part in node.parts:
                node.size += len(part.strip()) if isinstance(part, str) else part.size
                node.linked += 0 if isinstance(part, str) else part.linked
            if node.tag == "a":
                node.linked = node.size


# What the page says of its story

_ARTICLE_TYPE = re.compile(
    r"(?:News|Analysis|Opinion|Reportage|Background|Review|Report)?(?:Article|BlogPosting)|Report"
)


def _linked_data(root: _Node) -> dict[str, Any]:
    """The schema.org description of the article, where the page holds one."""
    for node in root.walk():
        if node.tag == "script" and "ld+json" in node.attrs.get("type", ""):
            try:
                waiting = [json.loads("".join(part for part in node.parts if isinstance(part, str)))]
            except (ValueError, RecursionError):
                continue
            while waiting:
                value = waiting.pop(0)
                if isinstance(value, list):
                    waiting.extend(value)
                elif isinstance(value, dict):
                    kinds = value.get("@type")
                    if any(
                        _ARTICLE_TYPE.fullmatch(str(kind))
                        for kind in (kinds if isinstance(kinds, list) else [kinds])
                    ):
                        return value
                    waiting.extend(part for part in (value.get("@graph"), value.get("mainEntity")) if part)
    return {}


def _metas(root: _Node) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in root.walk():
        if node.tag == "meta" and node.attrs.get("content", "").strip():
            name = node.attrs.get("property") or node.attrs.get("name") or node.attrs.get("itemprop") or ""
            found.setdefault(name.lower(), []).append(node.attrs["content"].strip())
        elif node.tag == "link" and node.attrs.get("rel", "").lower() == "canonical":
            found.setdefault("canonical", []).append(node.attrs.get("href", "").strip())
    return found


_DATES = (
    *("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.date"),
    *("pubdate", "parsely-pub-date", "sailthru.date", "publication_date"),
)


def _facts(root: _Node, headline: str) -> dict[str, Any]:
    """Headline, standfirst, date, byline, tags, source and address, as the page gives them."""
    data, metas = _linked_data(root), _metas(root)

    def first(*names: str) -> str:
        return next((metas[name][0] for name in names if name in metas), "")

    publisher = data.get("publisher")
    facts: dict[str, Any] = {
        "title": headline,
        "date": _text(data.get("datePublished")) or first(*_DATES) or _time(root),
        "byline": _names(data.get("author")) or _authors(root, metas),
        "tags": _tags(data, metas),
        "source": _text(publisher.get("name")) if isinstance(publisher, dict) else first("og:site_name"),
        "url": first("canonical", "og:url") or _text(data.get("url")),
    }
    return {name: value for name, value in facts.items() if value}


def _text(value: Any) -> str:
    return " ".join(strip_tags(value).split()) if isinstance(value, str) else ""


def strip_tags(text: str) -> str:
    """Words that may hold entities or elements, without them."""
    return _parse(text).text() if "<" in text or "&" in text else text


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    names = [_text(item.get("name") if isinstance(item, dict) else item) for item in values]
    bodies = {"Organization", "NewsMediaOrganization"}
    kinds = [item.get("@type") if isinstance(item, dict) else "" for item in values]
    return [
        name for name, kind in zip(names, kinds, strict=True) if _is_name(name) and str(kind) not in bodies
    ]


def _is_name(text: str) -> bool:
    return bool(text) and len(text) <= 80 and "/" not in text and any(map(str.isalpha, text))


def _authors(root: _Node, metas: dict[str, list[str]]) -> list[str]:
    for name in (
        "author",
        "article:author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
    ):
        if found := [
            text for value in metas.get(name, ()) if _is_name(text := re.sub(r"(?i)^by\s+", "", _text(value)))
        ]:
            return found
    for node in root.walk():
        if (
            node.attrs.get("rel", "").lower() == "author"
            or node.attrs.get("itemprop") == "author"
            or (re.search(r"\bbyline\b", node.names, re.I))
        ):
            text = re.sub(r"(?i)^by:?\s+", "", node.text())
            if _is_name(text) and len(text.split()) <= 8:
                return [text]
    return []


def _time(root: _Node) -> str:
    for node in root.walk():
        if node.tag == "time" and node.attrs.get("datetime"):
            return node.attrs["datetime"].strip()
        if node.attrs.get("itemprop") == "datePublished":
            return (node.attrs.get("content") or node.attrs.get("datetime") or node.text()).strip()
    return ""


def _tags(data: dict[str, Any], metas: dict[str, list[str]]) -> list[str]:
    words: list[str] = []
    keywords = data.get("keywords")
    given = keywords if isinstance(keywords, list) else [keywords] if keywords else []
    given = given or metas.get("article:tag") or metas.get("keywords") or metas.get("news_keywords") or []
    for value in given:
        words += re.split(r"\s*,\s*", _text(value))
    tags = [word for word in words if word and len(word) <= 60 and not re.match(r"\w+:", word)]
    return tags if len(tags) <= 12 else []  # more are words for search engines


# Where the story is


def _is_around(node: _Node) -> bool:
    """Whether an element stands around the story, by what it is or is called."""
    if node.tag in _GONE or "hidden" in node.attrs or node.attrs.get("aria-hidden") == "true":
        return True
    if re.search(r"display:\s*none|visibility:\s*hidden", node.attrs.get("style", ""), re.I):
        return True
    if node.attrs.get("role", "") in {
        "navigation",
        "complementary",
        "contentinfo",
        "banner",
        "search",
        "dialog",
    }:
        return True
    return bool(_AROUND.search(node.names)) and not _STORY.search(node.names)


def _paragraphs(root: _Node, least: int) -> list[tuple[_Node, int]]:
    """The paragraphs that may be a story's, with how many characters each has that are no link's."""
    found: list[tuple[_Node, int]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.tag in {
            "script",
            "style",
            "noscript",
            "template",
            "nav",
            "footer",
            "aside",
            "form",
            "figure",
            "head",
        }:
            continue
        if node.tag in {"p", "li", "blockquote"} or _holds_words(node):
            weight = _weight(node)
            if weight >= least:
                found.append((node, weight if node.tag != "li" else weight // 3))
                continue
        waiting.extend(part for part in reversed(node.parts) if isinstance(part, _Node))
    return found


def _holds_words(node: _Node) -> bool:
    """Whether an element that is no paragraph holds running words itself, parted by br or nothing."""
    own = sum(len(part.strip()) for part in node.parts if isinstance(part, str))
    return node.tag in {"div", "td", "section", "article", "pre", "span"} and own >= 80


def _weight(node: _Node) -> int:
    return 0 if _is_read_more(node) else node.size - 2 * node.linked


def _is_read_more(node: _Node) -> bool:
    """Whether an element only says where to read on, or what to do with the page."""
    return node.size <= _LONGEST_NOTICE and bool(_READ_MORE.fullmatch(node.text()))


def _body_of(root: _Node) -> _Node | None:
    """The smallest element that holds nearly all of the story's paragraphs."""
    found = _paragraphs(root, _SHORT) or _paragraphs(root, 1)
    if not found:
        return None
    shares: dict[_Node, float] = {}  # of the page's words, in an element
    scores: dict[_Node, float] = {}  # the same, but less with each step down to the paragraph
    for paragraph, weight in found:
        worth = weight * (0.2 if paragraph.around else 1.0)
        for steps, node in enumerate(_up(paragraph.parent or paragraph)):
            shares[node] = shares.get(node, 0.0) + worth
            if steps < len(_WORTH):
                scores[node] = scores.get(node, 0.0) + weight * _WORTH[steps] * _likelihood(node)
    best = max(scores, key=lambda node: scores[node])
    node = best
    while node.parent is not None and node.tag not in {"article", "main"} and not _STORY.search(node.names):
        node = node.parent
        if shares[node] > shares[best]:
            if not _goes_on(best, node, found):
                break
            best = node
    return best


def _goes_on(inner: _Node, outer: _Node, found: list[tuple[_Node, int]]) -> bool:
    """Whether what the outer element adds is as long-winded as what the inner one has: parts of one story."""
    inside: list[int] = []
    beside: list[int] = []
    for paragraph, weight in found:
        above = set(_up(paragraph))
        if inner in above:
            inside.append(weight)
        elif outer in above and not paragraph.around:
            beside.append(weight)
    return not beside or (
        sum(beside) >= sum(inside) * 0.15 and median(beside) >= max(60, median(inside) * 0.6)
    )


_WORTH = (1.0, 0.7, 0.4, 0.2)


def _likelihood(node: _Node) -> float:
    """How likely an element is the story's, by what it is called."""
    is_story = _STORY.search(node.names) or node.attrs.get("itemprop") == "articleBody"
    return (1.5 if is_story else 1.0) * (0.2 if node.around else 1.0)


def _up(node: _Node) -> Iterator[_Node]:
    above: _Node | None = node
    while above is not None:
        yield above
        above = above.parent


# Its words


class _End(NamedTuple):
    html: str


def _html_of(body: _Node) -> str:
    """The blocks of the story, without what stands between them for other ends."""
    out: list[str] = []
    waiting: list[_Node | str | _End] = list(reversed(body.parts))
    while waiting:
        part = waiting.pop()
        if isinstance(part, _End):
            out.append(part.html)
        elif isinstance(part, str):
            out.append(escape(part, quote=False))
        elif part.tag in {"br", "hr"}:
            out.append(f"<{part.tag}>")
        elif not _is_left_out(part, body):
            opened, closed = _tags_of(part)
            out.append(opened)
            waiting.append(_End(closed))
            waiting.extend(reversed(part.parts))
    return "".join(out)


def _is_left_out(node: _Node, body: _Node) -> bool:
    if _is_around(node) and not _is_most(node, body):
        return True
    return node.tag in _MAY_LEAD_AWAY and _leads_away(node)


def _tags_of(node: _Node) -> tuple[str, str]:
    if node.tag == "a":
        return f'<a href="{escape(node.attrs.get("href", ""))}">', "</a>"
    if node.tag == "h1":
        return "<h2>", "</h2>"
    tag = node.tag if node.tag in _KEPT_BLOCKS | _INLINE else "div" if node.tag in _BLOCKS else "span"
    return f"<{tag}>", f"</{tag}>"


def _is_most(node: _Node, body: _Node) -> bool:
    return node.tag not in _GONE and node.size > body.size / 2


def _leads_away(node: _Node) -> bool:
    """Whether a block is only links to other pages, or says what to do with this one."""
    if not node.size:
        return node.tag not in {"div", "section"}
    if _is_read_more(node):
        return True
    if node.tag in {"div", "section"}:
        return node.linked > node.size * 0.8
    if node.tag == "li" or node.linked <= node.size * 0.85:
        return False
    return node.size > _LONGEST_NOTICE or not re.search(r"[.!?”\"]$", node.text())


def _headline(root: _Node) -> str:
    data, metas = _linked_data(root), _metas(root)
    headings = [text for node in root.walk() if node.tag == "h1" and (text := node.text())]
    told = _text(data.get("headline")) or _text((metas.get("og:title") or [""])[0])
    if headings and (len(headings) == 1 or not told):
        return headings[0]
    if told:
        return next((heading for heading in headings if heading in told or told in heading), told)
    title = next((node.text() for node in root.walk() if node.tag == "title"), "")
    return re.split(r"\s+[|–—]\s+|\s+-\s+(?=[^-]*$)", title)[0].strip()


def story_of(html: str) -> tuple[str, str, dict[str, Any]]:
    """A page's headline, the HTML of its story and what the page says of it.

    Raises ReadError for a page without a story.
    """
    root = _parse(html)
    body = _body_of(root)
    if body is None:
        raise ReadError("The page has no story in it: there is no paragraph.")
    headline = _headline(root)
    facts = _facts(root, headline)
    return (
        headline,
        _without_lead(richtext.clean(_html_of(body)), [headline, *facts.get("byline", ())]),
        facts,
    )


_LEAD = re.compile(
    r"(?:by|from)\b.{3,80}|(?:first |last )?(?:published|updated|posted|modified)\b.{0,60}"
    r"|.{0,40}\bmin(?:ute)?s? read|(?:\d+ \w+ ago|just now)|story highlights|photo(?:graph)?s?\b.{0,60}"
    r"|[A-Z]{2,5}|.{2,40} [–—-]+",
    re.I,
)


def _without_lead(html: str, known: list[str]) -> str:
    """The story without what a page prints over it: its headline, who wrote it, when it was published."""
    while first := re.match(r"<(p|h2|h3)>(.*?)</\1>", html):
        text = richtext.to_text(first.group())
        if not (any(same_words(text, one) for one in known) or _LEAD.fullmatch(text) or _is_date(text)):
            break
        html = html[first.end() :]
    return html


def _is_date(text: str) -> bool:
    try:
        return bool(typed_date(text))
    except ValueError:
        return False


# As a format

_WHOLE = re.compile(
    r"(?:<\?xml[^>]*\?>\s*)?(?><!--.*?-->\s*)*+<(?:!doctype html|html|head|body)\b", re.I | re.S
)
_PART = re.compile(r"(?><!--.*?-->\s*)*+<(?:article|section|main|div|p|h[1-6]|blockquote)\b", re.I | re.S)
_CHARSET = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?([\w-]+)|<\?xml[^>]*encoding=["']([\w-]+)""", re.I
)


def looks_like_html(data: bytes) -> bool:
    """Whether a file is a page, or a part of one with paragraphs of its own."""
    start = head(data)
    if _WHOLE.match(start):
        return True
    return bool(_PART.match(start)) and bool(re.search(r"</(?:p|div|article|section)>", start, re.I))


def _read(data: bytes, zone: tzinfo) -> Contents:
    named = _CHARSET.search(data[:4_000])
    name = (named[1] or named[2]).decode("ascii") if named else ""
    html, encoding = decode_as(data, "" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else name)
    headline, body, facts = story_of(html)
    details, remarks = details_of(facts, zone)
    if not headline and (first := re.match(r"<(p|h2|h3)>(.*?)</\1>", body)):  # a part of a page
        headline, body = richtext.to_text(first.group()), body[first.end() :]
    if re.search(r"<img\b|<picture\b", html, re.I):
        remarks.append("The page’s pictures are left out: they stand in other files.")
    text = richtext.to_text(body)
    return Contents(headline, body, encoding, details, leftovers.held_back(text), tuple(remarks))


FORMAT = Format("a web page", (".html", ".htm", ".xhtml"), looks_like_html, _read)
