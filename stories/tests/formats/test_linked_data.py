"""What pages tell programs: parsed back out of the page, and compared with what readers see there."""

import datetime
import json
import re
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.utils import timezone

from stories.models import Appearance, Article, Claim, Correction, Identifier, OtherName, Politician
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    EvidenceFactory,
    PartyFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.tests.secrets import SECRET, plant_secrets

pytestmark = pytest.mark.django_db

SITE = "https://news.example"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


class Page:
    """A page as a program reads it: by a real HTML parser."""

    def __init__(self, client: Client, address: str) -> None:
        response = client.get(address)
        assert response.status_code == 200
        self.html = response.content.decode()
        root = html5lib.parse(self.html, namespaceHTMLElements=False)
        self.root = root
        self.text = " ".join("".join(root.find("body").itertext()).split())
        self.meta = {
            element.get("property") or element.get("name"): element.get("content")
            for element in root.iter("meta")
            if element.get("content")
        }
        self.links = [dict(element.attrib) for element in root.iter("link")]
        self.data = {}
        for script in root.iter("script"):
            if script.get("type") == "application/ld+json":
                parsed = json.loads(script.text)
                self.data[parsed.get("@type", "graph")] = parsed

    def alternates(self, kind: str) -> list[str]:
        return [link["href"] for link in self.links if link.get("type") == kind]

    @property
    def addresses(self) -> set[str]:
        return {
            SITE + link.get("href") for link in self.root.iter("a") if link.get("href", "").startswith("/")
        }


def a_claim(**values: Any) -> Claim:
    values = {
        "rating": Claim.Rating.FALSE,
        "rating_summary": "It did not.",
        "explanation": "<p>We looked, &amp; it did not.</p>",
        "checked_at": timezone.now(),
        "wording": "the lock </script> leaked & “drips”",
        "tags": ["Locks"],
    } | values
    return ClaimFactory(**values)


def a_story(claim: Claim, **values: Any) -> Article:
    values = {
        "headline": "Locks & </script><b>keys</b>",
        "plain": f"She said: “{claim.wording}”.\n\nThe end.",
        "authors": [AuthorFactory(name="Ada Quill")],
        "tags": ["Locks"],
    } | values
    story = ArticleFactory(**values)
    appearance_of(claim, story, speaker_role="mayor")
    return story


def test_a_story_tells_what_it_shows(client: Client) -> None:
    claim = a_claim()
    story = a_story(claim)
    Correction.objects.create(article=story, text="It was Monday.", made_at=timezone.now())
    page = Page(client, story.get_absolute_url())
    data = page.data["NewsArticle"]
    assert data["@context"] == "https://schema.org"
    assert data["headline"] == story.headline
    assert data["headline"] in page.text
    assert data["description"] in page.text
    assert data["url"] == data["mainEntityOfPage"] == SITE + story.get_absolute_url()
    assert data["author"] == [{"@type": "Person", "name": "Ada Quill", "url": f"{SITE}/authors/ada-quill/"}]
    assert data["publisher"]["name"] == "On the Record"
    for moment in (data["datePublished"], data["dateModified"], data["correction"][0]["datePublished"]):
        assert datetime.datetime.fromisoformat(moment).tzinfo
    assert data["correction"][0]["text"] in page.text
    assert [mention["url"] for mention in data["mentions"]] == [SITE + claim.speaker.get_absolute_url()]
    assert {mention["url"] for mention in data["mentions"]} <= page.addresses
    assert [cited["url"] for cited in data["citation"]] == [SITE + claim.get_absolute_url()]
    assert data["keywords"] == ["Locks"]


def test_a_story_has_open_graph_a_canonical_address_and_its_other_form(client: Client) -> None:
    story = a_story(a_claim())
    page = Page(client, story.get_absolute_url())
    assert page.meta["og:title"] == story.headline
    assert page.meta["og:type"] == "article"
    assert page.meta["og:url"] == SITE + story.get_absolute_url()
    assert page.meta["og:description"] == story.standfirst
    assert page.meta["article:tag"] == "Locks"
    assert [link["href"] for link in page.links if link["rel"] == "canonical"] == [page.meta["og:url"]]
    assert client.get(page.alternates("application/json")[0]).json()["headline"] == story.headline


