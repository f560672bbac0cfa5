"""What people tell each other about a story: with a hand-in, with a return, on its words. Never public."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from stories.actions import history, locking, reanchoring
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.permissions import name_of, require
from stories.actions.stories.story_permissions import PUBLISH
from stories.models import Article, Notice, StoryNote
from stories.text import anchors
from stories.text.anchors import Selector

LONGEST = 4000  # characters of a note
LONGEST_WORDS = 2000  # characters of the words that it is about
NOTICES_SHOWN = 20
_PERMISSIONS_IN = "django.contrib.auth.backends.ModelBackend"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark with the answers to it, oldest first. `stands`: its words are in the story now."""

    remark: StoryNote
    answers: tuple[StoryNote, ...]

    @property
    def stands(self) -> bool:
        """Whether the words that the remark is about are in the story, in one place."""
        return self.remark.start is not None


def tell(*, article: Article, kind: StoryNote.Kind, text: str, by: User | None) -> StoryNote:
    """Note that the story was handed in or returned, within the act that does it, and tell whom it concerns.

    A hand-in concerns those who may publish, a return those who wrote the story.
    """
    note = StoryNote.objects.create(article=article, kind=kind, text=text.strip()[:LONGEST], by=by)
    _notify(note, editors() if kind == StoryNote.Kind.HANDED_IN else writers(article))
    return note


@locking.act
def remark(
    *,
    article: Article,
    by: User,
    text: str,
    words: Selector | None = None,
    answer_to: StoryNote | None = None,
) -> StoryNote:
    """Write a note on the story, on `words` of it, or under another note (`answer_to`).

    `words` are looked for in the story as it is saved; a note on words that are typed and not saved yet keeps
    them, and stands on them after the save. Raises NotAllowed; NotReady (no text, too long, another story's).
    """
    require(by, "stories.view_article", "read stories")
    if not text.strip():
        raise NotReady("Write something.")
    if len(text) > LONGEST or (words and len(words.exact) > LONGEST_WORDS):
        raise NotReady(f"A note has at most {LONGEST} characters, its words {LONGEST_WORDS}.")
    if answer_to is not None and (answer_to.article_id != article.pk or answer_to.answer_to_id):
        raise NotReady("That note is not on this story.")
    with history.recorded(by=by, comment="Note written."):
        story = locking.hold(stories=[article]).story(article)
        note = StoryNote(article=story, kind=StoryNote.Kind.REMARK, text=text.strip(), by=by)
        note.answer_to = answer_to
        if words is not None and answer_to is None:
            note.exact, note.prefix, note.suffix = words.exact, words.prefix, words.suffix
            reanchoring.place_note(note, story.text, anchors.find(story.text, words))
        note.save()
        if answer_to is not None and answer_to.resolved_at is not None:
            StoryNote.objects.filter(pk=answer_to.pk).update(resolved_at=None, resolved_by=None)
        taking_part = User.objects.filter(pk__in=_taking_part(story))
        _notify(note, [*writers(story), *taking_part])
    return note


@locking.act
def resolve(*, note: StoryNote, by: User, resolved: bool = True) -> StoryNote:
    """Say that a note is dealt with, or that it is not. Raises NotAllowed, NotReady (it is no remark)."""
    require(by, "stories.view_article", "read stories")
    with history.recorded(by=by, comment="Note resolved." if resolved else "Note opened again."):
        locking.hold(stories=[note.article])
        row = StoryNote.objects.get(pk=note.pk)
        if row.kind != StoryNote.Kind.REMARK or row.answer_to_id:
            raise NotReady("Only a note is resolved, not an answer to it.")
        row.resolved_at, row.resolved_by = (timezone.now(), by) if resolved else (None, None)
        row.save(update_fields=["resolved_at", "resolved_by"])
    return row


