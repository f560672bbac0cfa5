"""Template context of every page, made without a query."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from stories.formats.share_images import DESCRIPTION

SECTIONS = (
    ("articles", "Stories"),
    ("claims", "Claims"),
    ("politicians", "People"),
    ("who_said_what", "Who said what"),
    ("parties", "Parties"),
    ("topics", "Topics"),
    ("archive", "Archive"),
)


def later_page(request: HttpRequest) -> str:
    """Return "?page=N" for every page of a list but the first, for the canonical address; else ""."""
    number = request.GET.get("page", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= 4
    return f"?page={int(number)}" if is_number and int(number) > 1 else ""


def publication(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the publication, the canonical address, the navigation, and today in local time."""
    sections = [(name, label, reverse(f"stories:{name}")) for name, label in SECTIONS]
    within = (name for name, _, address in sections if request.path.startswith(address))
    return {
        "publication": {
            "name": settings.PUBLICATION_NAME,
            "url": settings.SITE_URL,
            "description": DESCRIPTION,
            "language": settings.LANGUAGE_CODE,
        },
        "canonical_url": settings.SITE_URL + request.path + later_page(request),
        "sections": sections,
        "section": next(within, ""),
        "today": timezone.localdate(),
    }
