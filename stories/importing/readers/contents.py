"""What a reader hands on of a file, and what is known of a format."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo

from stories.importing.frontmatter import Details

__all__ = ["Contents", "Format", "Picture", "head"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in the file itself, as its bytes; `alt` says what it shows."""

    data: bytes
    alt: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """A file's story before it is checked. `body` is any HTML; it is cleaned later.

    `line` is the headline's, where the file has lines. `held` says by which words the file itself asks not to
    be published. `remarks` are sentences for whoever imports it.
    """

    headline: str
    body: str
    encoding: str = "utf-8"
    details: Details = field(default_factory=Details)
    held: str = ""
    remarks: tuple[str, ...] = ()
    picture: Picture | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that the import reads.

    `name` is what a sentence calls it; `suffixes` are the endings of its files' names. `recognises` is asked
    with a file's bytes, whatever its name; `read` makes contents of them, by the newsroom's clock, and raises
    ReadError.
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, tzinfo], Contents]


def head(data: bytes) -> str:
    """The beginning of a file as text, to tell what it is: bytes that are no ASCII come out somehow."""
    start = data[:4_000]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start[: len(start) // 2 * 2].decode("utf-16", "replace").lstrip("\ufeff \t\r\n")
    return start.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()
