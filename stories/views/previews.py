"""A story before its time, exactly as readers will see it: for the desk, and behind a shared link."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from taggit.models import Tag

from stories.actions.stories import share_links
from stories.models import Appearance, Article, Author, Claim, Correction, ShareLink
from stories.text import anchors
from stories.text.anchors import Selector
from stories.views.articles import related_to, story_context, with_cards


@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The story behind a link for somebody without an account; 410 when the link has ended.

    A story that is published is read at its own address.
    """
    try:
        story = share_links.story_behind(token)
    except ShareLink.DoesNotExist as error:
        raise Http404("There is no such link.") from error
    except share_links.Ended:
        return unlisted(render(request, "stories/shared_ended.html", status=410))
    if story.is_public:
        return unlisted(HttpResponseRedirect(story.get_absolute_url()))
    return preview(request, story, note="This page was shared with you before publication.", shared_by=token)


def preview(
    request: HttpRequest,
    story: Article,
    *,
    old_text: str | None = None,
    corrections: Sequence[Correction] = (),
    note: str = "A preview: this is what readers will see.",
    shared_by: str = "",
) -> HttpResponse:
    """`story` as its page will be; it may hold words that are not saved: `old_text` is its saved text then.

    `corrections` that are not published are shown beside those that are. `shared_by` is the key of the link
    that the visitor was sent, by which they see its picture too.
    """
    if not story.is_public:
        story.published_at = story.published_at or timezone.now()
    printed = appearances_to_be(story, old_text)
    standing = list(story.corrections.filter(made_at__isnull=False)) if story.pk else []
    context = story_context(story, printed, [*corrections, *standing])
    context["related"] = related_to(story, printed) if story.pk else []
    return unlisted(render(request, "stories/article.html", context | {"preview": note, "shared": shared_by}))


def as_typed(story: Article, *, authors: Sequence[int] = (), tags: Sequence[str] = ()) -> Article:
    """`story`, in memory only, with the authors of these ids and tags of these names, known or new.

    One that has no row yet is given a number that none has: only rows have authors and tags.
    """
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=tags)}
    story.pk = story.pk or 0
    story._prefetched_objects_cache = {  # type: ignore[attr-defined]  # where Django looks for prefetched rows
        "authors": list(Author.objects.filter(pk__in=authors)),
        "tags": [known.get(name) or Tag(name=name, slug=slugify(name) or "new") for name in tags if name],
    }
    return story


def unlisted(response: HttpResponse) -> HttpResponse:
    """Kept by nobody: no index, no cache, no address passed on to the pages it links to."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def appearances_to_be(story: Article, old_text: str | None) -> list[Appearance]:
    """The claims readers will find in the story, on their words in `story.text`; nothing is saved."""
    if not story.pk:
        return []
    waiting = Appearance.objects.filter(
        article=story.pk, state__in=Appearance.IN_PLACE, claim__state=Claim.State.ACCEPTED
    )
    printed = list(with_cards(waiting))
    if old_text is None or old_text == story.text:
        return printed
    return [appearance for appearance in printed if _follow(appearance, story.text, old_text)]


def _follow(appearance: Appearance, text: str, old_text: str) -> bool:
    """Put the appearance (in memory) on its words in `text`; whether they are there."""
    found = [anchors.find(text, selector, old_text=old_text) for selector in appearance.selectors]
    places: list[Selector] = []
    for one in found:
        if one.start is None or one.end is None or (places and places[-1].end > one.start):
            return False
        places.append(anchors.make(text, one.start, one.end))
    first, *others = places
    appearance.exact, appearance.start, appearance.end = first.exact, first.start, first.end
    appearance.further = [other.as_dict() for other in others]
    return True
