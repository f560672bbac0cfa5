"""What stands over a text in names and values: YAML, TOML, JSON, Pandoc's title block, headers of an e-mail.

Every value is text as it was typed: "0x1F", "off" and "11:15" are words, never numbers or truth values.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from urllib.parse import urlsplit

import yaml

from stories.importing.faulty import ReadError, shortened
from stories.importing.typed_dates import typed_date
from stories.models import dates
from stories.text import richtext

__all__ = ["Details", "Matter", "split"]

LONGEST_FRONT_MATTER = 64_000  # characters
LONGEST = {"standfirst": 500, "source": 150, "url": 500, "byline": 150, "tag": 100}


@dataclass(frozen=True, slots=True)
class Matter:
    """Values by their names, the line each is on, and what must be told about them."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]
    first_line: int = 1
    remarks: tuple[str, ...] = ()


def split(text: str) -> tuple[Matter | None, str, int]:
    """The front matter (None without), the rest, and where the rest begins, in lines. Raises ReadError."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    opening = lines[first].rstrip() if first < len(lines) else ""
    for read in (_yaml, _toml, _json, _pandoc, _headers):
        found = read(lines, first, opening)
        if found is not None:
            matter, rest = found
            if sum(map(len, lines[first:rest])) > LONGEST_FRONT_MATTER:
                raise ReadError("The front matter is too long.", first + 1)
            return matter, "\n".join(lines[rest:]), rest + 1
    return None, text, 1


_Found = tuple[Matter, int] | None


def _fenced(lines: Sequence[str], first: int, closing: str, what: str) -> tuple[str, int]:
    """What stands before the closing line, and the number of the line after it."""
    for number in range(first + 1, len(lines)):
        if re.fullmatch(closing, lines[number].rstrip()):
            text = "\n".join(lines[first + 1 : number])
            if len(text) > LONGEST_FRONT_MATTER:
                raise ReadError("The front matter is too long.", first + 1)
            return text, number + 1
    raise ReadError(f"The front matter begins here and is never closed by a line of {what}.", first + 1)


# YAML


class _Loader(yaml.BaseLoader):
    """YAML without types, without references (a small text can stand for a huge value)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="references are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)  # type: ignore[no-any-return]


_QUOTED = "put it between quotation marks"
# What the parser says of the commonest slips, and what an editor can do about it.
_IN_WORDS = (
    (r"mapping values are not allowed here", f"a colon stands in the value; {_QUOTED}"),
    (
        r"expected <block end>, but found '<scalar>'",
        "words stand after the closing quotation mark; put marks of the other kind around the whole value",
    ),
    (r"found character '\\t' .*", "a tab stands at the beginning of the line; use blanks"),
    (r"found character '(.)' that cannot start any token", rf"a value cannot begin with \1; {_QUOTED}"),
    (r"expected alphabetic or numeric character, .*", f"a value cannot begin with * or &; {_QUOTED}"),
    (r"sequence entries are not allowed here", f"a value cannot begin with a hyphen; {_QUOTED}"),
    (r"found unexpected end of stream", "a quotation mark is opened and never closed"),
    (r"expected ',' or '([]}])', but got .*", r"a bracket is opened, and \1 or a comma is wanting"),
    (r"could not find expected ':'", "a name stands without its colon"),
)


def _in_words(problem: str) -> str:
    for pattern, words in _IN_WORDS:
        if found := re.fullmatch(pattern, problem):
            return found.expand(words)
    return problem


