"""What the importer did and why: the explanation of one claim, and how it fares by the desk's verdicts."""

import csv
from io import StringIO
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from stories.actions.claims import speaker_explanation
from stories.actions.errors import NotAllowed
from stories.actions.imports import accuracy
from stories.extraction.evaluation.evaluate import BANDS
from stories.models import Appearance
from stories.views.csv_export import safe

COLUMNS = (
    *("rule", "pattern", "confidence_from", "claims_found", "evaluation_found", "evaluation_right"),
    *("accepted", "rejected", "other_speaker", "words_changed", "decided"),
    *("share_accepted", "share_at_least", "share_at_most"),
)


def why(request: HttpRequest, number: int) -> HttpResponse:
    """Why this speaker; `?bare` leaves the page's frame out, for the review queue."""
    if not request.user.has_perm("stories.view_claim"):
        raise PermissionDenied
    appearance = get_object_or_404(Appearance.objects.select_related("article", "claim__speaker"), pk=number)
    context = {
        "title": "Why this speaker",
        "appearance": appearance,
        "claim": appearance.claim,
        "why": speaker_explanation.explain(appearance=appearance, by=request.user),
    }
    if "bare" in request.GET:
        return TemplateResponse(request, "admin/desk/why_body.html", context)
    back = reverse("desk:review") + f"?claim={appearance.claim_id}" if "review" in request.GET else ""
    frame = admin.site.each_context(request)
    return TemplateResponse(request, "admin/desk/why.html", {**frame, **context, "back": back})


def fares(request: HttpRequest) -> HttpResponse:
    """How the importer fares: by rule and by confidence, each narrowed by the other."""
    seen = _seen(request)
    rule, band = request.GET.get("rule", ""), _band(request.GET.get("band", ""))
    rules = {line.rule for line in seen.cells}
    rule = rule if rule in rules else ""
    context = {
        **admin.site.each_context(request),
        "title": "How the importer fares",
        "seen": seen,
        "rules": seen.rules(band),
        "bands": seen.bands(rule),
        "whole": seen.whole(),
        "rule": rule,
        "band": band,
        "band_name": accuracy.Line(band=band).name if band is not None else "",
    }
    return TemplateResponse(request, "admin/desk/fares.html", context)


def fares_csv(request: HttpRequest) -> HttpResponse:
    """Every rule within every band, as a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(line) for line in _seen(request).cells)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="importer.csv"'
    return response


def _seen(request: HttpRequest) -> accuracy.Verdicts:
    try:
        return accuracy.so_far(by=request.user)
    except NotAllowed as no:
        raise PermissionDenied(str(no)) from no


def _band(asked: str) -> float | None:
    return next((band for band in BANDS if f"{band:.2f}" == asked), None)


def _cells(line: accuracy.Line) -> tuple[Any, ...]:
    low, high = line.interval
    share = (f"{line.share:.3f}", f"{low:.3f}", f"{high:.3f}") if line.share is not None else ("", "", "")
    return (
        *(safe(line.rule), safe(line.in_words), f"{line.band:.2f}", line.found),
        *(line.measured.found, line.measured.right_speaker),
        *(line.accepted, line.rejected, line.reassigned, line.changed, line.decided),
        *share,
    )
