"""Rows by their address, and the way on from an address that a row once had."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponsePermanentRedirect

from stories.models import FormerSlug, Politician

Row = TypeVar("Row", bound=Model)


def find(rows: QuerySet[Row], slug: str) -> Row | HttpResponsePermanentRedirect:
    """The row of that slug among those readers may see, or the redirect to where it is now.

    A person who was merged into another is found there, under every address they had. Raises Http404 when
    there is no such row: also for a former slug of something readers may not see.
    """
    row = rows.filter(slug=slug).first()
    if row is not None:
        return row
    former = FormerSlug.objects.filter(kind=rows.model._meta.model_name, slug=slug).values("object_id")
    now = Q(pk__in=former)
    if issubclass(rows.model, Politician):
        merged = Politician.objects.filter(Q(slug=slug) | Q(pk__in=former), merged_into__isnull=False)
        now |= Q(pk__in=merged.values("merged_into"))
    row = rows.filter(now).first()
    if row is None:
        raise Http404(f"No {rows.model._meta.verbose_name} at this address")
    return HttpResponsePermanentRedirect(row.get_absolute_url())
