"""Rows to test with. The people are made up, and so is all they say."""

import datetime
from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import timezone
from factory.django import DjangoModelFactory

from stories import models
from stories.actions import outlets, permissions, picture_library
from stories.tests.pictures import picture
from stories.text import anchors, richtext
from stories.text.body_pictures import BodyPicture

GIVEN = (
    "Ada Bram Cleo Dov Edda Finn Greta Hugo Ines Jory Kit Lena Milo Nora Otis Petra Quin Rhea Sten Tove"
).split()
FAMILY = "Aldous Birkett Corran Dunmore Eskdale Farrow Garside Hollin Ingram Jessop Kerrigan Lowther".split()


def made_up_name(number: int) -> str:
    """A different name for every number up to 240, and numbered after that."""
    name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"
    return name if number < len(GIVEN) * len(FAMILY) else f"{name} {number}"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    is_staff = True
    password = factory.django.Password("a long enough password")


def roles() -> QuerySet[Group]:
    """The four groups. They stand in the tests' database from the start, until a test commits: with its rows
    all others are taken away."""
    if not Group.objects.exists():
        permissions.set_up_roles()
    return Group.objects.all()


class AuthorFactory(DjangoModelFactory):
    class Meta:
        model = models.Author

    name = factory.Sequence(lambda n: f"Reporter {made_up_name(n)}")


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = models.Party

    name = factory.Sequence(lambda n: f"Harbour Party {n}")


class PoliticianFactory(DjangoModelFactory):
    class Meta:
        model = models.Politician

    name = factory.Sequence(made_up_name)
    party = factory.SubFactory(PartyFactory)
    role = "member for Eastmere"
    confirmed = True


class ArticleFactory(DjangoModelFactory):
    """A published story. `text` (plain, paragraphs separated by blank lines) may stand for `body`."""

    class Meta:
        model = models.Article
        skip_postgeneration_save = True

    class Params:
        plain = factory.Sequence(
            lambda n: f"The council of Eastmere met on day {n}.\n\nNothing else was said in public that day."
        )
        draft = factory.Trait(status=models.Article.Status.DRAFT, published_at=None, first_published_at=None)
        in_review = factory.Trait(
            status=models.Article.Status.IN_REVIEW, published_at=None, first_published_at=None
        )
        scheduled = factory.Trait(
            published_at=factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=2)),
            first_published_at=None,
        )
        withdrawn = factory.Trait(status=models.Article.Status.WITHDRAWN)

    headline = factory.Sequence(lambda n: f"Eastmere council meets again, number {n}")
    standfirst = "A short account of the meeting."
    body = factory.LazyAttribute(lambda article: richtext.from_text(article.plain))
    status = models.Article.Status.PUBLISHED
    published_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(hours=1))
    first_published_at = factory.SelfAttribute("published_at")

    @factory.post_generation
    def authors(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.authors.set(extracted)

    @factory.post_generation
    def tags(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.tags.set(extracted)


class ClaimFactory(DjangoModelFactory):
    """An accepted claim; give it an Appearance to make it public."""

    class Meta:
        model = models.Claim
        skip_postgeneration_save = True

    class Params:
        proposed = factory.Trait(state=models.Claim.State.PROPOSED)
        rejected = factory.Trait(state=models.Claim.State.REJECTED)
        unread = factory.Trait(reviewed_at=None)

    speaker = factory.SubFactory(PoliticianFactory)
    wording = factory.Sequence(lambda n: f"the harbour wall will cost {n} pounds")
    state = models.Claim.State.ACCEPTED
    stance = models.Claim.Stance.SAID
    said_on = datetime.date(2031, 3, 4)
    reviewed_at = factory.Maybe(
        factory.LazyAttribute(lambda claim: claim.state == models.Claim.State.PROPOSED),
        yes_declaration=None,
        no_declaration=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(hours=1)),
    )

    @factory.post_generation
    def about(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.about.set(extracted)

    @factory.post_generation
    def tags(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.tags.set(extracted)


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = models.Evidence

    claim = factory.SubFactory(ClaimFactory)
    url = "https://records.example/minutes"
    title = "Minutes of the meeting"


def appearance_of(
    claim: models.Claim, article: models.Article | None = None, **values: Any
) -> models.Appearance:
    """The claim's words in a story: in `article` if they stand there, else in a new published one.

    Whoever was told is an outlet on record.
    """
    values = {"outlet": "the Eastmere Post"} | values
    on_record(str(values["outlet"]))
    if article is None:
        said = f"{claim.speaker_name} told the Eastmere Post: “{claim.wording}”."
        article = ArticleFactory(plain=f"The meeting was long.\n\n{said}\n\nIt ended late.")
    start = article.text.index(claim.wording)
    selector = anchors.make(article.text, start, start + len(claim.wording))
    return models.Appearance.objects.create(
        claim=claim,
        article=article,
        exact=selector.exact,
        prefix=selector.prefix,
        suffix=selector.suffix,
        start=selector.start,
        end=selector.end,
        **{"attribution": claim.speaker_name, "kind": claim.kind} | values,
    )


def on_record(words: str) -> models.Outlet | None:
    """The outlet to which printed words lead; one is made where none bears the name."""
    if not words:
        return None
    printed, _ = models.OutletWords.objects.get_or_create(words=words)
    name = models.OutletName.objects.filter(key=printed.key).select_related("outlet").first()
    return (
        name.outlet if name else outlets.put_on_record(outlet=models.Outlet(name=words.removeprefix("the ")))
    )


def in_library(content: bytes = b"", **values: Any) -> models.Picture:
    """A picture of the library, from an upload; of a field of grey if none is given, each another one."""
    number = models.Picture.objects.count()
    upload = ContentFile(content or picture(640, 400 + number), "wall.png")
    words = {"description": f"A wall by the water {number}"} | values
    return picture_library.enter(upload=upload, by=None, **words).picture


def in_body(one: models.Picture, alt: str = "A wall", caption: str = "", credit: str = "") -> str:
    """The HTML of a picture of the library in a story's body."""
    return BodyPicture(str(one.file.name), alt, caption, credit).html
