"""Claims of one speaker in nearly the same words: found, joined by a person, or left apart for good.

Each claim is on file by its runs of three words, hashed together with who said them. Of a claim's own runs
some are kept: of any six words in a row at least one, so that whoever has them too is found. A look-up asks
for all of its runs, and compares what it finds word by word, with the speaker's newest claims that are not
on file yet. It writes nothing: decisions of the review and `manage.py reindex` put claims on file.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from stories.actions import history, locking, undo
from stories.actions.claims import review
from stories.actions.claims.word_index import WordIndex, hashed
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.models import Act, Claim, NearWording, WordRun
from stories.text.diff import Change, word_changes
from stories.text.near_words import FEWEST, compared_words, nearness, runs_of

MOST = 5  # claims in nearly the same words that are shown
COMPARED = 60  # claims compared word by word, those that share most runs
ALL_KEPT = 8  # runs of a claim that are all kept; of more runs one in every WINDOW neighbours is
WINDOW = 4
WAITING = 200  # claims of the speaker compared that are not on file yet, the newest
AT_ONCE = 500  # claims put on file at once
NOT_NEAR = "The two claims are not in nearly the same words any more."


@dataclass(frozen=True, slots=True)
class Near:
    """Another claim in nearly the same words: how nearly (0–100), and in sentences what keeps the two apart.

    `changes` are the words that differ, from that claim's to the one that was asked about.
    """

    claim: Claim
    score: float
    differs: tuple[str, ...]
    changes: list[Change]


def near(claim: Claim) -> list[Near]:
    """Claims of the same speaker in nearly the same words, best first, MOST at most: those about which no
    editor has said yet that they are apart. Rejected ones are left out.

    A number, a denial or a stance that differs is told in `differs`: such claims are not to be joined.
    """
    if not _whose(claim):
        return []
    shared: Counter[int] = Counter()
    for _, claims in SPOKEN.holding(list(dict.fromkeys(_runs(claim)))):
        shared.update(claims)
    waiting = SPOKEN.waiting().filter(_by_the_same(claim)).order_by("-pk")
    compared = set(waiting.values_list("pk", flat=True)[:WAITING])
    for settled in _pairs(claim).values_list("first", "second"):
        for number in settled:
            shared.pop(number, None)
            compared.discard(number)
    compared |= set(sorted(shared, key=lambda number: (-shared[number], -number))[:COMPARED])
    rows = Claim.objects.filter(pk__in=compared - {claim.pk}).select_related("speaker")
    rows = rows.exclude(state=Claim.State.REJECTED)
    found = sorted(filter(None, (_compare(claim, row) for row in rows)), key=_best_first)
    return found[:MOST]


def file_claims_of(claim: Claim) -> None:
    """Put on file what the claim's speaker said and is not, and then others, AT_ONCE at most of each."""
    SPOKEN.file_waiting(among=_by_the_same(claim), most=AT_ONCE)
    SPOKEN.file_waiting(most=AT_ONCE)


def left_apart(claim: Claim) -> list[tuple[NearWording, Claim]]:
    """What editors said of the claim and others in nearly the same words, newest first, with the others."""
    pairs = _pairs(claim).select_related("first__speaker", "second__speaker", "said_by")
    return [
        (pair, pair.second if pair.first_id == claim.pk else pair.first)
        for pair in pairs.order_by("-said_at")
    ]


@locking.act
def leave_apart(*, claim: Claim, other: Claim, answer: str, by: User | None) -> NearWording:
    """Remember that the two are not the same, or that both stand and readers are shown them as nearly the
    same (`answer`, a NearWording.Answer); it is not asked again.

    Raises NotAllowed, NotReady (their words are not near, or the answer is none).
    """
    require(by, review.REVIEW, "say which claims are the same")
    if answer not in NearWording.Answer:
        raise NotReady("Say whether they are not the same, or both stand.")
    shown = answer == NearWording.Answer.SHOWN
    comment = "Left apart, both shown to readers." if shown else "Left apart as not the same."
    with history.recorded(by=by, comment=comment):
        held = locking.hold(claims=[claim, other])
        first, second = sorted((held.claim(claim), held.claim(other)), key=lambda row: row.pk)
        if first == second or _compare(first, second) is None:
            raise NotReady(NOT_NEAR)
        said = {"answer": answer, "said_by": by, "said_at": timezone.now()}
        pair, _ = NearWording.objects.update_or_create(first=first, second=second, defaults=said)
    return pair


