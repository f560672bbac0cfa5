"""Outlets: their list and form, and the page where two are merged."""

from typing import Any, Protocol

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from stories.actions import outlets
from stories.actions.errors import NotReady
from stories.admin.base import DeskAdmin, row_number, take_back
from stories.admin.form_state import user_of
from stories.admin.generics import ModelForm, TabularInline
from stories.admin.widgets import complete_like
from stories.models import Act, ClaimHeading, Outlet, OutletName
from stories.text.normalise import outlet_key

NO_LETTER = "A name has a letter or a figure in it."


class WithClaimCount(Protocol):
    """An outlet of the changelist's queryset."""

    claims_count: int


class NameForm(ModelForm[Any]):
    """A name that no other outlet has; of the outlet itself, or another by which it is printed."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not (key := outlet_key(name)):
            raise forms.ValidationError(NO_LETTER)
        own = self.instance.pk if isinstance(self.instance, Outlet) else self.instance.outlet_id
        taken = OutletName.objects.filter(key=key).exclude(outlet=own).select_related("outlet").first()
        if taken is not None:
            raise forms.ValidationError(f"{taken.outlet} already has that name; merge the two instead.")
        return name


class OutletNameInline(TabularInline[OutletName, Outlet]):
    """The other names that an outlet is printed by."""

    model = OutletName
    form = NameForm
    extra = 1
    fields = ("name",)
    verbose_name_plural = "Other names: what stories print of them is filed here"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutletName]:
        return super().get_queryset(request).exclude(key=F("outlet__key"))


@admin.register(Outlet)
class OutletAdmin(DeskAdmin[Outlet]):
    """Outlets, each with its other names."""

    form = NameForm
    allow_revert = False  # a name may be another outlet's by now
    inlines = (OutletNameInline,)
    list_display = ("name", "kind", "claims_made")
    list_filter = ("kind",)
    search_fields = ("name", "names__name")
    search_help_text = "A name, or one of the other names."
    fields = ("name", "kind", "website", "slug")
    actions = ("merge_two",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outlet]:
        found = super().get_queryset(request)
        if request.path.endswith("/autocomplete/"):
            return found
        told = ClaimHeading.objects.published().filter(outlet=OuterRef("pk")).order_by().values("outlet")
        return found.annotate(claims_count=Coalesce(Subquery(told.annotate(n=Count("pk")).values("n")), 0))

    @admin.display(description="claims readers see", ordering="claims_count")
    def claims_made(self, outlet: WithClaimCount) -> int:
        return outlet.claims_count

    def save_model(self, request: HttpRequest, obj: Outlet, form: Any, change: bool) -> None:
        outlets.put_on_record(outlet=obj)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(outlets.CHANGE)

    @admin.action(description="Merge two records of one outlet", permissions=["merge"])
    def merge_two(self, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponse | None:
        """Redirect to the merge page for two selected records; the one with more claims stays."""
        numbers = list(chosen.order_by("-claims_count", "pk").values_list("pk", flat=True)[:3])
        if len(numbers) != 2:
            self.message_user(request, "Choose two records.", messages.ERROR)
            return None
        return HttpResponseRedirect(_merging(numbers[0], numbers[1]))


def _merging(winner: int, loser: int) -> str:
    return f"{reverse('desk:outlets')}?{urlencode({'winner': winner, 'loser': loser})}"


class TwoOutletsForm(forms.Form):
    """The outlet that is merged and the one that stays."""

    loser = forms.ModelChoiceField(Outlet.objects.all(), label="Merge this outlet")
    winner = forms.ModelChoiceField(Outlet.objects.all(), label="Into this outlet, which stays")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            complete_like(field, OutletName._meta.get_field("outlet"))


def merge(request: HttpRequest) -> HttpResponse:
    """Merge two outlets: choose them, see what would change, confirm. Below, words that are no outlet yet."""
    _allowed(request)
    if request.method == "POST":
        return _merge(request)
    form = TwoOutletsForm(request.GET) if "winner" in request.GET else TwoOutletsForm()
    plan = None
    if form.is_bound and form.is_valid():
        try:
            plan = outlets.plan(**form.cleaned_data)
        except NotReady as problem:
            messages.error(request, " ".join(problem.reasons))
    elif form.is_bound:  # the autocomplete widget fails on a value that is no primary key
        form = TwoOutletsForm()
    context = {
        **admin.site.each_context(request),
        "title": "Merge outlets",
        "form": form,
        "media": form.media,
        "plan": plan,
        "words": outlets.of_nobody(),
        "merges": Act.objects.filter(verb=Act.Verb.OUTLETS_MERGED, undone_at=None).select_related("by")[:20],
    }
    return TemplateResponse(request, "admin/desk/merge_outlets.html", context)


def _merge(request: HttpRequest) -> HttpResponse:
    form = TwoOutletsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose two outlets that are on record.")
    else:
        winner, loser = form.cleaned_data["winner"], form.cleaned_data["loser"]
        try:
            outlets.merge(winner=winner, loser=loser, by=user_of(request))
        except NotReady as problem:
            messages.error(request, " ".join(problem.reasons))
        else:
            done = f"“{loser}” was merged into “{winner}”. Its old address redirects there."
            messages.success(request, f"{done} You can undo that below.")
    return HttpResponseRedirect(reverse("desk:outlets"))


@require_POST
def unmerge(request: HttpRequest) -> HttpResponse:
    """Undo a merge of two outlets."""
    _allowed(request)
    number = row_number(request.POST.get("merge")) or 0
    act = get_object_or_404(Act, verb=Act.Verb.OUTLETS_MERGED, pk=number)

    def undo() -> tuple[str, list[str]]:
        outlet = outlets.unmerge(merge=act, by=user_of(request))
        return f"The merge is undone: “{outlet}” is an outlet of its own again.", act.changes["stayed"]

    take_back(request, undo)
    return HttpResponseRedirect(reverse("desk:outlets"))


def _allowed(request: HttpRequest) -> None:
    if not request.user.has_perm(outlets.CHANGE):
        raise PermissionDenied
