"""The reader of copy stands alone: a fresh interpreter that uses it has loaded nothing of Django."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROBE = (
    "import sys, json; from stories.extraction import extract; "
    "extract('“Enough,” said Ann Tarrant, the trade minister.'); "
    "print(json.dumps(sorted(name for name in sys.modules "
    "if name.split('.')[0] == 'django' "
    "or name.startswith('stories.') and not name.startswith('stories.extraction'))))"
)


def test_reading_a_text_loads_nothing_of_django_or_of_the_rest_of_the_app():
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_the_command_line_writes_one_json_object_a_file(tmp_path):
    first, second = tmp_path / "one.txt", tmp_path / "two.txt"
    first.write_bytes("“We are ready,” said Ann Tarrant, the trade minister.".encode("utf-16"))
    second.write_bytes(b"\xef\xbb\xbf" + b"Nothing was said.")
    done = subprocess.run(
        [sys.executable, "-m", "stories.extraction", str(first), str(second)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    one, two = (json.loads(line) for line in done.stdout.splitlines())
    assert one["doc"] == "one"
    assert one["quotes"][0]["speaker"] == "Ann Tarrant"
    assert two == {"doc": "two", "quotes": [], "people": []}


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(tmp_path):
    there = tmp_path / "there.txt"
    there.write_text("“We are ready,” said Ann Tarrant.", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "stories.extraction", str(tmp_path / "missing.txt"), str(there)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "missing.txt" in done.stderr
    assert json.loads(done.stdout)["doc"] == "there"
