"""Write a list as a feed with full text: RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1.

Knows no models: the views build the `Feed`, this module serialises it.
"""

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed

from stories.formats.pictures import Picture

# Characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets), lone surrogates among them.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
CONTENT = "http://purl.org/rss/1.0/modules/content/"
MEDIA = "http://search.yahoo.com/mrss/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True)
class Writer:
    """An author of an entry, or the publisher of a feed."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed.

    `id` stays the same when the address changes; `summary` is plain text, `html` the full text.
    """

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime.datetime
    updated: datetime.datetime
    writers: tuple[Writer, ...] = ()
    tags: tuple[str, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its entries. `page` is the address of the list as a web page, `url` that of the feed."""

    title: str
    description: str
    page: str
    url: str
    publisher: Writer
    language: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime.datetime | None:
        """When an entry last changed; None without entries."""
        return max((entry.updated for entry in self.entries), default=None)


def clean(text: str) -> str:
    """Return the text without the characters that XML forbids."""
    return FORBIDDEN.sub("", text)


class Dated(SyndicationFeed):
    """A feed whose date comes from its entries alone."""

    def latest_post_date(self) -> datetime.datetime:
        """Return the date of the newest entry; 1970 for an empty feed.

        Django takes the current time for an empty feed: its content, and with it the ETag, would change at
        every request.
        """
        if not self.items:
            return datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        return super().latest_post_date()


class WholeRss(Dated, Rss201rev2Feed):
    """RSS with the full text in `content:encoded`, authors in `dc:creator`, a picture in `media:content`."""

    def rss_attributes(self) -> dict[str, str]:
        """Add the namespaces of the elements that are not of RSS."""
        return super().rss_attributes() | {
            "xmlns:content": CONTENT,
            "xmlns:dc": DUBLIN_CORE,
            "xmlns:media": MEDIA,
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the authors and the full text of an entry."""
        super().add_item_elements(handler, item)
        for writer in item["writers"]:
            handler.addQuickElement("dc:creator", writer.name)
        if picture := item["picture"]:
            size = {"width": str(picture.width), "height": str(picture.height)}
            shown = {"url": picture.address, "type": picture.type, "medium": "image"} | size
            handler.startElement("media:content", shown)
            handler.addQuickElement("media:description", clean(picture.alt), {"type": "plain"})
            handler.endElement("media:content")
        handler.addQuickElement("content:encoded", item["html"])


class WholeAtom(Dated, Atom1Feed):
    """Atom with the full text in `content` and each author in an `author`."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the authors and the full text of an entry."""
        super().add_item_elements(handler, item)
        for writer in item["writers"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", writer.name)
            if writer.url:
                handler.addQuickElement("uri", writer.url)
            handler.endElement("author")
        handler.addQuickElement("content", item["html"], {"type": "html"})


def to_xml(feed: Feed, kind: type[WholeRss] | type[WholeAtom]) -> str:
    """Return the feed as an RSS or Atom document, depending on `kind`."""
    document = kind(
        title=clean(feed.title),
        link=feed.page,
        description=clean(feed.description),
        subtitle=clean(feed.description),
        language=feed.language,
        feed_url=feed.url,
        feed_guid=feed.url,
        author_name=clean(feed.publisher.name),
        author_link=feed.publisher.url,
    )
    for entry in feed.entries:
        document.add_item(
            title=clean(entry.title),
            link=entry.url,
            description=clean(entry.summary),
            unique_id=entry.id,
            unique_id_is_permalink=False,
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=[clean(tag) for tag in entry.tags],
            writers=[Writer(clean(writer.name), writer.url) for writer in entry.writers],
            html=clean(entry.html),
            picture=entry.picture,
            enclosures=enclosures_of(entry),
        )
    return str(document.writeString("utf-8"))


def enclosures_of(entry: Entry) -> list[Enclosure]:
    """Return the picture of an entry as its enclosure; 0 bytes is what RSS has for a size not known yet."""
    picture = entry.picture
    return [Enclosure(picture.address, "0", picture.type)] if picture else []


def to_json(feed: Feed) -> str:
    """Return the feed as a JSON Feed document (https://www.jsonfeed.org/version/1.1/)."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "language": feed.language,
        "authors": [{"name": feed.publisher.name, "url": feed.publisher.url}],
        "items": [item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def item(entry: Entry) -> dict[str, Any]:
    """Return an entry as an item of a JSON Feed, without empty properties."""
    parts = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "image": entry.picture.address if entry.picture else "",
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [
            {"name": writer.name} | ({"url": writer.url} if writer.url else {}) for writer in entry.writers
        ],
        "tags": list(entry.tags),
    }
    return {name: value for name, value in parts.items() if value}


def with_whole_addresses(html: str, site: str) -> str:
    """Return the HTML with site-relative addresses of links and pictures made absolute.

    `site` is the scheme and host, without a slash at the end. The HTML has to be sanitised: attributes in
    double quotes.
    """
    return re.sub(
        r'(<(?:a|img)\b[^>]*?\b(?:href|src)=")(/[^/"][^"]*|/)(?=")',
        lambda found: found[1] + site + found[2],
        html,
    )
