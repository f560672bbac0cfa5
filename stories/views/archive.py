"""The archive by year, month and day, and the page of corrections."""

import calendar
import datetime

from django.db import connections
from django.db.models import Count, Max, Min, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from stories.models import Article, Correction, Page
from stories.models.cards import story_list
from stories.views.http_caching import public_page
from stories.views.paging import page_of

MOST_IN_ONE_QUERY = 400  # months
# Months that an address can name: years of four digits; a month ends where the next one begins, and Python's
# dates end with the year 9999.
FIRST_MONTH, LAST_MONTH = datetime.date(1000, 1, 1), datetime.date(9999, 11, 1)


@public_page
def archive(request: HttpRequest) -> HttpResponse:
    """Show every year with its months, and the number of stories in each."""
    ends = Article.objects.published().aggregate(first=Min("published_at"), last=Max("published_at"))
    first, last = (addressable(ends[end]) if ends[end] else None for end in ("first", "last"))
    years: dict[int, list[tuple[datetime.date, int]]] = {}
    for month, count in sorted(by_month(first, last).items()) if first and last else ():
        years.setdefault(month.year, []).append((month, count))
    listed = [(year, sum(count for _, count in months), months) for year, months in reversed(years.items())]
    return render(request, "stories/archive.html", {"years": listed})


@public_page
def archive_year(request: HttpRequest, year: int) -> HttpResponse:
    """Show a year's months and stories. Raises Http404 for a year without stories."""
    stories = between(first_day(year), first_day(year + 1))
    counts = sorted(by_month(first_day(year), first_day(year, 12)).items())
    if not counts:
        raise Http404("Nothing was published in that year")
    context = {"year": year, "months": counts, "page": page_of(request, story_list(stories))}
    return render(request, "stories/archive_year.html", context)


@public_page
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show a month's calendar and stories. Raises Http404 for a month without stories."""
    start = first_day(year, month)
    stories = between(start, first_day(year + month // 12, month % 12 + 1))
    days = dict(stories.order_by().values_list(TruncDate("published_at")).annotate(n=Count("pk")))
    if not days:
        raise Http404("Nothing was published in that month")
    weeks = [
        [(day, days.get(day, 0)) if day.month == month else (None, 0) for day in week]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
    context = {"month": start, "weeks": weeks, "page": page_of(request, story_list(stories))}
    return render(request, "stories/archive_month.html", context)


@public_page
def archive_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """Show a day's stories. Raises Http404 for an invalid date and for a day without stories."""
    try:
        start = datetime.date(year, month, day)
        stories = between(start, start + datetime.timedelta(days=1))
    except (ValueError, OverflowError) as error:
        raise Http404("No such day") from error
    page = page_of(request, story_list(stories))
    if not page.object_list:
        raise Http404("Nothing was published on that day")
    return render(request, "stories/archive_day.html", {"day": start, "page": page})


def addressable(moment: datetime.datetime) -> datetime.date:
    """Return the local day of a moment, moved to FIRST_MONTH or LAST_MONTH if it lies outside of them."""
    try:
        day = timezone.localdate(moment)
    except OverflowError:
        day = moment.date()
    return min(max(day, FIRST_MONTH), LAST_MONTH)


def by_month(first: datetime.date, last: datetime.date) -> dict[datetime.date, int]:
    """Return the number of published stories per month, from `first`'s to `last`'s, by the month's first day.

    Months without stories are left out. Each month is a range of the index on `published_at`: grouping by
    TruncMonth calls a Python function per story on SQLite.
    """
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    counts: dict[datetime.date, int] = {}
    for start in range(0, len(numbers), MOST_IN_ONE_QUERY):
        some = numbers[start : start + MOST_IN_ONE_QUERY]
        counts |= counted([month_of(number) for number in [*some, some[-1] + 1]])
    return counts


def counted(months: list[datetime.date]) -> dict[datetime.date, int]:
    """Return the number of published stories in each of the consecutive months; the last is only the end.

    One raw query: as a union of querysets, Django takes longer to compile it than the database to answer it.
    """
    # As `published()`, but with the current time as the end of the range: of two upper limits SQLite would
    # use only the first for the index.
    stories = Article.objects.filter(status=Article.Status.PUBLISHED)
    connection, now = connections[stories.db], timezone.now() + datetime.timedelta.resolution
    moments = [min(midnight(month), now) for month in months]
    midnights = [connection.ops.adapt_datetimefield_value(moment) for moment in moments]
    stretches = [*zip(range(len(months)), midnights, midnights[1:], strict=False)]
    within = stories.filter(
        published_at__gte=RawSQL("months.start", []), published_at__lt=RawSQL("months.stop", [])
    )
    sql, parameters = within.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH months(number, start, stop) AS (VALUES {', '.join(['(%s, %s, %s)'] * len(stretches))}) "  # noqa: S608
            f"SELECT number, (SELECT COUNT(*) FROM ({sql}) AS found) FROM months",
            [*(value for stretch in stretches for value in stretch), *parameters],
        )
        return {months[number]: count for number, count in cursor.fetchall() if count}


def month_of(number: int) -> datetime.date:
    """Return the first day of month `number` (12 * year + month - 1). Raises Http404 outside the calendar."""
    return first_day(number // 12, number % 12 + 1)


def first_day(year: int, month: int = 1) -> datetime.date:
    """Return the first day of a month. Raises Http404 outside the calendar."""
    try:
        return datetime.date(year, month, 1)
    except ValueError as error:
        raise Http404("No such month") from error


def between(start: datetime.date, end: datetime.date) -> QuerySet[Article]:
    """Return the stories published from local midnight of `start` to that of `end`, newest first."""
    stories = Article.objects.published()
    return stories.filter(published_at__gte=midnight(start), published_at__lt=midnight(end)).newest()


def midnight(day: datetime.date) -> datetime.datetime:
    """Return the moment at which a day begins in the site's time zone.

    Raises Http404 for days at the ends of Python's calendar, which have no UTC time.
    """
    try:
        moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
        moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError) as error:
        raise Http404("No such day") from error
    return moment


@public_page
def corrections(request: HttpRequest) -> HttpResponse:
    """Show all published corrections, newest first, under the newsroom's own words if it has written any."""
    rows = (
        Correction.objects.published()
        .select_related("article", "claim")
        .defer("article__body", "article__text")
        .order_by("-made_at", "-pk")
    )
    words = Page.objects.published().filter(slug="corrections").first()
    return render(request, "stories/corrections.html", {"page": page_of(request, rows), "words": words})
