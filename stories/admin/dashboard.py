"""The admin's index: today's work."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list

from stories.actions import desk_log
from stories.actions.dashboard import Day, Waiting
from stories.actions.dashboard import today as todays_work
from stories.actions.stories import notes
from stories.admin.desk_log import address_of as address_of_entry
from stories.admin.form_state import user_of
from stories.models import Correction

LATEST = 12
ONE_BY_ONE = ("in_review", "drafts")  # listed by name, so that only their count is shown with the others
VERDICT = Correction.Kind.VERDICT.value


def today(request: HttpRequest) -> HttpResponse:
    """Show the index with what waits for this user, and the latest log entries."""
    work = todays_work(by=user_of(request))
    may = request.user.has_perm
    waiting = [(kind, address_of(kind)) for kind in work.waiting if kind.number]
    free = [str(_named(day, number)) for number, day in enumerate(work.week) if not day.stories]
    by = user_of(request)
    asked = desk_log.Question(by=None if may(desk_log.SEE) else by.pk)
    latest = desk_log.page(by=by, question=asked, number=LATEST)
    context = {
        "notices": notes.unseen(by=user_of(request))[: notes.NOTICES_SHOWN],
        "tasks": work.tasks,
        "waiting": waiting,
        "counts": [(kind, address) for kind, address in waiting if kind.key in ONE_BY_ONE],
        "one_by_one": ONE_BY_ONE,
        "free": "the next seven days" if len(free) == len(work.week) else get_text_list(free, "and"),
        "today": timezone.localdate(),
        "nothing": [kind.many for kind in work.waiting if not kind.number],
        "quiet": work.quiet,
        "week": work.week,
        "may_write": may("stories.add_article"),
        "entries": [(entry, address_of_entry(entry)) for entry in latest.entries],
        "whole_log": may(desk_log.SEE),
    }
    return admin.site.index(request, extra_context=context)


def _named(day: Day, number: int) -> str:
    return ("today", "tomorrow")[number] if number < 2 else f"{day.day:%A}"


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
        case "imported" | "pending":
            return reverse("admin:stories_article_changelist") + f"?attention={waiting.key}"
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
