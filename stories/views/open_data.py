"""The page /data/: what there is to take, under which licence, and the files themselves."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import F
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from stories.formats import dumps, linked_data, parquet
from stories.formats.tables import TABLES
from stories.models import Claim
from stories.models.prefetch import claim_cards, with_topics
from stories.views.csv_export import version
from stories.views.http_caching import CACHE_CONTROL, for_any_site, public_page

AT_ONCE = 200  # ratings held in memory
WAIT = 15 * 60  # seconds, until the timer of `write_data` has come round
TYPES = {
    ".gz": "application/gzip",
    ".json": "application/json",
    parquet.SUFFIX: "application/vnd.apache.parquet",
}


@public_page
def open_data(request: HttpRequest) -> HttpResponse:
    """Show what there is."""
    dump = dumps.newest()
    stands = dump is not None and dumps.stands(dump)
    context: dict[str, Any] = {
        "dump": dump,
        "stands": stands,
        "licence": settings.DATA_LICENCE,
        "licence_url": settings.DATA_LICENCE_URL,
    }
    if dump is not None and stands:
        found = {one["path"]: one for one in dump.about["resources"]}
        context["tables"] = [
            (
                table,
                found[f"{table.name}.csv.gz"],
                found[f"{table.name}.jsonl.gz"],
                found.get(f"{table.name}{parquet.SUFFIX}"),
            )
            for table in TABLES
        ]
        context["data"] = dataset(dump)
    return render(request, "stories/open_data.html", context)


def dataset(dump: dumps.Dump) -> linked_data.Data:
    """Return a dump as a schema.org Dataset, as search engines for data sets read it."""
    return {"@context": linked_data.SCHEMA} | linked_data.omit_empty(
        {
            "@type": "Dataset",
            "@id": linked_data.absolute("/data/#dataset"),
            "name": dump.about["title"],
            "description": "Political claims tied to the words they were made in: every story, claim, "
            "appearance, verdict and correction that readers see.",
            "url": linked_data.absolute(reverse("stories:open_data")),
            "license": settings.DATA_LICENCE_URL or settings.DATA_LICENCE,
            "isAccessibleForFree": True,
            "creator": linked_data.publisher(),
            "dateModified": linked_data.moment(dump.made_at),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": one["name"],
                    "encodingFormat": one["mediatype"],
                    "contentUrl": linked_data.absolute(
                        reverse("stories:data_file", args=[dump.stamp, one["path"]])
                    ),
                }
                for one in dump.about["resources"]
            ],
        }
    )


@require_safe
def latest_data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Redirect to a file of the newest dump. Raises Http404 without one."""
    dump = dumps.newest()
    if dump is None or name not in dump.files:
        raise Http404("No such file")
    response = redirect("stories:data_file", dump.stamp, name)
    response["Cache-Control"] = CACHE_CONTROL
    return for_any_site(response)


@require_safe
def data_file(request: HttpRequest, stamp: str, name: str) -> HttpResponseBase:
    """Return a file of a dump; 503 for one with something in it that readers may no longer see.

    Raises Http404 for what there is not.
    """
    dump = dumps.find(stamp)
    if dump is None or name not in dump.files:
        raise Http404("No such file")
    if not dumps.stands(dump):
        return for_any_site(being_rewritten())
    try:
        file = default_storage.open(f"{dumps.FOLDER}/{stamp}/{name}")
    except OSError as error:  # deleted meanwhile
        raise Http404("No such file") from error
    suffix = name[name.rindex(".") :] if "." in name else ""
    response = FileResponse(file, content_type=TYPES.get(suffix, "text/plain; charset=utf-8"))
    response["Cache-Control"] = CACHE_CONTROL
    response["ETag"] = quote_etag(dump.files[name] or f"{stamp}-{name}")
    return for_any_site(response)


def being_rewritten() -> HttpResponse:
    """Return the 503 for a dump that is older than a withdrawal."""
    return HttpResponse(
        "Something in this dump has been withdrawn since it was written. A new one is on its way.\n",
        status=503,
        headers={"Retry-After": str(WAIT), "Cache-Control": "no-store"},
        content_type="text/plain; charset=utf-8",
    )


@require_safe
def claim_reviews(request: HttpRequest) -> HttpResponseBase:
    """Return all verdicts as a DataFeed of ClaimReviews, the last checked first."""
    etag = quote_etag(f"{version()[1:-1]}-reviews")
    pieces = iter(()) if request.method == "HEAD" else pieces_of_reviews()
    response = StreamingHttpResponse(pieces, content_type="application/ld+json")
    response["ETag"], response["Cache-Control"] = etag, CACHE_CONTROL
    return for_any_site(response)


def pieces_of_reviews() -> Iterator[str]:
    """Yield the DataFeed in pieces, a few hundred ClaimReviews each.

    Words that were denied, asked or hoped have none: in a ClaimReview they would count as the speaker's own.
    """
    head = linked_data.omit_empty(
        {
            "@context": linked_data.SCHEMA,
            "@type": "DataFeed",
            "name": f"{settings.PUBLICATION_NAME}: verdicts",
            "url": linked_data.absolute(reverse("stories:claim_reviews")),
            "license": settings.DATA_LICENCE_URL or settings.DATA_LICENCE,
            "provider": linked_data.publisher(),
        }
    )
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "dataFeedElement": ['
    rated = Claim.objects.published().exclude(rating="").filter(stance=Claim.Stance.SAID)
    rows = claim_cards(rated.order_by(F("checked_at").desc(nulls_last=True), "-pk"))
    between, some = "\n", list[str]()
    for claim in with_topics(rows).prefetch_related("evidence").iterator(chunk_size=AT_ONCE):
        if not claim.printed:
            continue
        some.append(between + json.dumps(item_of(claim), ensure_ascii=False))
        between = ",\n"
        if len(some) == AT_ONCE:
            yield "".join(some)
            some.clear()
    yield "".join(some) + "\n]}\n"


def item_of(claim: Any) -> linked_data.Data:
    """Return a verdict as an item of a DataFeed."""
    review = linked_data.claim_review(claim)
    del review["@context"]
    return linked_data.omit_empty(
        {"@type": "DataFeedItem", "dateModified": review.get("datePublished"), "item": review}
    )
