"""Claims, where they are printed, and how they were judged, as rows of tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from stories.formats.tables.columns import Column, Row, Table, addresses, day, in_utc
from stories.models import (
    Appearance,
    Claim,
    ClaimHeading,
    Contradiction,
    OutletName,
    OutletWords,
    VerdictChange,
)
from stories.models.claims import address_words, wording_key

KINDS, STANCES, RATINGS = dict(Claim.Kind.choices), dict(Claim.Stance.choices), dict(Claim.Rating.choices)
UNKNOWN = ("unknown", "Not known")  # the stance of a claim that has none
PLACE = ("exact", "prefix", "suffix", "start", "end", "further")

CLAIM_COLUMNS = (
    Column("claim", "integer", "The claim’s number."),
    Column("address", "string", "Its page."),
    Column("words", "string", "Its words in one line; “ … ” where an interrupted quotation goes on."),
    Column("parts", "strings", "The words part by part, as the first story prints them.", between=" | "),
    Column("kind", "string", "direct, partial or indirect."),
    Column(
        "stance",
        "string",
        "What the speaker did with the words: said, denied, asked, hoped, quoted or unknown.",
    ),
    Column("verb_as_printed", "string", "The verb as it was printed, with its negation."),
    Column("speaker", "string", "Who said it, as readers are told."),
    Column("speaker_address", "string", "The page of the speaker’s record; empty without a record."),
    Column("role_as_printed", "string", "The speaker’s office as the first story prints it."),
    Column("party_as_printed", "string", "The speaker’s party as the first story prints it."),
    Column("told", "string", "To whom it was said, as the first story prints it."),
    Column("said_on", "date", "The day on which it was said.", may_lack=True),
    Column("about", "strings", "Names of the people whom it is about."),
    Column("topics", "strings", "Its topics."),
    Column("verdict", "string", "true, mostly_true, misleading, false, unproven, or empty."),
    Column("verdict_in_a_sentence", "string", "Why, in a sentence."),
    Column("checked_on", "date", "The day of the verdict.", may_lack=True),
    Column("read_by_an_editor", "boolean", "no: found by software and accepted as found."),
    Column("stories", "strings", "Addresses of the stories that print it, the first one first.", between=" "),
    Column("kind_label", "string", "`kind` in words."),
    Column("stance_label", "string", "`stance` in words."),
    Column("verdict_label", "string", "`verdict` in words."),
    Column("party", "string", "The party on the speaker’s record now."),
    Column("speaker_id", "integer", "The number of the speaker’s record.", may_lack=True),
    Column("about_ids", "integers", "The numbers of the records of the people whom it is about."),
    Column("outlet", "string", "The name of the outlet that `told` means, if it is on record."),
    Column("outlet_id", "integer", "The number of that outlet.", may_lack=True),
)


def published(using: str) -> QuerySet[Claim, int]:
    """Return the primary keys of the claims that readers may see."""
    return Claim.objects.using(using).published().order_by("pk").values_list("pk", flat=True)


def claims(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield the claims with these primary keys that readers may see, in this order, from six queries."""
    people, topics, places = _people(numbers, using), _topics(numbers, using), _places(numbers, using)
    outlets = _outlets({one[0][3] for one in places.values()}, using)
    rows = Claim.objects.using(using).published().filter(pk__in=numbers).order_by()
    rows = rows.annotate(was_reviewed=Q(reviewed_at__isnull=False))
    found = {
        row[0]: row
        for row in rows.values_list(
            *("pk", "wording", "kind", "stance", "verb", "speaker_label", "said_on", "rating"),
            *("rating_summary", "checked_at", "was_reviewed", "speaker_id", "speaker__name", "speaker__slug"),
            *("speaker__confirmed", "speaker__merged_into_id", "speaker__party__name"),
        )
    }
    claim_page = settings.SITE_URL + reverse("stories:claims")
    person_page, story_page = addresses("politician"), addresses("article")
    for number in numbers:
        printed = places.get(number)
        if number not in found or not printed:
            continue
        _, wording, kind, stance, verb, label, said_on, rating, summary, *others = found[number]
        checked, reviewed, speaker, name, slug, confirmed, merged, party = others
        is_public = speaker is not None and confirmed and merged is None
        attribution, role, party_printed, told, parts = printed[0][:5]
        words, parts = _words(wording, parts)
        outlet, outlet_name = outlets.get(told, (None, ""))
        yield (
            number,
            f"{claim_page}{number}-{address_words(wording)}/",
            words,
            parts,
            kind,
            stance or UNKNOWN[0],
            verb,
            (name if is_public else label) or attribution or "An unnamed speaker",
            f"{person_page[0]}{slug}{person_page[1]}" if is_public else "",
            role,
            party_printed,
            told,
            day(said_on),
            [name for _, name in people.get(number, ())],
            topics.get(number, []),
            rating,
            summary if rating else "",
            day(timezone.localdate(checked)) if rating and checked else None,
            bool(reviewed) or rating != "",
            [f"{story_page[0]}{place}{story_page[1]}" for place in dict.fromkeys(one[5] for one in printed)],
            KINDS[kind],
            STANCES.get(stance, UNKNOWN[1]),
            RATINGS.get(rating, ""),
            (party or "") if is_public else "",
            speaker if is_public else None,
            [number for number, _ in people.get(number, ())],
            outlet_name,
            outlet,
        )


