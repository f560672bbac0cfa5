"""The forms of confirmation pages: time, reason, tags, correction, embargo."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from stories.admin.widgets import MomentInput, TagsField
from stories.models import Correction
from stories.text.moments import day


class ConfirmationForm(forms.Form):
    """Base of the forms that an action shows before it is run on `rows`."""

    def __init__(self, *args: Any, rows: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows


class EmbargoForm(ConfirmationForm):
    """A form with a required tick box where one of the stories has an embargo note."""

    embargo_checked = forms.BooleanField(required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [row for row in self.rows if row.embargo_note.strip()]
        if held:
            field = self.fields["embargo_checked"]
            field.label = "The embargo is checked: this may be done"
            if len(self.rows) > 1:
                field.label = "Each embargo below is checked: this may be done"
            field.error_messages["required"] = "There is an embargo. Check it, and tick this."
            self.order_fields([name for name in self.fields if name != "embargo_checked"])
        else:
            del self.fields["embargo_checked"]


class Moment(forms.SplitDateTimeField):
    """A local date and time, naive: the form decides which moment it is when the clocks change."""

    def compress(self, data_list: Any) -> datetime | None:
        if not data_list:
            return None
        if data_list[0] in self.empty_values:
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date")
        if data_list[1] in self.empty_values:
            raise ValidationError(self.error_messages["invalid_time"], code="invalid_time")
        return datetime.combine(*data_list)


class WhenForm(EmbargoForm):
    """A form for the time of publication: `at` is aware, or None for now.

    A local time that occurs twice, when the clocks go back, makes the form ask which is meant; one that does
    not occur, when they go forward, is an error.
    """

    at = Moment(
        label="Publish at",
        required=False,
        widget=MomentInput,
    )
    about_at = "Leave empty to publish now. A time to come schedules the story."
    which = forms.CharField(label="Which of the two", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_default_timezone_name()
        self.fields["at"].help_text = f"{self.about_at} The hour is by the newsroom’s clock ({zone})."
        at = self.initial.get("at")
        if at is not None:
            here = timezone.localtime(at)
            self.initial["which"] = str(here.fold)
            self._ask_which(here.replace(tzinfo=None))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        at = data.get("at")
        if at is None:
            return data
        first, second = _twice(at)
        if first.utcoffset() == second.utcoffset():
            data["at"] = first
        elif not _there(first):
            instead = timezone.localtime(first.astimezone(UTC))
            self.add_error(
                "at",
                f"There is no {at:%H:%M} on {day(at)}: the clocks go forward in that hour. "
                f"Say {instead:%H:%M}, or another time.",
            )
        elif data.get("which") in ("0", "1"):
            data["at"] = second if data["which"] == "1" else first
            self._ask_which(at)
        else:
            self._ask_which(at)
            words = f"The clocks go back, and {at:%H:%M} comes twice that night. Say which is meant."
            self.add_error("which", words)
        return data

    def _ask_which(self, at: datetime) -> None:
        first, second = _twice(at)
        if first.utcoffset() == second.utcoffset() or not _there(first):
            return
        choices = [(str(n), _hour_label(moment, n)) for n, moment in enumerate((first, second))]
        self.fields["which"].widget = forms.RadioSelect(choices=choices)


class NewTimeForm(WhenForm):
    """A form for the new time of a scheduled story; the time is required."""

    about_at = "A time to come. To publish at once, leave this page and use “Publish now”."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].required = True


def _twice(at: datetime) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    return at.replace(tzinfo=zone), at.replace(tzinfo=zone, fold=1)


def _there(moment: datetime) -> bool:
    """Return whether the local time exists: not in the hour that is skipped when the clocks go forward."""
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _hour_label(moment: datetime, number: int) -> str:
    first = ("the first time, before the clocks go back", "the second time, after they went back")[number]
    return f"{moment:%H:%M %Z}: {first} ({moment.astimezone(UTC):%H:%M} UTC)"


class ReasonForm(ConfirmationForm):
    """A form for a reason that readers see."""

    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="Readers see this at the story’s address.",
    )


class NoteForm(ConfirmationForm):
    """A form for an optional reason that staff see."""

    reason = forms.CharField(
        label="Why", required=False, widget=forms.TextInput, help_text="For the desk; kept in the history."
    )


class HandInForm(ConfirmationForm):
    """A form for what a writer tells the editor."""

    note = forms.CharField(
        label="For the editor",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What to look at, what is still to come. Readers never see it.",
    )


class ReturnForm(ConfirmationForm):
    """A form for why a story is returned."""

    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="What is still to do. Whoever wrote the story reads it; readers never do. "
        "Required for a story that somebody else handed in.",
    )


class TagsForm(ConfirmationForm):
    """A form for tags to add or remove."""

    tags = TagsField(label="Topics")


class CorrectionForm(ConfirmationForm):
    """A form for a correction of a story; corrections of verdicts are drafted by the change of a verdict."""

    kind = forms.ChoiceField(
        label="Kind",
        choices=[choice for choice in Correction.Kind.choices if choice[0] != Correction.Kind.VERDICT],
    )
    text = forms.CharField(
        label="What readers are told",
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="What was wrong and what is right, in one or two sentences.",
    )
    on_top = forms.BooleanField(label="Show above the story", required=False)


class PublishChangesForm(CorrectionForm):
    """A form for what readers are told of the changes to a story: nothing, an update, or a correction."""

    MINOR, UPDATE, CORRECTION = "minor", "update", "correction"
    LOGGED: ClassVar[dict[str, str]] = {
        MINOR: "A minor change.",
        UPDATE: "",
        CORRECTION: "Correction published: {text}",
    }

    what = forms.ChoiceField(
        label="Readers are told",
        choices=[
            (MINOR, "Nothing: a minor change, such as a slip of the pen"),
            (UPDATE, "That the story was updated, and when"),
            (CORRECTION, "What was wrong, in the notice below"),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("what", "kind", "text", "on_top")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = self.fields["kind"].required = False
        del self.fields["text"].widget.attrs["autofocus"]  # what readers are told comes first
        self.fields["kind"].label = "Kind of notice"
        self.fields["text"].label = "The notice"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("what") == self.CORRECTION and not data.get("text", "").strip():
            self.add_error("text", "Say what was wrong and what is right.")
        if data.get("what") in (self.MINOR, self.UPDATE) and data.get("text", "").strip():
            self.add_error("what", "There is a notice below. Choose it, or take its words out.")
        data["kind"] = data.get("kind") or Correction.Kind.CORRECTION
        return data
