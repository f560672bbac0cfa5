"""Keep an import of migration 0006 working, which landed before `stories.text` existed."""

from stories.text.anchors import Selector

__all__ = ["Selector"]
