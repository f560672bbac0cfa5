"""Raw copy: bytes → headline, body and what the front matter says; or an error that names the line.

Knows nothing of the database. Paragraphs come out right whether the copy parts them by blank lines, has one
to a line, or is wrapped at a fixed width; a line broken in mid-sentence is mended.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

import yaml
from charset_normalizer import from_bytes
from markdown_it import MarkdownIt
from markdown_it.token import Token

from stories import richtext

__all__ = ["Copy", "ReadError", "read"]

LONGEST_HEADLINE = 250  # characters, as the story's column
LONGEST_FRONT_MATTER = 64_000  # characters
LONGEST = {"standfirst": 500, "source": 150, "url": 500, "byline": 150, "tag": 100}


class ReadError(Exception):
    """The copy cannot be used. The message is one sentence; `line` counts from 1 where one is to blame."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(f"Line {line}: {message[0].lower()}{message[1:]}" if line else message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Copy:
    """A story as filed. `body` is canonical HTML (richtext), `text` its plain-text projection."""

    headline: str
    body: str
    text: str
    encoding: str
    standfirst: str = ""
    dateline: date | None = None
    byline: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    url: str = ""


def read(data: bytes, *, markdown: bool = False) -> Copy:
    """The story in a file's bytes. Raises ReadError."""
    text, encoding = decode(data)
    matter, body, first_line = _split_front_matter(text)
    details = _Details.of(matter, first_line=2) if matter is not None else _Details()
    if markdown:
        headline, html = _read_markdown(body, details.title)
    else:
        headline, html = _read_plain(body, details.title)
    headline = " ".join(richtext.normalise(headline).split())
    if not headline:
        raise ReadError("The file is empty." if not body.strip() else "There is no headline.")
    if len(headline) > LONGEST_HEADLINE:
        line = 1 if details.title else first_line + _first_filled(body.split("\n"))
        raise ReadError(
            f"The headline has {len(headline):,} characters, and {LONGEST_HEADLINE} is the most. The first "
            "line of a text is its headline.",
            line,
        )
    html = richtext.clean(html)
    plain = richtext.to_text(html)
    if not plain:
        raise ReadError("There is only a headline, and no text under it.")
    return Copy(
        headline=headline,
        body=html,
        text=plain,
        encoding=encoding,
        standfirst=details.standfirst,
        dateline=details.dateline,
        byline=details.byline,
        tags=details.tags,
        source=details.source,
        url=details.url,
    )


# Bytes to characters

_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive or a word processor's document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}


def decode(data: bytes) -> tuple[str, str]:
    """The characters, with line ends as "\\n", and the encoding's name.

    UTF-8, UTF-16 and UTF-32 with their marks, UTF-16 without, and Windows-1252. Raises ReadError for what
    is no text, and for a text in two encodings: guessing would put wrong letters into somebody's mouth.
    """
    if not data.strip():
        raise ReadError("The file is empty.")
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise ReadError(f"The file is {kind}, not text.")
    text, encoding = _decode(data)
    text = text.removeprefix("\ufeff")
    # Word processors end a line, a paragraph and a page in ways of their own; ^Z ended a file once.
    text = re.sub("\r\n|[\r\x0b\u2028]", "\n", text.rstrip("\x1a"))
    text = re.sub("[\x0c\u2029]", "\n\n", text)
    # A control character or two slip into real copy and are dropped with the rest of what no page may hold.
    stray = _CONTROL.findall(text)
    if len(stray) > max(3, len(text) / 100):
        raise ReadError("The file is not text: it is full of control characters.", _line_of(text, stray[0]))
    if not text.strip():
        raise ReadError("The file is empty.")
    return text.translate(_C1), encoding


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding), encoding
    if b"\0" in data:
        return _strictly(data, _unmarked_utf16(data)), "utf-16"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if _MULTIBYTE.search(data):
            raise ReadError(
                "The text mixes encodings: it is UTF-8, except here. Save it as UTF-8 throughout.", line
            ) from error
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        guess = from_bytes(data[:200_000]).best()
        looks = f"; it looks like {guess.encoding}" if guess else ""
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(
            f"The encoding is not one the import reads{looks}. Save it as UTF-8.", line
        ) from error
    letters = sum(character.isalnum() or character.isspace() for character in text)
    if letters < len(text) / 2:
        raise ReadError("The file is not text.")
    return text, "cp1252"


