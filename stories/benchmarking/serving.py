"""Serve the site with gunicorn on the loopback interface, and measure requests per second."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

WORKERS, THREADS, CONNECTIONS = 2, 4, 4
STARTS_WITHIN = 60  # seconds until the server must answer


@contextmanager
def server(*, cached: bool) -> Iterator[str]:
    """Run a server of the configured database and yield its HOST:PORT; `cached=False` disables its cache."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    environment = os.environ | {"BEHIND_PROXY": "on", "HTTPS": "off", "DEBUG": "off"}
    if not cached:
        environment |= {"CACHE_URL": "dummycache://", "PAGES_KEPT_MB": "0"}
    how = ["--worker-class=gthread", f"--workers={WORKERS}", f"--threads={THREADS}", "--log-level=error"]
    process = subprocess.Popen(  # noqa: S603  (fixed words, no shell)
        [sys.executable, "-m", "gunicorn", "stories.benchmarking.wsgi", f"--bind={host}", *how],
        cwd=settings.BASE_DIR,
        env=environment,
    )
    try:
        wait_for(host, process)
        yield host
    finally:
        process.terminate()
        process.wait()


def wait_for(host: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the server answers. Raises ValueError if it exits or does not answer in time."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            rate(host, "/healthz", seconds=0)
        except ValueError:
            time.sleep(0.1)
        else:
            return
    raise ValueError("The server to measure did not start.")


def rate(host: str, path: str, *, seconds: float) -> float:
    """Return the requests per second that the load generator got in its own process.

    Raises ValueError for a status other than 200.
    """
    asked = subprocess.run(  # noqa: S603  (fixed words, no shell)
        [sys.executable, "-m", "stories.benchmarking.load", host, path, str(seconds), str(CONNECTIONS)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        raise ValueError((asked.stderr.strip().splitlines() or [f"{path} was not answered."])[-1])
    return float(asked.stdout)
