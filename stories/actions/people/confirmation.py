"""Which people readers see: those whose records the desk has confirmed."""

from django.contrib.auth.models import User

from stories.actions import adoption, history, locking
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.models import Politician

CHANGE = "stories.change_politician"


@locking.act
def confirm(*, person: Politician, by: User | None) -> None:
    """Let readers see the record, with all that was filed under its name before.

    Raises NotAllowed, NotReady (they do, or it is merged into another).
    """
    _set(person, by, seen=True, comment="Confirmed.", already="Readers see the record already.")
    adoption.adopt(person=person, by=by)


def unconfirm(*, person: Politician, by: User | None) -> None:
    """Readers do not see the record any more. Raises NotAllowed, NotReady (they do not)."""
    _set(person, by, seen=False, comment="No longer confirmed.", already="Readers do not see the record.")


@locking.act
def _set(person: Politician, by: User | None, *, seen: bool, comment: str, already: str) -> None:
    require(by, CHANGE, "say whose record readers see")
    with history.recorded(by=by, comment=comment):
        row = locking.hold(people=[person]).people[person.pk]
        if row.merged_into_id is not None:
            raise NotReady("The record is merged into another.")
        if row.confirmed == seen:
            raise NotReady(already)
        row.confirmed = seen
        row.save(update_fields=["confirmed"])
