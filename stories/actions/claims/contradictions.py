"""Pairs of claims that cannot both stand."""

from django.contrib.auth.models import User
from django.utils import timezone

from stories.actions import history, locking
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.models import Contradiction


@locking.act
def save(*, pair: Contradiction, confirmed: bool, by: User | None) -> Contradiction:
    """Keep the pair, new or changed, lower number first. Readers see it on both claims once it is confirmed.

    Raises NotAllowed, NotReady (a claim and itself, or a pair that is kept already).
    """
    permission = "stories.change_contradiction" if pair.pk else "stories.add_contradiction"
    require(by, permission, "say which claims contradict each other")
    if pair.first_id == pair.second_id:
        raise NotReady("A claim cannot contradict itself.")
    with history.recorded(by=by, comment="Contradiction confirmed." if confirmed else "Contradiction noted."):
        locking.hold(claims=[pair.first, pair.second])
        pair.first, pair.second = sorted((pair.first, pair.second), key=lambda claim: claim.pk)
        if Contradiction.objects.filter(first=pair.first, second=pair.second).exclude(pk=pair.pk).exists():
            raise NotReady("That these two contradict each other is kept already.")
        if not confirmed:
            pair.confirmed_by = pair.confirmed_at = None
        elif pair.confirmed_at is None:
            pair.confirmed_by, pair.confirmed_at = by, timezone.now()
        pair.save()
    return pair
