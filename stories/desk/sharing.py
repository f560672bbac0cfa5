"""Showing a story before its time to somebody without an account: by a signed link that ends."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core import signing
from django.utils import timezone

from stories.desk.errors import NotReady
from stories.desk.roles import require
from stories.models import Article, ShareLink

SHARE = "stories.change_article"
SALT = "stories.share"
LONGEST = timedelta(days=30)


class Ended(Exception):
    """The link was good once: it has expired or was revoked."""


def share(*, article: Article, by: User | None, lasting: timedelta, note: str = "") -> ShareLink:
    """A new link to the story as it is saved, for `lasting`. Raises NotAllowed, NotReady (no such time)."""
    require(by, SHARE, "share a story")
    if not timedelta() < lasting <= LONGEST:
        raise NotReady(f"A link lasts {LONGEST.days} days at most.")
    expires = timezone.now() + lasting
    return ShareLink.objects.create(article=article, by=by, expires_at=expires, note=note.strip()[:150])


def revoke(*, link: ShareLink, by: User | None) -> ShareLink:
    """End the link now; one that has ended stays as it is. Raises NotAllowed."""
    require(by, SHARE, "revoke a link")
    ShareLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    link.refresh_from_db()
    return link


def token_of(link: ShareLink) -> str:
    """What stands in the link's address: its key, signed."""
    return signing.Signer(salt=SALT).sign(link.key)


def story_behind(token: str) -> Article:
    """The story the link shows. Raises Ended, and ShareLink.DoesNotExist for what never was a link."""
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature as error:
        raise ShareLink.DoesNotExist from error
    link = ShareLink.objects.select_related("article").get(key=key)
    if not link.is_open:
        raise Ended
    return link.article
