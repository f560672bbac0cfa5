"""A person puts a claim that is adrift on its words again, or says why it stands on others."""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User

from stories.actions import history, locking, outlets, reanchoring
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.permissions import require
from stories.actions.reanchoring import text_mark
from stories.actions.stories.story_permissions import may_edit
from stories.models import Appearance, Article, Claim, QuotationChange
from stories.text import anchors

CHANGE = "stories.change_appearance"
REVIEW = "stories.review_claim"
# Of an appearance: what the story says of who said it to whom, and how.
ATTRIBUTION = ("attribution", "outlet", "kind")


def may_handle(*, article: Article, claim: Claim | None, by: User | None) -> bool:
    """Whether `by` may put a claim on words of the story, or take it out.

    A reviewer may, wherever the story stands. Others only in a story whose words they may change, and only
    a claim that is not accepted. `claim` None is one that is still to be made.
    """
    if by is None or by.has_perm(REVIEW):
        return True
    return (claim is None or claim.state != Claim.State.ACCEPTED) and may_edit(article=article, by=by)


def require_handling(
    *, article: Article, claim: Claim | None, by: User | None, permission: str, doing: str
) -> None:
    """Raise NotAllowed unless `by` holds `permission` and :func:`may_handle`; `doing` as for `require`."""
    require(by, permission, doing)
    if not may_handle(article=article, claim=claim, by=by):
        raise NotAllowed(
            f"You may not {doing} here: the claim is accepted, or the story is not yours to change."
        )


@locking.act
def attribute(*, appearance: Appearance, fields: Collection[str], by: User | None) -> None:
    """Write `fields` of a claim in a story, which are among `ATTRIBUTION`; its readers see it at once.

    Raises NotAllowed.
    """
    with history.recorded(by=by, comment="How a claim is attributed was changed."):
        story = locking.hold(stories=[appearance.article]).story(appearance.article)
        require_handling(
            article=story, claim=appearance.claim, by=by, permission=CHANGE, doing="attribute claims"
        )
        appearance.save(update_fields=set(fields).intersection(ATTRIBUTION))
        outlets.file([appearance.outlet])


@locking.act
def place(
    *,
    appearance: Appearance,
    spans: Iterable[tuple[int, int]],
    opened: str,
    by: User | None,
    reason: str = "",
) -> Appearance:
    """Put a claim that is adrift on the words at `spans` (start, end), one for each part, as a person chose.

    `opened` is `text_mark` of the text the places were shown in. Other words than the claim's need a
    `reason`, which is kept; so does a sentence that asks, denies or names another source, if the claim is
    accepted. Raises NotAllowed, Stale (the text is another now), NotReady.
    """
    with history.recorded(by=by, comment="A claim was put on its words."):
        story = locking.hold(stories=[appearance.article]).story(appearance.article)
        row = (
            Appearance.objects.select_for_update(of=("self",), no_key=True)
            .select_related("claim")
            .filter(pk=appearance.pk)
            .first()
        )
        if row is None:
            raise NotReady("This claim has been taken out of the story meanwhile.")
        row.article = story
        require_handling(
            article=story, claim=row.claim, by=by, permission=CHANGE, doing="put a claim on words"
        )
        if row.state in Appearance.IN_PLACE:
            raise NotReady("This claim stands on its words already; change them on the story’s own page.")
        if opened != text_mark(story.text):
            raise Stale("The story was changed since the places were shown.")
        parts = sorted(spans)
        reanchoring.check_places(row, parts)
        old = [selector.exact for selector in row.selectors]
        new = [story.text[start:end] for start, end in parts]
        same_words = len(old) == len(new) and all(map(anchors.alike, old, new))
        if not same_words or reanchoring.is_contradicted(row, parts):
            if not reason.strip():
                raise NotReady(
                    "The sentence denies these words, asks, or gives them to somebody else. Say why the claim"
                    " stands on them."
                    if same_words
                    else "These are other words than the claim’s. Say why it stands on them."
                )
            QuotationChange.objects.create(
                article=story,
                claim=row.claim,
                appearance=row,
                old=" … ".join(old),
                new=" … ".join(new),
                reason=reason.strip(),
                by=by,
            )
        reanchoring.put(appearance=row, spans=parts)
    return row
