"""Merge and unmerge people and topics; the list of possible duplicates."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_POST
from taggit.models import Tag, TaggedItem

from stories.actions import desk_log
from stories.actions.errors import NotReady
from stories.actions.people import duplicates, merging
from stories.actions.topics import tagging
from stories.admin.base import row_number, take_back
from stories.admin.form_state import user_of
from stories.admin.widgets import choose_person, complete_like
from stories.models import Act, Claim, PersonMerge, Politician

SHOWN = 100  # pairs on a page


class TwoPeopleForm(forms.Form):
    """The record that is merged and the one that stays."""

    loser = forms.ModelChoiceField(Politician.objects.current(), label="Merge this person")
    winner = forms.ModelChoiceField(Politician.objects.current(), label="Into this person, who stays")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            choose_person(field, Claim._meta.get_field("speaker"))


class TwoTopicsForm(forms.Form):
    """The topic that is merged and the one that stays."""

    tag = forms.ModelChoiceField(Tag.objects.order_by("name"), label="Merge this topic")
    into = forms.ModelChoiceField(Tag.objects.order_by("name"), label="Into this topic, which stays")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            complete_like(field, TaggedItem._meta.get_field("tag"))


def people(request: HttpRequest) -> HttpResponse:
    """Merge two people: choose them, see what would change, confirm. Below are possible duplicates."""
    _allowed(request, merging.MERGE)
    form = TwoPeopleForm(request.GET) if "winner" in request.GET else TwoPeopleForm()
    plan = None
    if form.is_bound and form.is_valid():
        plan = merging.plan(**form.cleaned_data)
    elif form.is_bound:  # the autocomplete widget fails on a value that is no primary key
        form = TwoPeopleForm()
    if request.method == "POST":
        return _merge_people(request)
    pairs = duplicates.people()
    found = (
        Politician.objects.select_related("party")
        .annotate(claims_count=Count("claims"))
        .in_bulk([number for pair in pairs[:SHOWN] for number in (pair.first, pair.second)])
    )
    context = {
        **admin.site.each_context(request),
        "title": "Merge people",
        "form": form,
        "media": form.media,
        "plan": plan,
        "pairs": [_pair(found[pair.first], found[pair.second], pair.why) for pair in pairs[:SHOWN]],
        "number": len(pairs),
        "merges": PersonMerge.objects.filter(undone_at__isnull=True).select_related("winner", "loser", "by")[
            :20
        ],
    }
    return TemplateResponse(request, "admin/desk/merge_people.html", context)


def _merge_people(request: HttpRequest) -> HttpResponse:
    form = TwoPeopleForm(request.POST)
    here = reverse("desk:people")
    if not form.is_valid():
        messages.error(request, "Choose two people that are on record.")
        return HttpResponseRedirect(here)
    winner, loser = form.cleaned_data["winner"], form.cleaned_data["loser"]
    try:
        merging.merge(winner=winner, loser=loser, by=user_of(request))
    except NotReady as problem:
        for reason in problem.reasons:
            messages.error(request, reason)
        return HttpResponseRedirect(f"{here}?{urlencode({'winner': winner.pk, 'loser': loser.pk})}")
    address = reverse("admin:stories_politician_change", args=[winner.pk])
    message = format_html(
        '“{}” was merged into <a href="{}">{}</a>. You can undo that below.', loser, address, winner
    )
    messages.success(request, message)
    return HttpResponseRedirect(here)


@require_POST
def distinct(request: HttpRequest) -> HttpResponse:
    """Record that two people are different, so that they are not suggested again."""
    _allowed(request, merging.MERGE)
    first, second = (get_object_or_404(Politician, pk=_number(request, name)) for name in ("first", "second"))
    try:
        merging.say_distinct(first=first, second=second, by=user_of(request))
    except NotReady as problem:
        messages.error(request, " ".join(problem.reasons))
    else:
        messages.success(request, f"{first} and {second} are two people. They are not suggested again.")
    return HttpResponseRedirect(reverse("desk:people"))


@require_POST
def unmerge_people(request: HttpRequest) -> HttpResponse:
    """Undo a merge of two people."""
    _allowed(request, merging.MERGE)
    merge = get_object_or_404(PersonMerge, pk=_number(request, "merge"))

    def unmerge() -> tuple[str, list[str]]:
        loser = merging.unmerge(merge=merge, by=user_of(request))
        done = f"The merge is undone: {loser} and {merge.winner} are two records again."
        return done, merge.moved["stayed"]

    take_back(request, unmerge)
    return HttpResponseRedirect(reverse("desk:people"))


def topics(request: HttpRequest) -> HttpResponse:
    """Merge two topics. Below are topics with similar names."""
    _allowed(request, tagging.CHANGE)
    if request.method == "POST":
        return _merge_topics(request)
    chosen = {name: request.GET.get(name) for name in ("tag", "into")}
    form = TwoTopicsForm(chosen if all(chosen.values()) else None)
    plan = None
    if form.is_bound and form.is_valid():
        plan = form.cleaned_data | {"number": TaggedItem.objects.filter(tag=form.cleaned_data["tag"]).count()}
    elif form.is_bound:
        form = TwoTopicsForm()
    context = {
        **admin.site.each_context(request),
        "title": "Merge topics",
        "form": form,
        "media": form.media,
        "plan": plan,
        "pairs": _by_use(duplicates.topics()[:SHOWN]),
        "merges": Act.objects.filter(verb=Act.Verb.TOPICS_MERGED, undone_at=None).select_related("by")[:20],
    }
    return TemplateResponse(request, "admin/desk/merge_topics.html", context)


@require_POST
def unmerge_topics(request: HttpRequest) -> HttpResponse:
    """Undo a merge of two topics."""
    _allowed(request, tagging.CHANGE)
    merge = get_object_or_404(Act, verb=Act.Verb.TOPICS_MERGED, pk=_number(request, "merge"))

    def unmerge() -> tuple[str, list[str]]:
        tag = tagging.unmerge(merge=merge, by=user_of(request))
        desk_log.note(by=user_of(request), row=tag, words=f"Undid the merge of the topic {merge.what}.")
        return f"The merge is undone: “{tag}” is a topic of its own again.", merge.changes["stayed"]

    take_back(request, unmerge)
    return HttpResponseRedirect(reverse("desk:topics"))


def _by_use(pairs: list[tuple[Tag, Tag]]) -> list[list[Tag]]:
    """Return each pair with `uses` set on both topics, the less used one first: it would be merged."""
    tags = [tag for pair in pairs for tag in pair]
    uses = dict(TaggedItem.objects.filter(tag__in=tags).order_by().values_list("tag").annotate(Count("pk")))
    for tag in tags:
        tag.uses = uses.get(tag.pk, 0)
    return [sorted(pair, key=lambda tag: tag.uses) for pair in pairs]


def _merge_topics(request: HttpRequest) -> HttpResponse:
    form = TwoTopicsForm(request.POST)
    here = reverse("desk:topics")
    if not form.is_valid():
        messages.error(request, "Choose two topics.")
        return HttpResponseRedirect(here)
    tag, into = form.cleaned_data["tag"], form.cleaned_data["into"]
    name = tag.name
    try:
        done = tagging.merge(tag=tag, into=into, by=user_of(request))
    except NotReady as problem:
        messages.error(request, " ".join(problem.reasons))
    else:
        messages.success(
            request,
            f"“{name}” was merged into “{into.name}”: {done.moved} moved, {done.doubled} had both. "
            "Its old address redirects there. You can undo that below.",
        )
    return HttpResponseRedirect(here)


def _pair(first: Any, second: Any, why: str) -> dict[str, Any]:
    """Propose the record with more claims (`claims_count`) as the one that stays."""
    winner, loser = sorted((first, second), key=lambda person: (-person.claims_count, person.pk))
    return {"winner": winner, "loser": loser, "why": why}


def _allowed(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _number(request: HttpRequest, name: str) -> int:
    return row_number(request.POST.get(name)) or 0
