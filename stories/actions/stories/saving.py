"""Saving a story's words: over nobody else's, and no quotation changed without a reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import reversion
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from stories.actions import history, locking, picture_library, reanchoring
from stories.actions.errors import NotAllowed, Stale
from stories.actions.permissions import require
from stories.actions.stories import quotation_guard
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.stories.quotation_guard import QuotationsHeld, Reason
from stories.actions.stories.story_permissions import Stage, refusal, stage_of
from stories.models import Article, QuotationChange, UnsavedCopy
from stories.text import body_pictures, richtext

# A change to any of these is one that readers of a live story are told of ("updated").
WORDS = frozenset({"headline", "standfirst", "body"})
# Never written by a save: each has its own verb.
STAMPED = frozenset(
    {"status", "published_at", "first_published_at", "day_only", "updated_at", "withdrawn_reason", "version"}
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the claims (None when the text is as it was), and the reasons that were kept.

    `pending`: it was saved beside what readers see, and nothing became of either yet.
    """

    anchors: reanchoring.Reanchored | None = None
    quotations: tuple[QuotationChange, ...] = ()
    pending: bool = False


def begin(*, article: Article, by: User | None) -> Article:
    """Write a new story, `by`'s own draft; what they had typed unsaved is forgotten. Raises NotAllowed."""
    require(by, "stories.add_article", "write stories")
    article.created_by = by
    article.status = Article.Status.DRAFT
    with history.recorded(by=by, comment=""):
        picture_library.take_in(article=article, by=by)
        article.save(force_insert=True)
        UnsavedCopy.objects.filter(article=None, user=by).delete()
    return article


@locking.act
def save(
    *,
    article: Article,
    fields: Collection[str],
    opened: str,
    by: User | None,
    reasons: Mapping[int, Reason] | None = None,
    updated: bool | None = None,
) -> Saved:
    """Write `fields` of `article`, and nothing else of it; `opened` is `mark_of()` what they were typed into.

    `reasons`, by the appearance's id, say why words of quotations change. `updated` says whether readers of a
    live story are told of it; None: if its words change. Raises NotAllowed; Stale when
    somebody saved the story since; QuotationsHeld. Then nothing is written. `article` has its new version
    afterwards, and what `by` had typed unsaved is forgotten. One transaction: readers never see new words
    with old anchors.
    """
    reasons = reasons or {}
    with history.recorded(by=by, comment=""):
        locking.hold(stories=[article])
        row = check(article=article, opened=opened, by=by, reasons=reasons)
        held = quotation_guard.held_by(article=row, text=text_of(article)) if "body" in fields else []
        written = set(fields) - STAMPED
        article.version = row.version + 1
        if stage_of(row) is Stage.LIVE and (bool(written & WORDS) if updated is None else updated):
            article.updated_at = timezone.now()
            written.add("updated_at")
        if "body" in written:
            written.add("text")
        picture_library.take_in(article=article, by=by)
        article.save(update_fields=[*written, "version"])
        UnsavedCopy.objects.filter(article=article, user=by).delete()
        if "body" in written and article.text != row.text:
            found = reanchoring.reanchor(article=article, old_text=row.text)
            kept, turned = quotation_guard.record(
                article=article, old_text=row.text, held=held, reasons=reasons, by=by
            )
            quotation_guard.record_retyped(article=article, retyped=found.retyped, by=by)
            stay = {one.appearance.pk for one in held if reasons[one.appearance.pk].stays}
            found.ambiguous = [*(a for a in found.ambiguous if a.pk not in stay), *turned]
            found.turned = [*(a for a in found.turned if a.pk not in stay), *turned]
            found.lost = [a for a in found.lost if a.pk not in stay]
            return Saved(found, tuple(kept))
    return Saved()


def check(
    *, article: Article, opened: str, by: User | None, reasons: Mapping[int, Reason] | None = None
) -> Article:
    """The story's row as stored, locked until the transaction ends. Raises what `save` would raise."""
    with transaction.atomic():
        row = locking.story(article)
    if why := refusal(article=row, by=by):
        raise NotAllowed(why)
    if mark_of(row) != opened:
        raise Stale("Somebody saved this story since it was opened.")
    held = quotation_guard.without_reason(
        quotation_guard.held_by(article=row, text=text_of(article)), reasons
    )
    if held:
        raise QuotationsHeld(held)
    return row


def problems(article: Article) -> tuple[str, ...]:
    """What the site requires and the story lacks. Asks the database nothing."""
    found = []
    if not article.headline.strip():
        found.append("The story has no headline.")
    if not article.text.strip():
        found.append("The story has no text.")
    if article.lead_image and not article.lead_image_alt.strip():
        found.append("The picture has no alternative text.")
    without = sum(not picture.alt for picture in body_pictures.within(article.body))
    if without:
        found.append(
            "A picture in the text has no alternative text."
            if without == 1
            else f"{without} pictures in the text have no alternative text."
        )
    return tuple(found)


def keep_first_state(*, article: Article) -> None:
    """Put a story that has no history yet into it, as it stands: an imported one, before its first edit.

    Call it before a revision is begun: inside one it would only be the edit's own state.
    """
    if not reversion.models.Version.objects.get_for_object(article).exists():
        with reversion.create_revision():
            reversion.set_comment("As it was before the first edit.")
            reversion.add_to_revision(Article.objects.get(pk=article.pk))


def text_of(article: Article) -> str:
    """The plain text of the body that `article` holds, saved or not."""
    return richtext.to_text(article.body or "")