def _words(wording: str, first: tuple[Any, ...]) -> tuple[str, list[str]]:
    """Return a claim's words and their parts, from the first place where it is printed; see `Claim.words`."""
    exact, *_, further = first
    parts = [" ".join(exact.split())]
    if not further:
        return wording, parts
    place = Appearance(**dict(zip(PLACE, first, strict=True)))
    parts += [" ".join(one["exact"].split()) for one in further]
    return (place.words if wording_key(place.words) == wording_key(wording) else wording), parts


def _places(numbers: Sequence[int], using: str) -> dict[int, list[tuple[Any, ...]]]:
    """Return by claim where it is printed, the first story to print it first."""
    places = defaultdict(list)
    rows = Appearance.objects.using(using).published().filter(claim__in=numbers)
    for claim, *who, exact, prefix, start, end, further, slug in rows.order_by(
        "article__published_at", "article_id", "start", "pk"
    ).values_list(
        *("claim_id", "attribution", "speaker_role", "speaker_party", "outlet"),
        *("exact", "prefix", "start", "end", "further", "article__slug"),
    ):
        places[claim].append((*who, (exact, prefix, "", start, end, further), slug))
    return places


def _people(numbers: Sequence[int], using: str) -> dict[int, list[tuple[int, str]]]:
    """Return by claim the people whom it is about and whom readers may see, each with number and name."""
    people = defaultdict(list)
    rows = Claim.about.through._base_manager.using(using).filter(
        claim__in=numbers, politician__confirmed=True, politician__merged_into=None
    )
    for claim, person, name in rows.order_by("politician__sort_name", "politician_id").values_list(
        "claim_id", "politician_id", "politician__name"
    ):
        people[claim].append((person, name))
    return people


def _topics(numbers: Sequence[int], using: str) -> dict[int, list[str]]:
    """Return by claim the names of its topics."""
    topics = defaultdict(list)
    names = Tag.objects.filter(pk=OuterRef("topic")).values("name")
    rows = ClaimHeading.objects.using(using).published().filter(claim__in=numbers, topic__isnull=False)
    named = rows.annotate(name=Subquery(names)).order_by("name", "topic")
    for claim, name in named.values_list("claim", "name"):
        topics[claim].append(name)
    return topics


CLAIMS = Table(
    "claims",
    "Claims",
    "What somebody said, in their words, once however many stories print it.",
    CLAIM_COLUMNS,
    published,
    claims,
    links=(("speaker_id", "people"), ("outlet_id", "outlets")),
)


# --- where they are printed --------------------------------------------------------------------------


def printed(using: str) -> QuerySet[Appearance, int]:
    """Return the primary keys of the appearances that readers may see."""
    return Appearance.objects.using(using).published().order_by("pk").values_list("pk", flat=True)