def _yaml(lines: Sequence[str], first: int, opening: str) -> _Found:
    if not re.fullmatch("-{3,}", opening):
        return None
    text, rest = _fenced(lines, first, r"-{3,}|\.\.\.", "three hyphens")
    at = first + 2
    try:
        node = yaml.compose(text, Loader=_Loader)
        if node is None:
            return Matter({}, {}, at), rest
        if not isinstance(node, yaml.MappingNode):
            raise ReadError("The front matter is not a list of names and values, such as “title: …”.", at)
        remarks = tuple(_cut_short(text, node, at))
        values = _plain(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        line = at + (mark.line if mark else 0)
        raise ReadError(f"The front matter cannot be read: {_in_words(problem)}.", line) from error
    except (ValueError, RecursionError) as error:
        raise ReadError(f"The front matter cannot be read: {shortened(str(error))}.", at) from error
    places = {
        key.value: at + key.start_mark.line for key, _ in node.value if isinstance(key, yaml.ScalarNode)
    }
    return Matter(values, places, at, remarks), rest


def _plain(node: yaml.Node) -> Any:
    """The node as text, lists and names with values. A plain "~" or "null" is no value."""
    if (node.tag and not node.tag.startswith("tag:yaml.org,2002:")) or ":python/" in (node.tag or ""):
        raise yaml.MarkedYAMLError(problem=f"{node.tag} is not allowed", problem_mark=node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a name is no text", problem_mark=key.start_mark)
            if key.value in values:
                raise yaml.MarkedYAMLError(
                    problem=f"{shortened(key.value)!r} is given twice", problem_mark=key.start_mark
                )
            values[key.value] = _plain(value)
        return values
    text = str(node.value)
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return None if plain and text in {"", "~", "null", "Null", "NULL"} else text


def _cut_short(text: str, node: yaml.MappingNode, first_line: int) -> list[str]:
    """The values behind which a " #" hides the rest of the line."""
    lines = text.split("\n")
    remarks = []
    for key, value in node.value:
        if isinstance(value, yaml.ScalarNode) and value.style is None and value.value:
            line = value.end_mark.line
            behind = lines[line][value.end_mark.column :] if line < len(lines) else ""
            if re.match(r"\s*#\s*\S", behind):
                remarks.append(
                    f"Line {first_line + line}: “{shortened(behind.strip())}” is taken for a note and is not "
                    f"in the {shortened(key.value)}; quotation marks around the value keep it."
                )
    return remarks


# Other kinds


def _toml(lines: Sequence[str], first: int, opening: str) -> _Found:
    if opening != "+++":
        return None
    text, rest = _fenced(lines, first, r"\+\+\+", "three plus signs")
    try:
        values = _texts(tomllib.loads(text, parse_float=str))
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise ReadError(
            f"The front matter cannot be read: {shortened(str(error))}.",
            first + 1 + (int(line.group(1)) if line else 1),
        ) from error
    return Matter(
        _lifted(values), _places(lines, first, rest, r"""\s*["']?([\w-]+)["']?\s*="""), first + 2
    ), rest


def _json(lines: Sequence[str], first: int, opening: str) -> _Found:
    if not re.match(r"\{\s*(?:$|[\"}])", opening):
        return None
    text = "\n".join(lines[first:])
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
    try:
        values, end = decoder.raw_decode(text)
    except (ValueError, RecursionError) as error:
        line = first + getattr(error, "lineno", 1)
        raise ReadError("The file begins like JSON, which cannot be read here.", line) from error
    rest = first + text.count("\n", 0, end)
    if text[end:].split("\n", 1)[0].strip():
        raise ReadError("The file is JSON, or words stand behind its front matter.", rest + 1)
    return Matter(
        _lifted(_texts(values)), _places(lines, first, rest, r'\s*"([^"]+)"\s*:'), first + 1
    ), rest + 1


def _pandoc(lines: Sequence[str], first: int, opening: str) -> _Found:
    """Up to three lines that begin "% ": title, authors parted by ";", date."""
    if not re.match(r"% *\S", opening):
        return None
    fields: list[str] = []
    places: dict[str, int] = {}
    names = ("title", "author", "date")
    number = first
    while number < len(lines) and len(fields) <= len(names):
        if lines[number].startswith("%") and len(fields) < len(names):
            places[names[len(fields)]] = number + 1
            fields.append(lines[number][1:].strip())
        elif re.match(r"\s+\S", lines[number]):
            fields[-1] += f"; {lines[number].strip()}" if len(fields) == 2 else f" {lines[number].strip()}"
        else:
            break
        number += 1
    values: dict[str, Any] = dict(zip(names, fields, strict=False))
    if "author" in values:
        values["author"] = [name for part in values["author"].split(";") if (name := part.strip())]
    return Matter(values, places, first + 1), number


_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9_ -]{0,30}?)\s*:\s+(\S.*)$|([A-Za-z][A-Za-z0-9-]{0,30}):\s*$")
_OF_AN_EMAIL = frozenset(
    "from to cc bcc subject reply-to sender message-id mime-version content-type received return-path date "
    "content-transfer-encoding delivered-to x-mailer in-reply-to references importance".split()
)


