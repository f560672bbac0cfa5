"""An import that is killed at any moment and run again ends as one that was left alone."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from stories.tests import empty_newsroom
from stories.tests.importing import prepared
from stories.tests.importing.dispatches import write_dispatches

FILES = 8
ARGUMENTS = ["import_seeds", "copy", "--publish", "--accept-above", "0.5"]
Newsroom = Callable[[str], str]


@pytest.fixture(scope="module")
def new_newsroom(folder_of_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Makes empty newsrooms on the server that the tests run on and gives the name of their database."""
    if connection.vendor == "sqlite":
        root = tmp_path_factory.mktemp("newsrooms")
        template = empty_newsroom.sqlite(folder_of_run)
        yield lambda name: str(shutil.copyfile(template, root / f"{name}.sqlite3"))
        return
    made: list[str] = []

    def make(name: str) -> str:
        database = f"killed_{os.getpid()}_{name}"
        template = empty_newsroom.postgresql(folder_of_run)
        empty_newsroom.ask(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        made.append(database)
        return database

    yield make
    for database in made:
        empty_newsroom.ask(f'DROP DATABASE "{database}" WITH (FORCE)')


def end(process: Any, told: Connection) -> int:
    """Let it go on to its end. Returns how it ended."""
    with suppress(EOFError):
        while True:
            told.recv()
    process.join()
    code: int = process.exitcode
    return code


def rows_of(database: str) -> dict[str, Any]:
    process, told = prepared.start(prepared.tell, database)
    rows: dict[str, Any] = told.recv()
    process.join()
    return rows


def import_and_tell(database: str, folder: Path) -> dict[str, Any]:
    assert end(*prepared.start(prepared.run, database, folder, ARGUMENTS)) == 1  # one file is only a headline
    return rows_of(database)


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
    database = new_newsroom(f"moment_{moment}")
    pick = random.Random(moment)
    process, told = prepared.start(prepared.run, database, folder, ARGUMENTS)
    # So many files told, and a little later: in the middle of the next one, or between two.
    for _ in range(pick.randrange(FILES)):
        told.recv()
    time.sleep(pick.random() * 0.15)
    process.kill()
    process.join()
    assert process.exitcode in (-signal.SIGKILL, 1)
    assert import_and_tell(database, folder) == left_alone


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--save", "", "--dir", str(tmp_path_factory.mktemp("broker"))]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while socket.socket().connect_ex(("127.0.0.1", port)):
        time.sleep(0.02)
    yield f"redis://127.0.0.1:{port}/0"
    server.kill()
    server.wait()


def test_workers_that_are_killed_lose_nothing_and_do_nothing_twice(
    new_newsroom: Newsroom, folder: Path, left_alone: dict[str, Any], broker: str
) -> None:
    database, pick = new_newsroom("workers"), random.Random(3)
    workers = [prepared.start(prepared.work, database, broker)[0] for _ in range(2)]
    process, told = prepared.start(prepared.hand_over, database, broker, folder, ARGUMENTS)
    for killed in range(3):
        told.recv()  # what became of one file
        time.sleep(pick.random() * 0.1)
        workers[killed].kill()
        workers.append(prepared.start(prepared.work, database, broker)[0])
    assert end(process, told) == 1  # one file is only a headline
    for worker in workers:
        worker.kill()
        worker.join()
    assert rows_of(database) == left_alone


def test_two_imports_of_the_same_folder_at_once_end_as_one(
    new_newsroom: Newsroom, folder: Path, left_alone: dict[str, Any]
) -> None:
    database = new_newsroom("together")
    both = [prepared.start(prepared.run, database, folder, ARGUMENTS) for _ in range(2)]
    assert [end(*each) for each in both] == [1, 1]
    rows = rows_of(database)
    for name in set(rows) - {"runs", "texts"}:
        assert rows[name] == left_alone[name], name