@locking.act
def ask_again(*, pair: NearWording, by: User | None) -> None:
    """Forget what was said of the two: readers are not shown them, and it is asked again. Raises NotAllowed,
    NotReady (it is forgotten already)."""
    require(by, review.REVIEW, "say which claims are the same")
    locking.hold(claims=[pair.first, pair.second])
    if not NearWording.objects.filter(pk=pair.pk).delete()[0]:
        raise NotReady("That has been taken back already.")


@locking.act
def join(*, claim: Claim, into: Claim, by: User | None, reason: str = "") -> Act:
    """Make two claims in nearly the same words one, as `review.merge` does; every printing is kept.

    Raises NotAllowed, NotReady (as `review.merge`; and where a number, a denial or the stance differs).
    """
    require(by, review.REVIEW, "merge claims")
    held = locking.hold(claims=[claim, into])
    row, kept = held.claim(claim), held.claim(into)
    found = _compare(row, kept)
    if found is None or found.differs:
        raise NotReady(found.differs if found else NOT_NEAR)
    watch = undo.Watch(whole=[row, kept])
    what = f"“{row.short_wording}” joined to “{kept.short_wording}”"[:300]
    review.merge(claim=row, into=kept, by=by, reason=reason)
    watch.joined(claim, into=kept)
    return Act.objects.create(
        verb=Act.Verb.CLAIMS_JOINED,
        what=what,
        subject=claim.pk,
        into=kept.pk,
        changes=watch.record(),
        by=by,
    )


def joined_to(claim: Claim) -> list[Act]:
    """What was joined to the claim here and can be taken back, newest first."""
    acts = Act.objects.filter(verb=Act.Verb.CLAIMS_JOINED, into=claim.pk, undone_at=None)
    return list(acts.select_related("by").defer("changes"))


@locking.act
def part(*, act: Act, by: User | None) -> list[str]:
    """Take a :func:`join` back: there are two claims again, each with its printings. Returns in sentences
    what stayed, because somebody has changed it since.

    Raises NotAllowed, NotReady (it was taken back, or the claim is gone).
    """
    require(by, review.REVIEW, "merge claims")
    with history.recorded(by=by, comment="A merge of two claims was undone."):
        kept = Claim.objects.filter(pk=act.into or 0).first() or Claim(pk=act.into)
        locking.hold(claims=[kept])
        done = undo.held(act)
        if done.undone_at is not None:
            raise NotReady("These are two claims already.")
        stayed = undo.take_back(undo.check(done.changes), since=done.made_at)
        undo.close(done, stayed=stayed)
    return stayed


def _compare(claim: Claim, other: Claim) -> Near | None:
    found = nearness(claim.wording, other.wording) if _whose(claim) == _whose(other) else None
    if found is None:
        return None
    senses = [one.get_stance_display().lower() for one in (claim, other) if one.stance]
    apart = [f"One was {senses[0]}, the other {senses[1]}."] if len(set(senses)) == 2 else []
    changes = word_changes(other.wording, claim.wording)
    return Near(other, found.score, (*found.differs, *apart), changes)


def _best_first(found: Near) -> tuple[bool, float, int]:
    return bool(found.differs), -found.score, -found.claim.pk


def _pairs(claim: Claim) -> QuerySet[NearWording]:
    return NearWording.objects.filter(Q(first=claim) | Q(second=claim))


def _whose(claim: Claim) -> str:
    """Who said it, as it is hashed with the words; "" where nobody is named."""
    return str(claim.speaker_id or claim.speaker_label.casefold().strip())


def _by_the_same(claim: Claim) -> Q:
    if claim.speaker_id:
        return Q(speaker=claim.speaker_id)
    return Q(speaker=None, speaker_label=claim.speaker_label)


def _runs(claim: Claim) -> list[int]:
    words, whose = compared_words(claim.wording), _whose(claim)
    return [hashed(f"{whose}: {run}") for run in runs_of(words)] if whose and len(words) >= FEWEST else []


def _kept_runs(claim: Claim) -> Iterator[int]:
    """Yield the lowest hash of every WINDOW neighbours, the same for the same words wherever they stand."""
    runs = _runs(claim)
    if len(runs) <= ALL_KEPT:
        yield from runs
        return
    for at in range(len(runs) - WINDOW + 1):
        yield min(runs[at : at + WINDOW])


SPOKEN = WordIndex(WordRun, "runs_key", Q(), _kept_runs)
