"""Outlets as rows of a table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import F, QuerySet

from stories.formats.tables.columns import Column, Row, Table, addresses
from stories.models import Outlet, OutletName


def published(using: str) -> QuerySet[Outlet, int]:
    """Return the primary keys of the outlets to which something was said that readers may see."""
    return Outlet.objects.using(using).published().order_by("pk").values_list("pk", flat=True)


def outlets(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield the outlets with these primary keys that readers may see."""
    names = defaultdict(list)
    others = OutletName.objects.using(using).filter(outlet__in=numbers).exclude(key=F("outlet__key"))
    for outlet, name in others.order_by("key").values_list("outlet_id", "name"):
        names[outlet].append(name)
    before, after = addresses("outlet")
    rows = Outlet.objects.using(using).published().filter(pk__in=numbers).order_by("pk")
    for number, slug, name, kind, website in rows.values_list("pk", "slug", "name", "kind", "website"):
        yield number, f"{before}{slug}{after}", name, kind, website, names.get(number, [])


OUTLETS = Table(
    "outlets",
    "Outlets",
    "Newspapers, broadcasters and programmes that people spoke to.",
    (
        Column("outlet", "integer", "The outlet’s number."),
        Column("address", "string", "Its page on this site."),
        Column("name", "string", "The name it goes by."),
        Column("kind", "string", "newspaper, broadcaster, programme, agency, website, social, or empty."),
        Column("website", "string", "Its own site, if known."),
        Column("other_names", "strings", "Other names that stories print for it."),
    ),
    published,
    outlets,
)
