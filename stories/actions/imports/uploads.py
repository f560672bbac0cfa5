"""Copy that was uploaded: kept until it is in, tried, imported a few files at a time, taken up again.

The files wait in a folder that only the server reads, under numbers: a file's own name is said, never used.
What became of a file is written beside it as soon as it is settled, so that an import whose page was closed
goes on where it stopped; and since a text is known by its bytes, two pages at work on one import do no file
twice.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from stories.actions.errors import NotReady
from stories.actions.imports.import_copy import RUN, import_copy
from stories.actions.permissions import require
from stories.importing import readers
from stories.importing.entries import UNCHANGED, Entry
from stories.importing.runs import Hooks, Options
from stories.importing.sources import Source, printable
from stories.models import ImportRun

MOST_FILES = 100  # what Django takes in one form
KEPT_FOR = 24 * 3600  # seconds
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}\Z")


class Gone(Exception):
    """There is no such upload, it is somebody else's, or it was not gone on with for a day."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that were sent, what they were called, and what is to be done with them.

    `sums` are the SHA-256 of their bytes, "" for one too large to be kept.
    """

    token: str
    by: int | None
    names: tuple[str, ...]
    options: Mapping[str, Any]
    sums: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where the files and the notes about them are."""
        return _folder(self.token)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload is: what became of the files that are settled, of how many, and the import's row."""

    entries: tuple[Entry, ...]
    of: int
    run: int | None

    @property
    def done(self) -> int:
        """How many files are done."""
        return len(self.entries)

    @property
    def finished(self) -> bool:
        """Whether all files are done."""
        return self.done == self.of


def keep(*, files: Sequence["UploadedFile[Any]"], by: User, options: Mapping[str, Any]) -> Upload:
    """Put the files aside, and forget old uploads. `options` are import_copy's. Raises NotAllowed."""
    require(by, RUN, "import copy")
    _forget_the_old()
    token = secrets.token_urlsafe(20)
    folder = _folder(token)
    for name in ("copy", "tried", "done"):
        (folder / name).mkdir(parents=True, mode=0o700)
    chosen = files[:MOST_FILES]
    sums = tuple(_put_aside(file, folder / "copy", number) for number, file in enumerate(chosen))
    upload = Upload(token, by.pk, tuple(_names(chosen)), dict(options), sums)
    about = {name: getattr(upload, name) for name in ("by", "names", "options", "sums")}
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
    return upload


def find(*, token: str, by: User) -> Upload:
    """The upload that `by` made under this token. Raises Gone."""
    try:
        about = json.loads((_folder(token) / "about.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise Gone from error
    if about["by"] != by.pk:
        raise Gone
    return Upload(token, about["by"], tuple(about["names"]), about["options"], tuple(about["sums"]))


def unfinished(*, by: User) -> list[tuple[Upload, Progress]]:
    """Those of `by`'s uploads whose import was begun and left."""
    runs = ImportRun.objects.filter(by=by, finished_at__isnull=True, undone_at__isnull=True).order_by("-pk")
    found = []
    for options in runs.values_list("options", flat=True)[:20]:
        try:
            upload = find(token=str(options.get("upload", "")), by=by)
        except Gone:
            continue
        found.append((upload, progress(upload)))
    return found


def try_out(*, upload: Upload, by: User, enough: Callable[[], bool] = lambda: False) -> Progress:
    """What an import of the files would do, until `enough` says so; nothing is changed. Raises NotAllowed.

    Asked again it goes on where it stopped. Every call is taken back, so that what a file does to those after
    it is not seen by them: there is one such thing, the same bytes twice, and it is seen here.
    """
    require(by, RUN, "import copy")
    for entry in list(_doubles(upload)):
        _note(upload, "tried", entry)
    if left := _left(upload, "tried"):
        _read(upload, left, "tried", enough, by=by)
    return tried(upload)


def tried(upload: Upload) -> Progress:
    """How far `try_out` is."""
    return Progress(tuple(filter(None, _notes(upload, "tried"))), len(upload.names), None)


def go_on(*, upload: Upload, by: User, enough: Callable[[], bool] = lambda: False) -> Progress:
    """Import the files that are left, each in a transaction of its own, until `enough` says so.

    Raises NotAllowed, NotReady (the import was taken back).
    """
    require(by, RUN, "import copy")
    if left := _left(upload, "done"):
        _read(upload, left, "done", enough, by=by, run=_run_of(upload, by))
        if progress(upload).finished:
            # Nothing in it was new: such an import leaves no row.
            _run_row(upload).filter(texts__isnull=True).delete()
    return progress(upload)


def progress(upload: Upload) -> Progress:
    """How far `go_on` is."""
    run = _run_row(upload).first()
    became = {text.file: text for text in run.texts.all()} if run else {}
    entries = []
    for name, entry in zip(upload.names, _notes(upload, "done"), strict=True):
        text = became.get(_key(name))
        if entry is None:
            continue
        if text is not None and entry.outcome == UNCHANGED:
            # Its note was lost, or another page's came first: the import itself had made it.
            entry = replace(entry, outcome=text.outcome, message=text.message, article=text.article_id)
        entries.append(entry)
    return Progress(tuple(entries), len(upload.names), run.pk if run else None)


def _folder(token: str) -> Path:
    if not TOKEN.match(token):
        raise Gone
    return Path(settings.DATA_DIR) / "uploads" / token


def _key(name: str) -> str:
    return f"upload/{name}"


def _names(files: Sequence["UploadedFile[Any]"]) -> Iterator[str]:
    """What each file is called, as it can be shown, and no two of them alike."""
    taken: set[str] = set()
    for file in files:
        given = name = printable(Path(file.name or "upload").name)
        number = 1
        while name in taken:
            number += 1
            name = f"{Path(given).stem} ({number}){Path(given).suffix}"
        taken.add(name)
        yield name


def _put_aside(file: "UploadedFile[Any]", folder: Path, number: int) -> str:
    """Write the file into the folder; the SHA-256 of its bytes, or "" when it is too large to be read."""
    suffix = Path(file.name or "").suffix.lower()
    suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,10}", suffix) else ""
    known = hashlib.sha256()
    with (folder / f"{number:03}{suffix}").open("wb") as place:
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            place.truncate(file.size)  # a hole of that size: it will be refused for it
            return ""
        for chunk in file.chunks():
            place.write(chunk)
            known.update(chunk)
    return known.hexdigest()


def _sources(upload: Upload) -> list[Source]:
    files = sorted((upload.folder / "copy").iterdir())
    return [
        Source(name, _key(name), path, readers.unread(path.suffix))
        for name, path in zip(upload.names, files, strict=True)
    ]


def _left(upload: Upload, what: str) -> list[Source]:
    """The files of which it is not written down yet what became of them ("tried" or "done")."""
    notes = _notes(upload, what)
    return [file for file, entry in zip(_sources(upload), notes, strict=True) if entry is None]


def _read(
    upload: Upload,
    files: Sequence[Source],
    what: str,
    enough: Callable[[], bool],
    *,
    by: User,
    run: ImportRun | None = None,
) -> None:
    """Import the files ("done") or only try it ("tried"), and write down what becomes of each."""
    import_copy(
        paths=upload.names,
        by=by,
        sources=files,
        options=Options(dry_run=what == "tried", **upload.options),
        hooks=Hooks(on_entry=lambda entry: _note(upload, what, entry), enough=enough),
        run=run,
    )


def _forget_the_old() -> None:
    for folder in (Path(settings.DATA_DIR) / "uploads").glob("*"):
        if folder.stat().st_mtime < time.time() - KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)


