"""Logs as JSON lines, with the id of the request and of the signed-in user; what is slow is named."""

import json
import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_FROM_PROXY = re.compile(r"[\w.-]{8,64}")
SERVER_FAULT = 500  # status codes from here on are errors of the site
LONGEST_SQL = 1000  # characters of a slow question that are logged

slow = logging.getLogger("stories.slow")


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
        began = perf_counter()
        try:
            response = get_response(request)
            took = int((perf_counter() - began) * 1000)
            if 0 < settings.SLOW_PAGE_MS <= took:
                slow.warning("Slow page: %d ms (%d).", took, response.status_code)
        finally:
            _current.reset(token)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    return named


def time_queries(*, connection: Any, **signal: Any) -> None:
    """Have a new connection name questions that take SLOW_QUERY_MS or longer; for `connection_created`."""
    if settings.SLOW_QUERY_MS and name_slow_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(name_slow_query)


def name_slow_query(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Execute, and log what was slow: as it was written, without the values, which may be a draft's words."""
    if not settings.SLOW_QUERY_MS:
        return execute(sql, params, many, context)
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = int((perf_counter() - began) * 1000)
        if took >= settings.SLOW_QUERY_MS:
            slow.warning("Slow query: %d ms: %s", took, sql[:LONGEST_SQL])


def for_sentry(event: Any, hint: dict[str, Any]) -> Any:
    """Return what of an error may leave for Sentry: where in the code it was, not what was sent, nor by whom.

    Addresses go, too: those of shared drafts let in whoever has them. The id of the request leads to the log.
    """
    for part in ("user", "extra", "breadcrumbs", "server_name", "_meta"):
        event.pop(part, None)
    asked = event.pop("request", {})
    request = _current.get()
    event["tags"] = {"method": asked.get("method", "")} | ({"request": request.id} if request else {})  # type: ignore[attr-defined]
    event["contexts"] = {"runtime": event.get("contexts", {}).get("runtime", {})}
    # Messages of errors quote the values they choke on.
    for error in event.get("exception", {}).get("values", []):
        error.pop("value", None)
    if "logentry" in event:
        event["logentry"] = {"message": event["logentry"].get("message", "")}
    return event


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
