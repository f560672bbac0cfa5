"""Two records of one person made one, and parted again: what moves, what stands in the way."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core import serializers
from django.db.models import Model, Q
from django.utils import timezone

from stories.desk import history, locking, lookalikes, reviewing
from stories.desk.errors import NotReady
from stories.desk.roles import require
from stories.models import (
    Claim,
    DistinctPair,
    Identifier,
    Membership,
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
        kept, gone = held.people[winner.pk], held.people[loser.pk]
        if stops := plan(winner=kept, loser=gone).stops:
            raise NotReady(stops)
        moved = _move_claims(kept, gone, by) | _move_parts(kept, gone) | _fill(kept, gone)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        lookalikes.forget_number()
        return PersonMerge.objects.create(winner=kept, loser=gone, moved=moved, by=by)


@locking.act
def part(*, merge: PersonMerge, by: User | None) -> Politician:
    """Take the merge back: what came from the loser and is the winner's still goes back. Returns the loser.

    What was changed since stays changed. Raises NotAllowed, NotReady (it was taken back, or the winner is
    merged into another by now).
    """
    require(by, MERGE, "part people")
    with history.recorded(by=by, comment=f"{merge.loser.name} parted from {merge.winner.name}."):
        held = _hold(merge.winner, merge.loser)
        done = PersonMerge.objects.select_for_update(no_key=True).get(pk=merge.pk)
        winner, loser = held.people[done.winner_id], held.people[done.loser_id]
        if done.undone_at is not None or loser.merged_into_id != winner.pk:
            raise NotReady("These records are two already, or were merged on; part the later merge first.")
        loser.merged_into = None
        loser.save(update_fields=["merged_into"])
        _move_back(done.moved, winner, loser)
        done.undone_at = timezone.now()
        done.save(update_fields=["undone_at"])
    lookalikes.forget_number()
    return loser


@locking.act
def say_distinct(*, first: Politician, second: Politician, by: User | None) -> DistinctPair:
    """Remember that the two are two: they are not suggested again. Raises NotAllowed, NotReady."""
    require(by, MERGE, "say who is not the same person")
    if first.pk == second.pk:
        raise NotReady("That is one record.")
    low, high = sorted((first, second), key=lambda person: person.pk)
    pair, _ = DistinctPair.objects.get_or_create(first=low, second=high, defaults={"said_by": by})
    lookalikes.forget_number()
    return pair


def _hold(winner: Politician, loser: Politician) -> locking.Held:
    """Both records and whoever is merged into them; all that was said by them or about them."""
    two = (winner.pk, loser.pk)
    ids = Claim.objects.filter(Q(speaker__in=two) | Q(about__in=two)).values("pk")
    merged = Politician.objects.filter(merged_into__in=two)
    return locking.hold(people=[winner, loser, *merged], claims=Claim.objects.filter(pk__in=ids))


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


def _move_claims(winner: Politician, loser: Politician, by: User | None) -> dict[str, Any]:
    joined = []
    for theirs, ours in _same_words(winner, loser):
        joined.append(_rows([theirs, *theirs.appearances.all(), *theirs.evidence.all()]))
        reviewing.join(theirs, into=ours)
    claims = list(loser.claims.values_list("pk", flat=True))
    Claim.objects.filter(pk__in=claims).update(speaker=winner)
    about = list(loser.claims_about.values_list("pk", flat=True))
    both = list(winner.claims_about.filter(pk__in=about).values_list("pk", flat=True))
    winner.claims_about.add(*about)
    loser.claims_about.clear()
    return {"claims": claims, "joined": joined, "about": about, "about_both": both}


def _move_parts(winner: Politician, loser: Politician) -> dict[str, Any]:
    dropped: list[Model] = []
    names = {winner.name, *winner.other_names.values_list("name", flat=True)}
    doubled = list(loser.other_names.filter(name__in=names))
    dropped += doubled
    OtherName.objects.filter(pk__in=[name.pk for name in doubled]).delete()
    kept_names = list(loser.other_names.values_list("pk", flat=True))
    OtherName.objects.filter(pk__in=kept_names).update(politician=winner)
    added = None
    if loser.name not in names and not winner.other_names.filter(name=loser.name).exists():
        added = OtherName.objects.create(politician=winner, name=loser.name).pk
    identifiers = list(loser.identifiers.values_list("pk", flat=True))
    Identifier.objects.filter(pk__in=identifiers).update(politician=winner)
    facts = ("party_id", "body", "role", "start_date", "end_date")
    known = set(winner.memberships.values_list(*facts))
    again = [row for row in loser.memberships.all() if tuple(getattr(row, name) for name in facts) in known]
    dropped += again
    Membership.objects.filter(pk__in=[row.pk for row in again]).delete()
    memberships = list(loser.memberships.values_list("pk", flat=True))
    Membership.objects.filter(pk__in=memberships).update(politician=winner)
    earlier = list(loser.merged_from.values_list("pk", flat=True))
    Politician.objects.filter(pk__in=earlier).update(merged_into=winner)
    return {
        "other_names": kept_names,
        "added_name": added,
        "identifiers": identifiers,
        "memberships": memberships,
        "merged_from": earlier,
        "dropped": _rows(dropped),
        "pairs": _move_pairs(winner, loser),
    }


def _move_pairs(winner: Politician, loser: Politician) -> list[int]:
    """Say of the winner that it is not whom the loser is not. Returns the others' numbers."""
    others = []
    for pair in DistinctPair.objects.filter(Q(first=loser) | Q(second=loser)):
        other = pair.second_id if pair.first_id == loser.pk else pair.first_id
        low, high = sorted((other, winner.pk))
        DistinctPair.objects.get_or_create(first_id=low, second_id=high, defaults={"said_by": pair.said_by})
        pair.delete()
        others.append(other)
    return others


