"""What the specifications of feeds and sitemaps demand, as rules: each returns the faults it finds, in words.

RSS 2.0: https://www.rssboard.org/rss-specification · Atom: RFC 4287, its schema in appendix B ·
JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/ · sitemaps: https://www.sitemaps.org/protocol.html,
and the schema of news in them, http://www.google.com/schemas/sitemap-news/0.9
"""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

Element = ElementTree.Element

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(;.*)?")
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT)"
)
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
W3C_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")


def parsed(document: bytes) -> Element:
    return ElementTree.fromstring(document)  # noqa: S314  (our own)


def is_address(text: str | None) -> bool:
    parts = urlsplit(text or "")
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", text or "")


def is_identifier(text: str | None) -> bool:
    """An IRI that stands for itself: with a scheme, and nothing of it left out."""
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"]+", text or "") is not None


def is_rfc3339(text: Any) -> bool:
    if not isinstance(text, str) or not RFC3339.fullmatch(text):
        return False
    return datetime.datetime.fromisoformat(text).tzinfo is not None


def is_rfc822(text: str) -> bool:
    return RFC822.fullmatch(text) is not None and parsedate_to_datetime(text).strftime("%a") == text[:3]


def numbered(parent: Element, allowed: dict[str, str], where: str) -> Iterator[str]:
    """`allowed`: the children by their tags, each with "1", "?" (at most one), "*"; other namespaces pass."""
    space = parent.tag.partition("}")[0] + "}" if "}" in parent.tag else ""
    counted = Counter(child.tag for child in parent)
    for tag, number in counted.items():
        own = tag.startswith(space) if space else "}" not in tag
        if own and tag.removeprefix(space) not in allowed:
            yield f"{where} may not hold {tag}"
        elif own and allowed[tag.removeprefix(space)] != "*" and number > 1:
            yield f"{where} holds {number} of {tag}"
    for name, times in allowed.items():
        if times == "1" and not counted[space + name]:
            yield f"{where} lacks {name}"


# --- RSS -------------------------------------------------------------------------------------------------

CHANNEL = dict.fromkeys(
    "language copyright managingEditor webMaster pubDate lastBuildDate generator docs cloud ttl image rating "
    "textInput skipHours skipDays".split(),
    "?",
) | {"title": "1", "link": "1", "description": "1", "category": "*", "item": "*"}
ITEM = dict.fromkeys("title link description author comments guid pubDate source".split(), "?") | {
    "category": "*",
    "enclosure": "?",
}


def rss_faults(document: bytes) -> list[str]:
    root = parsed(document)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return ["it is no rss of version 2.0 with one channel"]
    channel = channels[0]
    faults = [*numbered(channel, CHANNEL, "channel"), *_rss_values(channel, "channel")]
    if not LANGUAGE.fullmatch(channel.findtext("language", "en")):
        faults.append("channel has no language")
    for item in channel.findall("item"):
        faults += [*numbered(item, ITEM, "item"), *_rss_values(item, "item")]
        if item.find("title") is None and item.find("description") is None:
            faults.append("item has neither title nor description")
    guids = Counter(
        item.findtext("guid") for item in channel.findall("item") if item.find("guid") is not None
    )
    return faults + [f"guid {guid} stands twice" for guid, times in guids.items() if times > 1]


def _rss_values(parent: Element, where: str) -> Iterator[str]:
    for child in parent:
        text = child.text or ""
        if child.tag in {"pubDate", "lastBuildDate"} and not is_rfc822(text):
            yield f"{where}: {child.tag} {text!r} is no date"
        elif child.tag in {"link", "comments", "docs"} and not is_address(text):
            yield f"{where}: {child.tag} {text!r} is no address"
        elif child.tag == "guid" and child.get("isPermaLink", "true") == "true" and not is_address(text):
            yield f"{where}: guid {text!r} is no address"
        elif child.tag in {"author", "managingEditor", "webMaster"} and "@" not in text:
            yield f"{where}: {child.tag} {text!r} is no e-mail address"
        elif child.tag == "enclosure" and not {"url", "length", "type"} <= {*child.attrib}:
            yield f"{where}: enclosure says too little"


