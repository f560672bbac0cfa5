"""Admin forms for concurrent editing: no save overwrites another person's change.

The form carries, signed, the values it showed (`as_shown`). On POST each field is compared with that value
and with the row as it is now, which is locked. A field is written only if this person changed it. Text that
two people changed is merged word by word (`settled`); where they changed the same words, the
form is shown again with both versions, and nothing is saved.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar, cast

import reversion
from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.forms.models import InlineForeignKeyField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst, get_text_list
from django_prose_editor.fields import ProseEditorFormField
from reversion.models import Version

from stories.actions import locking
from stories.actions.errors import NotReady
from stories.actions.permissions import name_of
from stories.admin.form_state import state_of
from stories.admin.generics import BaseInlineFormSet, ModelAdmin, ModelForm
from stories.text import richtext
from stories.text.moments import moment
from stories.text.settling import names_settled, settled

Row = TypeVar("Row", bound=models.Model)

AS_SHOWN = "as_shown"
SALT = "stories.admin.as_shown"
WATCHED = "watched"  # a key beside the formsets' prefixes in the values shown
SAVED = "desk-saved"  # the cookie with the id of the form that was saved: the browser drops its local copy
DAY = 24 * 3600  # seconds
MOST_ROWS = 2000  # of an inline; Django's absolute maximum

Plain = str | bool | list[str]  # the value of a field as JSON
AnyFormSet = BaseInlineFormSet[Any, Any, Any]
NOT_MERGED = (forms.SlugField, forms.URLField, forms.EmailField)


class AsShownField(forms.CharField):
    """A hidden field that renders its initial value even in a bound form."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


@dataclass(frozen=True, slots=True)
class Both:
    """A field's two versions as text for the page."""

    label: str
    theirs: str
    mine: str