def appearances(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield the appearances with these primary keys that readers may see."""
    before, after = addresses("article")
    rows = Appearance.objects.using(using).published().filter(pk__in=numbers).order_by("pk")
    printed = Appearance.objects.using(using).filter(pk__in=numbers).order_by().values("outlet")
    outlets = _outlets(printed, using)
    for number, claim, story, slug, attribution, role, party, told, kind, *place in rows.values_list(
        *("pk", "claim_id", "article_id", "article__slug", "attribution", "speaker_role", "speaker_party"),
        *("outlet", "kind", *PLACE),
    ):
        one = Appearance(**dict(zip(PLACE, place, strict=True)))
        yield (
            number,
            claim,
            story,
            f"{before}{slug}{after}#said-{number}",
            one.words,
            attribution,
            role,
            party,
            told,
            outlets.get(told, (None,))[0],
            kind,
            [[part.start, part.end] for part in one.selectors],
        )


def _outlets(printed: Any, using: str) -> dict[str, tuple[int, str]]:
    """Return the numbers and names of the outlets to which these printed words lead."""
    words = dict(OutletWords.objects.using(using).filter(words__in=printed).values_list("words", "key"))
    names = OutletName.objects.using(using).filter(key__in=words.values())
    rows = names.values_list("key", "outlet_id", "outlet__name")
    outlets = {key: (number, name) for key, number, name in rows}
    return {one: outlets[key] for one, key in words.items() if key in outlets}


APPEARANCES = Table(
    "appearances",
    "Appearances",
    "Each claim in each story that prints it, with the place of its words.",
    (
        Column("appearance", "integer", "The number of the appearance."),
        Column("claim", "integer", "The claim’s number."),
        Column("story", "integer", "The story’s number."),
        Column("address", "string", "Where the words stand in the story."),
        Column("words", "string", "The words as this story prints them, in one line."),
        Column("attribution", "string", "Who said it, as the story prints it."),
        Column("role_as_printed", "string", "The speaker’s office as the story prints it."),
        Column("party_as_printed", "string", "The speaker’s party as the story prints it."),
        Column("told", "string", "To whom it was said, as the story prints it."),
        Column(
            "outlet",
            "integer",
            "The number of the outlet that this means, if it is on record.",
            may_lack=True,
        ),
        Column("kind", "string", "direct, partial or indirect."),
        Column(
            "places",
            "spans",
            "First character of the words in the story’s `text` and the one after the last, counted from 0 "
            "in code points; several pairs if the quotation was interrupted.",
        ),
    ),
    printed,
    appearances,
    links=(("claim", "claims"), ("story", "stories"), ("outlet", "outlets")),
)


# --- how they were judged ----------------------------------------------------------------------------


def verdicts(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield the verdicts given to these claims and withdrawn, oldest first; see `Claim.verdict_history`."""
    rows = VerdictChange.objects.using(using).filter(claim__in=numbers)
    standing: dict[int, str] = {}
    for claim, rating, summary, made_at in rows.order_by("claim_id", "made_at", "pk").values_list(
        "claim_id", "rating", "summary", "made_at"
    ):
        if rating or standing.get(claim):
            yield (claim, rating, RATINGS.get(rating, "withdrawn"), summary, in_utc(made_at))
        standing[claim] = rating


VERDICTS = Table(
    "verdicts",
    "History of verdicts",
    "Each verdict that was given, changed or withdrawn.",
    (
        Column("claim", "integer", "The claim’s number."),
        Column("verdict", "string", "As in the claims; empty where a verdict was withdrawn."),
        Column("verdict_label", "string", "`verdict` in words, or “withdrawn”."),
        Column("verdict_in_a_sentence", "string", "Why, in a sentence."),
        Column("made_at", "datetime", "When, in UTC."),
    ),
    published,
    verdicts,
    numbered=False,
    links=(("claim", "claims"),),
)


def confirmed(using: str) -> QuerySet[Contradiction, int]:
    """Return the primary keys of the contradictions that an editor confirmed, of claims that all may see."""
    return Contradiction.objects.using(using).published().order_by("pk").values_list("pk", flat=True)


def contradictions(numbers: Sequence[int], using: str) -> Iterator[Row]:
    """Yield the contradictions with these primary keys that `confirmed` returns."""
    for first, second, note, at in (
        Contradiction.objects.using(using)
        .filter(pk__in=confirmed(using).filter(pk__in=numbers))
        .order_by("pk")
        .values_list("first_id", "second_id", "note", "confirmed_at")
    ):
        yield (first, second, note, in_utc(at))


CONTRADICTIONS = Table(
    "contradictions",
    "Contradictions",
    "Pairs of claims that cannot both stand, confirmed by an editor.",
    (
        Column("first", "integer", "A claim’s number."),
        Column("second", "integer", "The other claim’s number."),
        Column("note", "string", "Why they cannot both stand."),
        Column("confirmed_at", "datetime", "When an editor confirmed it, in UTC."),
    ),
    confirmed,
    contradictions,
    numbered=False,
    links=(("first", "claims"), ("second", "claims")),
)
