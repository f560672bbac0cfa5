"""Claims to review that stand under one source, given to a person or a label in one act.

Their state stays as it is: whoever reviews them still reads each. What the person has on record in the
same words becomes one claim with that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils import timezone

from stories.actions import history, locking, undo
from stories.actions.claims import review, review_feedback, speakers
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.models import Act, Claim, Politician, ReviewDecision, ReviewLease

MOST = 500  # claims at once
DOING = "give claims to somebody"


@dataclass(slots=True)
class Sorted:
    """What would become of claims: `given` as they are; `joined` to the same words; `busy`, before
    somebody."""

    given: list[Claim] = field(default_factory=list)
    joined: list[Claim] = field(default_factory=list)
    busy: list[Claim] = field(default_factory=list)


def sorted_out(*, claims: Iterable[int], by: User, speaker: Politician | None, label: str = "") -> Sorted:
    """What :func:`give` would do with these claims; those decided by now, or given so already, are left
    out."""
    speaker = review.current(speaker) if speaker is not None and speaker.pk else speaker
    known = speaker is not None and speaker.pk is not None
    rows = (
        Claim.objects.proposed().filter(pk__in=list(claims)).select_related("speaker").order_by("pk")[:MOST]
    )
    others = ReviewLease.objects.filter(until__gt=timezone.now()).exclude(user=by)
    busy = set(others.filter(claim__in=[row.pk for row in rows]).values_list("claim", flat=True))
    taken: set[str] = set()
    if known:
        keys = [row.wording_key for row in rows]
        theirs = Claim.objects.filter(speaker=speaker, wording_key__in=keys)
        taken = set(theirs.values_list("wording_key", flat=True))
    found = Sorted()
    for row in rows:
        if (
            (row.speaker_id == speaker.pk)
            if speaker is not None and known
            else _is_label(row, label, speaker)
        ):
            continue
        if row.pk in busy:
            found.busy.append(row)
        elif speaker is not None and row.wording_key in taken:
            found.joined.append(row)
        else:
            found.given.append(row)
            taken.add(row.wording_key)
    return found


def _is_label(row: Claim, label: str, speaker: Politician | None) -> bool:
    return speaker is None and row.speaker_id is None and row.speaker_label == label.strip()


@locking.act
def give(
    *,
    claims: Iterable[int],
    by: User,
    speaker: Politician | None = None,
    new_person: str = "",
    namesake: bool = False,
    speaker_label: str = "",
) -> Act:
    """Put the words of these claims, by their numbers, in one mouth; it can be taken back in one step.

    To `speaker`, to `new_person` (a name, put on record; beside others of that name only if it is a
    `namesake`), or to `speaker_label`. Claims that were decided meanwhile, or that somebody else has
    before them, stay as they are. Raises NotAllowed, NotReady (nobody or several are named, or no claim is
    left to give).
    """
    require(by, review.REVIEW, DOING)
    label = speaker_label.strip()
    if sum(map(bool, (speaker, new_person.strip(), label))) != 1:
        raise NotReady("Say who said them: a person on record, somebody new, or a label.")
    claims = list(claims)
    person, new = speakers.on_record(speaker=speaker, new_person=new_person, namesake=namesake, by=by)
    person = review.current(person) if person is not None else None
    found = sorted_out(claims=claims, by=by, speaker=person, label=label)
    rows = [*found.given, *found.joined]
    if not rows:
        raise NotReady(
            "None of these claims is left to give: they are decided, or somebody has them before them."
        )
    comment = f"{_claims(len(rows))} given to {person or label}."
    with history.recorded(by=by, comment=comment):
        same = Claim.objects.none()
        if person is not None:
            same = Claim.objects.filter(
                speaker=person, wording_key__in=[row.wording_key for row in found.joined]
            )
        held = locking.hold(claims=[*rows, *same], people=[person])
        if any(held.claim(row).state != Claim.State.PROPOSED for row in rows):
            raise locking.Clash
        watch = undo.Watch(alone=found.given)
        decisions = _judged(found.given, by)
        for row in map(held.claim, found.given):
            row.speaker, row.speaker_label = person, label
            row.save(update_fields=["speaker", "speaker_label"])
        watch.add(alone=[new, *decisions])
        records = [watch.record()]
        for row in map(held.claim, found.joined):
            records.append(_join(row, person, by))
        return Act.objects.create(
            verb=Act.Verb.CLAIMS_GIVEN,
            what=f"{_claims(len(rows))} given to {person or label}"[:300],
            subject=person.pk if person is not None else 0,
            changes={"records": records},
            by=by,
        )


def _judged(rows: list[Claim], by: User) -> list[ReviewDecision]:
    """What the act says of the machine: it named somebody else."""
    said = review_feedback.machine_said_of(rows)
    verb = ReviewDecision.Verb.REASSIGNED
    return ReviewDecision.objects.bulk_create(
        ReviewDecision(claim=row, verb=verb, rule=said[row.pk][0], confidence=said[row.pk][1], by=by)
        for row in rows
    )


def _join(row: Claim, person: Politician | None, by: User) -> undo.Record:
    same = review.same_words(row, person).get()
    watch = undo.Watch(whole=[row, same])
    decisions, pk = _judged([row], by), row.pk
    review.join(row, into=same)
    watch.add(alone=decisions)
    watch.joined(Claim(pk=pk), into=same)
    return watch.record()


def latest(by: User) -> Act | None:
    """What `by` gave last and has not taken back."""
    acts = Act.objects.filter(verb=Act.Verb.CLAIMS_GIVEN, by=by, undone_at=None).defer("changes")
    return acts.order_by("-made_at", "-pk").first()


@locking.act
def take_back(*, act: Act, by: User) -> list[str]:
    """Give the claims of a :func:`give` back to whom they stood under. A claim that was decided since stays.

    Returns a sentence for each thing that is not as it was. Raises NotAllowed, NotReady (it was taken back).
    """
    require(by, review.REVIEW, DOING)
    with history.recorded(by=by, comment=f"Undid giving: {act.what}."):
        done = undo.held(act)
        if done.undone_at is not None:
            raise NotReady("This has been taken back already.")
        records = [undo.check(record) for record in done.changes["records"]]
        pks = {pk for record in records for pk in undo.rows_of(record, Claim)}
        people = {pk for record in records for pk in undo.rows_of(record, Politician)}
        held = locking.hold(
            claims=Claim.objects.filter(pk__in=pks), people=Politician.objects.filter(pk__in=people)
        )
        decided = {str(pk) for pk, row in held.claims.items() if row.state != Claim.State.PROPOSED}
        stayed: list[str] = []
        for record in reversed(records[1:]):
            if undo.decided_since(record):
                stayed.append(undo.DECIDED)
            else:
                stayed += undo.take_back(record, since=done.made_at)
        if standing := decided & records[0]["changed"].get("stories.claim", {}).keys():
            stayed.append(
                f"{_claims(len(standing))} reviewed since and left with {act.what.rpartition(' to ')[2]}."
            )
        stayed += undo.take_back(_without(records[0], decided), since=done.made_at)
        undo.close(done, stayed=stayed)
    return list(dict.fromkeys(stayed))


def _without(record: undo.Record, claims: set[str]) -> undo.Record:
    """The record without what it says of these claims."""
    changed, made = dict(record["changed"]), dict(record["made"])
    changed["stories.claim"] = {
        pk: columns for pk, columns in changed.get("stories.claim", {}).items() if pk not in claims
    }
    made["stories.reviewdecision"] = {
        pk: row
        for pk, row in made.get("stories.reviewdecision", {}).items()
        if str(row["claim_id"]) not in claims
    }
    return record | {"changed": changed, "made": made}


def _claims(number: int) -> str:
    return "1 claim was" if number == 1 else f"{number} claims were"
