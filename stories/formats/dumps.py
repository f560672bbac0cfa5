"""The whole public record as files: a folder of the storage for each time it was written.

A folder has every table as CSV, as lines of JSON and, with pyarrow, as Parquet, a JSON Schema each,
checksums, and `datapackage.json` (https://specs.frictionlessdata.io/data-package/), which is written last: a
folder without it is not there.
`NUMBERS`, which nobody is handed, tells which rows are in it: once readers may no longer see one of them, the
folder is not handed out any more (`stands`).
"""

import csv
import datetime
import gzip
import io
import json
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from stories.backups.writing import snapshot
from stories.database import site_version
from stories.formats import parquet
from stories.formats.tables import TABLES
from stories.formats.tables.columns import Column, Table, batched
from stories.models import Correction

FOLDER = "dumps"
STAMP = "%Y%m%dT%H%M%SZ"
PACKAGE, SUMS, NUMBERS = "datapackage.json", "SHA256SUMS", "numbers.gz"
KEPT = 2  # dumps: the newest, and the one before for who is fetching its files
OLDEST = datetime.timedelta(hours=23)  # a dump is due then
COMPRESSION = 6  # of zlib
# How a file's name ends, and its resource's, its format and media type.
FORMS = (
    (".csv.gz", "", "csv", "text/csv"),
    (".jsonl.gz", "-lines", "ndjson", "application/x-ndjson"),
    (parquet.SUFFIX, "-parquet", "parquet", "application/vnd.apache.parquet"),
)
# What a column's kind is in a Table Schema and in a JSON Schema.
IN_CSV = {"strings": "string", "integers": "string", "spans": "string"}
IN_JSON: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "strings": {"type": "array", "items": {"type": "string"}},
    "integers": {"type": "array", "items": {"type": "integer"}},
    "spans": {
        "type": "array",
        "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    },
}


