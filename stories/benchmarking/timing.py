"""What a measurement says, and how one is taken. Times are milliseconds of one process."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

FEWEST = 5  # times that a slow thing is done, however long it takes
# The files' names in production hang on a manifest that `collectstatic` makes; measuring does without it.
PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
without_manifest = override_settings(STORAGES=PLAIN_FILES)


@dataclass(frozen=True, slots=True)
class Series:
    """The times of one thing done again and again, in milliseconds."""

    times: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        """The time that 99 of 100 stay within (nearest rank: of fewer than a hundred, the longest)."""
        ordered = sorted(self.times)
        return ordered[math.ceil(len(ordered) * 0.99) - 1]

    @property
    def a_second(self) -> float:
        return 1000 * len(self.times) / sum(self.times)


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing: how many queries it costs its times with an empty cache, and with a filled one."""

    name: str
    address: str
    queries: int
    cold: Series
    warm: Series
    rates: tuple[float, float] | None = None  # requests a second of the site as served, cold and warm


def measure(
    name: str,
    act: Callable[[], object],
    *,
    repeats: int,
    seconds: float = math.inf,
    address: str = "",
) -> Measured:
    """Do it once for what only the first time costs, once to count its queries, and `repeats` times twice.

    Either time no longer than so many `seconds`, but `FEWEST` times.
    """
    with_an_empty_cache()
    act()
    with_an_empty_cache()
    with CaptureQueriesContext(connection) as queries:
        act()
    number = len(queries)  # at once: the next request empties the log
    cold = series(act, repeats, seconds, before=with_an_empty_cache)
    return Measured(name, address, number, cold, series(act, repeats, seconds))


def series(
    act: Callable[[], object], repeats: int, seconds: float, before: Callable[[], object] = lambda: None
) -> Series:
    times: list[float] = []
    until = time.monotonic() + seconds
    while len(times) < repeats and (len(times) < FEWEST or time.monotonic() < until):
        times.append(timed(act, before))
    return Series(tuple(times))


def with_an_empty_cache() -> None:
    """What this thread keeps and looks up from now on is its own: nothing is there yet, and what others keep
    in the same server is left alone (`cache.clear()` would empty the server under them)."""
    for name in caches.settings:
        caches[name].key_prefix = uuid4().hex


def timed(act: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    before()
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def chosen(names: Sequence[str], only: Sequence[str]) -> list[str]:
    """Those of the names that begin as one of `only` does; all, when that is empty. ValueError for none."""
    found = [name for name in names if not only or name.startswith(tuple(only))]
    if not found:
        raise ValueError(f"Nothing here is called {' or '.join(only)}; there are {', '.join(names)}.")
    return found
