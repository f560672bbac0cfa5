"""The sitemaps and robots.txt."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from stories.formats import sitemaps
from stories.formats.linked_data import as_known, moment
from stories.views.http_caching import CACHE_CONTROL

XML = "application/xml; charset=utf-8"


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Return the index of all sitemaps (https://www.sitemaps.org/protocol.html#index)."""
    entries = [
        {"location": absolute("sitemap_part", name, part), "last_mod": changed}
        for name, parts in sitemaps.parts().items()
        for part, changed in parts.items()
    ]
    lists = {"location": settings.SITE_URL + reverse("stories:sitemap_lists"), "last_mod": None}
    return answer(render(request, "sitemap_index.xml", {"sitemaps": [lists, *entries]}, content_type=XML))


@require_safe
def sitemap_lists(request: HttpRequest) -> HttpResponse:
    """Return the sitemap of the pages that are not about one row."""
    return urlset(request, sitemaps.lists())


@require_safe
def sitemap_part(request: HttpRequest, section: str, part: int) -> HttpResponse:
    """Return one part of a section. Raises Http404 for a part without pages."""
    if section not in sitemaps.SECTIONS:
        raise Http404("No such sitemap")
    pages = sitemaps.SECTIONS[section].pages(part)
    if not pages:
        raise Http404("No such sitemap")
    return urlset(request, pages)


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """Return the stories of the last two days, for Google News."""
    context = {
        "stories": [
            (settings.SITE_URL + story.get_absolute_url(), story.headline, moment(as_known(first, story)))
            for story, first in sitemaps.news()
        ],
        "language": settings.LANGUAGE_CODE.split("-")[0],
    }
    return answer(render(request, "news_sitemap.xml", context, content_type=XML))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt."""
    return answer(render(request, "robots.txt", content_type="text/plain; charset=utf-8"))


def urlset(request: HttpRequest, pages: list[sitemaps.Page]) -> HttpResponse:
    """Return pages as a sitemap.

    With Last-Modified only if every page has a date: otherwise a page could have changed later.
    """
    entries = [
        {
            "location": settings.SITE_URL + page.address,
            "lastmod": timezone.localtime(page.changed).date().isoformat() if page.changed else "",
        }
        for page in pages
    ]
    response = answer(render(request, "sitemap.xml", {"urlset": entries}, content_type=XML))
    changed = [page.changed for page in pages if page.changed]
    if changed and len(changed) == len(pages):
        response["Last-Modified"] = http_date(max(changed).timestamp())
    return response


def answer(response: HttpResponse) -> HttpResponse:
    """Set Cache-Control; return the response."""
    response["Cache-Control"] = CACHE_CONTROL
    return response


def absolute(name: str, *args: object) -> str:
    """Return the absolute address of a URL name."""
    return f"{settings.SITE_URL}{reverse(f'stories:{name}', args=args)}"
