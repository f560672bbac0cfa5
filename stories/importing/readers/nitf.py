"""NITF, the news agencies' XML (IPTC, version 3): headline, byline, date, key words and the text's blocks."""

import html as entities
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from html import escape
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from stories.importing import leftovers
from stories.importing.faulty import ReadError
from stories.importing.readers.contents import Contents, Format, head
from stories.importing.readers.lenient import details_of
from stories.importing.typed_dates import typed_date
from stories.text import richtext

__all__ = ["FORMAT"]

# What has matched once is tried in no other way: many comments would take for ever.
_ROOT = re.compile(
    r"(?>\s*<(?:\?.*?\?|!--.*?--|!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?)>)*+\s*<([\w.-]+:)?([\w.-]+)", re.S
)
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TAGS = {
    "p": "p",
    "hl2": "h3",
    "hl1": "h2",
    "bq": "blockquote",
    "ul": "ul",
    "ol": "ol",
    "li": "li",
    "dl": "ul",
}
_TAGS |= {"dt": "li", "dd": "li", "block": "div", "pre": "div", "tr": "div", "td": "div", "th": "div"}
_TAGS |= {"em": "em", "strong": "strong", "q": "span", "a": "a", "br": "br", "hr": "hr"}
_GONE = frozenset({"media", "table", "nitf-table", "fn", "note", "datasource", "credit"})
# Other dialects of XML by their root, and what to call them.
_KINDS = {
    "newsml": "NewsML 1",
    "newsitem": "NewsML-G2",
    "newsmessage": "NewsML-G2",
    "packageitem": "NewsML-G2",
    "conceptitem": "NewsML-G2",
    "rss": "a feed (RSS)",
    "rdf": "a feed (RSS)",
    "feed": "a feed (Atom)",
    "entry": "a feed (Atom)",
    "svg": "a picture (SVG)",
    "worddocument": "Word’s own XML",
    "package": "Word’s own XML",
    "document": "an XML document",
}


def _root(data: bytes) -> str:
    """The name of an XML file's outermost element in small letters, "" for what is no XML."""
    start = head(data)
    found = _ROOT.match(start) if start.startswith("<") else None
    return found[2].lower() if found else ""


def _is_xml(data: bytes) -> bool:
    root = _root(data)
    return root in {"nitf", *_KINDS} or (head(data).startswith("<?xml") and root not in {"", "html"})


def _read(data: bytes, zone: tzinfo) -> Contents:
    root = _root(data)
    if root != "nitf":
        raise ReadError(f"The file is {_KINDS.get(root, 'XML')}; of XML the import reads NITF.")
    story = _parse(data)
    body = _find(story, "body.content")
    if body is None:
        raise ReadError("The NITF has no text (body.content).")
    try:
        html = "".join(_html(body))
    except RecursionError as error:
        raise ReadError("The NITF has too many elements within each other.") from error
    details, remarks = details_of(_facts(story), zone)
    for name, kind in (("media", "picture"), ("table", "table"), ("nitf-table", "table")):
        if found := sum(1 for element in story.iter() if _name(element) == name):
            where = ": they stand in other files" if kind == "picture" else ""
            remarks.append(f"{found} {kind if found == 1 else kind + 's'} left out{where}.")
    text = richtext.to_text(richtext.clean(html))
    held = [details.held, leftovers.held_back(text), _held(story)]
    return Contents(
        _words(_find(story, "hl1")) or _words(_find(story, "title")),
        html,
        "utf-8",
        details,
        "; ".join(filter(None, held)),
        tuple(remarks),
    )


def _parse(data: bytes) -> Element:
    """The tree. Entities of HTML, which agencies use without a definition, are read; others are refused."""

    def plain(found: re.Match[bytes]) -> bytes:
        name = found[1].decode("ascii")
        letter = entities.unescape(f"&{name};")
        return (
            found[0]
            if name in _OWN or letter.startswith("&")
            else letter.encode("ascii", "xmlcharrefreplace")
        )

    try:
        return ElementTree.fromstring(_ENTITY.sub(plain, data))  # type: ignore[no-any-return]
    except DefusedXmlException as error:
        raise ReadError("The XML defines words of its own (entities), which is not read.") from error
    except ParseError as error:
        line = error.position[0] if error.position else None
        raise ReadError(f"The XML is broken: {re.sub(r': line .*', '', str(error))}.", line) from error
    except (ValueError, LookupError) as error:
        raise ReadError("The XML is in an encoding that is not read.") from error


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _find(story: Element, name: str) -> Element | None:
    return next((element for element in story.iter() if _name(element) == name), None)


def _all(story: Element, name: str) -> Iterator[Element]:
    return (element for element in story.iter() if _name(element) == name)


def _words(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _facts(story: Element) -> dict[str, object]:
    byline = _find(story, "byline")
    people = [_words(person) for person in _all(byline, "person")] if byline is not None else []
    written = "".join(part for part in _own_words(byline) if part) if byline is not None else ""
    days = [
        element.get("norm", "") or (_words(element) if name == "story.date" else "")
        for name in ("date.issue", "story.date", "date.release")
        for element in _all(story, name)
    ]
    pubdata = _find(story, "pubdata")
    facts = {
        "standfirst": _words(_find(story, "abstract"))
        or _words(_find(story, "hl2") if _has_deck(story) else None),
        "date": next(filter(None, days), ""),
        "byline": people or " ".join(written.split()),
        "tags": [key for element in _all(story, "keyword") if (key := element.get("key", "").strip())],
        "source": _words(_find(story, "distributor")) or ("" if pubdata is None else pubdata.get("name", "")),
        "url": "" if pubdata is None else pubdata.get("ex-ref", ""),
    }
    return {name: value for name, value in facts.items() if value}


def _has_deck(story: Element) -> bool:
    hedline = _find(story, "hedline")
    return hedline is not None and _find(hedline, "hl2") is not None


def _own_words(byline: Element) -> Iterator[str]:
    """A byline's words without the writer's post."""
    for element in byline.iter():
        if _name(element) != "byttl":
            yield element.text or ""
        if element is not byline:
            yield element.tail or ""


def _held(story: Element) -> str:
    """By which words the agency asks not to publish it."""
    data = _find(story, "docdata")
    status = "" if data is None else data.get("management-status", "").lower()
    if status and status != "usable":
        return f"management-status: {status}"
    release = _find(story, "date.release")
    norm = "" if release is None else release.get("norm", "")
    try:
        moment, _ = typed_date(norm)
    except ValueError:
        return ""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"date.release: {norm}" if moment > datetime.now(UTC) else ""


def _html(element: Element) -> Iterator[str]:
    """An element's words and blocks as HTML, without pictures, tables and notes."""
    yield escape(element.text or "", quote=False)
    for child in element:
        name = _name(child) if isinstance(child.tag, str) else ""
        if name and name not in _GONE:
            tag = _TAGS.get(name, "span")
            link = f' href="{escape(child.get("href", ""))}"' if tag == "a" else ""
            yield f"<{tag}{link}>"
            yield from _html(child)
            yield "" if tag in {"br", "hr"} else f"</{tag}>"
        yield escape(child.tail or "", quote=False)


FORMAT = Format("NITF", (".xml", ".nitf"), _is_xml, _read)
