"""The inlines of a story's form: its claims, and new claims by their words in the body."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stories.actions import outlets
from stories.actions.claims import creation, placing, speakers
from stories.actions.stories import pending
from stories.admin.base import badge, row_number
from stories.admin.form_state import user_of
from stories.admin.generics import (
    BaseInlineFormSet,
    ModelChoiceField,
    ModelForm,
    StackedInline,
    TabularInline,
)
from stories.admin.widgets import choose_person
from stories.models import Appearance, Article, Claim, Politician
from stories.templatetags.desk import rule_in_words
from stories.text import richtext

SPEAKERS = ("speaker", "new_person", "speaker_label")  # one of them says who said it
BESIDE = {"new": "new_person", "namesake": "namesake", "label": "speaker_label"}  # what the box fills in
NOBODY = "Say who said it: a person, or a label."
CONTEXT = 40  # characters shown on each side of words that occur several times


class LoadedRowField(ModelChoiceField[Appearance]):
    """The primary key of an inline form, looked up in the formset's loaded rows: saves a query per row."""

    def __init__(self, rows: QuerySet[Appearance], **kwargs: Any) -> None:
        super().__init__(rows, **kwargs)
        self._rows = rows  # the field's own queryset is a copy, which would run the query again

    def to_python(self, value: Any) -> Appearance | None:
        return next((row for row in self._rows if str(row.pk) == str(value)), None)


class AppearanceForm(ModelForm[Appearance]):
    """A claim in the story; its pk is None if it was merged or removed since the page was opened."""

    def has_changed(self) -> bool:
        return self.instance.pk is not None and super().has_changed()


class AppearanceFormSet(BaseInlineFormSet[Appearance, Article, ModelForm[Appearance]]):
    """The claims in the story."""

    user: User

    def add_fields(self, form: ModelForm[Appearance], index: int | None) -> None:
        super().add_fields(form, index)
        # Ignore a row that is gone instead of refusing the save.
        form.empty_permitted = form.empty_permitted or form.instance.pk is None
        form.fields[Appearance._meta.pk.name] = LoadedRowField(
            self.get_queryset(), initial=form.instance.pk, required=False, widget=forms.HiddenInput
        )

    def save_existing(self, form: ModelForm[Appearance], obj: Appearance, commit: bool = True) -> Appearance:
        # Only typed columns: the row was read before it was re-anchored in the new text.
        obj.save(update_fields=[name for name in form.changed_data if name in (form._meta.fields or ())])
        outlets.file([obj.outlet])
        return obj

    def delete_existing(self, obj: Appearance, commit: bool = True) -> None:
        creation.take_out(appearance=obj, by=self.user)


