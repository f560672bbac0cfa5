"""The site for gunicorn to serve while it is measured: `newsroom.wsgi` without the manifest of its files."""

from newsroom.wsgi import application
from stories.benchmarking.timing import without_manifest

without_manifest.enable()

__all__ = ["application"]
