"""Tags and filters of the public templates."""

import datetime
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django import template
from django.db.models.fields.files import ImageFieldFile
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from stories.models import Appearance, Article, Politician, renditions
from stories.text import quotations
from stories.text.anchors import CONTEXT
from stories.text.excerpts import Piece
from stories.text.titles import topic_title

register = template.Library()

# A text fragment of more words is written as its first and last END_WORDS words.
WHOLE_WORDS = 12
END_WORDS = 5


register.filter(quotations.typeset)
register.filter(topic_title)


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """Return an excerpt as HTML, the words that were said as `mark`."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", one.text) if one.said else one.text,) for one in pieces)
    )


@register.simple_tag
def face(person: Politician | None, size: int = 48) -> SafeString:
    """Return somebody's portrait as a small square, without words: their name stands beside it.

    Without a portrait it has their initials, and of nobody on record a quotation mark.
    """
    if person is None or not person.portrait:
        letters = initials(person.name) if person else "“"
        return format_html('<span class="face" aria-hidden="true">{}</span>', letters)
    sizable = renditions.measured(person.portrait)
    address = renditions.address(person.portrait, "face") if sizable else person.portrait.url
    html = '<img class="face" src="{}" alt="" width="{}" height="{}" loading="lazy">'
    return format_html(html, address, size, size)


def initials(name: str) -> str:
    """Return the first letters of a name and a family name; the first alone in a script without capitals."""
    words: list[str] = re.findall(r"[^\W\d_]+", name) or ["“"]
    first, last = words[0][0], words[-1][0] if len(words) > 1 else ""
    return (first + last).upper() if first.lower() != first.upper() else first


@register.simple_tag
def small_picture(story: Article) -> SafeString:
    """Return a story's lead image as it stands in a list: small, and fetched when it is scrolled to."""
    image, own = story.lead_image, renditions.measured(story.lead_image)
    address = (
        renditions.address(image, "card") if own and own[0] > renditions.SIZES["card"].width else image.url
    )
    html = '<img src="{}" alt="{}" width="320" height="240" loading="lazy">'
    return format_html(html, address, story.lead_image_alt)


@register.filter
def text_fragment(appearance: Appearance) -> str:
    """Return the fragment of an address that leads to the claim's words in its story.

    It is the id of their link, for browsers without text fragments, and a text fragment: `#said-7:~:text=…`.
    Words that occur several times, or may, get the words before and after them as context. Where these do not
    make them unique the id stands alone, for a browser would take the first occurrence. Words that span lines
    are written as start and end, and marks of quotation as the page shows them. Syntax: https://wicg.github.io/scroll-to-text-fragment/
    ("prefix-,start,end,-suffix"; "-", "," and "&" percent-encoded).
    """
    mark = f"#said-{appearance.pk}"
    lines = [line.split() for line in quotations.typeset(appearance.exact).split("\n") if line.strip()]
    first, last = lines[0], lines[-1]
    if len(lines) == 1 and len(first) <= WHOLE_WORDS:
        words = [_encoded(" ".join(first))]
    else:
        words = [_encoded(" ".join(first[:END_WORDS])), _encoded(" ".join(last[-END_WORDS:]))]
    known = "text" not in appearance.article.get_deferred_fields()
    text = appearance.article.text if known else ""
    if not known or _times(appearance.exact, text) > 1:
        before, after = _beside(appearance)
        if not before and not after:
            return mark
        if known and _times(f"{before}{appearance.exact}{after}", text) > 1:
            return mark
        words = [
            *([f"{_encoded(before.strip())}-"] if before else []),
            *words,
            *([f"-{_encoded(after.strip())}"] if after else []),
        ]
    return f"{mark}:~:text={','.join(words)}"


def _times(words: str, text: str) -> int:
    return text.casefold().count(words.casefold())


def _beside(appearance: Appearance) -> tuple[str, str]:
    """Return the whole words on the same line before and after the claim's, "" where there are none."""
    before = appearance.prefix.rpartition("\n")[2]
    after = appearance.suffix.partition("\n")[0]
    if before == appearance.prefix and len(before) >= CONTEXT:  # cut by length: the first word may be partial
        before = before.partition(" ")[2]
    if after == appearance.suffix and len(after) >= CONTEXT:
        after = after.rpartition(" ")[0]
    return (
        before if any(map(str.isalnum, before)) else "",
        after if any(map(str.isalnum, after)) else "",
    )


def _encoded(words: str) -> str:
    return quote(quotations.typeset(words), safe="").replace("-", "%2D")


@register.filter
def to_the_second(moment: datetime.datetime | None) -> str:
    """Return a moment in local time in ISO 8601.

    Without microseconds: HTML's `datetime` allows three decimals.
    """
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


@register.filter
def published_moment(story: Article) -> str:
    """Return when a story was published, in ISO 8601; the day alone if the hour is not known."""
    if story.published_at and story.published_on_a_day:
        return timezone.localdate(story.published_at).isoformat()
    return to_the_second(story.published_at)


@register.inclusion_tag("includes/picture.html", takes_context=True)
def picture(  # noqa: PLR0913  (what the template says of it)
    context: Context,
    image: ImageFieldFile,
    alt: str,
    sizes: str,
    width: int | None = None,
    height: int | None = None,
    crop: str = "",
    lazy: bool = False,
) -> dict[str, Any]:
    """Render an uploaded picture with its smaller versions (`srcset`), of one shape if `crop` names one.

    `sizes` is the HTML attribute: the width of its place in CSS. Width and height default to the picture's
    own and reserve its place while it loads; with `lazy` it waits for the reader to come near. On a page
    behind a share link, addresses carry the link's token.
    """
    own = renditions.measured(image)
    if own and crop and (versions := list(renditions.cropped(image, own, crop))):
        address = versions[-1][0]
    else:
        smaller = list(renditions.smaller(image, own[0])) if own else []
        address, versions = image.url, [*smaller, (image.url, own[0])] if own and smaller else []
    return {
        "address": address,
        "alt": alt,
        "sizes": sizes,
        "versions": versions,
        "width": width or (own and own[0]),
        "height": height or (own and own[1]),
        "lazy": lazy,
        "query": f"?shared={context['shared']}" if context.get("shared") else "",
    }