# --- Atom ------------------------------------------------------------------------------------------------

FEED = dict.fromkeys("generator icon logo rights subtitle".split(), "?") | dict.fromkeys(
    "author category contributor link entry".split(), "*"
)
FEED |= dict.fromkeys("id title updated".split(), "1")
ENTRY = dict.fromkeys("content published rights source summary".split(), "?") | dict.fromkeys(
    "author category contributor link".split(), "*"
)
ENTRY |= dict.fromkeys("id title updated".split(), "1")
PERSON = {"name": "1", "uri": "?", "email": "?"}


def atom_faults(document: bytes) -> list[str]:
    root = parsed(document)
    if root.tag != f"{ATOM}feed":
        return ["it is no feed"]
    faults = [*numbered(root, FEED, "feed"), *_atom_values(root, "feed")]
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        faults += [*numbered(entry, ENTRY, "entry"), *_atom_values(entry, "entry")]
        has_alternate = any(_rel(link) == "alternate" for link in entry.findall(f"{ATOM}link"))
        content = entry.find(f"{ATOM}content")
        if content is None and not has_alternate:
            faults.append("entry has neither content nor an alternate link")
        if content is not None and content.get("src") and entry.find(f"{ATOM}summary") is None:
            faults.append("entry has content elsewhere and no summary")
    if root.find(f"{ATOM}author") is None and any(one.find(f"{ATOM}author") is None for one in entries):
        faults.append("nobody is the author")
    versions = Counter((one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}updated")) for one in entries)
    return faults + [f"entry {one} stands twice" for one, times in versions.items() if times > 1]


def _rel(link: Element) -> str:
    return link.get("rel", "alternate")


def _atom_values(parent: Element, where: str) -> Iterator[str]:
    if not LANGUAGE.fullmatch(parent.get(LANG, "en")):
        yield f"{where}: no such language"
    alternates: Counter[tuple[str, str]] = Counter()
    for child in parent:
        name, text = child.tag.removeprefix(ATOM), child.text or ""
        if name in {"id", "icon", "logo"} and not is_identifier(text):
            yield f"{where}: {name} {text!r} is no IRI"
        elif name in {"updated", "published"} and not is_rfc3339(text):
            yield f"{where}: {name} {text!r} is no date"
        elif name in {"title", "subtitle", "summary", "rights", "content"}:
            yield from _atom_text(child, f"{where}: {name}")
        elif name in {"author", "contributor"}:
            yield from numbered(child, PERSON, f"{where}: {name}")
            if not child.findtext(f"{ATOM}name", "").strip():
                yield f"{where}: {name} has no name"
        elif name == "category" and not child.get("term"):
            yield f"{where}: category has no term"
        elif name == "link":
            if not is_address(child.get("href")):
                yield f"{where}: link leads nowhere"
            if child.get("type") and not MEDIA_TYPE.fullmatch(child.get("type", "")):
                yield f"{where}: link has no media type"
            if _rel(child) == "alternate":
                alternates[child.get("type", ""), child.get("hreflang", "")] += 1
    yield from (f"{where}: alternate {one} stands twice" for one, times in alternates.items() if times > 1)


def _atom_text(child: Element, where: str) -> Iterator[str]:
    kind = child.get("type", "text")
    known = {"text", "html", "xhtml"}
    if kind not in known and not (child.tag == f"{ATOM}content" and MEDIA_TYPE.fullmatch(kind)):
        yield f"{where} is of no known type"
    if kind in {"text", "html"} and len(child):
        yield f"{where} holds elements"


# --- JSON Feed -------------------------------------------------------------------------------------------

FEED_KEYS = dict.fromkeys(
    "version title home_page_url feed_url description user_comment next_url icon favicon language".split(),
    str,
) | {"authors": list, "expired": bool, "hubs": list, "items": list}
ITEM_KEYS = dict.fromkeys(
    "id url external_url title content_html content_text summary image banner_image date_published "
    "date_modified language".split(),
    str,
) | {"authors": list, "tags": list, "attachments": list}


def json_feed_faults(document: bytes) -> list[str]:
    feed = json.loads(document)
    faults = [*_keys(feed, FEED_KEYS, "feed")]
    faults += [f"feed lacks {name}" for name in ("version", "title", "items") if name not in feed]
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        faults.append("feed is of another version")
    for item in feed.get("items", ()):
        faults += _keys(item, ITEM_KEYS, "item")
        if not item.get("id"):
            faults.append("item has no id")
        if not ({"content_html", "content_text"} & {*item}):
            faults.append("item has no content")
    identifiers = Counter(item.get("id") for item in feed.get("items", ()))
    return faults + [f"id {one} stands twice" for one, times in identifiers.items() if times > 1]


def _keys(given: dict[str, Any], known: dict[str, type], where: str) -> Iterator[str]:
    for name, value in given.items():
        if name.startswith("_"):
            continue
        if name not in known or not isinstance(value, known[name]):
            yield f"{where}: {name} is not known, or not of its kind"
        elif name.endswith("url") or name in {"icon", "favicon", "image", "banner_image"}:
            if not is_address(value):
                yield f"{where}: {name} {value!r} is no address"
        elif name.startswith("date_") and not is_rfc3339(value):
            yield f"{where}: {name} {value!r} is no date"
        elif name == "language" and not LANGUAGE.fullmatch(value):
            yield f"{where}: no such language"
        elif name == "authors" and not all(one.keys() & {"name", "url", "avatar"} for one in value):
            yield f"{where}: an author is nobody"
        elif name == "tags" and not all(isinstance(one, str) and one for one in value):
            yield f"{where}: a tag is no text"


# --- sitemaps --------------------------------------------------------------------------------------------

PAGE = {"loc": "1", "lastmod": "?", "changefreq": "?", "priority": "?"}
PUBLICATION = {"name": "1", "language": "1"}
STORY = dict.fromkeys("publication publication_date title".split(), "1") | {
    "keywords": "?",
    "stock_tickers": "?",
}
MOST_PAGES, MOST_BYTES, MOST_NEWS = 50_000, 52_428_800, 1000


def sitemap_faults(document: bytes, site: str) -> list[str]:
    root = parsed(document)
    kinds = {f"{SITEMAP}urlset": "url", f"{SITEMAP}sitemapindex": "sitemap"}
    if root.tag not in kinds:
        return ["it is no sitemap"]
    kind = kinds[root.tag]
    faults = [*numbered(root, {kind: "*"}, "sitemap")]
    if len(root) > MOST_PAGES or len(document) > MOST_BYTES:
        faults.append("sitemap is too long")
    allowed = PAGE if kind == "url" else {"loc": "1", "lastmod": "?"}
    for page in root:
        faults += numbered(page, allowed, kind)
        order = [child.tag.removeprefix(SITEMAP) for child in page if child.tag.startswith(SITEMAP)]
        if order != [name for name in allowed if name in order]:
            faults.append(f"{kind} holds its parts in another order")
        address = page.findtext(f"{SITEMAP}loc", "")
        if not (is_address(address) and address.startswith(f"{site}/") and len(address) < 2048):
            faults.append(f"{address!r} is no address of the site")
        changed = page.findtext(f"{SITEMAP}lastmod")
        if changed is not None and not W3C_TIME.fullmatch(changed):
            faults.append(f"lastmod {changed!r} is no date")
        for story in page.findall(f"{NEWS}news"):
            faults += _news_faults(story)
    places = Counter(page.findtext(f"{SITEMAP}loc") for page in root)
    return faults + [f"{one} stands twice" for one, times in places.items() if times > 1]


def _news_faults(story: Element) -> Iterator[str]:
    yield from numbered(story, STORY, "news")
    publication = story.find(f"{NEWS}publication")
    if publication is not None:
        yield from numbered(publication, PUBLICATION, "publication")
        if not re.fullmatch(r"[a-z]{2,3}|zh-cn|zh-tw", publication.findtext(f"{NEWS}language", "")):
            yield "publication has no language"
    if not W3C_TIME.fullmatch(story.findtext(f"{NEWS}publication_date", "")):
        yield "publication_date is no date"
    if not story.findtext(f"{NEWS}title", "").strip():
        yield "news has no title"