def withdraw(*, note: StoryNote, by: User) -> None:
    """Delete a note of one's own that nobody has answered. Raises NotAllowed, NotReady."""
    if note.by_id != by.pk or note.kind != StoryNote.Kind.REMARK:
        raise NotAllowed("Only who wrote a note deletes it.")
    with transaction.atomic():
        if note.answers.exists():
            raise NotReady("Somebody has answered; resolve the note instead.")
        note.delete()


def threads(*, article: Article) -> list[Thread]:
    """The story's remarks with their answers: open ones first, in the order of their words."""
    rows = list(article.notes.filter(kind=StoryNote.Kind.REMARK).select_related("by", "resolved_by"))
    answers: dict[int, list[StoryNote]] = {}
    for row in reversed(rows):
        if row.answer_to_id:
            answers.setdefault(row.answer_to_id, []).append(row)
    found = [Thread(row, tuple(answers.get(row.pk, ()))) for row in rows if not row.answer_to_id]
    far = len(article.text) + 1
    return sorted(
        found,
        key=lambda one: (one.remark.resolved_at is not None, _order(one.remark, far), one.remark.made_at),
    )


def last_move(*, article: Article) -> StoryNote | None:
    """The last hand-in or return of the story, with who did it."""
    moves = article.notes.exclude(kind=StoryNote.Kind.REMARK)
    return moves.select_related("by").first()


def unseen(*, by: User) -> QuerySet[Notice]:
    """The notices that `by` has not seen, newest first."""
    return Notice.objects.filter(user=by, seen_at__isnull=True).select_related("note__article", "note__by")


def see(*, article: Article, by: User) -> None:
    """Note that `by` has opened the story, and so has seen what they were told of it.

    It is called by a page that is only read: nothing is written where there is nothing to see.
    """
    notices = Notice.objects.filter(user=by, note__article=article, seen_at__isnull=True)
    if notices.exists():
        notices.update(seen_at=timezone.now())


def writers(article: Article) -> list[User]:
    """Those who wrote the story and have an account that works."""
    mine = Q(pk=article.created_by_id) | Q(author__articles=article)
    return list(User.objects.filter(mine, is_active=True, is_staff=True).distinct())


def editors() -> list[User]:
    """Those who may publish by their group, not every administrator."""
    return list(
        User.objects.with_perm(
            PUBLISH, is_active=True, include_superusers=False, backend=_PERMISSIONS_IN
        ).filter(is_staff=True)
    )


def _order(note: StoryNote, far: int) -> int:
    return far if note.start is None else note.start


def _taking_part(article: Article) -> Iterable[int]:
    by = article.notes.filter(kind=StoryNote.Kind.REMARK, by__isnull=False, by__is_active=True)
    return by.order_by().values_list("by", flat=True).distinct()


def _notify(note: StoryNote, people: Iterable[User]) -> None:
    told = {person.pk: person for person in people if person.pk != note.by_id}
    Notice.objects.bulk_create(Notice(user=person, note=note) for person in told.values())
    addresses = sorted({person.email for person in told.values() if person.email})
    if settings.EMAIL_URL and addresses:
        transaction.on_commit(lambda: _send(note, addresses))


def _send(note: StoryNote, addresses: list[str]) -> None:
    """Send a mail to each; one that cannot be sent is logged, for the notice at the desk is there anyway."""
    who = name_of(note.by) if note.by else "Somebody"
    did = {"handed_in": "handed in", "returned": "returned", "remark": "wrote a note on"}[note.kind]
    address = settings.SITE_URL.rstrip("/") + reverse("admin:stories_article_change", args=[note.article_id])
    body = "\n\n".join(filter(None, [f"{who} {did} “{note.article.headline}”.", note.text, address]))
    subject = f"{who} {did} “{note.article.headline}”"[:150].replace("\n", " ")
    try:
        with get_connection() as connection:
            for to in addresses:
                EmailMessage(subject, body, to=[to], connection=connection).send()
    except OSError as error:  # smtplib's errors are OSErrors
        logger.warning("A notice could not be mailed: %s", error)
