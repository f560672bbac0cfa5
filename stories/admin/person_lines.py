"""People told apart in the boxes that choose one: party, office, years, and how many claims are theirs."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse

from stories.models import Claim, Politician


def with_details(people: QuerySet[Politician]) -> QuerySet[Politician]:
    """Load what :func:`detail` tells: two queries, however many people."""
    said = Claim.objects.filter(speaker=OuterRef("pk")).order_by().values("speaker")
    number = Subquery(said.annotate(n=Count("pk")).values("n"))
    return (
        people.select_related("party")
        .prefetch_related("memberships")
        .annotate(claims_said=Coalesce(number, 0))
    )


def detail(person: Politician) -> str:
    """Return what tells a person loaded by :func:`with_details` from a namesake, in a line."""
    said: int = person.claims_said  # type: ignore[attr-defined]  # annotated
    roles = [str(one) for one in person.memberships.all()]
    parts = [
        person.party.label if person.party else "",
        person.role or next(iter(roles), ""),
        _years(person),
        f"{said} claim{'' if said == 1 else 's'}",
    ]
    return " · ".join(filter(None, parts))


def _years(person: Politician) -> str:
    """Return the years of the person's offices: "1998–2011", or "since 1998" while one of them is held."""
    terms = list(person.memberships.all())
    begun = [term.start_date.year for term in terms if term.start_date]
    if not begun:
        return ""
    if any(term.start_date and not term.end_date for term in terms):
        return f"since {min(begun)}"
    over = max(term.end_date.year for term in terms if term.end_date)
    return str(over) if over == min(begun) else f"{min(begun)}–{over}"


def lines_of(numbers: Iterable[int]) -> Mapping[int, dict[str, Any]]:
    """Return name and detail of people by their primary keys; those that are gone are left out."""
    people = with_details(Politician.objects.filter(pk__in=set(numbers)))
    return {one.pk: {"id": one.pk, "name": one.name, "detail": detail(one)} for one in people}


class Complete(AutocompleteJsonView):
    """Django's autocomplete, whose people have a line that tells them apart."""

    def get_queryset(self) -> QuerySet[Any]:
        found = super().get_queryset()
        return with_details(found) if found.model is Politician else found

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        row: dict[str, str] = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Politician):
            row |= {"name": obj.name, "detail": detail(obj), "text": f"{obj.name} – {detail(obj)}"}
        return row


def complete(request: HttpRequest) -> HttpResponse:
    """Answer the boxes that choose a row, in the place of Django's own view."""
    if request.method != "GET":
        raise PermissionDenied
    return cast(HttpResponse, Complete.as_view(admin_site=admin.site)(request))
