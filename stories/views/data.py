"""Stories, claims and people as JSON and JSON-LD, and claims embedded in other sites (oEmbed)."""

import json
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from stories.formats import linked_data
from stories.models import Article, Claim, Outlet, Politician
from stories.models.prefetch import claim_cards, near_to, with_near, with_topics
from stories.pages.addresses import HTML, JSON, LINKED_DATA, form_of
from stories.views.articles import appearances_in
from stories.views.embeds import EMBED_WIDTH, embed_height
from stories.views.http_caching import CACHE_CONTROL, View, for_any_site
from stories.views.slugs import find_by_slug

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"


def or_as_data(page: View, data: Callable[..., HttpResponse]) -> View:
    """Return a view that shows a row's page, or answers with its data to who asks for JSON or JSON-LD."""

    @wraps(page)
    def answered(request: HttpRequest, **address: Any) -> HttpResponseBase:
        form = form_of(request)
        response = page(request, **address) if form == HTML else data(request, form=form, **address)
        patch_vary_headers(response, ["Accept"])
        return response

    return answered


@require_safe
def story_json(request: HttpRequest, slug: str, form: str = JSON) -> HttpResponse:
    """Return a story as JSON, or as a NewsArticle if `form` is JSON-LD.

    410 with the reason for one that was withdrawn.
    """
    readable = Article.objects.published() | Article.objects.withdrawn()
    story = find_by_slug(readable.with_credits(), slug)  # type: ignore[misc]  # taggit has no type hints
    if isinstance(story, HttpResponse):
        return HttpResponsePermanentRedirect(as_json(story.url))
    if story.status == Article.Status.WITHDRAWN:
        return respond({"withdrawn": True, "reason": story.withdrawn_reason}, status=410)
    printed = appearances_in(story)
    corrections = list(story.corrections.published())
    made = linked_data.news_article if form == LINKED_DATA else linked_data.story
    data = made(story, printed, corrections)
    return respond(data, changed=linked_data.last_changed(story, corrections), content_type=form)


@require_safe
def claim_json(request: HttpRequest, pk: int, slug: str = "", form: str = LINKED_DATA) -> HttpResponse:
    """Return a claim as JSON-LD; it mentions the claims in nearly the same words."""
    claim = published_claim(pk, with_near)
    if claim.get_absolute_url().rstrip("/") != request.path.removesuffix(".json").rstrip("/"):
        return HttpResponsePermanentRedirect(as_json(claim.get_absolute_url()))
    changed = max(filter(None, [claim.printed[0].article.published_at, claim.reviewed_at, claim.checked_at]))
    return respond(linked_data.claim_review(claim, near_to(claim)), changed=changed, content_type=form)


@require_safe
def politician_json(request: HttpRequest, slug: str, form: str = JSON) -> HttpResponse:
    """Return a politician as Popolo JSON, or as a Person of schema.org if `form` is JSON-LD."""
    person = find_by_slug(Politician.objects.published().select_related("party"), slug)
    if isinstance(person, HttpResponse):
        return HttpResponsePermanentRedirect(as_json(person.url))
    if form == LINKED_DATA:
        known_as = (person.other_names.all(), person.identifiers.all())
        return respond(linked_data.person(person, *known_as), content_type=form)
    memberships = person.memberships.select_related("party")
    return respond(
        linked_data.popolo_person(person, person.other_names.all(), person.identifiers.all(), memberships)
    )


@require_safe
def outlet_json(request: HttpRequest, slug: str, form: str = JSON) -> HttpResponse:
    """Return an outlet as Popolo JSON, or as an Organization of schema.org if `form` is JSON-LD."""
    found = find_by_slug(Outlet.objects.published(), slug)
    if isinstance(found, HttpResponse):
        return HttpResponsePermanentRedirect(as_json(found.url))
    made = linked_data.outlet if form == LINKED_DATA else linked_data.popolo_organization
    return respond(made(found, map(str, found.other_names())), content_type=form)


