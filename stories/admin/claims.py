"""Admin of claims, appearances, evidence, contradictions, and of their logs."""

from typing import Any, ClassVar, Protocol

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stories import search
from stories.actions import locking
from stories.actions.claims import (
    contradictions,
    creation,
    placing,
    ratings_and_corrections,
    review,
    review_feedback,
)
from stories.admin.actions import ACTIONS, TAGGED, action_urls, confirmed_action
from stories.admin.base import (
    FORM_FIELDS,
    DeskAdmin,
    ReadOnly,
    ReadOnlyAdmin,
    badge,
    empty_field_filter,
    row_number,
)
from stories.admin.form_state import state_of, user_of
from stories.admin.generics import ModelAdmin, ModelForm, TabularInline
from stories.admin.near_claims import near_context, settled_context
from stories.admin.shared_editing import SharedEditing
from stories.admin.widgets import choose_person
from stories.models import (
    Appearance,
    Article,
    Claim,
    Contradiction,
    Evidence,
    Politician,
    QuotationChange,
    VerdictChange,
)
from stories.models.claims import wording_key
from stories.templatetags.desk import rule_in_words

MOST_WORDS = 20  # of a search among people's names
CLAIM = (
    "wording",
    "speaker",
    "speaker_label",
    "stance",
    "verb",
    "kind",
    "said_on",
    "about",
    "tags",
    "own_topics_only",
)
VERDICT = ("rating", "rating_summary", "explanation", "methodology")


class WithPrintedCount(Protocol):
    """A claim of the changelist's queryset."""

    printed_in: int


class AnchorFilter(admin.SimpleListFilter):
    """Filter claims by the state of their anchors."""

    title = "words in the story"
    parameter_name = "anchor"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Claim]) -> list[tuple[str, str]]:
        return [("ambiguous", "Ambiguous"), ("lost", "Lost"), ("nowhere", "In no story")]

    def queryset(self, request: HttpRequest, claims: QuerySet[Claim]) -> QuerySet[Claim]:
        if self.value() in ("ambiguous", "lost"):
            return claims.filter(pk__in=Appearance.objects.filter(state=self.value()).values("claim"))
        if self.value() == "nowhere":
            return claims.filter(appearances__isnull=True)
        return claims


class ReadFilter(admin.SimpleListFilter):
    """Filter claims that were accepted without being read."""

    title = "read by an editor"
    parameter_name = "read"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Claim]) -> list[tuple[str, str]]:
        return [("no", "Accepted unread")]

    def queryset(self, request: HttpRequest, claims: QuerySet[Claim]) -> QuerySet[Claim]:
        return claims.filter(pk__in=Claim.objects.unread().values("pk")) if self.value() == "no" else claims


class ClaimForm(ModelForm[Claim]):
    """A claim; it needs a speaker or a label, and a rating needs a summary."""

    class Meta:
        model = Claim
        fields = ()  # the admin's fieldsets choose
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "wording": forms.Textarea(attrs={"rows": 3}),
            "methodology": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (
            "speaker" in self.fields
            and not data.get("speaker")
            and not (data.get("speaker_label") or "").strip()
        ):
            self.add_error("speaker", "Say who said it: a person, or a label such as “a party source”.")
        self._refuse_duplicate(data)
        if data.get("rating") and not (data.get("rating_summary") or "").strip():
            self.add_error("rating_summary", "Say in a sentence why; readers see it beside the verdict.")
        return data

    def _refuse_duplicate(self, data: dict[str, Any]) -> None:
        """Refuse wording that the speaker has in another claim, with a link to it.

        Only a new speaker is allowed to cause a duplicate: the two claims are then merged.
        """
        speaker = data.get("speaker", self.instance.speaker)
        moved = self.instance.pk and "speaker" in self.changed_data and "wording" not in self.changed_data
        if speaker is None or moved or not data.get("wording"):
            return
        key = wording_key(data["wording"], data.get("stance", self.instance.stance))
        same = Claim.objects.filter(speaker=speaker, wording_key=key).exclude(pk=self.instance.pk)
        if double := same.first():
            address = reverse("admin:stories_claim_change", args=[double.pk])
            said = format_html('{} has <a href="{}">these words on record</a> already.', speaker, address)
            self.add_error("wording", said)


