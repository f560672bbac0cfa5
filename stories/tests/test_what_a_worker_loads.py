"""What a web worker does not need for readers' pages is loaded when it is first used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stories.tests import empty_newsroom

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import json, sys
from django.test import RequestFactory
from newsroom.wsgi import application
asked = RequestFactory(SERVER_NAME="localhost").get("/about/")
status = []
application(asked.environ, lambda *answer: status.append(answer[0])).close()
print(json.dumps([status, sorted(sys.modules)]))
"""


@pytest.mark.any_database
def test_a_worker_that_has_answered_a_reader_has_not_loaded_the_machine_that_reads_copy(
    tmp_path: Path, folder_of_run: Path
) -> None:
    database = f"sqlite:///{empty_newsroom.sqlite(folder_of_run)}"
    site = {"NEWSROOM_DATA_DIR": str(tmp_path), "DATABASE_URL": database, "DEBUG": "on", "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=site, capture_output=True, text=True, check=True
    )
    status, loaded = json.loads(done.stdout)
    assert status == ["200 OK"]
    assert not {"celery", "kombu"} & set(loaded)
    of_the_machine = {name for name in loaded if name.startswith("stories.extraction.")}
    assert {name.split(".")[2] for name in of_the_machine} == {"types", "words"}
