"""People, and what they belong to, as rows of tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from stories.formats.tables.columns import Column, Row, Table, addresses, day
from stories.models import Identifier, Membership, OtherName, Politician


def published(using: str) -> QuerySet[Politician, int]:
    """Return the primary keys of the people whom readers may see."""
    return Politician.objects.using(using).published().order_by("pk").values_list("pk", flat=True)


def people(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield the people with these primary keys whom readers may see."""
    names, registers = defaultdict(list), defaultdict(list)
    for person, name in (
        OtherName.objects.using(using)
        .filter(politician__in=numbers)
        .order_by("name", "pk")
        .values_list("politician_id", "name")
    ):
        names[person].append(name)
    for person, scheme, value in (
        Identifier.objects.using(using)
        .filter(politician__in=numbers)
        .order_by("scheme", "pk")
        .values_list("politician_id", "scheme", "value")
    ):
        registers[person].append(f"{scheme}:{value}")
    before, after = addresses("politician")
    rows = Politician.objects.using(using).published().filter(pk__in=numbers).order_by("pk")
    for number, slug, name, sort_name, role, party, summary in rows.values_list(
        "pk", "slug", "name", "sort_name", "role", "party__name", "summary"
    ):
        yield (
            number,
            f"{before}{slug}{after}",
            name,
            sort_name,
            role,
            party or "",
            summary,
            names.get(number, []),
            registers.get(number, []),
        )


def memberships(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield what these people, of whom readers see all, belonged to."""
    for person, role, body, party, start, end in (
        Membership.objects.using(using)
        .filter(politician__in=numbers)
        .order_by("politician_id", "start_date", "pk")
        .values_list("politician_id", "role", "body", "party__name", "start_date", "end_date")
    ):
        yield (person, role, body, party or "", day(start), day(end))


PEOPLE = Table(
    "people",
    "People",
    "Those who have a page: who is quoted, or spoken about.",
    (
        Column("person", "integer", "The number of the record."),
        Column("address", "string", "The person’s page."),
        Column("name", "string", "The name."),
        Column("sort_name", "string", "The name, family name first."),
        Column("role", "string", "The office now."),
        Column("party", "string", "The party now."),
        Column("summary", "string", "What else is known."),
        Column("other_names", "strings", "Other names the person is or was printed under."),
        Column("identifiers", "strings", "Numbers in other registers, as “register:number”."),
    ),
    published,
    people,
)
MEMBERSHIPS = Table(
    "memberships",
    "Parties and offices",
    "What each person belonged to, and from when to when.",
    (
        Column("person", "integer", "The number of the person’s record."),
        Column("role", "string", "The office."),
        Column("body", "string", "A parliament, a council, a government."),
        Column("party", "string", "The party."),
        Column("start", "date", "The first day.", may_lack=True),
        Column("end", "date", "The last day.", may_lack=True),
    ),
    published,
    memberships,
    numbered=False,
    links=(("person", "people"),),
)
