"""How many claims have which verdict."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet

from stories.models import Claim


def verdict_counts(claims: QuerySet[Any], *, unread: QuerySet[Claim]) -> list[dict[str, Any]]:
    """Return the number of claims per verdict, as `verdicts_of`.

    `claims` may also be rows of the claim index; `unread` are those of the claims that no editor has read.
    """
    return verdicts_of(
        dict(claims.order_by().values_list("rating").annotate(n=Count("*"))), unread.order_by().count()
    )


def verdicts_of(by_rating: Mapping[str, int], unread: int) -> list[dict[str, Any]]:
    """Return {rating, label, value, count} for each verdict with claims, `value` as in the claim filter.

    Claims without a rating follow, and last those of them that no editor has read.
    """
    named: list[tuple[str, str, str]] = [(*choice, choice[0]) for choice in Claim.Rating.choices]
    tally = [
        {"rating": rating, "label": label, "value": value, "count": by_rating[rating]}
        for rating, label, value in named
        if by_rating.get(rating)
    ]
    # Not below 0: the two were counted by separate queries.
    if (not_rated := by_rating.get("", 0) - unread) > 0:
        tally.append({"rating": "", "label": "Not rated", "value": "none", "count": not_rated})
    if unread:
        tally.append({"rating": None, "label": Claim.UNREAD, "value": "", "count": unread})
    return tally
