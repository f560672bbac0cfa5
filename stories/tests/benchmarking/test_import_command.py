"""The measurement measures a real import, and leaves the newsroom as it was."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from rich.console import Console

from stories.benchmarking.import_command import Measured, write_made_up_copy
from stories.importing.reader import read
from stories.management.commands.benchmark import table_of_imports
from stories.tests.importing.rows import counts


def test_made_up_copy_is_the_same_for_the_same_seed_and_as_long_as_asked(tmp_path: Path) -> None:
    write_made_up_copy(tmp_path / "one", 3, words=300)
    write_made_up_copy(tmp_path / "two", 3, words=300)
    for path in (tmp_path / "one").iterdir():
        assert path.read_text() == (tmp_path / "two" / path.name).read_text()
        assert 300 <= len(read(path.read_bytes()).text.split()) < 400


@pytest.mark.django_db(transaction=True)
def test_an_import_is_measured_and_nothing_here_is_changed() -> None:
    before, out = counts(), io.StringIO()
    call_command("benchmark", "import", "--stories=3", "--words=120", "--json", stdout=out)
    (row,) = json.loads(out.getvalue())
    assert (row["files"], row["failed"], row["workers"]) == (3, 0, 1)
    assert row["claims"] > 0
    assert row["words"] >= 360
    assert row["peak_mb"] > 20
    assert row["seconds"] > 0
    assert counts() == before


def test_the_figures_are_printed_as_a_table() -> None:
    row = Measured("sqlite", 2, 5, 4000, 15, 7, failed=1, seconds=2.0, peak_mb=91.3)
    out = io.StringIO()
    Console(file=out, width=120).print(table_of_imports([row]))
    (printed,) = (line for line in out.getvalue().splitlines() if "sqlite" in line)
    told = ["sqlite", "2", "5", "4,000", "15", "7", "1", "2.0", "2.5", "7.5", "91.3"]
    assert [cell.strip() for cell in printed.split("│") if cell.strip()] == told
