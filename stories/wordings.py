"""Keep an import of migration 0006 working, which landed before `stories.text` existed."""

from stories.text.quotations import as_printed

__all__ = ["as_printed"]
