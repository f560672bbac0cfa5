"""How long a page may be kept and by whom, and when it last changed; Django's middleware adds its ETag and
answers conditional requests."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]

# Seconds. What is withdrawn or corrected is so for every reader a minute later, whatever caches are between:
# a page is fresh for half of it, and in the other half answered while it is being made again.
FRESH, STALE = 30, 30
KEPT = f"public, max-age={FRESH}, stale-while-revalidate={STALE}"
REMEMBERED = 7 * 24 * 3600  # how long it is known since when a page has been as it is


def readers_page(view: View) -> View:
    """A page that is the same for every reader: to look at only, and kept by caches for a minute."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code in (200, 301) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = KEPT
        return response

    return answered


def changed_at(response: HttpResponse, *moments: datetime | None) -> HttpResponse:
    """The response with its Last-Modified: the latest of the moments that are known."""
    known = [moment for moment in moments if moment]
    if known:
        response["Last-Modified"] = http_date(max(known).timestamp())
    return response


def know_no_null_characters(get_response: Callable[[HttpRequest], HttpResponse]) -> View:
    """Middleware: an address with a null character in it is none. PostgreSQL takes no such text, and says so
    with an error, in whichever view first asks for a row of that name."""

    def answered(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return get_response(request)

    return answered


def tell_when_changed(get_response: Callable[[HttpRequest], HttpResponse]) -> View:
    """Middleware: the Last-Modified of what any cache may keep and whose view does not know it.

    A list changes with every row in it, and by rows that leave it: what tells is that its address was
    answered with other bytes before, or with another ETag where these are too many to look at. The moment is
    when that was first seen, and later than any before.

    The ETag alone would do for browsers. Feed readers and archives that send If-Modified-Since only are why
    it is here: without a date they fetch every list whole. A worker that remembers by itself (no Redis) may
    tell another date than its neighbour; either is no earlier than the last change it has seen.
    """

    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            response.status_code == 200
            and "public" in response.get("Cache-Control", "")
            and not response.has_header("Last-Modified")
            and (version := _version_of(response))
        ):
            response["Last-Modified"] = http_date(_unchanged_since(request, version))
        return response

    return answered


def _version_of(response: HttpResponse) -> str:
    """What differs when its bytes do: of one that is sent as it is made, the ETag that its view knows."""
    return response.get("ETag", "") if response.streaming else sha256(response.content).hexdigest()


def _unchanged_since(request: HttpRequest, version: str) -> int:
    seen, key = caches["seen"], sha256(request.build_absolute_uri().encode()).hexdigest()
    before, moment = seen.get(key, ("", 0))
    if version != before:
        moment = max(int(time.time()), moment + 1)
        seen.set(key, (version, moment), REMEMBERED)
    return int(moment)
