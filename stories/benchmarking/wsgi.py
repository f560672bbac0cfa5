"""The WSGI application for the benchmark server: `newsroom.wsgi` without the static files' manifest."""

from newsroom.wsgi import application
from stories.benchmarking.timing import without_manifest

without_manifest.enable()

__all__ = ["application"]
