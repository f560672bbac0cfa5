"""From paths as given to the files to read: folders walked in order, loops and odd files named."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from stories.importing import readers

__all__ = [
    "STDIN",
    "Source",
    "SourceError",
    "find_sources",
    "missing",
    "printable",
    "read_bytes",
    "too_large",
]

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import. `name` is how it was given; `key` is the same however it is given.

    `problem` is the reason why it cannot be read, where the walk already knows it. `data` are its bytes where
    they are at hand; `path` then only has its name.
    """

    name: str
    key: str
    path: Path | None = None
    problem: str = ""
    data: bytes | None = None

    @property
    def suffix(self) -> str:
        """The ending of the file's name in small letters, as ".txt"; "" where it has none."""
        return self.path.suffix.lower() if self.path else ""


class SourceError(Exception):
    """A file's bytes cannot be had; the message says why, in a sentence."""


def missing(paths: Sequence[str]) -> list[str]:
    """Which of `paths` name nothing at all: a slip of the finger, not a bad file."""
    return [path for path in paths if path != STDIN and not os.path.lexists(path)]


def find_sources(paths: Sequence[str], *, home: Path) -> list[Source]:
    """Every file under `paths`, each once: in the order given, and by name within a folder.

    Hidden files are left out. `home` is the folder from which keys are counted, where a file is below it.
    """
    seen: set[str] = set()
    found = []
    for given in paths:
        for source in _walk(given, home, ()):
            if source.key not in seen:
                seen.add(source.key)
                found.append(source)
    return found


def _walk(given: str, home: Path, above: tuple[tuple[int, int], ...]) -> Iterator[Source]:
    if given == STDIN:
        yield Source(STDIN, STDIN)
        return
    path = Path(given)
    name = printable(given)
    try:
        status = path.stat()
    except OSError as error:
        loop = "It is a link that leads back to itself." if error.errno == 40 else ""
        broken = "It is a link that leads nowhere." if path.is_symlink() else ""
        yield Source(name, _key(path, home), path, loop or broken or f"It cannot be read: {error.strerror}.")
        return
    if not stat.S_ISDIR(status.st_mode):
        yield Source(name, _key(path, home), path, _problem(path, status))
        return
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        yield Source(
            name, _key(path, home, follow=False), path, "It is a folder that leads back into itself."
        )
        return
    try:
        entries = sorted(os.listdir(path), key=os.fsencode)
    except OSError as error:
        yield Source(name, _key(path, home), path, f"The folder cannot be read: {error.strerror}.")
        return
    for entry in entries:
        if not entry.startswith("."):
            yield from _walk(os.path.join(given, entry), home, (*above, identity))


def _problem(path: Path, status: os.stat_result) -> str:
    if not stat.S_ISREG(status.st_mode):
        return "It is not a file but a device, a pipe or a socket."
    return readers.unread(path.suffix)


def _key(path: Path, home: Path, follow: bool = True) -> str:
    """The file's one name: below `home` if it is there, from the root of the disk if not."""
    full = os.path.realpath(path) if follow else os.path.abspath(path)
    below = os.path.relpath(full, os.path.realpath(home))
    return printable(full if below.startswith("..") else below)


def printable(name: str) -> str:
    """A file's name as text that can be stored and shown, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "backslashreplace").replace("\0", "")


def read_bytes(source: Source, *, limit: int, stdin: BinaryIO | None = None) -> bytes:
    """The file's content. Raises SourceError when it has more than `limit` bytes or cannot be read."""
    if source.problem:
        raise SourceError(source.problem)
    if source.data is not None:
        return source.data
    try:
        if source.path is None:
            if stdin is None:
                raise SourceError("There is no standard input.")
            data = stdin.read(limit + 1)
        else:
            size = source.path.stat().st_size
            if size > limit:
                raise SourceError(too_large(size, limit))
            with source.path.open("rb") as file:
                data = file.read(limit + 1)
    except OSError as error:
        raise SourceError(f"It cannot be read: {error.strerror}.") from error
    if len(data) > limit:
        raise SourceError(too_large(None, limit))
    return data


def too_large(size: int | None, limit: int) -> str:
    """Say that a file of `size` bytes (None: not known) is above the limit."""
    has = f"has {size / 1e6:,.1f} MB" if size is not None else "is larger than that"
    return f"It {has}; the import takes files of up to {limit / 1e6:,.1f} MB (IMPORT_MAX_BYTES)."
