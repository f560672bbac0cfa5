"""The front page: five queries, whatever the newsroom holds.

Its stories stand as the desk chose (`models/front_page.py`), and the newest where it chose none.
"""

# Fixed SQL: what varies is a parameter.
# ruff: noqa: S608

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from taggit.models import Tag

from stories.database.site_version import A_WEEK
from stories.models import Appearance, Article, Party, Politician, front_page
from stories.models.cards import ClaimCard, StoryCard
from stories.text.normalise import words_alone
from stories.text.quotations import begins_a_sentence
from stories.views.http_caching import public_page

NEWEST_CLAIMS = 6
QUOTED_IN_LEAD = 2
POOL = 7  # claims that alternate as the claim of the day
CHECKED = 3  # others of those, beside it
FEWEST_WORDS = 5  # of a quotation that stands alone
CANDIDATES = 40  # of each kind are read; of those the whole ones are shown
TALKED_ABOUT = 8
FULL = 8  # rows beside the latest stories, a checked claim counted as two
# With fewer people talked about in the past week's stories, the newest RECENT_STORIES are taken instead.
ENOUGH = 3
RECENT_STORIES = 30

PUBLISHED = "status = 'published' AND published_at <= %(now)s"
ON_RECORD = "confirmed AND merged_into_id IS NULL"
# The claims for the front page: direct words of somebody on record, none that only the importer has read. As
# the condition of the index `claim_front` has it, and more.
QUOTED = f"""
    state = 'accepted' AND (reviewed_at IS NOT NULL OR NOT (rating = '')) AND NOT (kind = 'indirect')
    AND kind = 'direct' AND stance = 'said' AND public_from <= %(now)s
    AND EXISTS (SELECT 1 FROM stories_politician WHERE id = stories_claim.speaker_id AND {ON_RECORD})"""
# (place, story, whether readers may see it there now) of each place that was given to one; then the newest.
CHOSEN = f"""
    SELECT * FROM (
        SELECT place, article_id AS story, CASE WHEN (until IS NULL OR until > %(now)s) AND EXISTS (
            SELECT 1 FROM stories_article WHERE id = stories_frontplace.article_id AND {PUBLISHED})
            THEN 1 ELSE 0 END AS live
        FROM stories_frontplace WHERE article_id IS NOT NULL) AS chosen
    UNION ALL SELECT * FROM (
        SELECT 0, id, 1 FROM stories_article WHERE {PUBLISHED}
        ORDER BY published_at DESC, id DESC LIMIT {front_page.ENOUGH}) AS newest"""
# (what, number, claim, words, whether rated): what else the page may show, each in its order. Of quotations
# in the lead the number of the appearance, of `named` that of somebody whom this week's stories speak of.
SHOWN = f"""
    SELECT * FROM (
        SELECT 'judged' AS what, id AS number, id AS claim, wording AS words, 1 AS rated
        FROM stories_claim WHERE {QUOTED} AND NOT (rating = '')
        ORDER BY checked_at DESC NULLS LAST, id DESC LIMIT {CANDIDATES}) AS judged
    UNION ALL SELECT * FROM (
        SELECT 'newest', id, id, wording, CASE WHEN rating = '' THEN 0 ELSE 1 END
        FROM stories_claim WHERE {QUOTED}
        ORDER BY listed_on DESC NULLS LAST, id DESC LIMIT {CANDIDATES}) AS newest
    UNION ALL SELECT * FROM (
        SELECT 'quotation', printed.id, claim_id, stories_claim.wording,
            CASE WHEN rating = '' THEN 0 ELSE 1 END
        FROM stories_appearance AS printed
        JOIN (SELECT * FROM stories_claim WHERE {QUOTED}) AS stories_claim ON stories_claim.id = claim_id
        WHERE printed.article_id = %(lead)s AND printed.public_from <= %(now)s
        ORDER BY "start", printed.id LIMIT {CANDIDATES}) AS quotations
    UNION ALL SELECT * FROM (
        SELECT DISTINCT 'named', about.politician_id, 0, '', 0
        FROM stories_appearance AS printed
        JOIN stories_claim_about AS about ON about.claim_id = printed.claim_id
        WHERE printed.public_from > %(week)s AND printed.public_from <= %(now)s
        AND EXISTS (SELECT 1 FROM stories_politician WHERE id = about.politician_id AND {ON_RECORD})
        LIMIT {ENOUGH}) AS named"""