@dataclass
class Meanwhile:
    """The changes that other people saved while a form was open.

    `shown` has the values the form showed: by formset prefix ("" for the form itself), then by primary key,
    then by field. It is None if not known; every difference then is a clash.

    `clashes` are the fields that two people changed, and input for a row or field that is gone. `theirs`
    names the fields that only others changed. `mixed` names fields of one `together` group of which each
    person changed another one. `news` says which `watched` columns have changed.
    """

    shown: Mapping[str, Mapping[str, Mapping[str, Plain]]] | None
    since: datetime | None = None
    is_new: bool = False
    own_merge: frozenset[str] = frozenset()
    together: tuple[tuple[str, ...], ...] = ()
    read_first: bool = False
    watched: Mapping[str, str] = field(default_factory=dict)
    clashes: list[Both] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    refused: str = ""

    @property
    def to_be_read(self) -> bool:
        """Whether the form has to be shown again before anything is saved."""
        return bool(self.clashes or self.mixed or self.news or (self.read_first and self.theirs))

    def meet_form(self, form: ModelForm[Any]) -> None:
        """Merge others' changes into the data of the form, before it is cleaned."""
        if self.is_new:
            return
        shown = None if self.shown is None else self.shown.get("", {}).get("", {})
        mine, theirs = self._meet(form, shown)
        for name in set(shown or ()) - set(form.fields):
            self._report_unwritable(form, name, (shown or {})[name])
        watched = {} if self.shown is None else self.shown.get(WATCHED, {}).get("", {})
        for name, now in self.watched.items() if mine else ():
            if now != watched.get(name, now):
                label = capfirst(str(form._meta.model._meta.get_field(name).verbose_name))
                self.news.append(f"{label}: {now or 'no more'}")
        for group in self.together:
            if mine & set(group) and theirs & set(group):
                self.mixed += [str(form[name].label) for name in group if name in mine | theirs]

    def meet_rows(self, formset: AnyFormSet) -> None:
        """Merge others' changes into the rows of an inline; others may have added and deleted rows."""
        shown = None if self.shown is None else self.shown.get(formset.prefix or "", {})
        if not self._renumber(formset, shown):
            return
        for form in formset.initial_forms:
            row = form.instance
            if row.pk is None:
                continue
            if shown is None:
                self._meet(form, None, str(row))
            elif str(row.pk) in shown:
                _, theirs = self._meet(form, shown[str(row.pk)], str(row))
                if theirs and form.add_prefix("DELETE") in form.data:
                    now = "; ".join(f"{form[name].label}: {_words(form[name])}" for name in sorted(theirs))
                    self.clashes.append(Both(str(row), now, "taken out"))
            else:
                self._meet(form, {}, str(row))
                self.theirs.append(f"{row} (added)")

    def _meet(
        self, form: ModelForm[Any], shown: Mapping[str, Plain] | None, row: str = ""
    ) -> tuple[set[str], set[str]]:
        """Merge a form or a row of an inline.

        Returns the names of the fields that this person changed, and of those that others changed.
        """
        mine, theirs = set(), set()
        for name in editable(form, without=frozenset() if row else self.own_merge):
            bound, now = form[name], plain(form[name])
            was = None if shown is None else shown.get(name, now)
            omitted = bound.field.widget.value_omitted_from_data(form.data, form.files, bound.html_name)
            not_shown = shown is not None and name not in shown
            changed = not not_shown and (not omitted if was is None else _changed(bound, was))
            if was is not None and was != now:
                theirs.add(name)
            if changed:
                mine.add(name)
            if not changed:
                _put(bound, now)
            elif was != now and not self._settle(bound, was, now, row):
                theirs.discard(name)  # both made the same change
        label = f"{row}: " if row else ""
        self.theirs += [f"{label}{form[name].label}" for name in sorted(theirs - mine)]
        return mine, theirs

    def _settle(self, bound: forms.BoundField, was: Plain | None, now: Plain, row: str) -> bool:
        """Merge two people's values of a field. Returns False when they are equal."""
        if not _changed(bound, now):
            _put(bound, now)
            return False
        mine = _typed(bound)
        if isinstance(now, list) and isinstance(mine, list) and not _is_multi(bound):
            _put(bound, list(names_settled(cast(list[str] | None, was), mine, now)))
            return True
        label = f"{row}: {bound.label}" if row else str(bound.label)
        both = Both(capfirst(label), _words(bound, now), _words(bound, mine))
        if _is_text(bound.field):
            base = None if was is None else _lines(was)
            value, clash = settled(base, mine=_lines(mine), theirs=_lines(now))
            _put(bound, value)
        else:
            clash = True
        if clash:
            self.clashes.append(both)
        return True

    def _report_unwritable(self, form: ModelForm[Any], name: str, was: Plain) -> None:
        """Add a clash for input to a field that has become read-only, as by the claim's rejection."""
        typed = _lines("\n".join(cast(QueryDict, form.data).getlist(form.add_prefix(name))))
        if typed and isinstance(was, str) and _read(typed) != _read(was):
            label = form._meta.model._meta.get_field(name).verbose_name
            self.clashes.append(Both(capfirst(str(label)), "cannot be changed any more", _read(typed)))

    def _renumber(self, formset: AnyFormSet, shown: Mapping[str, Any] | None) -> bool:
        """Renumber the posted rows: those that still exist, then those others added, then new ones.

        A deleted row that this person changed becomes a new one. Returns False when the management form is
        not valid, which Django then reports.
        """
        data, prefix = cast(QueryDict, formset.data), formset.prefix or ""
        pk: str = model_of(formset)._meta.pk.name
        counts = [data.get(f"{prefix}-{count}_FORMS", "") for count in ("INITIAL", "TOTAL")]
        if not all(count.isascii() and count.isdigit() and len(count) < 6 for count in counts):
            return False
        initial, total = map(int, counts)
        if not initial <= total < MOST_ROWS:
            return False
        rows = [_taken(data, f"{prefix}-{number}-") for number in range(total)]
        there = {str(row.pk) for row in formset.get_queryset()}
        kept, new = [], rows[initial:]
        for row in rows[:initial]:
            key = row.get(pk, [""])[0]
            if key in there:
                kept.append(row)
            elif formset.max_num != 0 and "DELETE" not in row and self._typed_into(formset, row, shown):
                new.insert(0, row | {pk: [""]})
        posted = {row[pk][0] for row in kept}
        added = [{pk: [number]} for number in sorted(there - posted, key=len)] if shown is not None else []
        for number, row in enumerate([*kept, *added, *new]):
            for suffix, values in row.items():
                data.setlist(f"{prefix}-{number}-{suffix}", values)
        data[f"{prefix}-INITIAL_FORMS"] = str(len(kept) + len(added))
        data[f"{prefix}-TOTAL_FORMS"] = str(len(kept) + len(added) + len(new))
        formset.__dict__.pop("management_form", None)  # cached from before the renumbering
        return True

    def _typed_into(
        self,
        formset: AnyFormSet,
        row: dict[str, list[str]],
        shown: Mapping[str, Any] | None,
    ) -> bool:
        """Return whether this person changed a row that others deleted; add a clash if so."""
        number = row.get(model_of(formset)._meta.pk.name, [""])[0]
        form = formset.empty_form
        data = QueryDict(mutable=True)
        for suffix, values in row.items():
            data.setlist(form.add_prefix(suffix), values)
        form.is_bound, form.data = True, data
        was = (shown or {}).get(number, {})
        typed = [form[name] for name in editable(form) if _changed(form[name], was.get(name, ""))]
        if typed:
            words = "; ".join(f"{bound.label}: {_words(bound, _typed(bound))}" for bound in typed)
            name = capfirst(str(model_of(formset)._meta.verbose_name))
            self.clashes.append(Both(name, "deleted", f"{words} (a new row below)"))
        return bool(typed)


