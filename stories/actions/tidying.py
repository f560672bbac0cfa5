"""Deleting what is over: for a command that runs every day."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from reversion.models import Revision

from stories.actions.imports import jobs
from stories.actions.stories import pending_images
from stories.database import change_counter
from stories.models import Presence, ReviewLease, ShareLink

A_DAY = timedelta(days=1)
# Who signed in from where, and failed to, is a person's data; and long enough to look into an attack.
SIGN_INS_KEPT = timedelta(days=90)
# After its end: so long the desk sees with whom a story was shared.
LINKS_KEPT = timedelta(days=90)


def tidy() -> dict[str, int]:
    """Delete sessions, records of signing in, share links and so on that are over; how many of each.

    Versions older than KEEP_VERSIONS_DAYS go, too, but never the newest of a row; with 0 all are kept.
    """
    now = timezone.now()
    ended = now - LINKS_KEPT
    over = {
        "sessions": Session.objects.filter(expire_date__lt=now),
        "failed attempts to sign in": AccessAttempt.objects.filter(attempt_time__lt=now - A_DAY),
        "records of failures": AccessFailureLog.objects.filter(attempt_time__lt=now - SIGN_INS_KEPT),
        "records of signing in": AccessLog.objects.filter(attempt_time__lt=now - SIGN_INS_KEPT),
        "share links": ShareLink.objects.filter(Q(expires_at__lt=ended) | Q(revoked_at__lt=ended)),
        "presences": Presence.objects.filter(seen_at__lt=now - A_DAY),
        "reserved claims": ReviewLease.objects.filter(until__lt=now),
    }
    deleted = {what: rows.delete()[0] for what, rows in over.items()}
    deleted["copies that waited"] = jobs.forget_old()
    deleted["pictures that waited"] = pending_images.throw_away_old()
    if settings.KEEP_VERSIONS_DAYS:
        before = Revision.objects.count()
        call_command("deleterevisions", days=settings.KEEP_VERSIONS_DAYS, keep=1, verbosity=0)
        deleted["versions"] = before - Revision.objects.count()
    deleted["change counters"] = change_counter.fold(connection)
    return deleted
