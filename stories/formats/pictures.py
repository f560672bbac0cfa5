"""The picture that stands for a page outside the site: beside a link, and in feeds."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from stories.formats import share_images
from stories.formats.linked_data import absolute
from stories.models import renditions


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its absolute address, its content type, its size in pixels and what it shows."""

    address: str
    type: str
    width: int
    height: int
    alt: str


def of_site() -> Picture:
    """Return the drawn picture of the publication."""
    description = share_images.DESCRIPTION
    alt = f"{settings.PUBLICATION_NAME}. {description}"
    return _drawn("site", 0, share_images.card_of_site(description), alt)


def of_claim(claim: Any) -> Picture:
    """Return the drawn picture of a claim with its verdict."""
    alt = f"{claim.public_title} {claim.verdict.label if claim.verdict else ''}".strip()
    return _drawn("claims", claim.pk, share_images.card_of_claim(claim), alt)


def of_story(story: Any) -> Picture:
    """Return a story's own picture, cut to the shape that other sites show; else a drawn one."""
    card = share_images.card_of_story(story)
    return own_of_story(story) or _drawn("stories", story.pk, card, story.title_in_search)


def own_of_story(story: Any) -> Picture | None:
    """Return a story's own picture, cut to that shape; None if it has none."""
    return _sized(story.lead_image, "sixteen-nine", story.lead_image_alt)


def of_person(person: Any) -> Picture:
    """Return a person's portrait; else the picture of the publication."""
    return _sized(person.portrait, "square", person.portrait_alt) or of_site()


def _drawn(kind: str, pk: int, card: share_images.Card, alt: str) -> Picture:
    address = absolute(reverse("stories:share_image", args=[kind, pk, card.digest]))
    return Picture(address, "image/png", share_images.WIDTH, share_images.HEIGHT, alt)


def _sized(image: Any, size: str, alt: str) -> Picture | None:
    """Return an upload in one of `renditions.SIZES`; None if there is none, or none that can be sized."""
    own = renditions.measured(image) if image else None
    if own is None:
        return None
    address = absolute(renditions.address(image, size))
    return Picture(address, "image/webp", *renditions.SIZES[size].of(*own), alt)
