"""Time a function with an empty and with a filled cache, and count its queries. Times are milliseconds."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from stories.pages import middleware

FEWEST = 5  # repetitions, however long they take
# Storages without the manifest of `collectstatic`, which a checkout does not have.
PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
without_manifest = override_settings(STORAGES=PLAIN_FILES)


@dataclass(frozen=True, slots=True)
class Series:
    """The times of repeated calls, in milliseconds."""

    times: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median in milliseconds."""
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        """The 99th percentile by nearest rank, in milliseconds; the maximum of fewer than a hundred."""
        ordered = sorted(self.times)
        return ordered[math.ceil(len(ordered) * 0.99) - 1]

    @property
    def a_second(self) -> float:
        """Calls per second."""
        return 1000 * len(self.times) / sum(self.times)


@dataclass(frozen=True, slots=True)
class Measured:
    """The number of queries of an action, and its times with an empty and with a filled cache.

    `known` are the times of a page that the reader has already: of a 304.
    """

    name: str
    address: str
    queries: int
    cold: Series
    warm: Series
    known: Series | None = None
    rates: tuple[float, float] | None = None  # requests per second of a server without and with a cache


def measure(
    name: str,
    act: Callable[[], object],
    *,
    repeats: int,
    seconds: float = math.inf,
    address: str = "",
    known: Callable[[], object] | None = None,
) -> Measured:
    """Call `act` once to warm up, once to count queries, then up to `repeats` times cold and as often warm.

    `known`, if given, is then called as often. Each of the series ends after `seconds`, but not before
    FEWEST calls.
    """
    with_an_empty_cache()
    act()
    with_an_empty_cache()
    with CaptureQueriesContext(connection) as queries:
        act()
    number = len(queries)  # read now: the next request resets the query log
    cold = series(act, repeats, seconds, before=with_an_empty_cache)
    warm = series(act, repeats, seconds)
    return Measured(name, address, number, cold, warm, series(known, repeats, seconds) if known else None)


def series(
    act: Callable[[], object], repeats: int, seconds: float, before: Callable[[], object] = lambda: None
) -> Series:
    """Time `act` up to `repeats` times, calling `before` each time.

    The series ends after `seconds`, but not before FEWEST calls.
    """
    times: list[float] = []
    until = time.monotonic() + seconds
    while len(times) < repeats and (len(times) < FEWEST or time.monotonic() < until):
        times.append(timed(act, before))
    return Series(tuple(times))


def with_an_empty_cache() -> None:
    """Give this thread an empty cache by a new key prefix, and let this process forget its pages.

    Not `cache.clear()`: that would empty the server's cache for the running site.
    """
    for name in caches.settings:
        caches[name].key_prefix = uuid4().hex
    middleware.forget()


def timed(act: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Return the milliseconds that `act` takes; `before` is not timed."""
    before()
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def chosen(names: Sequence[str], only: Sequence[str]) -> list[str]:
    """Return the names that begin as one of `only`, or all if that is empty.

    Raises ValueError if none does.
    """
    found = [name for name in names if not only or name.startswith(tuple(only))]
    if not found:
        raise ValueError(f"Nothing here is called {' or '.join(only)}; there are {', '.join(names)}.")
    return found
