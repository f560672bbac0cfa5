"""Claims judged on their own page or in a list: remembered as verdicts on the machine, as in the queue."""

from collections.abc import Callable, Collection

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from stories.actions import locking
from stories.actions.claims import review
from stories.models import Appearance, Claim, Politician, ReviewDecision

Verb = ReviewDecision.Verb
# After these the claim is no longer as the machine found it, and what follows is no verdict on the machine.
MENDED = (Verb.REASSIGNED, Verb.REWORDED, Verb.SPLIT)


def accept(*, claim: Claim, by: User) -> Claim:
    """Accept the claim. Raises what `review.accept` does."""
    return _judged(claim, by, Verb.ACCEPTED, lambda: review.accept(claim=claim, by=by))


def reject(*, claim: Claim, by: User, reason: str = "") -> Claim:
    """Reject the claim. Raises what `review.reject` does."""
    return _judged(claim, by, Verb.REJECTED, lambda: review.reject(claim=claim, by=by, reason=reason))


def reassign(*, claim: Claim, by: User, speaker: Politician | None = None, speaker_label: str = "") -> Claim:
    """Put the words in another mouth; the claim they stand in afterwards. Raises as `review.reassign`."""
    return _judged(
        claim,
        by,
        Verb.REASSIGNED,
        lambda: review.reassign(claim=claim, by=by, speaker=speaker, speaker_label=speaker_label),
        speaker,
    )


@locking.act
def reopen(*, claim: Claim, by: User) -> Claim:
    """Put the claim back to review; what was decided counts no more. Raises as `review.reopen`."""
    with transaction.atomic():
        locking.hold(claims=[claim])
        review.reopen(claim=claim, by=by)
        _take_back(claim)
    return claim


def machine_said(claim: Claim) -> tuple[str, float | None]:
    """Rule and confidence by which the claim was found; ("", None) when a person made it or put it right."""
    return machine_said_of([claim])[claim.pk]


def machine_said_of(claims: Collection[Claim]) -> dict[int, tuple[str, float | None]]:
    """What :func:`machine_said` says of each, by its number, in two queries."""
    standing = ReviewDecision.objects.filter(claim__in=claims, undone_at=None, verb__in=MENDED)
    mended = set(standing.values_list("claim", flat=True))
    printed = Appearance.objects.filter(claim__in=claims).order_by("-pk")  # the first of each comes last
    found = {pk: (rule, sure) for pk, rule, sure in printed.values_list("claim", "rule", "confidence")}
    nothing: tuple[str, float | None] = ("", None)
    return {claim.pk: nothing if claim.pk in mended else found.get(claim.pk, nothing) for claim in claims}


@locking.act
def _judged(
    claim: Claim, by: User, verb: Verb, do: Callable[[], Claim], speaker: Politician | None = None
) -> Claim:
    """Do it, and let the verdict stand in the place of an earlier one. It is not the queue's to take back."""
    with transaction.atomic():
        locking.hold(claims=[claim, *review.same_words(claim, speaker)], people=[speaker])
        rule, confidence = machine_said(claim)
        _take_back(claim)
        survivor = do()
        if rule:
            ReviewDecision.objects.create(claim=survivor, verb=verb, rule=rule, confidence=confidence, by=by)
    return survivor


def _take_back(claim: Claim) -> None:
    standing = claim.decisions.filter(undone_at=None, verb__in=(Verb.ACCEPTED, Verb.REJECTED))
    standing.update(undone_at=timezone.now())
