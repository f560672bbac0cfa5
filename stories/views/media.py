"""Pictures the desk has uploaded, when no web server stands in front to hand them out."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe
from django.views.static import serve

from stories import pictures

A_WEEK = 7 * 24 * 3600


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """For those who ask at the old place: the icon that every page names in its head."""
    return HttpResponseRedirect(static("stories/record.svg"), headers={"Cache-Control": f"max-age={A_WEEK}"})


@require_safe
def sized(request: HttpRequest, size: str, path: str) -> HttpResponseBase:
    """An upload in one of the sizes that pages ask for; made now, if nobody has asked for it before."""
    try:
        pictures.make(size, path.removesuffix(pictures.ENDING))
    except pictures.Unsizable as error:
        raise Http404("No such picture") from error
    return media(request, f"{pictures.FOLDER}/{size}/{path}")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the media folder, never a listing; it may not act as a page of the site."""
    if any(part.startswith(".") for part in path.split("/")):
        raise Http404
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = f"public, max-age={A_WEEK}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
