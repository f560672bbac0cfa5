"""The claims browser's list as CSV, streamed."""

import csv
from collections.abc import Iterator
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import quote_etag

from stories.database import change_counter
from stories.facets.filters import ClaimFilter
from stories.formats.tables import CLAIMS
from stories.formats.tables.columns import batched
from stories.models import Appearance, Claim
from stories.models.prefetch import NEWEST_FIRST
from stories.views.http_caching import for_any_site, public_page

CHUNK = 500  # claims held in memory, and sent, at a time


class _Echo:
    """A file for the csv module whose `write` returns the line."""

    def write(self, line: str) -> str:
        return line


@public_page
def claims_csv(request: HttpRequest) -> HttpResponseBase:
    """Return the claims that the filters leave as CSV; 400 with the reasons when a filter is not applied."""
    etag = version()  # before the rows are read: a change from now on gives another ETag
    filters = ClaimFilter(request.GET, queryset=Claim.objects.published().order_by(*NEWEST_FIRST))
    if filters.problems:
        return HttpResponse(
            "\n".join(filters.problems) + "\n", status=400, content_type="text/plain; charset=utf-8"
        )
    if request.method == "HEAD":  # do not read every claim to drop the body
        lines: Iterator[str] = iter(())
    else:
        lines = lines_of(filters)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="claims.csv"'
    response["ETag"] = etag
    return for_any_site(response)


def version() -> str:
    """Return an ETag that changes with any list of claims, without reading the list.

    It is made of the change counter, the newest public appearance (a scheduled story appears without a change
    to a row), the site's address and the columns.
    """
    newest = Appearance.objects.published().aggregate(newest=Max("public_from"))["newest"]
    parts = (change_counter.count(connection), newest, settings.SITE_URL, CLAIMS.names)
    return quote_etag(sha256(repr(parts).encode()).hexdigest()[:32])


def lines_of(filters: ClaimFilter) -> Iterator[str]:
    """Yield the file: a byte order mark, for Excel to read UTF-8, with the header; then claims in chunks."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(CLAIMS.names)
    numbers = filters.qs.values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    for some in batched(numbers, CHUNK):
        yield "".join(writer.writerow(CLAIMS.cells(row)) for row in CLAIMS.rows(some, filters.qs.db))
