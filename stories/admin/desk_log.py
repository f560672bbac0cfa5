"""The page of who did what at the desk, and its CSV file."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from stories.actions import desk_log
from stories.admin.base import row_number
from stories.admin.form_state import user_of
from stories.formats.tables.columns import safe
from stories.models import FrontPlace
from stories.text.moments import day, moment

MOST = 20_000  # lines of a file
COLUMNS = ("When", "Who", "What", "Address")


def log(request: HttpRequest) -> HttpResponse:
    """Show a page of the log: `?by=`, `thing=`, `row=` and `day=` narrow it, `after=` is where it begins."""
    question = _question(request)
    found = desk_log.page(by=user_of(request), question=question, after=request.GET.get("after", ""))
    asked = _asked(question)
    context = {
        **admin.site.each_context(request),
        "title": "Log",
        "entries": [(entry, address_of(entry)) for entry in found.entries],
        "question": question,
        "day": day(question.day) if question.day else "",
        "staff": User.objects.filter(is_staff=True).order_by("first_name", "last_name", "username"),
        "things": [(name, label) for name, (label, _) in desk_log.THINGS.items()],
        "asked": urlencode(asked),
        "more": urlencode(asked | {"after": found.next_key}) if found.next_key else "",
        "begun": "after" in request.GET,
    }
    return TemplateResponse(request, "admin/desk/log.html", context)


def log_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Return what the page lists, all pages of it, as a CSV file."""
    question = _question(request)
    by = user_of(request)
    desk_log.page(by=by, question=question, number=1)  # refuses before the file is begun
    entries = desk_log.everything(by=by, question=question, most=MOST)
    response = StreamingHttpResponse(_lines(entries), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response


class _Line:
    """A file for the csv module that hands back what is written."""

    def write(self, line: str) -> str:
        return line


def _lines(entries: Iterator[desk_log.Entry]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)  # type: ignore[operator]  # what `write` returned
    for entry in entries:
        at = moment(timezone.localtime(entry.at))
        cells = (at, safe(entry.who), safe(entry.words), address_of(entry))
        yield writer.writerow(cells)  # type: ignore[misc]  # as above


def _question(request: HttpRequest) -> desk_log.Question:
    thing = request.GET.get("thing", "")
    return desk_log.Question(
        by=row_number(request.GET.get("by")),
        thing=thing if thing in desk_log.THINGS else "",
        row=row_number(request.GET.get("row")) if thing in desk_log.THINGS else None,
        day=_day(request.GET.get("day", "")),
    )


def _day(asked: str) -> date | None:
    try:
        found = forms.DateField().clean(asked)
    except ValidationError:
        return None
    return found if 1 < found.year < 9999 else None


def _asked(question: desk_log.Question) -> dict[str, Any]:
    asked = {"by": question.by, "thing": question.thing, "row": question.row, "day": question.day}
    return {name: value for name, value in asked.items() if value}


def address_of(entry: desk_log.Entry) -> str:
    """Return the address of what an act was done to; "" where there is no page of it."""
    if entry.model is None or entry.gone or not entry.row:
        return ""
    if entry.model is FrontPlace:
        return reverse("desk:front_page")
    name = f"admin:{entry.model._meta.app_label}_{entry.model._meta.model_name}_change"
    try:
        return reverse(name, args=[entry.row])
    except NoReverseMatch:
        return ""
