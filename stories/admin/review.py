"""The review queue: one claim at a time with its evidence, and one key for each decision.

Decisions are forms that work without scripts. The script posts them in the background and shows the next
claim, which it has prefetched.
"""

import hashlib
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from stories.actions import reanchoring
from stories.actions.claims import creation, near_claims, placing, review, review_filters, review_queue
from stories.actions.claims.review_filters import Wanted
from stories.actions.errors import NotReady, Stale
from stories.admin import giving_page
from stories.admin.base import row_number
from stories.admin.form_state import user_of
from stories.admin.near_claims import near_context
from stories.admin.widgets import complete_like
from stories.models import Act, Appearance, Article, Claim, Contradiction, Politician, ReviewDecision
from stories.text import anchors

MOST_ADRIFT = 50  # claims shown on one page
MANY = 3000  # claims from which on the choices of filters, which read each, are counted now and then
LATELY = 300  # seconds that they are kept
CONTEXT = 420  # characters of the story shown on each side of the claim


class DecisionForm(forms.Form):
    """A decision on a claim; which fields count depends on `verb`."""

    claim = forms.ModelChoiceField(Claim.objects.all(), widget=forms.HiddenInput)
    verb = forms.ChoiceField(choices=ReviewDecision.Verb, widget=forms.HiddenInput)
    speaker = forms.ModelChoiceField(Politician.objects.current(), required=False)
    namesake = forms.BooleanField(required=False)
    speaker_label = forms.CharField(required=False, max_length=200)
    new_person = forms.CharField(required=False, max_length=150)
    words = forms.CharField(required=False, strip=True)
    into = forms.ModelChoiceField(Claim.objects.all(), required=False)
    reason = forms.CharField(required=False, max_length=300)
    stance = forms.ChoiceField(choices=[("", "Not known"), *Claim.Stance.choices], required=False)
    after = forms.CharField(required=False)


def page(request: HttpRequest) -> HttpResponse:
    """Show the page with the next claim after `?after=`, or the one in `?claim=`."""
    _reviewers_only(request)
    claim = _asked_for(request) or review_queue.take(
        by=user_of(request),
        after=review_queue.Place.read(request.GET.get("after", "")),
        wanted=Wanted.read(request.GET),
    )
    return TemplateResponse(request, "admin/desk/review.html", _page(request, claim))


def item(request: HttpRequest) -> HttpResponse:
    """Return the HTML of the next claim for the script to prefetch; 204 when there is none.

    `?not=` names claims the script has already.
    """
    _reviewers_only(request)
    shown = [pk for text in request.GET.getlist("not") if (pk := row_number(text)) is not None]
    claim = review_queue.take(
        by=user_of(request),
        after=review_queue.Place.read(request.GET.get("after", "")),
        apart_from=shown,
        wanted=Wanted.read(request.GET),
    )
    if claim is None:
        return HttpResponse(status=204)
    return TemplateResponse(request, "admin/desk/review_item.html", _card(request, claim))


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Record a decision and go to the next claim."""
    _reviewers_only(request)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _answer(request, [" ".join(map(str, errors)) for errors in form.errors.values()], "")
    data = form.cleaned_data
    claim = data["claim"]
    after = data["after"] or str(review_queue.Place.of(claim))
    try:
        review_queue.decide(
            claim=claim,
            by=user_of(request),
            verb=data["verb"],
            speaker=data["speaker"],
            new_person=data["new_person"],
            namesake=data["namesake"],
            speaker_label=data["speaker_label"],
            words=data["words"],
            into=data["into"],
            reason=data["reason"],
            stance=data["stance"] if "stance" in request.POST else None,
        )
    except NotReady as problem:
        return _answer(request, list(problem.reasons), f"?{urlencode({'claim': claim.pk})}")
    near_claims.file_claims_of(claim)
    # A claim whose words were corrected still needs a decision: it is shown again.
    stays = data["verb"] in (ReviewDecision.Verb.REWORDED, ReviewDecision.Verb.SPLIT)
    return _answer(request, [], f"?{urlencode({'claim': claim.pk} if stays else {'after': after})}")


@require_POST
def leave_apart(request: HttpRequest) -> HttpResponse:
    """Record that the claim and another in nearly the same words stay two, and show the claim again."""
    _reviewers_only(request)
    numbers = [row_number(request.POST.get(name)) for name in ("claim", "other")]
    claim, other = (get_object_or_404(Claim, pk=number) for number in numbers)
    problems: list[str] = []
    try:
        near_claims.leave_apart(
            claim=claim, other=other, answer=request.POST.get("answer", ""), by=user_of(request)
        )
    except NotReady as problem:
        problems = list(problem.reasons)
    return _answer(request, problems, f"?{urlencode({'claim': claim.pk})}")


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Undo the reviewer's last decision and show its claim."""
    _reviewers_only(request)
    try:
        claim, stayed = review_queue.undo_last(by=user_of(request))
    except NotReady as problem:
        return _answer(request, list(problem.reasons), "")
    for sentence in stayed:
        messages.warning(request, sentence)
    return _answer(request, [], f"?{urlencode({'claim': claim.pk})}" if claim else "")


