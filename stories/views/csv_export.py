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
from stories.models import Appearance, Claim
from stories.models.prefetch import NEWEST_FIRST, TOPICS, claim_cards
from stories.views.http_caching import public_page

CHUNK = 500  # claims held in memory at a time
COLUMNS = (
    "claim",
    "address",
    "words",
    "parts",
    "kind",
    "stance",
    "verb_as_printed",
    "speaker",
    "speaker_address",
    "role_as_printed",
    "party_as_printed",
    "told",
    "said_on",
    "about",
    "topics",
    "verdict",
    "verdict_in_a_sentence",
    "checked_on",
    "read_by_an_editor",
    "stories",
)
# First characters that make a spreadsheet program run a cell as a formula
# (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
    return response


def version() -> str:
    """Return an ETag that changes with any list of claims, without reading the list.

    It is made of the change counter, the newest public appearance (a scheduled story appears without a change
    to a row), the site's address and the columns.
    """
    newest = Appearance.objects.published().aggregate(newest=Max("public_from"))["newest"]
    parts = (change_counter.count(connection), newest, settings.SITE_URL, COLUMNS)
    return quote_etag(sha256(repr(parts).encode()).hexdigest()[:32])


def lines_of(filters: ClaimFilter) -> Iterator[str]:
    """Yield the lines of the file: a byte order mark, for Excel to read UTF-8, the header, and the claims."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for claim in claim_cards(filters.qs).prefetch_related(TOPICS).iterator(chunk_size=CHUNK):
        yield writer.writerow([safe(cell) for cell in cells_of(claim)])


def cells_of(claim: Claim) -> tuple[str, ...]:
    """Return a claim's cells, in the order of COLUMNS."""
    speaker = claim.public_speaker
    verdict = claim.verdict
    first = claim.printed[0] if claim.printed else None
    return (
        str(claim.pk),
        settings.SITE_URL + claim.get_absolute_url(),
        claim.words,
        " | ".join(claim.printed_parts),
        claim.get_kind_display(),
        claim.get_stance_display() or "Not known",
        claim.verb,
        claim.public_speaker_name,
        settings.SITE_URL + speaker.get_absolute_url() if speaker else "",
        first.speaker_role if first else "",
        first.speaker_party if first else "",
        first.outlet if first else "",
        claim.said_on.isoformat() if claim.said_on else "",
        "; ".join(person.name for person in claim.people),
        "; ".join(tag.name for tag in claim.topics),
        verdict.label if verdict else "",
        verdict.summary if verdict else "",
        verdict.checked_at.date().isoformat() if verdict and verdict.checked_at else "",
        "yes" if claim.is_read else "no",
        " ".join(
            dict.fromkeys(settings.SITE_URL + place.article.get_absolute_url() for place in claim.printed)
        ),
    )


def safe(cell: str) -> str:
    """Return the cell, with an apostrophe in front if a spreadsheet program would run it as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
