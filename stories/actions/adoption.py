"""Claims that were filed under a bare name, given to the record that bears it.

A wrong name is worse than none: only a whole name counts, one that no second record bears, and nothing is
taken from under a name that a person gave it.
"""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef

from stories.actions import history, locking
from stories.models import Claim, OtherName, Politician, ReviewDecision
from stories.models.claims import ClaimQuerySet
from stories.text.normalise import name_key


def under_the_names(names: Iterable[str]) -> ClaimQuerySet:
    """Claims that an import filed under one of the names, and that nobody put there or rejected."""
    put_there = ReviewDecision.objects.filter(
        claim=OuterRef("pk"), verb=ReviewDecision.Verb.REASSIGNED, undone_at=None
    )
    filed = Claim.objects.filter(speaker=None, speaker_label__in=set(names), imported_in__isnull=False)
    return filed.exclude(state=Claim.State.REJECTED).exclude(Exists(put_there))


def give(*, person: Politician, claims: Iterable[Claim]) -> list[Claim]:
    """Give locked claims to a locked person; those whose words the person has on record stay as they are.

    A person of whom readers see a claim is confirmed. Returns the claims that were given.
    """
    given = []
    taken = set(Claim.objects.filter(speaker=person).values_list("wording_key", flat=True))
    for claim in claims:
        if claim.wording_key in taken:
            continue
        taken.add(claim.wording_key)
        claim.speaker, claim.speaker_label = person, ""
        claim.save(update_fields=["speaker", "speaker_label"])
        given.append(claim)
        if claim.state == Claim.State.ACCEPTED and not person.confirmed:
            person.confirmed = True
            person.save(update_fields=["confirmed"])
    return given


@locking.act
def adopt(*, person: Politician, by: User | None) -> int:
    """Give a record all that was filed under its names before; how many claims. For who keeps the record.

    Names of one word, and those that another record bears too, are left out.
    """
    names = _own_names(person)
    if not names or person.merged_into_id is not None:
        return 0
    waiting = under_the_names(names)
    if not (claims := list(waiting)):
        return 0
    with history.recorded(by=by, comment=f"Given what was filed under the name {person.name}."):
        held = locking.hold(people=[person], claims=claims)
        still = waiting.filter(pk__in=held.claims).order_by("pk").values_list("pk", flat=True)
        return len(give(person=held.people[person.pk], claims=[held.claims[pk] for pk in still]))


def _own_names(person: Politician) -> set[str]:
    names = {person.name, *person.other_names.values_list("name", flat=True)}
    others = Politician.objects.current().exclude(pk=person.pk)
    taken = {
        name_key(name)
        for name in (
            *others.values_list("name", flat=True),
            *OtherName.objects.filter(politician__in=others).values_list("name", flat=True),
        )
    }
    return {name for name in names if len(key := name_key(name).split()) > 1 and " ".join(key) not in taken}
