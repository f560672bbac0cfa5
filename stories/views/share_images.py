"""Serve the pictures that other sites show beside a link, drawn when they are first asked for."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from stories.formats import share_images
from stories.models import Article, Claim
from stories.models.prefetch import claim_cards
from stories.views.http_caching import CACHE_CONTROL


@require_safe
def share_image(request: HttpRequest, kind: str, pk: int, digest: str) -> HttpResponseBase:
    """Return the picture of a claim, a story, or the site (number 0).

    A former address leads to the present one. Raises Http404 for what readers may not see.
    """
    card = card_of(kind, pk)
    if card.digest != digest:
        moved = redirect("stories:share_image", kind, pk, card.digest)
        moved["Cache-Control"] = CACHE_CONTROL
        return moved
    file = default_storage.open(share_images.stored(kind, pk, card))
    response = FileResponse(file, content_type="image/png")
    response["Cache-Control"] = CACHE_CONTROL  # as long as its page: it disappears with it
    response["ETag"] = f'"{digest}"'
    return response


def card_of(kind: str, pk: int) -> share_images.Card:
    """Return the card of what readers may see. Raises Http404."""
    if kind == "site":
        return share_images.card_of_site(share_images.DESCRIPTION)
    found: Any
    if kind == "claims":
        found = claim_cards(Claim.objects.published(), sentences=True).filter(pk=pk).first()
        if found is not None and found.printed:
            return share_images.card_of_claim(found)
    else:
        found = Article.objects.published().filter(pk=pk).first()
        if found is not None:
            return share_images.card_of_story(found)
    raise Http404("No such picture")
