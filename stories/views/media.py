"""Serve uploaded pictures to those who may see them."""

import mimetypes

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.templatetags.static import static
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

from stories.actions.stories import share_links
from stories.models import Article, Picture, Politician, ShareLink, renditions
from stories.text import body_pictures

A_WEEK = 7 * 24 * 3600  # seconds
# Seconds, as long as a page: the picture of a withdrawn story disappears with it.
A_MINUTE = 60


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect /favicon.ico, which some clients request without reading the page, to the icon."""
    return HttpResponseRedirect(static("stories/record.svg"), headers={"Cache-Control": f"max-age={A_WEEK}"})


@require_safe
def sized(request: HttpRequest, size: str, path: str) -> HttpResponseBase:
    """Serve an upload in one of the sizes of `renditions`, made at the first request.

    Raises Http404 for an unknown size, and as `media` does.
    """
    upload = path.removesuffix(renditions.ENDING)
    seen_by_all = _visible(request, upload)
    try:
        made = renditions.make(size, upload, Picture.objects.focus_of)
    except renditions.Unsizable as error:
        raise Http404("No such picture") from error
    return _file(request, made, seen_by_all)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve an upload.

    Readers may see it while a published page shows it, staff always, and the holder of a share link
    (`?shared=`) the pictures of that story. Raises Http404 for anybody else. Folders are never listed.
    """
    seen_by_all = _visible(request, path)
    renditions.clean_in_place(path)
    return _file(request, path, seen_by_all)


def _visible(request: HttpRequest, upload: str) -> bool:
    """Return True if the upload is public, False if only this visitor may see it.

    `upload` is its name in the media folder. Raises Http404 when the visitor may not see it.
    """
    if any(part.startswith(".") for part in upload.split("/")):
        raise Http404("No such picture")
    if (
        Article.objects.published().filter(lead_image=upload).exists()
        or Picture.objects.inside_published().filter(file=upload).exists()
        or Politician.objects.published().filter(portrait=upload).exists()
    ):
        return True
    if request.user.is_active and request.user.is_staff:
        return False
    try:
        story = share_links.story_behind(request.GET.get("shared", ""))
        if upload in (story.lead_image, *(one.file for one in body_pictures.within(story.body))):
            return False
    except (ShareLink.DoesNotExist, share_links.Ended):
        pass
    raise Http404("No such picture")


def _file(request: HttpRequest, name: str, seen_by_all: bool) -> HttpResponseBase:
    """Return the file, sandboxed by Content-Security-Policy: an upload may not run as a page of the site.

    `name` is its name in the storage. Raises Http404 when there is none.
    """
    written = renditions.changed(name)
    if written is None:
        raise Http404("No such picture")
    response: HttpResponseBase
    if was_modified_since(request.headers.get("If-Modified-Since"), written.timestamp()):
        try:
            file = default_storage.open(name)
        except OSError as error:  # a folder
            raise Http404("No such picture") from error
        response = FileResponse(file, content_type=mimetypes.guess_type(name)[0])
        response["Last-Modified"] = http_date(written.timestamp())
    else:
        response = HttpResponseNotModified()
    response["Cache-Control"] = f"public, max-age={A_MINUTE}" if seen_by_all else "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
