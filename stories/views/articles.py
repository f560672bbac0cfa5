"""The page of a story with its claims in place, and the list of stories."""

# Fixed SQL: what varies is a parameter.
# ruff: noqa: S608

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from stories.facets import counts
from stories.facets.filters import ArticleFilter
from stories.formats.pictures_in_text import InText, in_text
from stories.models import Appearance, Article, Claim, Correction, Politician, renditions
from stories.models.cards import StoryCard, StoryPage, on_its_page, story_list
from stories.models.prefetch import in_print
from stories.templatetags.metadata import story_head
from stories.text import richtext
from stories.views.http_caching import public_page, with_last_modified
from stories.views.kept import Kept
from stories.views.paging import page_of
from stories.views.slugs import find_by_slug

RELATED = 4
MARKS = (("checked", "Checked"), ("quoted", "Checked and quoted"), ("all", "All"), ("none", "None"))
MOST_MARKED = 0.25  # of a story's letters, at first
# Points of a related story for each claim, person and topic that it shares. The newest CANDIDATES of each
# person and topic are looked at, of the first MOST_SHARED of them.
SAME_CLAIM, SAME_PERSON, SAME_TAG = 5, 2, 1
CANDIDATES, MOST_SHARED = 20, 60
WITH_A_CLAIM = """
    SELECT DISTINCT article_id AS number, claim_id FROM stories_appearance
    WHERE claim_id IN ({claims}) AND article_id <> %s AND public_from <= %s"""
WITH_A_PERSON = f"""
    SELECT article AS number FROM stories_storyperson WHERE person = %s AND public_from <= %s
    ORDER BY public_from DESC, article DESC LIMIT {CANDIDATES}"""
WITH_A_TOPIC = f"""
    SELECT tagged.object_id AS number FROM taggit_taggeditem AS tagged
    JOIN stories_article AS story ON story.id = tagged.object_id
    WHERE tagged.tag_id = %s AND tagged.content_type_id = %s
    AND story.status = 'published' AND story.published_at <= %s ORDER BY tagged.id DESC LIMIT {CANDIDATES}"""


@dataclass(slots=True)
class Block:
    """An outermost element of a story's body or a picture, and the appearances whose words begin in it."""

    html: str
    notes: list[Appearance]
    picture: InText | None = None


@public_page
def articles(request: HttpRequest) -> HttpResponse:
    """Show the list of stories."""
    filters = ArticleFilter(
        request.GET, queryset=Article.objects.published().newest(), known_as=counts.STORIES
    )
    page = page_of(request, story_list(filters.qs), total=filters.total)
    return render(request, "stories/article_list.html", {"page": page, "filters": filters})


@public_page
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a story; 410 with the reason for one that was withdrawn.

    Last-Modified takes in the corrections and the review and rating of every claim on the page.
    """
    readable = on_its_page(Article.objects.published() | Article.objects.withdrawn())
    story = find_by_slug(readable, slug)
    if isinstance(story, HttpResponse):
        return story
    if story.status == Article.Status.WITHDRAWN:
        return render(request, "stories/article_withdrawn.html", {"story": story}, status=410)
    page = StoryPage(story)
    related = related_to(story, [card.pk for card in page.claims], [card.speaker_id for card in page.claims])
    context = {"story": story, "related": related, **pressed(page)}
    return with_last_modified(render(request, "stories/article.html", context), *page.moments)


def pressed(page: StoryPage) -> dict[str, SafeString]:
    """Return the parts of a story's page that only the story makes, kept for as long as it says the same."""
    # The pictures are files: a smaller version is offered when its file can be read.
    shown = [page.story.lead_image, *(picture.image for picture in in_text(page.story.body))]
    key = f"{page.key} {[renditions.measured(image) for image in shown]}"
    return KEPT.get_or_make(key, lambda: parts_of(page))


def parts_of(page: StoryPage) -> dict[str, SafeString]:
    """Return the metadata of a story's page (`head`) and the story (`whole`) as HTML."""
    context = story_context(page.story, page.printed, page.corrections)
    return {
        "head": story_head(page.story, context["blocks"], page.corrections),
        "whole": render_to_string("includes/story_whole.html", context),
    }


KEPT = Kept(most=300)  # of some 25 kB each


def story_context(story: Article, printed: list[Appearance], corrections: list[Correction]) -> dict[str, Any]:
    """Return the template context of a story's page.

    `printed` are its appearances in order of position, `corrections` those to show.
    """
    for appearance in printed:  # saves a query each: the link to a claim's words reads the story's text
        appearance.article = story
        appearance.surround(story.text)
    return {
        "story": story,
        "published_on": timezone.localtime(story.published_at).date(),
        "blocks": blocks_of(story, printed),
        "quoted": quoted_in(printed),
        "choices": MARKS,
        "marks": marks_at_first(story, printed),
        "checked_count": len({appearance.claim_id for appearance in printed if appearance.claim.rating}),
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


def class_of(claim: Claim) -> str:
    """Return the class of a claim's words in a story: readers choose which of them are marked."""
    if claim.rating:
        return "said checked"
    return "said reported" if claim.kind == claim.Kind.INDIRECT else "said"


def marks_at_first(story: Article, printed: list[Appearance]) -> str:
    """Return which words are marked until the reader chooses: "checked" where "quoted" are too many."""
    marked = bytearray(len(story.text))
    for appearance in printed:
        if class_of(appearance.claim) != "said reported":
            for part in appearance.selectors:
                marked[part.start : part.end] = b"x" * (min(part.end, len(marked)) - part.start)
    return "quoted" if marked.count(b"x") <= len(marked) * MOST_MARKED else "checked"


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
                    {"class": class_of(claim), "href": f"#claim-{claim.pk}"},
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
    for painted in richtext.paint_blocks(story.body, marks, curly=True):
        block = Block(painted.html, [], InText.of(painted.picture) if painted.picture else None)
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


def related_to(story: Article, claims: Sequence[int], speakers: Sequence[int | None]) -> list[StoryCard]:
    """Return published stories related to a story: those chosen by hand, then others up to RELATED.

    The others share most with it. `claims` are the primary keys of the claims that it prints, `speakers`
    those of who made them; it has its `topics`. The newest stories of a person are in the register of people
    in stories, in this order.
    """
    connection = connections[router.db_for_read(Article)]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    kind = ContentType.objects.get_for_model(Article).pk
    people = [pk for pk in dict.fromkeys(speakers) if pk][:MOST_SHARED]
    topics = [tag.pk for tag in story.topics if tag.pk][:MOST_SHARED]
    arms: list[tuple[int, str, tuple[Any, ...]]] = [
        *((SAME_PERSON, WITH_A_PERSON, (pk, now)) for pk in people),
        *((SAME_TAG, WITH_A_TOPIC, (pk, kind, now)) for pk in topics),
    ]
    if claims:
        sql = WITH_A_CLAIM.format(claims=", ".join(["%s"] * len(claims)))
        arms.append((SAME_CLAIM, sql, (*claims, story.pk, now)))
    points: Counter[int] = Counter()
    if arms:
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(f"SELECT {worth}, number FROM ({sql}) AS found" for worth, sql, _ in arms),
                [value for *_, values in arms for value in values],
            )
            for worth, pk in cursor.fetchall():
                points[pk] += worth
    best = sorted(points, key=lambda pk: (-points[pk], -pk))
    chosen = story.related_numbers
    wanted = dict.fromkeys([*chosen, *best[: RELATED * 4]])
    wanted.pop(story.pk, None)
    cards = StoryCard.of(list(wanted))
    return cards[: max(RELATED, sum(card.pk in chosen for card in cards))]
