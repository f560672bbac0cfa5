"""What the admin's screens share: base classes, a filter, badges."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from js_asset import Media
from reversion.models import Version
from taggit.managers import TaggableManager
from taggit.models import TaggedItem

from stories.actions import history
from stories.actions.errors import NotReady
from stories.admin.form_state import state_of, user_of
from stories.admin.generics import ModelAdmin, VersionAdmin
from stories.admin.shared_editing import SharedEditing
from stories.admin.widgets import TagsField

Row = TypeVar("Row", bound=models.Model)

COLUMNS = re.compile(r"-?\d{1,2}(\.-?\d{1,2}){0,9}")  # as the admin says an order: "2.-1"
YEAR = 365 * 24 * 3600  # seconds
FORM_FIELDS: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    TaggableManager: {"form_class": TagsField},
    models.URLField: {"assume_scheme": "https"},
}


def take_back(request: HttpRequest, do: Callable[[], tuple[str, list[str]]]) -> None:
    """Undo an act by calling `do`, and show the outcome, or why it could not be undone, as messages.

    `do` returns the sentence for success, and one for each thing that is not as it was before the act. It may
    raise NotReady.
    """
    try:
        done, stayed = do()
    except NotReady as problem:
        messages.error(request, " ".join(problem.reasons))
        return
    messages.success(request, done)
    for sentence in stayed:
        messages.warning(request, sentence)


class RemembersOrdering(ModelAdmin[Row]):
    """Open a list in the order that this browser chose last, until its column headings are clicked again.

    Kept in a cookie, not in the database: the order is no secret, and reading it costs no query.
    """

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Put the remembered order into the query string; remember the one that is asked for."""
        name = f"order-{self.opts.app_label}-{self.opts.model_name}"
        chosen = request.GET.get(ORDER_VAR)
        remembered = request.COOKIES.get(name, "")
        if chosen is None and COLUMNS.fullmatch(remembered) and IS_POPUP_VAR not in request.GET:
            query: QueryDict = request.GET.copy()
            query[ORDER_VAR] = remembered
            request.GET = query  # type: ignore[assignment]  # declared as immutable, and read only from here on
        response = super().changelist_view(request, extra_context)
        if chosen is not None and chosen != remembered and COLUMNS.fullmatch(chosen or "1"):
            response.set_cookie(
                name,
                chosen,
                max_age=YEAR if chosen else 0,
                path=request.path,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
        return response


class DeskAdmin(RemembersOrdering[Row], SharedEditing[Row], VersionAdmin[Row]):
    """An admin with a history of versions, and forms that several people may have open at once."""

    history_latest_first = True
    allow_revert = True  # whether reversion's own pages may restore an old version, past stories.actions
    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = FORM_FIELDS

    def recover_view(self, request: HttpRequest, version_id: str, extra_context: Any = None) -> HttpResponse:
        """Bring a deleted row back from its last version, where the revision holds nothing but that row."""
        gone = get_object_or_404(Version.objects.get_deleted(self.model), pk=version_id)
        if not self._is_own_revision(gone):
            raise PermissionDenied
        self._check_may_revert(request, gone)
        sent = request.method == "POST"
        return self.in_one_act(request, sent, super().recover_view, version_id, extra_context)

    def revision_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Restore an old version of a row.

        Reversion restores all rows of the revision: with one claim, a story and all its other claims. So this
        is allowed only where the revision holds rows of this screen alone. What was saved since the page was
        shown is not overwritten.
        """
        of_this = Version.objects.get_for_object_reference(self.model, unquote(object_id))
        version = get_object_or_404(of_this, pk=version_id)
        if not self._is_own_revision(version):
            messages.error(request, "That step was kept with others and is only put back with all of them.")
            address = f"admin:{self.opts.app_label}_{self.opts.model_name}_history"
            return HttpResponseRedirect(reverse(address, args=[object_id]))
        self._check_may_revert(request, version)

        sent = request.method == "POST"

        def revert(request: HttpRequest) -> HttpResponse:
            if sent:
                self.lock(request, version.object_id)
                self._check_unchanged(request, version)
            else:
                state_of(request).row_mark = self._row_mark(version)
            return super(DeskAdmin, self).revision_view(request, object_id, version_id, extra_context)

        return self.in_one_act(request, sent, revert)

    def _row_mark(self, version: Version) -> str:
        """Return a hash of the row and of its inlines' rows; it changes when any of them is saved."""
        row = self.model._base_manager.filter(pk=version.object_id).first()
        if row is None:
            return ""
        rows = [row]
        for inline in self.inlines:
            column = _get_foreign_key(self.model, inline.model, inline.fk_name).name
            rows += inline.model._base_manager.filter(**{column: row.pk}).order_by("pk")
        return sha256(serializers.serialize("json", rows).encode()).hexdigest()

    def _check_unchanged(self, request: HttpRequest, version: Version) -> None:
        """Raise NotReady when the row was saved since the page was shown, or a `watched` column has changed
        since that version: no form takes back a merge or a publication."""
        if (self._opened(request) or {}).get("row_mark") != self._row_mark(version):
            raise NotReady("Somebody has saved this since you opened the page. See how it stands now.")
        row = self.model._base_manager.filter(pk=version.object_id).first()
        for watched in self.watched if row is not None else ():
            column = cast("models.Field[Any, Any]", self.model._meta.get_field(watched))
            if version.field_dict[column.attname] != getattr(row, column.attname):
                name = capfirst(column.verbose_name)
                raise NotReady(f"“{name}” has changed since that step, and is not taken back here.")

    def _is_own_revision(self, version: Version) -> bool:
        """Whether the revision holds rows of this screen alone."""
        own = {self.model, TaggedItem, *(inline.model for inline in self.inlines)}
        return self.allow_revert and all(one._model in own for one in version.revision.version_set.all())

    @staticmethod
    def _check_may_revert(request: HttpRequest, version: Version) -> None:
        """Check permissions before reversion does: it asks only after it has restored the row."""
        if request.method == "POST":
            history.check_put_back(revision=version.revision, by=user_of(request))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Row | None = None,
    ) -> HttpResponse:
        """Django's, with the nonce of the content security policy for the body editor's import map."""
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]  # set by django-csp's middleware
        context["media"] = Media.from_media(context["media"], nonce=nonce)
        if context.get("subtitle"):
            context["title"] = capfirst(self.opts.verbose_name)  # the subtitle says which
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # The list links to deleted rows for those who may change: not where they cannot be brought back.
        context: dict[str, Any] = title_of(self.model)
        context |= {} if self.allow_revert else {"has_change_permission": False}
        return super().changelist_view(request, context | (extra_context or {}))

    def message_reasons(self, request: HttpRequest, problem: NotReady) -> None:
        """Show why something was not done: one error message for each reason."""
        for reason in problem.reasons:
            messages.error(request, reason)


