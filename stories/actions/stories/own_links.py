"""Links in a story that lead to other stories of our own, and what readers find behind them."""

import re
from html import unescape
from urllib.parse import unquote

from django.conf import settings

from stories.models import Article, FormerSlug

_ADDRESS = re.compile(r'<a href="([^"]*)"')  # as `text.richtext` writes links
_STORY = re.compile(r"/stories/([^/?#]+)/?(?:[?#]|\Z)")


def unseen_by_readers(article: Article) -> list[str]:
    """Return a sentence for each story that `article` links to and that readers cannot see.

    Two queries where there are links to stories, else none.
    """
    slugs = dict.fromkeys(slug for address in _ADDRESS.findall(article.body) if (slug := _slug_in(address)))
    if not slugs:
        return []
    former = dict(FormerSlug.objects.filter(kind="article", slug__in=slugs).values_list("slug", "object_id"))
    rows = list(Article.objects.filter(slug__in=slugs) | Article.objects.filter(pk__in=former.values()))
    found = {row.slug: row for row in rows} | {
        slug: row for slug, number in former.items() for row in rows if row.pk == number and slug != row.slug
    }
    return [
        f"It links to “{found[slug]}”, which readers cannot see."
        if slug in found
        else f"It links to /stories/{slug}/, where no story is."
        for slug in slugs
        if slug not in found or not (found[slug].is_public or found[slug].pk == article.pk)
    ]


def _slug_in(address: str) -> str:
    """Return the slug of the story of our own that an address leads to; "" for any other."""
    path = unescape(address).removeprefix(settings.SITE_URL)
    place = _STORY.match(path)
    return unquote(place[1]) if place and place[1] != "feed" else ""
