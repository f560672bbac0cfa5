"""Find a row by the slug in an address; redirect from its former slugs."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import resolve_url

from stories.models import FormerSlug, Politician

Row = TypeVar("Row", bound=Model)


def find_by_slug(rows: QuerySet[Row], slug: str) -> Row | HttpResponsePermanentRedirect:
    """Return the row of `rows` with that slug, or a redirect to its present address from a former slug.

    `rows` are those readers may see. All slugs of a politician merged into another redirect to the other.
    Raises Http404 when there is no such row in `rows`.
    """
    row = next(iter(rows.filter(slug=slug).order_by()[:1]), None)
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
