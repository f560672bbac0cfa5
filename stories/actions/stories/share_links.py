"""Showing a story before its time to somebody without an account: by a signed link that ends."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.utils import timezone

from stories.actions.errors import NotAllowed, NotReady
from stories.actions.stories import pending_versions, publishing, story_permissions
from stories.actions.stories.story_permissions import Stage
from stories.models import Article, PendingVersion, ShareLink

SALT = "stories.share"
LONGEST = timedelta(days=30)


class Ended(Exception):
    """The link was good once: it has expired, was revoked, or its story was withdrawn."""


def may_share(*, article: Article, by: User | None) -> bool:
    """Whether `by` may show the story to the outside: a writer their own, who may publish every one."""
    if by is None or by.has_perm(story_permissions.PUBLISH):
        return True
    return by.has_perm(story_permissions.CHANGE) and story_permissions.belongs_to(article=article, by=by)


def closed(*, article: Article) -> str:
    """Why no link to the story is made as it stands, in a sentence; "" when one can be.

    To a published story there is one only as long as changes to it wait: it shows these.
    """
    match story_permissions.stage_of(article):
        case Stage.LIVE if not PendingVersion.objects.filter(pk=article.pk).exists():
            return "Readers can see this story: pass on its own address."
        case Stage.WITHDRAWN:
            return "A withdrawn story is shown to nobody. Return it to draft first."
    return ""


def share(
    *,
    article: Article,
    by: User | None,
    lasting: timedelta,
    note: str = "",
    embargo_checked: bool = False,
) -> ShareLink:
    """A new link to the story as it is saved, for `lasting`.

    Raises NotAllowed, NotReady (no such time; readers can see the story; it was withdrawn; an embargo
    is not `embargo_checked`).
    """
    with transaction.atomic():  # a withdrawal waits for the link, and ends it
        story = Article.objects.select_for_update().get(pk=article.pk)
        if not may_share(article=story, by=by):
            raise NotAllowed("You may not share this story: it is not yours. Ask its author or an editor.")
        if why := closed(article=story):
            raise NotReady(why)
        publishing.heed_embargo(article=story, checked=embargo_checked)
        if not timedelta() < lasting <= LONGEST:
            raise NotReady(f"A link lasts {LONGEST.days} days at most.")
        expires = timezone.now() + lasting
        return ShareLink.objects.create(article=story, by=by, expires_at=expires, note=note.strip()[:150])


def revoke(*, link: ShareLink, by: User | None) -> ShareLink:
    """End the link now; one that has ended stays as it is. Raises NotAllowed."""
    if not may_share(article=link.article, by=by):
        raise NotAllowed("You may not end this link: the story is not yours.")
    ShareLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    link.refresh_from_db()
    return link


def token_of(link: ShareLink) -> str:
    """What stands in the link's address: its key, signed."""
    return signing.Signer(salt=SALT).sign(link.key)


def story_behind(token: str) -> Article:
    """The story the link leads to: once it is published, readers' page is the place for it.

    A link made for the changes that wait leads to these (`article.pending`); one made before them does not.

    Raises Ended, and ShareLink.DoesNotExist for what never was a link.
    """
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature as error:
        raise ShareLink.DoesNotExist from error
    link = ShareLink.objects.select_related("article").get(key=key)
    if not link.is_open or link.article.status == Article.Status.WITHDRAWN:
        raise Ended
    story = link.article
    changes = PendingVersion.objects.filter(pk=story.pk, began_at__lte=link.made_at)
    return pending_versions.in_whole(story) if story.is_public and changes.exists() else story
