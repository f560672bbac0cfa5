"""Outlets on record: printed words that lead to one, and two records of one outlet made one.

The importer makes a record only of words that name an outlet (`word_lists.outlet_named`): they are on the
list of outlets, with the newsroom's own lines, or have the form of such a name. All other words for who was
told, reporters, a committee, somebody's name, lead nowhere until somebody says at the desk that they are a
name of an outlet. Records that waited for a person to confirm them would be one more queue, and every crowd
that was told something would stand in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count

from stories.actions import history, locking, undo
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.models import Act, Appearance, FormerSlug, Outlet, OutletName, OutletWords
from stories.models.outlets import LONGEST
from stories.text.normalise import outlet_key
from stories.word_lists import outlet_named

CHANGE = "stories.change_outlet"
# What the outlet that stays takes from the other where it has nothing itself.
FILLED = {"kind": "Kind", "website": "Website"}
SHOWN = 50  # of the words that are no outlet's


def file(words: Iterable[str]) -> None:
    """Let words that stories print for who was told lead to their outlet; one that they name is made.

    Call it in the transaction that writes the appearances. Two queries, when all is on record. What is made
    stays when the import is taken back: readers see no outlet without claims.
    """
    keys = {one: key for one in set(words) if (key := outlet_key(one))}
    if not keys:
        return
    there = set(OutletWords.objects.filter(words__in=keys).values_list("words", flat=True))
    OutletWords.objects.bulk_create(
        [OutletWords(words=one) for one in sorted(keys.keys() - there)], ignore_conflicts=True
    )
    named = set(OutletName.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    for one, key in sorted(keys.items()):
        if key not in named and (name := outlet_named(one)):
            named |= {key, outlet_key(name)}
            known = OutletName.objects.filter(key=outlet_key(name)).select_related("outlet").first()
            outlet = known.outlet if known else put_on_record(outlet=Outlet(name=name[:LONGEST]))
            OutletName.objects.get_or_create(key=key, defaults={"outlet": outlet, "name": _bare(one)})


def put_on_record(*, outlet: Outlet) -> Outlet:
    """Save an outlet; its own name is one of its names. Raises NotReady when another outlet bears it."""
    taken = OutletName.objects.filter(key=outlet_key(outlet.name)).exclude(outlet=outlet.pk)
    if other := taken.select_related("outlet").first():
        raise NotReady(f"{other.outlet} already has that name; merge the two instead.")
    outlet.save()
    OutletName.objects.update_or_create(key=outlet.key, defaults={"outlet": outlet, "name": outlet.name})
    return outlet


def _bare(words: str) -> str:
    """The words without an article, which is no part of another name: "the Telegraph" is "Telegraph"."""
    first, _, rest = words.partition(" ")
    return rest if rest and first in ("the", "The") else words


def of_nobody() -> list[tuple[str, int]]:
    """Words for who was told that are no outlet's name, with the number of places; the most first."""
    named = OutletName.objects.order_by().values("key")
    theirs = OutletWords.objects.filter(key__in=named).order_by().values("words")
    told = Appearance.objects.exclude(outlet="").exclude(outlet__in=theirs).order_by()
    numbers = told.values_list("outlet").annotate(n=Count("pk")).order_by("-n", "outlet")
    return list(numbers[:SHOWN])


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do, in sentences."""

    winner: Outlet
    loser: Outlet
    moves: tuple[str, ...]


def plan(*, winner: Outlet, loser: Outlet) -> Plan:
    """The dry run: changes nothing. Raises NotReady."""
    if winner.pk == loser.pk:
        raise NotReady("That is one outlet.")
    names = [str(name) for name in loser.names.all()]
    words = OutletWords.objects.filter(key__in=loser.names.values("key")).values("words")
    places = Appearance.objects.filter(outlet__in=words).count()
    moves = [
        f"{places} claim{' is' if places == 1 else 's are'} filed under {winner} then; "
        "the stories print what they printed.",
        f"{winner} is also called: {'; '.join(names)}.",
        f"/outlets/{loser.slug}/ leads to {winner} from now on.",
        *(
            f"{label}: “{getattr(winner, name)}” stays, “{getattr(loser, name)}” goes."
            for name, label in FILLED.items()
            if getattr(winner, name) and getattr(loser, name) not in ("", getattr(winner, name))
        ),
    ]
    return Plan(winner, loser, tuple(moves))


@locking.act
def merge(*, winner: Outlet, loser: Outlet, by: User | None) -> Outlet:
    """All that was said to `loser` was said to `winner`, whose page its address leads to, and which has its
    names. :func:`unmerge` takes it back. Raises NotAllowed, NotReady."""
    require(by, CHANGE, "merge outlets")
    plan(winner=winner, loser=loser)
    with history.recorded(by=by, comment=f"{loser} merged into {winner}."):
        kept, gone = _locked(winner, loser)
        watch = undo.Watch(whole=[kept, gone])
        act = Act(verb=Act.Verb.OUTLETS_MERGED, what=f"“{gone}” into “{kept}”", subject=gone.pk)
        gone.names.update(outlet=kept)
        FormerSlug.objects.filter(kind="outlet", object_id=gone.pk).update(object_id=kept.pk)
        FormerSlug.remember("outlet", gone.slug, kept.pk)
        for name in FILLED:
            setattr(kept, name, getattr(kept, name) or getattr(gone, name))
        gone.delete()
        kept.save()
        act.into, act.by, act.changes = kept.pk, by, watch.record()
        act.save()
    return kept


@locking.act
def unmerge(*, merge: Act, by: User | None) -> Outlet:
    """Take a merge back: the names that came from the other go back to it, and all that is filed under them.

    `merge.changes["stayed"]` tells in sentences what is not as it was. Raises NotAllowed, NotReady.
    """
    require(by, CHANGE, "part outlets")
    with history.recorded(by=by, comment=f"Merge of {merge.what.replace('” into “', '” and “')} undone."):
        row = undo.held(merge)
        if row.undone_at is not None:
            raise NotReady("This merge has already been undone.")
        stayed = undo.take_back(undo.check(row.changes), since=row.made_at)
        outlet = Outlet.objects.filter(pk=row.subject).first()
        if outlet is None:
            raise NotReady("There is an outlet of that name again; merge or rename it first.")
        undo.close(row, stayed=stayed, act=merge)
    return outlet


def _locked(*outlets: Outlet) -> list[Outlet]:
    """The outlets' rows, locked after all else, in the order given. Raises NotReady when one has gone."""
    rows = Outlet.objects.filter(pk__in=[one.pk for one in outlets]).order_by("pk").select_for_update()
    found = {row.pk: row for row in rows}
    if len(found) < len(outlets):
        raise NotReady("The outlet is not there any more: somebody has deleted it or merged it into another.")
    return [found[one.pk] for one in outlets]
