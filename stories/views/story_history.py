"""The public history of a story: its versions, what changed in each, and the corrections between them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from stories.models import Article, Correction, StoryVersion
from stories.text.diff import Change, changes
from stories.views.http_caching import public_page
from stories.views.paging import page_of
from stories.views.slugs import find_by_slug

BESIDE = 100  # characters of what stayed, shown on either side of a change
PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class Step:
    """A version, with its number from 1 and what changed in it; or a correction, with 0 for its number."""

    moment: datetime.datetime
    number: int = 0
    address: str = ""
    is_minor: bool = False
    has_hour: bool = True
    fields: tuple[tuple[str, list[Change]], ...] = ()
    correction: Correction | None = None


@public_page
def story_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the versions of a story, the newest first, each with its changes."""
    story = readable(slug, "")
    if isinstance(story, HttpResponse):
        return story
    if story.status == Article.Status.WITHDRAWN:
        return render(request, "stories/article_withdrawn.html", {"story": story}, status=410)
    steps = [*steps_of(story, versions_of(story)), *corrections_of(story)]
    steps.sort(key=lambda step: (step.moment, step.number), reverse=True)
    context = {"story": story, "page": page_of(request, steps, per_page=PER_PAGE)}
    return render(request, "stories/story_history.html", context)


@public_page
def story_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a story as readers had it in one of its versions. Raises Http404 when there is none."""
    story = readable(slug, f"{number}/")
    if isinstance(story, HttpResponse):
        return story
    if story.status == Article.Status.WITHDRAWN:
        return render(request, "stories/article_withdrawn.html", {"story": story}, status=410)
    versions = versions_of(story)
    if not 1 <= number <= len(versions):
        raise Http404("No version with this number")
    context = {
        "story": story,
        "version": versions[number - 1],
        "number": number,
        "many": len(versions),
        "has_hour": number > 1 or not story.is_day_alone(versions[0].seen_from),
        "next": versions[number] if number < len(versions) else None,
    }
    return render(request, "stories/story_version.html", context)


def readable(slug: str, rest: str) -> Article | HttpResponsePermanentRedirect:
    """Return the published or withdrawn story, or a redirect to the same page under its present slug."""
    stories = (Article.objects.published() | Article.objects.withdrawn()).defer("body", "text")
    story = find_by_slug(stories, slug)
    if isinstance(story, HttpResponsePermanentRedirect):
        return HttpResponsePermanentRedirect(f"{story.url}history/{rest}")
    return story


def versions_of(story: Article) -> list[StoryVersion]:
    """Return what readers have seen of the story, the first version first."""
    return list(StoryVersion.objects.published().filter(article=story).order_by("pk"))


def steps_of(story: Article, versions: Sequence[StoryVersion]) -> list[Step]:
    """Return a step for each version."""
    steps = [
        Step(
            one.seen_from,
            number,
            StoryVersion.address(story, number),
            has_hour=not story.is_day_alone(one.seen_from),
        )
        for number, one in enumerate(versions[:1], 1)
    ]
    for number, (old, new) in enumerate(pairwise(versions), 2):
        fields = (
            ("Headline", changed(old.headline, new.headline)),
            ("Standfirst", changed(old.standfirst, new.standfirst)),
            ("Text", nearby(changed(old.text, new.text))),
        )
        shown = tuple(field for field in fields if field[1])
        minor = new.updated_at == old.updated_at
        steps.append(Step(new.seen_from, number, StoryVersion.address(story, number), minor, fields=shown))
    return steps


def corrections_of(story: Article) -> list[Step]:
    """Return a step for each correction that readers may see."""
    rows = Correction.objects.published().filter(article=story)
    return [Step(row.made_at, correction=row) for row in rows if row.made_at is not None]


def changed(old: str, new: str) -> list[Change]:
    """Return the changes from the old words to the new ones; none where they are the same."""
    return changes(old, new) if old != new else []


def nearby(pieces: Sequence[Change]) -> list[Change]:
    """Shorten what stayed the same to what stands beside a change."""
    found = []
    for place, piece in enumerate(pieces):
        text = piece.text
        if piece.kind == "same":
            head = text[:BESIDE].rpartition(" ")[0] if place else ""
            tail = text[-BESIDE:].partition(" ")[2] if place + 1 < len(pieces) else ""
            if len(head) + len(tail) < len(text):
                text = f"{head} … {tail}"
        found.append(Change(piece.kind, text))
    return found
