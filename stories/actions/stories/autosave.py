"""Who has a story open, and what they have typed into it and not saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from stories.actions.errors import NotAllowed
from stories.actions.permissions import name_of
from stories.actions.stories import pending_versions
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.stories.story_permissions import refusal
from stories.models import Article, Presence, UnsavedCopy

GONE_AFTER = timedelta(seconds=70)  # the editor says every 20 seconds that it is still open
LARGEST = 2_000_000  # characters of a copy: no story is so long


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who has the story open, since when."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What the editor is told: who else is there, and the mark of the story as it is saved now."""

    others: tuple[Other, ...]
    mark: str
    kept_at: datetime | None = None


def note_presence(*, article: Article, by: User, now: datetime | None = None) -> tuple[Other, ...]:
    """Note that `by` has the story open, and tell who else has."""
    now = now or timezone.now()
    Presence.objects.filter(article=article, seen_at__lt=now - GONE_AFTER).delete()
    Presence.objects.update_or_create(
        article=article, user=by, defaults={"seen_at": now}, create_defaults={"since": now, "seen_at": now}
    )
    others = Presence.objects.filter(article=article).exclude(user=by).select_related("user")
    return tuple(Other(name_of(one.user), one.since) for one in others)


def open_now() -> "Prefetch[str, QuerySet[Presence], str]":
    """What loads who has stories open, since when, as `open_now` of each."""
    present = Presence.objects.filter(seen_at__gte=timezone.now() - GONE_AFTER).select_related("user")
    return Prefetch("presences", present, to_attr="open_now")


def end_presence(*, article: Article, by: User) -> None:
    """Note that `by` has closed the story."""
    Presence.objects.filter(article=article, user=by).delete()


def save_copy(
    *, article: Article | None, by: User, fields: Mapping[str, object], opened: int = 0
) -> UnsavedCopy:
    """Keep what `by` has typed, in place of what was kept before; the history does not hear of it.

    `article` None is a new story. Raises NotAllowed, ValueError (too large).
    """
    if article is None and not by.has_perm("stories.add_article"):
        raise NotAllowed("You may not write stories.")
    if article is not None and (why := refusal(article=article, by=by, pending=True)):
        raise NotAllowed(why)
    if sum(len(str(value)) for value in fields.values()) > LARGEST:
        raise ValueError(f"More than {LARGEST} characters.")
    copy, _ = UnsavedCopy.objects.update_or_create(
        article=article,
        user=by,
        defaults={"fields": dict(fields), "opened": opened, "kept_at": timezone.now()},
    )
    return copy


def unsaved_copy(*, article: Article | None, by: User) -> UnsavedCopy | None:
    """What `by` had typed into the story, or into a new one, and not saved."""
    return UnsavedCopy.objects.filter(article=article, user=by).first()


def discard_copy(*, article: Article | None, by: User) -> None:
    """Drop what `by` had typed into the story, or into a new one, and not saved."""
    UnsavedCopy.objects.filter(article=article, user=by).delete()


def heartbeat(*, article: Article, by: User, fields: Mapping[str, object] | None = None) -> Heartbeat:
    """The editor's heartbeat: `by` is still there, and has typed `fields` (None: nothing new)."""
    copy = (
        None if fields is None else save_copy(article=article, by=by, fields=fields, opened=article.version)
    )
    mark = mark_of(pending_versions.shown(article))
    return Heartbeat(note_presence(article=article, by=by), mark, copy.kept_at if copy else None)
