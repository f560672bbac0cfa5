"""Keeps an import of migration 0006 working, which is older than `stories.text`."""

from stories.text.quotations import as_printed

__all__ = ["as_printed"]
