"""Give several claims of the review queue to one person: choose them, see what changes, confirm."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from stories.actions.claims import giving, review, review_filters, review_queue, speakers
from stories.actions.claims.review_filters import Wanted
from stories.actions.errors import NotReady
from stories.admin.base import row_number
from stories.admin.form_state import user_of
from stories.admin.widgets import choose_person
from stories.models import Appearance, Claim, Politician

SHOWN = 100  # claims on the page; more of them can be given together
NAMED = 12  # of those to be given, on the page that asks


class WhoForm(forms.Form):
    """Who said the claims; one of the three fields says it."""

    speaker = forms.ModelChoiceField(Politician.objects.current(), required=False, label="A person on record")
    new_person = forms.CharField(required=False, max_length=150, label="or a new person, who gets a record")
    namesake = forms.BooleanField(required=False, widget=forms.HiddenInput)
    speaker_label = forms.CharField(
        required=False, max_length=200, label="or no person on record: what the desk calls them"
    )

    def __init__(self, *args: Any, may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beside = {"new": "id_new_person", "namesake": "id_namesake", "label": "id_speaker_label"}
        choose_person(self.fields["speaker"], Claim._meta.get_field("speaker"), beside=beside)
        if not may_add:
            del self.fields["new_person"], self.fields["namesake"]
            return
        self.fields["speaker"].widget.attrs["data-may-add"] = ""


def page(request: HttpRequest) -> HttpResponse:
    """Show the claims that the queue is narrowed to; a POST asks, and with `confirmed` does it."""
    if not request.user.has_perm(review.REVIEW):
        raise PermissionDenied
    wanted, may_add = Wanted.read(request.GET), request.user.has_perm(speakers.ADD)
    if request.method != "POST":
        form = WhoForm(may_add=may_add)
        form.fields["speaker"].widget.attrs["autofocus"] = bool(wanted.label or wanted.person)
        return _choose(request, wanted, form)
    form, claims = WhoForm(request.POST, may_add=may_add), _chosen(request, wanted)
    if not claims:
        messages.error(request, "Tick the claims to give.")
        return _choose(request, wanted, form)
    if not form.is_valid():
        return _choose(request, wanted, form)
    if "confirmed" in request.POST:
        return _give(request, wanted, claims, form)
    return _ask(request, wanted, claims, form)


def of_the_source(claim: Claim, wanted: Wanted) -> dict[str, Any]:
    """Return how many other claims that are `wanted` wait under the claim's source, and the query."""
    label = "" if claim.speaker_id else claim.speaker_label
    if not label and not claim.speaker_id:
        return {"number": 0}
    one = replace(wanted, person=claim.speaker_id, label=label)
    return {"number": one.of(review_queue.waiting()).exclude(pk=claim.pk).count(), "query": one.query}


def _chosen(request: HttpRequest, wanted: Wanted) -> list[int]:
    if "all" in request.POST:
        return list(_in_order(wanted).values_list("pk", flat=True)[: giving.MOST])
    numbers = map(row_number, request.POST.getlist("claim"))
    return [pk for pk in numbers if pk is not None][: giving.MOST]


def _in_order(wanted: Wanted) -> Any:
    return wanted.of(review_queue.waiting()).order_by("-listed_on", "-pk")


def _with_stories(claims: Any) -> Any:
    printed = Appearance.objects.select_related("article").order_by("pk")
    return claims.select_related("speaker__party").prefetch_related(
        Prefetch("appearances", printed, "printed")
    )


def _choose(request: HttpRequest, wanted: Wanted, form: WhoForm) -> HttpResponse:
    rows = list(_with_stories(_in_order(wanted))[:SHOWN])
    number = len(rows) if len(rows) < SHOWN else wanted.numbers(review_queue.waiting())[0]
    ticked = {*request.POST.getlist("claim")}
    return _shown(
        request,
        wanted,
        form,
        rows=[
            (row, str(row.pk) in ticked if request.POST else wanted.label or wanted.person) for row in rows
        ],
        number=number,
        most=min(number, giving.MOST),
        sources=() if wanted.asked else _sources(),
    )


def _sources() -> Sequence[tuple[str, int, str]]:
    """Return the labels under which most claims wait: (label, number, query)."""
    return [
        (label, number, Wanted(label=label).query)
        for label, number in review_filters.labels(review_queue.waiting())
    ]


def _ask(request: HttpRequest, wanted: Wanted, claims: list[int], form: WhoForm) -> HttpResponse:
    data: dict[str, Any] = {"new_person": "", "namesake": False} | form.cleaned_data
    if sum(bool(data[name]) for name in ("speaker", "new_person", "speaker_label")) != 1:
        form.add_error(None, "Say who said them: a person on record, somebody new, or a label.")
        return _choose(request, wanted, form)
    try:
        whom, new = speakers.meant(
            speaker=data["speaker"],
            new_person=data["new_person"],
            namesake=data["namesake"],
            by=user_of(request),
        )
    except NotReady as problem:
        form.add_error(None, " ".join(problem.reasons))
        return _choose(request, wanted, form)
    found = giving.sorted_out(claims=claims, by=user_of(request), speaker=whom, label=data["speaker_label"])
    going = [*found.given, *found.joined]
    named = _with_stories(Claim.objects.filter(pk__in=[row.pk for row in going])).order_by(
        "-listed_on", "-pk"
    )
    return _shown(
        request,
        wanted,
        form,
        asked=True,
        whom=whom or data["speaker_label"],
        new=new,
        known=whom is not None,
        found=found,
        going=going,
        named=named[:NAMED],
        left=len(claims) - len(going),
    )


def _give(request: HttpRequest, wanted: Wanted, claims: list[int], form: WhoForm) -> HttpResponse:
    try:
        act = giving.give(claims=claims, by=user_of(request), **form.cleaned_data)
    except NotReady as problem:
        for reason in problem.reasons:
            messages.error(request, reason)
        return _choose(request, wanted, form)
    messages.success(request, f"{act.what}. They are still to be reviewed; u takes it back.")
    # What stood under the source does not stand there any more.
    left = replace(wanted, label="", person=None, speaker="")
    return HttpResponseRedirect(f"{reverse('desk:review')}{'?' if left.query else ''}{left.query}")


def _shown(request: HttpRequest, wanted: Wanted, form: WhoForm, **context: Any) -> HttpResponse:
    query = f"?{wanted.query}" if wanted.query else ""
    return TemplateResponse(
        request,
        "admin/desk/give.html",
        {
            **admin.site.each_context(request),
            "title": "Give claims to a person",
            "wanted": wanted,
            "form": form,
            "media": form.media,
            "here": reverse("desk:review_give") + query,
            "queue": reverse("desk:review") + query,
            "shown": SHOWN,
            **context,
        },
    )
