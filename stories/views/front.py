"""The front page: four queries, whatever the newsroom holds."""

# Fixed SQL: what varies is a parameter.
# ruff: noqa: S608

import datetime
from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from taggit.models import Tag

from stories.database.site_version import A_WEEK
from stories.models import Appearance, Article, Party, Politician
from stories.models.cards import ClaimCard, StoryCard
from stories.views.http_caching import public_page

LATEST = 7
NEWEST_CLAIMS = 6
QUOTED_IN_LEAD = 2
POOL = 7  # claims that alternate as the claim of the day
TALKED_ABOUT = 8
# With fewer people talked about in the past week's stories, the newest RECENT_STORIES are taken instead.
ENOUGH = 3
RECENT_STORIES = 30

PUBLISHED = "status = 'published' AND published_at <= %(now)s"
ON_RECORD = "confirmed AND merged_into_id IS NULL"
# The claims for the front page: no paraphrases, and none that only the importer has read. As the condition of
# the index `claim_front` has it.
QUOTED = """
    state = 'accepted' AND (reviewed_at IS NOT NULL OR NOT (rating = '')) AND NOT (kind = 'indirect')
    AND public_from <= %(now)s"""
NEWEST_FIRST = "ORDER BY listed_on DESC NULLS LAST, id DESC"
# (what, number, claim): what the page shows, each in its order. Of quotations in the lead the number of the
# appearance, of `named` that of somebody whom this week's stories speak of.
SHOWN = f"""
    SELECT * FROM (
        SELECT 'story' AS what, id AS number, 0 AS claim FROM stories_article WHERE {PUBLISHED}
        ORDER BY published_at DESC, id DESC LIMIT {LATEST}) AS stories
    UNION ALL SELECT * FROM (
        SELECT 'judged', id, id FROM stories_claim WHERE {QUOTED} AND NOT (rating = '')
        ORDER BY checked_at DESC NULLS LAST, id DESC LIMIT {POOL}) AS judged
    UNION ALL SELECT * FROM (
        SELECT 'spoken', id, id FROM stories_claim WHERE {QUOTED} AND kind = 'direct'
        AND EXISTS (SELECT 1 FROM stories_politician WHERE id = stories_claim.speaker_id AND {ON_RECORD})
        {NEWEST_FIRST} LIMIT {POOL}) AS spoken
    UNION ALL SELECT * FROM (
        SELECT 'newest', id, id FROM stories_claim WHERE {QUOTED} {NEWEST_FIRST}
        LIMIT {NEWEST_CLAIMS + 1}) AS newest
    UNION ALL SELECT * FROM (
        SELECT 'quotation', id, claim_id FROM stories_appearance
        WHERE article_id = (
            SELECT id FROM stories_article WHERE {PUBLISHED} ORDER BY published_at DESC, id DESC LIMIT 1)
        AND public_from <= %(now)s AND kind = 'direct'
        AND EXISTS (SELECT 1 FROM stories_claim WHERE id = stories_appearance.claim_id
            AND (reviewed_at IS NOT NULL OR NOT (rating = '')))
        ORDER BY "start", id LIMIT {QUOTED_IN_LEAD}) AS quotations
    UNION ALL SELECT * FROM (
        SELECT DISTINCT 'named', about.politician_id, 0
        FROM stories_appearance AS printed
        JOIN stories_claim_about AS about ON about.claim_id = printed.claim_id
        WHERE printed.public_from > %(week)s AND printed.public_from <= %(now)s
        AND EXISTS (SELECT 1 FROM stories_politician WHERE id = about.politician_id AND {ON_RECORD})
        LIMIT {ENOUGH}) AS named"""
# (what, name, slug, role, party, its colour, times): people by the claims about them that the stories print,
# topics by the stories that carry them. The sign keeps SQLite from walking through all that is tagged.
TALKED = f"""
    WITH counted AS ({{stories}}), about AS (
        SELECT about.politician_id AS person, COUNT(DISTINCT about.claim_id) AS times
        FROM counted JOIN stories_appearance AS printed ON printed.article_id = counted.id
        JOIN stories_claim_about AS about ON about.claim_id = printed.claim_id
        WHERE printed.public_from <= %(now)s GROUP BY about.politician_id),
    carried AS (
        SELECT +tagged.tag_id AS tag, COUNT(*) AS times
        FROM counted JOIN taggit_taggeditem AS tagged
        ON tagged.object_id = counted.id AND tagged.content_type_id = %(kind)s GROUP BY +tagged.tag_id)
    SELECT * FROM (
        SELECT 'person' AS what, person.name, person.slug, person.role, party.name AS party, party.colour,
            about.times
        FROM about JOIN stories_politician AS person ON person.id = about.person
        LEFT JOIN stories_party AS party ON party.id = person.party_id
        WHERE {ON_RECORD}
        ORDER BY about.times DESC, person.sort_name, person.id LIMIT {TALKED_ABOUT}) AS people
    UNION ALL SELECT * FROM (
        SELECT 'topic', tag.name, tag.slug, '', NULL, NULL, carried.times
        FROM carried JOIN taggit_tag AS tag ON tag.id = carried.tag
        ORDER BY carried.times DESC, tag.name LIMIT {TALKED_ABOUT}) AS topics"""
