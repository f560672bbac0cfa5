"""Pictures the desk has uploaded, for those who may see them."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.templatetags.static import static
from django.utils._os import safe_join
from django.views.decorators.http import require_safe
from django.views.static import serve

from stories.actions.stories import share_links
from stories.models import Article, Politician, ShareLink, renditions

A_WEEK = 7 * 24 * 3600
# As long as a page: a picture goes with its story when that is withdrawn.
A_MINUTE = 60


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """For those who ask at the old place: the icon that every page names in its head."""
    return HttpResponseRedirect(static("stories/record.svg"), headers={"Cache-Control": f"max-age={A_WEEK}"})


@require_safe
def sized(request: HttpRequest, size: str, path: str) -> HttpResponseBase:
    """An upload in one of the sizes that pages ask for; made now, if nobody has asked for it before."""
    upload = path.removesuffix(renditions.ENDING)
    seen_by_all = _visible(request, upload)
    try:
        renditions.make(size, upload)
    except renditions.Unsizable as error:
        raise Http404("No such picture") from error
    return _file(request, f"{renditions.FOLDER}/{size}/{path}", seen_by_all)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """An upload of the media folder, never a listing: to readers only while a page of theirs shows it.

    The desk sees all, and whoever was sent a link to a story its picture (`?shared=`).
    """
    seen_by_all = _visible(request, path)
    try:
        renditions.clean_in_place(Path(safe_join(settings.MEDIA_ROOT, path)))
    except SuspiciousFileOperation as error:
        raise Http404("No such picture") from error
    return _file(request, path, seen_by_all)


def _visible(request: HttpRequest, upload: str) -> bool:
    """Whether everybody may see the upload (its name in the media folder), or this visitor alone.

    Raises Http404 when not even they may.
    """
    if any(part.startswith(".") for part in upload.split("/")):
        raise Http404("No such picture")
    if (
        Article.objects.published().filter(lead_image=upload).exists()
        or Politician.objects.published().filter(portrait=upload).exists()
    ):
        return True
    if request.user.is_active and request.user.is_staff:
        return False
    try:
        if share_links.story_behind(request.GET.get("shared", "")).lead_image == upload:
            return False
    except (ShareLink.DoesNotExist, share_links.Ended):
        pass
    raise Http404("No such picture")


def _file(request: HttpRequest, path: str, seen_by_all: bool) -> HttpResponseBase:
    """The file; it may not act as a page of the site."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = f"public, max-age={A_MINUTE}" if seen_by_all else "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
