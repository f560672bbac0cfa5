"""Pictures in a body: an ``img`` that names a stored file, and says what it shows in this story.

The one form that is stored is ``<img data-picture="FILE" alt="…" data-caption="…" data-credit="…">``, between
outermost blocks; what is empty is left out, but for ``alt``. A picture from anywhere else is not kept.
"""

import re
from collections.abc import Callable, Iterable
from html import escape, unescape
from typing import NamedTuple

ATTRIBUTES = {"data-picture": "file", "alt": "alt", "data-caption": "caption", "data-credit": "credit"}
LONGEST = {"alt": 250, "caption": 300, "credit": 150}  # characters, as of a story's lead picture
# A file's name in the media folder: nothing in it leads elsewhere, or has to be escaped.
_FILE = re.compile(r"(?![/.])(?!.*(\.\.|/\.))[^\s\"'<>&\\:?#%]{1,100}\Z")
_WRITTEN = re.compile(r'<img data-picture="[^>]*>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


class BodyPicture(NamedTuple):
    """A picture in a body: the name of its file, and its words, each in one line."""

    file: str
    alt: str = ""
    caption: str = ""
    credit: str = ""

    @property
    def html(self) -> str:
        """The element that is stored."""
        named = zip(ATTRIBUTES, self, strict=True)
        kept = (f'{name}="{escape(text)}"' for name, text in named if text or name == "alt")
        return f"<img {' '.join(kept)}>"

    @property
    def in_words(self) -> str:
        """The picture as one line, for who compares two texts."""
        said = [self.alt or "not described", self.caption, f"Picture: {self.credit}" if self.credit else ""]
        return f"[Picture: {' · '.join(filter(None, said))}]"


def of(attributes: Iterable[tuple[str, str | None]]) -> BodyPicture | None:
    """Return the picture that an ``img`` with these attributes is; None for one that names no stored file."""
    said = {ATTRIBUTES[name]: value or "" for name, value in attributes if name in ATTRIBUTES}
    if not _FILE.match(said.get("file", "")):
        return None
    words = {name: " ".join(said.get(name, "").split())[:most].strip() for name, most in LONGEST.items()}
    return BodyPicture(said["file"], **words)


def within(html: str) -> list[BodyPicture]:
    """Return the pictures of a canonical body, in order."""
    found = (_read(tag.group()) for tag in _WRITTEN.finditer(html))
    return [picture for picture in found if picture]


def replaced(html: str, put: Callable[[BodyPicture], str]) -> str:
    """Return a canonical body with what `put` makes of each picture in its place."""
    return _WRITTEN.sub(lambda tag: put(picture) if (picture := _read(tag.group())) else "", html)


def _read(tag: str) -> BodyPicture | None:
    return of((name, unescape(value)) for name, value in _ATTRIBUTE.findall(tag))
