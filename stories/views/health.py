"""What a machine that watches the site asks: is it alive, and can it answer readers now."""

from collections.abc import Callable
from uuid import uuid4

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stories import tables
from stories.search import schema

MOST_NAMED = 10  # of the things a database lacks


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. It asks nobody else: a database that is away is no reason to kill it."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything that readers' pages stand on is there, else 503 with what is not."""
    report = {name: verdict_of(check) for name, check in CHECKS.items()}
    ready = all(verdict == "ok" for verdict in report.values())
    return JsonResponse({"status": "ok" if ready else "not ready", **report}, status=200 if ready else 503)


def verdict_of(check: Callable[[], str]) -> str:
    """ "ok", or one sentence. Never what an error says: it may hold an address or a password."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001  (whatever it is, the answer is that it does not work)
        return f"does not answer ({type(error).__name__})"


def database() -> str:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return "ok" if cursor.fetchone() == (1,) else "does not answer"


def migrations() -> str:
    waiting = tables.migrations_waiting(connections[DEFAULT_DB_ALIAS])
    return f"{waiting} to apply" if waiting else "ok"


def schema_whole() -> str:
    """The tables as they are against the models, whatever the names of applied migrations say."""
    lacking = tables.missing(connections[DEFAULT_DB_ALIAS])
    return f"missing: {', '.join(lacking[:MOST_NAMED])}" if lacking else "ok"


def search_index() -> str:
    return "ok" if schema.is_current(connections[DEFAULT_DB_ALIAS]) else "to be made: run manage.py reindex"


def caching() -> str:
    key, value = "readyz", uuid4().hex
    cache.set(f"{key}:{value}", value, 10)
    return "ok" if cache.get(f"{key}:{value}") == value else "does not keep what it is given"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "tables": schema_whole,
    "search": search_index,
    "cache": caching,
}
