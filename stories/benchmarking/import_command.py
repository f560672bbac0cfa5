"""Benchmark `import_seeds`: throughput and memory, measured from outside in a process of its own.

The import goes into a temporary database: an SQLite file or, if the site uses PostgreSQL, a new database on
the same server.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from stories.benchmarking.made_up_newsroom import (
    BRIDGES,
    ENDINGS,
    FAMILY,
    GIVEN,
    OBJECTS,
    OUTLETS,
    PARTIES,
    PLACES,
    SUBJECTS,
    VERBS,
)

__all__ = ["Measured", "measure_import", "write_made_up_copy"]


@dataclass(frozen=True, slots=True)
class Measured:
    """One import.

    `seconds` is wall-clock time including the start of Python; `peak_mb` is the largest resident set of any
    of the processes, in MB.
    """

    database: str
    workers: int
    files: int
    words: int
    claims: int
    people: int
    failed: int
    seconds: float
    peak_mb: float

    @property
    def files_a_second(self) -> float:
        """Imported files per second."""
        return self.files / self.seconds

    @property
    def claims_a_second(self) -> float:
        """Extracted claims per second."""
        return self.claims / self.seconds


def write_made_up_copy(folder: Path, stories: int, *, words: int = 800, seed: int = 1) -> None:
    """Write `stories` text files of about `words` words with invented people and quotations of many forms.

    The same `seed` gives the same files.
    """
    pick = random.Random(seed)  # noqa: S311  (no secret)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(stories):
        (folder / f"{number:06}.txt").write_text(_dispatch(pick, number, words), encoding="utf-8")


def _dispatch(pick: random.Random, number: int, words: int) -> str:
    people = [f"{pick.choice(GIVEN)} {pick.choice(FAMILY)}" for _ in range(4)]
    paragraphs = [f"{pick.choice(PLACES)} council divided over motion {number}"]
    length = 0
    while length < words:
        name, (party, short, _) = pick.choice(people), pick.choice(PARTIES)
        outlet = next(filter(None, iter(lambda: pick.choice(OUTLETS), None)))
        surname, place = name.split()[-1], pick.choice(PLACES)
        paragraph = pick.choice(
            [
                f"{name}, the {short} MP for {place}, told {outlet}: “{_claim(pick)}. {_claim(pick)}.”",
                f"“{_claim(pick)},” said {surname}. “{_claim(pick)}.”",
                f"The {party}'s leader, {name}, said {_claim(pick).lower()}, and called it “a paper ship”.",
                f"A source close to {surname} told {outlet}:\n\n{_claim(pick)}.",
                f"According to {name}, {_claim(pick).lower()}.",
                f"{pick.choice(BRIDGES)} {pick.choice(BRIDGES)}",
            ]
        )
        paragraphs.append(paragraph)
        length += len(paragraph.split())
    return "\n\n".join(paragraphs) + "\n"


def _claim(pick: random.Random) -> str:
    words = f"{pick.choice(SUBJECTS)} {pick.choice(VERBS)} {pick.randrange(2, 9_000_000):,}"
    return f"{words} {pick.choice(OBJECTS)} {pick.choice(ENDINGS)}".capitalize()


def measure_import(paths: Sequence[Path], *, workers: int = 1) -> Measured:
    """Import `paths` into a new database and measure it. Raises CalledProcessError when the import fails."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch, _new_newsroom(Path(scratch)) as env:
        manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
        subprocess.run([*manage, "migrate", "--verbosity=0"], env=env, check=True)  # noqa: S603  (our own)
        report = Path(scratch) / "report.json"
        arguments = [*map(str, paths), f"--workers={workers}", f"--json={report}", "--verbosity=0"]
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603  (our own)
            [*manage, "import_seeds", *arguments],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # The usage from wait4() is that of this process and of those it waited for alone.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        if not report.exists():
            raise subprocess.CalledProcessError(process.returncode, "import_seeds")
        done = json.loads(report.read_text())
    filed = [entry for entry in done["files"] if entry["outcome"] == "created"]
    return Measured(
        database=connection.vendor,
        workers=workers,
        files=len(filed),
        words=sum(_words(entry["file"]) for entry in filed),
        claims=sum(entry["claims"] for entry in filed),
        people=sum(entry["people"] for entry in filed),
        failed=done["failed"],
        seconds=seconds,
        peak_mb=usage.ru_maxrss / 1024,
    )


def _words(file: str) -> int:
    return len(Path(file).read_bytes().split())


@contextmanager
def _new_newsroom(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment variables of an empty site, on the same kind of database as this one."""
    env = {**os.environ, "NEWSROOM_DATA_DIR": str(folder), "SECRET_KEY": settings.SECRET_KEY}
    if connection.vendor != "postgresql":
        yield env | {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
        return
    server = connection.settings_dict
    name = connection.ops.quote_name(f"benchmark_{os.getpid()}")
    account = ":".join(quote(str(server[part]), safe="") for part in ("USER", "PASSWORD"))
    address = f"postgres://{account}@{server['HOST']}:{server['PORT'] or 5432}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield env | {"DATABASE_URL": f"{address}/benchmark_{os.getpid()}"}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