class AppearanceOfClaimInline(ReadOnly, TabularInline[Appearance, Claim]):
    """The claim's appearances."""

    model = Appearance
    extra = 0
    verbose_name_plural = "Where it was printed"
    fields = ("story", "words", "anchor", "attribution", "outlet", "found")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        return (
            super().get_queryset(request).select_related("article").order_by("-article__published_at", "pk")
        )

    def get_view_on_site_url(self, obj: Appearance | None = None) -> str | None:
        """Return the place in a story that readers can see; no link leads to another."""
        return super().get_view_on_site_url(obj) if obj is not None and obj.article.is_public else None

    @admin.display(description="story")
    def story(self, appearance: Appearance) -> SafeString:
        address = reverse("admin:stories_article_change", args=[appearance.article_id])
        return format_html('<a href="{}">{}</a>', address, appearance.article.headline)

    @admin.display(description="words")
    def words(self, appearance: Appearance) -> SafeString:
        return format_html(
            '<span class="quiet">{}</span><mark>{}</mark><span class="quiet">{}</span>',
            appearance.prefix,
            appearance.exact,
            appearance.suffix,
        )

    @admin.display(description="words in the story")
    def anchor(self, appearance: Appearance) -> SafeString:
        kind = "kept" if appearance.state in Appearance.IN_PLACE else "adrift"
        return badge(kind, appearance.get_state_display())

    @admin.display(description="found by")
    def found(self, appearance: Appearance) -> SafeString:
        found = appearance.get_found_by_display()
        if appearance.confidence is not None:
            found = f"Pattern: {rule_in_words(appearance.rule)}; {appearance.confidence:.0%} sure."
        address = reverse("desk:why", args=[appearance.pk])
        return format_html('{} <a class="why-link" href="{}">Why this speaker</a>', found, address)


class EvidenceInline(TabularInline[Evidence, Claim]):
    """The evidence for a verdict."""

    model = Evidence
    extra = 0
    formfield_overrides = FORM_FIELDS


