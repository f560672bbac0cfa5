"""Why the importer chose a claim's speaker, and how often its findings are accepted in review."""

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from stories.actions.errors import NotAllowed
from stories.admin.form_state import user_of
from stories.formats.tables.columns import safe
from stories.models import Appearance

if TYPE_CHECKING:
    from stories.actions.imports import accuracy

COLUMNS = (
    *("rule", "pattern", "confidence_from", "claims_found", "evaluation_found", "evaluation_right"),
    *("accepted", "rejected", "other_speaker", "words_changed", "decided"),
    *("share_accepted", "share_at_least", "share_at_most"),
)


def why(request: HttpRequest, number: int) -> HttpResponse:
    """Explain why a claim was given its speaker; `?bare` returns only the body, for the review queue."""
    from stories.actions.claims import speaker_explanation  # loads the machine that reads copy

    if not request.user.has_perm("stories.view_claim"):
        raise PermissionDenied
    appearance = get_object_or_404(Appearance.objects.select_related("article", "claim__speaker"), pk=number)
    explanation = speaker_explanation.explain(appearance=appearance, by=user_of(request))
    context = {
        "title": "Why this speaker",
        "appearance": appearance,
        "claim": appearance.claim,
        "why": explanation,
        "changed_since": explanation.differs_from(appearance),
    }
    if "bare" in request.GET:
        return TemplateResponse(request, "admin/desk/why_body.html", context)
    back = reverse("desk:review") + f"?claim={appearance.claim_id}" if "review" in request.GET else ""
    frame = admin.site.each_context(request)
    return TemplateResponse(request, "admin/desk/why.html", {**frame, **context, "back": back})


def accuracy_page(request: HttpRequest) -> HttpResponse:
    """Show the share of the importer's claims that were accepted in review, by rule and by confidence.

    `?rule=` filters the table by confidence, `?band=` that by rule.
    """
    from stories.actions.imports import accuracy  # loads the machine that reads copy

    seen = _seen(request)
    rule, band = request.GET.get("rule", ""), _band(request.GET.get("band", ""))
    rules = {line.rule for line in seen.cells}
    rule = rule if rule in rules else ""
    context = {
        **admin.site.each_context(request),
        "title": "Importer accuracy",
        "seen": seen,
        "rules": seen.rules(band),
        "bands": seen.bands(rule),
        "whole": seen.whole(),
        "rule": rule,
        "band": band,
        "band_name": accuracy.Line(band=band).name if band is not None else "",
    }
    return TemplateResponse(request, "admin/desk/importer_accuracy.html", context)


def accuracy_csv(request: HttpRequest) -> HttpResponse:
    """Return a CSV file with a line for each rule and band of confidence."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(line) for line in _seen(request).cells)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="importer.csv"'
    return response


def _seen(request: HttpRequest) -> "accuracy.Verdicts":
    from stories.actions.imports import accuracy  # loads the machine that reads copy

    try:
        return accuracy.so_far(by=user_of(request))
    except NotAllowed as no:
        raise PermissionDenied(str(no)) from no


def _band(asked: str) -> float | None:
    from stories.extraction.evaluation.evaluate import BANDS  # loads the machine that reads copy

    return next((band for band in BANDS if f"{band:.2f}" == asked), None)


def _cells(line: "accuracy.Line") -> tuple[Any, ...]:
    low, high = line.interval
    share = (f"{line.share:.3f}", f"{low:.3f}", f"{high:.3f}") if line.share is not None else ("", "", "")
    return (
        *(safe(line.rule), safe(line.in_words), f"{line.band:.2f}", line.found),
        *(line.measured.found, line.measured.right_speaker),
        *(line.accepted, line.rejected, line.reassigned, line.changed, line.decided),
        *share,
    )
