"""The admin's index: today's work."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from stories.actions.dashboard import Waiting
from stories.actions.dashboard import today as todays_work
from stories.admin.form_state import user_of
from stories.models import Correction

LATEST = 12
VERDICT = Correction.Kind.VERDICT.value


def today(request: HttpRequest) -> HttpResponse:
    """Show the index with what waits for this user, and the latest log entries."""
    work = todays_work(by=user_of(request))
    may = request.user.has_perm
    context = {
        "today_work": [(waiting, address_of(waiting)) for waiting in work.waiting],
        "quiet": work.quiet,
        "week": work.week,
        "may_write": may("stories.add_article"),
        "latest": LogEntry.objects.select_related("user", "content_type").order_by("-action_time", "-pk")[
            :LATEST
        ],
    }
    return admin.site.index(request, extra_context=context)


def address_of(waiting: Waiting) -> str:
    """Return the address of the list behind an item of work."""
    match waiting.key:
        case "review":
            return reverse("desk:review")
        case "words":
            return reverse("desk:review_words")
        case "in_review":
            return reverse("admin:stories_article_changelist") + "?stage=in_review"
        case "drafts":
            return reverse("admin:stories_article_changelist") + "?attention=mine"
        case "alike":
            return reverse("desk:people")
        case "topics":
            return reverse("desk:topics")
        case "verdicts":
            return (
                reverse("admin:stories_correction_changelist") + f"?made_at__isempty=1&kind__exact={VERDICT}"
            )
        case "corrections":
            others = ",".join(kind for kind in Correction.Kind.values if kind != VERDICT)
            return reverse("admin:stories_correction_changelist") + f"?made_at__isempty=1&kind__in={others}"
    return reverse("admin:stories_importedtext_changelist") + "?outcome__exact=failed"