@require_safe
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """Return the JSON Schema of one of the JSON formats."""
    known = {path.stem: path for path in SCHEMAS.glob("*.json")}
    if name not in known:
        raise Http404("No such schema")
    return respond(json.loads(known[name].read_text()), content_type="application/schema+json")


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Return the embed code of the claim at `?url=` (https://oembed.com/).

    501 for a `format` other than JSON, 404 for an address without a claim.
    """
    if request.GET.get("format", "json") != "json":
        return respond({"error": "Only format=json is supported."}, status=501)
    claim = claim_at(request.GET.get("url", ""))
    width = bounded(request.GET.get("maxwidth", ""), EMBED_WIDTH)
    height = bounded(request.GET.get("maxheight", ""), embed_height(claim, width))
    address = linked_data.absolute(reverse("stories:claim_embed", args=[claim.pk]))
    sentence = "".join(piece.text for piece in claim.sentence_in_short)
    frame = {"address": address, "width": width, "height": height, "claim": claim}
    return respond(
        {
            "version": "1.0",
            "type": "rich",
            "title": f"{claim.stance_label}: {sentence}" if claim.stance_label else sentence,
            "author_name": claim.public_speaker_name,
            "provider_name": settings.PUBLICATION_NAME,
            "provider_url": linked_data.absolute("/"),
            "cache_age": 3600,
            "width": width,
            "height": height,
            "html": render_to_string("includes/embed_code.html", frame).strip(),
        }
    )


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[untyped-decorator,arg-type]  # django-csp's hints know no arguments
def claim_embed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a claim as a page for an iframe on any site."""
    response = render(request, "stories/claim_embed.html", {"claim": published_claim(pk)})
    response["Cache-Control"] = CACHE_CONTROL
    return response


def published_claim(pk: int, loaded: Callable[[Any], Any] = lambda rows: rows) -> Any:
    """Return a published claim with its card, tags and evidence, and what `loaded` adds. Raises Http404."""
    rows = with_topics(claim_cards(Claim.objects.published(), sentences=True)).prefetch_related("evidence")
    claim: Any = loaded(rows).filter(pk=pk).first()
    if claim is None or not claim.printed:
        raise Http404("No claim at this address")
    return claim


def claim_at(address: str) -> Any:
    """Return the claim whose page is at an absolute address of this site.

    Raises Http404 for any other address.
    """
    try:
        parts, own = urlsplit(address[:2000]), urlsplit(settings.SITE_URL)
        # An address without the last slash is accepted: its page redirects to the one with it.
        match = resolve(f"{parts.path.rstrip('/')}/")
    except (ValueError, Resolver404) as error:
        raise Http404("No claim at this address") from error
    if parts.netloc != own.netloc or match.view_name not in {"stories:claim", "stories:claim_short"}:
        raise Http404("No claim at this address")
    return published_claim(match.kwargs["pk"])


def bounded(number: str, most: int) -> int:
    """Return oEmbed's `maxwidth` or `maxheight` in pixels, at most `most`; `most` when it is no number."""
    return min(int(number), most) or most if re.fullmatch("[0-9]{1,5}", number) else most


def as_json(address: str) -> str:
    """Return the address of the JSON format of the page at an address."""
    return f"{address.rstrip('/')}.json"


def respond(
    data: Any, *, status: int = 200, changed: Any = None, content_type: str = "application/json"
) -> HttpResponse:
    """Return data as JSON that any site may fetch (CORS), with Cache-Control and Last-Modified."""
    body = json.dumps(data, ensure_ascii=False, indent=1)
    response = HttpResponse(body + "\n", status=status, content_type=content_type)
    response["Cache-Control"] = CACHE_CONTROL
    if changed:
        response["Last-Modified"] = http_date(changed.timestamp())
    return for_any_site(response)
