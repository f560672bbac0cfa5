"""What is logged, reported and counted: enough to find a fault, and nothing of what anybody typed."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test import Client

from stories import logs
from stories.tests import empty_newsroom

ROOT = Path(__file__).resolve().parents[2]
# A page fails on the words that were sent to it.
FAILS = """
from unittest.mock import patch
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
application = get_wsgi_application()
makes = RequestFactory(headers={"User-Agent": "osla"})
makes.cookies["sessionid"] = "cookie-of-osla"
request = makes.post("/shared/secret-of-the-link/?q=osla", {"text": "the source is Osla Fenn"})
def start_response(status, headers):
    print(status, dict(headers)["X-Request-ID"])
wrong = ValueError("not a number: the source is Osla Fenn")
with patch("django.contrib.sessions.middleware.SessionMiddleware.process_request", side_effect=wrong):
    application(request.environ, start_response)
import sentry_sdk
sentry_sdk.flush()
"""


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[str]]]:
    """A server that takes reports: its address for SENTRY_DSN, and what came in."""
    received: list[str] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = {"gzip": gzip.decompress, "br": brotli.decompress}
            read = packed.get(self.headers["Content-Encoding"], bytes)
            received.append(read(body).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", received
    server.shutdown()
    server.server_close()


@pytest.mark.any_database
def test_an_error_is_reported_without_what_was_typed_by_whom_or_where(
    sentry: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, received = sentry
    done = subprocess.run(
        [sys.executable, "-c", FAILS],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "NEWSROOM_DATA_DIR": str(tmp_path),
            "SENTRY_DSN": address,
            "ALLOWED_HOSTS": "testserver",
        },
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("500 "), done.stderr
    number = done.stdout.removeprefix("500 Internal Server Error ").strip()
    errors = [part for body in received for part in body.splitlines() if '"exception"' in part]
    assert len(errors) == 1
    report = json.loads(errors[0])
    assert report["tags"] == {"method": "POST", "request": number}
    assert report["exception"]["values"][-1]["type"] == "ValueError"
    assert report["exception"]["values"][-1]["stacktrace"]["frames"]
    everything = "".join(received).lower()
    for typed in ("osla", "secret-of-the-link", "cookie-of", os.uname().nodename.lower()):
        assert typed not in everything


@pytest.mark.django_db
def test_slow_pages_and_questions_are_named_without_their_values(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "perf_counter", count(step=2).__next__)  # everything takes two seconds
    settings.SLOW_PAGE_MS = settings.SLOW_QUERY_MS = 0
    client.get("/search/", {"q": "Osla"})
    assert not caplog.records
    settings.SLOW_PAGE_MS = 2000
    client.get("/search/", {"q": "Osla"})
    assert [record.getMessage() for record in caplog.records] == ["Slow page: 2000 ms (200)."]
    caplog.clear()
    settings.SLOW_QUERY_MS = 2000
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["Osla Fenn"])
    assert [record.getMessage() for record in caplog.records] == ["Slow query: 2000 ms: SELECT %s"]


@pytest.mark.any_database
def test_figures_are_for_who_has_the_token(tmp_path: Path, folder_of_run: Path) -> None:
    code = """
import django
django.setup()
from django.test import Client
client = Client()
client.get("/claims/")
for sent in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer a-token-of-twenty-characters"}):
    told = client.get("/metrics", headers=sent)
    print(told.status_code, told.content.decode())
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "NEWSROOM_DATA_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{empty_newsroom.sqlite(folder_of_run)}",
            "METRICS_TOKEN": "a-token-of-twenty-characters",
            "ALLOWED_HOSTS": "testserver",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("401 \n401 \n200 ")
    assert 'view="stories:claims"' in done.stdout
    assert (tmp_path / "metrics").is_dir()


@pytest.mark.django_db
def test_without_a_token_there_are_no_figures(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
