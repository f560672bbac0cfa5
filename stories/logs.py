"""Logs as JSON lines, with the id of the request and of the signed-in user."""

import json
import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_FROM_PROXY = re.compile(r"[\w.-]{8,64}")
SERVER_FAULT = 500  # status codes from here on are errors of the site


def add_request_id(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: give each request an id, for the response header X-Request-ID and the log lines.

    With BEHIND_PROXY the proxy's own X-Request-ID is used.
    """

    def named(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
        request.id = given if _FROM_PROXY.fullmatch(given) else uuid4().hex  # type: ignore[attr-defined]
        token = _current.set(request)
        try:
            response = get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    return named


class WithoutTraceback(logging.Filter):
    """Log rejected requests (status under 500) as one line without traceback: any client can cause them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Remove the traceback of such a record, and make a rejected request a warning; keep every record."""
        refused = record.name.startswith("django.security")
        if refused or getattr(record, "status_code", SERVER_FAULT) < SERVER_FAULT:
            record.exc_info = record.exc_text = None
            if refused:
                record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class JSONLines(logging.Formatter):
    """Format a record as JSON: UTC time, level, logger, message, request id, user id, path, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = _current.get()
        if request is not None:
            # Only a user that is loaded already: logging makes no query.
            user = getattr(request, "_cached_user", None)
            line |= {"request": request.id, "user": user and user.pk, "path": request.path}  # type: ignore[attr-defined]
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
