"""The question about claims in nearly the same words, in the review and on a claim's form."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from stories.actions import desk_log
from stories.actions.claims import near_claims, review
from stories.actions.errors import NotReady
from stories.admin.base import row_number
from stories.admin.form_state import user_of
from stories.models import Act, Appearance, Claim, NearWording

SAME = "same"
DONE = {
    NearWording.Answer.DIFFERENT: "The two claims are not the same. It is not asked again.",
    NearWording.Answer.SHOWN: "Both claims stand. Readers are shown them as nearly the same.",
}


def near_context(claim: Claim) -> dict[str, Any]:
    """Return what `admin/desk/near.html` shows: claims in nearly the same words, each with where it was
    printed first, and whether one has to say why the two are one. Five queries."""
    found = near_claims.near(claim)
    printed: dict[int, Appearance] = {}
    places = Appearance.objects.filter(claim__in=[one.claim.pk for one in found]).select_related("article")
    for place in places.defer("article__body", "article__text").order_by("article__published_at", "pk"):
        printed.setdefault(place.claim_id, place)
    return {
        "near": [
            {
                "claim": one.claim,
                "differs": one.differs,
                "changes": one.changes,
                "printed": printed.get(one.claim.pk),
                "asks_why": claim.state == Claim.State.ACCEPTED or one.claim.rating != "",
            }
            for one in found
        ],
        "answers": NearWording.Answer,
    }


def settled_context(claim: Claim) -> dict[str, Any]:
    """Return what was answered about the claim and can be taken back. Two queries."""
    return {"left_apart": near_claims.left_apart(claim), "joined": near_claims.joined_to(claim)}


@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer the question on a claim's form: join it to the other, or leave the two apart."""
    _reviewers_only(request)
    claim = get_object_or_404(Claim, pk=number)
    other = get_object_or_404(Claim, pk=row_number(request.POST.get("other")))
    said, stays = request.POST.get("answer", ""), claim
    try:
        if said == SAME:
            reason = request.POST.get("reason", "")
            near_claims.join(claim=claim, into=other, by=user_of(request), reason=reason)
            stays = other
            messages.success(
                request, "The two claims are one. Both printings are kept; you can undo that below."
            )
        else:
            near_claims.leave_apart(claim=claim, other=other, answer=said, by=user_of(request))
            messages.success(request, DONE[NearWording.Answer(said)])
    except NotReady as problem:
        _report(request, problem)
    return _to(stays)


@require_POST
def part(request: HttpRequest) -> HttpResponse:
    """Undo the joining of two claims."""
    _reviewers_only(request)
    joined = Act.objects.filter(verb=Act.Verb.CLAIMS_JOINED)
    act = get_object_or_404(joined, pk=row_number(request.POST.get("act")))
    kept = Claim.objects.filter(pk=act.into or 0).first()
    try:
        stayed = near_claims.part(act=act, by=user_of(request))
    except NotReady as problem:
        _report(request, problem)
    else:
        messages.success(request, "They are two claims again.")
        for sentence in stayed:
            messages.warning(request, sentence)
    return _to(kept) if kept is not None else HttpResponseRedirect(reverse("admin:stories_claim_changelist"))


@require_POST
def ask_again(request: HttpRequest) -> HttpResponse:
    """Undo an answer that left two claims apart."""
    _reviewers_only(request)
    pair = get_object_or_404(NearWording, pk=row_number(request.POST.get("pair")))
    claim = get_object_or_404(Claim, pk=row_number(request.POST.get("claim")))
    try:
        near_claims.ask_again(pair=pair, by=user_of(request))
    except NotReady as problem:
        _report(request, problem)
    else:
        desk_log.note(by=user_of(request), row=claim, words="Undid an answer about nearly the same words.")
        messages.success(request, "That is taken back.")
    return _to(claim)


def _reviewers_only(request: HttpRequest) -> None:
    if not request.user.has_perm(review.REVIEW):
        raise PermissionDenied


def _report(request: HttpRequest, problem: NotReady) -> None:
    for reason in problem.reasons:
        messages.error(request, reason)


def _to(claim: Claim) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:stories_claim_change", args=[claim.pk]))
