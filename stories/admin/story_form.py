"""The form of a story: validates as `actions.stories.saving` does, and loses nothing that was typed."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from stories.actions.errors import NotAllowed, Stale
from stories.actions.stories import edit_conflicts, pending, pending_images, quotation_guard, saving
from stories.actions.stories.edit_conflicts import Merge
from stories.actions.stories.pending_images import Waiting
from stories.actions.stories.pending_versions import NAMES
from stories.actions.stories.quotation_guard import Held, Reason
from stories.admin.generics import ModelChoiceField, ModelForm
from stories.models import Article, Picture
from stories.text.moments import day

MOST_RELATED = 8  # stories chosen by hand
_REASON = re.compile(r"reason-(\d{1,18})\Z")


def reasons_in(data: Mapping[str, Any]) -> dict[int, Reason]:
    """Return the reasons in a posted form for changed quotations, by the appearance's primary key."""
    given = ((_REASON.match(name), str(value)) for name, value in data.items())
    return {
        int(name[1]): Reason(why[:2000], stays=bool(data.get(f"stays-{name[1]}")))
        for name, why in given
        if name
    }


class RelatedField(forms.CharField):
    """Stories chosen as related, as `Article.related` has them; the page's script makes a list of it."""

    widget = forms.TextInput(attrs={"class": "vTextField", "data-related": "", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        numbers = list(dict.fromkeys(super().clean(value).split()))
        if not all(number.isdecimal() and len(number) < 19 for number in numbers):
            raise forms.ValidationError("Choose stories from the list.")
        if len(numbers) > MOST_RELATED:
            raise forms.ValidationError(f"Choose at most {MOST_RELATED} stories.")
        there = set(Article.objects.filter(pk__in=numbers).values_list("pk", flat=True))
        return " ".join(number for number in numbers if int(number) in there)


class StoryForm(ModelForm[Article]):
    """A story's fields. `opened` is the mark of the version that the form was opened on.

    The form is invalid if somebody else has saved since (`merge` has both versions, and the form is filled
    with the merged text), and if words of a quotation would change without a reason (`held` lists them).
    `waits` is an uploaded picture, stored until the story is saved; `library_picture` one of the library,
    chosen as the lead picture.
    """

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    waiting_picture = forms.CharField(required=False, widget=forms.HiddenInput)
    library_picture = ModelChoiceField(Picture.objects.all(), required=False, widget=forms.HiddenInput)
    related = RelatedField(
        required=False,
        label="Chosen stories",
        help_text=f"Readers find these before what shares claims, people or topics. At most {MOST_RELATED}.",
    )
    by: User
    merge: Merge | None = None
    waits: Waiting | None = None
    held: Sequence[Held] = ()
    refused: tuple[str, ...] = ()  # why the action was refused: sentences

    class Meta:
        model = Article
        fields = ()  # the admin's fieldsets choose
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "headline": forms.TextInput(attrs={"class": "headline-field", "autocomplete": "off"}),
            "standfirst": forms.Textarea(attrs={"rows": 2}),
            "search_description": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, files, *args, **kwargs)
        if self.instance.pk:
            self.initial["opened"] = edit_conflicts.mark_of(self.instance)
        if self.instance.pending:
            names = {name: self.instance.pending.names(name) for name in NAMES}
            self.initial.update({name: value for name, value in names.items() if value is not None})
        token = self.data.get("waiting_picture")
        if token and not self.files.get("lead_image"):
            picture = pending_images.waiting(token=token, by=self.by)
            if picture is not None:
                self.files = MultiValueDict({**dict(self.files.lists()), "lead_image": [picture]})

    def let_the_picture_wait(self) -> None:
        """Store the uploaded picture while the form is shown again: browsers do not post a file twice."""
        picture = self.cleaned_data.get("lead_image")
        if self.waits is None and isinstance(picture, UploadedFile):
            self.waits = pending_images.keep(picture=picture, by=self.by)
            self.instance.waiting_picture = self.waits  # type: ignore[attr-defined]  # for the page's `picture`
        data = cast(QueryDict, self.data).copy()
        data["waiting_picture"] = self.waits.token if self.waits else ""
        self.data = data

    @property
    def reasons(self) -> dict[int, Reason]:
        """The reasons given for changed quotations, by the appearance's primary key.

        Those kept with changes that are not published are shown again, where the words changed once more.
        """
        kept = self.instance.pending.reasons() if self.instance.pending else {}
        return {pk: reason for pk, (reason, _) in kept.items()} | reasons_in(self.data)

    @property
    def held_with_reasons(self) -> list[tuple[Held, Reason | None]]:
        """Each held quotation with the reason given for it so far."""
        return [(held, self.reasons.get(held.appearance.pk)) for held in self.held]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for sentence in self.refused:
            self.add_error(None, forms.ValidationError(sentence, code="refused"))
        self._take_from_library(data)
        if data.get("lead_image") and not (data.get("lead_image_alt") or "").strip():
            self.add_error("lead_image_alt", "Say what the picture shows, for readers who cannot see it.")
        return data

    def _take_from_library(self, data: dict[str, Any]) -> None:
        """Make the chosen picture the lead picture, in the library's words, unless another was sent."""
        chosen = data.get("library_picture")
        if chosen is None or isinstance(data.get("lead_image"), UploadedFile):
            return
        taken = {"lead_image": chosen.file.name}
        if not (data.get("lead_image_alt") or "").strip():
            taken["lead_image_alt"] = chosen.description
        data |= taken
        # The choice is no field of the story: the log names those that it changes.
        own = [name for name in self.changed_data if name not in taken and name != "library_picture"]
        self.changed_data = [*own, *taken]

    def _post_clean(self) -> None:
        # Private in Django; after it the instance has the posted values.
        super()._post_clean()  # type: ignore[misc]
        if not self.instance.pk or "opened" not in self.fields:
            return
        opened = self.cleaned_data.get("opened", "")
        try:
            pending.check(article=self.instance, opened=opened, by=self.by, reasons=reasons_in(self.data))
        except NotAllowed as refusal:
            self.add_error(None, str(refusal))
        except Stale:
            self._merge_with_saved(opened)
            self.add_error(None, forms.ValidationError("Somebody saved this story meanwhile.", code="stale"))
        except quotation_guard.QuotationsHeld:
            row = Article.objects.get(pk=self.instance.pk)
            self.held = quotation_guard.held_by(article=row, text=saving.text_of(self.instance))
            words = "Words inside a quotation are changed. Say why, then save again; nothing is saved yet."
            self.add_error(None, forms.ValidationError(words, code="held"))

    def _merge_with_saved(self, opened: str) -> None:
        """Fill the form with the merge of both versions, as if it had been opened on the saved one."""
        authors, tags = self.cleaned_data.get("authors"), self.cleaned_data.get("tags")
        self.merge = edit_conflicts.merged(
            article=self.instance,
            opened=opened,
            authors=None if authors is None else [author.pk for author in authors],
            tags=tags,
        )
        data = cast(QueryDict, self.data).copy()
        single = {**self.merge.values, "body": self.merge.body, "opened": self.merge.mark}
        for name, value in single.items():
            if name in self.fields:
                shown = day(value) if isinstance(value, date) else value
                data[self.add_prefix(name)] = "" if shown is None else shown
        for name, values in (("authors", self.merge.authors), ("tags", self.merge.tags)):
            if name in self.fields:
                data.setlist(self.add_prefix(name), [str(value) for value in values])
        self.data = data
