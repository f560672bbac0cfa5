"""Plain text. Paragraphs come out right whether the copy parts them by blank lines, has one to a line, or is
wrapped at a fixed width; a line broken in mid-sentence is mended."""

import itertools
import re
from collections.abc import Sequence
from datetime import tzinfo

from stories.importing.encodings import decode
from stories.importing.readers.contents import Contents, Format
from stories.importing.readers.typed_copy import contents_of, first_filled
from stories.text import richtext

__all__ = ["FORMAT", "goes_on", "paragraphs", "render"]


def _read(data: bytes, zone: tzinfo) -> Contents:
    text, encoding = decode(data)
    return contents_of(text, encoding, zone, render=render)


# Any text is: what is no other format.
FORMAT = Format("plain text", (".txt", ".text", ""), lambda data: False, _read)

_SENTENCE_END = re.compile(r"""[.!?:…]["'”’»)\]]*$|["”»’)\]]$""")
_OPEN_END = re.compile(r"[,;–—-]$|\b(?:a|an|and|at|by|for|from|in|of|on|or|that|the|to|with)$")
_CLOSING = "\"'”’»)]"
_WIDEST_WRAP = 100  # characters: longer lines are paragraphs, and not wrapped
_LONG_LINE = 40  # characters: a shorter line without a stop may be a subheading


def render(text: str, title: str) -> tuple[str, str]:
    """The headline and the paragraphs, as HTML, of a text whose title may be known."""
    lines = [line.strip() for line in text.split("\n")]
    headline = title
    first = first_filled(lines)
    if not title and first < len(lines):
        headline = lines[first]
        lines = lines[first + 1 :]
    return headline, paragraphs("\n".join(lines))


def paragraphs(text: str) -> str:
    """A text's paragraphs as HTML, however they are parted in it."""
    found: list[str] = []
    block: list[str] = []
    for line in [*map(str.strip, text.split("\n")), ""]:
        if line:
            block.append(line)
        elif block:
            found += _paragraphs(block)
            block = []
    return richtext.from_text("\n\n".join(found))


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
    if goes_on(line, following):
        return True
    if _SENTENCE_END.search(line):
        return False
    return len(line) >= _LONG_LINE or following[0].islower()


def goes_on(line: str, following: str) -> bool:
    """Whether a line's end or the next one's beginning leaves no doubt: “It is kind,” / said Ada Birkett."""
    bare = line.rstrip(_CLOSING)
    if bare != line and (bare.endswith((",", ";")) or following[0].islower()):
        return True
    return bool(_OPEN_END.search(line))


def _join(lines: Sequence[str]) -> str:
    parts = [lines[0]]
    for line, following in itertools.pairwise(lines):
        # "by-" and "election" make "by-election".
        parted = re.search(r"\w-\Z", line[-2:]) and following[0].islower()
        parts.append(following if parted else f" {following}")
    return "".join(parts)