def test_a_path_leads_from_the_front_page_to_the_page(client: Client) -> None:
    claim = a_claim()
    story = a_story(claim)
    for row in (story, claim, claim.speaker):
        path = Page(client, row.get_absolute_url()).data["BreadcrumbList"]["itemListElement"]
        assert [step["position"] for step in path] == [1, 2, 3]
        assert path[0]["item"] == f"{SITE}/"
        assert path[-1]["item"] == SITE + row.get_absolute_url()
        for step in path:
            assert client.get(step["item"].removeprefix(SITE)).status_code == 200


def test_a_claim_page_has_one_review_that_says_what_the_page_says(client: Client) -> None:
    claim = a_claim(about=[PoliticianFactory()], said_on=datetime.date(2031, 3, 4))
    EvidenceFactory(claim=claim)
    first = a_story(claim, published_at=timezone.now() - datetime.timedelta(days=3))
    second = a_story(claim, headline="Again")
    page = Page(client, claim.get_absolute_url())
    assert page.html.count('"ClaimReview"') == 1
    review = page.data["ClaimReview"]
    assert review["url"] == SITE + claim.get_absolute_url()
    assert review["claimReviewed"] == claim.wording
    assert review["claimReviewed"] in page.text
    rating = review["reviewRating"]
    assert (rating["ratingValue"], rating["bestRating"], rating["worstRating"]) == (1, 5, 1)
    assert rating["alternateName"] == "False"
    assert rating["ratingExplanation"] in page.text
    assert review["reviewBody"] in page.text
    assert review["author"]["name"] == "On the Record"
    item = review["itemReviewed"]
    assert item["author"]["name"] == claim.speaker.name
    assert item["author"]["url"] in page.addresses
    assert item["datePublished"] == "2031-03-04"
    assert item["firstAppearance"]["url"] == SITE + first.get_absolute_url()
    assert [work["url"] for work in item["appearance"]] == [
        SITE + story.get_absolute_url() for story in (first, second)
    ]
    assert review["citation"][0]["url"] == claim.evidence.get().url
    assert [person["name"] for person in item["about"]] == [person.name for person in claim.about.all()]


@pytest.mark.parametrize(
    ("rating", "value"), [("true", 5), ("mostly_true", 4), ("misleading", 2), ("false", 1)]
)
def test_a_verdict_has_its_place_on_the_scale(client: Client, rating: str, value: int) -> None:
    claim = a_claim(rating=rating)
    a_story(claim)
    assert Page(client, claim.get_absolute_url()).data["ClaimReview"]["reviewRating"]["ratingValue"] == value


def test_unproven_is_no_number_and_a_claim_not_judged_has_no_review(client: Client) -> None:
    claim = a_claim(rating=Claim.Rating.UNPROVEN)
    a_story(claim)
    rating = Page(client, claim.get_absolute_url()).data["ClaimReview"]["reviewRating"]
    assert rating["alternateName"] == "Unproven"
    assert "ratingValue" not in rating
    claim.rating = ""
    claim.save()
    page = Page(client, claim.get_absolute_url())
    assert "ClaimReview" not in page.data
    assert page.data["Claim"]["text"] == claim.wording


def test_a_person_tells_what_the_page_shows(client: Client) -> None:
    person = PoliticianFactory(
        name="Oona Tideswell",
        party=PartyFactory(name="Lantern League"),
        role="mayor",
        summary="She is mayor.",
    )
    OtherName.objects.create(politician=person, name="Oona Marsh")
    Identifier.objects.create(politician=person, scheme="wikidata", value="Q42")
    page = Page(client, person.get_absolute_url())
    data = page.data["Person"]
    for words in (
        data["name"],
        data["alternateName"][0],
        data["jobTitle"],
        data["affiliation"]["name"],
        data["description"],
        data["identifier"][0]["value"],
    ):
        assert words in page.text
    assert data["sameAs"] == ["https://www.wikidata.org/wiki/Q42"]
    assert page.meta["og:title"] == "Oona Tideswell"