def model_of(formset: AnyFormSet) -> type[models.Model]:
    """Return the formset's model, which is never None in an inline."""
    return cast(type[models.Model], formset.model)


def editable(form: ModelForm[Any], *, without: frozenset[str] = frozenset()) -> list[str]:
    """Return the names of the fields that a user can change."""
    return [
        name
        for name, one in form.fields.items()
        if not (one.disabled or one.widget.is_hidden or isinstance(one, InlineForeignKeyField))
        and name not in without | {"DELETE", "ORDER"}
    ]


def as_plain(form: ModelForm[Any], *, without: frozenset[str] = frozenset()) -> dict[str, Plain]:
    """Return the values of the editable fields as the form shows them."""
    return {name: plain(form[name]) for name in editable(form, without=without)}


def plain(bound: forms.BoundField) -> Plain:
    """Return the row's value of the field as the form shows it."""
    value = bound.initial
    if _is_multi(bound):
        return [_as_text(part) for part in bound.field.widget.decompress(value)]
    if hasattr(bound.field, "prepare_value"):
        value = bound.field.prepare_value(value)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [_as_text(one) for one in value]
    return value if isinstance(value, bool) else _as_text(value)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, File):
        return value.name or ""
    if isinstance(value, models.Model):
        return str(value.pk)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _in_words(value: Any) -> str:
    """Return a watched column's value as text for the page."""
    if isinstance(value, datetime):
        return moment(timezone.localtime(value))
    return str(value or "")


def _is_multi(bound: forms.BoundField) -> bool:
    return isinstance(bound.field.widget, forms.MultiWidget)


def _is_text(one: forms.Field) -> bool:
    """Return whether two values of the field can be merged word by word."""
    text = isinstance(one, forms.CharField) and not isinstance(one, NOT_MERGED)
    return text and isinstance(one.widget, forms.TextInput | forms.Textarea)


def _lines(value: Any) -> str:
    """Return text with the CRLF line ends of HTML forms as LF."""
    return str(value or "").replace("\r\n", "\n")


def _typed(bound: forms.BoundField) -> Any:
    value = bound.data
    return _lines(value) if isinstance(value, str) else value


def _changed(bound: forms.BoundField, was: Plain) -> bool:
    """Return whether the posted value differs from `was`."""
    one, mine = bound.field, _typed(bound)
    if isinstance(one, ProseEditorFormField):
        return richtext.sanitise(_lines(was)) != richtext.sanitise(mine or "")
    if isinstance(was, str) and not isinstance(one, forms.ModelChoiceField | forms.FileField):
        try:
            value = one.to_python(_lines(was))
        except ValidationError:
            return _lines(was) != _lines(mine)
        return bool(one.has_changed(value, mine))
    return bool(one.has_changed(was, mine))


def _put(bound: forms.BoundField, value: Plain) -> None:
    """Write `value` into the form's data as a browser would send it."""
    data, name, widget = cast(QueryDict, bound.form.data), bound.html_name, bound.field.widget
    if isinstance(bound.field, forms.FileField):
        return  # no file was posted, so the row's own stays
    if _is_multi(bound):
        for suffix, part in zip(widget.widgets_names, cast(list[str], value), strict=True):
            data[name + suffix] = part
    elif isinstance(value, list):
        data.setlist(name, value)
    elif isinstance(value, bool):
        data.setlist(name, ["on"] if value else [])
    else:
        data[name] = value


