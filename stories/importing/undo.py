"""Taking an import back: everything it made goes, and nothing that a person or another import has since used.

A story counts as a person's once anything of it or any of its claims was touched; it stays whole then, with
its claims and their speakers. Each story goes in a transaction of its own, so that nobody's writing waits for
all of them; an undo that was cut short is taken up again. The preview only reads.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from taggit.models import Tag

from stories.importing import receipts
from stories.importing.store import remove_unused, restore, unused
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
from stories.models.claims import ClaimQuerySet

__all__ = ["AlreadyUndone", "Undone", "preview_undo", "undo_run"]

Row = TypeVar("Row")
AT_ONCE = 100  # rows in one transaction


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


def preview_undo(run: ImportRun) -> Undone:
    """What undoing `run` would do; nothing is written, and nothing held. Raises AlreadyUndone."""
    _refuse_if_undone(run)
    undone = Undone()
    texts = _texts(run)
    going: set[int] = set()
    kept_claims: set[int] = set()
    claims_left = receipts.latest(reversed(texts), "claims")
    for text in texts:
        if text.article is None:
            continue
        if why := _why_it_stays(text, text.article, claims_left):
            undone.stayed.append(f"“{text.article.headline}”: {why}")
            continue
        going.add(text.article.pk)
        if text.outcome == ImportedText.Outcome.CREATED:
            undone.stories += 1
        else:
            undone.restored += 1
            was = (text.before or {})["was"]
            kept_claims.update(row["claim"]["pk"] for row in was["appearances"])
    mine = Claim.objects.filter(imported_in=run)
    elsewhere = Appearance.objects.filter(claim=OuterRef("pk")).exclude(article__in=going)
    gone = unused(mine).filter(~Exists(elsewhere)).exclude(pk__in=kept_claims)
    undone.claims = gone.count()
    undone.stayed += _orphans(
        mine.filter(~Exists(elsewhere)).exclude(pk__in=kept_claims).exclude(pk__in=gone)
    )
    people_left = receipts.latest(reversed(texts), "people")
    for _, fate in _fates(run, people_left, without=gone, stories=going):
        if fate is _GOES:
            undone.people += 1
        elif isinstance(fate, str):
            undone.stayed.append(fate)
    return undone


def undo_run(run: ImportRun, *, enough: Callable[[], bool] = lambda: False) -> Undone:
    """Undo `run`, or go on with it, until `enough` says so. Raises AlreadyUndone."""
    undone = Undone()
    with transaction.atomic():
        # From here on nothing more comes in under this run.
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        _refuse_if_undone(run)
        if run.undone_at is None:
            run.undone_at = timezone.now()
            run.save(update_fields=["undone_at"])
    texts = _texts(run)
    claims_left = receipts.latest(reversed(texts), "claims")
    for text in texts:
        if text.article_id is not None:
            _take_back_story(text, claims_left, undone)
        if enough():
            undone.finished = False
            return undone
    for batch in _batches(Claim.objects.filter(imported_in=run).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            _take_back_claims(run, batch, undone)
    people_left = receipts.latest(reversed(texts), "people")
    for people in _batches(_fates(run, people_left, without=Claim.objects.none(), stories=set())):
        with transaction.atomic():
            _take_back_people(people, people_left, undone)
    with transaction.atomic():
        _take_back_names(run, texts)
        run.undo_finished_at = timezone.now()
        run.save(update_fields=["undo_finished_at"])
    return undone


def _refuse_if_undone(run: ImportRun) -> None:
    if run.undone_at is not None and run.undo_finished_at is not None:
        raise AlreadyUndone(f"Import {run.pk} was undone on {run.undone_at:%d %B %Y}.")


def _texts(run: ImportRun) -> list[ImportedText]:
    """What the run filed, the newest first."""
    filed = (ImportedText.Outcome.CREATED, ImportedText.Outcome.UPDATED)
    return list(run.texts.filter(outcome__in=filed).select_related("article").order_by("-pk"))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(list(rows))
    return iter(lambda: list(islice(rows, AT_ONCE)), [])


def _take_back_story(text: ImportedText, claims_left: dict[int, str], undone: Undone) -> None:
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).filter(imported_texts=text).first()
        if article is None:
            return
        if why := _why_it_stays(text, article, claims_left):
            undone.stayed.append(f"“{article.headline}”: {why}")
        elif text.outcome == ImportedText.Outcome.CREATED:
            article.delete()
            undone.stories += 1
        else:
            restore(article, (text.before or {})["was"])
            # The story has another text again: this one may come in anew.
            ImportedText.objects.filter(pk=text.pk).update(article=None)
            receipts.renew(article)
            undone.restored += 1


def _why_it_stays(text: ImportedText, article: Article, claims_left: dict[int, str]) -> str:
    later = ImportedText.objects.filter(article=article, run__undone_at__isnull=True, pk__gt=text.pk)
    if later.filter(outcome=ImportedText.Outcome.UPDATED).exists():
        return "a later import has updated it"
    return receipts.touched(article, (text.before or {}).get("left", ""), claims_left)


def _take_back_claims(run: ImportRun, pks: Sequence[int], undone: Undone) -> None:
    mine = Claim.objects.filter(pk__in=pks, imported_in=run)
    undone.claims += remove_unused(mine)
    undone.stayed += _orphans(mine.filter(appearances__isnull=True))
    # A claim that stands in another import's story is that import's from now on.
    for claim in receipts.with_state(mine.exclude(appearances__imported_in=run).values_list("pk", flat=True)):
        heir = claim.appearances.exclude(imported_in__isnull=True).order_by("pk").first()
        if heir is not None:
            Claim.objects.filter(pk=claim.pk).update(imported_in=heir.imported_in_id)
            left = receipts.fingerprint(receipts.claim_state(claim))
            receipts.amend("claims", claim.pk, left, run=heir.imported_in_id, article=heir.article_id)


def _orphans(claims: ClaimQuerySet) -> list[str]:
    return [f"The claim “{claim.short_wording}”: a person has worked on it" for claim in claims]


_GOES = object()


def _fates(
    run: ImportRun, left: dict[int, str], *, without: ClaimQuerySet, stories: set[int]
) -> Iterator[tuple[Politician, "Appearance | str | object"]]:
    """Each person the run entered: goes, is another import's from now on, or stays for a reason.

    The claims `without` and what stands in `stories` count as gone.
    """
    mine = Politician.objects.filter(imported_in=run)
    said = Claim.objects.filter(speaker=OuterRef("pk")).exclude(pk__in=without)
    about = Claim.about.through.objects.filter(politician=OuterRef("pk")).exclude(claim__in=without)
    used = Exists(said) | Exists(about) | Q(merged_from__isnull=False)
    used |= Q(other_names__isnull=False) | Q(identifiers__isnull=False) | Q(memberships__isnull=False)
    needed = set(mine.filter(used).values_list("pk", flat=True))
    for person in mine.order_by("pk"):
        untouched = receipts.fingerprint(receipts.person_state(person)) == left.get(person.pk)
        if person.pk not in needed and untouched:
            yield person, _GOES
            continue
        heirs: QuerySet[Appearance] = Appearance.objects.filter(
            Q(claim__speaker=person) | Q(claim__about=person)
        ).exclude(imported_in__isnull=True)
        heir = heirs.exclude(imported_in=run).exclude(article__in=stories).order_by("pk").first()
        if heir is not None and untouched:
            yield person, heir
        else:
            why = "is in use" if person.pk in needed else "has been edited"
            yield person, f"{person.name}: {why}"


def _take_back_people(
    fates: Sequence[tuple[Politician, object]], left: dict[int, str], undone: Undone
) -> None:
    for person, fate in fates:
        if fate is _GOES:
            pk = person.pk
            person.delete()
            if not person.confirmed:
                FormerSlug.set_free(Politician, [pk])
            undone.people += 1
        elif isinstance(fate, Appearance):
            Politician.objects.filter(pk=person.pk).update(imported_in=fate.imported_in_id)
            receipts.amend(
                "people", person.pk, left[person.pk], run=fate.imported_in_id, article=fate.article_id
            )
        else:
            undone.stayed.append(str(fate))


def _take_back_names(run: ImportRun, texts: Sequence[ImportedText]) -> None:
    """The parties, authors and tags that were new to the newsroom, unless something has them by now.

    Those of a run that published nothing come again under the same addresses.
    """
    made: dict[str, set[int]] = {"parties": set(), "authors": set(), "tags": set()}
    for text in texts:
        for kind, pks in ((text.before or {}).get("made") or {}).items():
            made[kind].update(pks)
    unused_ones = (
        Party.objects.filter(
            pk__in=made["parties"],
            politicians__isnull=True,
            memberships__isnull=True,
            short_name="",
            colour="",
        ),
        Author.objects.filter(pk__in=made["authors"], articles__isnull=True, user__isnull=True, bio=""),
        Tag.objects.filter(pk__in=made["tags"], taggit_taggeditem_items__isnull=True),
    )
    for rows in unused_ones:
        pks = list(rows.values_list("pk", flat=True))
        rows.delete()
        if not run.options.get("publish"):
            FormerSlug.set_free(rows.model, pks)
