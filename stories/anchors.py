"""Keeps an import of migration 0006 working, which is older than `stories.text`."""

from stories.text.anchors import Selector

__all__ = ["Selector"]
