"""Extraction in several processes. Knows nothing of Django: each process loads the pure reader alone."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import TypeVar

from stories.extraction import Extraction, KnownPerson, WordLists, extract

__all__ = ["attempt", "extract_all"]

T = TypeVar("T")
_WAITING_EACH = 4  # texts handed out ahead of the one that is due, for each process

_roster: Sequence[KnownPerson] = ()
_lists: WordLists | None = None


def extract_all(
    items: Iterable[T],
    text_of: Callable[[T], str | None],
    *,
    roster: Sequence[KnownPerson],
    written: Callable[[T], date | None] = lambda item: None,
    lists: WordLists | None = None,
    workers: int = 1,
) -> Iterator[tuple[T, Extraction | Exception | None]]:
    """Each item with what its text holds, in order: None where it has no text, an error where it failed.

    `written` is the day of an item's copy, by which the offices in the roster are judged; `lists` are the
    newsroom's own words.
    """
    if workers <= 1:
        for item in items:
            text = text_of(item)
            yield item, None if text is None else attempt(text, roster, written(item), lists)
        return
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(roster, lists)
    ) as pool:
        waiting: deque[tuple[T, Future[Extraction | Exception] | None]] = deque()
        for item in items:
            text = text_of(item)
            waiting.append((item, None if text is None else pool.submit(_in_process, text, written(item))))
            if len(waiting) > workers * _WAITING_EACH:
                first, future = waiting.popleft()
                yield first, future.result() if future else None
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result() if future else None


def attempt(
    text: str, roster: Sequence[KnownPerson], written: date | None, lists: WordLists | None
) -> Extraction | Exception:
    """What stands in a text, or the error that reading it raised."""
    try:
        return extract(text, roster, written, lists)
    except Exception as error:  # noqa: BLE001  (one bad text must not stop the others; it is reported)
        return error


def _begin(roster: Sequence[KnownPerson], lists: WordLists | None) -> None:
    global _roster, _lists
    _roster, _lists = roster, lists


def _in_process(text: str, written: date | None) -> Extraction | Exception:
    return attempt(text, _roster, written, _lists)