@dataclass(slots=True)
class Written:
    """A file that was written: its name, size in bytes, SHA-256, and how many rows are in it."""

    name: str
    bytes: int = 0
    sha256: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump that is there as a whole; `about` is its `datapackage.json`."""

    stamp: str
    about: dict[str, Any] = field(hash=False)

    @property
    def made_at(self) -> datetime.datetime:
        """When its rows were read."""
        return datetime.datetime.strptime(self.stamp, STAMP).replace(tzinfo=datetime.UTC)

    @property
    def files(self) -> dict[str, str]:
        """The names of what is handed out, each with its SHA-256 or, of the small files, nothing."""
        tables = {one["path"]: one["hash"].removeprefix("sha256:") for one in self.about["resources"]}
        return tables | {PACKAGE: "", SUMS: ""} | {f"{table.name}.schema.json": "" for table in TABLES}


# --- writing -----------------------------------------------------------------------------------------


def write(using: str = DEFAULT_DB_ALIAS) -> Dump:
    """Write a dump of what readers may see now, all of one moment, and delete those that are too old."""
    stamp = _free_stamp()
    with tempfile.TemporaryDirectory() as place, snapshot(using) as connection:
        folder = Path(place)
        files = [one for table in TABLES for one in _write_table(table, folder, connection)]
        for name in (NUMBERS, *(written.name for written in files)):
            with (folder / name).open("rb") as file:
                _store(stamp, name, File(file))
    for table in TABLES:
        _store_json(stamp, f"{table.name}.schema.json", json_schema(table))
    sums = "".join(f"{one.sha256}  {one.name}\n" for one in files)
    _store(stamp, SUMS, ContentFile(sums.encode()))
    about = package(stamp, files)
    _store_json(stamp, PACKAGE, about)
    prune()
    return Dump(stamp, about)


def _free_stamp() -> str:
    """Return the stamp of a dump that is begun now: later than that of any other."""
    now, last = timezone.now(), max(all_stamps(), default="")
    while (stamp := now.strftime(STAMP)) <= last:
        now += datetime.timedelta(seconds=1)
    return stamp


def _write_table(table: Table, folder: Path, using: str) -> list[Written]:
    """Write a table in every form, some rows at a time, and add its keys to `NUMBERS`."""
    names = [f"{table.name}.csv.gz", f"{table.name}.jsonl.gz"]
    names += [f"{table.name}{parquet.SUFFIX}"] if parquet.is_installed() else []
    many = 0
    with ExitStack() as files:
        kept = files.enter_context(gzip.open(folder / NUMBERS, "at", COMPRESSION, encoding="ascii"))
        as_csv, as_lines = (files.enter_context(_compressed(folder / name)) for name in names[:2])
        others = [files.enter_context(parquet.ParquetFile(folder / name, table)) for name in names[2:]]
        writer = csv.writer(as_csv)
        writer.writerow(table.names)
        for some in batched(table.keys(using).iterator(chunk_size=2000), table.at_once):
            kept.writelines(f"{table.name} {number}\n" for number in some)
            for row in table.rows(some, using):
                writer.writerow(table.cells(row))
                as_lines.write(f"{table.as_json(row)}\n")
                for other in others:
                    other.add(row)
                many += 1
    return [_described(folder / name, many) for name in names]


def _compressed(path: Path) -> IO[str]:
    """Open a file for text to be compressed into it; its name and time are not in it."""
    file = path.open("wb")
    packed = gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0)
    packed.myfileobj = file  # type: ignore[assignment]  # closed with it
    return io.TextIOWrapper(packed, encoding="utf-8", newline="")


def _described(path: Path, rows: int) -> Written:
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 16):
            digest.update(part)
    return Written(path.name, path.stat().st_size, digest.hexdigest(), rows)


def _store(stamp: str, name: str, content: Any) -> None:
    default_storage.save(f"{FOLDER}/{stamp}/{name}", content)


def _store_json(stamp: str, name: str, data: dict[str, Any]) -> None:
    _store(stamp, name, ContentFile((json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()))


# --- what is in it -----------------------------------------------------------------------------------


def package(stamp: str, files: list[Written]) -> dict[str, Any]:
    """Return the description of a dump as a Data Package."""
    tables = {table.name: table for table in TABLES}
    made = datetime.datetime.strptime(stamp, STAMP)
    return {
        "profile": "data-package",
        "name": "public-record",
        "title": f"{settings.PUBLICATION_NAME}: the public record",
        "homepage": f"{settings.SITE_URL}/data/",
        "created": f"{made:%Y-%m-%dT%H:%M:%SZ}",
        **({"licenses": [licence]} if (licence := licence_as_data()) else {}),
        "resources": [_resource(tables[one.name.partition(".")[0]], one) for one in files],
    }


def licence_as_data() -> dict[str, str]:
    """Return the licence as Data Packages name one; {} if none is set."""
    if not settings.DATA_LICENCE:
        return {}
    licence = {"name": settings.DATA_LICENCE.replace(" ", "-"), "title": settings.DATA_LICENCE}
    return licence | ({"path": settings.DATA_LICENCE_URL} if settings.DATA_LICENCE_URL else {})


def _resource(table: Table, written: Written) -> dict[str, Any]:
    is_csv = written.name.endswith(".csv.gz")
    _, end, form, kind = next(one for one in FORMS if written.name.endswith(one[0]))
    return {
        "name": table.name + end,
        "title": table.title,
        "description": table.says,
        "path": written.name,
        "format": form,
        "mediatype": kind,
        **({"encoding": "utf-8", "compression": "gz"} if written.name.endswith(".gz") else {}),
        "bytes": written.bytes,
        "hash": f"sha256:{written.sha256}",
        "rows": written.rows,
        **(
            {"profile": "tabular-data-resource", "schema": table_schema(table)}
            if is_csv
            else {"jsonSchema": f"{table.name}.schema.json"}
        ),
    }


def table_schema(table: Table) -> dict[str, Any]:
    """Return the Table Schema of a table's CSV file (https://specs.frictionlessdata.io/table-schema/)."""
    keys = [
        {"fields": column, "reference": {"resource": other, "fields": TABLE_KEYS[other]}}
        for column, other in table.links
    ]
    return {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        **({"primaryKey": table.names[0]} if table.numbered else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def _field(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "type": IN_CSV.get(column.kind, column.kind),
        "description": column.says + (f" Parted by “{column.between}”." if column.kind in IN_CSV else ""),
    }
    if column.kind == "boolean":
        described |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if column.kind in {"integer", "boolean", "date", "datetime"} and not column.may_lack:
        described["constraints"] = {"required": True}
    return described


def json_schema(table: Table) -> dict[str, Any]:
    """Return the JSON Schema of a line of a table's JSON file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.title,
        "description": table.says,
        "type": "object",
        "properties": {column.name: _property(column) for column in table.columns},
        "required": list(table.names),
        "additionalProperties": False,
    }


def _property(column: Column) -> dict[str, Any]:
    kind = IN_JSON[column.kind] | {"description": column.says}
    return kind | ({"type": [kind["type"], "null"]} if column.may_lack else {})


TABLE_KEYS = {table.name: table.names[0] for table in TABLES if table.numbered}


# --- which there are ---------------------------------------------------------------------------------


def all_stamps() -> list[str]:
    """Return the folders of dumps, whole or not, the newest first."""
    try:
        return sorted(default_storage.listdir(FOLDER)[0], reverse=True)
    except FileNotFoundError:
        return []


def find(stamp: str) -> Dump | None:
    """Return the dump of that time; None if there is none, or not yet as a whole."""
    try:
        with default_storage.open(f"{FOLDER}/{stamp}/{PACKAGE}") as file:
            return Dump(stamp, json.load(file))
    except (OSError, ValueError):
        return None


def newest() -> Dump | None:
    """Return the newest dump that is there as a whole."""
    return next((dump for stamp in all_stamps() if (dump := find(stamp))), None)


def stands(dump: Dump) -> bool:
    """Return whether readers may still see every row that is in a dump.

    The rows are compared once in each version of the site: whatever was withdrawn, deleted, rejected or
    hidden, and by whichever way.
    """
    version = site_version.current()
    return _all_public(dump.stamp) if version is None else _stands_at(dump.stamp, version)


@lru_cache(maxsize=8)
def _stands_at(stamp: str, version: str) -> bool:
    return _all_public(stamp)


def _all_public(stamp: str) -> bool:
    try:
        with default_storage.open(f"{FOLDER}/{stamp}/{NUMBERS}") as packed, gzip.open(packed, "rt") as lines:
            found = (line.split() for line in lines)
            line = next(found, None)
            for table in TABLES:
                public = iter(table.keys(DEFAULT_DB_ALIAS).iterator(chunk_size=2000))
                while line and line[0] == table.name:
                    number = int(line[1])
                    if next((one for one in public if one >= number), None) != number:
                        return False
                    line = next(found, None)
    except OSError:
        return False
    return line is None


def is_due() -> bool:
    """Return whether a dump has to be written: none is there, it is a day old, something in it was corrected
    since, or it no longer stands."""
    dump = newest()
    if dump is None or timezone.now() - dump.made_at > OLDEST:
        return True
    corrected = Correction.objects.published().filter(made_at__gte=dump.made_at)
    return corrected.exists() or not stands(dump)


def write_if_due() -> Dump | None:
    """Write a dump if one has to be written."""
    return write() if is_due() else None


def prune() -> None:
    """Delete all dumps but the newest `KEPT`, and what was left unfinished before them."""
    whole = [stamp for stamp in all_stamps() if find(stamp)][:KEPT]
    for stamp in all_stamps():
        if whole and stamp < whole[-1]:
            remove(stamp)


def remove(stamp: str) -> None:
    """Delete a dump, its description first: nobody is led to files that are going."""
    folder = f"{FOLDER}/{stamp}"
    names = default_storage.listdir(folder)[1]
    for name in sorted(names, key=lambda name: name != PACKAGE):
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)
