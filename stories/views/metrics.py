"""Figures for Prometheus: how many requests of each view, how they ended and how long they took."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures to whoever sends `Authorization: Bearer METRICS_TOKEN`; 401 to others."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(sent, settings.METRICS_TOKEN):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    from django_prometheus.exports import ExportToDjangoView  # an extra: only with METRICS_TOKEN

    answer: HttpResponse = ExportToDjangoView(request)
    return answer
