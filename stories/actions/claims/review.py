"""What a reviewer decides about a claim: accept, reject, give it to somebody else, join it to another.

Accepting confirms the speaker, too: readers see only people that the desk has confirmed.
"""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from stories.actions import history
from stories.actions.errors import NotReady
from stories.actions.locking import act, hold
from stories.actions.permissions import require
from stories.models import Claim, Contradiction, NearWording, Politician
from stories.models.claims import wording_key

REVIEW = "stories.review_claim"


@act
def accept(*, claim: Claim, by: User | None) -> Claim:
    """Accept the claim, which `by` has read, and confirm its speaker's record.

    Raises NotAllowed, NotReady (nobody is named).
    """
    return _accept(claim, by, unread=False)


@act
def accept_unread(*, claim: Claim, by: User | None) -> Claim:
    """Accept a claim as an import found it: readers are told that no editor has read it, until one accepts
    it again. Raises as `accept`."""
    return _accept(claim, by, unread=True)


def _accept(claim: Claim, by: User | None, *, unread: bool) -> Claim:
    require(by, REVIEW, "accept claims")
    with history.recorded(by=by, comment="Claim accepted unread." if unread else "Claim accepted."):
        held = hold(claims=[claim])
        row = held.claim(claim)
        if row.speaker_id is None and not row.speaker_label.strip():
            raise NotReady("Say first who said it: a person, or a label such as “a party source”.")
        if row.speaker_id is not None and not (speaker := held.people[row.speaker_id]).confirmed:
            speaker.confirmed = True
            speaker.save(update_fields=["confirmed"])
        _decide(row, Claim.State.ACCEPTED, by, unread=unread)
    return _refresh_from(claim, row)


@act
def reject(*, claim: Claim, by: User | None, reason: str = "") -> Claim:
    """Reject the claim; readers do not see it. Raises NotAllowed, NotReady (it has a verdict)."""
    require(by, REVIEW, "reject claims")
    with history.recorded(by=by, comment=f"Claim rejected. {reason}".strip()):
        row = hold(claims=[claim]).claim(claim)
        if row.rating:
            raise NotReady("The claim has a verdict; take the verdict back before you reject it.")
        _decide(row, Claim.State.REJECTED, by)
    return _refresh_from(claim, row)


@act
def reopen(*, claim: Claim, by: User | None) -> Claim:
    """Put a decided claim back to review, undecided. Raises NotAllowed, NotReady (it has a verdict)."""
    require(by, REVIEW, "put claims back to review")
    with history.recorded(by=by, comment="Claim put back to review."):
        row = hold(claims=[claim]).claim(claim)
        if row.rating:
            raise NotReady("The claim has a verdict; take the verdict back first.")
        row.state, row.reviewed_by, row.reviewed_at = Claim.State.PROPOSED, None, None
        row.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    return _refresh_from(claim, row)


@act
def reassign(
    *, claim: Claim, by: User | None, speaker: Politician | None = None, speaker_label: str = ""
) -> Claim:
    """Put the words in another mouth: a person on record, or a label for somebody who is not.

    When the new speaker already has the same words, the two claims become one and that one is returned;
    otherwise `claim` itself. The state stays as it was. Raises NotAllowed, and ValueError unless exactly
    one of `speaker` and `speaker_label` is given.
    """
    require(by, REVIEW, "change who said it")
    label = speaker_label.strip()
    if (speaker is None) == (not label):
        raise ValueError("Give either a speaker or a label.")
    with history.recorded(by=by, comment=f"Speaker changed to {speaker or label}."):
        held = hold(claims=[claim, *same_words(claim, speaker)], people=[speaker])
        row = held.claim(claim)
        if speaker is not None:
            speaker = held.person(speaker)
            same = same_words(row, speaker).first()
            if same is not None:
                same = held.claim(same)
                join(row, into=same)
                return same
        row.speaker, row.speaker_label = speaker, label
        row.save(update_fields=["speaker", "speaker_label"])
    return _refresh_from(claim, row)


@act
def keep_names(people: Iterable[Politician]) -> None:
    """Before the records of `people` are deleted: what they said stays under their names as they are now."""
    for person in people:
        person.claims.filter(speaker_label="").update(speaker_label=person.name)


@act
def set_stance(*, claim: Claim, stance: str, by: User | None) -> Claim:
    """Say what the speaker did with the words. Raises NotAllowed, NotReady (they have that claim already).

    A verb that was read for another stance goes: readers would be told both.
    """
    require(by, REVIEW, "say what was done with the words")
    with history.recorded(by=by, comment="It was said what was done with the words."):
        row = hold(claims=[claim]).claim(claim)
        if row.stance == stance:
            return _refresh_from(claim, row)
        others = Claim.objects.filter(speaker=row.speaker_id, wording_key=wording_key(row.wording, stance))
        if row.speaker_id and others.exclude(pk=row.pk).exists():
            raise NotReady("The speaker has that on record already; join the two claims instead.")
        row.stance, row.verb = stance, ""
        row.save(update_fields=["stance", "verb"])
    return _refresh_from(claim, row)


