"""A story that readers see is saved beside what they see; its changes are published together, or discarded.

While a story is live its saves go into its pending version (`pending_versions`), and so they do as long as it
has one. A withdrawn story keeps its changes: they go in when it is published again or is a draft again.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import reversion
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from stories.actions import history, locking, picture_library
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.permissions import require
from stories.actions.stories import notes, pending_versions, quotation_guard, revisions, saving
from stories.actions.stories.pending_versions import FIELDS, NAMES, Pending
from stories.actions.stories.quotation_guard import QuotationsHeld, Reason
from stories.actions.stories.revisions import WRITTEN, mark_of
from stories.actions.stories.saving import Saved
from stories.actions.stories.story_permissions import PUBLISH, SUBMIT, Stage, refusal, stage_of
from stories.models import Article, PendingVersion, StoryNote, UnsavedCopy
from stories.models.slugs import is_free

CHANGED = (
    "Readers’ version was changed in the same words since the changes were saved. Open the story, read it "
    "through and save it again."
)
NONE = "There are no changes to publish."


def takes_saves(article: Article) -> bool:
    """Whether a save of the story (as the database has it) goes into its pending version."""
    live = stage_of(article) is Stage.LIVE
    return live or PendingVersion.objects.filter(pk=article.pk).exists()


def check(
    *, article: Article, opened: str, by: User | None, reasons: Mapping[int, Reason] | None = None
) -> Article:
    """As `saving.check`, of a save that may go into the pending version. Returns readers' row, locked."""
    with transaction.atomic():
        row = locking.story(article)
    if why := refusal(article=row, by=by, pending=True):
        raise NotAllowed(why)
    worked_on = pending_versions.shown(row)
    if mark_of(worked_on) != opened:
        raise Stale("Somebody saved this story since it was opened.")
    held = quotation_guard.held_by(article=row, text=saving.text_of(article))
    given = _reasons(worked_on.pending, held, reasons)
    if missing := quotation_guard.without_reason(held, given):
        raise QuotationsHeld(missing)
    return row


@locking.act
def save(  # noqa: PLR0913  (what a save has, and the names beside it)
    *,
    article: Article,
    fields: Collection[str],
    opened: str,
    by: User | None,
    reasons: Mapping[int, Reason] | None = None,
    authors: Iterable[int] = (),
    tags: Iterable[str] = (),
) -> Saved:
    """Write `fields` of `article`: into the story, or beside it while readers see it (`Saved.pending`).

    `authors` (numbers) and `tags` (names) are written with the pending version, where `fields` names them;
    the caller writes those of another story. Raises as `saving.save` does.
    """
    with history.recorded(by=by, comment=""):
        row = locking.hold(stories=[article]).story(article)
        if not takes_saves(row):
            columns = set(fields) - set(NAMES)
            return saving.save(article=article, fields=columns, opened=opened, by=by, reasons=reasons)
        check(article=article, opened=opened, by=by, reasons=reasons)
        pending: Pending | None = pending_versions.shown(row).pending
        picture_library.take_in(article=article, by=by)
        typed = {name: _typed(article, name) for name in set(fields) & set(FIELDS) - set(NAMES)}
        typed |= {name: value for name, value in _names(authors, tags).items() if name in fields}
        wanted = {**(pending.values if pending else {}), **typed}
        base = pending_versions.plain(row, wanted)
        changed = {name: value for name, value in wanted.items() if value != base[name]}
        UnsavedCopy.objects.filter(article=article, user=by).delete()
        if changed:
            if reversion.is_active():
                reversion.set_comment("Saved and not published.")
            held = quotation_guard.held_by(article=row, text=saving.text_of(article))
            _store(row, pending, changed, base, _kept(_reasons(pending, held, reasons), held), by)
        elif pending:
            pending.row.delete()
    return Saved(pending=True)


