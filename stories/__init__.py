"""On the Record: the newsroom app."""

__version__ = "1.0"
