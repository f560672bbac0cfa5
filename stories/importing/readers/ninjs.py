"""ninjs, the news agencies' JSON (IPTC, versions 1 and 2): one story as an object."""

import json
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from stories.importing import leftovers
from stories.importing.encodings import decode
from stories.importing.faulty import ReadError
from stories.importing.readers import plain_text
from stories.importing.readers.contents import Contents, Format, head
from stories.importing.readers.html_page import strip_tags
from stories.importing.readers.lenient import details_of
from stories.text import richtext

__all__ = ["FORMAT"]

_BODIES = ("body_html", "body_xhtml", "body_text")


def _object(data: bytes) -> dict[str, Any] | None:
    """The file's one object, if it is one from its first letter to its last."""
    if not head(data).startswith("{"):
        return None
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_ninjs(data: bytes) -> bool:
    item = _object(data)
    if item is None:
        return False
    return any(name in item for name in (*_BODIES, "bodies")) or ("uri" in item and "type" in item)


def _read(data: bytes, zone: tzinfo) -> Contents:
    item = _object(data)
    if item is None:
        decode(data)  # says of other encodings which they are
        raise ReadError("The file is JSON, and no ninjs: it is not one object, or it is broken.")
    if not _is_ninjs(data):
        raise ReadError("The file is JSON, and no ninjs: it has no body_html, body_text or bodies.")
    kind = _word(item.get("type"))
    if kind not in ("", "text", "composite"):
        raise ReadError(f"The ninjs is no story but a {kind}.")
    body = _body(item)
    details, remarks = details_of(_facts(item), zone)
    if pictures := _pictures(item):
        remarks.append(
            f"{pictures} {'picture' if pictures == 1 else 'pictures'} left out: they stand in other files."
        )
    text = richtext.to_text(richtext.clean(body))
    status = _word(item.get("pubstatus")).lower()
    held = [
        f"pubstatus: {status}" if status not in ("", "usable") else "",
        f"embargoed: {item['embargoed']}" if item.get("embargoed") else "",
        leftovers.held_back(text),
    ]
    headline = strip_tags(
        _word(item.get("headline")) or _of_role(item.get("headlines"), "main") or _word(item.get("title"))
    )
    return Contents(headline, body, "utf-8", details, "; ".join(filter(None, held)), tuple(remarks))


def _word(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _body(item: Mapping[str, Any]) -> str:
    """The story as HTML."""
    for name in _BODIES:
        if text := _word(item.get(name)):
            return text if name != "body_text" else plain_text.paragraphs(text)
    bodies = [
        part for part in _several(item.get("bodies")) if isinstance(part, dict) and _word(part.get("value"))
    ]
    bodies.sort(key=lambda part: "html" not in _word(part.get("contenttype") or part.get("contentType")))
    if not bodies:
        raise ReadError("The ninjs has no text in it.")
    first = bodies[0]
    is_html = "html" in _word(first.get("contenttype") or first.get("contentType"))
    return _word(first["value"]) if is_html else plain_text.paragraphs(_word(first["value"]))


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_role(value: Any, role: str) -> str:
    """Of texts that each have a role (ninjs 2) the one of that role, or else the first."""
    texts = [part for part in _several(value) if isinstance(part, dict) and _word(part.get("value"))]
    texts.sort(key=lambda part: _word(part.get("role")) != role)
    return _word(texts[0]["value"]) if texts else ""


def _names(value: Any) -> list[str]:
    return [
        name
        for part in _several(value)
        if (name := _word(part) or (_word(part.get("name")) if isinstance(part, dict) else ""))
    ]


def _first(item: Mapping[str, Any], *names: str) -> str:
    return next(filter(None, (_word(item.get(name)) for name in names)), "")


def _facts(item: Mapping[str, Any]) -> dict[str, Any]:
    about = _word(item.get("description_text")) or _of_role(item.get("descriptions"), "main")
    created = ("firstcreated", "contentcreated", "firstCreated", "contentCreated")
    addresses = [_word(item.get(name)) for name in ("canonicalurl", "url", "uri")]
    facts = {
        "standfirst": strip_tags(about),
        "date": _first(item, *created, "versioncreated", "versionCreated"),
        "byline": strip_tags(_first(item, "byline", "by")),
        "tags": _names(item.get("keywords")) or _names(item.get("subject")) or _names(item.get("subjects")),
        "source": _first(item, "source", "provider") or next(iter(_names(item.get("infosources"))), ""),
        "url": next((one for one in addresses if one.startswith(("http://", "https://"))), ""),
    }
    return {name: value for name, value in facts.items() if value}


def _pictures(item: Mapping[str, Any]) -> int:
    associations = item.get("associations")
    parts = associations.values() if isinstance(associations, dict) else _several(associations)
    return sum(isinstance(part, dict) and _word(part.get("type")) in {"picture", "graphic"} for part in parts)


FORMAT = Format("ninjs", (".json", ".ninjs"), _is_ninjs, _read)