def _unmarked_utf16(data: bytes) -> str:
    """Which UTF-16 a text without a byte order mark is in. Raises ReadError when it is none."""
    pairs = len(data) // 2
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > pairs * 0.6 and min(even, odd) <= pairs * 0.02:
        return "utf-16-le" if odd > even else "utf-16-be"
    raise ReadError("The file is not text: it holds NUL bytes.", data.count(b"\n", 0, data.index(0)) + 1)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        good = data[: error.start].decode(encoding, "ignore")
        name = encoding.removesuffix("-le").removesuffix("-be").upper()
        raise ReadError(
            f"The text mixes encodings: it is {name}, except here.", good.count("\n") + 1
        ) from error


def _line_of(text: str, character: str) -> int:
    return text[: text.index(character)].count("\n") + 1


# Front matter


def _split_front_matter(text: str) -> tuple[str | None, str, int]:
    """The YAML between the first two lines of ``---`` (None without), the rest, and the rest's first line."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            matter = "\n".join(lines[1:number])
            if len(matter) > LONGEST_FRONT_MATTER:
                raise ReadError("The front matter is too long.", 1)
            return matter, "\n".join(lines[number + 1 :]), number + 2
    raise ReadError("The front matter begins here and is never closed by a line of three hyphens.", 1)


class _Loader(yaml.SafeLoader):
    """YAML without references (a small text can stand for a huge value) and without a name given twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="references are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)  # type: ignore[no-any-return]

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for at, (key, _) in enumerate(node.value):
            if isinstance(key, yaml.ScalarNode) and key.value in names[:at]:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value!r} is given twice", problem_mark=key.start_mark
                )
        return super().construct_mapping(node, deep)


_NAMES = {
    "title": "title",
    "headline": "title",
    "standfirst": "standfirst",
    "summary": "standfirst",
    "date": "date",
    "byline": "byline",
    "author": "byline",
    "authors": "byline",
    "tags": "tags",
    "keywords": "tags",
    "source": "source",
    "url": "url",
    "source_url": "url",
}
_DAYS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%A %d %B %Y", "%A, %d %B %Y")


@dataclass(frozen=True, slots=True)
class _Details:
    title: str = ""
    standfirst: str = ""
    dateline: date | None = None
    byline: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    url: str = ""

    @classmethod
    def of(cls, matter: str, *, first_line: int) -> "_Details":
        """What the front matter says; names it does not know are left alone. Raises ReadError."""
        values, lines = _load(matter, first_line)
        given: dict[str, tuple[object, int]] = {}
        for name, value in values.items():
            known = _NAMES.get(str(name).strip().lower())
            if known and value is not None:
                given[known] = value, lines.get(str(name), first_line)
        byline = _several(given, "byline")
        if len(byline) == 1:
            byline = tuple(re.split(r"\s*(?:,|;|\band\b|&)\s*", re.sub(r"(?i)^by\s+", "", byline[0])))
        return cls(
            title=_one(given, "title"),
            standfirst=_one(given, "standfirst"),
            dateline=_day(given),
            byline=_distinct(_fitting(byline, "byline", given)),
            tags=_distinct(_fitting(_several(given, "tags"), "tag", given)),
            source=_one(given, "source"),
            url=_address(given),
        )


def _load(matter: str, first_line: int) -> tuple[Mapping[object, object], dict[str, int]]:
    try:
        node = yaml.compose(matter, Loader=_Loader)
        values = yaml.load(matter, Loader=_Loader)  # noqa: S506  (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        line = first_line + (mark.line if mark else 0)
        raise ReadError(f"The front matter cannot be read: {problem}.", line) from error
    except (ValueError, RecursionError, OverflowError) as error:
        raise ReadError(f"The front matter cannot be read: {error}.", first_line) from error
    if values is None:
        return {}, {}
    if not isinstance(values, dict) or not isinstance(node, yaml.MappingNode):
        raise ReadError("The front matter is not a list of names and values.", first_line)
    return values, {str(key.value): first_line + key.start_mark.line for key, _ in node.value}


def _one(given: Mapping[str, tuple[object, int]], name: str) -> str:
    if name not in given:
        return ""
    value, line = given[name]
    if isinstance(value, (list, dict)):
        raise ReadError(f"The front matter's {name} is not a single text.", line)
    text = " ".join(richtext.normalise(str(value)).split())
    if len(text) > LONGEST.get(name, len(text)):
        raise ReadError(f"The front matter's {name} is longer than {LONGEST[name]} characters.", line)
    return text


