"""The archive by year, month and day, and what was put right afterwards."""

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
from stories.models.prefetch import story_cards
from stories.views.http_caching import public_page
from stories.views.paging import page_of

MOST_IN_ONE_QUERY = 400  # months
# The Python calendar ends with the year 9999, and a month needs the one after it.
FIRST_MONTH, LAST_MONTH = datetime.date(1000, 1, 1), datetime.date(9999, 11, 1)


@public_page
def archive(request: HttpRequest) -> HttpResponse:
    """Every year with its months, and how many stories each has."""
    ends = Article.objects.published().aggregate(first=Min("published_at"), last=Max("published_at"))
    first, last = (addressable(ends[end]) if ends[end] else None for end in ("first", "last"))
    years: dict[int, list[tuple[datetime.date, int]]] = {}
    for month, count in sorted(by_month(first, last).items()) if first and last else ():
        years.setdefault(month.year, []).append((month, count))
    listed = [(year, sum(count for _, count in months), months) for year, months in reversed(years.items())]
    return render(request, "stories/archive.html", {"years": listed})


@public_page
def archive_year(request: HttpRequest, year: int) -> HttpResponse:
    stories = between(first_day(year), first_day(year + 1))
    counts = sorted(by_month(first_day(year), first_day(year, 12)).items())
    if not counts:
        raise Http404("Nothing was published in that year")
    context = {"year": year, "months": counts, "page": page_of(request, story_cards(stories))}
    return render(request, "stories/archive_year.html", context)


@public_page
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    start = first_day(year, month)
    stories = between(start, first_day(year + month // 12, month % 12 + 1))
    days = dict(stories.order_by().values_list(TruncDate("published_at")).annotate(n=Count("pk")))
    if not days:
        raise Http404("Nothing was published in that month")
    weeks = [
        [(day, days.get(day, 0)) if day.month == month else (None, 0) for day in week]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
    context = {"month": start, "weeks": weeks, "page": page_of(request, story_cards(stories))}
    return render(request, "stories/archive_month.html", context)


@public_page
def archive_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    try:
        start = datetime.date(year, month, day)
        stories = between(start, start + datetime.timedelta(days=1))
    except (ValueError, OverflowError) as error:
        raise Http404("No such day") from error
    page = page_of(request, story_cards(stories))
    if not page.object_list:
        raise Http404("Nothing was published on that day")
    return render(request, "stories/archive_day.html", {"day": start, "page": page})


def addressable(moment: datetime.datetime) -> datetime.date:
    """The local day of a time, or the nearest one that an address can hold with all of its month."""
    try:
        day = timezone.localdate(moment)
    except OverflowError:
        day = moment.date()
    return min(max(day, FIRST_MONTH), LAST_MONTH)


def by_month(first: datetime.date, last: datetime.date) -> dict[datetime.date, int]:
    """How many stories each month from `first`'s to `last`'s has, by its first day; those without any are not
    in it.

    Each month is a stretch of the index: to ask every story for its month costs SQLite a call to Python.
    """
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    counts: dict[datetime.date, int] = {}
    for start in range(0, len(numbers), MOST_IN_ONE_QUERY):
        some = numbers[start : start + MOST_IN_ONE_QUERY]
        counts |= counted([month_of(number) for number in [*some, some[-1] + 1]])
    return counts


def counted(months: list[datetime.date]) -> dict[datetime.date, int]:
    """How many stories each of the months but the last has. In one query's text: an ORM's union of so many
    takes it longer to write than the database to answer."""
    # What `published()` says, with the present as an end of the stretch: of two ends SQLite takes the first.
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
    """The first day of a month counted from the year 0. Raises Http404 past the calendar's end."""
    return first_day(number // 12, number % 12 + 1)


def first_day(year: int, month: int = 1) -> datetime.date:
    """Raises Http404 for a month or year the calendar does not have."""
    try:
        return datetime.date(year, month, 1)
    except ValueError as error:
        raise Http404("No such month") from error


def between(start: datetime.date, end: datetime.date) -> QuerySet[Article]:
    """Published stories from one local midnight up to another, newest first."""
    stories = Article.objects.published()
    return stories.filter(published_at__gte=midnight(start), published_at__lt=midnight(end)).newest()


def midnight(day: datetime.date) -> datetime.datetime:
    """When a day begins by the newsroom's clock. Raises Http404 at the calendar's ends."""
    try:
        moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
        moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError) as error:
        raise Http404("No such day") from error
    return moment


@public_page
def corrections(request: HttpRequest) -> HttpResponse:
    rows = (
        Correction.objects.published()
        .select_related("article", "claim")
        .defer("article__body", "article__text")
        .order_by("-made_at", "-pk")
    )
    words = Page.objects.published().filter(slug="corrections").first()
    return render(request, "stories/corrections.html", {"page": page_of(request, rows), "words": words})
