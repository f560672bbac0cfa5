"""A story before publication, as readers will see it: for staff, and behind a share link."""

from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from taggit.models import Tag

from stories.actions.stories import share_links
from stories.models import Appearance, Article, Author, Claim, Correction, ShareLink
from stories.models.articles import CREDITS
from stories.text import anchors
from stories.text.addresses import address_of
from stories.text.anchors import Selector
from stories.views.articles import related_to, story_context, with_cards


@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show the story behind a share link to somebody without an account.

    410 when the link has expired or was revoked; a redirect to the story once it is published, unless the
    link was made for changes that are not.
    """
    try:
        story = share_links.story_behind(token)
    except ShareLink.DoesNotExist as error:
        raise Http404("There is no such link.") from error
    except share_links.Ended:
        return unlisted(render(request, "stories/shared_ended.html", status=410))
    if story.pending:
        readers = Article.objects.values_list("text", flat=True).get(pk=story.pk)
        note = "Changes to a story, shared with you before publication: this is not what readers see."
        return preview(request, story, old_text=readers, note=note, shared_by=token)
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
    """Show `story` as its page will be.

    `story` may have unsaved changes; `old_text` is then its saved plain text, from which claims are
    re-anchored. `corrections` are drafts to show beside the published ones. `shared_by` is the token of the
    visitor's share link, which also lets them see the lead image.
    """
    if not hasattr(story, "writers"):  # not as somebody typed them
        prefetch_related_objects([story], *CREDITS)
    if not story.is_public:
        story.published_at = story.published_at or timezone.now()
    printed = appearances_to_be(story, old_text)
    standing = list(story.corrections.filter(made_at__isnull=False)) if story.pk else []
    context = story_context(story, printed, [*corrections, *standing]) | {"shared": shared_by}
    claims = list(dict.fromkeys(place.claim_id for place in printed))
    shown = {
        "story": story,
        "whole": render_to_string("includes/story_whole.html", context),
        "related": related_to(story, claims, [place.claim.speaker_id for place in printed]),
        "preview": note,
    }
    return unlisted(render(request, "stories/article.html", shown))


def as_typed(story: Article, *, authors: Sequence[int] = (), tags: Sequence[str] = ()) -> Article:
    """Return `story` with authors (by primary key) and tags (by name, existing or new), in memory only.

    A story without a row gets the primary key 0: Django allows relations of saved rows only.
    """
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=tags)}
    story.pk = story.pk or 0
    story.writers = list(Author.objects.filter(pk__in=authors))
    story.topics = [
        known.get(name) or Tag(name=name, slug=address_of(name) or "new") for name in tags if name
    ]
    return story


def unlisted(response: HttpResponse) -> HttpResponse:
    """Set headers against indexing, caching and passing on the address in Referer; return the response."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def appearances_to_be(story: Article, old_text: str | None) -> list[Appearance]:
    """Return the appearances that readers will see in the story, anchored in `story.text`; saves nothing."""
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
    """Re-anchor the appearance in `text`, in memory; return whether all parts were found in order."""
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
