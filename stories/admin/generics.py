"""Django's generic form and admin classes, subscriptable at run time as django-stubs declares them.

The subclasses here ignore the model in brackets and add nothing else.
"""

from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.core import paginator
from django.forms import models as form_models
from reversion import admin as reversion_admin

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from django.contrib.admin import ModelAdmin, StackedInline, TabularInline
    from django.contrib.auth.admin import UserAdmin
    from django.contrib.auth.forms import AdminUserCreationForm
    from django.core.paginator import Paginator
    from django.db.models import Model
    from django.forms import ModelChoiceField, ModelForm
    from django.forms.models import BaseInlineFormSet
    from django.http import HttpRequest, HttpResponse
    from typing_extensions import TypeVar

    Row = TypeVar("Row", bound=Model)

    class VersionAdmin(ModelAdmin[Row]):
        """The attributes that django-reversion adds; it has no type hints of its own."""

        history_latest_first: bool

        def create_revision(self, request: HttpRequest) -> AbstractContextManager[None]: ...
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
        """Django's, subscriptable."""

    class ModelChoiceField(Bracketed, forms.ModelChoiceField):
        """Django's, subscriptable."""

    class BaseInlineFormSet(Bracketed, form_models.BaseInlineFormSet):
        """Django's, subscriptable."""

    class ModelAdmin(Bracketed, admin.ModelAdmin):
        """Django's, subscriptable."""

    class TabularInline(Bracketed, admin.TabularInline):
        """Django's, subscriptable."""

    class StackedInline(Bracketed, admin.StackedInline):
        """Django's, subscriptable."""

    class AdminUserCreationForm(Bracketed, auth_forms.AdminUserCreationForm):
        """Django's, subscriptable."""

    class UserAdmin(Bracketed, auth_admin.UserAdmin):
        """Django's, subscriptable."""

    class VersionAdmin(Bracketed, reversion_admin.VersionAdmin):
        """django-reversion's, subscriptable."""

    class Paginator(Bracketed, paginator.Paginator):
        """Django's, subscriptable."""


__all__ = [
    "AdminUserCreationForm",
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
