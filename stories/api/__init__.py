"""The read-only public API at /api/v1/: published rows as JSON."""
