"""Health checks for monitoring: is the process alive, and can it serve pages."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from reversion.models import Revision

from stories import static_files, task_queue
from stories.database import schema_check
from stories.database.availability import Unreachable, reach
from stories.models import Article, Claim
from stories.search import schema
from stories.views.metrics import metrics

MOST_NAMED = 10  # missing tables, columns and so on in the report
WARNING = "warning: "  # begins a verdict that leaves the site ready
CLOCKS_DIFFER = timedelta(minutes=1)  # tolerated between several machines that serve one site


def answer_probes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, before all others: answer probes on any host name and without TLS.

    Load balancers probe by IP address and plain HTTP, which Django and the other middleware refuse.
    """

    probes = PROBES | ({"/metrics": metrics} if settings.METRICS_TOKEN else {})

    def answered(request: HttpRequest) -> HttpResponse:
        probe = probes.get(request.path)
        response = probe(request) if probe else get_response(request)
        if probe:
            response["X-Content-Type-Options"] = "nosniff"
        return response

    return answered


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200. Nothing else is checked: restarting this process does not bring a database back."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when everything that pages need works, else 503 with what does not.

    Without the database, the checks that query it are left out: each would wait for its timeout.
    """
    report = {"database": verdict_of(database)}
    checks = CHECKS if report["database"] == "ok" else ELSEWHERE
    report |= {name: verdict_of(check) for name, check in checks.items()}
    ready = all(verdict == "ok" or verdict.startswith(WARNING) for verdict in report.values())
    return JsonResponse({"status": "ok" if ready else "not ready", **report}, status=200 if ready else 503)


def verdict_of(check: Callable[[], str]) -> str:
    """Return "ok" or one sentence, without the error's own text: it may contain a password."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001  (whatever it is, the answer is that it does not work)
        return f"does not answer ({type(error).__name__})"


def database() -> str:
    """Connect outside the pool first, which fails within two seconds; then take a connection of the pool.

    While the pool has none (it retries at growing intervals), pages cannot be served either.
    """
    try:
        reach(DEFAULT_DB_ALIAS)
        connections[DEFAULT_DB_ALIAS].ensure_connection()
    except (Unreachable, DatabaseError):
        return "does not answer"
    return "ok"


def migrations() -> str:
    """Count the migrations that are not applied."""
    waiting = schema_check.migrations_waiting(connections[DEFAULT_DB_ALIAS])
    return f"{waiting} to apply" if waiting else "ok"


def schema_whole() -> str:
    """Compare the tables with the models, whichever migrations are recorded as applied."""
    lacking = schema_check.missing(connections[DEFAULT_DB_ALIAS])
    return f"missing: {', '.join(lacking[:MOST_NAMED])}" if lacking else "ok"


def search_index() -> str:
    """Check that the search index is of this release."""
    return "ok" if schema.is_current(connections[DEFAULT_DB_ALIAS]) else "to be made: run manage.py reindex"


def clock() -> str:
    """Warn when the clock is behind the newest row: stories already published would be hidden."""
    newest = [
        Revision.objects.order_by("-pk").values_list("date_created", flat=True).first(),
        Article.objects.order_by("-pk").values_list("created_at", flat=True).first(),
        Claim.objects.order_by("-pk").values_list("created_at", flat=True).first(),
    ]
    ahead = max((moment for moment in newest if moment), default=timezone.now()) - timezone.now()
    return f"{WARNING}the clock is before the newest change" if ahead > CLOCKS_DIFFER else "ok"


def static() -> str:
    """Check that `collectstatic` had run when this process began."""
    return "ok" if static_files.are_collected() else "not collected: run manage.py collectstatic, restart"


def caching() -> str:
    """Write a value to the cache and read it back."""
    key, value = "readyz", uuid4().hex
    cache.set(f"{key}:{value}", value, 10)
    return "ok" if cache.get(f"{key}:{value}") == value else "does not answer"


def queue() -> str:
    """Warn when the broker of CELERY_BROKER_URL does not answer: imports wait, readers do not."""
    if task_queue.is_on():
        try:
            task_queue.reach()
        except task_queue.Away:
            return f"{WARNING}the queue does not answer"
    return "ok"


ELSEWHERE: dict[str, Callable[[], str]] = {"static": static, "cache": caching, "queue": queue}
CHECKS: dict[str, Callable[[], str]] = {
    "migrations": migrations,
    "tables": schema_whole,
    "search": search_index,
    "clock": clock,
    **ELSEWHERE,
}
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
