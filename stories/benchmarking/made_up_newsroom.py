"""Fill the database with an invented newsroom of any size, for benchmarks and for trying the screens.

The same `seed` gives the same newsroom. Rows are as the app itself makes them: bodies are sanitised, and each
appearance has the selector of words in its story. They are written with bulk_create.
"""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from taggit.models import Tag, TaggedItem

from stories.actions import outlets
from stories.database import bulk_load
from stories.models import Appearance, Article, Author, Claim, Party, Politician
from stories.text import anchors, richtext

GIVEN = (
    "Ada Bram Cleo Dov Edda Finn Greta Hugo Ines Jory Kit Lena Milo Nora Otis Petra Quin Rhea Sten Tove "
    "Ursa Vito Wren Yara Zeno Asta Bodil Ciro Dagny Enzo"
).split()
FAMILY = (
    "Aldous Birkett Corran Dunmore Eskdale Farrow Garside Hollin Ingram Jessop Kerrigan Lowther Marden "
    "Nuttall Orrin Penhale Quarrie Ravenor Selwood Tranter Ullock Varley Wexcombe Yarwood Zennor"
).split()
PARTIES = [
    ("Harbour Party", "Harbour", "#1f5f8b"),
    ("Orchard Union", "Orchard", "#3c7a3a"),
    ("Lantern League", "Lantern", "#a3541c"),
    ("Upland Alliance", "Upland", "#6a4a8c"),
    ("Ferry Reform", "Ferry", "#8b1f4b"),
]
ROLES = ["member for", "mayor of", "leader of the council of", "shadow minister for", "spokesman for"]
PLACES = "Eastmere Northgill Saltby Harrowell Tidewick Ashcombe Millbeck Oldferry Wharnley Cressing".split()
OUTLETS = ["the Eastmere Post", "Channel Nine", "the Saltby Echo", "Radio Tidewick", "the Evening Ferry", ""]
TOPICS = (
    "harbour wall|school meals|ferry fares|flood defences|council tax|housing|bus routes|hospital beds|"
    "fishing quotas|road repairs|library hours|wind farms|police numbers|land tax|water rates|rail link|"
    "care homes|rents|harvest|elections"
).split("|")
SUBJECTS = "the wall|the ferry|the new school|the budget|the levy|our plan|their plan|the harbour".split("|")
VERBS = "will cost|has cost|saved|will save|wasted|was promised|needs|never needed".split("|")
OBJECTS = "pounds a year|houses|jobs|days of work|buses|teachers|nurses|tonnes of stone".split("|")
ENDINGS = "before the spring|and nobody asked|by the next election|as everybody knows|for every family".split(
    "|"
)
BRIDGES = [
    "The chamber was full, and those at the back stood.",
    "Figures for the year are expected before the summer.",
    "A vote was put off until the following week.",
    "Letters on the matter filled two boxes in the town hall.",
]
STATES = ["accepted"] * 70 + ["proposed"] * 25 + ["rejected"] * 5
RATINGS = [""] * 6 + list(Claim.Rating.values)
STATUSES = ["published"] * 92 + ["draft"] * 5 + ["in_review"] * 2 + ["withdrawn"]


@dataclass
class Newsroom:
    """The size to make, and the rows made so far that later ones refer to."""

    stories: int
    claims: int
    seed: int = 1
    on_progress: Callable[[int], None] = lambda made: None
    rng: random.Random = field(init=False)
    now: datetime.datetime = field(default_factory=timezone.now)
    people: list[Politician] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    repeated: list[Claim] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311  (made-up data, no secret)


def populate(
    *, stories: int, claims: int, seed: int = 1, on_progress: Callable[[int], None] | None = None
) -> None:
    """Add `stories` stories with `claims` claims spread over them, one transaction per thousand stories.

    `on_progress` is called with the number of stories made so far. Raises ValueError if the database has been
    populated before: every invented person would be there twice.
    """
    if Party.objects.filter(name=PARTIES[0][0]).exists():
        raise ValueError("This newsroom has been populated already; use another database.")
    room = Newsroom(stories=stories, claims=claims, seed=seed, on_progress=on_progress or (lambda made: None))
    with bulk_load.triggers_disabled():
        make_people(room)
        for first in range(0, stories, 1000):
            with transaction.atomic():
                make_stories(room, range(first, min(stories, first + 1000)))
            room.on_progress(min(stories, first + 1000))


