"""A database that has been migrated and nothing else, made once for all the processes of a run.

Every process of the tests needs one, and so do tests of other processes: to copy one takes a moment, to
migrate takes some hundred times as long.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

# On a server; by the name of the site's database, which Django has another as soon as tests have theirs.
NAME = f"empty_{connection.settings_dict['NAME']}"


def sqlite(folder: Path) -> Path:
    """Return its file, for SQLite; `folder` is the run's own."""
    file = folder / "empty_newsroom.sqlite3"
    with (folder / "empty_newsroom.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            made = file.with_suffix(".made")
            migrate(f"sqlite:///{made}")
            made.rename(file)
    return file


def postgresql(folder: Path) -> str:
    """Return its name on the server that the tests run on, to be named as a template."""
    done = folder / "empty_newsroom.done"
    with (folder / "empty_newsroom.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            forget_on_server()
            ask(f'CREATE DATABASE "{NAME}"')
            migrate(f"{server()}/{NAME}")
            done.touch()
    return NAME


def forget_on_server() -> None:
    ask(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


def server() -> str:
    """Return the address of the server, without a database."""
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT'] or 5432}"


def ask(statement: str) -> None:
    """Have the server do something that is no matter of any one database."""
    with psycopg.connect(f"{server()}/postgres", autocommit=True) as admin:
        admin.execute(statement)  # type: ignore[call-overload]


def migrate(address: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address},
        check=True,
        capture_output=True,
    )
