"""Base classes, a filter and badges shared by the admin."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

COLUMNS = re.compile(r"-?\d{1,2}(\.-?\d{1,2}){0,9}")  # the admin's `o` parameter: "2.-1"
YEAR = 365 * 24 * 3600  # seconds
FORM_FIELDS: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    TaggableManager: {"form_class": TagsField},
    models.URLField: {"assume_scheme": "https"},
}


def take_back(request: HttpRequest, do: Callable[[], tuple[str, list[str]]]) -> None:
    """Call `do` to undo an act, and show the outcome, or why it could not be undone, as messages.

    `do` returns the sentence for success, and one for each thing that was not restored. It may raise
    NotReady.
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
    """Open a changelist in the order last chosen in this browser.

    It is stored in a cookie: reading it costs no query.
    """

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Put the stored order into the query string; store the one that is requested."""
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
    """An admin with versions (django-reversion) and forms for concurrent editing."""

    history_latest_first = True
    allow_revert = True  # whether django-reversion's pages may restore a version, without stories.actions
    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = FORM_FIELDS

    def get_view_on_site_url(self, obj: Row | None = None) -> str | None:
        """Return the public address of a row that readers can see; to others no link leads."""
        published = getattr(self.model._default_manager, "published", None)
        if obj is not None and published is not None and not published().filter(pk=obj.pk).exists():
            return None
        return super().get_view_on_site_url(obj)

    @contextmanager
    def create_revision(self, request: HttpRequest) -> Iterator[None]:
        """Open a revision for a request that may write.

        A revision is a transaction, and on SQLite each transaction takes the write lock: a page that is only
        looked at would wait until nobody writes.
        """
        if request.method in {"GET", "HEAD"}:
            yield
            return
        with super().create_revision(request):
            yield

    def recover_view(self, request: HttpRequest, version_id: str, extra_context: Any = None) -> HttpResponse:
        """Restore a deleted row from its last version, if the revision has no other rows."""
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

        django-reversion restores all rows of the revision: with one claim, a story and all its other claims.
        So this is allowed only where the revision has rows of this admin alone. A row that was saved since
        the page was shown is not overwritten.
        """
        of_this = Version.objects.get_for_object_reference(self.model, unquote(object_id))
        version = get_object_or_404(of_this, pk=version_id)
        if not self._is_own_revision(version):
            messages.error(request, "That version was saved with other rows and is only restored with them.")
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
        """Return a hash of the row and its inlines' rows, which changes when any of them is saved."""
        row = self.model._base_manager.filter(pk=version.object_id).first()
        if row is None:
            return ""
        rows = [row]
        for inline in self.inlines:
            column = _get_foreign_key(self.model, inline.model, inline.fk_name).name
            rows += inline.model._base_manager.filter(**{column: row.pk}).order_by("pk")
        return sha256(serializers.serialize("json", rows).encode()).hexdigest()

    def _check_unchanged(self, request: HttpRequest, version: Version) -> None:
        """Raise NotReady if the row was saved since the page was shown.

        Also if a `watched` column differs from that version: reverting must not undo a merge or a
        publication.
        """
        if (self._opened(request) or {}).get("row_mark") != self._row_mark(version):
            raise NotReady("Somebody has saved this since you opened the page. Look at it again.")
        row = self.model._base_manager.filter(pk=version.object_id).first()
        for watched in self.watched if row is not None else ():
            column = cast("models.Field[Any, Any]", self.model._meta.get_field(watched))
            if version.field_dict[column.attname] != getattr(row, column.attname):
                name = capfirst(column.verbose_name)
                raise NotReady(f"“{name}” has changed since that version, and is not restored here.")

    def _is_own_revision(self, version: Version) -> bool:
        """Return whether the revision has rows of this admin alone, and may be restored."""
        own = {self.model, TaggedItem, *(inline.model for inline in self.inlines)}
        return self.allow_revert and all(one._model in own for one in version.revision.version_set.all())

    @staticmethod
    def _check_may_revert(request: HttpRequest, version: Version) -> None:
        """Check permissions before django-reversion, which does it after restoring the row."""
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
        """Add the CSP nonce to the import map of the rich text editor."""
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]  # set by django-csp's middleware
        context["media"] = Media.from_media(context["media"], nonce=nonce)
        if context.get("subtitle"):
            context["title"] = capfirst(self.opts.verbose_name)  # the subtitle names the row
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Hides django-reversion's link to deleted rows where they cannot be restored.
        context: dict[str, Any] = title_of(self.model)
        context |= {} if self.allow_revert else {"has_change_permission": False}
        return super().changelist_view(request, context | (extra_context or {}))

    def message_reasons(self, request: HttpRequest, problem: NotReady) -> None:
        """Show each reason as an error message."""
        for reason in problem.reasons:
            messages.error(request, reason)


def empty_field_filter(title: str, *, empty: str, full: str) -> type[admin.EmptyFieldListFilter]:
    """Return a list filter by whether a field is empty; `empty` and `full` label the two choices."""

    class EmptyFieldFilter(admin.EmptyFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

        def choices(self, changelist: ChangeList) -> Iterator[Any]:  # their type is private in django-stubs
            for choice, words in zip(super().choices(changelist), ("All", empty, full), strict=True):
                _, bracket, number = str(choice["display"]).partition(" (")
                yield choice | {"display": f"{words}{bracket}{number}"}

    return EmptyFieldFilter


class ReadOnly:
    """Mixin for an admin or inline whose rows only code writes."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, RemembersOrdering[Row]):
    """An admin without adding, changing and deleting."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Set the list's title."""
        return super().changelist_view(request, title_of(self.model) | (extra_context or {}))


def row_number(text: str | None) -> int | None:
    """Return the primary key in an address or a hidden field, None for text that is no primary key."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return int(text)


def title_of(model: type[models.Model]) -> dict[str, Any]:
    """Return the context with a list's title ("Claims") instead of Django's "Select claim to change"."""
    return {"title": capfirst(str(model._meta.verbose_name_plural))}


def badge(kind: str, words: str) -> SafeString:
    """Return `words` as a coloured label; `kind` is part of its CSS class."""
    return format_html('<span class="badge badge-{}">{}</span>', kind.replace("_", "-"), words)
