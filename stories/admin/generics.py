"""Django's generic form and admin classes with their model in brackets, as django-stubs declares them.

At run time Django's own classes take no brackets. These subclasses do, and ignore what is in them; they add
nothing else.
"""

from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.core import paginator
from django.forms import models as form_models
from reversion import admin as reversion_admin

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline, TabularInline
    from django.contrib.auth.admin import UserAdmin
    from django.core.paginator import Paginator
    from django.db.models import Model
    from django.forms import ModelChoiceField, ModelForm
    from django.forms.models import BaseInlineFormSet
    from django.http import HttpRequest, HttpResponse
    from typing_extensions import TypeVar

    Row = TypeVar("Row", bound=Model)

    class VersionAdmin(ModelAdmin[Row]):
        """What django-reversion adds; it has no type hints of its own."""

        history_latest_first: bool

        def recover_view(
            self, request: HttpRequest, version_id: str, extra_context: dict[str, Any] | None = None
        ) -> HttpResponse: ...
        def recoverlist_view(
            self, request: HttpRequest, extra_context: dict[str, Any] | None = None
        ) -> HttpResponse: ...
        def revision_view(
            self,
            request: HttpRequest,
            object_id: str,
            version_id: str,
            extra_context: dict[str, Any] | None = None,
        ) -> HttpResponse: ...

else:

    class Bracketed:
        """Allow `Class[Model]` in a list of base classes."""

        def __class_getitem__(cls, model: Any) -> type[Self]:
            return cls

    class ModelForm(Bracketed, forms.ModelForm):
        pass

    class ModelChoiceField(Bracketed, forms.ModelChoiceField):
        pass

    class BaseInlineFormSet(Bracketed, form_models.BaseInlineFormSet):
        pass

    class ModelAdmin(Bracketed, admin.ModelAdmin):
        pass

    class TabularInline(Bracketed, admin.TabularInline):
        pass

    class StackedInline(Bracketed, admin.StackedInline):
        pass

    class UserAdmin(Bracketed, auth_admin.UserAdmin):
        pass

    class VersionAdmin(Bracketed, reversion_admin.VersionAdmin):
        pass

    class Paginator(Bracketed, paginator.Paginator):
        pass


__all__ = [
    "BaseInlineFormSet",
    "ModelAdmin",
    "ModelChoiceField",
    "ModelForm",
    "Paginator",
    "StackedInline",
    "TabularInline",
    "UserAdmin",
    "VersionAdmin",
]
