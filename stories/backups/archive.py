"""The form of a backup: a zip file that any database can be filled from, and that proves itself whole.

`tables/NAME.jsonl` has a table's rows, each a JSON array, by primary key. Moments are written in ISO 8601
with their zone. `media/NAME` are the uploads. `manifest.json`, written last, says of which release it is,
which migrations were applied, and of each member how much is in it and its SHA-256.

Left out is what is made anew from the rest (the index tables, the search index, smaller pictures), and
sessions: whoever could read a backup could be signed in by them.
"""

import json
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"


class Damaged(Exception):
    """The file is no backup, or no whole one; says so in a sentence."""


@dataclass
class Table:
    """A table in a backup. `columns` has each one's name and kind: see `kind_of` in `rows`.

    `last` is the highest number that the table ever gave to a row, so that none is given twice.
    """

    name: str
    columns: list[tuple[str, str]]
    rows: int = 0
    last: int | None = None
    sha256: str = ""

    @property
    def member(self) -> str:
        """Its name in the archive."""
        return f"tables/{self.name}.jsonl"


@dataclass
class Upload:
    """A stored file in a backup; `size` in bytes."""

    name: str
    size: int
    sha256: str

    @property
    def member(self) -> str:
        """Its name in the archive."""
        return f"media/{self.name}"


@dataclass
class Manifest:
    """What a backup says of itself. `migrations` are (app, name) of those that were applied."""

    release: str
    made_at: str
    migrations: list[tuple[str, str]]
    tables: list[Table] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    format: int = FORMAT

    def rows(self, table: str) -> int:
        """How many rows the table has."""
        return next((one.rows for one in self.tables if one.name == table), 0)

    def written(self) -> str:
        """It as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def read(cls, archive: zipfile.ZipFile) -> "Manifest":
        """The manifest of an open archive. Raises Damaged."""
        try:
            said = json.loads(archive.read(MANIFEST))
            if said["format"] != FORMAT:
                raise Damaged(f"It is a backup of form {said['format']}; this release reads form {FORMAT}.")
            said["tables"] = [Table(**one) for one in said["tables"]]
            said["uploads"] = [Upload(**one) for one in said["uploads"]]
            said["migrations"] = [(app, name) for app, name in said["migrations"]]
            return cls(**said)
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise Damaged("It is no backup of this site: it has no manifest that can be read.") from error


def encoded(row: tuple[Any, ...]) -> bytes:
    """A row as a line of JSON, the same for the same values whichever database they are from."""
    line = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text)
    return line.encode() + b"\n"


def _as_text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    raise TypeError(f"A backup cannot hold {type(value).__name__}.")


def opened(path: Path) -> zipfile.ZipFile:
    """The archive, to be read. Raises Damaged."""
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise Damaged(f"{path} is no backup, or was cut short ({error}).") from error


def check(path: Path) -> Manifest:
    """Read a whole backup and compare it with what its manifest says. Raises Damaged."""
    with opened(path) as archive:
        manifest = Manifest.read(archive)
        members: list[Table | Upload] = [*manifest.tables, *manifest.uploads]
        for member in members:
            try:
                digest, lines, size = _counted(archive, member.member)
            except (KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
                raise Damaged(f"{path} is damaged: {member.member} cannot be read.") from error
            there = lines if isinstance(member, Table) else size
            told = member.rows if isinstance(member, Table) else member.size
            if (digest, there) != (member.sha256, told):
                raise Damaged(f"{path} is damaged: {member.member} is not what was written.")
        return manifest


def _counted(archive: zipfile.ZipFile, name: str) -> tuple[str, int, int]:
    digest, lines, size = sha256(), 0, 0
    with archive.open(name) as member:
        while part := member.read(1 << 20):
            digest.update(part)
            lines += part.count(b"\n")
            size += len(part)
    return digest.hexdigest(), lines, size


def lines(archive: zipfile.ZipFile, table: Table) -> Iterator[list[Any]]:
    """The rows of a table in an open archive, as they were encoded."""
    with archive.open(table.member) as member:
        for line in member:
            yield json.loads(line)