@locking.act
def publish(
    *,
    article: Article,
    by: User | None,
    minor: bool = False,
    opened: str | None = None,
    reasons: Mapping[int, Reason] | None = None,
) -> Saved:
    """Show readers the changes; they are told of an update unless it is `minor`.

    `opened` is the mark of the story as it was shown with its changes, `reasons` are more than those kept
    with them. Raises NotAllowed; NotReady (nothing waits, it is not live, readers' version changed in the
    same words); Stale; QuotationsHeld.
    """
    require(by, PUBLISH, "publish changes")
    with history.recorded(by=by, comment="Changes published."):
        row = locking.hold(stories=[article]).story(article)
        if stage_of(row) is not Stage.LIVE:
            raise NotReady(f"Only a published story has changes to publish: this one is {stage_of(row)}.")
        worked_on = pending_versions.shown(row)
        if worked_on.pending is None:
            raise NotReady(NONE)
        if opened is not None and mark_of(worked_on) != opened:
            raise Stale("Somebody saved this story since it was shown.")
        return _put_in(row, worked_on, by, updated=not minor, reasons=reasons)


@locking.act
def restore(
    *,
    article: Article,
    revision: int,
    by: User | None,
    opened: str | None = None,
    reasons: Mapping[int, Reason] | None = None,
) -> bool:
    """Put a version back: into the story, or beside it while readers see it. Returns whether it is beside.

    There its words, picture, authors and topics become the changes, in the place of those that waited; the
    claims find their words again when the changes are published. `opened` is the mark of the story as it was
    shown with its changes. Raises as `revisions.restore` does.
    """
    with history.recorded(by=by, comment=""):
        row = locking.hold(stories=[article]).story(article)
        if not takes_saves(row):
            revisions.restore(article=row, revision=revision, by=by, opened=opened, reasons=reasons)
            return False
        then = revisions.as_of(article=row, revision=revision)
        story = pending_versions.shown(row)
        mark = mark_of(story)
        for name in WRITTEN:
            setattr(story, name, then.written[name])
        picture_library.keep_in(article=story, by=by)
        save(
            article=story,
            fields={*WRITTEN, *NAMES},
            opened=mark if opened is None else opened,
            by=by,
            reasons=reasons,
            authors=then.authors,
            tags=then.tags,
        )
        if reversion.is_active():
            reversion.set_comment(f"{revisions.comment_on(revision)} Not published.")
    return True


def put_in(*, article: Article, by: User | None) -> None:
    """Write what waits into `article` (locked, as the database has it), which readers do not see just now."""
    worked_on = pending_versions.shown(article)
    if worked_on.pending is not None:
        _put_in(article, worked_on, by)
        article.refresh_from_db()


@locking.act
def discard(*, article: Article, by: User | None) -> None:
    """Drop the changes: the story is as readers see it. Raises NotAllowed, NotReady (there are none)."""
    with history.recorded(by=by, comment="Changes discarded."):
        row = locking.hold(stories=[article]).story(article)
        if why := refusal(article=row, by=by, pending=True):
            raise NotAllowed(why)
        _note_act(row, "There are no changes to discard.").delete()


@locking.act
def hand_in(*, article: Article, by: User | None, note: str = "") -> None:
    """Tell those who publish that the changes are ready, with a note. Raises NotAllowed, NotReady."""
    require(by, SUBMIT, "hand in changes")
    with history.recorded(by=by, comment="Changes handed in."):
        row = locking.hold(stories=[article]).story(article)
        if why := refusal(article=row, by=by, pending=True):
            raise NotAllowed(why)
        _note_act(row, "There are no changes to hand in.")
        notes.tell(article=row, kind=StoryNote.Kind.HANDED_IN, text=note, by=by)


def hand_in_of(article: Article) -> StoryNote | None:
    """The hand-in of the changes that the story has in memory (`pending_versions.show`), if nobody has
    returned them since."""
    move = notes.last_move(article=article) if article.pending else None
    if move is None or move.kind != StoryNote.Kind.HANDED_IN:
        return None
    return move if move.made_at >= article.pending.row.began_at else None


