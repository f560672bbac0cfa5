"""Small things the readers' templates ask about claims and stories."""

import datetime
from typing import Any
from urllib.parse import quote

from django import template
from django.db.models.fields.files import ImageFieldFile
from django.template import Context
from django.utils import timezone

from stories.models import Appearance, Article, renditions
from stories.text import quotations
from stories.text.anchors import CONTEXT

register = template.Library()

# Beyond this many words an address names the first and the last few, as the text-fragment syntax allows.
WHOLE_WORDS = 12
END_WORDS = 5


register.filter(quotations.typeset)


@register.filter
def text_fragment(appearance: Appearance) -> str:
    """The `#…` that leads to the printed words: by their own text, or by the mark where that is unknown.

    Words that stand several times, or may do so, have the words beside them with them; where those do not
    tell them apart either, the mark alone leads there: a browser would take the first. Words over a line's
    end are named by what stands on each side of it.
    Syntax: https://wicg.github.io/scroll-to-text-fragment/ ("prefix-,start,end,-suffix"; "-", "," and "&"
    encoded).
    """
    mark = f"#said-{appearance.pk}"
    lines = [line.split() for line in appearance.exact.split("\n") if line.strip()]
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
    """The whole words of the same line directly before and after the claim's; "" where there are none."""
    before = appearance.prefix.rpartition("\n")[2]
    after = appearance.suffix.partition("\n")[0]
    if before == appearance.prefix and len(before) >= CONTEXT:  # cut anywhere: the first may be half a word
        before = before.partition(" ")[2]
    if after == appearance.suffix and len(after) >= CONTEXT:
        after = after.rpartition(" ")[0]
    return (
        before if any(map(str.isalnum, before)) else "",
        after if any(map(str.isalnum, after)) else "",
    )


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


@register.filter
def to_the_second(moment: datetime.datetime | None) -> str:
    """A moment for machines, on the newsroom's own clock: HTML knows no microseconds."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


@register.filter
def published_moment(story: Article) -> str:
    """When a story was published, for machines: the day alone where nobody gave an hour."""
    if story.published_at and story.published_on_a_day:
        return timezone.localdate(story.published_at).isoformat()
    return to_the_second(story.published_at)


@register.inclusion_tag("includes/picture.html", takes_context=True)
def picture(
    context: Context,
    image: ImageFieldFile,
    alt: str,
    sizes: str,
    width: int | None = None,
    height: int | None = None,
) -> dict[str, Any]:
    """An uploaded picture, in the smallest version that fills its place: `sizes` is how wide that is, in CSS.

    Width and height hold its place while it loads; they are its own, if none are given. On a page that is
    `shared` with somebody before publication, its addresses carry the key of the link.
    """
    own = renditions.measured(image)
    smaller = list(renditions.smaller(image, own[0])) if own else []
    return {
        "address": image.url,
        "alt": alt,
        "sizes": sizes,
        "versions": [*smaller, (image.url, own[0])] if own and smaller else [],
        "width": width or (own and own[0]),
        "height": height or (own and own[1]),
        "query": f"?shared={context['shared']}" if context.get("shared") else "",
    }
