"""Admin of politicians and parties, of pairs that are not duplicates, and of former slugs."""

from typing import Any, Protocol

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from stories.actions import adoption, locking
from stories.actions.claims import review
from stories.actions.people import confirmation, merging
from stories.admin.actions import ACTIONS, action_urls, confirmed_action
from stories.admin.base import DeskAdmin, ReadOnlyAdmin
from stories.admin.form_state import user_of
from stories.admin.generics import ModelAdmin, ModelForm, TabularInline
from stories.models import (
    Claim,
    DistinctPair,
    FormerSlug,
    Identifier,
    Membership,
    OtherName,
    Party,
    PersonMerge,
    Politician,
)


class WithClaimCount(Protocol):
    """A politician of the changelist's queryset."""

    claims_count: int


class WithPeopleCount(Protocol):
    """A party of the changelist's queryset."""

    people_count: int


class MergedFilter(admin.SimpleListFilter):
    """Filter by whether a record was merged into another; by default current records are listed."""

    title = "record"
    parameter_name = "record"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Politician]) -> list[tuple[str, str]]:
        return [("merged", "Merged into another"), ("all", "All, merged too")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Current"}
        yield from others

    def queryset(self, request: HttpRequest, people: QuerySet[Politician]) -> QuerySet[Politician]:
        match self.value():
            case "all":
                return people
            case "merged":
                return people.filter(merged_into__isnull=False)
        return people.filter(merged_into__isnull=True)


class OtherNameInline(TabularInline[OtherName, Politician]):
    """Other and former names."""

    model = OtherName
    extra = 0
    fields = ("name", "note", "start_date", "end_date")


class IdentifierInline(TabularInline[Identifier, Politician]):
    """Identifiers in other registers."""

    model = Identifier
    extra = 0


class MembershipInline(TabularInline[Membership, Politician]):
    """Offices and memberships with their dates."""

    model = Membership
    extra = 0
    fields = ("role", "party", "body", "start_date", "end_date")
    autocomplete_fields = ("party",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("party")


class PoliticianForm(ModelForm[Politician]):
    """A politician; a portrait needs alternative text."""

    class Meta:
        model = Politician
        fields = ()  # the admin's fieldsets choose

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("portrait") and not (data.get("portrait_alt") or "").strip():
            self.add_error("portrait_alt", "Say what the picture shows, for readers who cannot see it.")
        return data


@admin.register(Politician)
class PoliticianAdmin(DeskAdmin[Politician]):
    """Politicians."""

    form = PoliticianForm
    inlines = (OtherNameInline, MembershipInline, IdentifierInline)
    list_display = ("name", "party", "role", "confirmed", "claims_made")
    list_filter = (MergedFilter, "confirmed")
    list_select_related = ("party",)
    search_fields = ("name", "other_names__name", "role")
    search_help_text = "A name, one of the other names, or an office."
    autocomplete_fields = ("party",)
    readonly_fields = ("merged",)
    watched = ("merged_into",)
    actions = (
        confirmed_action(ACTIONS[Politician, "confirm"], "Confirm the record (readers see it)"),
        confirmed_action(ACTIONS[Politician, "unconfirm"], "Unconfirm the record (readers do not see it)"),
        "merge_two",
    )
    fieldsets = (
        (None, {"fields": ("name", "party", "role", "summary", "confirmed", "merged")}),
        ("Portrait", {"fields": ("portrait", "portrait_alt", "portrait_credit")}),
        ("Address and order", {"fields": ("slug", "sort_name")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Politician]:
        people = super().get_queryset(request)
        if request.path.endswith("/autocomplete/"):
            return people  # autocomplete shows no counts
        made = Claim.objects.filter(speaker=OuterRef("pk")).order_by().values("speaker")
        return people.annotate(claims_count=Coalesce(Subquery(made.annotate(n=Count("pk")).values("n")), 0))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Politician], search_term: str
    ) -> tuple[QuerySet[Politician], bool]:
        """Leave merged records out of autocomplete."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)

    def has_change_permission(self, request: HttpRequest, obj: Politician | None = None) -> bool:
        """Refuse for a record that was merged into another: that one is the person's.

        A form that was opened before the merge is taken: it comes back with what was typed, and tells of it.
        """
        merged = obj is not None and obj.merged_into_id is not None and request.method != "POST"
        return super().has_change_permission(request, obj) and not merged

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Politician | None = None,
    ) -> HttpResponse:
        if obj is not None and obj.merged_into_id is not None:
            merges = PersonMerge.objects.filter(loser=obj, undone_at=None).select_related("winner", "by")
            context["merge"] = merges.first()
            context["may_unmerge"] = self.has_merge_permission(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Politician, form: Any, change: bool) -> None:
        """Write nothing to a record that was merged into another. Raises PermissionDenied."""
        if obj.merged_into_id is not None:
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if adoption.adopt(person=form.instance, by=user_of(request)):
            self.message_user(request, "Given what imports had filed under the name.", messages.INFO)

    def delete_model(self, request: HttpRequest, obj: Politician) -> None:
        review.keep_names([obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Politician]) -> None:
        review.keep_names(queryset)
        super().delete_queryset(request, queryset)

    def lock_to_delete(self, rows: QuerySet[Politician]) -> None:
        said = Claim.objects.filter(Q(speaker__in=rows) | Q(about__in=rows)).values("pk")
        locking.hold(people=rows, claims=Claim.objects.filter(pk__in=said))

    @admin.display(description="claims", ordering="claims_count")
    def claims_made(self, person: WithClaimCount) -> int:
        return person.claims_count

    @admin.display(description="merged into")
    def merged(self, person: Politician) -> SafeString | str:
        if person.merged_into is None:
            return "–"
        return format_html('<a href="../../{}/change/">{}</a>', person.merged_into_id, person.merged_into)

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(confirmation.CHANGE)

    has_unconfirm_permission = has_confirm_permission

    def get_urls(self) -> list[URLPattern]:
        return [*action_urls(self), *super().get_urls()]

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(merging.MERGE)

    @admin.action(description="Merge two records of one person", permissions=["merge"])
    def merge_two(self, request: HttpRequest, people: QuerySet[Any]) -> HttpResponse | None:
        """Redirect to the merge page for two selected records; the one with more claims stays."""
        numbers = list(people.order_by("-claims_count", "pk").values_list("pk", flat=True)[:3])
        if len(numbers) != 2:
            self.message_user(request, "Choose two records.", messages.ERROR)
            return None
        query = urlencode({"winner": numbers[0], "loser": numbers[1]})
        return HttpResponseRedirect(f"{reverse('desk:people')}?{query}")


@admin.register(Party)
class PartyAdmin(DeskAdmin[Party]):
    """Parties."""

    list_display = ("name", "short_name", "mark", "people")
    search_fields = ("name", "short_name")
    fields = ("name", "short_name", "colour", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Party]:
        return super().get_queryset(request).annotate(people_count=Count("politicians"))

    def lock_to_delete(self, rows: QuerySet[Party]) -> None:
        locking.hold(people=Politician.objects.filter(party__in=rows))
        super().lock_to_delete(rows)

    @admin.display(description="people", ordering="people_count")
    def people(self, party: WithPeopleCount) -> int:
        return party.people_count

    @admin.display(description="colour", ordering="colour")
    def mark(self, party: Party) -> SafeString | str:
        # An SVG attribute: the content security policy forbids inline styles.
        if not party.colour:
            return "–"
        return format_html(
            '<svg class="swatch" viewBox="0 0 1 1" aria-hidden="true">'
            '<rect width="1" height="1" fill="{0}"/></svg> {0}',
            party.colour,
        )


@admin.register(DistinctPair)
class DistinctPairAdmin(ModelAdmin[DistinctPair]):
    """Pairs recorded as different people. Deleting one lets the pair be suggested as duplicates again."""

    list_display = ("first", "second", "said_by", "said_at")
    list_select_related = ("first", "second", "said_by")
    search_fields = ("first__name", "second__name")
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DistinctPair | None = None) -> bool:
        return False


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnlyAdmin[FormerSlug]):
    """Former slugs, which redirect."""

    list_display = ("slug", "kind", "object_id", "since")
    list_filter = ("kind",)
    search_fields = ("slug",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormerSlug]:
        return super().get_queryset(request).exclude(kind__startswith="seen ")
