"""Words that mean the same to readers who search."""

from django.contrib import admin

from stories.admin.base import DeskAdmin
from stories.models import WordGroup


@admin.register(WordGroup)
class WordGroupAdmin(DeskAdmin[WordGroup]):
    """The desk's own groups of words."""

    list_display = ("words", "changed_at")
    search_fields = ("words",)
    fields = ("words",)