def empty_field_filter(title: str, *, empty: str, full: str) -> type[admin.EmptyFieldListFilter]:
    """Return a list filter by whether a field is empty; `empty` and `full` label its two choices."""

    class EmptyFieldFilter(admin.EmptyFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

        def choices(self, changelist: ChangeList) -> Iterator[Any]:  # django-stubs keeps their type private
            for choice, words in zip(super().choices(changelist), ("All", empty, full), strict=True):
                _, bracket, number = str(choice["display"]).partition(" (")
                yield choice | {"display": f"{words}{bracket}{number}"}

    return EmptyFieldFilter


class ReadOnly:
    """Mixed into an admin or an inline whose rows only programs write: no adding, changing, deleting."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, RemembersOrdering[Row]):
    """The admin of rows that are only looked at."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's, titled with what is in the list."""
        return super().changelist_view(request, title_of(self.model) | (extra_context or {}))


def row_number(text: str | None) -> int | None:
    """Return a primary key from an address or a hidden field; None for text that can be none."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return int(text)


def title_of(model: type[models.Model]) -> dict[str, Any]:
    """Return the context that titles a list by what is in it ("Claims"), not "Select claim to change"."""
    return {"title": capfirst(str(model._meta.verbose_name_plural))}


def badge(kind: str, words: str) -> SafeString:
    """Return `words` as a coloured label; `kind` names its CSS class."""
    return format_html('<span class="badge badge-{}">{}</span>', kind.replace("_", "-"), words)
