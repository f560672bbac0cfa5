"""Writing a backup while the site serves."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

import stories
from stories.backups import rows
from stories.backups.archive import MANIFEST, Manifest, Table, Upload, check, encoded
from stories.models import renditions

SNAPSHOT = "snapshot"
COMPRESSION = 4  # of zlib: half the time of its default, and a twentieth larger
# Made anew, or thrown away after two days.
NOT_KEPT = (f"{renditions.FOLDER}/", "cards/", "dumps/", "waiting/")
NAME = "on-the-record-{:%Y-%m-%dT%H%M%SZ}.zip"
PATTERN = "on-the-record-*.zip"


def write(folder: Path, *, using: str = DEFAULT_DB_ALIAS) -> tuple[Path, Manifest]:
    """Write a backup into the folder, check it, and only then give it its name; also what it says.

    All rows are of one moment, that of the beginning. Nobody waits for it. Raises OSError, DatabaseError, and
    `archive.Damaged` when what was written cannot be read again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    path = folder / NAME.format(now)
    unfinished = path.with_suffix(".unfinished")
    try:
        with zipfile.ZipFile(
            unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION, allowZip64=True
        ) as archive:
            with snapshot(using) as using_snapshot:
                manifest = Manifest(
                    release=stories.__version__,
                    made_at=now.isoformat(),
                    migrations=sorted(MigrationRecorder(connections[using_snapshot]).applied_migrations()),
                )
                for model in rows.kept_models():
                    manifest.tables.append(_table(archive, model, using_snapshot))
            for name in renditions.stored_files():
                if not name.startswith(NOT_KEPT) and (kept := _upload(archive, name)):
                    manifest.uploads.append(kept)
            archive.writestr(MANIFEST, manifest.written())
        check(unfinished)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path, manifest


@contextmanager
def snapshot(using: str) -> Iterator[str]:
    """The alias of a connection of its own that sees, within, the database as it is at the first question."""
    connection = connections[using].copy(alias=SNAPSHOT)
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "postgresql":
        from django.db.backends.postgresql.psycopg_any import IsolationLevel

        options.pop("pool", None)
        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    else:
        options["transaction_mode"] = "DEFERRED"  # reads beside who writes
    connections[SNAPSHOT] = connection
    try:
        with transaction.atomic(using=SNAPSHOT):
            yield SNAPSHOT
    finally:
        connection.close()
        del connections[SNAPSHOT]


def _table(archive: zipfile.ZipFile, model: type[models.Model], using: str) -> Table:
    table, digest = rows.described(model), sha256()
    with archive.open(table.member, "w", force_zip64=True) as member:
        for row in rows.read(model, using):
            line = encoded(row)
            digest.update(line)
            member.write(line)
            table.rows += 1
    table.last, table.sha256 = rows.last_number(connections[using], table.name), digest.hexdigest()
    return table


def _upload(archive: zipfile.ZipFile, name: str) -> Upload | None:
    """Put a stored file in, as it is: pictures are compressed already. None if it has gone meanwhile."""
    kept, digest = Upload(name, 0, ""), sha256()
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        return None
    with file, archive.open(zipfile.ZipInfo(kept.member), "w", force_zip64=True) as member:
        for part in file.chunks():
            digest.update(part)
            member.write(part)
            kept.size += len(part)
    kept.sha256 = digest.hexdigest()
    return kept


def write_daily(folder: Path, *, keep: timedelta) -> Path | None:
    """Write a backup unless the newest in the folder is not yet six hours old, and thin out the older ones.

    So one that is asked for twice is made once. Raises as `write` does.
    """
    made = sorted(folder.glob(PATTERN))
    if made and made[-1].name > NAME.format(datetime.now(UTC) - timedelta(hours=6)):
        return None
    path, _ = write(folder)
    thin_out(folder, keep=keep)
    return path


def thin_out(folder: Path, *, keep: timedelta) -> list[Path]:
    """Delete the backups in the folder that are older than `keep`, but never the newest; which they were."""
    oldest = NAME.format(datetime.now(UTC) - keep)
    made = sorted(folder.glob(PATTERN))
    gone = [path for path in made[:-1] if path.name < oldest]
    for path in gone:
        path.unlink()
    return gone
