"""The way of a request to a kept page: before the session, the views and all queries but one.

The one query asks for the version of the site (see database/site_version.py). A page is kept with the version
that was asked for before it was made, and is shown for as long as the database answers with the same: what is
published, withdrawn or corrected is seen by the next reader, in every process.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from stories.database import site_version
from stories.pages.addresses import PARTS, key_of
from stories.pages.rooms import Key, Page, Room

View = Callable[[HttpRequest], HttpResponseBase]

# Addresses with parameters are endless: they have a room of their own, and push out no other pages.
PLAIN, ASKED = Room(), Room()
SHARE = {PLAIN: 0.7, ASKED: 0.3}  # of the memory for pages
LARGEST = 0.1  # of its room: a larger page is not kept
LONGEST_WAITED = 10.0  # seconds that others wait for who makes a page
# While the database is away: seconds between two attempts to ask it, and for which pages are shown that were
# right when it answered last.
RETRY_AFTER, LAST_GOOD = 5.0, 600.0
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


class Database:
    """What this process knows of the database: its last answer, and whether it is away."""

    def __init__(self) -> None:
        self.version = ""
        self.answered = self.retry = float("-inf")  # time.monotonic()
        self.is_away = False

    def ask(self) -> str | None:
        """Return the version of the site; None if the database does not count, or does not answer."""
        now = time.monotonic()
        if self.is_away:
            if now < self.retry:
                return None
            self.retry = now + RETRY_AFTER  # one thread tries, the others do not wait
        try:
            version = site_version.read()
        except Error:
            self.is_away, self.retry = True, time.monotonic() + RETRY_AFTER
            return None
        self.is_away, self.answered, self.version = False, now, version or ""
        return version

    @property
    def last_version(self) -> str:
        """The version that was right when the database answered last; "" if that is too long ago."""
        return self.version if time.monotonic() - self.answered < LAST_GOOD else ""


database = Database()


def forget() -> None:
    """Let go of all pages of this process, and of what it knows of the database."""
    for room in SHARE:
        room.clear()
    database.__init__()  # type: ignore[misc]  # as in a new process


def keep_pages(get_response: View) -> View:
    """Middleware, before all that may answer with a page: answer with a kept one, or keep what is made."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        key = key_of(request) if settings.PAGES_KEPT_MB else None
        if key is None:
            if request.method not in {"GET", "HEAD"}:
                return get_response(request)
            with site_version.one_version():
                return get_response(request)
        room = ASKED if len(key) > PARTS else PLAIN
        version = database.ask()
        if version is None:
            return last_good(request, room, key) or get_response(request)
        page = room.find(key, version)
        if page is not None:
            return answer(request, page)
        with site_version.one_version(version):
            if request.method == "HEAD":
                return get_response(request)
            return make(get_response, request, room, key, version)

    return answered


def make(get_response: View, request: HttpRequest, room: Room, key: Key, version: str) -> HttpResponseBase:
    """Make a page and keep it, if it may be kept; if somebody is making it already, wait for theirs."""
    theirs = room.begin(key, version)
    if theirs is not None:
        theirs.wait(LONGEST_WAITED)
        page = room.find(key, version)
        return answer(request, page) if page else get_response(request)
    try:
        # The whole page, whatever the reader has of it: that is compared afterwards.
        conditions = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        response = get_response(request)
        request.META |= conditions
        if not isinstance(response, HttpResponse):
            return response
        page = Page.of(response, version)
        within = round(settings.PAGES_KEPT_MB * 1_000_000 * SHARE[room])
        if may_be_kept(response) and page.size <= within * LARGEST:
            room.keep(key, page, within=within)
        return unless_known(request, page, response)
    finally:
        room.end(key, version)


def may_be_kept(response: HttpResponse) -> bool:
    """Return whether a response is the same for everybody: it says so, and nothing in it says otherwise."""
    said = {part.strip() for part in response.get("Cache-Control", "").split(",")}
    return (
        response.status_code in {200, 301}
        and "public" in said
        and said.isdisjoint({"private", "no-store", "no-cache"})
        and not response.cookies
        and response.get("Vary", "Accept") == "Accept"  # by which the key tells pages apart
        and "'nonce-" not in response.get("Content-Security-Policy", "")
    )


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """Return a kept page, or 304 to who has it already."""
    return unless_known(request, page, page.as_response())


def unless_known(request: HttpRequest, page: Page, response: HttpResponse) -> HttpResponse:
    """Return 304 in the place of the response to a reader who has the page already."""
    if response.status_code != 200:
        return response
    known = get_conditional_response(
        request, etag=page.etag, last_modified=page.last_modified, response=response
    )
    return known or response


def last_good(request: HttpRequest, room: Room, key: Key) -> HttpResponse | None:
    """Return the page as it was right when the database answered last, while it is away; None without one.

    Nobody can know what was withdrawn meanwhile: so not for longer than LAST_GOOD, and no cache on the way
    to the reader may keep it.
    """
    page = room.find(key, database.last_version) if database.is_away else None
    if page is None:
        return None
    response = answer(request, page)
    response["Cache-Control"] = "no-cache"
    return response
