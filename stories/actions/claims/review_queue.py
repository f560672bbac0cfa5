"""The review queue: one claim at a time to one reviewer at a time, decided once, taken back if need be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from stories.actions import locking
from stories.actions import undo as taking_back
from stories.actions.claims import giving, review, review_feedback, rewording_and_splitting, speakers
from stories.actions.claims.review_filters import Wanted
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.models import Act, Claim, Politician, ReviewDecision, ReviewLease

LEASE = timedelta(minutes=15)
LOOKED_THROUGH = 30  # claims tried before the queue gives up finding a free one
LAST = 10**18  # more than any row's number
Verb = ReviewDecision.Verb


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reviewer is in the queue: after the claim of this day (ISO) and number; by default, at its
    top."""

    day: str = ""
    claim: int = 0

    @classmethod
    def read(cls, text: str) -> "Place":
        """From "2031-03-04.17"; anything else is the beginning."""
        day, _, number = text.partition(".")
        try:
            return cls(date.fromisoformat(day).isoformat(), min(int(number), LAST))
        except ValueError:
            return cls()

    @classmethod
    def of(cls, claim: Claim) -> "Place":
        """The place in the queue of a claim."""
        return cls(claim.listed_on.isoformat() if claim.listed_on else "", claim.pk)

    def __str__(self) -> str:
        return f"{self.day}.{self.claim}"


def waiting() -> QuerySet[Claim]:
    """Every claim to review."""
    return Claim.objects.proposed()


def take(
    *, by: User, after: Place | None = None, apart_from: Iterable[int] = (), wanted: Wanted | None = None
) -> Claim | None:
    """Lease `by` the next claim after `after` that nobody else has before them; from the top at the end.

    Of those that are `wanted`; without it, of all.

    The newest day comes first, and each day's claims in the order they were found. A claim's day is that on
    which it was said; without one, that of the newest copy that has it: its date line, the day it was or
    will be published, or the day it came in. None when every claim is decided or in somebody else's hands.
    Raises NotAllowed.
    """
    require(by, review.REVIEW, "review claims")
    others = ReviewLease.objects.filter(until__gt=timezone.now()).exclude(user=by).values("claim")
    free = waiting() if wanted is None else wanted.of(waiting())
    free = free.exclude(pk__in=others).exclude(pk__in=list(apart_from))
    for stretch in _stretches(free, after or Place()):
        for pk in stretch.values_list("pk", flat=True)[:LOOKED_THROUGH]:
            if _lease(pk, by):
                return Claim.objects.select_related("speaker__party").get(pk=pk)
    return None


def let_go(*, by: User) -> None:
    """Give back whatever `by` has before them: they leave the queue."""
    ReviewLease.objects.filter(user=by).delete()


def held_by_other(claim: Claim, by: User) -> User | None:
    """The other reviewer who has the claim before them now."""
    lease = ReviewLease.objects.filter(claim=claim, until__gt=timezone.now()).exclude(user=by).first()
    return lease.user if lease else None


@locking.act
def decide(  # noqa: PLR0913  (a keyword for each thing that the form asks)
    *,
    claim: Claim,
    by: User,
    verb: str,
    speaker: Politician | None = None,
    new_person: str = "",
    namesake: bool = False,
    speaker_label: str = "",
    words: str = "",
    into: Claim | None = None,
    reason: str = "",
    stance: str | None = None,
) -> ReviewDecision:
    """Do `verb` (a ReviewDecision.Verb) to the claim and keep what is needed to take it back.

    reassigned: accept it for `speaker`, for `new_person` (a name, put on record; beside others of that name
    only if it is a `namesake`), or for `speaker_label`.
    reworded: put it on `words` of its story.
    split: `words` holds two or more stretches parted by "|"; each becomes a claim of its own.
    `stance`, when it is given, is what the speaker did with the words of a claim that is accepted.
    merged: join it to `into`, with a `reason` where `review.merge` asks for one.
    One transaction. Raises NotAllowed, NotReady (also when it is another's now).
    """
    require(by, review.REVIEW, "review claims")
    new = None
    if verb == Verb.REASSIGNED:
        if sum(map(bool, (speaker, new_person.strip(), speaker_label.strip()))) > 1:
            raise NotReady("Fill in one of the three: a person on record, somebody new, or a label.")
        speaker, new = speakers.on_record(speaker=speaker, new_person=new_person, namesake=namesake, by=by)
    same = review.same_words(claim, speaker, stance=stance)
    held = locking.hold(claims=[claim, into, *same], people=[speaker])
    row = held.claim(claim)
    if other := held_by_other(row, by):
        raise NotReady(f"{other.get_short_name() or other.get_username()} is deciding this claim just now.")
    if row.state != Claim.State.PROPOSED:
        raise NotReady(f"This claim has been decided already: {row.get_state_display().lower()}.")
    rule, confidence = review_feedback.machine_said(row)
    watch = taking_back.Watch(whole=held.claims.values(), alone=[p for p in held.people.values() if p != new])
    if stance is not None and verb in (Verb.ACCEPTED, Verb.REASSIGNED):
        row = review.set_stance(claim=row, stance=stance, by=by)
    survivor, pieces = _do(row, by, verb, speaker, speaker_label, words, into, reason)
    watch.add(whole=pieces, alone=held.people.values())
    if survivor.pk != claim.pk:
        watch.joined(claim, into=survivor)
    ReviewLease.objects.filter(claim=claim.pk).delete()
    return ReviewDecision.objects.create(
        claim=survivor,
        verb=verb,
        rule=rule,
        confidence=confidence,
        by=by,
        before={"claim": claim.pk, "record": watch.record()},
    )


