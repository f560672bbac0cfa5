"""The desk's own pages, before those that Django's admin makes of the models."""

from django.contrib import admin
from django.urls import path

from stories.admin import desk, importing, machine, merging, review

app_name = "desk"


def page(route, view, name):
    return path(route, admin.site.admin_view(view), name=name)


urlpatterns = [
    page("", desk.today, "today"),
    page("review/", review.page, "review"),
    page("review/item/", review.item, "review_item"),
    page("review/decide/", review.decide, "review_decide"),
    page("review/undo/", review.undo, "review_undo"),
    page("review/words/", review.words, "review_words"),
    page("review/words/place/", review.place, "review_place"),
    page("why/<int:number>/", machine.why, "why"),
    page("importer/", machine.fares, "fares"),
    page("importer/importer.csv", machine.fares_csv, "fares_csv"),
    page("people/merge/", merging.people, "people"),
    page("people/merge/distinct/", merging.distinct, "people_distinct"),
    page("people/merge/part/", merging.part, "people_part"),
    page("topics/merge/", merging.topics, "topics"),
    page("topics/merge/part/", merging.part_topics, "topics_part"),
    page("import/", importing.upload, "import"),
    page("import/<slug:token>/", importing.uploaded, "import_upload"),
    page("import/<slug:token>/run/", importing.run, "import_run"),
    page("import/<int:number>/undo/", importing.undo, "import_undo"),
]
