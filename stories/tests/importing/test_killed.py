"""An import that is killed at any moment and run again ends as one that was left alone."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from stories.tests.importing.dispatches import write_dispatches

FILES = 8
MANAGE = [sys.executable, "manage.py"]
ARGUMENTS = ["import_seeds", "copy", "--publish", "--accept-above", "0.5"]
# Imports, then tells every row by its content.
IMPORT_AND_TELL = """
import json, sys, django
django.setup()
from django.core.management import CommandError, call_command
try:
    call_command(*sys.argv[1:], stdout=sys.stderr)
except CommandError as error:
    assert error.returncode == 1
from stories.tests.importing.rows import everything
print(json.dumps(everything(), default=str))
"""

Newsroom = Callable[[str], dict[str, str]]


def environment(folder: Path, database: str) -> dict[str, str]:
    return os.environ | {
        "NEWSROOM_DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture(scope="module")
def new_newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Makes empty newsrooms on the database that the tests run on, each from one that was set up once."""
    root = tmp_path_factory.mktemp("newsrooms")
    if connection.vendor == "sqlite":
        template = root / "template.sqlite3"
        set_up(environment(root, f"sqlite:///{template}"))

        def make(name: str) -> dict[str, str]:
            folder = root / name
            folder.mkdir()
            (folder / "db.sqlite3").write_bytes(template.read_bytes())
            return environment(folder, f"sqlite:///{folder / 'db.sqlite3'}")

        yield make
        return
    server = connection.settings_dict
    made: list[str] = []
    prefix = f"killed_{os.getpid()}"
    address = f"postgres://{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT'] or 5432}"

    def ask(statement: str) -> None:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as admin:
            admin.execute(statement)  # type: ignore[call-overload]

    def make_database(name: str, template: str = "template1") -> dict[str, str]:
        database = f"{prefix}_{name}"
        ask(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        made.append(database)
        folder = root / name
        folder.mkdir()
        return environment(folder, f"{address}/{database}")

    set_up(make_database("template"))
    yield lambda name: make_database(name, f"{prefix}_template")
    for database in made:
        ask(f'DROP DATABASE "{database}" WITH (FORCE)')


def set_up(env: dict[str, str]) -> None:
    migrate = [*MANAGE, "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=settings.BASE_DIR, env=env, check=True, capture_output=True)


def manage(env: dict[str, str], folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments]
    return subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, text=True)


def import_and_tell(env: dict[str, str], folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", IMPORT_AND_TELL, "import_seeds", *ARGUMENTS[1:]]
    done = subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True)
    rows: dict[str, Any] = json.loads(done.stdout)
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filed")
    write_dispatches(folder / "copy", range(FILES))
    (folder / "copy" / "003b.txt").write_text("Only a headline")
    return folder


@pytest.fixture(scope="module")
def left_alone(new_newsroom: Newsroom, folder: Path) -> dict[str, Any]:
    rows = import_and_tell(new_newsroom("left_alone"), folder)
    assert len(rows["stories"]) == FILES
    assert len(rows["runs"]) == 1
    assert [text["outcome"] for text in rows["texts"]].count("failed") == 1
    return rows


@pytest.mark.parametrize("moment", range(20))
def test_killed_at_any_moment_and_run_again_the_rows_are_those_of_one_run(
    moment: int, new_newsroom: Newsroom, folder: Path, left_alone: dict[str, Any]
) -> None:
    env = new_newsroom(f"moment_{moment}")
    pick = random.Random(moment)
    process = manage(env, folder, *ARGUMENTS)
    assert process.stdout is not None
    # So many files told, and a little later: in the middle of the next one, or between two.
    for _ in range(pick.randrange(FILES)):
        process.stdout.readline()
    time.sleep(pick.random() * 0.15)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert import_and_tell(env, folder) == left_alone


def test_two_imports_of_the_same_folder_at_once_end_as_one(
    new_newsroom: Newsroom, folder: Path, left_alone: dict[str, Any]
) -> None:
    env = new_newsroom("together")
    both = [manage(env, folder, *ARGUMENTS) for _ in range(2)]
    for process in both:
        process.communicate()
        assert process.returncode == 1  # for the file that is only a headline
    rows = import_and_tell(env, folder)
    for name in set(rows) - {"runs", "texts"}:
        assert rows[name] == left_alone[name], name