def latest(by: User) -> ReviewDecision | None:
    """What `by` would take back now: their last decision in the queue, also when another stands since."""
    theirs = ReviewDecision.objects.filter(by=by, before__has_key="claim")
    return theirs.filter(Q(undone_at=None) | Q(before__has_key="record")).order_by("-made_at", "-pk").first()


def last_done(by: User) -> ReviewDecision | Act | None:
    """What `by` did here last and has not taken back: a decision, or claims given to somebody in one act."""
    decision, given = latest(by), giving.latest(by)
    if decision is None or given is None:
        return decision or given
    return given if given.made_at > decision.made_at else decision


def undo_last(*, by: User) -> tuple[Claim | None, list[str]]:
    """Take back what :func:`last_done` names: a decision, whose claim is returned, or what was given in
    one act.

    Also returns a sentence for each claim given that stays where it is. Raises as :func:`undo`.
    """
    last = last_done(by)
    if isinstance(last, Act):
        return None, giving.take_back(act=last, by=by)
    return undo(by=by), []


def undo(*, by: User) -> Claim:
    """Take back `by`'s last decision: what it changed is as it was, and the claim is before them again.

    Raises NotAllowed, NotReady (nothing to take back, the claim has a verdict, or it cannot be taken back
    any more: then the decision stays, and the one before it is the last).
    """
    require(by, review.REVIEW, "review claims")
    claim, why = _undo(by)
    if claim is None:
        raise NotReady(why)
    return claim


@locking.act
def _undo(by: User) -> tuple[Claim | None, tuple[str, ...]]:
    decision = latest(by)
    if decision is None:
        raise NotReady("There is nothing to take back.")
    record = decision.before.get("record") or {}
    mine = Claim.objects.filter(pk__in=[decision.before["claim"], *taking_back.rows_of(record, Claim)])
    people = Politician.objects.filter(pk__in=taking_back.rows_of(record, Politician))
    held = locking.hold(claims=[decision.claim, *mine], people=people)
    decision = ReviewDecision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
    if "claim" not in decision.before:
        raise locking.Clash
    if any(claim.rating for claim in held.claims.values() if str(claim.pk) in record.get("claims", {})):
        raise NotReady("The claim has a verdict by now; take the verdict back first.")
    try:
        with transaction.atomic():
            claim = _take_back(decision)
    except locking.Clash:
        raise
    except NotReady as problem:
        decision.before = {}
        decision.save(update_fields=["before"])
        return None, problem.reasons
    decision.before, decision.undone_at = {}, timezone.now()
    decision.save(update_fields=["before", "undone_at"])
    _lease(claim.pk, by)
    return claim, ()


def _take_back(decision: ReviewDecision) -> Claim:
    record = taking_back.check(decision.before.get("record"))
    if decision.undone_at is not None or taking_back.decided_since(record):
        raise NotReady(taking_back.DECIDED)
    stayed = taking_back.take_back(record, since=decision.made_at)
    claim = Claim.objects.select_related("speaker__party").filter(pk=decision.before["claim"]).first()
    if claim is None:
        raise NotReady(stayed or "The claim is not there any more: the decision cannot be taken back.")
    return claim


# Taking turns


def _stretches(free: QuerySet[Claim], after: Place) -> Iterator[QuerySet[Claim]]:
    """The rest of the day that `after` is in, the next day that has a claim, and the first of all.

    A day's claims are asked for one day at a time: that reads an index, however many wait.
    """
    if after.day:
        yield free.filter(listed_on=after.day, pk__gt=after.claim).order_by("pk")
        yield from _newest_day(free.filter(listed_on__lt=after.day))
    yield from _newest_day(free)


def _newest_day(free: QuerySet[Claim]) -> Iterator[QuerySet[Claim]]:
    day = (
        free.order_by(F("listed_on").desc(nulls_last=True), "-pk").values_list("listed_on", flat=True).first()
    )
    if day is not None:
        yield free.filter(listed_on=day).order_by("pk")


def _lease(claim: int, by: User) -> bool:
    """Whether `by` has the claim now: it was free, theirs already, or the other's time was over."""
    now = timezone.now()
    lease, new = ReviewLease.objects.get_or_create(
        claim_id=claim, defaults={"user": by, "until": now + LEASE}
    )
    if new:
        return True
    mine_or_over = Q(user=by) | Q(until__lte=now)
    return bool(ReviewLease.objects.filter(mine_or_over, pk=lease.pk).update(user=by, until=now + LEASE))


# Doing


def _do(  # noqa: PLR0913  (as `decide`)
    row: Claim,
    by: User,
    verb: str,
    speaker: Politician | None,
    label: str,
    words: str,
    into: Claim | None,
    reason: str,
) -> tuple[Claim, list[Claim]]:
    """The claim that stands for `row` afterwards, and those that were made."""
    match verb:
        case Verb.ACCEPTED:
            return review.accept(claim=row, by=by), []
        case Verb.REJECTED:
            return review.reject(claim=row, by=by, reason=reason), []
        case Verb.REASSIGNED:
            if (speaker is None) == (not label.strip()):
                raise NotReady("Choose who said it, or say how the desk names them.")
            whose = review.reassign(claim=row, by=by, speaker=speaker, speaker_label=label)
            return review.accept(claim=whose, by=by), []
        case Verb.MERGED:
            if into is None:
                raise NotReady("Choose the claim to join it to.")
            return review.merge(claim=row, into=into, by=by, reason=reason), []
        case Verb.REWORDED:
            rewording_and_splitting.reword(row, words)
            return row, []
        case Verb.SPLIT:
            return row, rewording_and_splitting.split(row, words)
    raise NotReady("The queue knows no such decision.")
