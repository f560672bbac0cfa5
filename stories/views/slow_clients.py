"""Visitors who ask and do not read: all together they hold some of a process's threads, never all."""

import socket
from collections.abc import Callable
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse, HttpResponseBase

# Seconds in which the next piece of an answer must have gone. A proxy that buffers takes them at once.
LONGEST_SEND = 20
# Bytes that the system takes off the thread's hands, whether the visitor reads them or not.
TAKEN_AT_ONCE = 200_000
# Longer answers that one process sends at the same time: half of the threads that it has.
LONG_AT_ONCE = 2
_sending = BoundedSemaphore(LONG_AT_ONCE)


def leave_slow_readers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, outside all that may put another answer in the place of one.

    gunicorn itself waits for ever until a visitor has read what it sends, and each who is waited for has a
    thread. Under another server nothing is done.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        connection = request.META.get("gunicorn.socket")
        if connection is None:
            return get_response(request)
        connection.settimeout(LONGEST_SEND)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, TAKEN_AT_ONCE)
        response = get_response(request)
        if request.method == "HEAD" or not is_long(response):
            return response
        if not _sending.acquire(blocking=False):
            for close in response._resource_closers:  # type: ignore[attr-defined]
                close()  # and no more: `response.close()` would say that the request is finished
            return busy()
        response._resource_closers.append(_sending.release)  # type: ignore[attr-defined]
        return response

    return answered


def is_long(response: HttpResponseBase) -> bool:
    """Whether the answer may be too long to be taken at once: of a stream nobody knows."""
    if isinstance(response, HttpResponse):
        return len(response.content) > TAKEN_AT_ONCE
    return int(response.get("Content-Length", TAKEN_AT_ONCE + 1)) > TAKEN_AT_ONCE


def busy() -> HttpResponse:
    return HttpResponse(
        "Several long files are being sent to others. Try again in a few seconds.\n",
        status=429,
        headers={"Retry-After": "5", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        content_type="text/plain; charset=utf-8",
    )
