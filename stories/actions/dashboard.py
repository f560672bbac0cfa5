"""What needs a person now, as the person's roles let them see it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils import timezone

from stories.actions.claims import review
from stories.actions.claims.ratings_and_corrections import CORRECT
from stories.actions.people import duplicates, merging
from stories.actions.stories import story_permissions
from stories.actions.topics import tagging
from stories.models import Appearance, Article, Claim, Correction, ImportedText

CALENDAR = timedelta(days=7)
LISTED = 60  # scheduled stories shown at most
RECENT = timedelta(days=7)  # how long a failed import is news


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


@dataclass(slots=True)
class Day:
    """A day of the week that comes, with the stories scheduled for it."""

    day: date
    stories: list[Article] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Today:
    """What the front page of the desk shows one person."""

    waiting: tuple[Waiting, ...]
    week: tuple[Day, ...]

    @property
    def quiet(self) -> bool:
        """Whether nothing waits."""
        return not any(work.number for work in self.waiting)


def today(*, by: User) -> Today:
    """At most eleven queries, whatever there is; none for what `by` may not do."""
    mine = Q(created_by=by) | Q(authors__user=by)
    stories, claims = Article.objects.order_by(), Claim.objects.order_by()
    work: list[Waiting] = []

    def wait(key: str, number: int, one: str, many: str) -> None:
        work.append(Waiting(key, number, one, many))

    if by.has_perm(review.REVIEW):
        number = claims.filter(state=Claim.State.PROPOSED).count()
        wait("review", number, "claim to review", "claims to review")
    if by.has_perm("stories.change_appearance"):
        number = Appearance.objects.needing_a_person().order_by().count()
        wait("words", number, "claim has lost its words", "claims have lost their words")
    if by.has_perm(story_permissions.PUBLISH):
        number = stories.filter(status=Article.Status.IN_REVIEW).count()
        wait("in_review", number, "story in review", "stories in review")
    if by.has_perm("stories.change_article"):
        number = stories.filter(mine, status=Article.Status.DRAFT).distinct().count()
        wait("drafts", number, "draft of yours", "drafts of yours")
    if by.has_perm(CORRECT):
        verdict = Q(kind=Correction.Kind.VERDICT)
        drafted = Correction.objects.drafts().aggregate(
            stories=Count("article", distinct=True, filter=verdict), others=Count("pk", filter=~verdict)
        )
        wait(
            "verdicts",
            drafted["stories"],
            "story prints a claim whose verdict changed",
            "stories print a claim whose verdict changed",
        )
        wait("corrections", drafted["others"], "correction drafted", "corrections drafted")
    if by.has_perm("stories.view_importedtext"):
        number = ImportedText.objects.filter(
            outcome=ImportedText.Outcome.FAILED,
            run__undone_at__isnull=True,
            imported_at__gte=timezone.now() - RECENT,
        ).count()
        wait("failed", number, "file failed to import this week", "files failed to import this week")
    if by.has_perm(merging.MERGE):
        wait("alike", duplicates.number(), "pair of people may be one", "pairs of people may be one")
    if by.has_perm(tagging.CHANGE):
        number = duplicates.number_of_topics()
        wait("topics", number, "pair of topics may be one", "pairs of topics may be one")
    return Today(tuple(work), _week() if by.has_perm("stories.view_article") else ())


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
