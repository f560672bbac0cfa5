"""Taking an import back: everything it made goes, and nothing that a person or another import has since used.

A story counts as a person's once its words, its tags or any of its claims were touched; it stays whole then,
with its claims and their speakers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from taggit.models import Tag

from stories.importing import receipts
from stories.importing.store import remove_unused, restore
from stories.models import Appearance, Article, Author, Claim, ImportedText, ImportRun, Party, Politician

__all__ = ["AlreadyUndone", "Undone", "undo_run"]


class AlreadyUndone(Exception):
    """The import was taken back before."""


@dataclass(slots=True)
class Undone:
    """What went, and what stayed with the reason why ("“Headline”: it has been edited")."""

    stories: int = 0
    restored: int = 0
    claims: int = 0
    people: int = 0
    stayed: list[str] = field(default_factory=list)


def undo_run(run: ImportRun, *, dry_run: bool = False) -> Undone:
    """Undo `run`, in one transaction; with `dry_run` all is put back again. Raises AlreadyUndone."""
    undone = Undone()
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.undone_at is not None:
            raise AlreadyUndone(f"Import {run.pk} was undone on {run.undone_at:%d %B %Y}.")
        texts = list(run.texts.select_related("article").order_by("-pk"))
        people_left = receipts.latest(reversed(texts), "people")
        _take_back_stories(run, texts, undone)
        _take_back_claims(run, undone)
        _take_back_people(run, people_left, undone)
        _take_back_names(texts)
        run.undone_at = timezone.now()
        run.save(update_fields=["undone_at"])
        transaction.set_rollback(dry_run)
    return undone


def _take_back_stories(run: ImportRun, texts: Sequence[ImportedText], undone: Undone) -> None:
    claims_left = receipts.latest(reversed(texts), "claims")
    for text in texts:
        if text.article is None or text.outcome not in {"created", "updated"}:
            continue
        why = _why_it_stays(text, text.article, claims_left)
        if why:
            undone.stayed.append(f"“{text.article.headline}”: {why}")
        elif text.outcome == ImportedText.Outcome.CREATED:
            text.article.delete()
            undone.stories += 1
        else:
            restore(text.article, (text.before or {})["was"])
            undone.restored += 1


def _why_it_stays(text: ImportedText, article: Article, claims_left: dict[int, str]) -> str:
    later = ImportedText.objects.filter(article=article, run__undone_at__isnull=True, pk__gt=text.pk)
    if later.filter(outcome=ImportedText.Outcome.UPDATED).exists():
        return "a later import has updated it"
    return receipts.touched(article, (text.before or {}).get("left", ""), claims_left)


def _take_back_claims(run: ImportRun, undone: Undone) -> None:
    undone.claims += remove_unused(Claim.objects.filter(imported_in=run))
    for claim in Claim.objects.filter(imported_in=run, appearances__isnull=True):
        undone.stayed.append(f"The claim “{claim.short_wording}”: a person has worked on it")
    # A claim that stands in another import's story is that import's from now on.
    for claim in receipts.with_state(
        Claim.objects.filter(imported_in=run)
        .exclude(appearances__imported_in=run)
        .values_list("pk", flat=True)
    ):
        heir = claim.appearances.exclude(imported_in__isnull=True).order_by("pk").first()
        if heir is not None:
            Claim.objects.filter(pk=claim.pk).update(imported_in=heir.imported_in_id)
            left = receipts.fingerprint(receipts.claim_state(claim))
            receipts.amend("claims", claim.pk, left, run=heir.imported_in_id, article=heir.article_id)


def _take_back_people(run: ImportRun, left: dict[int, str], undone: Undone) -> None:
    mine = Politician.objects.filter(imported_in=run)
    used = Q(claims__isnull=False) | Q(claims_about__isnull=False) | Q(merged_from__isnull=False)
    used |= Q(other_names__isnull=False) | Q(identifiers__isnull=False) | Q(memberships__isnull=False)
    needed = set(mine.filter(used).values_list("pk", flat=True))
    for person in mine.order_by("pk"):
        untouched = receipts.fingerprint(receipts.person_state(person)) == left.get(person.pk)
        if person.pk not in needed and untouched:
            person.delete()
            undone.people += 1
            continue
        named = Appearance.objects.filter(Q(claim__speaker=person) | Q(claim__about=person))
        heir = named.exclude(imported_in__isnull=True).exclude(imported_in=run).order_by("pk").first()
        if heir is not None and untouched:
            Politician.objects.filter(pk=person.pk).update(imported_in=heir.imported_in_id)
            receipts.amend(
                "people", person.pk, left[person.pk], run=heir.imported_in_id, article=heir.article_id
            )
        else:
            undone.stayed.append(
                f"{person.name}: {'is in use' if person.pk in needed else 'has been edited'}"
            )


def _take_back_names(texts: Sequence[ImportedText]) -> None:
    """The parties, authors and tags that were new to the newsroom, unless something has them by now."""
    made: dict[str, set[int]] = {"parties": set(), "authors": set(), "tags": set()}
    for text in texts:
        for kind, pks in ((text.before or {}).get("made") or {}).items():
            made[kind].update(pks)
    Party.objects.filter(
        pk__in=made["parties"],
        politicians__isnull=True,
        memberships__isnull=True,
        short_name="",
        colour="",
    ).delete()
    Author.objects.filter(pk__in=made["authors"], articles__isnull=True, user__isnull=True, bio="").delete()
    Tag.objects.filter(pk__in=made["tags"], taggit_taggeditem_items__isnull=True).delete()
