"""Two records of one person made one, and parted again: what moves, what stands in the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, Q
from django.utils import timezone

from stories.actions import history, locking, undo
from stories.actions.claims import review
from stories.actions.errors import NotReady
from stories.actions.people import duplicates
from stories.actions.permissions import require
from stories.models import (
    Claim,
    DistinctPair,
    OtherName,
    PersonMerge,
    Politician,
)

MERGE = "stories.merge_politician"
# What the winner takes from the loser where it has nothing itself.
FILLED = ("party_id", "role", "summary")
PORTRAIT = ("portrait", "portrait_alt", "portrait_credit")
# What is the record's own and stays with it: its name becomes one of the winner's other names.
OWN = ("id", "name", "sort_name", "slug", "confirmed", "merged_into", "created_at", "imported_in")
# Everything that points at a person, and what a merge does with it. A test fails when something is missing.
HANDLED = {
    "Claim.speaker": "goes to the winner; the same words become one claim",
    "Claim.about": "is about the winner",
    "OtherName.politician": "goes to the winner",
    "Identifier.politician": "goes to the winner",
    "Membership.politician": "goes to the winner, the same one once",
    "Politician.merged_into": "points at the winner",
    "DistinctPair.first": "is said of the winner",
    "DistinctPair.second": "is said of the winner",
    "PersonMerge.winner": "stays: the history of merges",
    "PersonMerge.loser": "stays: the history of merges",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do: sentences for what moves, what to look at, and what stops it."""

    winner: Politician
    loser: Politician
    moves: tuple[str, ...]
    conflicts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether nothing stands against the merge."""
        return not self.stops


def plan(*, winner: Politician, loser: Politician) -> Plan:
    """The dry run: changes nothing."""
    same = _same_words(winner, loser)
    claims = loser.claims.count()
    moves = [
        _line(claims, "claim goes", "claims go", f"to {winner.name}"),
        _line(len(same), "of them is joined", "of them are joined", "to the claim in the same words"),
        _line(loser.claims_about.count(), "claim is", "claims are", f"about {winner.name} then"),
        f"“{loser.name}” becomes another name of {winner.name}." if loser.name != winner.name else "",
        _listed(loser.other_names.all(), "other name moves", "other names move"),
        _listed(loser.identifiers.all(), "identifier moves", "identifiers move"),
        _listed(loser.memberships.select_related("party"), "membership moves", "memberships move"),
        f"/people/{loser.slug}/ leads to {winner.name} from now on.",
    ]
    return Plan(
        winner,
        loser,
        tuple(filter(None, moves)),
        tuple(_conflicts(winner, loser)),
        _stops(winner, loser, same),
    )


@locking.act
def merge(*, winner: Politician, loser: Politician, by: User | None) -> PersonMerge:
    """Make `loser` one with `winner`, whose record answers for both. Raises NotAllowed, NotReady."""
    require(by, MERGE, "merge people")
    with history.recorded(by=by, comment=f"{loser.name} merged into {winner.name}."):
        held = _hold(winner, loser)
        kept, gone = held.record(winner), held.record(loser)
        if stops := plan(winner=kept, loser=gone).stops:
            raise NotReady(stops)
        pairs = _same_words(kept, gone)
        watch = undo.Watch(whole=[kept, gone, *(claim for pair in pairs for claim in pair)])
        for theirs, ours in pairs:
            watch.joined(theirs, into=ours)
            review.join(theirs, into=ours)
        _move_claims(kept, gone)
        _move_parts(kept, gone)
        _fill(kept, gone)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        duplicates.forget_number()
        return PersonMerge.objects.create(winner=kept, loser=gone, moved={"record": watch.record()}, by=by)


@locking.act
def unmerge(*, merge: PersonMerge, by: User | None) -> Politician:
    """Take the merge back: what came from the loser and is as the merge left it goes back. Returns the loser.

    What was changed since stays; `merge.moved["stayed"]` tells of it in sentences. Words that were joined
    and decided about since come back to review. Merges are taken back in any order.
    Raises NotAllowed, NotReady (it was taken back, or is of an earlier release).
    """
    require(by, MERGE, "part people")
    with history.recorded(by=by, comment=f"Merge of {merge.loser.name} into {merge.winner.name} undone."):
        held = _hold(merge.winner, merge.loser)
        done = PersonMerge.objects.select_for_update(no_key=True).get(pk=merge.pk)
        loser = held.people[done.loser_id]
        if (
            done.undone_at is not None
            or held.person(loser) != held.person(done.winner_id)
            or not loser.merged_into_id
        ):
            raise NotReady("This merge has already been undone.")
        stayed = undo.take_back(undo.check(done.moved.get("record")), since=done.made_at)
        done.undone_at, done.moved = timezone.now(), {"stayed": stayed}
        done.save(update_fields=["undone_at", "moved"])
        merge.undone_at, merge.moved = done.undone_at, done.moved
    duplicates.forget_number()
    return Politician.objects.get(pk=loser.pk)


@locking.act
def say_distinct(*, first: Politician, second: Politician, by: User | None) -> DistinctPair:
    """Remember that the two are two: they are not suggested again. Raises NotAllowed, NotReady."""
    require(by, MERGE, "say who is not the same person")
    if first.pk == second.pk:
        raise NotReady("That is one record.")
    low, high = sorted((first, second), key=lambda person: person.pk)
    pair, _ = DistinctPair.objects.get_or_create(first=low, second=high, defaults={"said_by": by})
    duplicates.forget_number()
    return pair


def _hold(winner: Politician, loser: Politician) -> locking.Held:
    """Both records and whoever is merged into them; all that was said by them or about them."""
    two = {winner.pk, loser.pk, review.current(winner).pk}
    ids = Claim.objects.filter(Q(speaker__in=two) | Q(about__in=two)).values("pk")
    others = Politician.objects.filter(Q(pk__in=two) | Q(merged_into__in=two))
    return locking.hold(people=[winner, loser, *others], claims=Claim.objects.filter(pk__in=ids))


# Looking ahead


def _line(number: int, one: str, many: str, rest: str) -> str:
    return f"{number} {one if number == 1 else many} {rest}".strip() + "." if number else ""


def _listed(rows: Iterable[Model], one: str, many: str) -> str:
    names = [str(row) for row in rows]
    return f"{len(names)} {one if len(names) == 1 else many}: {'; '.join(names)}." if names else ""


def _same_words(winner: Politician, loser: Politician) -> list[tuple[Claim, Claim]]:
    """Pairs of claims (the loser's, the winner's) in the same words."""
    theirs = {
        claim.wording_key: claim
        for claim in winner.claims.filter(wording_key__in=loser.claims.values("wording_key"))
    }
    return [(claim, theirs[claim.wording_key]) for claim in loser.claims.filter(wording_key__in=theirs)]


def _conflicts(winner: Politician, loser: Politician) -> list[str]:
    found = []
    for label, name in (("Party", "party"), ("Role", "role")):
        ours, theirs = getattr(winner, name), getattr(loser, name)
        if ours and theirs and ours != theirs:
            found.append(f"{label}: “{ours}” stays, “{theirs}” goes.")
    schemes = dict(winner.identifiers.values_list("scheme", "value"))
    for scheme, value in loser.identifiers.values_list("scheme", "value"):
        if scheme in schemes:
            found.append(f"Two numbers in {scheme}: {schemes[scheme]} and {value}. Are they one person?")
    return found


def _stops(winner: Politician, loser: Politician, same: list[tuple[Claim, Claim]]) -> tuple[str, ...]:
    found = []
    if winner.pk == loser.pk:
        found.append("That is one record.")
    for person in (winner, loser):
        if person.merged_into_id is not None:
            found.append(f"{person.name} is merged into another record already.")
    if DistinctPair.objects.filter(Q(first=winner, second=loser) | Q(first=loser, second=winner)).exists():
        found.append("Somebody has said that these two are not the same person.")
    for theirs, ours in same:
        if theirs.rating and ours.rating and theirs.rating != ours.rating:
            found.append(f"“{ours.short_wording}” has two different verdicts; settle on one first.")
    return tuple(found)


# Moving


def _move_claims(winner: Politician, loser: Politician) -> None:
    loser.claims.update(speaker=winner)
    winner.claims_about.add(*loser.claims_about.all())
    loser.claims_about.clear()


def _move_parts(winner: Politician, loser: Politician) -> None:
    names = {_folded(name) for name in (winner.name, *winner.other_names.values_list("name", flat=True))}
    for other in loser.other_names.order_by("pk"):
        if _folded(other.name) in names:
            other.delete()
        names.add(_folded(other.name))
    loser.other_names.update(politician=winner)
    if _folded(loser.name) not in names:
        OtherName.objects.create(politician=winner, name=loser.name)
    loser.identifiers.update(politician=winner)
    facts = ("party_id", "body", "role", "start_date", "end_date")
    known = set(winner.memberships.values_list(*facts))
    for row in loser.memberships.all():
        if tuple(getattr(row, name) for name in facts) in known:
            row.delete()
    loser.memberships.update(politician=winner)
    loser.merged_from.update(merged_into=winner)
    _move_pairs(winner, loser)


def _folded(name: str) -> str:
    """What two printings of a name share that differ by case or blanks alone."""
    return " ".join(name.split()).casefold()


def _move_pairs(winner: Politician, loser: Politician) -> None:
    """Say of the winner that it is not whom the loser is not."""
    for pair in DistinctPair.objects.filter(Q(first=loser) | Q(second=loser)):
        other = pair.second_id if pair.first_id == loser.pk else pair.first_id
        low, high = sorted((other, winner.pk))
        DistinctPair.objects.get_or_create(first_id=low, second_id=high, defaults={"said_by": pair.said_by})
        pair.delete()


def _fill(winner: Politician, loser: Politician) -> None:
    """Give the winner what it lacks."""
    given: dict[str, Any] = {
        name: getattr(loser, name) for name in FILLED if not getattr(winner, name) and getattr(loser, name)
    }
    if loser.portrait and not winner.portrait:
        given |= {name: str(getattr(loser, name)) for name in PORTRAIT}
    for name, value in given.items():
        setattr(winner, name, value)
    winner.confirmed = winner.confirmed or loser.confirmed
    winner.save()