class AppearanceInline(TabularInline[Appearance, Article]):
    """The claims in the story: attribution, outlet and kind can be changed."""

    model = Appearance
    form = AppearanceForm
    formset = AppearanceFormSet
    extra = 0
    verbose_name_plural = "How each claim is attributed: source, outlet, kind"
    fields = ("words", "speaker", "standing", *placing.ATTRIBUTION)
    readonly_fields = ("words", "speaker", "standing")
    show_change_link = False
    ordering = ("start",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse where readers see the story: its form's changes wait, and a claim's cannot."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_public)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_public)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.fields, "at_once") if obj and obj.is_public else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "at_once")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        return super().get_queryset(request).select_related("claim__speaker", "article")

    def get_formset(
        self, request: HttpRequest, obj: Article | None = None, **kwargs: Any
    ) -> type[AppearanceFormSet]:
        formset = cast(type[AppearanceFormSet], super().get_formset(request, obj, **kwargs))
        formset.user = user_of(request)
        return formset

    @admin.display(description="words")
    def words(self, appearance: Appearance) -> SafeString:
        return format_html(
            '<a class="claim-words" href="{}" data-start="{}" data-end="{}">“{}”</a>',
            reverse("admin:stories_claim_change", args=[appearance.claim_id]),
            appearance.start,
            appearance.end,
            " … ".join(selector.exact for selector in appearance.selectors),
        )

    @admin.display(description="readers see at once")
    def at_once(self, appearance: Appearance) -> SafeString:
        address = reverse("admin:stories_appearance_change", args=[appearance.pk])
        return format_html('<a href="{}">Change or take out …</a>', address)

    @admin.display(description="speaker")
    def speaker(self, appearance: Appearance) -> str:
        return appearance.claim.speaker_name

    @admin.display(description="status")
    def standing(self, appearance: Appearance) -> SafeString:
        claim = appearance.claim
        found = "by hand"
        if appearance.confidence is not None:
            found = f"{rule_in_words(appearance.rule)}, {appearance.confidence:.0%} sure"
        adrift = (
            "" if appearance.state in Appearance.IN_PLACE else badge("adrift", appearance.get_state_display())
        )
        return format_html(
            '{} {} <span class="quiet">{}</span>',
            badge(claim.state, claim.get_state_display()),
            adrift,
            found,
        )


class NewClaimForm(ModelForm[Appearance]):
    """A new claim by its words, which are searched in the body as it is being saved."""

    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="As they are in the body, with or without quotation marks.",
    )
    which = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=forms.HiddenInput)
    speaker = forms.ModelChoiceField(Politician.objects.current(), required=False)
    new_person = forms.CharField(
        label="or a new person", required=False, max_length=150, help_text="Gets a record of their own."
    )
    namesake = forms.BooleanField(required=False, widget=forms.HiddenInput)
    speaker_label = forms.CharField(
        label="or as the desk names them", required=False, max_length=200, help_text="“a party source”"
    )

    class Meta:
        model = Appearance
        fields = placing.ATTRIBUTION

    def __init__(self, *args: Any, article: Article, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        beside = {kind: f"id_{self.add_prefix(name)}" for kind, name in BESIDE.items()}
        choose_person(self.fields["speaker"], Claim._meta.get_field("speaker"), beside=beside)
        if by.has_perm(speakers.ADD):
            self.fields["speaker"].widget.attrs["data-may-add"] = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        named = [name for name in SPEAKERS if data.get(name)]
        if len(named) != 1 and "speaker" not in self.errors:
            self.add_error("speaker", "Say who said it: one person, or a label." if named else NOBODY)
        if data.get("words"):
            beside = bool(self.article.pk) and pending.takes_saves(self.article)
            # Claims stand in what readers have.
            text = (
                self.article.text if beside else richtext.to_text(richtext.sanitise(self.article.body or ""))
            )
            try:
                data["span"] = creation.place_of(text, data["words"], which=self._which(text, data["words"]))
            except creation.WordsRepeated as repeated:
                self._ask_which(text, repeated.places)
                self.add_error("which", " ".join(repeated.reasons))
            except creation.WordsMissing as missing:
                waits = "Readers do not see these words yet. Publish the changes first, then make the claim."
                self.add_error("words", waits if beside else " ".join(missing.reasons))
        return data

    def _which(self, text: str, words: str) -> int | None:
        chosen = self.data.get(self.add_prefix("which"), "")
        self.errors.pop("which", None)  # was validated before its choices were known
        return row_number(chosen)

    def _ask_which(self, text: str, places: list[tuple[int, int]]) -> None:
        field = cast(forms.TypedChoiceField, self.fields["which"])
        field.label = "Which are meant"
        field.widget = forms.RadioSelect()
        field.choices = [
            (
                number,
                f"…{text[max(0, start - CONTEXT) : start]}[{text[start:end]}]{text[end : end + CONTEXT]}…",
            )
            for number, (start, end) in enumerate(places)
        ]


class NewClaimFormSet(BaseInlineFormSet[Appearance, Article, ModelForm[Appearance]]):
    """New claims from words of the body."""

    user: User

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        # The story with the posted values, not the saved one.
        return super().get_form_kwargs(index) | {"article": self.instance, "by": self.user}

    def save_new(self, form: ModelForm[Appearance], commit: bool = True) -> Appearance:
        data = form.cleaned_data
        speaker, _ = speakers.on_record(
            speaker=data["speaker"], new_person=data["new_person"], namesake=data["namesake"], by=self.user
        )
        return creation.make(
            article=self.instance,
            spans=[data["span"]],
            by=self.user,
            speaker=speaker,
            speaker_label=data["speaker_label"],
            kind=data["kind"],
            outlet=data["outlet"],
            attribution=data["attribution"],
        )


class NewClaimInline(StackedInline[Appearance, Article]):
    """Empty forms for new claims."""

    model = Appearance
    form = NewClaimForm
    formset = NewClaimFormSet
    extra = 0
    verbose_name = "claim by its words"
    verbose_name_plural = "Make a claim of words in the body"
    fields = (
        *("words", "which", "namesake"),
        ("speaker", "new_person", "speaker_label"),
        placing.ATTRIBUTION,
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        return super().get_queryset(request).none()

    def get_formset(
        self, request: HttpRequest, obj: Article | None = None, **kwargs: Any
    ) -> type[NewClaimFormSet]:
        formset = cast(type[NewClaimFormSet], super().get_formset(request, obj, **kwargs))
        formset.user = user_of(request)
        return formset
