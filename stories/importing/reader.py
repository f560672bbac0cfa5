"""Raw copy: bytes → headline, body and what the front matter says; or an error that names the line.

Knows nothing of the database. Paragraphs come out right whether the copy parts them by blank lines, has one
to a line, or is wrapped at a fixed width; a line broken in mid-sentence is mended. `encodings` makes
characters of the bytes, `frontmatter` reads names and values, `leftovers` knows what is no part of a story.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from markdown_it import MarkdownIt
from markdown_it.token import Token

from stories.importing import frontmatter, leftovers, mending
from stories.importing.encodings import decode, doubtful
from stories.importing.faulty import ReadError, shortened
from stories.text import richtext
from stories.text.normalise import same_words

__all__ = ["Copy", "ReadError", "read"]

LONGEST_HEADLINE = 250  # characters, as the story's column


@dataclass(frozen=True, slots=True)
class Copy:
    """A story as filed. `body` is canonical HTML (richtext), `text` its plain-text projection.

    `dateline` is the day by the newsroom's clock, `moment` the time where the copy gives an hour. `held` says
    by which words the copy itself asks not to be published; `remarks` are sentences for whoever imports it.
    """

    headline: str
    body: str
    text: str
    encoding: str
    standfirst: str = ""
    dateline: date | None = None
    moment: datetime | None = None
    byline: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    url: str = ""
    held: str = ""
    remarks: tuple[str, ...] = ()


def read(data: bytes, *, markdown: bool = False, zone: tzinfo = UTC) -> Copy:
    """The story in a file's bytes; `zone` is the newsroom's clock. Raises ReadError."""
    text, encoding = decode(data)
    text, comments = leftovers.drop_comments(text)
    if kind := leftovers.foreign(text):
        raise ReadError(f"The file is {kind}; the import reads plain text and Markdown.")
    matter, body, first_line = frontmatter.split(text)
    details = frontmatter.Details.of(matter, zone=zone) if matter is not None else frontmatter.Details()
    remarks = list(matter.remarks) if matter is not None else []
    if comments:
        remarks.append(f"{comments} {'comment' if comments == 1 else 'comments'} left out.")
    if matter is not None and (kind := leftovers.foreign(body)):
        raise ReadError(f"The text under the front matter is {kind}.", first_line)
    remarks += filter(None, [doubtful(text, encoding)])
    held = "; ".join(filter(None, [details.held, leftovers.held_back(body)]))
    remarks += leftovers.remarks(body, first_line, markdown=markdown)
    if not details.title:
        body, dropped = _without_furniture(body, first_line)
        remarks += dropped
    line = 1 if details.title else first_line + _first_filled(body.split("\n"))
    body, mended = mending.mend(body, markdown=markdown)
    remarks += mended
    headline, html = (_read_markdown if markdown else _read_plain)(body, details.title)
    headline = " ".join(richtext.normalise(headline).split())
    if not headline:
        raise ReadError("The file is empty." if not body.strip() else "There is no headline.")
    if not any(map(str.isalpha, headline)):
        raise ReadError(f"The headline, “{shortened(headline)}”, has no letter in it.", line)
    if len(headline) > LONGEST_HEADLINE:
        raise ReadError(
            f"The headline has {len(headline):,} characters, and {LONGEST_HEADLINE} is the most. The first "
            "line of a text is its headline.",
            line,
        )
    html = _without_headline(richtext.clean(html), headline)
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
        moment=details.moment,
        byline=details.byline,
        tags=details.tags,
        source=details.source,
        url=details.url,
        held=held,
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _without_headline(html: str, headline: str) -> str:
    """A canonical body without its first paragraph or heading where that only says the headline again."""
    first = re.match(r"<(p|h2|h3)>(.*?)</\1>", html)
    if first and same_words(richtext.to_text(first.group()), headline):
        return html[first.end() :]
    return html


def _without_furniture(text: str, first_line: int) -> tuple[str, list[str]]:
    """The text without lines over its headline that are none, such as "Press release"; a remark for each."""
    lines = text.split("\n")
    remarks = []
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for place, number in enumerate(filled[:-2]):
        if place == 5 or not leftovers.furniture(lines[number]):
            break
        remarks.append(
            f"Line {first_line + number}: “{shortened(lines[number].strip())}” is no headline and left out."
        )
        lines[number] = ""
    return "\n".join(lines), remarks


# Plain text

_SENTENCE_END = re.compile(r"""[.!?:…]["'”’»)\]]*$|["”»’)\]]$""")
_OPEN_END = re.compile(r"[,;–—-]$|\b(?:a|an|and|at|by|for|from|in|of|on|or|that|the|to|with)$")
_CLOSING = "\"'”’»)]"
_WIDEST_WRAP = 100  # characters: longer lines are paragraphs, and not wrapped
_LONG_LINE = 40  # characters: a shorter line without a stop may be a subheading


def _read_plain(text: str, title: str) -> tuple[str, str]:
    lines = [line.strip() for line in text.split("\n")]
    headline = title
    first = _first_filled(lines)
    if not title and first < len(lines):
        headline = lines[first]
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
        len(line) + 1 + len(following.split()[0]) > width for line, following in itertools.pairwise(lines)
    )


def _breaks_off(line: str, following: str) -> bool:
    """Whether a line stops in mid-sentence, so that the next one goes on with it."""
    if _goes_on(line, following):
        return True
    if _SENTENCE_END.search(line):
        return False
    return len(line) >= _LONG_LINE or following[0].islower()


def _goes_on(line: str, following: str) -> bool:
    """Whether a line's end or the next one's beginning leaves no doubt: “It is kind,” / said Ada Birkett."""
    bare = line.rstrip(_CLOSING)
    if bare != line and (bare.endswith((",", ";")) or following[0].islower()):
        return True
    return bool(_OPEN_END.search(line))


def _join(lines: Sequence[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        # "by-" and "election" make "by-election".
        text += line if re.search(r"\w-$", text) and line[0].islower() else f" {line}"
    return text


# Markdown

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": False})


def _parse(text: str) -> list[Token]:
    """The tokens, with a line broken in mid-sentence mended."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        parts = token.children or []
        for number, part in enumerate(parts):
            if part.type == "hardbreak" and 0 < number < len(parts) - 1:
                line, following = (_words(some) for some in (parts[:number], parts[number + 1 :]))
                if line and following and _goes_on(line, following):
                    part.type = "softbreak"
    return tokens


def _words(parts: Sequence[Token]) -> str:
    return "".join(part.content for part in parts if part.type in {"text", "code_inline"}).strip()


def _read_markdown(text: str, title: str) -> tuple[str, str]:
    tokens = _parse(text)
    headline = title
    if tokens and tokens[0].type == "heading_open":
        lead = _plain(tokens[1])
        if not title:
            headline = lead
            tokens = tokens[3:]
    elif not title:
        lines = text.split("\n")
        first = _first_filled(lines)
        headline = _plain(_MARKDOWN.parseInline(lines[first])[0]) if first < len(lines) else ""
        tokens = _parse("\n".join(lines[first + 1 :]))
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