# (what, name, slug, role, portrait, party, its colour, times): people by the claims about them that the
# stories print, topics by the stories that carry them. The sign keeps SQLite from walking through all that is
# tagged.
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
        SELECT 'person' AS what, person.name, person.slug, person.role, person.portrait, party.name AS party,
            party.colour, about.times
        FROM about JOIN stories_politician AS person ON person.id = about.person
        LEFT JOIN stories_party AS party ON party.id = person.party_id
        WHERE {ON_RECORD}
        ORDER BY about.times DESC, person.sort_name, person.id LIMIT {TALKED_ABOUT}) AS people
    UNION ALL SELECT * FROM (
        SELECT 'topic', tag.name, tag.slug, '', '', NULL, NULL, carried.times
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
    stories = StoryCard.of(stories_in_order())
    shown = everything_shown(lead=stories[0].pk if stories else 0)
    lead = stories[0].made if stories else None
    of_the_day = claim_of_the_day(timezone.localdate(), shown)
    quotes = {one.number: one.claim for one in quotes_for(lead, shown)} if lead else {}
    checked = [one.claim for one in shown["judged"][:POOL] if one.claim != of_the_day][:CHECKED]
    elsewhere = {of_the_day, *checked, *quotes.values()}
    newest = [one.claim for one in shown["newest"] if one.claim not in elsewhere][:NEWEST_CLAIMS]
    wanted = dict.fromkeys([*([of_the_day] if of_the_day else []), *checked, *newest, *quotes.values()])
    claims = {card.pk: card for card in ClaimCard.of(list(wanted))}
    featured = claims.get(of_the_day or 0)
    talked = talked_about("in the past week" if len(shown["named"]) >= ENOUGH else "in the latest stories")
    context = {
        "lead": lead,
        "latest": stories[1:],
        "claim_of_the_day": featured,
        "finding": featured.made.finding if featured else "",
        "checked": [claims[number] for number in checked if number in claims],
        "claims": [claims[number] for number in newest if number in claims],
        "lead_quotes": quotes_in(lead, quotes, claims) if lead else [],
        # Without much else the quotations stand beside the latest stories, so that both columns are full.
        "quotes_beside": len(talked["people"]) + 2 * len(checked) < FULL,
        **talked,
    }
    return render(request, "stories/front.html", context)


def asked(sql: str, **given: int) -> list[Any]:
    """Return the rows of one of the statements above, with what it names and is `given`."""
    connection, now = connections[router.db_for_read(Article)], timezone.now()
    moments = {"now": now, "week": now - A_WEEK}
    values: dict[str, Any] = {
        name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()
    }
    values |= {"kind": ContentType.objects.get_for_model(Article).pk, **given}
    with connection.cursor() as cursor:
        cursor.execute(sql, {name: value for name, value in values.items() if f"%({name})s" in sql})
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that the page may show; see `SHOWN`."""

    number: int
    claim: int
    words: str
    rated: bool

    @property
    def is_whole(self) -> bool:
        """Whether it can stand alone: no claim, or one of several words that begin as a sentence does."""
        return not self.claim or (begins_a_sentence(self.words) and len(self.words.split()) >= FEWEST_WORDS)


def stories_in_order() -> list[int]:
    """Return the primary keys of the stories to show, the lead first."""
    places: list[int | None] = [None] * front_page.PLACES
    live, newest = set(), []
    for place, story, seen in asked(CHOSEN):
        if not place:
            newest.append(story)
            continue
        places[place - 1] = story
        if seen:
            live.add(story)
    return front_page.arranged(places, live=live, newest=newest)


def everything_shown(lead: int = 0) -> dict[str, list[Shown]]:
    """Return what else the page may show, by what it is; of claims the whole ones, those rated first.

    `lead` is the primary key of the story whose quotations are among it.
    """
    shown = defaultdict(list)
    for what, number, claim, words, rated in asked(SHOWN, lead=lead):
        one = Shown(number, claim, words, bool(rated))
        if one.is_whole:
            shown[what].append(one)
    shown["newest"] = sorted(shown["newest"][: NEWEST_CLAIMS * 2], key=lambda one: not one.rated)
    shown["quotation"].sort(key=lambda one: not one.rated)
    return shown


def claim_of_the_day(day: datetime.date, shown: dict[str, list[Shown]]) -> int | None:
    """Return one of the claims rated last, a different one each day.

    Without any, one of the newest quotations; None if there is neither.
    """
    choice = (shown["judged"] or shown["newest"])[:POOL]
    return choice[day.toordinal() % len(choice)].claim if choice else None


def quotes_for(lead: Article, shown: dict[str, list[Shown]]) -> list[Shown]:
    """Return quotations of a story to show under its standfirst, none that repeats it or the headline."""
    above = [words_alone(words) for words in (lead.headline, lead.standfirst or lead.opening)]  # type: ignore[attr-defined]
    kept = [one for one in shown["quotation"] if not any(repeats(one.words, words) for words in above)]
    return list({one.claim: one for one in reversed(kept)}.values())[::-1][:QUOTED_IN_LEAD]


def repeats(words: str, above: str) -> bool:
    """Whether words stand in those above them, whole or FEWEST_WORDS of them in a row."""
    said = words_alone(words).split()
    runs = (said[start : start + FEWEST_WORDS] for start in range(len(said) - FEWEST_WORDS + 1))
    return any(f" {' '.join(run)} " in f" {above} " for run in runs)


def quotes_in(lead: Article, quoted: dict[int, int], claims: dict[int, ClaimCard]) -> list[Appearance]:
    """Return the appearances of quotations in a story, by their numbers."""
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
    for what, name, slug, role, portrait, party, colour, times in asked(TALKED.format(stories=STORIES[span])):
        if what == "person":
            belongs = None if party is None else Party(name=party, colour=colour)
            people.append(Politician(name=name, slug=slug, role=role, portrait=portrait, party=belongs))
            people[-1].times = times  # type: ignore[attr-defined]
        else:
            topics.append(Tag(name=name, slug=slug))
            topics[-1].times = times
    return {"people": people, "topics": topics, "span": span}
