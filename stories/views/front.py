"""The front page."""

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from taggit.models import Tag, TaggedItem

from stories.models import Appearance, Article, Claim, Politician
from stories.models.prefetch import NEWEST_FIRST, claim_cards, story_cards
from stories.views.http_caching import public_page

LATEST = 7
NEWEST_CLAIMS = 6
QUOTED_IN_LEAD = 2
POOL = 7  # claims that alternate as the claim of the day
TALKED_ABOUT = 8
A_WEEK = datetime.timedelta(days=7)
# With fewer people talked about in this week's stories, the newest RECENT_STORIES are taken instead.
ENOUGH = 3
RECENT_STORIES = 30


@public_page
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    stories = list(story_cards(Article.objects.published().newest())[:LATEST])
    of_the_day = claim_of_the_day(timezone.localdate())
    context = {
        "lead": stories[0] if stories else None,
        "latest": stories[1:],
        "claim_of_the_day": of_the_day,
        "claims": said_lately(of_the_day),
        "lead_quotes": quotes_in(stories[0]) if stories else [],
        **talked_about(),
    }
    return render(request, "stories/front.html", context)


def quoted() -> QuerySet[Claim]:
    """Return the published claims for the front page: direct or partly direct quotations, read by an editor.

    Paraphrases and claims that only the importer has read are left out.
    """
    return Claim.objects.published().read().exclude(kind=Claim.Kind.INDIRECT)


def claim_of_the_day(day: datetime.date) -> Claim | None:
    """Return one of the claims rated last, a different one each day.

    Without any, one of the newest direct quotations; None if there is neither.
    """
    people = Politician.objects.published()
    judged = quoted().exclude(rating="").order_by(F("checked_at").desc(nulls_last=True), "-pk")
    choice = list(judged.values_list("pk", flat=True)[:POOL])
    if not choice:
        spoken = quoted().filter(speaker__in=people, kind=Claim.Kind.DIRECT)
        choice = list(spoken.order_by(*NEWEST_FIRST).values_list("pk", flat=True)[:POOL])
    if not choice:
        return None
    return claim_cards(Claim.objects.filter(pk=choice[day.toordinal() % len(choice)])).first()


def said_lately(of_the_day: Claim | None) -> QuerySet[Claim]:
    """Return the newest claims except the claim of the day."""
    others = quoted().exclude(pk=of_the_day.pk) if of_the_day else quoted()
    return claim_cards(others.order_by(*NEWEST_FIRST))[:NEWEST_CLAIMS]


def quotes_in(story: Article) -> list[Appearance]:
    """Return the first direct quotations of a story that an editor has read, to show under its headline."""
    said = Appearance.objects.published().filter(article=story, kind=Claim.Kind.DIRECT)
    read = said.filter(claim__in=Claim.objects.read())
    return list(read.select_related("claim__speaker").order_by("start", "pk")[:QUOTED_IN_LEAD])


def talked_about() -> dict[str, Any]:
    """Return people and topics of this week's stories with their counts, and the label of the time range."""
    week = Article.objects.published().filter(published_at__gt=timezone.now() - A_WEEK).order_by()
    newest = list(Article.objects.published().newest().values_list("pk", flat=True)[:RECENT_STORIES])
    this_week, lately = list(people_in(week.values("pk"))), list(people_in(newest))
    is_this_week = len(this_week) >= ENOUGH
    return {
        "people": this_week if is_this_week else lately,
        "topics": topics_of(week.values("pk") if is_this_week else newest),
        "span": "this week" if is_this_week else "lately",
    }


def people_in(stories: Any) -> QuerySet[Politician]:
    """Return the politicians whom most claims printed in the stories are about, each with `times`."""
    claims = Appearance.objects.published().filter(article__in=stories).order_by().values("claim")
    return (
        Politician.objects.published()
        .filter(claims_about__in=claims)
        .annotate(times=Count("claims_about", distinct=True))
        .select_related("party")
        .order_by("-times", "sort_name")[:TALKED_ABOUT]
    )


def topics_of(stories: Any) -> QuerySet[Tag]:
    """Return the topics of the stories with `times`, the number of stories, most stories first."""
    kind = ContentType.objects.get_for_model(Article)
    tagged = TaggedItem.objects.filter(content_type=kind, object_id__in=stories)
    topics: QuerySet[Tag] = (
        Tag.objects.filter(taggit_taggeditem_items__in=tagged)
        .annotate(times=Count("taggit_taggeditem_items"))
        .order_by("-times", "name")[:TALKED_ABOUT]
    )
    return topics
