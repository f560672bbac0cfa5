"""Markdown (CommonMark), with a line broken in mid-sentence mended."""

from collections.abc import Sequence
from datetime import tzinfo

from markdown_it import MarkdownIt
from markdown_it.token import Token

from stories.importing.encodings import decode
from stories.importing.readers.contents import Contents, Format
from stories.importing.readers.plain_text import goes_on
from stories.importing.readers.typed_copy import contents_of, first_filled

__all__ = ["FORMAT"]


def _read(data: bytes, zone: tzinfo) -> Contents:
    text, encoding = decode(data)
    return contents_of(text, encoding, zone, render=_render, markdown=True)


# It looks like plain text: the file's name tells it.
FORMAT = Format("Markdown", (".md", ".markdown"), lambda data: False, _read)

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": False})


def _parse(text: str) -> list[Token]:
    """The tokens, with a line broken in mid-sentence mended."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        parts = token.children or []
        for number, part in enumerate(parts):
            if part.type == "hardbreak" and 0 < number < len(parts) - 1:
                line, following = (_words(some) for some in (parts[:number], parts[number + 1 :]))
                if line and following and goes_on(line, following):
                    part.type = "softbreak"
    return tokens


def _words(parts: Sequence[Token]) -> str:
    return "".join(part.content for part in parts if part.type in {"text", "code_inline"}).strip()


def _render(text: str, title: str) -> tuple[str, str]:
    tokens = _parse(text)
    headline = title
    if tokens and tokens[0].type == "heading_open":
        lead = _plain(tokens[1])
        if not title:
            headline = lead
            tokens = tokens[3:]
    elif not title:
        lines = text.split("\n")
        first = first_filled(lines)
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
