"""What search engines and other sites show of a story, while its words are typed."""

import io
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import reverse

from stories.formats import pictures, share_images
from stories.models import Article

LOOK = "stories.view_article"
LONGEST = 600  # characters; no column that is drawn holds more


def drawn(request: HttpRequest) -> HttpResponseBase:
    """Return the picture that stands for a story without one, with `?title=` and `?about=`; as a PNG file."""
    if not request.user.has_perm(LOOK):
        raise PermissionDenied
    title, about = (request.GET.get(name, "").strip()[:LONGEST] for name in ("title", "about"))
    file = io.BytesIO(share_images.drawn(share_images.card_in_words(title, about)))
    return FileResponse(file, content_type="image/png", headers={"Cache-Control": "private, max-age=600"})


def for_page(story: Article | None) -> dict[str, Any]:
    """Return what the form's script needs to show the result and the card of `story`, saved or not."""
    own = pictures.own_of_story(story) if story is not None else None
    return {
        "site": settings.PUBLICATION_NAME,
        "host": urlsplit(settings.SITE_URL).netloc,
        "drawn": reverse("desk:story_card"),
        "picture": urlsplit(own.address).path if own else "",
    }