def _fill(winner: Politician, loser: Politician) -> dict[str, Any]:
    """Give the winner what it lacks; says what was given, and whether the desk vouched for it before."""
    given = {
        name: getattr(loser, name) for name in FILLED if not getattr(winner, name) and getattr(loser, name)
    }
    if loser.portrait and not winner.portrait:
        given |= {name: str(getattr(loser, name)) for name in PORTRAIT}
    confirmed = loser.confirmed and not winner.confirmed
    for name, value in given.items():
        setattr(winner, name, value)
    winner.confirmed = winner.confirmed or loser.confirmed
    winner.save()
    return {"given": given, "confirmed": confirmed}


def _rows(rows: list[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(serializers.serialize("json", rows))
    return found


# Moving back


def _move_back(moved: dict[str, Any], winner: Politician, loser: Politician) -> None:
    winners: dict[str, Politician] = {"politician": winner}
    OtherName.objects.filter(pk=moved["added_name"]).delete()
    for model, key in ((OtherName, "other_names"), (Identifier, "identifiers"), (Membership, "memberships")):
        model._default_manager.filter(pk__in=moved[key], **winners).update(politician=loser)
    Politician.objects.filter(pk__in=moved["merged_from"], merged_into=winner).update(merged_into=loser)
    taken = set(loser.claims.values_list("wording_key", flat=True))
    Claim.objects.filter(pk__in=moved["claims"], speaker=winner).exclude(wording_key__in=taken).update(
        speaker=loser
    )
    about = Claim.objects.filter(pk__in=moved["about"])
    loser.claims_about.add(*about)
    winner.claims_about.remove(*about.exclude(pk__in=moved["about_both"]))
    for rows in (*moved["joined"], moved["dropped"]):
        for row in serializers.deserialize("json", json.dumps(rows), ignorenonexistent=True):
            row.save()
    for other in moved["pairs"]:
        low, high = sorted((other, loser.pk))
        DistinctPair.objects.get_or_create(first_id=low, second_id=high)
    for name, value in moved["given"].items():
        if (str(getattr(winner, name)) if name in PORTRAIT else getattr(winner, name)) == value:
            setattr(winner, name, None if name == "party_id" else "")
    if moved["confirmed"]:
        winner.confirmed = False
    winner.save()
