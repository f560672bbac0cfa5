"""The pages readers' trust stands on: about the newsroom, and how it checks. Editors may write their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stories.facets import counts
from stories.models import Claim, Page
from stories.views.http_caching import public_page, with_last_modified
from stories.views.slugs import find_by_slug


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """The newsroom's own page, or the built-in one; with the other pages there are."""
    others = Page.objects.published().exclude(slug__in=Page.BUILT_IN)
    return written(request, "about", {"others": others})


@public_page
def how_we_check(request: HttpRequest) -> HttpResponse:
    """What stands on it of editors and software is what the published claims say."""
    claims = Claim.objects.published
    read = counts.cached("pages", "read", lambda: claims().read().count())
    unread = counts.cached("pages", "unread", lambda: claims().unread().count())
    context = {"ratings": Claim.Rating.choices, "counted": True, "read": read, "unread": unread}
    return written(request, "how-we-check", context)


def written(request: HttpRequest, slug: str, context: dict[str, object]) -> HttpResponse:
    page = Page.objects.published().filter(slug=slug).first()
    template = "stories/page.html" if page else f"stories/{slug.replace('-', '_')}.html"
    response = render(request, template, context | {"page": page})
    if page is None or "counted" in context:  # the counts change with every claim
        return response
    return with_last_modified(response, page.changed_at)


@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = find_by_slug(Page.objects.published(), slug)
    if isinstance(found, HttpResponse):
        return found
    return with_last_modified(render(request, "stories/page.html", {"page": found}), found.changed_at)