def words(request: HttpRequest) -> HttpResponse:
    """List claims whose words are lost or ambiguous in their story, with the places they may be at now."""
    if not request.user.has_perm(placing.CHANGE):
        raise PermissionDenied
    adrift = (
        Appearance.objects.needing_a_person()
        .select_related("article", "claim__speaker")
        .order_by("article", "pk")
    )
    if request.user.has_perm(review.REVIEW):
        number, found = adrift.count(), list(adrift[:MOST_ADRIFT])
    else:
        mine = [
            one
            for one in adrift.exclude(claim__state=Claim.State.ACCEPTED)
            if placing.may_handle(article=one.article, claim=one.claim, by=user_of(request))
        ]
        number, found = len(mine), mine[:MOST_ADRIFT]
    context = {
        **admin.site.each_context(request),
        "title": "Claims that lost their words",
        "rows": [_adrift(appearance) for appearance in found],
        "number": number,
    }
    return TemplateResponse(request, "admin/desk/words.html", context)


@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """Anchor such a claim at the chosen places or typed words, or remove it from the story."""
    if not request.user.has_perm(placing.CHANGE):
        raise PermissionDenied
    appearance = get_object_or_404(
        Appearance.objects.select_related("article", "claim"), pk=row_number(request.POST.get("appearance"))
    )
    try:
        if "take_out" in request.POST:
            creation.take_out(appearance=appearance, by=user_of(request))
            messages.success(request, "The claim is taken out of the story.")
        else:
            placed = placing.place(
                appearance=appearance,
                spans=[_chosen_span(request, appearance, n) for n in range(len(appearance.selectors))],
                opened=request.POST.get("opened", ""),
                by=user_of(request),
                reason=request.POST.get("reason", ""),
            )
            messages.success(request, f"The claim stands on “{placed.exact}” now.")
    except Stale:
        messages.error(
            request,
            "The story was changed since this page was opened, so nothing is placed. "
            "Choose again: the places shown now are those of the new text.",
        )
    except NotReady as problem:
        for reason in problem.reasons:
            messages.error(request, reason)
    return HttpResponseRedirect(reverse("desk:review_words"))


def _chosen_span(request: HttpRequest, appearance: Appearance, part: int) -> tuple[int, int]:
    number = f"-{part}" if part else ""
    typed = request.POST.get(f"words{number}", "").strip()
    if typed:
        return creation.place_of(appearance.article.text, typed)
    first, _, last = request.POST.get(f"span{number}", "").partition("-")
    start, end = row_number(first), row_number(last)
    if start is None or end is None:
        raise NotReady("Choose a place, or paste the words as they stand in the story now.")
    return start, end


def _adrift(appearance: Appearance) -> dict[str, Any]:
    text = appearance.article.text
    return {
        "appearance": appearance,
        "opened": reanchoring.text_mark(text),
        "parts": [
            {
                "number": f"-{number}" if number else "",
                "old": part.exact,
                "places": [
                    {
                        "span": f"{start}-{end}",
                        "before": text[max(0, start - 90) : start],
                        "words": text[start:end],
                        "after": text[end : end + 90],
                    }
                    for start, end in anchors.places_of(text, part.exact)[: reanchoring.MOST_PLACES]
                ],
            }
            for number, part in enumerate(appearance.selectors)
        ],
    }


def _reviewers_only(request: HttpRequest) -> None:
    if not request.user.has_perm(review.REVIEW):
        raise PermissionDenied


def _asked_for(request: HttpRequest) -> Claim | None:
    number = row_number(request.GET.get("claim"))
    if number is None:
        return None
    claim = (
        Claim.objects.select_related("speaker__party").filter(pk=number, state=Claim.State.PROPOSED).first()
    )
    return (
        claim if claim is not None and review_queue.held_by_other(claim, user_of(request)) is None else None
    )


def _answer(request: HttpRequest, problems: list[str], where: str) -> HttpResponse:
    """Return problems and the next address as JSON for the script, else as messages and a redirect."""
    latest = review_queue.last_done(user_of(request))
    if wanted := Wanted.read(request.GET).query:
        where = f"{where}&{wanted}" if where else f"?{wanted}"
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"problems": problems, "next": where, "undo": _undo_words(latest)},
            status=409 if problems else 200,
        )
    for problem in problems:
        messages.error(request, problem)
    return HttpResponseRedirect(reverse("desk:review") + where)


def _undo_words(latest: ReviewDecision | Act | None) -> str:
    if latest is None:
        return ""
    if isinstance(latest, Act):
        return latest.what
    whose = f": “{latest.claim.short_wording}”" if latest.claim else ""
    return f"{latest.get_verb_display()}{whose}"


