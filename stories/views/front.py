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
POOL = 7  # claims that take turns as the claim of the day
TALKED_ABOUT = 8
A_WEEK = datetime.timedelta(days=7)
ENOUGH = 3  # people talked about, for a week to stand; in a quieter one the newest stories stand for it
RECENT_STORIES = 30


@public_page
def front(request: HttpRequest) -> HttpResponse:
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
    """What was said in the speakers' own words, in whole or in part, and an editor has read: the front page
    shows no paraphrase, and nothing that only software has read."""
    return Claim.objects.published().read().exclude(kind=Claim.Kind.INDIRECT)


def claim_of_the_day(day: datetime.date) -> Claim | None:
    """Of the claims judged last, or said last when none is judged, another one each day."""
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
    others = quoted().exclude(pk=of_the_day.pk) if of_the_day else quoted()
    return claim_cards(others.order_by(*NEWEST_FIRST))[:NEWEST_CLAIMS]


def quotes_in(story: Article) -> list[Appearance]:
    """The first things said in a story, to stand under its headline."""
    said = Appearance.objects.published().filter(article=story, kind=Claim.Kind.DIRECT)
    read = said.filter(claim__in=Claim.objects.read())
    return list(read.select_related("claim__speaker").order_by("start", "pk")[:QUOTED_IN_LEAD])


def talked_about() -> dict[str, Any]:
    """People and topics of this week's stories, each with in how many claims or stories."""
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
    """Whom the claims printed in the stories are about, those in most claims first."""
    claims = Appearance.objects.published().filter(article__in=stories).order_by().values("claim")
    return (
        Politician.objects.published()
        .filter(claims_about__in=claims)
        .annotate(times=Count("claims_about", distinct=True))
        .select_related("party")
        .order_by("-times", "sort_name")[:TALKED_ABOUT]
    )


def topics_of(stories: Any) -> QuerySet[Tag]:
    kind = ContentType.objects.get_for_model(Article)
    tagged = TaggedItem.objects.filter(content_type=kind, object_id__in=stories)
    topics: QuerySet[Tag] = (
        Tag.objects.filter(taggit_taggeditem_items__in=tagged)
        .annotate(times=Count("taggit_taggeditem_items"))
        .order_by("-times", "name")[:TALKED_ABOUT]
    )
    return topics
