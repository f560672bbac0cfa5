"""Accounts and groups: Django's own screens, with the desk's care for what two people change at once."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, User

from stories.admin.generics import UserAdmin
from stories.admin.shared_editing import SharedEditing

admin.site.unregister((User, Group))


@admin.register(User)
class AccountAdmin(SharedEditing[User], UserAdmin[User]):
    pass


@admin.register(Group)
class RoleAdmin(SharedEditing[Group], GroupAdmin):
    pass