@transaction.atomic
def make_people(room: Newsroom) -> None:
    """Make parties, politicians, authors and topics."""
    parties = [
        Party(name=name, short_name=short, colour=colour, slug=slugify(name))
        for name, short, colour in PARTIES
    ]
    Party.objects.bulk_create(parties)
    for number in range(max(150, room.stories // 100)):
        given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
        middle = "" if number < len(GIVEN) * len(FAMILY) else f" {number // (len(GIVEN) * len(FAMILY))}"
        name = f"{given}{middle} {family}"
        room.people.append(
            Politician(
                name=name,
                sort_name=f"{family}, {given}{middle}",
                slug=slugify(name),
                party=parties[number % len(parties)],
                role=f"{ROLES[number % len(ROLES)]} {PLACES[number % len(PLACES)]}",
                confirmed=number % 20 != 19,
            )
        )
    Politician.objects.bulk_create(room.people, batch_size=500)
    outlets.file(OUTLETS)
    room.authors = [Author(name=f"Reporter {name}", slug=f"reporter-{slugify(name)}") for name in FAMILY]
    Author.objects.bulk_create(room.authors)
    room.tags = [Tag.objects.get_or_create(name=name, defaults={"slug": slugify(name)})[0] for name in TOPICS]


def make_stories(room: Newsroom, numbers: range) -> None:
    """Make one batch of stories with their claims, appearances, authors and topics."""
    drafts = [draft_story(room, number) for number in numbers]
    Article.objects.bulk_create([draft.article for draft in drafts], batch_size=500)
    fresh = [claim for draft in drafts for claim in draft.claims if claim.pk is None]
    Claim.objects.bulk_create(fresh, batch_size=500)
    room.repeated = fresh[:: max(1, len(fresh) // 200)]
    Appearance.objects.bulk_create(
        [appearance for draft in drafts for appearance in draft.appearances()], batch_size=500
    )
    link(room, drafts, fresh)


@dataclass
class Draft:
    """A story to be saved, with its claims and (claim, selector, speaker, outlet) of each appearance."""

    article: Article
    claims: list[Claim] = field(default_factory=list)
    places: list[tuple[Claim, anchors.Selector, Politician, str]] = field(default_factory=list)

    def appearances(self) -> list[Appearance]:
        """Return the appearances; the claims and the story have been saved."""
        return [
            Appearance(
                claim=claim,
                article=self.article,
                exact=selector.exact,
                prefix=selector.prefix,
                suffix=selector.suffix,
                start=selector.start,
                end=selector.end,
                attribution=speaker.name,
                speaker_role=speaker.role,
                speaker_party=speaker.party.name if speaker.party else "",
                outlet=outlet,
                kind=claim.kind,
                confidence=0.5 + claim.wording.count("e") % 50 / 100,
                rule="cue-after",
                found_by=Appearance.FoundBy.MACHINE,
            )
            for claim, selector, speaker, outlet in self.places
        ]


def draft_story(room: Newsroom, number: int) -> Draft:
    """Return a story of one introductory paragraph and one for each of its quotations."""
    rng = room.rng
    share = room.claims * (number + 1) // room.stories - room.claims * number // room.stories
    day = room.now - datetime.timedelta(minutes=rng.randrange(20, 60 * 24 * 365 * 6))
    topic = TOPICS[number % len(TOPICS)]
    place = rng.choice(PLACES)
    status = rng.choice(STATUSES)
    paragraphs = [f"{place} argued over {topic} again this week. {rng.choice(BRIDGES)}"]
    said: list[tuple[Claim, Politician, str]] = []
    for _ in range(share):
        claim, speaker, outlet = draw_claim(room, day)
        said.append((claim, speaker, outlet))
        to = f" told {outlet}" if outlet else " said"
        paragraphs.append(f"“{claim.wording},” {speaker.name}{to}. {rng.choice(BRIDGES)}")
    text = "\n\n".join(paragraphs)
    headline = f"{place} argues over {topic}, part {number}"
    article = Article(
        headline=headline,
        slug=slugify(headline),
        standfirst=f"What was said in {place} about {topic}, and by whom.",
        body=richtext.from_text(text),
        status=status,
        published_at=day if status in ("published", "withdrawn") else None,
        first_published_at=day if status in ("published", "withdrawn") else None,
        source="Made-up Agency",
    )
    draft = Draft(article)
    after = 0
    for claim, speaker, outlet in said:
        start = text.index(f"“{claim.wording},", after) + 1
        after = start + len(claim.wording)
        draft.claims.append(claim)
        draft.places.append((claim, anchors.make(text, start, after), speaker, outlet))
    return draft


def draw_claim(room: Newsroom, day: datetime.datetime) -> tuple[Claim, Politician, str]:
    """Return (claim, speaker, outlet): a new claim, or in 4 % of cases one that an earlier story prints."""
    rng = room.rng
    outlet = rng.choice(OUTLETS)
    if room.repeated and rng.random() < 0.04:
        claim = room.repeated.pop()
        if claim.speaker is not None:
            return claim, claim.speaker, outlet
    speaker = room.people[int(len(room.people) * rng.random() ** 2)]
    sum_ = rng.randrange(2, 90_000_000)
    wording = (
        f"{rng.choice(SUBJECTS).capitalize()} {rng.choice(VERBS)} {sum_:,} {rng.choice(OBJECTS)} "
        f"{rng.choice(ENDINGS)}"
    )
    state = rng.choice(STATES)
    claim = Claim(
        speaker=speaker,
        wording=wording,
        kind=Claim.Kind.DIRECT,
        stance=Claim.Stance.SAID,
        verb="said",
        said_on=day.date(),
        state=state,
        rating=rng.choice(RATINGS) if state == "accepted" else "",
        reviewed_at=None if state == "proposed" else day,
    )
    if claim.rating:
        claim.rating_summary = "The sums in the council's own minutes were compared with it."
        claim.checked_at = day
    return claim, speaker, outlet


def link(room: Newsroom, drafts: list[Draft], fresh: list[Claim]) -> None:
    """Save authors and topics of the stories, topics of every fifth claim, and subjects of every third."""
    rng = room.rng
    written = Article.authors.through
    written.objects.bulk_create(
        [written(article_id=d.article.pk, author_id=rng.choice(room.authors).pk) for d in drafts],
        batch_size=1000,
    )
    about = Claim.about.through
    about.objects.bulk_create(
        [about(claim_id=claim.pk, politician_id=rng.choice(room.people).pk) for claim in fresh[::3]],
        batch_size=1000,
    )
    story, claim_type = ContentType.objects.get_for_model(Article), ContentType.objects.get_for_model(Claim)
    tagged = [(story, d.article.pk) for d in drafts] + [(claim_type, c.pk) for c in fresh[::5]]
    TaggedItem.objects.bulk_create(
        [TaggedItem(tag=rng.choice(room.tags), content_type=kind, object_id=pk) for kind, pk in tagged],
        batch_size=1000,
    )
