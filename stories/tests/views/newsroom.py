"""A newsroom of a given size, with something on every page readers have, and those pages' addresses."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from stories import models
from stories.actions.stories import share_links
from stories.tests import factories as make

NOON = datetime.datetime(2019, 3, 4, 12, tzinfo=datetime.UTC)
# Pages that tell that something is not there, by what they answer; every other answers 200.
STATUS = {"404": 404, "withdrawn": 410, "shared_ended": 410}


@dataclass(slots=True)
class Newsroom:
    """The rows that pages of one thing are about; each of them has `rows` of everything."""

    story: models.Article
    person: models.Politician
    party: models.Party
    claim: models.Claim
    author: models.Author
    withdrawn: models.Article
    draft: models.Article  # the story once more, before its time

    def addresses(self) -> dict[str, str]:
        """One address of every kind of page, by the name of its URL; and of those of `STATUS`."""
        day = {"year": NOON.year, "month": NOON.month, "day": NOON.day}
        month = {"year": NOON.year, "month": NOON.month}
        plain = "front articles claims politicians who_said_what parties topics outlets authors archive"
        return {
            **{
                name: reverse(f"stories:{name}")
                for name in [
                    *plain.split(),
                    "corrections",
                    "contradictions",
                    "wordings",
                    "about",
                    "api_docs",
                    "open_data",
                ]
            },
            "article": self.story.get_absolute_url(),
            "article_history": reverse("stories:article_history", args=[self.story.slug]),
            "article_version": reverse("stories:article_version", args=[self.story.slug, 1]),
            "claim": self.claim.get_absolute_url(),
            "claim_embed": reverse("stories:claim_embed", args=[self.claim.pk]),
            "politician": self.person.get_absolute_url(),
            "party": self.party.get_absolute_url(),
            "topic": reverse("stories:topic", args=["harbour-wall"]),
            "outlet": reverse("stories:outlet", args=["eastmere-post"]),
            "author": reverse("stories:author", args=[self.author.slug]),
            "archive_year": reverse("stories:archive_year", args=[NOON.year]),
            "archive_month": reverse("stories:archive_month", kwargs=month),
            "archive_day": reverse("stories:archive_day", kwargs=day),
            "how_we_check": reverse("stories:how_we_check"),
            "page": models.Page.objects.get().get_absolute_url(),
            "shared": self.shared(datetime.timedelta(days=1)),
            "404": "/stories/eastmere-council-never-met/",
            # Finds one claim and stories, however many rows there are.
            "search": f"{reverse('stories:search')}?q=stand+for+ever",
            "withdrawn": self.withdrawn.get_absolute_url(),
            "shared_ended": self.shared(datetime.timedelta(days=-1)),
        }

    def shared(self, lasting: datetime.timedelta) -> str:
        """Where the draft is shown to somebody without an account, for so long from now."""
        link = models.ShareLink.objects.create(article=self.draft, expires_at=timezone.now() + lasting)
        return reverse("stories:shared", args=[share_links.token_of(link)])


def build(rows: int) -> Newsroom:
    """`rows` of everything that a page lists, all of it published."""
    party = make.PartyFactory(name="Harbour Party", short_name="Harbour", colour="#0057b7")
    person = make.PoliticianFactory(name="Ada Aldous", party=party, summary="She leads the council.")
    author = make.AuthorFactory(name="Reporter Eskdale", bio="Writes of harbours.")
    claim = make.ClaimFactory(
        speaker=person, wording="The harbour wall will stand for ever", tags=["harbour wall"]
    )
    rate(claim)
    said = [f"The wall costs {number} pounds a day" for number in range(rows)]
    story = make.ArticleFactory(
        headline="Eastmere council meets",
        plain="\n\n".join(f"She said: “{words}”." for words in [*said, claim.wording]),
        authors=[author],
        tags=["harbour wall"],
        published_at=NOON,
    )
    make.appearance_of(claim, story)
    models.Page.objects.create(title="What we promise", body="<p>To be clear.</p>", shown=True)
    for number, words in enumerate(said):
        row(number, words, story, person, party, author, claim)
    withdrawn = make.ArticleFactory(withdrawn=True, withdrawn_reason="The letter was forged.")
    draft = make.ArticleFactory(
        draft=True, headline=story.headline, body=story.body, authors=[author], tags=["harbour wall"]
    )
    for appearance in story.appearances.select_related("claim"):
        make.appearance_of(appearance.claim, draft)
    models.Correction.objects.bulk_create(
        models.Correction(article=draft, text=f"It was {number}.", made_at=NOON, on_top=True)
        for number in range(rows)
    )
    return Newsroom(story, person, party, claim, author, withdrawn, draft)


def rate(claim: models.Claim) -> None:
    claim.rating = models.Claim.Rating.MISLEADING
    claim.rating_summary = "It stands on sand."
    claim.explanation = "<p>Nothing stands for ever.</p>"
    claim.checked_at = NOON
    claim.save()


def row(
    number: int,
    words: str,
    story: models.Article,
    person: models.Politician,
    party: models.Party,
    author: models.Author,
    claim: models.Claim,
) -> None:
    """One more of everything: on the newsroom's main rows, and beside them."""
    other = make.PoliticianFactory(party=make.PartyFactory())
    make.PoliticianFactory(party=party)
    theirs = make.ClaimFactory(
        speaker=other, wording=words, about=[person], tags=["harbour wall", f"tag {number}"]
    )
    rate(theirs)
    make.appearance_of(theirs, story, speaker_role="mayor of Eastmere", speaker_party="Harbour")
    own = make.ClaimFactory(speaker=person, wording=f"There are {number} gulls here", about=[other])
    last = chr(ord("a") + number) * 3
    near = make.ClaimFactory(speaker=person, wording=f"The harbour wall will stand for {last}")
    printed = make.ArticleFactory(
        plain=f"She said: “{own.wording}”.\n\nAnd: “{claim.wording}”.\n\nOr: “{near.wording}”.",
        authors=[author, make.AuthorFactory()],
        tags=["harbour wall", f"tag {number}"],
        published_at=NOON - datetime.timedelta(minutes=number + 1),
    )
    make.appearance_of(own, printed, speaker_role=f"office {number}", speaker_party="Harbour")
    make.appearance_of(claim, printed)
    make.appearance_of(near, printed)
    models.NearWording.objects.create(first=claim, second=near, answer="shown")
    make.EvidenceFactory(claim=claim, title=f"Minutes {number}")
    models.VerdictChange.objects.create(claim=claim, rating="true", summary="It stood then.", made_at=NOON)
    models.Contradiction.objects.create(
        first=claim, second=theirs, note="Both cannot be.", confirmed_at=timezone.now()
    )
    models.Correction.objects.create(article=story, text=f"It was {number}.", made_at=NOON, on_top=True)
    models.Membership.objects.create(politician=person, party=party, role=f"office {number}")
    models.OtherName.objects.create(politician=person, name=f"Name {number}")
    post = make.on_record("the Eastmere Post")
    models.OutletName.objects.create(outlet=post, name=f"Eastmere Post {number}")
    models.Identifier.objects.create(politician=person, scheme=f"register {number}", value="7")