def _several(given: Mapping[str, tuple[object, int]], name: str) -> tuple[str, ...]:
    if name not in given:
        return ()
    value, line = given[name]
    if isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(v, (list, dict)) for v in value)
    ):
        raise ReadError(f"The front matter's {name} is not a list of texts.", line)
    if not isinstance(value, list):
        value = str(value).split(",") if name == "tags" else [value]
    texts = (" ".join(richtext.normalise(str(item)).split()) for item in value if item is not None)
    return tuple(text for text in texts if text)


def _fitting(texts: Sequence[str], what: str, given: Mapping[str, tuple[object, int]]) -> tuple[str, ...]:
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


def _day(given: Mapping[str, tuple[object, int]]) -> date | None:
    if "date" not in given:
        return None
    value, line = given["date"]
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    for way in _DAYS:
        try:
            return datetime.strptime(text, way).date()  # noqa: DTZ007  (a day has no time zone)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise ReadError(f"The date {text!r} is not one; write it like 2014-11-08.", line) from error


def _address(given: Mapping[str, tuple[object, int]]) -> str:
    text = _one(given, "url")
    if text:
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text
        except ValueError:
            good = False
        if not good:
            raise ReadError(
                f"The address {text!r} is not one; write it like https://news.example/1.", given["url"][1]
            )
    return text


# Plain text

_SENTENCE_END = re.compile(r"""[.!?:…]["'”’»)\]]*$|["”»’)\]]$""")
_OPEN_END = re.compile(r"[,;–—-]$|\b(?:a|an|and|at|by|for|from|in|of|on|or|that|the|to|with)$")
_WIDEST_WRAP = 100  # characters: longer lines are paragraphs, and not wrapped
_LONG_LINE = 40  # characters: a shorter line without a stop may be a subheading


def _read_plain(text: str, title: str) -> tuple[str, str]:
    lines = [line.strip() for line in text.split("\n")]
    headline = title
    first = _first_filled(lines)
    if not title and first < len(lines):
        headline = lines[first]
        lines = lines[first + 1 :]
    elif title and first < len(lines) and lines[first].casefold() == title.casefold():
        lines = lines[first + 1 :]
    paragraphs: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            paragraphs += _paragraphs(block)
            block = []
    return headline, richtext.from_text("\n\n".join(paragraphs))


def _first_filled(lines: Sequence[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.strip()), len(lines))


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines that no blank line parts, as paragraphs."""
    if _is_wrapped(lines):
        return [_join(lines)]
    paragraphs: list[list[str]] = []
    going_on = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if going_on:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        going_on = bool(following) and _breaks_off(line, following)
    return [_join(part) for part in paragraphs]


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines are filled to one width, as mailers and old terminals leave them."""
    width = max(len(line) for line in lines)
    if len(lines) < 3 or not _LONG_LINE <= width <= _WIDEST_WRAP:
        return False
    return all(
        len(line) + 1 + len(following.split()[0]) > width
        for line, following in zip(lines, lines[1:], strict=False)
    )


def _breaks_off(line: str, following: str) -> bool:
    """Whether a line stops in mid-sentence, so that the next one goes on with it."""
    if _OPEN_END.search(line):
        return True
    if _SENTENCE_END.search(line):
        return False
    return len(line) >= _LONG_LINE or following[0].islower()


def _join(lines: Sequence[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        # "by-" and "election" make "by-election".
        text += line if re.search(r"\w-$", text) and line[0].islower() else f" {line}"
    return text


# Markdown

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": False})


def _read_markdown(text: str, title: str) -> tuple[str, str]:
    tokens = _MARKDOWN.parse(text)
    headline = title
    if tokens and tokens[0].type == "heading_open":
        lead = _plain(tokens[1])
        if not title or lead.casefold() == title.casefold():
            headline = headline or lead
            tokens = tokens[3:]
    elif not title:
        lines = text.split("\n")
        first = _first_filled(lines)
        headline = _plain(_MARKDOWN.parseInline(lines[first])[0]) if first < len(lines) else ""
        tokens = _MARKDOWN.parse("\n".join(lines[first + 1 :]))
    return headline, str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _plain(inline: Token) -> str:
    """The words of a heading or paragraph, without its marks; a line end as "\\n"."""
    parts = []
    for token in inline.children or ():
        if token.type in {"text", "code_inline"}:
            parts.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
    return "".join(parts)
