"""Form fields and widgets of the admin."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS
from django.contrib.admin.widgets import (
    AdminDateWidget,
    AdminSplitDateTime,
    AutocompleteSelect,
)
from django.db import models
from django.db.models import Field
from django.urls import reverse_lazy

from stories.admin import person_lines
from stories.models import topics
from stories.models.fields import line
from stories.text.moments import day


class DayInput(AdminDateWidget):
    """The admin's field for a date, which shows "8 November 2014"."""

    class Media:
        js: ClassVar[list[str]] = ["stories/admin/dates.js"]

    def format_value(self, value: Any) -> str | None:
        return day(value) if isinstance(value, date) else super().format_value(value)


class MomentInput(AdminSplitDateTime):
    """The admin's two fields for a date and a time, in the desk's form."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets = (DayInput(), self.widgets[1])


# Whatever the form, Django's own of user accounts and of inlines among them.
FORMFIELD_FOR_DBFIELD_DEFAULTS[models.DateField] = {"widget": DayInput}
FORMFIELD_FOR_DBFIELD_DEFAULTS[models.DateTimeField] |= {"widget": MomentInput}


class TagsWidget(forms.SelectMultiple):
    """A choice of topics by name, which person-field.js draws as the desk's box."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return super().build_attrs(base_attrs, extra_attrs) | {
            "class": "person-select",
            "data-topics": "",
            "data-people": str(reverse_lazy("admin:taggit_tag_names")),
        }

    def optgroups(self, name: str, value: Iterable[Any], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = [str(tag) for tag in value]
        self.choices = [(tag, tag) for tag in chosen]
        return super().optgroups(name, chosen, attrs)


def complete_like(field: forms.Field, relation: "Field[Any, Any]") -> None:
    """Give a ModelChoiceField the admin's autocomplete widget for the foreign key `relation`."""
    choice = cast("forms.ModelChoiceField[Any]", field)
    choice.widget = AutocompleteSelect(relation, admin.site)
    choice.widget.choices = choice.choices


class PersonSelect(AutocompleteSelect):
    """A choice of people, which person-field.js draws as the desk's box; each has the line that tells them
    apart.

    `beside` names the fields of the form that take who is not on record: "new", "namesake" and "label".
    """

    def __init__(
        self, relation: "Field[Any, Any]", *, beside: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(relation, admin.site, **kwargs)
        self.beside = beside or {}

    @property
    def media(self) -> forms.Media:
        return forms.Media()  # the script is on every page of the desk

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = forms.Select.build_attrs(self, base_attrs, extra_attrs)
        attrs |= {"class": "person-select", "data-people": str(reverse_lazy("desk:complete"))}
        return attrs | {f"data-{kind}": field for kind, field in self.beside.items()}

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> list[Any]:
        groups = super().optgroups(name, value, attr)
        options = [option for _, subgroup, _ in groups for option in subgroup]
        numbers = [int(text) for option in options if (text := str(option["value"])).isdigit()]
        lines = person_lines.lines_of(numbers) if numbers else {}
        for option in options:
            if (text := str(option["value"])).isdigit() and (line := lines.get(int(text))):
                option["attrs"]["data-detail"] = line["detail"]
        return groups


class ManyPeople(PersonSelect):
    """A choice of several people."""

    allow_multiple_selected = True

    value_from_datadict = forms.SelectMultiple.value_from_datadict
    value_omitted_from_data = forms.SelectMultiple.value_omitted_from_data
    get_context = forms.SelectMultiple.get_context


def choose_person(
    field: forms.Field, relation: "Field[Any, Any]", *, beside: dict[str, str] | None = None
) -> None:
    """Give a field that chooses a person, or people, the desk's box."""
    choice = cast("forms.ModelChoiceField[Any]", field)
    several = isinstance(field, forms.ModelMultipleChoiceField)
    choice.widget = (ManyPeople if several else PersonSelect)(relation, beside=beside)
    choice.widget.choices = choice.choices


class TagsField(forms.Field):
    """A list of tag names.

    A name that differs from an existing tag only in case, accents or hyphens is replaced by that tag's name.
    """

    widget = TagsWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "long": "A topic has at most 100 characters: “%(name)s” is longer."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"help_text": "Type to find a topic; a new one has a line of its own."})

    def prepare_value(self, value: Any) -> list[str]:
        return [getattr(tag, "name", tag) for tag in value or ()]

    def clean(self, value: Iterable[str] | None) -> list[str]:
        names = list(dict.fromkeys(filter(None, map(line, value or ()))))
        for name in names:
            if len(name) > 100:
                raise forms.ValidationError(self.error_messages["long"], code="long", params={"name": name})
        super().clean(names)
        known = topics.known(names)
        chosen = {topics.fold(name): name for name in reversed(names)}
        chosen |= {key: tag.name for key, tag in known.items()}
        return list(dict.fromkeys(chosen[topics.fold(name)] for name in names))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(self.prepare_value(initial)) != sorted(data or ())
