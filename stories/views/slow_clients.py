"""Limit how many threads of a process wait for clients that read responses slowly."""

import socket
from collections.abc import Callable
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse, HttpResponseBase

# Seconds without progress after which the connection is closed.
SEND_TIMEOUT = 20
# Bytes that the operating system buffers for a socket: a response up to this size blocks no thread.
SOCKET_BUFFER = 200_000
# Longer responses that one process sends at the same time: half of its threads.
MAX_LONG_ANSWERS = 2
_sending = BoundedSemaphore(MAX_LONG_ANSWERS)


def limit_slow_clients(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: give gunicorn's socket a timeout; answer 429 when too many long responses are being sent.

    gunicorn has no timeout of its own for a client that stops reading, and each such client holds a thread.
    Has to be outside every middleware that may replace the response. Under another server it does nothing.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        connection = request.META.get("gunicorn.socket")
        if connection is None:
            return get_response(request)
        connection.settimeout(SEND_TIMEOUT)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
        response = get_response(request)
        if request.method == "HEAD" or not is_long(response):
            return response
        if not _sending.acquire(blocking=False):
            for close in response._resource_closers:  # type: ignore[attr-defined]
                close()  # not response.close(): it would also send the signal request_finished
            return busy()
        response._resource_closers.append(_sending.release)  # type: ignore[attr-defined]
        return response

    return answered


def is_long(response: HttpResponseBase) -> bool:
    """Return whether the response may be longer than the buffer; True for a stream of unknown size."""
    if isinstance(response, HttpResponse):
        return len(response.content) > SOCKET_BUFFER
    return int(response.get("Content-Length", str(SOCKET_BUFFER + 1))) > SOCKET_BUFFER


def busy() -> HttpResponse:
    """Return the 429 for a client that has to wait for others."""
    return HttpResponse(
        "Several long files are being sent to others. Try again in a few seconds.\n",
        status=429,
        headers={"Retry-After": "5", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        content_type="text/plain; charset=utf-8",
    )
