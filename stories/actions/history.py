"""What the history of a story, a claim and a person holds, and the one way to write into it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import reversion
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import transaction
from django.db.models import Model
from django.dispatch import receiver
from reversion.models import Revision, Version
from reversion.signals import pre_revision_commit
from taggit.models import TaggedItem

from stories import models
from stories.actions.permissions import require

reversion.register(models.Article)  # what belongs to it comes with it: see keep_whole_stories
reversion.register(models.PendingVersion)
reversion.register(models.Appearance, follow=["claim"])
reversion.register(models.Claim, follow=["evidence", "tagged_items"])
reversion.register(models.Evidence)
reversion.register(models.Correction)
reversion.register(models.Contradiction)
reversion.register(models.NearWording)
reversion.register(models.Politician, follow=["other_names", "identifiers", "memberships"])
reversion.register(models.OtherName)
reversion.register(models.Identifier)
reversion.register(models.Membership)
reversion.register(models.Outlet, follow=["names"])
reversion.register(models.OutletName)
reversion.register(models.TopicIntroduction)
reversion.register(TaggedItem)


@contextmanager
def recorded(*, by: User | None, comment: str) -> Iterator[None]:
    """One transaction, kept in the history under `by` with `comment`.

    The operator's acts at the terminal (`by` None) are not: an import of a thousand stories would write
    a thousand first versions that say nothing the import's own report does not.
    """
    if by is None:
        with transaction.atomic():
            yield
        return
    with transaction.atomic(), reversion.create_revision(atomic=False):
        if not reversion.get_user():
            reversion.set_user(by)
        earlier = reversion.get_comment()
        reversion.set_comment(f"{earlier} {comment}".strip() if comment not in earlier else earlier)
        yield


@receiver(pre_revision_commit)
def keep_whole_stories(*, versions: list[Version], **signal: Any) -> None:
    """Keep a story with all that belongs to it as it stands when everything is written.

    Followed row by row as each is saved, a claim would be kept on the places it had before its words were
    found again, and every claim would cost queries of its own.
    """
    stories = models.Article.objects.filter(
        pk__in=[v.object_id for v in versions if v._model is models.Article]
    )
    whole = {
        _key(version): version
        for story in stories.prefetch_related(
            "authors",
            "tagged_items",
            "corrections",
            "appearances__claim__speaker",
            "appearances__claim__about",
            "appearances__claim__evidence",
            "appearances__claim__tagged_items",
        )
        for version in map(_version_of, _rows_of(story))
    }
    versions[:] = [*(version for version in versions if _key(version) not in whole), *whole.values()]


def _rows_of(story: Any) -> Iterable[Model]:
    yield from (story, *story.tagged_items.all(), *story.corrections.all())
    for appearance in story.appearances.all():
        claim = appearance.claim
        yield from (appearance, claim, *claim.evidence.all(), *claim.tagged_items.all())


def _version_of(row: Model) -> Version:
    return Version(
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        db=row._state.db,
        format="json",
        serialized_data=serializers.serialize("json", [row]),
        # A tagged item's own words would ask for what is tagged, and with what, item by item.
        object_repr="" if isinstance(row, TaggedItem) else str(row),
    )


def _key(version: Version) -> tuple[int, str]:
    return version.content_type_id, version.object_id


# Putting a row back brings its state and its verdict back too: it takes what deciding them takes.
NEEDED = {
    models.Article: ("stories.change_article", "stories.publish_article"),
    models.Claim: ("stories.change_claim", "stories.review_claim", "stories.rate_claim"),
    models.Correction: ("stories.change_correction", "stories.correct_article"),
    models.Politician: ("stories.change_politician", "stories.merge_politician"),
}


def check_put_back(*, revision: Revision, by: User) -> None:
    """Whether `by` may put back, past the desk's verbs, all that was kept in one step. Raises NotAllowed."""
    for version in revision.version_set.select_related("content_type"):
        model = version._model
        change = f"{model._meta.app_label}.change_{model._meta.model_name}"
        for permission in NEEDED.get(model, (change,)):
            require(by, permission, f"restore this {model._meta.verbose_name}")
