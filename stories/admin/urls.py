"""URLs of the admin pages that are not of a ModelAdmin. They are included before Django's admin."""

from collections.abc import Callable

from django.contrib import admin
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from stories.admin import (
    dashboard,
    desk_log,
    front_page,
    giving_page,
    import_pages,
    importer_accuracy,
    merge_pages,
    near_claims,
    outlets,
    person_lines,
    review,
    saved_views,
    story_card,
    story_search,
)

app_name = "desk"


def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """Return the URL pattern of a page for staff."""
    return path(route, admin.site.admin_view(view), name=name)


urlpatterns = [
    page("", dashboard.today, "today"),
    page("autocomplete/", person_lines.complete, "complete"),
    page("log/", desk_log.log, "log"),
    page("log/log.csv", desk_log.log_csv, "log_csv"),
    page("front-page/", front_page.front_page, "front_page"),
    page("front-page/undo/", front_page.undo, "front_page_undo"),
    page("story-search/", story_search.search, "story_search"),
    page("story-card/", story_card.drawn, "story_card"),
    page("stories/views/", saved_views.save, "view_save"),
    page("stories/views/delete/", saved_views.delete, "view_delete"),
    page("review/", review.page, "review"),
    page("review/item/", review.item, "review_item"),
    page("review/decide/", review.decide, "review_decide"),
    page("review/apart/", review.leave_apart, "review_apart"),
    page("review/undo/", review.undo, "review_undo"),
    page("review/give/", giving_page.page, "review_give"),
    page("review/words/", review.words, "review_words"),
    page("review/words/place/", review.place, "review_place"),
    page("claims/<int:number>/near/", near_claims.answer, "near"),
    page("claims/near/part/", near_claims.part, "near_part"),
    page("claims/near/again/", near_claims.ask_again, "near_again"),
    page("why/<int:number>/", importer_accuracy.why, "why"),
    page("importer/", importer_accuracy.accuracy_page, "importer_accuracy"),
    page("importer/importer.csv", importer_accuracy.accuracy_csv, "importer_accuracy_csv"),
    page("people/merge/", merge_pages.people, "people"),
    page("people/merge/distinct/", merge_pages.distinct, "people_distinct"),
    page("people/merge/part/", merge_pages.unmerge_people, "people_unmerge"),
    page("topics/merge/", merge_pages.topics, "topics"),
    page("topics/merge/part/", merge_pages.unmerge_topics, "topics_unmerge"),
    page("outlets/merge/", outlets.merge, "outlets"),
    page("outlets/merge/part/", outlets.unmerge, "outlets_unmerge"),
    page("import/", import_pages.upload, "import"),
    page("import/<slug:token>/", import_pages.uploaded, "import_upload"),
    page("import/<slug:token>/run/", import_pages.run, "import_run"),
    page("import/<int:number>/progress/", import_pages.how_far, "import_progress"),
    page("import/<int:number>/undo/", import_pages.undo, "import_undo"),
]
