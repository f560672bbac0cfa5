"""The pages written by editors; two of them have a built-in text: about, and how we check."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stories.facets import counts
from stories.models import Claim, Page
from stories.views.http_caching import public_page, with_last_modified
from stories.views.slugs import find_by_slug


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """Show the newsroom's own text or the built-in one, with links to its other pages."""
    others = Page.objects.published().exclude(slug__in=Page.BUILT_IN)
    return written(request, "about", {"others": others})


@public_page
def how_we_check(request: HttpRequest) -> HttpResponse:
    """Show how claims are checked, with the number of published claims read and not yet read by an editor."""
    claims = Claim.objects.published
    read = counts.cached("pages", "read", lambda: claims().read().count())
    unread = counts.cached("pages", "unread", lambda: claims().unread().count())
    context = {"ratings": Claim.Rating.choices, "counted": True, "read": read, "unread": unread}
    return written(request, "how-we-check", context)


def written(request: HttpRequest, slug: str, context: dict[str, object]) -> HttpResponse:
    """Show a page as an editor wrote it, else its built-in template."""
    page = Page.objects.published().filter(slug=slug).first()
    template = "stories/page.html" if page else f"stories/{slug.replace('-', '_')}.html"
    response = render(request, template, context | {"page": page})
    if page is None or "counted" in context:  # counts change without a change to the page
        return response
    return with_last_modified(response, page.changed_at)


@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page that an editor wrote."""
    found = find_by_slug(Page.objects.published(), slug)
    if isinstance(found, HttpResponse):
        return found
    return with_last_modified(render(request, "stories/page.html", {"page": found}), found.changed_at)
