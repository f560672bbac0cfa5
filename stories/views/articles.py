"""The page of a story with its claims in place, and the list of stories."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from taggit.models import TaggedItem

from stories.facets import counts
from stories.facets.filters import ArticleFilter
from stories.models import Appearance, Article, Correction, Politician
from stories.models.cards import StoryCard, story_list
from stories.models.prefetch import in_print
from stories.text import richtext
from stories.views.http_caching import public_page, with_last_modified
from stories.views.paging import page_of
from stories.views.slugs import find_by_slug

RELATED = 4
# Points of a related story for what it shares; per kind of thing the newest CANDIDATES rows are looked at.
SAME_CLAIM, SAME_PERSON, SAME_TAG = 5, 2, 1
CANDIDATES = 60


@dataclass(slots=True)
class Block:
    """An outermost element of a story's body, and the appearances whose words begin in it."""

    html: str
    notes: list[Appearance]

    @property
    def lines(self) -> list[list[Appearance]]:
        """The appearances grouped into the lines of the margin.

        One line for each claim if any of them has a rating, else one for each speaker.
        """
        if any(note.claim.rating for note in self.notes):
            return [[note] for note in self.notes]
        lines: dict[tuple[int | None, str], list[Appearance]] = {}
        for note in self.notes:
            lines.setdefault((note.claim.speaker_id, note.public_speaker_name), []).append(note)
        return list(lines.values())


@public_page
def articles(request: HttpRequest) -> HttpResponse:
    """Show the list of stories."""
    filters = ArticleFilter(
        request.GET, queryset=Article.objects.published().newest(), known_as=counts.STORIES
    )
    page = page_of(request, story_list(filters.qs))
    return render(request, "stories/article_list.html", {"page": page, "filters": filters})


@public_page
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a story; 410 with the reason for one that was withdrawn.

    Last-Modified takes in the corrections and the review and rating of every claim on the page.
    """
    readable = Article.objects.published() | Article.objects.withdrawn()
    story = find_by_slug(readable.with_credits(), slug)  # type: ignore[misc]  # taggit has no type hints
    if isinstance(story, HttpResponse):
        return story
    if story.status == Article.Status.WITHDRAWN:
        return render(request, "stories/article_withdrawn.html", {"story": story}, status=410)
    printed = appearances_in(story)
    corrections = list(story.corrections.published())
    context = story_context(story, printed, corrections) | {"related": related_to(story, printed)}
    claims = [appearance.claim for appearance in printed]
    return with_last_modified(
        render(request, "stories/article.html", context),
        story.published_at,
        story.updated_at,
        *(correction.made_at for correction in corrections),
        *(moment for claim in claims for moment in (claim.reviewed_at, claim.checked_at)),
    )


def story_context(story: Article, printed: list[Appearance], corrections: list[Correction]) -> dict[str, Any]:
    """Return the template context of a story's page.

    `printed` are its appearances in order of position, `corrections` those to show.
    """
    for appearance in printed:  # saves a query each: the link to a claim's words reads the story's text
        appearance.article = story
    return {
        "story": story,
        "published_on": timezone.localtime(story.published_at).date(),
        "blocks": blocks_of(story, printed),
        "quoted": quoted_in(printed),
        "claim_count": len({appearance.claim_id for appearance in printed}),
        "unread_count": len({one.claim_id for one in printed if not one.claim.is_read}),
        "corrections": corrections,
        "corrections_on_top": [correction for correction in corrections if correction.on_top],
    }


def appearances_in(story: Article) -> list[Appearance]:
    """Return the published appearances in a story, in order of position, with what claim cards show."""
    return list(with_cards(Appearance.objects.published().filter(article=story)))


def with_cards(appearances: QuerySet[Appearance]) -> QuerySet[Appearance]:
    """Prefetch what claim cards show; order by position, the longer of two that begin together first."""
    return (
        appearances.select_related("claim__speaker__party")
        .prefetch_related(
            Prefetch("claim__about", queryset=Politician.objects.published(), to_attr="people"),
            Prefetch("claim__appearances", queryset=in_print(), to_attr="printed"),
        )
        .order_by("start", "-end", "pk")
    )


def blocks_of(story: Article, printed: list[Appearance]) -> list[Block]:
    """Return the body's blocks, with the words of claims as links to the claims' cards."""
    marks: list[richtext.Mark] = []
    owners: list[Appearance] = []
    named: set[int] = set()
    shapes: dict[str, str] = {}
    for appearance in printed:
        claim = appearance.claim
        if claim.rating and claim.rating not in shapes:
            context = {"rating": claim.rating, "label": claim.get_rating_display()}
            shapes[claim.rating] = render_to_string("includes/rated.html", context)
        for selector in appearance.selectors:
            # A body changed in the database without the admin has not been re-anchored: mark no other words.
            if story.text[selector.start : selector.end] != selector.exact:
                continue
            marks.append(
                richtext.Mark(
                    selector.start,
                    selector.end,
                    {"class": "said", "href": f"#claim-{claim.pk}"},
                    tag="a",
                    id="" if appearance.pk in named else f"said-{appearance.pk}",
                    after=shapes.get(claim.rating, ""),
                )
            )
            owners.append(appearance)
            named.add(appearance.pk)
    # A claim printed twice in the story has one card, beside its first appearance.
    noted: set[int] = set()
    blocks = []
    for painted in richtext.paint_blocks(story.body, marks):
        block = Block(painted.html, [])
        for appearance in (owners[number] for number in painted.marks):
            if appearance.claim_id not in noted:
                noted.add(appearance.claim_id)
                block.notes.append(appearance)
        blocks.append(block)
    return blocks


def quoted_in(printed: list[Appearance]) -> list[tuple[Appearance, int]]:
    """Return each speaker's first appearance with the number of their appearances, in the story's order."""
    first: dict[Any, Appearance] = {}
    times: Counter[Any] = Counter()
    for appearance in printed:
        who = appearance.claim.speaker_id or appearance.claim.speaker_name
        first.setdefault(who, appearance)
        times[who] += 1
    return [(appearance, times[who]) for who, appearance in first.items()]


def related_to(story: Article, printed: list[Appearance]) -> list[StoryCard]:
    """Return up to RELATED published stories that share most claims, speakers and tags with this one."""
    claims = {appearance.claim_id for appearance in printed}
    people = {appearance.claim.speaker_id for appearance in printed} - {None}
    tags = [tag.pk for tag in story.topics]
    elsewhere = Appearance.objects.published().exclude(article=story).order_by("-article_id")
    points: Counter[int] = Counter()
    for rows, worth in (
        (elsewhere.filter(claim__in=claims), SAME_CLAIM),
        (elsewhere.filter(claim__speaker__in=people), SAME_PERSON),
    ):
        for pk in set(rows.values_list("article_id", flat=True)[:CANDIDATES]):
            points[pk] += worth
    for pk in _tagged(tags).values_list("object_id", flat=True)[:CANDIDATES]:
        points[pk] += SAME_TAG
    points.pop(story.pk, None)
    best = sorted(points, key=lambda pk: (-points[pk], -pk))[: RELATED * 4]
    return StoryCard.of(best)[:RELATED]


def _tagged(tags: list[int]) -> QuerySet[TaggedItem]:
    kind = ContentType.objects.get_for_model(Article)
    items: QuerySet[TaggedItem] = TaggedItem.objects.filter(tag__in=tags, content_type=kind)
    return items.order_by("-object_id")
