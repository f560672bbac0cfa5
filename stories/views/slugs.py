"""Find a row by the slug in an address; redirect from a slug it had before."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import resolve_url

from stories.models import FormerSlug, Politician

Row = TypeVar("Row", bound=Model)


def find_by_slug(rows: QuerySet[Row], slug: str) -> Row | HttpResponsePermanentRedirect:
    """Return the row of `rows` (those readers may see) with that slug, or a redirect to its present address.

    A person merged into another redirects to the other, from each slug they had. Raises Http404 when there is
    no such row, and for a former slug of a row that is not in `rows`.
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
    return HttpResponsePermanentRedirect(resolve_url(row))
