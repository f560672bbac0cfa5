"""What somebody may do with which story: by their permissions, by whose story it is, and by its stage.

`permissions` says what each role may do at all; this module says to which story. A reporter changes their own
drafts, and drafts that are nobody's yet; what is in review or was published is an editor's. A reporter hands
in, and takes back, what they may write.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User
from django.db.models import Q

from stories.models import Article, Author


class Stage(StrEnum):
    """Where a story stands. It differs from the stored status in one thing: scheduled is not yet live."""

    DRAFT = "a draft"
    IN_REVIEW = "in review"
    SCHEDULED = "scheduled"
    LIVE = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which stages a verb may be used, and the permission it needs there."""

    doing: str
    permissions: dict[Stage, str]
    impossible: str


CHANGE, SUBMIT, PUBLISH, WITHDRAW = (
    f"stories.{verb}_article" for verb in ("change", "submit", "publish", "withdraw")
)
TRANSITIONS = {
    "submit": Transition(
        "submit this story for review", {Stage.DRAFT: SUBMIT}, "Only a draft can be submitted"
    ),
    "publish": Transition(
        "publish this story",
        dict.fromkeys((Stage.DRAFT, Stage.IN_REVIEW, Stage.SCHEDULED, Stage.WITHDRAWN), PUBLISH),
        "There is nothing to publish",
    ),
    "publish_now": Transition(
        "publish this story", {Stage.SCHEDULED: PUBLISH}, "Only a scheduled story is published now instead"
    ),
    "return_to_draft": Transition(
        "return this story to draft",
        {Stage.IN_REVIEW: SUBMIT, Stage.SCHEDULED: PUBLISH, Stage.WITHDRAWN: PUBLISH},
        "A published story is withdrawn, not returned",
    ),
    "withdraw": Transition(
        "withdraw this story", {Stage.LIVE: WITHDRAW}, "Only a published story can be withdrawn"
    ),
}


def stage_of(article: Article) -> Stage:
    """Return where a story stands now."""
    if article.status == Article.Status.PUBLISHED:
        return Stage.LIVE if article.is_public else Stage.SCHEDULED
    return {
        Article.Status.DRAFT: Stage.DRAFT,
        Article.Status.IN_REVIEW: Stage.IN_REVIEW,
        Article.Status.WITHDRAWN: Stage.WITHDRAWN,
    }[Article.Status(article.status)]


def own(by: User) -> Q:
    """The stories that are somebody's own: which they began, or are an author of."""
    written = Author.articles.through.objects.filter(author__user=by).values("article")
    return Q(created_by=by) | Q(pk__in=written)


def allowed(*, article: Article, by: User | None) -> tuple[str, ...]:
    """The verbs of TRANSITIONS that `by` may use on the story as it stands, in the table's order."""
    stage = stage_of(article)
    return tuple(
        verb
        for verb, transition in TRANSITIONS.items()
        if stage in transition.permissions and may_move(transition.permissions[stage], article, by)
    )


def belongs_to(*, article: Article, by: User) -> bool:
    """Whether `by` began the story or is one of its authors."""
    return article.created_by_id == by.pk or article.authors.filter(user=by).exists()


def refusal(*, article: Article, by: User | None, pending: bool = False) -> str:
    """Why `by` may not change the story's words, in a sentence; "" when they may.

    Who may publish may change every story. Who may not changes their own drafts, and drafts that are nobody's
    yet (imported copy without an author who has an account). What was handed in, and what readers see or
    have seen, is an editor's; but its writers may save changes to a published story that wait to be published
    (`pending`).
    """
    if by is None:
        return ""
    if not by.has_perm(CHANGE):
        return "You may not change stories."
    if by.has_perm(PUBLISH):
        return ""
    stage = stage_of(article)
    if stage is Stage.IN_REVIEW:
        return (
            "This story is in review: only an editor changes it now. Ask for it back, or return it to draft."
        )
    if stage is Stage.LIVE and pending and belongs_to(article=article, by=by):
        return ""
    if stage is not Stage.DRAFT:
        return f"This story is {stage}: only an editor changes it now."
    if belongs_to(article=article, by=by) or _is_nobodys(article):
        return ""
    return "This is somebody else’s draft: its authors and editors change it."


def may_edit(*, article: Article, by: User | None) -> bool:
    """Whether `by` may change the story's words, authors, tags and picture: see `refusal`."""
    return not refusal(article=article, by=by)


def may_save(*, article: Article, by: User | None) -> bool:
    """Whether `by` may save the story's form, be it into its pending version: see `refusal`."""
    return not refusal(article=article, by=by, pending=True)


def _is_nobodys(article: Article) -> bool:
    return article.created_by_id is None and not article.authors.filter(user__isnull=False).exists()


def may_move(permission: str, article: Article, by: User | None) -> bool:
    """Whether `by` holds the permission for this story: a writer moves what they may write, an editor all."""
    if by is None:
        return True
    if permission != SUBMIT or by.has_perm(PUBLISH):
        return by.has_perm(permission)
    return by.has_perm(SUBMIT) and (belongs_to(article=article, by=by) or _is_nobodys(article))
