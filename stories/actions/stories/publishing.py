"""A story's way: draft → in review → scheduled or published → withdrawn, and back where it can go back.

Every verb checks the person, then the table, then whether the story is ready; then it stamps and saves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils import timezone

from stories.actions import history, locking, picture_library
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.permissions import require
from stories.actions.stories import notes, own_links, pending
from stories.actions.stories.saving import problems
from stories.actions.stories.story_permissions import (
    TRANSITIONS,
    WITHDRAW,
    Stage,
    belongs_to,
    may_move,
    stage_of,
)
from stories.models import Appearance, Article, Claim, StoryNote, dates
from stories.text.moments import moment

SHORTEST_HEADLINE = 3  # words
LONGEST_HEADLINE = 110  # characters: what search engines and feeds print whole


@dataclass(frozen=True, slots=True)
class Readiness:
    """`problems` block publishing; `warnings` are for the editor to weigh. Each is one sentence.

    `embargo` is what is noted of one: publishing asks whether it has been checked.
    """

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    embargo: str = ""

    @property
    def ready(self) -> bool:
        """Whether nothing blocks publishing."""
        return not self.problems


def readiness(article: Article, *, named: bool | None = None, tagged: bool | None = None) -> Readiness:
    """Everything to look at before publishing, in three queries, one for its pictures, two for links.

    Of words that are not saved: whether an author is `named` and a tag is on it is then said by the caller.
    """
    warnings = []
    words = len(article.headline.split())
    if 0 < words < SHORTEST_HEADLINE:
        warnings.append("The headline is very short.")
    if len(article.headline) > LONGEST_HEADLINE:
        warnings.append(f"The headline is longer than {LONGEST_HEADLINE} characters; feeds will cut it.")
    if not article.standfirst.strip():
        warnings.append("There is no standfirst.")
    if not (article.authors.exists() if named is None else named):
        warnings.append("Nobody is named as the author.")
    if not (article.tags.exists() if tagged is None else tagged):
        warnings.append("The story has no topics.")
    warnings += picture_library.warnings(article=article)
    warnings += own_links.unseen_by_readers(article)
    claims = Appearance.objects.filter(article=article.pk).aggregate(
        proposed=Count("pk", filter=Q(claim__state=Claim.State.PROPOSED)),
        adrift=Count("pk", filter=~Q(state__in=Appearance.IN_PLACE)),
        unconfirmed=Count(
            "claim__speaker",
            distinct=True,
            filter=Q(claim__speaker__confirmed=False) & ~Q(claim__state=Claim.State.REJECTED),
        ),
    )
    if claims["proposed"]:
        warnings.append(
            _count(claims["proposed"], "claim is", "claims are") + " not reviewed; readers will not see them."
        )
    if claims["adrift"]:
        warnings.append(
            _count(claims["adrift"], "claim has", "claims have") + " lost the words in the story."
        )
    if claims["unconfirmed"]:
        speakers = _count(claims["unconfirmed"], "speaker is", "speakers are")
        warnings.append(f"{speakers} not confirmed and will have no page.")
    return Readiness(problems(article), tuple(warnings), article.embargo_note.strip())


def submit(*, article: Article, by: User | None, note: str = "") -> Article:
    """Hand a draft in for review, with a note for its editor. Raises NotAllowed, NotReady."""

    def change(story: Article) -> None:
        story.status = Article.Status.IN_REVIEW
        notes.tell(article=story, kind=StoryNote.Kind.HANDED_IN, text=note, by=by)

    return _move(article, "submit", by, change, comment=_with("Submitted for review.", note), check=True)


def publish(
    *,
    article: Article,
    by: User | None,
    at: datetime | None = None,
    day_only: bool = False,
    embargo_checked: bool = False,
) -> Article:
    """Publish now, or at `at` (aware): a time to come schedules it, a past one dates it so.

    With `day_only` readers of a new story are told the day of `at` and no hour; to publish it again at an
    hour of that day gives the hour. A scheduled story is only given another time to come: `publish_now` is
    another act. A withdrawn story comes back under its own date. Raises NotAllowed, NotReady (an embargo is
    not `embargo_checked`, too).
    """
    if at is not None and timezone.is_naive(at):
        raise ValueError("`at` needs a time zone.")
    now = timezone.now()
    if at is not None and (why := dates.why_not(at.date(), today=now.date())):
        raise NotReady(why)

    def change(story: Article) -> None:
        if stage_of(story) is Stage.SCHEDULED and (at is None or at <= now):
            raise NotReady(
                f"It is scheduled for {_moment(story.published_at)}. "
                "Give another time to come, or publish it now."
            )
        _publish(story, at, now, day_only)

    comment = "Published." if at is None or at <= now else f"Scheduled for {_moment(at)}."
    return _move(article, "publish", by, change, comment=comment, check=True, embargo_checked=embargo_checked)


def publish_now(*, article: Article, by: User | None, embargo_checked: bool = False) -> Article:
    """Publish a scheduled story before its time. Raises NotAllowed, NotReady."""
    now = timezone.now()
    return _move(
        article,
        "publish_now",
        by,
        lambda story: _publish(story, None, now),
        comment="Published before the time it was scheduled for.",
        check=True,
        embargo_checked=embargo_checked,
    )


def _publish(story: Article, at: datetime | None, now: datetime, day_only: bool = False) -> None:
    was_live = story.first_published_at is not None and story.first_published_at <= now
    back = story.status == Article.Status.WITHDRAWN and was_live
    story.published_at = at or (story.published_at if back else None) or now
    first = story.first_published_at
    hour_given = at and first and story.day_only and timezone.localdate(at) == timezone.localdate(first)
    if not was_live or hour_given:
        story.first_published_at, story.day_only = story.published_at, day_only
    if back:
        story.updated_at = now
    story.withdrawn_reason = ""
    story.status = Article.Status.PUBLISHED


def return_to_draft(*, article: Article, by: User | None, reason: str = "") -> Article:
    """Take a story back from review, from the schedule or from withdrawal.

    Its writers are told by whom and why: who returns what somebody else handed in gives a `reason`.
    Raises NotAllowed, NotReady.
    """
    now = timezone.now()

    def change(story: Article) -> None:
        others = [person for person in notes.writers(story) if by is not None and person.pk != by.pk]
        mine = by is not None and belongs_to(article=story, by=by)
        if stage_of(story) is Stage.IN_REVIEW and others and not mine and not reason.strip():
            raise NotReady("Say why it is returned, for whoever wrote it.")
        if story.first_published_at is not None and story.first_published_at > now:
            story.first_published_at = story.published_at = None
        story.status = Article.Status.DRAFT
        notes.tell(article=story, kind=StoryNote.Kind.RETURNED, text=reason, by=by)

    return _move(article, "return_to_draft", by, change, comment=_with("Returned to draft.", reason))


def withdraw(*, article: Article, by: User | None, reason: str) -> Article:
    """Take a published story from readers, who find `reason` at its address; links to it end.

    Raises NotAllowed, NotReady.
    """
    if not reason.strip():
        require(by, WITHDRAW, TRANSITIONS["withdraw"].doing)
        raise NotReady("Say why the story is withdrawn; readers will see it.")

    def change(story: Article) -> None:
        story.withdrawn_reason = reason.strip()
        story.updated_at = timezone.now()
        story.status = Article.Status.WITHDRAWN
        story.share_links.open().update(revoked_at=timezone.now())

    return _move(article, "withdraw", by, change, comment=f"Withdrawn: {reason.strip()}")


def heed_embargo(*, article: Article, checked: bool) -> None:
    """Raise NotReady for a story with an embargo, unless a person says that they have checked it."""
    if article.embargo_note.strip() and not checked:
        raise NotReady(
            f"There is an embargo: “{article.embargo_note.strip()}”. Say that you have checked it."
        )


# What waits for a story that readers do not see goes in with these.
PUT_IN = ("publish", "return_to_draft")
STAMPS = ("status", "published_at", "first_published_at", "day_only", "updated_at", "withdrawn_reason")


@locking.act
def _move(  # noqa: PLR0913  (what all moves share)
    article: Article,
    verb: str,
    by: User | None,
    change: Callable[[Article], None],
    *,
    comment: str,
    check: bool = False,
    embargo_checked: bool = True,
) -> Article:
    """Check and make one transition on the row as it is now; `article` gets what was stamped."""
    with history.recorded(by=by, comment=comment):
        story = locking.hold(stories=[article]).story(article)
        transition, stage = TRANSITIONS[verb], stage_of(story)
        needed = transition.permissions.get(stage)
        if not any(
            may_move(permission, story, by)
            for permission in ([needed] if needed else transition.permissions.values())
        ):
            raise NotAllowed(f"You may not {transition.doing}.")
        if needed is None:
            raise NotReady(f"{transition.impossible}: this one is {stage}.")
        if check and (found := problems(story)):
            raise NotReady(found)
        heed_embargo(article=story, checked=embargo_checked)
        if verb in PUT_IN:
            pending.put_in(article=story, by=by)
        change(story)
        story.save(update_fields=STAMPS)
    for name in STAMPS:
        setattr(article, name, getattr(story, name))
    return article


def _with(comment: str, words: str) -> str:
    return f"{comment} {' '.join(words.split())}".strip()


def _moment(at: datetime | None) -> str:
    return moment(timezone.localtime(at))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
