"""What needs a person now, as the person's roles let them see it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils import timezone

from stories.actions.claims import review
from stories.actions.claims.ratings_and_corrections import CORRECT
from stories.actions.people import duplicates, merging
from stories.actions.stories import story_permissions
from stories.actions.stories.autosave import open_now
from stories.actions.topics import tagging
from stories.models import Appearance, Article, Claim, Correction, ImportedText, PendingVersion, StoryNote

CALENDAR = timedelta(days=7)
LISTED = 60  # scheduled stories shown at most
RECENT = timedelta(days=7)  # how long a failed import is news
MOST = 40  # stories listed one by one; the counts say how many there are


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work. `key` names its screen; `number` is how much of it waits."""

    key: str
    number: int
    one: str
    many: str

    @property
    def words(self) -> str:
        """What waits, in the singular or the plural."""
        return self.one if self.number == 1 else self.many


@dataclass(frozen=True, slots=True)
class Task:
    """A story that somebody has to do something about.

    `key` is "due", "returned", "in_review", "handed_in" (one's own, with the editors) or "draft"; `when` is
    the deadline of the first and since when the others wait; `by` is who handed it in or returned it, and
    `message` what they said.
    """

    key: str
    story: Article
    when: datetime
    by: User | None = None
    open_with: tuple[User, ...] = ()
    message: str = ""


@dataclass(slots=True)
class Day:
    """A day of the week that comes, with the stories scheduled for it."""

    day: date
    stories: list[Article] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Today:
    """What the front page of the desk shows one person."""

    tasks: tuple[Task, ...]
    waiting: tuple[Waiting, ...]
    week: tuple[Day, ...]

    @property
    def quiet(self) -> bool:
        """Whether nothing waits."""
        return not self.tasks and not any(work.number for work in self.waiting)


def today(*, by: User) -> Today:
    """At most fifteen queries, whatever there is; none for what `by` may not do."""
    week = _week() if by.has_perm("stories.view_article") else ()
    return Today(_tasks(by, week), tuple(_waiting(by)), week)


def _waiting(by: User) -> Iterable[Waiting]:
    claims = Claim.objects.order_by()
    yield from _stories_waiting(by)
    if by.has_perm(review.REVIEW):
        number = claims.filter(state=Claim.State.PROPOSED).count()
        yield Waiting("review", number, "claim to review", "claims to review")
    if by.has_perm("stories.change_appearance"):
        number = Appearance.objects.needing_a_person().order_by().count()
        yield Waiting("words", number, "claim that lost its words", "claims that lost their words")
    if by.has_perm(CORRECT):
        verdict = Q(kind=Correction.Kind.VERDICT)
        drafted = Correction.objects.drafts().aggregate(
            stories=Count("article", distinct=True, filter=verdict), others=Count("pk", filter=~verdict)
        )
        yield Waiting(
            "verdicts",
            drafted["stories"],
            "story to correct after a new verdict",
            "stories to correct after a new verdict",
        )
        yield Waiting("corrections", drafted["others"], "correction drafted", "corrections drafted")
    if by.has_perm("stories.view_importedtext"):
        number = ImportedText.objects.filter(
            outcome=ImportedText.Outcome.FAILED,
            run__undone_at__isnull=True,
            imported_at__gte=timezone.now() - RECENT,
        ).count()
        yield Waiting("failed", number, "file failed to import this week", "files failed to import this week")
    if by.has_perm(merging.MERGE):
        number = duplicates.number()
        yield Waiting("alike", number, "possible duplicate person", "possible duplicate people")
    if by.has_perm(tagging.CHANGE):
        number = duplicates.number_of_topics()
        yield Waiting("topics", number, "possible duplicate topic", "possible duplicate topics")


def _stories_waiting(by: User) -> Iterable[Waiting]:
    """How many stories are in review, drafts of `by`, imported drafts that are nobody's, and published with
    changes that are not: two queries."""
    if not by.has_perm("stories.change_article"):
        return
    draft, mine = Q(status=Article.Status.DRAFT), story_permissions.own(by)
    number = Article.objects.order_by().aggregate(
        in_review=Count("pk", filter=Q(status=Article.Status.IN_REVIEW)),
        drafts=Count("pk", filter=draft & mine),
        imported=Count("pk", filter=draft & Q(imported_in__isnull=False) & ~mine),
    )
    if by.has_perm(story_permissions.PUBLISH):
        yield Waiting("in_review", number["in_review"], "story in review", "stories in review")
    changes = PendingVersion.objects.all()
    if not by.has_perm(story_permissions.PUBLISH):
        changes = changes.filter(article__in=Article.objects.filter(mine).order_by())
    waits = changes.order_by().count()
    yield Waiting("pending", waits, "story with changes not published", "stories with changes not published")
    yield Waiting("imported", number["imported"], "imported draft", "imported drafts")
    yield Waiting("drafts", number["drafts"], "draft of yours", "drafts of yours")


def _tasks(by: User, week: tuple[Day, ...]) -> tuple[Task, ...]:
    """The stories that wait for `by`: what goes out today by its hour, then what has waited longest."""
    if not by.has_perm("stories.change_article"):
        return ()
    handed_in, edits = Q(status=Article.Status.IN_REVIEW), by.has_perm(story_permissions.PUBLISH)
    mine = story_permissions.own(by)
    wanted = (mine & Q(status=Article.Status.DRAFT)) | (handed_in if edits else handed_in & mine)
    stories = list(
        Article.objects.filter(wanted)
        .defer("body", "text")
        .prefetch_related("authors", open_now())
        .order_by("created_at", "pk")[:MOST]
    )
    moves = _moves(stories)
    waiting = []
    for story in stories:
        move = moves.get(story.pk)
        key = "draft"
        if story.status == Article.Status.IN_REVIEW:
            key = "in_review" if edits else "handed_in"
        elif move is not None and move.kind == StoryNote.Kind.RETURNED and move.by != by:
            key = "returned"
        told = move if key != "draft" else None
        others = tuple(one.user for one in story.open_now if one.user != by)
        when = move.made_at if move else story.created_at
        waiting.append(Task(key, story, when, told.by if told else None, others, told.text if told else ""))
    due = [
        Task("due", story, story.published_at)
        for story in (week[0].stories if week else ())
        if story.published_at is not None
    ]
    return (*due, *sorted(waiting, key=lambda task: task.when))


def _moves(stories: list[Article]) -> dict[int, StoryNote]:
    """The last hand-in or return of each story."""
    told = StoryNote.objects.filter(article__in=stories).exclude(kind=StoryNote.Kind.REMARK)
    return {note.article_id: note for note in told.select_related("by").order_by("made_at", "pk")}


def _week() -> tuple[Day, ...]:
    """The next seven days with the stories scheduled for each, today first."""
    now = timezone.localtime()
    days = [Day(now.date() + timedelta(days=ahead)) for ahead in range(CALENDAR.days)]
    soon = Article.objects.scheduled().filter(published_at__lt=now + CALENDAR).order_by("published_at", "pk")
    for story in soon[:LISTED]:
        if story.published_at is not None:
            ahead = (timezone.localtime(story.published_at).date() - now.date()).days
            if ahead < len(days):
                days[ahead].stories.append(story)
    return tuple(days)
