"""User accounts and groups: Django's admin, made safe for concurrent editing."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, User

from stories.admin import widgets  # noqa: F401  (before any form is made: it gives all of them our dates)
from stories.admin.generics import UserAdmin
from stories.admin.shared_editing import SharedEditing

admin.site.unregister((User, Group))


@admin.register(User)
class AccountAdmin(SharedEditing[User], UserAdmin[User]):
    """User accounts."""


@admin.register(Group)
class RoleAdmin(SharedEditing[Group], GroupAdmin):
    """Groups: the roles of staff."""
