"""Where a process keeps pages: least recently used ones go first when a room is full."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Event, Lock

from django.http import HttpResponse
from django.utils.http import parse_http_date_safe

OVERHEAD = 1000  # bytes of memory that a page takes beside its content, about

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it was made, and the version of the site that it shows."""

    version: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    etag: str | None
    last_modified: int | None  # seconds since the epoch

    @classmethod
    def of(cls, response: HttpResponse, version: str) -> "Page":
        """Return the response as a page to keep."""
        changed = response.get("Last-Modified")
        return cls(
            version,
            response.status_code,
            tuple(response.items()),
            response.content,
            response.get("ETag"),
            parse_http_date_safe(changed) if changed else None,
        )

    def as_response(self) -> HttpResponse:
        """Return it as a response of its own."""
        return HttpResponse(self.content, status=self.status, headers=dict(self.headers))

    @property
    def size(self) -> int:
        """The memory that it takes, in bytes, about."""
        return len(self.content) + OVERHEAD


class Room:
    """Pages by address, and who is making which; for the threads of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._size = 0
        self._making: dict[tuple[Key, str], Event] = {}

    @property
    def size(self) -> int:
        """The memory that the pages take, in bytes, about."""
        return self._size

    def find(self, key: Key, version: str) -> Page | None:
        """Return the page at an address, if it shows that version of the site."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.version != version:
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: Key, page: Page, *, within: int) -> None:
        """Keep a page, and let others go until all take less than `within` bytes."""
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > within:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        self._size -= page.size if page else 0

    def clear(self) -> None:
        """Forget all pages."""
        with self._lock:
            self._pages.clear()
            self._size = 0

    def begin(self, key: Key, version: str) -> Event | None:
        """Return None to the first who begins to make a page; to others what will be set once it is done."""
        with self._lock:
            made = self._making.get((key, version))
            if made is None:
                self._making[key, version] = Event()
            return made

    def end(self, key: Key, version: str) -> None:
        """Let go those who wait for a page that the caller began."""
        with self._lock:
            self._making.pop((key, version)).set()