@act
def merge(*, claim: Claim, into: Claim, by: User | None, reason: str = "") -> Claim:
    """Make two claims one: `claim`'s appearances, evidence, tags and corrections go to `into`.

    `reason` says why other words are the same claim: where readers had `claim` in its own words, or `into`
    has a verdict, which stands for both from then on. It is kept in the history.
    Returns `into`, freshly read. Raises NotAllowed, NotReady (two different verdicts, the same claim, or no
    reason).
    """
    require(by, REVIEW, "merge claims")
    if claim.pk == into.pk:
        raise NotReady("A claim cannot be merged into itself.")
    if claim.stance and into.stance and claim.stance != into.stance:
        raise NotReady("One was said, the other was denied, asked or passed on: they are two claims.")
    comment = f"Merged with the claim “{claim.short_wording}”. {reason.strip()}".strip()
    with history.recorded(by=by, comment=comment):
        held = hold(claims=[claim, into])
        row, kept = held.claim(claim), held.claim(into)
        counts = row.state == Claim.State.ACCEPTED or kept.rating != ""
        differ = wording_key(row.wording) != wording_key(kept.wording)
        join(row, into=kept)
        if counts and differ and not reason.strip():
            raise NotReady("The words of the two claims differ: say why they are one claim.")
    return kept


def current(person: Politician) -> Politician:
    """The record that answers for `person` now: itself, or the one it was merged into, as the database has
    it."""
    person, seen = Politician.objects.get(pk=person.pk), set()
    while person.merged_into is not None and person.pk not in seen:
        seen.add(person.pk)
        person = person.merged_into
    return person


def same_words(claim: Claim, speaker: Politician | None, *, stance: str | None = None) -> QuerySet[Claim]:
    """What `speaker`, or whoever answers for them, has on record in the claim's words, and in the same words
    with `stance` if it is given."""
    row = Claim.objects.filter(pk=claim.pk).first()
    if speaker is None or row is None:
        return Claim.objects.none()
    keys = {wording_key(row.wording, one) for one in (row.stance, stance) if one is not None}
    return Claim.objects.filter(speaker=current(speaker), wording_key__in=keys).exclude(pk=row.pk)


def _decide(row: Claim, state: Claim.State, by: User | None, *, unread: bool = False) -> None:
    row.state = state
    row.reviewed_by, row.reviewed_at = (None, None) if unread else (by, timezone.now())
    row.save(update_fields=["state", "reviewed_by", "reviewed_at"])


def _refresh_from(claim: Claim, row: Claim) -> Claim:
    """The caller's own object, brought up to date."""
    for name in ("state", "reviewed_by", "reviewed_at", "speaker", "speaker_label"):
        setattr(claim, name, getattr(row, name))
    return claim


def join(loser: Claim, *, into: Claim) -> None:
    """Move everything that hangs on `loser` to `into` and delete `loser`."""
    if loser.rating and into.rating and loser.rating != into.rating:
        raise NotReady("The two claims have different verdicts; settle on one before you join them.")
    taken = set(into.appearances.values_list("article_id", "start"))
    for appearance in loser.appearances.all():
        if (appearance.article_id, appearance.start) in taken:
            appearance.delete()
        else:
            appearance.claim = into
            appearance.save(update_fields=["claim"])
    for related in (
        loser.evidence,
        loser.corrections,
        loser.verdict_changes,
        loser.quotation_changes,
        loser.decisions,
    ):
        related.update(claim=into)
    for pairs in (Contradiction, NearWording):
        _join_pairs(pairs, loser, into)
    into.about.add(*loser.about.all())
    into.tags.add(*[tag.name for tag in loser.tags.all()])
    if loser.state == Claim.State.ACCEPTED and (into.state != Claim.State.ACCEPTED or not into.is_read):
        into.state, into.reviewed_by, into.reviewed_at = loser.state, loser.reviewed_by, loser.reviewed_at
    for name in (
        "rating",
        "rating_summary",
        "explanation",
        "methodology",
        "checked_by",
        "checked_at",
        "said_on",
    ):
        if not getattr(into, name):
            setattr(into, name, getattr(loser, name))
    loser.delete()
    into.save()


def _join_pairs(pairs: type[Contradiction | NearWording], loser: Claim, into: Claim) -> None:
    """Pairs of `loser` become pairs of `into`; one with itself, or a second one, goes."""
    rows = pairs._base_manager
    for pair in rows.filter(Q(first=loser) | Q(second=loser)):
        other = pair.second_id if pair.first_id == loser.pk else pair.first_id
        first, second = sorted((other, into.pk))
        if other == into.pk or rows.filter(first=first, second=second).exists():
            pair.delete()
        else:
            rows.filter(pk=pair.pk).update(first=first, second=second)
