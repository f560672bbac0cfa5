"""Visitors who ask and do not read: each holds one of the few threads of a process until it gives up."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Seconds in which the next piece of an answer must have gone. A proxy that buffers takes them at once.
LONGEST_SEND = 20


def leave_slow_readers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: gunicorn itself waits for ever until a visitor has read what it sends."""

    def answered(request: HttpRequest) -> HttpResponse:
        connection = request.environ.get("gunicorn.socket") if hasattr(request, "environ") else None
        if connection is not None:
            connection.settimeout(LONGEST_SEND)
        return get_response(request)

    return answered