class VerdictChangeInline(ReadOnly, TabularInline[VerdictChange, Claim]):
    """The log of the claim's verdicts."""

    model = VerdictChange
    extra = 0
    verbose_name_plural = "Verdicts so far"
    fields = readonly_fields = ("made_at", "rating", "summary", "by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[VerdictChange]:
        return super().get_queryset(request).select_related("by")


@admin.register(Claim)
class ClaimAdmin(DeskAdmin[Claim]):
    """Claims: changelist, form, review actions and rating."""

    allow_revert = False  # decisions are undone by actions
    form = ClaimForm
    change_form_template = "admin/stories/claim/change_form.html"
    inlines = (AppearanceOfClaimInline, EvidenceInline, VerdictChangeInline)
    list_display = ("short", "speaker_line", "state_badge", "verdict", "said_on", "kind", "printed")
    list_filter = ("state", ReadFilter, "stance", "rating", "kind", AnchorFilter)
    list_select_related = ("speaker",)
    search_fields = ("wording", "speaker__name", "speaker_label")  # looked up in get_search_results
    search_help_text = "Words of the claim, or who said it."
    date_hierarchy = "said_on"
    ordering = ("-said_on", "-pk")  # the order of an index
    readonly_fields = ("state_badge", "checked_by", "checked_at", "reviewed_by", "reviewed_at")
    # A verdict is about these words by this speaker: concurrent changes to them conflict.
    together = (("wording", "speaker", "speaker_label", "rating", "rating_summary"),)
    actions = (
        confirmed_action(ACTIONS[Claim, "accept"], "Accept"),
        confirmed_action(ACTIONS[Claim, "reject"], "Reject"),
        confirmed_action(ACTIONS[Claim, "reopen"], "Back to review"),
        confirmed_action(ACTIONS[Claim, "tag"], "Add topics"),
        confirmed_action(ACTIONS[Claim, "untag"], "Remove topics"),
    )
    fieldsets = (
        (None, {"fields": CLAIM}),
        ("Verdict", {"fields": VERDICT}),
        ("Review", {"fields": ("state_badge",)}),
    )

    # Permissions

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """Allow changes to an accepted or rejected claim only to those who may review."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or obj.state == Claim.State.PROPOSED or self.has_accept_permission(request)

    def has_accept_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(review.REVIEW)

    has_reject_permission = has_reopen_permission = has_accept_permission

    def has_tag_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(TAGGED[Claim])

    has_untag_permission = has_tag_permission

    def get_readonly_fields(self, request: HttpRequest, obj: Claim | None = None) -> tuple[str, ...]:
        fixed = list(self.readonly_fields)
        accepted = obj is not None and obj.state == Claim.State.ACCEPTED
        if not (accepted and request.user.has_perm("stories.rate_claim")):
            fixed += VERDICT
        if obj is not None and not self.has_accept_permission(request):
            fixed += ("speaker", "speaker_label", "stance", "verb")
        return tuple(fixed)

    def get_fieldsets(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        """Show the verdict once there may be one, and who gave it and who reviewed once somebody has."""
        if obj is None:
            return self.fieldsets[:1]
        fixed = self.get_readonly_fields(request, obj)
        fields = {heading: [*options["fields"]] for heading, options in self.fieldsets}
        fields["Verdict"] = [name for name in VERDICT if name not in fixed or getattr(obj, name)]
        fields["Verdict"] += [name for name in ("checked_by", "checked_at") if getattr(obj, name)]
        fields["Review"] += [name for name in ("reviewed_by", "reviewed_at") if getattr(obj, name)]
        return [(heading, {"fields": names}) for heading, names in fields.items() if names]

    def get_inlines(self, request: HttpRequest, obj: Claim | None) -> tuple[Any, ...]:
        return self.inlines if obj is not None else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "speaker":
            choose_person(field, db_field, beside={"label": "id_speaker_label"})
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "about":
            choose_person(field, db_field)
        return field

    # Changelist

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        printed = Appearance.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
        return (
            super()
            .get_queryset(request)
            .annotate(printed_in=Coalesce(Subquery(printed.annotate(n=Count("pk")).values("n")), 0))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        """Find claims with all the words, and claims by people with all the words in their name.

        Words are looked up in the search index, which also has claims that wait for review.
        """
        if not search_term.strip():
            return queryset, False
        if not search.Query.parse(search_term):
            return queryset.none(), False
        people = Politician.objects.order_by()
        for word in search_term.split()[:MOST_WORDS]:
            people = people.filter(name__icontains=word)
        claims = Claim.objects.order_by()
        worded = search.narrowed(claims, search_term, kind="claim", begun=True).values("pk")
        said = claims.filter(speaker__in=people.values("pk")).values("pk")
        return queryset.filter(pk__in=worded.union(said)), False

    @admin.display(description="claim", ordering="wording")
    def short(self, claim: Claim) -> str:
        return f"“{claim.short_wording}”"

    @admin.display(description="speaker", ordering="speaker__sort_name")
    def speaker_line(self, claim: Claim) -> str:
        return claim.speaker_name

    @admin.display(description="review", ordering="state")
    def state_badge(self, claim: Claim) -> SafeString:
        if claim.state == Claim.State.ACCEPTED and not claim.is_read:
            return badge("proposed", "Accepted unread")
        return badge(claim.state, claim.get_state_display())

    @admin.display(description="verdict", ordering="rating")
    def verdict(self, claim: Claim) -> SafeString | str:
        return badge(f"rating-{claim.rating}", claim.get_rating_display()) if claim.rating else "–"

    @admin.display(description="printed in", ordering="printed_in")
    def printed(self, claim: WithPrintedCount) -> int:
        return claim.printed_in

    # Change form

    def lock(self, request: HttpRequest, pk: Any) -> None:
        """Lock the claim, the chosen speaker, and that speaker's claim with the same words.

        The two claims may be merged by the save.
        """
        if claim := Claim.objects.filter(pk=pk).first():
            chosen = row_number(request.POST.get("speaker"))
            speaker = Politician.objects.filter(pk=chosen).first() if chosen else None
            same = review.same_words(claim, speaker)
            locking.hold(claims=[claim, *same], people=[speaker])

    def lock_to_delete(self, rows: QuerySet[Claim]) -> None:
        locking.hold(claims=rows)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Claim | None = None,
    ) -> HttpResponse:
        if obj is not None and self.has_accept_permission(request):
            names = {
                "proposed": ("accept", "reject"),
                "accepted": ("reject", "reopen"),
                "rejected": ("accept", "reopen"),
            }
            unread = obj.state == Claim.State.ACCEPTED and not obj.is_read
            verbs = ("accept", *names[obj.state]) if unread else names[obj.state]
            context["actions"] = [ACTIONS[Claim, name] for name in verbs]
            context["near_url"] = reverse("desk:near", args=[obj.pk])
            context |= near_context(obj) | settled_context(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Claim, form: ClaimForm, change: bool) -> None:
        if not change:
            creation.record(claim=obj, by=user_of(request))
        elif plain := creation.PLAIN & set(form.changed_data):
            creation.amend(claim=obj, fields=plain, by=user_of(request))

    def save_related(self, request: HttpRequest, form: ClaimForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        state_of(request).merged_into = None
        if not change:
            return
        changed = set(form.changed_data)
        rated = self._rate(request, form) if changed & set(VERDICT) else ratings_and_corrections.Rated(None)
        if changed & {"speaker", "speaker_label"}:
            self._reassign(request, form)
        self._report_drafts(request, rated)

    def _rate(self, request: HttpRequest, form: ClaimForm) -> ratings_and_corrections.Rated:
        data = form.cleaned_data
        return ratings_and_corrections.rate(
            claim=form.instance,
            by=user_of(request),
            rating=data["rating"],
            summary=data["rating_summary"],
            explanation=data["explanation"],
            methodology=data["methodology"],
        )

    def _report_drafts(self, request: HttpRequest, rated: ratings_and_corrections.Rated) -> None:
        if rated.dropped:
            messages.info(
                request,
                "The verdict is what it was: the correction drafted for "
                f"{_stories(rated.dropped)} is no longer needed and is gone.",
            )
        if rated.drafts:
            address = f"{reverse('admin:stories_correction_changelist')}?made_at__isempty=1"
            messages.warning(
                request,
                format_html(
                    'The verdict changed. <a href="{}">The correction drafted for {}</a> says so. '
                    "Readers see it when an editor publishes it.",
                    address,
                    _stories(len(rated.drafts)),
                ),
            )

    def _reassign(self, request: HttpRequest, form: ClaimForm) -> None:
        speaker, label = form.cleaned_data["speaker"], form.cleaned_data["speaker_label"]
        claim = Claim.objects.get(pk=form.instance.pk)
        who = {"speaker": speaker} if speaker else {"speaker_label": label}
        survivor = review_feedback.reassign(claim=claim, by=user_of(request), **who)
        if survivor.pk != claim.pk:
            state_of(request).merged_into = survivor
            messages.warning(
                request, f"{speaker} had these words on record already: the two claims were merged."
            )

    def response_change(self, request: HttpRequest, obj: Claim) -> HttpResponse:
        if survivor := state_of(request).merged_into:
            return HttpResponseRedirect(reverse("admin:stories_claim_change", args=[survivor.pk]))
        return super().response_change(request, obj)

    def get_urls(self) -> list[URLPattern]:
        return [*action_urls(self), *super().get_urls()]


def _stories(number: int) -> str:
    return "the story that prints it" if number == 1 else f"each of the {number} stories that print it"


@admin.register(Appearance)
class AppearanceAdmin(DeskAdmin[Appearance]):
    """Claims in stories. How one is attributed, and whether it stays, is changed here at once: readers of a
    published story see it, whose own form keeps its changes until they are published.
    """

    allow_revert = False
    list_display = ("words", "claim_speaker", "article", "anchor", "outlet", "pattern", "sure")
    list_filter = ("state", "kind", "found_by")
    list_select_related = ("claim__speaker", "article")
    search_fields = ("exact", "article__headline", "claim__speaker__name", "outlet")
    fields = ("words", "claim", "article", *placing.ATTRIBUTION, "anchor", "pattern", "sure", "why")
    readonly_fields = tuple(name for name in fields if name not in placing.ATTRIBUTION)
    change_form_template = "admin/stories/appearance/change_form.html"

    def has_add_permission(self, request: HttpRequest, obj: Appearance | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Appearance | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_handle(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Appearance | None = None) -> bool:
        return obj is not None and (
            super().has_delete_permission(request, obj) and self._may_handle(request, obj)
        )

    @staticmethod
    def _may_handle(request: HttpRequest, obj: Appearance | None) -> bool:
        return obj is None or placing.may_handle(article=obj.article, claim=obj.claim, by=user_of(request))

    def lock(self, request: HttpRequest, pk: Any) -> None:
        locking.hold(stories=list(Article.objects.filter(appearances=pk)))
        super().lock(request, pk)

    def lock_to_delete(self, rows: QuerySet[Appearance]) -> None:
        locking.hold(stories=list(Article.objects.filter(appearances__in=rows).distinct()))
        super().lock_to_delete(rows)

    def save_model(
        self, request: HttpRequest, obj: Appearance, form: ModelForm[Appearance], change: bool
    ) -> None:
        if changed := self.changed_columns(form):
            placing.attribute(appearance=obj, fields=changed, by=user_of(request))

    def delete_model(self, request: HttpRequest, obj: Appearance) -> None:
        creation.take_out(appearance=obj, by=user_of(request))

    @admin.display(description="why this speaker")
    def why(self, appearance: Appearance) -> SafeString:
        return format_html(
            '<a class="why-link" href="{}">Why this speaker</a>', reverse("desk:why", args=[appearance.pk])
        )

    @admin.display(description="words", ordering="exact")
    def words(self, appearance: Appearance) -> str:
        return f"“{appearance.exact[:90]}{'…' if len(appearance.exact) > 90 else ''}”"

    @admin.display(description="speaker", ordering="claim__speaker__sort_name")
    def claim_speaker(self, appearance: Appearance) -> str:
        return appearance.claim.speaker_name

    @admin.display(description="words in the story", ordering="state")
    def anchor(self, appearance: Appearance) -> SafeString:
        kind = "kept" if appearance.state in Appearance.IN_PLACE else "adrift"
        return badge(kind, appearance.get_state_display())

    @admin.display(description="pattern", ordering="rule")
    def pattern(self, appearance: Appearance) -> str:
        return "–" if appearance.confidence is None else rule_in_words(appearance.rule)

    @admin.display(description="sure", ordering="confidence")
    def sure(self, appearance: Appearance) -> str:
        return "–" if appearance.confidence is None else f"{appearance.confidence:.0%}"


@admin.register(Evidence)
class EvidenceAdmin(DeskAdmin[Evidence]):
    """Evidence for verdicts."""

    list_display = ("title", "url", "claim")
    list_select_related = ("claim__speaker",)
    search_fields = ("title", "url", "note")
    autocomplete_fields = ("claim",)
    fields = ("claim", "url", "title", "note")

    def lock_to_delete(self, rows: QuerySet[Evidence]) -> None:
        locking.hold(claims=Claim.objects.filter(evidence__in=rows))
        super().lock_to_delete(rows)


@admin.register(VerdictChange)
class VerdictChangeAdmin(ReadOnlyAdmin[VerdictChange]):
    """The log of verdicts."""

    list_display = ("made_at", "rating", "claim", "summary", "by")
    list_filter = ("rating",)
    list_select_related = ("claim__speaker", "by")
    date_hierarchy = "made_at"
    search_fields = ("summary", "claim__wording", "claim__speaker__name")
    list_per_page = 50
    show_full_result_count = False


@admin.register(QuotationChange)
class QuotationChangeAdmin(ReadOnlyAdmin[QuotationChange]):
    """The log of changed words in quotations, with the reasons given."""

    list_display = ("made_at", "article", "old", "new", "reason", "by")
    list_select_related = ("article", "by", "claim__speaker")
    date_hierarchy = "made_at"
    search_fields = ("old", "new", "reason", "article__headline")
    list_per_page = 50
    show_full_result_count = False


class ContradictionForm(ModelForm[Contradiction]):
    """A pair of claims, stored with the lower primary key first."""

    confirmed = forms.BooleanField(
        required=False, help_text="Readers see the pair on both claims once it is confirmed."
    )

    class Meta:
        model = Contradiction
        fields = ("first", "second", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["confirmed"] = self.instance.confirmed_at is not None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, second = data.get("first"), data.get("second")
        if first and first == second:
            self.add_error("second", "A claim cannot contradict itself.")
        elif first and second:  # the order in which pairs are stored, for the check of uniqueness
            data["first"], data["second"] = sorted((first, second), key=lambda claim: claim.pk)
        return data


@admin.register(Contradiction)
class ContradictionAdmin(SharedEditing[Contradiction]):
    """Pairs of contradicting claims; readers see confirmed ones."""

    form = ContradictionForm
    list_display = ("first", "second", "confirmed")
    list_filter = (("confirmed_at", empty_field_filter("confirmed", empty="Not yet", full="Confirmed")),)
    list_select_related = ("first__speaker", "second__speaker")
    search_fields = ("first__wording", "second__wording", "note")
    autocomplete_fields = ("first", "second")
    fields = ("first", "second", "note", "confirmed")
    together = (fields,)  # the confirmation is of all of them
    list_per_page = 50
    show_full_result_count = False

    @admin.display(description="confirmed", boolean=True, ordering="confirmed_at")
    def confirmed(self, pair: Contradiction) -> bool:
        return pair.confirmed_at is not None

    def save_model(
        self, request: HttpRequest, obj: Contradiction, form: ContradictionForm, change: bool
    ) -> None:
        contradictions.save(pair=obj, confirmed=form.cleaned_data["confirmed"], by=user_of(request))

    def lock(self, request: HttpRequest, pk: Any) -> None:
        """Lock the claims first: those of the pair, and those chosen in the form."""
        chosen = [row_number(request.POST.get(name)) for name in ("first", "second")]
        either = Q(contradictions_first=pk) | Q(contradictions_second=pk) | Q(pk__in=filter(None, chosen))
        locking.hold(claims=Claim.objects.filter(either))
        super().lock(request, pk)

    def lock_to_delete(self, rows: QuerySet[Contradiction]) -> None:
        either = Q(contradictions_first__in=rows) | Q(contradictions_second__in=rows)
        locking.hold(claims=Claim.objects.filter(either))
        super().lock_to_delete(rows)
