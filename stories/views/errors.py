"""Error pages. Each offers a way to go on."""

import logging
import re
import sys
from base64 import b64encode
from datetime import timedelta
from functools import reduce
from hashlib import sha256
from math import ceil
from operator import or_
from pathlib import Path

from axes.helpers import get_cool_off
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stories.database.availability import is_outage
from stories.models import Article
from stories.models.cards import StoryCard, story_list

WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 8
TELLING = 4  # characters: shorter words are in too many slugs
CANDIDATES = 40
SUGGESTED = 3
RETRY_AFTER = 10  # seconds

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show the page for 400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show the page for 403."""
    return render(request, "403.html", status=403)


def locked_out(request: HttpRequest, *args: object) -> HttpResponse:
    """Show the page of django-axes for too many failed logins: 429 with Retry-After.

    Every further attempt starts the waiting time again.
    """
    wait = get_cool_off(request) or timedelta()
    context = {"minutes": ceil(wait.total_seconds() / 60), "tries": settings.AXES_FAILURE_LIMIT}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show the page for 404, with published stories that have a similar slug."""
    words = words_of(request.path)
    context = {"words": " ".join(words), "suggestions": stories_like(words)}
    return render(request, "404.html", context, status=404)


def words_of(path: str) -> list[str]:
    """Return the words of a path's last segment, without numbers such as a claim's primary key."""
    last = path.rstrip("/").rpartition("/")[2]
    return [word for word in WORD.findall(last.lower()) if not word.isdigit()][:MOST_WORDS]


def stories_like(words: list[str]) -> list[StoryCard]:
    """Return up to SUGGESTED published stories whose slugs share most words."""
    telling = [word for word in words if len(word) >= TELLING]
    if not telling:
        return []
    wanted = reduce(or_, (Q(slug__contains=word) for word in telling))
    found = story_list(Article.objects.published().filter(wanted).newest())[:CANDIDATES]
    return sorted(found, key=lambda story: -len({*telling} & {*story.slug.split("-")}))[:SUGGESTED]


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the static page for 500: no database and no template engine, which may be what failed.

    Where the database is away it is that for 503, and one line in the log.
    """
    error = sys.exc_info()[1]
    if not is_outage(error):
        return static_page(500)
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    logger.error("The database does not answer: %s", reason)
    response = static_page(503)
    response["Retry-After"] = str(RETRY_AFTER)
    response._has_been_logged = True  # type: ignore[attr-defined]  # or Django logs it with a traceback
    return response


def static_page(status: int) -> HttpResponse:
    """Return the page of that name; its inline style sheet is allowed by hash in its policy."""
    page = (Path(settings.BASE_DIR) / "templates" / f"{status}.html").read_bytes()
    style = page.partition(b"<style>")[2].partition(b"</style>")[0]
    digest = b64encode(sha256(style).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
    return HttpResponse(
        page, status=status, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    )