def _taken(data: QueryDict, prefix: str) -> dict[str, list[str]]:
    """Remove a row's fields from the data; return them by name without the prefix."""
    names = [name for name in data if name.startswith(prefix)]
    return {name.removeprefix(prefix): data.pop(name) for name in names}


def _rename(data: QueryDict, former_names: Mapping[str, str]) -> None:
    """Rename posted fields of inlines from their former names, in place."""
    for posted in list(data) if former_names else ():
        row, _, name = posted.rpartition("-")
        if row and name in former_names:
            data.setlist(f"{row}-{former_names[name]}", data.pop(posted))


def _read(html: str) -> str:
    return " ".join(richtext.to_text(richtext.sanitise(html)).split())


def _words(bound: forms.BoundField, value: Any = None) -> str:
    """Return a field's value as text for the page; `value` None stands for the row's own."""
    value = plain(bound) if value is None else value
    one = bound.field
    if isinstance(one, ProseEditorFormField):
        return richtext.to_text(richtext.sanitise(value or ""))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(one, forms.ModelChoiceField):
        try:
            return str(one.to_python(value) or "")
        except ValidationError:
            return str(value)
    if isinstance(value, list):
        return ", ".join(filter(None, map(str, value)))
    if isinstance(one, forms.ChoiceField):
        labels = {str(choice): label for choice, label in cast(Iterable[tuple[Any, Any]], one.choices)}
        return str(labels.get(str(value), value))
    return getattr(value, "name", None) or str(value or "")


class SharedForm(ModelForm[Any]):
    """Mixin for the form of a POST: merges others' changes into its data before it is cleaned."""

    meanwhile: Meanwhile

    def full_clean(self) -> None:
        self.meanwhile.meet_form(self)
        super().full_clean()
        if self.meanwhile.refused:
            self.add_error(None, self.meanwhile.refused)
        elif self.meanwhile.to_be_read:
            said = "Somebody changed this while you had it open. Read it through, then save again."
            self.add_error(None, ValidationError(said, code="stale"))


