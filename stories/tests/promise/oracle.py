"""What must hold after every act at the desk, computed anew from the rows and asked of the public pages."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test import Client
from taggit.models import Tag, TaggedItem

from stories.database import claim_index
from stories.formats.sitemaps import SPAN
from stories.models import (
    Appearance,
    Article,
    Claim,
    Correction,
    Evidence,
    OtherName,
    PendingVersion,
    Politician,
)

# A word that no story shares with another; each headline has one.
TOKEN = re.compile(r"zq\d+x")
CLAIM_ADDRESS = re.compile(r"/claims/(\d+)-")
Row = dict[str, Any]
# Model -> primary key -> column -> value.
State = dict[type[Model], dict[Any, Row]]

# What people set. Columns that follow from others (keys, plain text, places in a text, `public_from`) are not
# among them: they are computed again and compared in the checks below.
SET_BY_PEOPLE: Mapping[type[Model], tuple[str, ...]] = {
    Article: (
        "headline standfirst slug status published_at first_published_at withdrawn_reason body embargo_note "
        "dateline source"
    ).split(),
    Claim: (
        "speaker_id speaker_label wording kind said_on state rating rating_summary explanation methodology "
        "checked_by_id reviewed_by_id"
    ).split(),
    Appearance: "claim_id article_id attribution told kind".split(),
    Politician: "name slug party_id role summary confirmed merged_into_id".split(),
    OtherName: "politician_id name".split(),
    Evidence: "claim_id url title note".split(),
    Correction: "article_id claim_id text made_at".split(),
    Tag: "name slug".split(),
    TaggedItem: "tag_id object_id content_type_id".split(),
}


# Written once: thousands of states are asked for, and the database answers sooner than a queryset is made.
ASKED = {
    model: f"SELECT {model._meta.pk.column}, {', '.join(columns)} FROM {model._meta.db_table}"  # noqa: S608
    for model, columns in SET_BY_PEOPLE.items()
}


def state() -> State:
    """All that people have set, as the database has it."""
    found: State = {}
    with connection.cursor() as cursor:
        for model, columns in SET_BY_PEOPLE.items():
            cursor.execute(ASKED[model])
            found[model] = {pk: dict(zip(columns, row, strict=True)) for pk, *row in cursor.fetchall()}
    return found


def differences(before: State, after: State) -> Iterator[tuple[type[Model], Any, str, Any, Any]]:
    """Each column that two states differ in: (model, key, column, before, after). A row that was made has
    the column "+", and one that went "-"; their values are the whole row."""
    for model in SET_BY_PEOPLE:
        old, new = before[model], after[model]
        for pk in old.keys() - new.keys():
            yield model, pk, "-", old[pk], None
        for pk in new.keys() - old.keys():
            yield model, pk, "+", None, new[pk]
        for pk in old.keys() & new.keys():
            for column, value in old[pk].items():
                if new[pk][column] != value:
                    yield model, pk, column, value, new[pk][column]


# After every step


def check_places(names: Iterable[str], noted: set[int]) -> None:
    """Each appearance in place stands on its own words, in a sentence that prints its own speaker.

    That is whichever of `names` its attribution has, the speaker as printed when the claim was made, or else
    whom a reviewer has given it to since. Where the sentence of a claim that is not accepted comes to print
    another, a person is to see that when they decide: its appearance goes into `noted`, to be asked once.
    """
    rows = Appearance.objects.filter(state__in=Appearance.IN_PLACE)
    for row in rows.select_related("article", "claim__speaker"):
        text = row.article.text
        for part in row.selectors:
            assert text[part.start : part.end] == part.exact, (row, text[part.start : part.end], part.exact)
        paragraph = paragraph_at(text, row.start)
        own = f"said {row.claim.speaker} " if row.claim.speaker else ""
        for name in names:
            if name not in row.attribution or f"said {name} " in paragraph or (own and own in paragraph):
                continue
            if row.claim.state != Claim.State.ACCEPTED:
                noted.add(row.pk)
            assert row.pk in noted, (row, row.attribution, paragraph)


def paragraph_at(text: str, at: int) -> str:
    """The paragraph in which the character number `at` stands."""
    start = text.rfind("\n\n", 0, at)
    end = text.find("\n\n", at)
    return text[start + 2 if start >= 0 else 0 : end if end >= 0 else len(text)]


PRINTED = """
    SELECT a.id, a.claim_id, a.public_from, a.state IN ('kept', 'moved'), c.state = 'accepted',
        s.status = 'published', s.published_at
    FROM stories_appearance a JOIN stories_claim c ON c.id = a.claim_id
    JOIN stories_article s ON s.id = a.article_id"""
KEPT = (
    "SELECT claim, person, topic, outlet, speaker, rating, kind, said_on, public_from "
    "FROM stories_claimheading",
    "SELECT article, person, public_from FROM stories_storyperson",
)


def check_kept_columns() -> None:
    """`public_from` and the rows kept for counting are what a fresh computation from the tables gives."""
    printed: dict[int, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute(PRINTED)
        for pk, claim, public_from, in_place, accepted, published, at in cursor.fetchall():
            public = in_place and accepted and published
            assert public_from == (at if public else None), ("Appearance", pk, public_from)
            if public_from is not None:
                printed[claim] = min(public_from, printed.get(claim, public_from))
        cursor.execute("SELECT id, public_from FROM stories_claim WHERE public_from IS NOT NULL")
        assert dict(cursor.fetchall()) == printed
    kept = _kept()
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT fresh")
        for register in ("claimheading", "storyperson"):
            cursor.execute(f"DELETE FROM stories_{register}")  # noqa: S608
        cursor.execute(claim_index.filling_headings("true"))
        cursor.execute(claim_index.filling_people("true"))
        fresh = _kept()
        cursor.execute("ROLLBACK TO SAVEPOINT fresh")
        cursor.execute("RELEASE SAVEPOINT fresh")
    assert kept == fresh


def _kept() -> list[list[Any]]:
    found = []
    with connection.cursor() as cursor:
        for each in KEPT:
            cursor.execute(each)
            found.append(sorted(cursor.fetchall(), key=str))
    return found


@dataclass(frozen=True, slots=True)
class Hidden:
    """What no reader may see: stories (key -> address, headline) and claims (key -> address), and what tells
    the stories on a list: the word of each headline that no public story has as well, be it one that waits
    to be published."""

    stories: Mapping[int, tuple[str, str]]
    claims: Mapping[int, str]
    tokens: frozenset[str]


def hidden() -> Hidden:
    """By the rules of what is published, asked of the rows."""
    stories = list(Article.objects.only("pk", "slug", "headline", "status", "published_at"))
    published = set(Claim.objects.published().values_list("pk", flat=True))
    waiting = [TOKEN.findall(row.fields.get("headline", "")) for row in PendingVersion.objects.all()]
    return Hidden(
        {row.pk: (row.get_absolute_url(), row.headline) for row in stories if not row.is_public},
        {row.pk: row.get_absolute_url() for row in Claim.objects.exclude(pk__in=published)},
        frozenset(
            tokens_of(row for row in stories if not row.is_public).union(*waiting)
            - tokens_of(row for row in stories if row.is_public)
        ),
    )


def check_hidden(client: Client, now: Hidden, before: Hidden) -> None:
    """What has come to be hidden since `before` does not answer at its own addresses.

    Nothing else can have changed there: an answer is made from the rows alone.
    """
    for pk, (address, headline) in now.stories.items():
        if before.stories.get(pk) != (address, headline):
            for form in (address, f"{address.rstrip('/')}.json"):
                answer = client.get(form)
                assert answer.status_code in {404, 410}, (form, answer.status_code)
                # A page of an error may offer a search for the words of the address.
                assert headline not in answer.content.decode(), form
    for pk, address in now.claims.items():
        if before.claims.get(pk) != address:
            for form in (address, f"/claims/{pk}/embed/"):
                answer = client.get(form)
                assert answer.status_code in {404, 410}, (form, answer.status_code)


def check_lists(client: Client, now: Hidden, addresses: Iterable[str]) -> None:
    """Nothing hidden is on any page of `addresses`."""
    for address in addresses:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        page = content.decode()
        assert not now.tokens & set(TOKEN.findall(page)), address
        shown = {int(pk) for pk in CLAIM_ADDRESS.findall(page)}
        assert not shown & now.claims.keys(), (address, shown & now.claims.keys())


def tokens_of(stories: Iterable[Article]) -> set[str]:
    """The word in each headline by which a page that shows the story is known."""
    return {token for story in stories for token in TOKEN.findall(story.headline)}


EVERY_LIST = (
    "/ /stories/ /claims/ /people/ /topics/ /corrections/ /archive/ /who-said-what/ /feed/ /feed/json/ "
    "/claims/feed/ /sitemap.xml /news-sitemap.xml /claims.csv "
    "/api/v1/stories /api/v1/claims /api/v1/politicians /api/v1/topics"
).split()


def every_address() -> list[str]:
    """The lists and every public thing's own page."""
    found = list(EVERY_LIST)
    for section, rows in (("stories", Article.objects.published()), ("claims", Claim.objects.published())):
        found += [row.get_absolute_url() for row in rows]
        found += [f"/sitemap-{section}-{part}.xml" for part in sorted({row.pk // SPAN for row in rows})]
    found += [row.get_absolute_url() for row in Politician.objects.published()]
    return found + [f"/search/?q={words}" for words in ("wall", "headline")]


# Which columns an act may set, by its name; "+" and "-" stand for rows that it may make and take away.
# A column behind "?" may only be filled where it was empty.
JOIN = (
    "Claim - state reviewed_by_id ?rating ?rating_summary ?explanation ?methodology ?checked_by_id ?said_on;"
    "Appearance - claim_id; Evidence claim_id; Correction claim_id; TaggedItem + -"
)
REVIEW = "Claim state reviewed_by_id; Politician confirmed"
SPEAKER = "Claim speaker_id speaker_label"
# A save looks for each claim's words again, and may send a claim back to review.
SAVE = "Claim state reviewed_by_id"
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "edit": ("Article body", SAVE),
    "write standfirst": ("Article standfirst",),
    "write dateline": ("Article dateline",),
    "write source": ("Article source",),
    "save changes": (),
    "publish changes": ("Article headline body; Correction +", SAVE),
    "discard changes": (),
    "restore changes": (),
    # With a story that is published again, or is a draft again, its changes go in.
    "publish": ("Article status published_at first_published_at withdrawn_reason headline body", SAVE),
    "delete story": ("Article -; Appearance -; Correction -; TaggedItem -; Tag -",),
    "bring back": ("Article +; Appearance +; Claim +; TaggedItem +; Tag +", SAVE),
    "queue accepted": (REVIEW,),
    "queue rejected": (REVIEW,),
    "queue reassigned": (REVIEW, SPEAKER, JOIN),
    "queue merged": (JOIN,),
    "queue reworded": ("Claim wording",),
    "queue split": ("Claim wording +; Appearance +",),
    "claim accept": (REVIEW,),
    "claim reject": (REVIEW,),
    "claim reopen": (REVIEW,),
    "claim reassign": (SPEAKER, JOIN),
    "claim label": (SPEAKER, JOIN),
    "claim merge": (JOIN,),
    # Who gives a verdict on a claim that was accepted unread has read it.
    "rate": ("Claim rating rating_summary checked_by_id ?reviewed_by_id; Correction + - text",),
    "claim methodology": ("Claim methodology",),
    "claim said_on": ("Claim said_on",),
    "claim kind": ("Claim kind",),
    "make claim": ("Claim +; Appearance +", REVIEW),
    "take out": ("Appearance -; Claim -; TaggedItem -",),
    "place": (),
    "merge people": (
        "Claim speaker_id; OtherName + - politician_id",
        "Politician ?party_id ?role ?summary confirmed merged_into_id",
        JOIN,
    ),
    "person summary": ("Politician summary",),
    "person role": ("Politician role",),
    "confirm": ("Politician confirmed",),
    "tag": ("TaggedItem + -; Tag +",),
    "merge topics": ("TaggedItem + - tag_id; Tag -",),
    "restore": (
        "Article headline standfirst body embargo_note dateline source",
        "Appearance + - claim_id; Claim +; TaggedItem + -; Tag +",
        SAVE,
    ),
    "import": (
        "Article + headline standfirst body dateline source slug status published_at first_published_at",
        "Claim + - speaker_id; Appearance + -; Politician + confirmed; OtherName +; Tag + -; TaggedItem + -",
        REVIEW,
    ),
}


def check_frame(name: str, before: State, after: State) -> None:
    """An act set nothing but what an act of that name is for. Raises AssertionError."""
    allowed: dict[str, set[str]] = {}
    for group in ALLOWED[name]:
        for rule in group.split(";"):
            model, *columns = rule.split()
            allowed.setdefault(model, set()).update(columns)
    for model, pk, column, was, became in differences(before, after):
        may = allowed.get(model.__name__, set())
        filled = f"?{column}" in may and not was
        assert column in may or filled, (name, model.__name__, pk, column, was, became)


# After an act was taken back


def carried_on(column: str, then: Any, now: Any, since: State) -> bool:
    """Whether what pointed at `then` points at `now` because the two were made one.

    A claim that was joined to another is gone, and so is a topic; a person who was merged says into whom.
    """
    match column:
        case "claim_id":
            return then not in since[Claim]
        case "tag_id":
            return then not in since[Tag]
        case "politician_id" | "speaker_id" | "merged_into_id":
            people, seen = since[Politician], set()
            while then in people and people[then]["merged_into_id"] and then not in seen:
                seen.add(then)
                then = people[then]["merged_into_id"]
            return bool(then == now)
    return False


def check_taken_back(
    before: State,
    done: State,
    since: State,
    now: State,
) -> None:
    """Taking an act back set just what the act had set, and only where nobody had set it again.

    The four states are those before the act, after it, before it was taken back, and after.
    """
    for model, pk, column, was, became in differences(since, now):
        act_from, act_to = before[model].get(pk), done[model].get(pk)
        where = (model.__name__, pk, column, was, became)
        if column == "-":
            assert act_from is None, ("a row went that the act had not made", *where)
            assert act_to is not None, ("a row went that the act had not made", *where)
        elif column == "+":
            assert act_from is not None, ("a row came that the act had not taken", *where)
            assert act_to is None, ("a row came that the act had not taken", *where)
        else:
            assert act_to is not None, ("of no row of the act", *where)
            assert carried_on(column, act_to[column], was, since) or act_to[column] == was, (
                "set since, and overwritten",
                *where,
            )
            assert act_from is not None, ("of a row that the act made", *where)
            assert act_from[column] == became, ("not what it was before", *where)
