"""Rows by their address, and the way on from an address that a row once had."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponsePermanentRedirect

from stories.models import FormerSlug

Row = TypeVar("Row", bound=Model)


def find(rows: QuerySet[Row], slug: str) -> Row | HttpResponsePermanentRedirect:
    """The row of that slug among those readers may see, or the redirect to where it is now.

    Raises Http404 when there is no such row: also for a former slug of something readers may not see.
    """
    row = rows.filter(slug=slug).first()
    if row is not None:
        return row
    former = FormerSlug.objects.filter(kind=rows.model._meta.model_name, slug=slug).first()
    row = rows.filter(pk=former.object_id).first() if former else None
    if row is None:
        raise Http404(f"No {rows.model._meta.verbose_name} at this address")
    return HttpResponsePermanentRedirect(row.get_absolute_url())
