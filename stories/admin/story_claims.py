"""What the story's page asks of the reader of copy: claims found in the saved text, and who said these words.

The page asks after it is shown, so a save takes no longer for it.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse

from stories.actions.claims import found_claims
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.admin.base import DeskAdmin, badge, row_number
from stories.admin.form_state import json_of, user_of
from stories.admin.person_lines import lines_of
from stories.models import Act, Appearance, Article, Claim, Dismissal, Politician
from stories.templatetags.desk import rule_in_words

LONGEST_WORDS = 5_000  # characters that are asked about at once


class OfferForm(forms.Form):
    """What becomes of an offer; without a speaker it is made for whom the reading names."""

    token = forms.CharField()
    speaker = forms.ModelChoiceField(Politician.objects.current(), required=False)
    new_person = forms.CharField(required=False, max_length=150)
    namesake = forms.BooleanField(required=False)
    speaker_label = forms.CharField(required=False, max_length=200)


class StoryClaims(DeskAdmin[Article]):
    """Base of the stories' admin with these views; all are POST and speak JSON."""

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[str, Callable[..., JsonResponse]]] = {
            "found": ("<int:pk>/found/", self.found_view),
            "found_accept": ("<int:pk>/found/accept/", self.accept_view),
            "found_dismiss": ("<int:pk>/found/dismiss/", self.dismiss_view),
            "found_undo": ("<int:pk>/found/undo/", self.undo_view),
            "who": ("who/", self.who_view),
        }
        return [
            path(address, self.admin_site.admin_view(view), name=f"stories_article_{name}")
            for name, (address, view) in pages.items()
        ] + super().get_urls()

    def story_seen(self, request: HttpRequest, pk: int) -> Article:
        """Return the story, if this person may look at it. Raises Http404, PermissionDenied."""
        story = get_object_or_404(Article, pk=pk)
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        return story

    def found_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Return the claims found in the story as it is saved: {"found": […]}."""
        json_of(request)
        story = self.story_seen(request, pk)
        try:
            found = found_claims.offered(article=story, by=user_of(request))
        except NotAllowed as refusal:
            return JsonResponse({"error": str(refusal)}, status=403)
        people = lines_of(one.speaker for one in found if one.speaker is not None)
        offers = [
            {
                "token": found_claims.token_of(article=story, reading=one),
                "words": one.words,
                "parts": [[start, end, story.text[start:end]] for start, end in one.spans],
                **_reading(one, people),
            }
            for one in found
        ]
        return JsonResponse({"found": offers})

    def accept_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Make a claim of an offer; return its card for the list beside the text, and the act's number."""
        form = OfferForm(json_of(request))
        story = self.story_seen(request, pk)
        if not form.is_valid():
            return JsonResponse({"error": "Choose who said it again."}, status=409)
        try:
            appearance, act = found_claims.accept(article=story, by=user_of(request), **form.cleaned_data)
        except NotAllowed as refusal:
            return JsonResponse({"error": str(refusal)}, status=403)
        except (NotReady, Stale) as problem:
            return _refused(problem)
        made = beside_claim(Appearance.objects.select_related("claim__speaker").get(pk=appearance.pk))
        card = render_to_string("admin/stories/article/beside_claim.html", {"one": made})
        return JsonResponse({"card": card, "claim": made["data"], "act": act.pk})

    def dismiss_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Never offer these words in the story again; return the number by which that is undone."""
        token = str(json_of(request).get("token", ""))
        story = self.story_seen(request, pk)
        try:
            row = found_claims.dismiss(article=story, token=token, by=user_of(request))
        except NotAllowed as refusal:
            return JsonResponse({"error": str(refusal)}, status=403)
        except Stale as problem:
            return _refused(problem)
        return JsonResponse({"dismissal": row.pk})

    def undo_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Take back an acceptance ("act") or a dismissal ("dismissal") in the story."""
        asked = json_of(request)
        by = user_of(request)
        self.story_seen(request, pk)
        try:
            if "act" in asked:
                acts = Act.objects.filter(verb=Act.Verb.CLAIM_FOUND, subject=pk)
                found_claims.take_back(act=get_object_or_404(acts, pk=row_number(str(asked["act"]))), by=by)
            else:
                rows = Dismissal.objects.filter(article=pk).select_related("article")
                number = row_number(str(asked.get("dismissal")))
                found_claims.offer_again(dismissal=get_object_or_404(rows, pk=number), by=by)
        except NotAllowed as refusal:
            return JsonResponse({"error": str(refusal)}, status=403)
        except NotReady as problem:
            return _refused(problem)
        return JsonResponse({})

    def who_view(self, request: HttpRequest) -> JsonResponse:
        """Return who says the words at "start"–"end" of "text", as the copy reads: {"who": … or null}.

        The text is the form's, saved or not; offsets are characters.
        """
        asked = json_of(request)
        text, headline = asked.get("text"), asked.get("headline", "")
        start, end = asked.get("start"), asked.get("end")
        if not (isinstance(text, str) and isinstance(headline, str)):
            return JsonResponse({"error": "A text, and the headline over it."}, status=400)
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
            return JsonResponse({"error": "The words do not stand in the text."}, status=400)
        if not self.has_view_permission(request) or not request.user.has_perm("stories.add_appearance"):
            return JsonResponse({"error": "You may not make claims."}, status=403)
        story = Article(headline=headline[:250], text=text)
        one = found_claims.at(article=story, start=start, end=end)
        people = lines_of([one.speaker] if one and one.speaker is not None else [])
        return JsonResponse({"who": _reading(one, people) if one else None})


def found_addresses(story: Article, by: User) -> dict[str, str] | None:
    """Return where the page asks for claims found in the story and decides about them.

    None for who may not make claims in it.
    """
    if not found_claims.may_make(article=story, by=by):
        return None
    return {
        act: reverse(f"admin:stories_article_found{name}", args=[story.pk])
        for act, name in (("list", ""), ("accept", "_accept"), ("dismiss", "_dismiss"), ("undo", "_undo"))
    }


def _reading(one: found_claims.Reading, people: Any) -> dict[str, Any]:
    """Return who said it, in one of three ways, and how sure that is."""
    place = one.place
    return {
        "person": people.get(one.speaker),
        "enters": one.enters,
        "label": one.label,
        "attribution": place["attribution"],
        "outlet": place["outlet"],
        "kind": place["kind"],
        "told": Claim(wording=one.words, stance=one.stance, verb=place["verb"], kind=place["kind"]).lead_in,
        "sure": f"{place['confidence']:.0%}",
        "why": rule_in_words(place["rule"]),
    }


def _refused(problem: NotReady | Stale) -> JsonResponse:
    return JsonResponse({"error": str(problem)}, status=409)


def beside_claim(appearance: Appearance) -> dict[str, Any]:
    """Return what the page says and its scripts need of a claim in the story."""
    claim = appearance.claim
    words = " … ".join(selector.exact for selector in appearance.selectors)
    adrift = appearance.state not in Appearance.IN_PLACE
    return {
        "appearance": appearance,
        "claim": claim,
        "words": words,
        "state": badge(claim.state, claim.get_state_display()),
        "rating": badge(f"rating-{claim.rating}", claim.get_rating_display()) if claim.rating else "",
        "adrift": badge("adrift", appearance.get_state_display()) if adrift else "",
        "data": {
            "id": appearance.pk,
            "parts": [[selector.start, selector.end, selector.exact] for selector in appearance.selectors],
            "adrift": adrift,
            "guarded": claim.state == Claim.State.ACCEPTED and appearance.kind != Claim.Kind.INDIRECT,
        },
    }
