"""The newsroom's own pages, such as “About”."""

from django.contrib import admin

from stories.admin.base import DeskAdmin
from stories.models import Page


@admin.register(Page)
class PageAdmin(DeskAdmin[Page]):
    """The newsroom's own pages."""

    list_display = ("title", "slug", "shown", "changed_at")
    list_filter = ("shown",)
    search_fields = ("title", "body")
    fields = ("title", "slug", "summary", "body", "shown")
    together = (("body", "shown"),)