def test_the_front_page_says_who_publishes_it_and_how_to_search(client: Client) -> None:
    organization, website = Page(client, "/").data["graph"]["@graph"]
    assert organization["name"] == "On the Record"
    policies = ("publishingPrinciples", "verificationFactCheckingPolicy", "correctionsPolicy", "masthead")
    for policy in policies:
        assert client.get(organization[policy].removeprefix(SITE)).status_code == 200
    target = website["potentialAction"]["target"].replace("{words}", "lock")
    assert client.get(target.removeprefix(SITE)).status_code == 200


def test_data_cannot_break_out_of_its_element(client: Client) -> None:
    claim = a_claim()
    story = a_story(claim)
    for row in (story, claim):
        html = client.get(row.get_absolute_url()).content.decode()
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
        assert len(blocks) == 2
        for block in blocks:
            assert "<" not in block
            json.loads(block)


def test_lists_lead_to_their_feeds(client: Client) -> None:
    claim = a_claim()
    story = a_story(claim)
    author = story.authors.get()
    addresses = [
        "/",
        "/stories/?topic=locks",
        "/claims/?verdict=false",
        "/corrections/",
        "/topics/locks/",
        f"/authors/{author.slug}/",
        claim.get_absolute_url(),
        claim.speaker.get_absolute_url(),
        claim.speaker.party.get_absolute_url(),
        "/search/?q=lock",
    ]
    for address in addresses:
        page = Page(client, address)
        for kind in ("application/rss+xml", "application/atom+xml", "application/feed+json"):
            (feed,) = page.alternates(kind)
            assert feed.startswith(address.partition("?")[0])
            assert feed.partition("?")[2] == address.partition("?")[2]
            response = client.get(feed)
            assert response.status_code == 200
            assert response["Content-Type"].startswith(kind)


def test_nothing_secret_is_in_the_data_of_a_page(client: Client) -> None:
    claim = a_claim(about=[PoliticianFactory(name=f"Not {SECRET}", confirmed=False)])
    story = a_story(claim)
    plant_secrets(beside=story)
    for person in Politician.objects.published():
        assert SECRET not in Page(client, person.get_absolute_url()).html
    for row in (story, claim):
        assert SECRET not in Page(client, row.get_absolute_url()).html
    by_nobody = Claim.objects.get(speaker__name=f"Unconfirmed {SECRET}")
    assert SECRET not in Page(client, by_nobody.get_absolute_url()).html


def test_what_a_program_reads_of_an_interrupted_quotation(client: Client) -> None:
    """Both parts are targets, and both stand in the text where they are said to."""
    claim = a_claim(wording="one lock leaks", speaker=None, speaker_label="a keeper")
    text = "“one lock”, said a keeper, “leaks”."
    story = ArticleFactory(plain=text)
    second = text.index("leaks")
    Appearance.objects.create(
        claim=claim,
        article=story,
        exact="one lock",
        start=1,
        end=9,
        further=[{"exact": "leaks", "prefix": "“", "suffix": "”", "start": second, "end": second + 5}],
    )
    data = client.get(f"{story.get_absolute_url().rstrip('/')}.json").json()
    parts = [target["selector"] for target in data["annotations"][0]["target"]]
    assert [quote["exact"] for quote, _ in parts] == ["one lock", "leaks"]
    for quote, position in parts:
        assert data["text"][position["start"] : position["end"]] == quote["exact"]


@pytest.mark.parametrize(
    ("words", "reviewed"),
    [
        ("The wall is safe.", "The wall is safe."),
        (
            "The wall will hold for another winter, and whoever says that it will not has read no report.",
            "The wall will hold for another winter…",
        ),
        (
            "Nobody in the whole of the harbour quarter has been asked about the money that repairs cost",
            "Nobody in the whole of the harbour quarter has been asked about the money…",
        ),
    ],
)
def test_a_long_claim_is_cut_where_a_clause_or_a_word_ends(client: Client, words: str, reviewed: str) -> None:
    claim = a_claim(wording=words)
    a_story(claim)
    page = Page(client, claim.get_absolute_url())
    assert page.data["ClaimReview"]["claimReviewed"] == reviewed
    assert words in page.text
    assert len(reviewed) <= 75
