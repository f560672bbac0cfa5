"""The staff's screens on Django's admin site. They call `stories.actions`, which check and write."""

from django.contrib import admin

from stories.admin import (
    accounts,
    articles,
    claims,
    import_runs,
    outlets,
    pages,
    people,
    pictures,
    search_words,
    tags,
)

admin.site.site_header = "On the Record"
admin.site.site_title = "On the Record"
admin.site.index_title = "Today’s desk"
admin.site.empty_value_display = "–"

__all__ = [
    "accounts",
    "articles",
    "claims",
    "import_runs",
    "outlets",
    "pages",
    "people",
    "pictures",
    "search_words",
    "tags",
]
