"""Stories found by their words while somebody types: for links to them, and as related ones."""

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from stories import search as index
from stories.admin.base import row_number
from stories.models import Article
from stories.text.moments import day

MOST = 8  # stories
LOOK = "stories.view_article"


def search(request: HttpRequest) -> JsonResponse:
    """Return the newest published stories with the words of `?q=`; or, of any stage, those of `?ids=4,7`.

    With `?drafts=1` those that are to be published follow. The response is
    {"results": [{"id", "name", "detail", "address", "public"}]}.
    """
    if not request.user.has_perm(LOOK):
        raise PermissionDenied
    if "ids" in request.GET:
        numbers = [pk for pk in map(row_number, request.GET["ids"].split(",")) if pk is not None][:MOST]
        found = list(Article.objects.filter(pk__in=numbers).newest())
    else:
        words = request.GET.get("q", "")
        stories = Article.objects.published().newest()
        if "drafts" in request.GET:
            known = Article.objects.exclude(status=Article.Status.WITHDRAWN)
            stories = known.order_by(F("published_at").desc(nulls_last=True), "-pk")
        found = list(index.narrowed(stories, words, kind="article", begun=True)[:MOST])
    return JsonResponse({"results": [_as_found(story) for story in found]})


def _as_found(story: Article) -> dict[str, object]:
    shown = day(timezone.localtime(story.published_at)) if story.is_public else story.stage
    return {
        "id": story.pk,
        "name": story.headline,
        "detail": shown,
        "address": story.get_absolute_url(),
        "public": story.is_public,
    }