def _page(request: HttpRequest, claim: Claim | None) -> dict[str, Any]:
    speaker = forms.ModelChoiceField(Politician.objects.current(), required=False)
    complete_like(speaker, Claim._meta.get_field("speaker"))
    wanted = Wanted.read(request.GET)
    left, held = wanted.numbers(review_queue.waiting())
    return {
        **admin.site.each_context(request),
        **_filters(wanted),
        **(_card(request, claim) if claim else {}),
        "title": "Review claims",
        "claim": claim,
        "held": 0 if wanted.held else held,
        "held_query": replace(wanted, held=True).query,
        "story": Article.objects.filter(pk=wanted.story).first() if wanted.story else None,
        **_choices(wanted, left),
        "left": left,
        "undo_words": _undo_words(review_queue.last_done(user_of(request))),
        "media": speaker.widget.media,
    }


def _choices(wanted: Wanted, left: int) -> dict[str, Any]:
    """Return what the queue can be narrowed to; of very many claims, as it was counted lately."""
    waiting = wanted.of(review_queue.waiting())
    if left < MANY:
        return review_filters.choices(waiting)
    key = f"review-choices:{hashlib.sha256(wanted.query.encode()).hexdigest()}"
    return cast("dict[str, Any]", cache.get_or_set(key, lambda: review_filters.choices(waiting), LATELY))


def _filters(wanted: Wanted) -> dict[str, Any]:
    """Return what the page's forms carry, so that the queue stays narrowed."""
    query = f"?{wanted.query}" if wanted.query else ""
    return {
        "wanted": wanted,
        "filters": wanted.query,
        "carried": wanted.asked,
        "decide_url": reverse("desk:review_decide") + query,
        "undo_url": reverse("desk:review_undo") + query,
        "apart_url": reverse("desk:review_apart") + query,
    }


def _card(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    appearances = list(claim.appearances.select_related("article").order_by("pk")[:5])
    first = appearances[0] if appearances else None
    return {
        **_filters(Wanted.read(request.GET)),
        "claim": claim,
        "place": str(review_queue.Place.of(claim)),
        "first": first,
        "stances": Claim.Stance.choices,
        "passage": _passage(first) if first else [],
        "others": appearances[1:],
        "candidates": _candidates(claim, first),
        **near_context(claim),
        "alike_source": giving_page.of_the_source(claim, Wanted.read(request.GET)),
        "speaker_field": _complete(Claim, "speaker", f"speaker-{claim.pk}", "A person on record"),
        "claim_field": _complete(Contradiction, "first", f"into-{claim.pk}", "The other claim", name="into"),
        "may_add_people": request.user.has_perm("stories.add_politician"),
    }


def _complete(model: type[Model], field: str, id: str, label: str, name: str = "") -> str:
    """Return the HTML of an autocomplete widget for the foreign key `model.field`."""
    relation = model._meta.get_field(field)
    choice = forms.ModelChoiceField(
        cast(type[Model], relation.related_model)._base_manager.none(), required=False
    )
    complete_like(choice, cast("Field[Any, Any]", relation))
    html: str = choice.widget.render(name or field, None, {"id": id, "aria-label": label})
    return html


def _passage(appearance: Appearance) -> list[tuple[bool, str]]:
    """Return the story around the claim in pieces: (whether it is the claim's words, text)."""
    text = appearance.article.text
    spans = [(part.start, part.end) for part in appearance.selectors]
    if appearance.state not in Appearance.IN_PLACE or spans[-1][1] > len(text):
        return [(False, appearance.prefix), (True, appearance.exact), (False, appearance.suffix)]
    at = max(0, spans[0][0] - CONTEXT)
    at = 0 if at == 0 else text.find(" ", at) + 1
    pieces = [(False, "… ")] if at else []
    for start, end in spans:
        pieces += [(False, text[at:start]), (True, text[start:end])]
        at = end
    stop = text.rfind(" ", at, at + CONTEXT) if at + CONTEXT < len(text) else len(text)
    pieces.append((False, text[at : max(at, stop)] + (" …" if stop < len(text) else "")))
    return pieces


def _candidates(claim: Claim, first: Appearance | None) -> list[dict[str, Any]]:
    """Return the importer's other candidates for speaker, with their records if they have one."""
    offered = [c for c in (first.candidates if first else []) if c.get("name")]
    people = Politician.objects.in_bulk([c["politician"] for c in offered if c.get("politician")])
    found, seen = [], {claim.speaker_name}
    for candidate in offered:
        person = people.get(candidate.get("politician"))
        name = person.name if person else candidate["name"]
        if name in seen:
            continue
        seen.add(name)
        if person or name[:1] != name[:1].lower() or " " in name:  # no pronouns
            reasons = candidate.get("reasons", [])
            found.append({"person": person, "name": name, "named": _is_name(name), "reasons": reasons})
    return found[:6]


def _is_name(name: str) -> bool:
    """Return whether a record can be made of the name: of "Tove Hollin", but not of "the same clerk"."""
    words = name.split()
    return (
        len(words) > 1
        and words[0] not in ("The", "A", "An")
        and all(w[0].isupper() for w in (words[0], words[-1]))
    )