@locking.act
def send_back(*, article: Article, by: User | None, reason: str = "") -> None:
    """Return changes that were handed in: they stay as they are, and who wrote them is told why.

    Who returns what somebody else handed in gives a `reason`. Raises NotAllowed, NotReady.
    """
    require(by, PUBLISH, "return changes")
    with history.recorded(by=by, comment="Changes returned."):
        row = locking.hold(stories=[article]).story(article)
        _note_act(row, "There are no changes to return.")
        move = hand_in_of(pending_versions.shown(row))
        if move is None:
            raise NotReady("Nobody has handed these changes in.")
        if move.by != by and not reason.strip():
            raise NotReady("Say why they are returned, for whoever wrote them.")
        notes.tell(article=row, kind=StoryNote.Kind.RETURNED, text=reason, by=by)


def _note_act(row: Article, none: str) -> PendingVersion:
    """The story's changes, to be kept in the history as the act found them. Raises NotReady: `none`."""
    found = PendingVersion.objects.filter(pk=row.pk).first()
    if found is None:
        raise NotReady(none)
    if reversion.is_active():
        reversion.add_to_revision(found)
    return found


def _put_in(
    row: Article,
    worked_on: Article,
    by: User | None,
    *,
    updated: bool | None = None,
    reasons: Mapping[int, Reason] | None = None,
) -> Saved:
    pending: Pending = worked_on.pending
    worked_on.text = saving.text_of(worked_on)
    lacking = (CHANGED,) if pending.clashes else saving.problems(worked_on)
    if "slug" in pending.values and worked_on.slug and not is_free(Article, worked_on.slug, pk=row.pk):
        lacking = (*lacking, f"“{worked_on.slug}” has become the address of another story.")
    if lacking:
        raise NotReady(lacking)
    held = quotation_guard.held_by(article=row, text=worked_on.text)
    given = _reasons(pending, held, reasons)
    worked_on.pending = None  # from here on it is the story
    saved = saving.save(
        article=worked_on,
        fields=set(pending.values) - set(NAMES),
        opened=mark_of(row),
        by=by,
        reasons=given,
        updated=updated,
    )
    if (authors := pending.names("authors")) is not None:
        worked_on.authors.set(authors)
    if (tags := pending.names("tags")) is not None:
        worked_on.tags.set(tags)
    pending.row.delete()
    return saved


def _store(
    row: Article,
    pending: Pending | None,
    changed: Mapping[str, Any],
    base: Mapping[str, Any],
    reasons: Mapping[str, Any],
    by: User | None,
) -> None:
    stored = pending.row if pending else PendingVersion(article=row, number=0)
    stored.fields, stored.base = dict(changed), {name: base[name] for name in changed}
    stored.reasons, stored.by, stored.saved_at = dict(reasons), by, timezone.now()
    stored.number += 1
    stored.save(force_insert=pending is None, force_update=pending is not None)
    Article.objects.filter(pk=row.pk).update(changed_at=stored.saved_at)  # the desk lists by the last save


def _reasons(
    pending: Pending | None, held: list[quotation_guard.Held], given: Mapping[int, Reason] | None
) -> dict[int, Reason]:
    """The reasons given now, and those kept with the changes as long as they are for the same words."""
    words = {one.appearance.pk: one.new for one in held}
    kept = pending.reasons().items() if pending else ()
    return {pk: reason for pk, (reason, new) in kept if words.get(pk) == new} | dict(given or {})


def _kept(reasons: Mapping[int, Reason], held: list[quotation_guard.Held]) -> dict[str, Any]:
    return {
        str(one.appearance.pk): {"why": reason.why, "stays": reason.stays, "new": one.new}
        for one in held
        if (reason := reasons.get(one.appearance.pk)) is not None
    }


def _names(authors: Iterable[int], tags: Iterable[str]) -> dict[str, Any]:
    return {"authors": sorted(authors), "tags": sorted(tags)}


def _typed(article: Article, name: str) -> Any:
    """What somebody typed into a field, as it is kept; a picture that came with it is stored."""
    column: Any = Article._meta.get_field(name)
    column.pre_save(article, add=False)  # puts it in order, on the row, too
    return pending_versions.plain(article, [name])[name]
