"""The weight files in use: those that come with the package, or others while they are being measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

SHIPPED: Traversable = files(__package__).joinpath("weights")
T = TypeVar("T")
_folder: Traversable = SHIPPED
_forget: list[Callable[[], None]] = []


def text(name: str) -> str:
    """The content of a weight file. Raises ``OSError`` when the folder in use has none of that name."""
    return _folder.joinpath(name).read_text(encoding="utf-8")


def per_weights(read: Callable[[], T]) -> Callable[[], T]:
    """``functools.cache`` for what is made of a weight file: until other files are taken."""
    cached = cache(read)
    _forget.append(cached.cache_clear)
    return cached


@contextmanager
def taken_from(folder: Path) -> Iterator[None]:
    """Read copy with the weight files of another folder meanwhile. For one thread: all threads see it."""
    _take(folder)
    try:
        yield
    finally:
        _take(SHIPPED)


def _take(folder: Traversable) -> None:
    global _folder
    _folder = folder
    for forget in _forget:
        forget()
