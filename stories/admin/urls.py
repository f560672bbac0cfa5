"""The desk's own pages, before those that Django's admin makes of the models."""

from django.contrib import admin
from django.urls import path

from stories.admin import dashboard, import_pages, importer_accuracy, merge_pages, review

app_name = "desk"


def page(route, view, name):
    return path(route, admin.site.admin_view(view), name=name)


urlpatterns = [
    page("", dashboard.today, "today"),
    page("review/", review.page, "review"),
    page("review/item/", review.item, "review_item"),
    page("review/decide/", review.decide, "review_decide"),
    page("review/undo/", review.undo, "review_undo"),
    page("review/words/", review.words, "review_words"),
    page("review/words/place/", review.place, "review_place"),
    page("why/<int:number>/", importer_accuracy.why, "why"),
    page("importer/", importer_accuracy.fares, "fares"),
    page("importer/importer.csv", importer_accuracy.fares_csv, "fares_csv"),
    page("people/merge/", merge_pages.people, "people"),
    page("people/merge/distinct/", merge_pages.distinct, "people_distinct"),
    page("people/merge/part/", merge_pages.part, "people_part"),
    page("topics/merge/", merge_pages.topics, "topics"),
    page("topics/merge/part/", merge_pages.part_topics, "topics_part"),
    page("import/", import_pages.upload, "import"),
    page("import/<slug:token>/", import_pages.uploaded, "import_upload"),
    page("import/<slug:token>/run/", import_pages.run, "import_run"),
    page("import/<int:number>/undo/", import_pages.undo, "import_undo"),
]
