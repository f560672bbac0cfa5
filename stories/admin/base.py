"""What every screen of the desk shares."""

import datetime
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from js_asset import Media
from reversion.admin import VersionAdmin
from reversion.models import Version
from taggit.managers import TaggableManager
from taggit.models import TaggedItem

from stories.actions import history
from stories.actions.errors import NotReady
from stories.admin.shared_editing import SharedEditing
from stories.admin.widgets import TagsField

COLUMNS = re.compile(r"-?\d{1,2}(\.-?\d{1,2}){0,9}")  # as the admin says an order: "2.-1"
YEAR = 365 * 24 * 3600  # seconds
FORM_FIELDS = {TaggableManager: {"form_class": TagsField}, models.URLField: {"assume_scheme": "https"}}


def take_back(request: HttpRequest, do: Callable[[], tuple[str, list[str]]]) -> None:
    """Take an act back, and tell what became of it or why it could not be.

    `do` returns the sentence to say, and one for each thing that is not as it was before the act.
    """
    try:
        done, stayed = do()
    except NotReady as problem:
        messages.error(request, " ".join(problem.reasons))
        return
    messages.success(request, done)
    for sentence in stayed:
        messages.warning(request, sentence)


class DeskChangeList(ChangeList):
    """A list whose years are those between its first day and its last, and not asked of every row of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.date_hierarchy:
            self.queryset.aggregate = self._told_its_ends(self.queryset.aggregate)
            for name in ("dates", "datetimes"):
                setattr(self.queryset, name, self._by_its_ends(getattr(self.queryset, name)))

    @cached_property
    def ends(self) -> dict[str, Any]:
        """The first day and the last: each is the nearest row of an index, both at once are all its rows."""
        days = self.queryset.filter(**{f"{self.date_hierarchy}__isnull": False})
        return {
            end: days.order_by(f"{sign}{self.date_hierarchy}")
            .values_list(self.date_hierarchy, flat=True)[:1]
            .first()
            for end, sign in (("first", ""), ("last", "-"))
        }

    def _told_its_ends(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        def aggregate(*args: Any, **asked: Any) -> Any:
            """The admin's row of dates asks for nothing else."""
            return self.ends if set(asked) == {"first", "last"} else ask(*args, **asked)

        return aggregate

    def _by_its_ends(self, ask: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
        def dates(field: str, kind: str) -> Any:
            if kind != "year":
                return ask(field, kind)
            if None in self.ends.values():
                return []
            years = sorted(
                (timezone.localtime(day) if isinstance(day, datetime.datetime) else day).year
                for day in self.ends.values()
            )
            return [datetime.date(year, 1, 1) for year in range(years[0], years[1] + 1)]

        return dates


class OrderKept:
    """A list opens in the order this browser last put it in, until its headings are clicked again.

    Kept in a cookie and not with the account: a list's order is nobody's secret, and costs no query.
    """

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        name = f"order-{self.opts.app_label}-{self.opts.model_name}"
        chosen = request.GET.get(ORDER_VAR)
        kept = request.COOKIES.get(name, "")
        if chosen is None and COLUMNS.fullmatch(kept) and IS_POPUP_VAR not in request.GET:
            request.GET = request.GET.copy()
            request.GET[ORDER_VAR] = kept
        response = super().changelist_view(request, extra_context)
        if chosen is not None and chosen != kept and COLUMNS.fullmatch(chosen or "1"):
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


class DeskAdmin(OrderKept, SharedEditing, VersionAdmin):
    """A model with its history, in the desk's manner."""

    history_latest_first = True
    put_back = True  # whether reversion's own pages may put an old row back, past the desk
    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = FORM_FIELDS

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DeskChangeList

    def recover_view(self, request: HttpRequest, version_id: str, extra_context: Any = None) -> HttpResponse:
        """As reversion's, for what has been deleted, is of this kind and was kept by itself."""
        gone = get_object_or_404(Version.objects.get_deleted(self.model), pk=version_id)
        if not self._kept_by_itself(gone):
            raise PermissionDenied
        self._check_put_back(request, gone)
        sent = request.method == "POST"
        return self.in_one_act(request, sent, super().recover_view, version_id, extra_context)

    def revision_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """As reversion's, which puts back whatever else was kept in the same step: a story and all its claims
        with one claim. Only what was kept by itself may go that way, and nothing saved since the page was
        shown is written over."""
        of_this = Version.objects.get_for_object_reference(self.model, unquote(object_id))
        version = get_object_or_404(of_this, pk=version_id)
        if not self._kept_by_itself(version):
            messages.error(request, "That step was kept with others and is only put back with all of them.")
            address = f"admin:{self.opts.app_label}_{self.opts.model_name}_history"
            return HttpResponseRedirect(reverse(address, args=[object_id]))
        self._check_put_back(request, version)

        sent = request.method == "POST"

        def put_back(request: HttpRequest) -> HttpResponse:
            if sent:
                self.lock(request, version.object_id)
                self._check_standing(request, version)
            else:
                request.standing = self._standing(version)
            return super(DeskAdmin, self).revision_view(request, object_id, version_id, extra_context)

        return self.in_one_act(request, sent, put_back)

    def _standing(self, version: Version) -> str:
        """A mark of the row as it is now, with its inlines' rows; another one when any of them is saved."""
        row = self.model._base_manager.filter(pk=version.object_id).first()
        if row is None:
            return ""
        rows = [row]
        for inline in self.inlines:
            column = _get_foreign_key(self.model, inline.model, inline.fk_name).name
            rows += inline.model._base_manager.filter(**{column: row.pk}).order_by("pk")
        return sha256(serializers.serialize("json", rows).encode()).hexdigest()

    def _check_standing(self, request: HttpRequest, version: Version) -> None:
        """Raise NotReady when the row is not as it was when the page was shown, or has become something that
        no form takes back: merged away, or published."""
        if (self._opened(request) or {}).get("standing") != self._standing(version):
            raise NotReady("Somebody has saved this since you opened the page. See how it stands now.")
        row = self.model._base_manager.filter(pk=version.object_id).first()
        for watched in self.watched if row is not None else ():
            column = self.model._meta.get_field(watched)
            if version.field_dict[column.attname] != getattr(row, column.attname):
                name = capfirst(column.verbose_name)
                raise NotReady(f"“{name}” has changed since that step, and is not taken back here.")

    def _kept_by_itself(self, version: Version) -> bool:
        """Whether the revision holds rows of this screen alone."""
        own = {self.model, TaggedItem, *(inline.model for inline in self.inlines)}
        return self.put_back and all(one._model in own for one in version.revision.version_set.all())

    @staticmethod
    def _check_put_back(request: HttpRequest, version: Version) -> None:
        """Reversion asks who may change the row only after it has made it what it was."""
        if request.method == "POST":
            history.check_put_back(revision=version.revision, by=request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        # The body editor's import map stands in the page itself: the policy lets it in by this nonce.
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        if context.get("subtitle"):
            context["title"] = capfirst(self.opts.verbose_name)  # the subtitle says which
        return super().render_change_form(request, context, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        told = title_of(self.model) | ({} if self.put_back else {"has_change_permission": False})
        return super().changelist_view(request, told | (extra_context or {}))

    def tell(self, request: HttpRequest, problem: NotReady) -> None:
        for reason in problem.reasons:
            messages.error(request, reason)


def told_apart(title: str, *, empty: str, full: str) -> type[admin.EmptyFieldListFilter]:
    """A list's filter by whether a field is empty, with the desk's words for either case."""

    class ToldApart(admin.EmptyFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

        def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
            for choice, words in zip(super().choices(changelist), ("All", empty, full), strict=True):
                _, bracket, number = choice["display"].partition(" (")
                yield choice | {"display": f"{words}{bracket}{number}"}

    return ToldApart


class LookOnly(OrderKept):
    """For rows that are the machine's own record: looked at, never typed into."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, title_of(self.model) | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def row_number(text: str | None) -> int | None:
    """A row's number as an address or a hidden field gives it; None for what no row can have."""
    plain = text is not None and text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if plain else None  # type: ignore[arg-type]


def title_of(model: type[models.Model]) -> dict[str, str]:
    """A list is called by what is in it: one comes to read it as often as to change it."""
    return {"title": capfirst(model._meta.verbose_name_plural)}


def badge(kind: str, words: str) -> SafeString:
    """A word with a colour of its own; the word alone says it all."""
    return format_html('<span class="badge badge-{}">{}</span>', kind.replace("_", "-"), words)