class SharedEditing(ModelAdmin[Row]):
    """Base of every ModelAdmin with a form."""

    together: tuple[tuple[str, ...], ...] = ()  # groups: changes of two people to one group conflict
    read_first: tuple[str, ...] = ()  # buttons that would publish others' changes unseen
    own_merge: frozenset[str] = frozenset()  # fields that the form merges itself
    watched: tuple[str, ...] = ()  # columns not in the form; if one has changed, the form is shown again
    # Renamed fields of inlines, old name to new: forms opened before the release still post the old names.
    former_names: Mapping[str, str] = {}

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._save_as_one_act(request, super().add_view, *args, **kwargs)

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._save_as_one_act(request, super().change_view, *args, **kwargs)

    @staticmethod
    def _save_as_one_act(
        request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Run the view in one transaction with its locks (`locking.act`).

        If an action refuses, nothing is saved, and the form is shown again with the reason.
        """
        if request.method == "HEAD":  # the form's script checks who is signed in before it posts
            return HttpResponse(headers={"X-Signed-In": str(request.user.pk)})
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            return locking.act(view)(request, *args, **kwargs)
        except NotReady as problem:
            state_of(request).refused = str(problem)
        except IntegrityError:
            message = "Somebody saved the same at this moment. Look whether it is there already."
            state_of(request).refused = message
        return view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        deletes = state_of(request).deletes = request.method == "POST"
        return self.in_one_act(request, deletes, super().delete_view, object_id, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        deletes = state_of(request).deletes = bool(request.method == "POST" and request.POST.get("post"))
        return self.in_one_act(request, deletes, super().changelist_view, extra_context)

    @staticmethod
    def in_one_act(
        request: HttpRequest, writes: bool, view: Callable[..., HttpResponse], *args: Any
    ) -> HttpResponse:
        """Run the view, in one transaction if it `writes`; if refused, redirect to it with the reasons."""
        if not writes:
            return view(request, *args)
        try:
            return locking.act(view)(request, *args)
        except NotReady as problem:
            for reason in problem.reasons:
                messages.error(request, reason)
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        if state_of(request).deletes:
            numbers = [row.pk for row in objs]
            self.lock_to_delete(self.model._base_manager.filter(pk__in=numbers))
        return super().get_deleted_objects(objs, request)

    def lock_to_delete(self, rows: models.QuerySet[Any]) -> None:
        """Lock rows that will be deleted; may be called twice in a transaction.

        Overridden where other rows are written or deleted with them: these are locked first, in the order of
        `locking`.
        """
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if request.method == "POST":
            state = state_of(request)
            if state.posted is None:
                state.posted = request.POST
            state.meanwhile = None
            request.POST = state.posted.copy()  # type: ignore[assignment]  # others' changes are merged into it
            _rename(request.POST, self.former_names)
            for sent in request.FILES.values():
                cast("UploadedFile[Any]", sent).seek(0)  # an earlier attempt has read it
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if number := state_of(request).saved:
            at = reverse("admin:index")
            response.set_cookie(SAVED, number, DAY, path=at, samesite="Lax", secure=request.is_secure())
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        saves = request.method == "POST" and not state_of(request).refused
        if saves and from_field is None and transaction.get_connection().in_atomic_block:
            try:
                number = self.model._meta.pk.to_python(object_id)
                if state_of(request).deletes:
                    self.lock_to_delete(self.model._base_manager.filter(pk=number))
                else:
                    self.lock(request, number)
            except (ValidationError, ValueError):
                return None
        return super().get_object(request, object_id, from_field)

    def lock(self, request: HttpRequest, pk: Any) -> None:
        """Lock the row, so that nobody saves between the comparison and the save.

        Overridden where the save also writes other rows, which are locked with it in one order
        (`locking.hold`).
        """
        self.model._base_manager.select_for_update(no_key=True).filter(pk=pk).values_list("pk").first()

    def get_form(
        self, request: HttpRequest, obj: Row | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Row]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        state = state_of(request)
        if request.method != "POST" or state.posted is None:
            return form
        if state.meanwhile is None:
            state.meanwhile = self._meanwhile(request, obj)
        attributes = {"meanwhile": state.meanwhile, "__module__": form.__module__}
        metaclass: Callable[..., type[ModelForm[Row]]] = type(form)
        return metaclass(form.__name__, (SharedForm, form), attributes)

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> tuple[list[Any], list[Any]]:
        # Private in Django; the only place between the loading of the inlines' rows and their validation.
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        meanwhile = state_of(request).meanwhile
        if change and meanwhile is not None:
            for formset, inline in zip(formsets, inlines, strict=True):
                if inline.has_change_permission(request, obj):
                    meanwhile.meet_rows(formset)
        return formsets, inlines

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Row | None = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        if self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj):
            number = secrets.token_urlsafe(9)
            shown: dict[str, Any] = {
                "of": self._row_name(obj),
                "id": number,
                "at": timezone.now().isoformat(),
            }
            if obj is not None:
                shown["rows"] = self._rows_shown(request, context, obj)
            if row_mark := state_of(request).row_mark:
                shown["row_mark"] = row_mark
            sealed = signing.dumps(shown, salt=SALT, compress=True)
            form.fields[AS_SHOWN] = AsShownField(required=False, initial=sealed)
            context["as_shown"] = form[AS_SHOWN]
            context["kept_form"] = {"id": number, "who": request.user.pk, "login": reverse("admin:login")}
        meanwhile = state_of(request).meanwhile
        if meanwhile is not None and (meanwhile.to_be_read or meanwhile.theirs):
            context["meanwhile"], context["saved_by"] = meanwhile, self._saved_by(request, obj, meanwhile)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Row, form: Any, change: bool) -> None:
        """Save only the columns that this person changed."""
        if not change:
            super().save_model(request, obj, form, change)
        elif changed := self.changed_columns(form):
            obj.save(update_fields=changed)

    def changed_columns(self, form: ModelForm[Any]) -> set[str]:
        """Return the changed columns, with those that Django sets at every save (`auto_now`)."""
        columns = self.model._meta.concrete_fields
        changed = {column.name for column in columns} & set(form.changed_data)
        stamps = {column.name for column in columns if getattr(column, "auto_now", False)}
        return changed | stamps if changed else set()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        state_of(request).saved = (self._opened(request) or {}).get("id", "")
        meanwhile = state_of(request).meanwhile
        if meanwhile is not None and meanwhile.theirs:
            by, _ = self._saved_by(request, form.instance, meanwhile)
            what = get_text_list(list(dict.fromkeys(meanwhile.theirs)), "and")
            messages.info(request, f"{by} changed {what} while you had this open. Both are saved.")

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponseRedirect:
        """Show what was typed into the form of a row that somebody deleted, so that it can be copied."""
        response: HttpResponseRedirect = super()._get_obj_does_not_exist_redirect(  # type: ignore[misc]
            request,
            opts,
            object_id,  # private in Django
        )
        if request.method == "POST":
            names = {column.name: capfirst(column.verbose_name) for column in self.model._meta.fields}
            typed = [
                (names[name], _read(str(value))) for name, value in request.POST.items() if name in names
            ]
            words = format_html_join("", "<li>{}: {}</li>", ((n, v) for n, v in typed if v))
            messages.warning(request, format_html("This stood in the form:<ul>{}</ul>", words))
        return response

    def _meanwhile(self, request: HttpRequest, obj: Row | None) -> Meanwhile:
        opened = self._opened(request, obj)
        if obj is None:
            return Meanwhile(None, is_new=True, refused=state_of(request).refused)
        return Meanwhile(
            shown=self._shown(opened) if opened else None,
            since=parse_datetime(opened["at"]) if opened else None,
            own_merge=self.own_merge,
            together=self.together,
            read_first=any(button in request.POST for button in self.read_first),
            refused=state_of(request).refused,
            watched={name: _in_words(getattr(obj, name)) for name in self.watched},
        )

    def _opened(self, request: HttpRequest, obj: models.Model | None = None) -> dict[str, Any] | None:
        """Return what the posted form had shown; None without a valid signature or for another row."""
        try:
            shown = signing.loads(request.POST.get(AS_SHOWN, ""), salt=SALT)
        except signing.BadSignature:
            return None
        return cast(dict[str, Any], shown) if obj is None or shown["of"] == self._row_name(obj) else None

    def _shown(self, opened: dict[str, Any]) -> dict[str, dict[str, dict[str, Plain]]]:
        """Return the values the posted form showed, by the present names of its fields."""
        return {
            prefix: {
                pk: {self.former_names.get(name, name): value for name, value in row.items()}
                for pk, row in rows.items()
            }
            for prefix, rows in opened["rows"].items()
        }

    def _row_name(self, obj: models.Model | None) -> str:
        return f"{self.opts.label_lower}:{obj.pk if obj is not None else ''}"

    def _rows_shown(self, request: HttpRequest, context: dict[str, Any], obj: models.Model) -> dict[str, Any]:
        rows = {"": {"": as_plain(context["adminform"].form, without=self.own_merge)}}
        rows[WATCHED] = {"": {name: _in_words(getattr(obj, name)) for name in self.watched}}
        for inline in context["inline_admin_formsets"]:
            if inline.opts.has_change_permission(request, obj):
                standing = [form for form in inline.formset.initial_forms if form.instance.pk]
                rows[inline.formset.prefix] = {str(form.instance.pk): as_plain(form) for form in standing}
        return rows

    def _saved_by(
        self, request: HttpRequest, obj: models.Model | None, meanwhile: Meanwhile
    ) -> tuple[str, datetime | None]:
        """Return who saved the row since the form was opened, as the start of a sentence, and when."""
        if obj is None:
            return "Somebody", None
        last: tuple[User | None, datetime] | None = None
        if reversion.is_registered(self.model):
            version = Version.objects.get_for_object(obj).select_related("revision__user").first()
            last = (version.revision.user, version.revision.date_created) if version else None
        else:
            kind = ContentType.objects.get_for_model(self.model)
            entries = LogEntry.objects.filter(content_type=kind, object_id=str(obj.pk))
            entry = entries.select_related("user").order_by("-action_time", "-pk").first()
            last = (entry.user, entry.action_time) if entry else None
        by, at = last or (None, None)
        if by is None or at is None or meanwhile.since is None or at < meanwhile.since:
            return "Somebody", None
        name = name_of(by)
        return ("You, in another window," if by == request.user else name), at
