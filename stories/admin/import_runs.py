"""Admin of imports and of the outcome of each file; read-only."""

from typing import Any, Protocol

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stories.actions.imports import jobs
from stories.admin.base import ReadOnly, ReadOnlyAdmin, badge, empty_field_filter, row_number
from stories.admin.generics import TabularInline
from stories.models import ImportedText, ImportRun
from stories.text.moments import moment

MOST_NAMED = 3  # files of a run that are named in the changelist


class WithFileCounts(Protocol):
    """An import of the changelist's queryset."""

    files_count: int
    failed_count: int


class ImportedTextInline(ReadOnly, TabularInline[ImportedText, ImportRun]):
    """The files of an import that failed or have a message."""

    model = ImportedText
    extra = 0
    verbose_name_plural = "Files with a message"
    fields = readonly_fields = ("file", "became", "story", "message", "encoding")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportedText]:
        """Leave out files that were imported without a message."""
        telling = Q(outcome__in=[ImportedText.Outcome.FAILED, ImportedText.Outcome.KEPT]) | ~Q(message="")
        return super().get_queryset(request).filter(telling).select_related("article").order_by("pk")

    @admin.display(description="outcome")
    def became(self, text: ImportedText) -> SafeString:
        return outcome(text)

    @admin.display(description="story")
    def story(self, text: ImportedText) -> SafeString | str:
        return story_link(text)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin[ImportRun]):
    """Imports."""

    inlines = (ImportedTextInline,)
    list_display = ("started", "by", "where", "files", "failed", "state")
    list_filter = (("undone_at", empty_field_filter("state", empty="In use", full="Undone")),)
    list_select_related = ("by",)
    date_hierarchy = "started_at"
    list_per_page = 50
    fields = ("started_at", "finished_at", "by", "where", "undone_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        failed = Count("texts", filter=Q(texts__outcome=ImportedText.Outcome.FAILED))
        return super().get_queryset(request).annotate(files_count=Count("texts"), failed_count=failed)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show how far an import is that is on its way in."""
        run = ImportRun.objects.filter(pk=row_number(object_id) or 0).first()
        context = {**(extra_context or {}), "counts": jobs.counts(run) if run else None}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description="started", ordering="started_at")
    def started(self, run: ImportRun) -> str:
        return moment(timezone.localtime(run.started_at))

    @admin.display(description="from")
    def where(self, run: ImportRun) -> str:
        names = ", ".join(run.paths[:MOST_NAMED])
        return (
            f"{names} and {len(run.paths) - MOST_NAMED} more" if len(run.paths) > MOST_NAMED else names or "–"
        )

    @admin.display(description="files", ordering="files_count")
    def files(self, run: WithFileCounts) -> int:
        return run.files_count

    @admin.display(description="failed", ordering="failed_count")
    def failed(self, run: WithFileCounts) -> str:
        return str(run.failed_count or "–")

    @admin.display(description="state")
    def state(self, run: ImportRun) -> SafeString:
        if run.undone_at:
            return badge("withdrawn", "Undone" if run.undo_finished_at else "Being undone")
        return badge("kept", "Finished") if run.finished_at else badge("adrift", "Not finished")


@admin.register(ImportedText)
class ImportedTextAdmin(ReadOnlyAdmin[ImportedText]):
    """Imported files."""

    list_display = ("file", "became", "story", "message", "imported_at")
    list_filter = ("outcome",)
    list_select_related = ("article",)
    date_hierarchy = "imported_at"
    search_fields = ("file", "message", "article__headline")
    list_per_page = 50
    show_full_result_count = False
    fields = ("file", "run", "became", "story", "message", "encoding", "sha256", "imported_at")
    readonly_fields = fields

    @admin.display(description="outcome", ordering="outcome")
    def became(self, text: ImportedText) -> SafeString:
        return outcome(text)

    @admin.display(description="story", ordering="article__headline")
    def story(self, text: ImportedText) -> SafeString | str:
        return story_link(text)


def outcome(text: ImportedText) -> SafeString:
    """Return a file's outcome as a badge."""
    kind = "adrift" if text.outcome == ImportedText.Outcome.FAILED else "kept"
    return badge(kind, text.get_outcome_display())


def story_link(text: ImportedText) -> SafeString | str:
    """Return a link to the file's story in the admin."""
    if text.article is None:
        return "–"
    address = reverse("admin:stories_article_change", args=[text.article_id])
    return format_html('<a href="{}">{}</a>', address, text.article.headline)