def _headers(lines: Sequence[str], first: int, opening: str) -> _Found:
    """Lines "Name: value" before the first empty one: of an e-mail, or of MultiMarkdown."""
    values: dict[str, Any] = {}
    places: dict[str, int] = {}
    last = ""
    number = first
    while number < len(lines) and lines[number].strip():
        if last and re.match(r"[ \t]+\S", lines[number]):
            values[last] += f" {lines[number].strip()}"
        elif header := _HEADER.match(lines[number].rstrip()):
            last = (header.group(1) or header.group(3)).strip().lower()
            values.setdefault(last, header.group(2) or "")
            places.setdefault(last, number + 1)
        else:
            return None
        number += 1
    known = [
        name for name in values if _key(name) in _NAMES or _key(name) in _HOLDING or name in _OF_AN_EMAIL
    ]
    sure = {"subject", "from", "title", "headline"} & set(values)
    if not known or not sure or len(known) * 2 < len(values):
        return None
    kind = " ".join(values.get(name, "") for name in ("content-type", "content-transfer-encoding")).lower()
    if re.search("multipart|base64|quoted-printable|text/html", kind):
        raise ReadError("The file is an e-mail as it was sent: name it .eml.", first + 1)
    remarks: tuple[str, ...] = ()
    if "from" in values:
        # Who sent it need not have written it.
        remarks = (f"Line {places['from']}: who sent the e-mail is left out.",)
    return Matter(values, places, first + 1, remarks), number


