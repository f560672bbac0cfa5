"""Taking an import back: everything it made goes, and nothing that a person or another import has since used.

Each story is an act of its own and is taken back as such (stories/actions/undo.py), in a transaction of its
own, so that nobody's writing waits for all of them; an undo that was cut short is taken up again. A story
counts as a person's once anything of it or any of its claims was touched; it stays whole then, with its
claims and their speakers. What another import has come to use is that import's from then on. The preview
only reads.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from taggit.models import Tag

from stories.actions import locking, undo
from stories.actions.errors import NotReady
from stories.importing import receipts
from stories.models import (
    Appearance,
    Article,
    Author,
    Claim,
    FormerSlug,
    ImportedText,
    ImportRun,
    Party,
    Politician,
)
from stories.text.moments import day

__all__ = ["AlreadyUndone", "Undone", "preview_undo", "undo_run"]

AT_ONCE = 50  # texts in one transaction, when only what is left of them is taken back


class AlreadyUndone(Exception):
    """The import was taken back before."""


@dataclass(slots=True)
class Undone:
    """What went, and what stayed with the reason why ("“Headline”: it has been edited").

    Not `finished`: some is left, and asking again goes on with it.
    """

    stories: int = 0
    restored: int = 0
    claims: int = 0
    people: int = 0
    stayed: list[str] = field(default_factory=list)
    finished: bool = True

    def add(self, other: "Undone") -> None:
        """Add what another call took back."""
        for name in ("stories", "restored", "claims", "people"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.stayed += other.stayed


def preview_undo(run: ImportRun) -> Undone:
    """What undoing `run` would do; nothing is written, and nothing held.

    Raises AlreadyUndone, NotReady (it was done under an earlier release).
    """
    _refuse_if_undone(run)
    undone, going, created = Undone(), [], ImportedText.Outcome.CREATED
    texts = _texts(run)
    left = _left(texts)
    for text in texts:
        if text.article is None:
            going.append(text)
        elif why := _why_it_stays(text, left):
            undone.stayed.append(f"“{text.article.headline}”: {why}")
        else:
            going.append(text)
            undone.stories += text.outcome == created
            undone.restored += text.outcome != created
    found = undo.fates(map(_record, reversed(going)))
    undone.claims = len(found.going["stories.claim"])
    undone.people = len(found.going["stories.politician"])
    for text in going:
        undone.stayed += undo.stay_confirmed(_record(text), since=text.imported_at, going=found)
    gone = {text.article_id for text in going if text.article_id is not None and text.outcome == created}
    undone.stayed += [fate for _, fate in _fates(run, found, without=gone) if isinstance(fate, str)]
    return undone


def undo_run(run: ImportRun, *, enough: Callable[[], bool] = lambda: False) -> Undone:
    """Undo `run`, or go on with it, until `enough` says so.

    Raises AlreadyUndone, NotReady (it was done under an earlier release, somebody is changing the same thing:
    it can be gone on with).
    """
    undone = Undone()
    with transaction.atomic():
        # From here on nothing more comes in under this run.
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        _refuse_if_undone(run)
        texts = _texts(run)
        if run.undone_at is None:
            run.undone_at = timezone.now()
            run.save(update_fields=["undone_at"])
    left = _left(texts)
    stayed = []
    for text in texts:
        if text.article_id is not None:
            done = _take_back_story(text.pk, left)
            undone.add(done)
            if done.stayed:
                stayed.append(text.pk)
        if enough():
            undone.finished = False
            return undone
    rest = [text.pk for text in texts if text.pk not in stayed]
    for at in range(0, len(rest), AT_ONCE):
        undone.add(_take_back_rest(run, rest[at : at + AT_ONCE]))
    ImportRun.objects.filter(pk=run.pk).update(undo_finished_at=timezone.now())
    return undone


def _refuse_if_undone(run: ImportRun) -> None:
    if run.undone_at is not None and run.undo_finished_at is not None:
        raise AlreadyUndone(f"Import {run.pk} was undone on {day(run.undone_at)}.")


def _texts(run: ImportRun) -> list[ImportedText]:
    """What the run filed, the newest first. Raises NotReady for what an earlier release filed."""
    filed = (ImportedText.Outcome.CREATED, ImportedText.Outcome.UPDATED)
    texts = list(run.texts.filter(outcome__in=filed).select_related("article").order_by("-pk"))
    for text in texts:
        _record(text)
    return texts


def _record(text: ImportedText) -> undo.Record:
    return undo.check(text.before)


def _left(texts: Sequence[ImportedText]) -> receipts.Left:
    return receipts.Left(undo.left_by(map(_record, reversed(texts))))


def _why_it_stays(text: ImportedText, left: receipts.Left) -> str:
    later = ImportedText.objects.filter(article=text.article, run__undone_at__isnull=True, pk__gt=text.pk)
    if later.filter(outcome=ImportedText.Outcome.UPDATED).exists():
        return "a later import has updated it"
    return receipts.touched(text, left)


def _hold(records: Iterable[undo.Record], article: Article | None = None) -> locking.Held:
    """Lock the story, and what the acts wrote and is there still. Raises Clash when one of them goes now."""
    people: set[int] = set()
    claims: set[int] = set()
    for record in records:
        people.update(undo.rows_of(record, Politician))
        claims.update(undo.rows_of(record, Claim))
    try:
        return locking.hold(
            stories=[article] if article else (),
            people=Politician.objects.filter(pk__in=people),
            claims=Claim.objects.filter(pk__in=claims),
        )
    except NotReady as gone:
        raise locking.Clash from gone


@locking.act
def _take_back_story(pk: int, left: receipts.Left) -> Undone:
    """Take back what filing one text did, or say why its story stays."""
    undone = Undone()
    text = ImportedText.objects.select_related("article").get(pk=pk)
    if text.article is None:
        return undone
    text.article = article = _hold([_record(text)], text.article).story(text.article)
    if why := _why_it_stays(text, left):
        undone.stayed.append(f"“{article.headline}”: {why}")
        return undone
    restored = text.outcome == ImportedText.Outcome.UPDATED
    text.before, undone = _take_back(_record(text), text.imported_at)
    undone.stories, undone.restored = int(not restored), int(restored)
    # A story that has another text again: this one may come in anew.
    text.article = None
    text.save(update_fields=["before", "article"])
    if restored:
        receipts.renew(article)
    return undone


@locking.act
def _take_back_rest(run: ImportRun, pks: Sequence[int]) -> Undone:
    """Take back what was still in use when the stories went, or made for stories deleted since."""
    texts = list(ImportedText.objects.filter(pk__in=pks).order_by("-pk"))
    _hold(map(_record, texts))
    # Nothing is put back into a story that is gone.
    rest = undo.together(map(_record, texts))
    record, undone = _take_back(rest, texts[-1].imported_at)
    for row, fate in _fates(run, undo.fates([record]), without=set()):
        if isinstance(fate, str):
            undone.stayed.append(fate)
        else:
            row.imported_in_id = fate.imported_in_id
            row.save(update_fields=["imported_in"])
            receipts.hand_over(record, type(row), row.pk, fate)
    return undone


def _take_back(record: undo.Record, since: datetime) -> tuple[undo.Record, Undone]:
    """Take a record back as far as that goes now: what is left of it, and what went."""
    done = undo.take_back_so_far(record, since=since)
    receipts.follow(undo.rows_of({"changed": record["changed"]}, Claim))
    made = record["made"].get("stories.politician", {})
    confirmed = {int(pk): values.get("party_id") for pk, values in made.items() if values.get("confirmed")}
    public = {"stories.politician": confirmed.keys(), "stories.party": set(confirmed.values())}
    for model in (Politician, Party, Author, Tag):
        # What no reader has seen comes again under the same address.
        label = model._meta.label_lower
        FormerSlug.set_free(model, done.gone[label] - public.get(label, set()))
    claims, people = (len(done.gone[label]) for label in ("stories.claim", "stories.politician"))
    return done.left, Undone(claims=claims, people=people, stayed=done.stayed)


def _fates(
    run: ImportRun, found: undo.Fates, *, without: set[int]
) -> Iterable[tuple[Any, "Appearance | str"]]:
    """Each claim and person of the run that does not go: it is another import's from now on, or stays for a
    reason. What stands in the stories `without` counts as gone."""
    going = found.going["stories.appearance"]

    def standing(rows: QuerySet[Appearance]) -> list[Appearance]:
        rows = rows.exclude(article__in=without).order_by("pk").distinct()
        return [row for row in rows if row.pk not in going]

    for claim in Claim.objects.filter(pk__in=found.staying(Claim)).order_by("pk"):
        printed = standing(claim.appearances.all())
        if not printed:
            yield claim, f"The claim “{claim.short_wording}”: a person has worked on it"
        elif claim.pk in found.changed["stories.claim"] or run.pk in {row.imported_in_id for row in printed}:
            continue
        elif heir := _heir(run, printed):
            yield claim, heir
    for person in Politician.objects.filter(pk__in=found.staying(Politician)).order_by("pk"):
        said = Q(claim__speaker=person) | Q(claim__about=person)
        heir = _heir(run, standing(Appearance.objects.filter(said)))
        if heir is not None and person.pk not in found.changed["stories.politician"]:
            yield person, heir
        else:
            why = "is in use" if person.pk in found.used["stories.politician"] else "has been edited"
            yield person, f"{person.name}: {why}"


def _heir(run: ImportRun, printed: Sequence[Appearance]) -> Appearance | None:
    """Where another import printed it first."""
    return next((row for row in printed if row.imported_in_id not in (None, run.pk)), None)