STORIES = {
    "in the past week": f"SELECT id FROM stories_article WHERE {PUBLISHED} AND published_at > %(week)s",
    "in the latest stories": f"""SELECT id FROM stories_article WHERE {PUBLISHED}
        ORDER BY published_at DESC, id DESC LIMIT {RECENT_STORIES}""",
}


@public_page
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    shown = everything_shown()
    stories = StoryCard.of([number for number, _ in shown["story"]])
    of_the_day = claim_of_the_day(timezone.localdate(), shown)
    newest = [number for number, _ in shown["newest"] if number != of_the_day][:NEWEST_CLAIMS]
    quoted = [claim for _, claim in shown["quotation"]]
    wanted = dict.fromkeys([*([of_the_day] if of_the_day else []), *newest, *quoted])
    claims = {card.pk: card for card in ClaimCard.of(list(wanted))}
    featured = claims.get(of_the_day or 0)
    lead = stories[0].made if stories else None
    context = {
        "lead": lead,
        "latest": stories[1:],
        "claim_of_the_day": featured,
        "finding": featured.made.finding if featured else "",
        "claims": [claims[number] for number in newest if number in claims],
        "lead_quotes": quotes_in(lead, dict(shown["quotation"]), claims) if lead else [],
        **talked_about("in the past week" if len(shown["named"]) >= ENOUGH else "in the latest stories"),
    }
    return render(request, "stories/front.html", context)


def asked(sql: str) -> list[Any]:
    """Return the rows of one of the statements above."""
    connection, now = connections[router.db_for_read(Article)], timezone.now()
    moments = {"now": now, "week": now - A_WEEK}
    values: dict[str, Any] = {
        name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()
    }
    values["kind"] = ContentType.objects.get_for_model(Article).pk
    with connection.cursor() as cursor:
        cursor.execute(sql, {name: value for name, value in values.items() if f"%({name})s" in sql})
        return list(cursor.fetchall())


def everything_shown() -> dict[str, list[tuple[int, int]]]:
    """Return (number, claim) of what the page shows, by what it is; see `SHOWN`."""
    shown = defaultdict(list)
    for what, number, claim in asked(SHOWN):
        shown[what].append((number, claim))
    return shown


def claim_of_the_day(day: datetime.date, shown: dict[str, list[tuple[int, int]]]) -> int | None:
    """Return one of the claims rated last, a different one each day.

    Without any, one of the newest direct quotations; None if there is neither.
    """
    choice = shown["judged"] or shown["spoken"]
    return choice[day.toordinal() % len(choice)][0] if choice else None


def quotes_in(lead: Article, quoted: dict[int, int], claims: dict[int, ClaimCard]) -> list[Appearance]:
    """Return the first direct quotations of a story that an editor has read, to show under its headline."""
    printed = [place for claim in quoted.values() if claim in claims for place in claims[claim].made.printed]
    found = {place.pk: place for place in printed}
    quotes = [found[number] for number in quoted if number in found]
    for quote in quotes:
        quote.article = lead
    return quotes


def talked_about(span: str) -> dict[str, Any]:
    """Return people and topics of the stories of a span with their counts, and the span's name."""
    people: list[Politician] = []
    topics: list[Tag] = []
    for what, name, slug, role, party, colour, times in asked(TALKED.format(stories=STORIES[span])):
        if what == "person":
            belongs = None if party is None else Party(name=party, colour=colour)
            people.append(Politician(name=name, slug=slug, role=role, party=belongs))
            people[-1].times = times  # type: ignore[attr-defined]
        else:
            topics.append(Tag(name=name, slug=slug))
            topics[-1].times = times
    return {"people": people, "topics": topics, "span": span}