def _texts(value: Any) -> Any:
    """Every value as text: what JSON and TOML made of it, as one would type it."""
    if isinstance(value, dict):
        return {str(name): _texts(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return None if value is None else str(value)


def _lifted(values: dict[str, Any]) -> dict[str, Any]:
    """With the tags that some site makers keep one level down."""
    inner = values.get("taxonomies")
    return {**inner, **values} if isinstance(inner, dict) else values


def _places(lines: Sequence[str], first: int, rest: int, name: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for number in range(first, min(rest + 1, len(lines))):
        for found in re.finditer(name, lines[number]):
            places.setdefault(found.group(1), number + 1)
    return places


# What the names mean

_NAMES = {
    "title": "title",
    "headline": "title",
    "subject": "title",
    "standfirst": "standfirst",
    "summary": "standfirst",
    "date": "date",
    "byline": "byline",
    "author": "byline",
    "authors": "byline",
    "by": "byline",
    "tags": "tags",
    "keywords": "tags",
    "source": "source",
    "url": "url",
    "sourceurl": "url",
}
_NO = frozenset({"", "false", "no", "n", "0", "off", "none", "null", "~", "never"})
# Names that keep a story from readers: by any value but a no, by a no, or by anything but "published".
_HOLDING = dict.fromkeys(
    "draft private hidden unlisted unpublished internal confidential noindex".split(), "yes"
)
_HOLDING |= dict.fromkeys("published publish public live".split(), "no")
_HOLDING |= dict.fromkeys("status visibility poststatus".split(), "word")
_HOLDING |= dict.fromkeys(
    "embargo embargoed embargountil embargoeduntil embargodate embargonote "
    "expiry expires expirydate expirationdate "
    "expireson unpublishdate unpublishon unpublishat publishdate publishon publishat goliveat "
    "releasedate".split(),
    "yes",
)
_OPEN = frozenset(
    {"publish", "published", "public", "live", "final", "visible", "released", "open", "everyone"}
)


def _key(name: str) -> str:
    return re.sub(r"[-_\s]", "", name.strip().lower())


@dataclass(frozen=True, slots=True)
class Details:
    """What the front matter says. `held` is the line by which it keeps the story from readers."""

    title: str = ""
    standfirst: str = ""
    dateline: date | None = None
    moment: datetime | None = None
    byline: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    url: str = ""
    held: str = ""

    @classmethod
    def of(cls, matter: Matter, *, zone: tzinfo = UTC) -> "Details":
        """Names it does not know are left alone. `zone` is the newsroom's clock. Raises ReadError."""
        given: dict[str, tuple[Any, int]] = {}
        held = []
        for name, value in matter.values.items():
            line = matter.lines.get(name, matter.first_line)
            known = _NAMES.get(_key(name))
            if known and value is not None:
                given[known] = value, line
            if _holds(_key(name), value):
                held.append(f"{name}: {shortened(value if isinstance(value, str) else json.dumps(value))}")
        dateline, moment = _when(given, zone)
        return cls(
            title=_one(given, "title"),
            standfirst=_one(given, "standfirst"),
            dateline=dateline,
            moment=moment,
            byline=_distinct(_fitting(_byline(given), "byline", given)),
            tags=_distinct(_fitting(_several(given, "tags"), "tag", given)),
            source=_one(given, "source"),
            url=_address(given),
            held="; ".join(held),
        )


def _holds(name: str, value: Any) -> bool:
    how = _HOLDING.get(name)
    if how is None or value is None:
        return False
    said = value.strip().lower() if isinstance(value, str) else "yes"
    if how == "word":
        return said not in _OPEN and said != ""
    return (said in _NO and said != "") if how == "no" else said not in _NO


def _one(given: Mapping[str, tuple[Any, int]], name: str) -> str:
    if name not in given:
        return ""
    value, line = given[name]
    if isinstance(value, list | dict):
        raise ReadError(f"The front matter's {name} is not a single text.", line)
    text = " ".join(richtext.normalise(value).split())
    if len(text) > LONGEST.get(name, len(text)):
        raise ReadError(f"The front matter's {name} is longer than {LONGEST[name]} characters.", line)
    return text


def _several(given: Mapping[str, tuple[Any, int]], name: str) -> tuple[str, ...]:
    if name not in given:
        return ()
    value, line = given[name]
    items = value if isinstance(value, list) else value.split(",") if _is_line(name, value) else [value]
    # {"name": "Ada Birkett", "email": …} is the name.
    items = [item["name"] if isinstance(item, dict) and _named(item) else item for item in items]
    if any(isinstance(item, list | dict) for item in items):
        raise ReadError(f"The front matter's {name} is not a list of texts.", line)
    texts = (" ".join(richtext.normalise(item).split()) for item in items if item is not None)
    return tuple(text for text in texts if text)


def _is_line(name: str, value: Any) -> bool:
    return name == "tags" and isinstance(value, str)


def _named(item: dict[str, Any]) -> bool:
    return isinstance(item.get("name"), str)


_ADDRESS_IN_NAME = re.compile(r"\s*(?:<[^>]*>|[(\[]?(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)*[)\]]?)")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|MP|MSP|MS|MLA|TD|PhD|QC|KC|[COM]BE)\.?")
_POST = re.compile(
    r"(?i)\b(?:editor|correspondent|reporter|writer|columnist|bureau|chief|staff|desk|agency|journalist)s?\b"
)


def _byline(given: Mapping[str, tuple[Any, int]]) -> tuple[str, ...]:
    """Names without addresses, "By" and posts."""
    names = [
        re.sub(r"(?i)^by\b:?\s*", "", _ADDRESS_IN_NAME.sub("", name)).strip(" ,;")
        for name in _several(given, "byline")
    ]
    if len(names) != 1:
        return tuple(filter(None, names))
    parts: list[str] = []
    for part in re.split(r"\s*(?:,|;|\band\b|&)\s*", names[0]):
        if parts and _SUFFIX.fullmatch(part):
            parts[-1] += f", {part}" if part.startswith(("Jr", "Sr")) else f" {part}"
        elif not parts or not _POST.search(part):
            parts.append(part)
    return tuple(filter(None, parts))


def _fitting(texts: Sequence[str], what: str, given: Mapping[str, tuple[Any, int]]) -> tuple[str, ...]:
    for text in texts:
        if len(text) > LONGEST[what]:
            _, line = given["tags" if what == "tag" else what]
            raise ReadError(f"A {what} is longer than {LONGEST[what]} characters.", line)
    return tuple(texts)


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for text in filter(None, texts):
        first.setdefault(text.casefold(), text)
    return tuple(first.values())


# Dates


def _when(given: Mapping[str, tuple[Any, int]], zone: tzinfo) -> tuple[date | None, datetime | None]:
    """The day by the newsroom's clock, and the moment where an hour is given."""
    text = _one(given, "date")
    if not text:
        return None, None
    line = given["date"][1]
    wrong = f"The date {shortened(text)!r} is not one; write it like 2014-11-08."
    try:
        moment, has_hour = typed_date(text)
        if has_hour:
            moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
        if why := dates.why_not(moment.date(), today=datetime.now(zone).date()):
            raise ReadError(why, line)
    except (ValueError, OverflowError) as error:
        raise ReadError(wrong, line) from error
    return moment.date(), moment if has_hour else None


def _address(given: Mapping[str, tuple[Any, int]]) -> str:
    text = _one(given, "url")
    if text:
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text
        except ValueError:
            good = False
        if not good:
            raise ReadError(
                f"The address {shortened(text)!r} is not one; write it like https://news.example/1.",
                given["url"][1],
            )
    return text
