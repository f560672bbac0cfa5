"""Cache-Control and Last-Modified of public pages.

Django's ConditionalGetMiddleware adds the ETag and answers conditional GETs with 304.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

Response = TypeVar("Response", bound=HttpResponseBase)
View = Callable[..., HttpResponseBase]

# Seconds. Together one minute: the longest time for which a shared cache may still show a story that has been
# withdrawn or corrected.
FRESH, STALE = 30, 30
CACHE_CONTROL = f"public, max-age={FRESH}, stale-while-revalidate={STALE}"


def public_page(view: View) -> View:
    """Decorate a view whose page is the same for every reader.

    Only GET and HEAD are allowed. Answers of 200 and 301 get `CACHE_CONTROL`, unless the view set its own.
    """

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code in (200, 301) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = CACHE_CONTROL
        return response

    return answered


def for_any_site(response: Response) -> Response:
    """Let scripts of any website read the response (CORS), and name the licence of its data; return it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    if settings.DATA_LICENCE_URL:
        response["Link"] = f'<{settings.DATA_LICENCE_URL}>; rel="license"'
    return response


def with_last_modified(response: HttpResponse, *moments: datetime | None) -> HttpResponse:
    """Set Last-Modified to the latest of the moments that are not None; return the response."""
    known = [moment for moment in moments if moment]
    if known:
        response["Last-Modified"] = http_date(max(known).timestamp())
    return response


def reject_null_characters(get_response: View) -> View:
    """Middleware: answer 404 to an address with a null character in it.

    PostgreSQL raises an error when such text is looked up in any column.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info:
            raise Http404
        return get_response(request)

    return answered
