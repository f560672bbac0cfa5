"""Benchmarks of pages, admin screens and imports, on the configured database. RESULTS.md has the results."""