# What became of each file


def _note_of(upload: Upload, what: str, number: int) -> Path:
    """Where it is written what the import would make of the file ("tried") or has made of it ("done")."""
    return upload.folder / what / f"{number:03}.json"


def _note(upload: Upload, what: str, entry: Entry) -> None:
    """Write the entry down. Of two pages' the first stands, unless only the second did anything."""
    place = _note_of(upload, what, upload.names.index(entry.file))
    if not _write_once(place, json.dumps(asdict(entry))) and entry.outcome in ("created", "updated"):
        _write_over(place, json.dumps(asdict(entry)))


def _notes(upload: Upload, what: str) -> Iterator[Entry | None]:
    for number in range(len(upload.names)):
        place = _note_of(upload, what, number)
        yield Entry(**json.loads(place.read_text(encoding="utf-8"))) if place.exists() else None


def _doubles(upload: Upload) -> Iterator[Entry]:
    """Files not tried yet with the bytes of one that would be a story by then, and what becomes of them."""
    stories = set()
    for name, sum_, entry in zip(upload.names, upload.sums, _notes(upload, "tried"), strict=True):
        if entry is None and sum_ in stories:
            yield Entry(name, UNCHANGED)
        elif entry is not None and entry.outcome in ("created", "updated"):
            stories.add(sum_)


def _run_row(upload: Upload) -> QuerySet[ImportRun]:
    """The import's row, or none: not begun, nothing new, or deleted since."""
    place = upload.folder / "run"
    return ImportRun.objects.filter(pk__in=[int(place.read_text())] if place.exists() else [])


def _run_of(upload: Upload, by: User) -> ImportRun:
    """The import's row: made by whichever page comes first. Raises NotReady when it was taken back."""
    if not (upload.folder / "run").exists():
        options = {**upload.options, "upload": upload.token}
        row = ImportRun.objects.create(paths=list(upload.names), options=options, by=by)
        if not _write_once(upload.folder / "run", str(row.pk)):
            row.delete()
    run = _run_row(upload).filter(undone_at__isnull=True).first()
    if run is None:
        raise NotReady("This import has been taken back. Choose the files again.")
    return run


def _write_once(place: Path, text: str) -> bool:
    """Make the file with all of its text at once; False when it is there already."""
    draft = place.with_name(f".{secrets.token_hex(8)}")
    draft.write_text(text, encoding="utf-8")
    try:
        os.link(draft, place)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _write_over(place: Path, text: str) -> None:
    draft = place.with_name(f".{secrets.token_hex(8)}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(place)
