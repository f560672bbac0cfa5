"""Stories, claims and people as data, claims set into other pages, and what watches the site."""

import datetime
import json
from itertools import zip_longest
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.formats import linked_data
from stories.models import (
    Article,
    Claim,
    Correction,
    Identifier,
    Membership,
    OtherName,
    Outlet,
    OutletName,
    Politician,
)
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    EvidenceFactory,
    PartyFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.tests.html import flat
from stories.tests.secrets import SECRET, plant_secrets
from stories.views import data as data_views

pytestmark = pytest.mark.django_db

SITE = "https://news.example"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def json_of(row: Any) -> str:
    return f"{row.get_absolute_url().rstrip('/')}.json"


def fetch(client: Client, address: str, kind: str = "application/json") -> Any:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == kind
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def valid(client: Client, name: str, data: Any) -> None:
    schema = fetch(client, f"/schemas/{name}.json", "application/schema+json")
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(data)


def a_story(count: int = 1) -> Article:
    claims = [
        ClaimFactory(
            wording=f"lock {number} has leaked since May",
            rating="false",
            rating_summary="No.",
            tags=["Locks"],
        )
        for number in range(count)
    ]
    story = ArticleFactory(
        headline="Locks",
        plain="A café opened.\n\n" + "\n\n".join(f"She said: “{claim.wording}”." for claim in claims),
        authors=[AuthorFactory() for _ in range(count)],
        tags=[f"Lock {number}" for number in range(count)],
    )
    for claim in claims:
        claim.about.add(PoliticianFactory())
        EvidenceFactory(claim=claim)
        appearance_of(claim, story, speaker_role="mayor", speaker_party="Lantern League")
        Correction.objects.create(article=story, text="It was Monday.", made_at=timezone.now())
    return story


class TestStory:
    def test_is_whole_and_right_by_its_schema(self, client: Client) -> None:
        story = a_story(2)
        data = fetch(client, json_of(story))
        valid(client, "story", data)
        assert data["text"] == story.text
        assert data["html"] == story.body
        assert data["url"] == SITE + story.get_absolute_url()
        assert [author["name"] for author in data["authors"]] == [one.name for one in story.authors.all()]
        assert data["corrections"][0]["text"] == "It was Monday."

    def test_has_an_annotation_for_each_claim_that_finds_its_words(self, client: Client) -> None:
        story = a_story(3)
        data = fetch(client, json_of(story))
        assert len(data["annotations"]) == 3
        for annotation, claim in zip(data["annotations"], data["claims"], strict=True):
            assert annotation["@context"] == "http://www.w3.org/ns/anno.jsonld"
            assert annotation["id"] == claim["annotation"]
            assert annotation["body"][0]["id"] == claim["url"]
            assert annotation["body"][1]["value"] == "False. No."
            (target,) = annotation["target"]
            assert target["source"] == data["url"]
            quote, position = target["selector"]
            start, end = position["start"], position["end"]
            assert data["text"][start:end] == quote["exact"]
            assert data["text"][:start].endswith(quote["prefix"])
            assert data["text"][end:].startswith(quote["suffix"])
            assert client.get(claim["url"].removeprefix(SITE)).status_code == 200

    def test_follows_its_address_and_says_when_it_is_withdrawn(self, client: Client) -> None:
        story = a_story()
        old = json_of(story)
        story.slug = "elsewhere"
        story.save()
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, "/stories/elsewhere.json")
        Article.objects.update(status=Article.Status.WITHDRAWN, withdrawn_reason="It was not so.")
        response = client.get("/stories/elsewhere.json")
        assert response.status_code == 410
        assert response.json() == {"withdrawn": True, "reason": "It was not so."}

    def test_an_unpublished_one_is_not_there(self, client: Client) -> None:
        for trait in ("draft", "in_review", "scheduled"):
            assert client.get(json_of(ArticleFactory(**{trait: True}))).status_code == 404


class TestClaim:
    def test_is_the_review_that_its_page_holds(self, client: Client) -> None:
        a_story()
        claim = Claim.objects.get()
        data = fetch(client, json_of(claim), "application/ld+json")
        valid(client, "claim", data)
        page = client.get(claim.get_absolute_url()).content.decode()
        assert json.dumps(data, ensure_ascii=False).replace("&", "\\u0026") in page

    def test_not_judged_is_the_claim_alone(self, client: Client) -> None:
        claim = ClaimFactory(speaker=None, speaker_label="a keeper", said_on=None)
        appearance_of(claim)
        data = fetch(client, json_of(claim), "application/ld+json")
        valid(client, "claim", data)
        assert data["@type"] == "Claim"
        assert data["author"] == {"@type": "Person", "name": "a keeper"}

    def test_has_one_address(self, client: Client) -> None:
        claim = ClaimFactory(wording="the lock leaks")
        appearance_of(claim)
        response = client.get(f"/claims/{claim.pk}-other-words.json")
        assert (response.status_code, response["Location"]) == (301, json_of(claim))

    def test_an_unpublished_one_is_not_there(self, client: Client) -> None:
        proposed, rejected, unprinted = (
            ClaimFactory(wording="a lock"),
            ClaimFactory(wording="a lock"),
            ClaimFactory(wording="a lock"),
        )
        for claim, state in ((proposed, "proposed"), (rejected, "rejected")):
            appearance_of(claim, ArticleFactory(plain="“a lock”"))
            Claim.objects.filter(pk=claim.pk).update(state=state)
        for claim in (proposed, rejected, unprinted):
            for address in (json_of(claim), f"/claims/{claim.pk}/embed/"):
                assert client.get(address).status_code == 404


class TestPerson:
    def test_is_a_popolo_person(self, client: Client) -> None:
        party = PartyFactory(name="Lantern League")
        person = PoliticianFactory(name="Oona Tideswell", party=party, summary="She is mayor.")
        OtherName.objects.create(politician=person, name="Oona Marsh", start_date=datetime.date(2001, 2, 3))
        Identifier.objects.create(politician=person, scheme="wikidata", value="Q42")
        Membership.objects.create(
            politician=person,
            party=party,
            body="Eastmere council",
            role="mayor",
            end_date=datetime.date(2030, 1, 1),
        )
        Membership.objects.create(politician=person, party=party)
        Membership.objects.create(politician=person, role="keeper")
        data = fetch(client, json_of(person))
        valid(client, "person", data)
        assert (data["family_name"], data["given_name"]) == ("Tideswell", "Oona")
        assert data["other_names"] == [{"name": "Oona Marsh", "start_date": "2001-02-03"}]
        assert data["identifiers"] == [{"scheme": "wikidata", "identifier": "Q42"}]
        mayor = next(one for one in data["memberships"] if one.get("role") == "mayor")
        assert mayor["organization"]["name"] == "Eastmere council"
        assert mayor["on_behalf_of"]["name"] == "Lantern League"
        assert mayor["end_date"] == "2030-01-01"
        page = client.get(person.get_absolute_url()).content.decode()
        for words in ("Oona Marsh", "Eastmere council", "She is mayor.", "Q42"):
            assert words in page

    def test_is_of_the_party_on_the_record_without_a_membership(self, client: Client) -> None:
        person = PoliticianFactory(name="Oona Tideswell", party=PartyFactory(name="Lantern League"))
        data = fetch(client, json_of(person))
        valid(client, "person", data)
        assert [one["organization"]["name"] for one in data["memberships"]] == ["Lantern League"]
        Membership.objects.create(politician=person, party=person.party, start_date=datetime.date(2001, 2, 3))
        assert [one["start_date"] for one in fetch(client, json_of(person))["memberships"]] == ["2001-02-03"]

    def test_a_merged_record_answers_for_the_one_that_stayed(self, client: Client) -> None:
        person = PoliticianFactory(name="Oona Tideswell")
        gone = PoliticianFactory(name="O Tideswell", merged_into=person)
        response = client.get(json_of(gone))
        assert (response.status_code, response["Location"]) == (301, json_of(person))

    def test_an_unconfirmed_one_is_not_there(self, client: Client) -> None:
        hidden = PoliticianFactory(confirmed=False)
        merged = PoliticianFactory(merged_into=hidden)
        for person in (hidden, merged):
            assert client.get(json_of(person)).status_code == 404


@pytest.mark.parametrize("kept", [0, 16])
def test_a_page_is_handed_out_in_the_form_that_is_asked_for(client: Client, settings: Any, kept: int) -> None:
    settings.PAGES_KEPT_MB = kept
    story = a_story()
    appearance_of(ClaimFactory(), outlet="the Eastmere Post")
    claim = story.appearances.get().claim
    forms = {
        story: {"application/json": "$schema", "application/ld+json": "NewsArticle"},
        claim: {"application/json": "ClaimReview", "application/ld+json": "ClaimReview"},
        claim.speaker: {"application/json": "popolo", "application/ld+json": "schema.org"},
        Outlet.objects.get(): {"application/json": "popolo", "application/ld+json": "schema.org"},
    }
    for row, known in forms.items():
        address = row.get_absolute_url()
        for accept in ("text/html,application/json;q=0.9,*/*;q=0.8", "*/*", *known, "image/png", "*/*"):
            response = client.get(address, headers={"Accept": accept})
            form = accept if accept in known else "text/html"
            assert response["Content-Type"].startswith(form), accept
            assert response["Vary"] == "Accept"
            assert known.get(accept, "<!doctype html>") in response.content.decode(), accept
            assert ("Access-Control-Allow-Origin" in response) == (accept in known)
            if accept in known:
                assert client.get(address, headers={"Accept": accept}).content == response.content
    Article.objects.update(status=Article.Status.WITHDRAWN, withdrawn_reason="It was not so.")
    gone = client.get(story.get_absolute_url(), headers={"Accept": "application/json"})
    assert (gone.status_code, gone.json()["reason"]) == (410, "It was not so.")


class TestOutlet:
    def test_is_a_popolo_organization_and_one_of_schema_org(self, client: Client) -> None:
        appearance_of(ClaimFactory(), outlet="the Eastmere Post")
        post = Outlet.objects.get()
        OutletName.objects.create(outlet=post, name="Our Post")
        data = fetch(client, json_of(post))
        valid(client, "organization", data)
        assert (data["name"], data["other_names"]) == ("Eastmere Post", [{"name": "Our Post"}])
        assert "classification" not in data
        linked = linked_in(client, post)
        assert (linked["@type"], linked["url"]) == ("Organization", SITE + post.get_absolute_url())
        Outlet.objects.update(kind="newspaper", website="https://post.example/")
        data = fetch(client, json_of(post))
        valid(client, "organization", data)
        assert data["classification"] == "Newspaper or magazine"
        assert data["links"][1]["url"] == "https://post.example/"
        linked = linked_in(client, post)
        assert (linked["@type"], linked["url"]) == ("NewsMediaOrganization", "https://post.example/")
        assert linked["alternateName"] == ["Our Post"]
        page = client.get(post.get_absolute_url()).content.decode()
        assert json.dumps(linked, ensure_ascii=False) in page
        assert f'type="application/json" title="This outlet as data" href="{json_of(post)}"' in page

    def test_has_one_address_and_none_without_a_public_claim(self, client: Client) -> None:
        appearance_of(ClaimFactory(), outlet="the Eastmere Post")
        Outlet.objects.update(slug="post")
        assert client.get("/outlets/eastmere-post.json")["Location"] == "/outlets/post.json"
        appearance_of(ClaimFactory(proposed=True), outlet="the Secret Gazette")
        assert client.get("/outlets/secret-gazette.json").status_code == 404


def linked_in(client: Client, row: Any) -> Any:
    return client.get(row.get_absolute_url(), headers={"Accept": "application/ld+json"}).json()


def unnamed(data: Any, schema: Any, path: str = "") -> list[str]:
    """The keys of data, and of what is in it, that its schema does not name, each with its path."""
    if "oneOf" in schema:
        return min((unnamed(data, one, path) for one in schema["oneOf"]), key=len)
    if isinstance(data, list):
        kinds = schema.get("prefixItems", ())
        pairs = [(item, kind or schema.get("items", {})) for item, kind in zip_longest(data, kinds)]
        return [key for item, kind in pairs for key in unnamed(item, kind, path)]
    if not isinstance(data, dict):
        return []
    known = schema.get("properties", {})
    found = [f"{path}/{key}" for key in data if key not in known]
    return found + [
        one for key in data if key in known for one in unnamed(data[key], known[key], f"{path}/{key}")
    ]


def test_a_schema_names_every_key_that_is_written(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left out for being empty, so that no key waits for data that shows it."""
    story = a_story()
    claim = Claim.objects.get()
    appearance_of(claim, outlet="the Eastmere Post")
    denied = ClaimFactory(stance="denied", speaker=claim.speaker)
    unread = ClaimFactory(reviewed_at=None, speaker=claim.speaker)
    for one in (denied, unread):
        appearance_of(one)
    person = claim.speaker
    OtherName.objects.create(politician=person, name="Oona Marsh")
    Identifier.objects.create(politician=person, scheme="wikidata", value="Q42")
    Membership.objects.create(politician=person, party=PartyFactory(), body="Eastmere council")
    monkeypatch.setattr(linked_data, "omit_empty", lambda data: data)
    monkeypatch.setattr(data_views, "near_to", lambda _: [denied])
    found: dict[str, list[str]] = {}
    for name, row in (
        *(("story", story), ("person", person), ("organization", Outlet.objects.get())),
        *(("claim", one) for one in (claim, denied, unread)),
    ):
        data = client.get(json_of(row)).json()
        schema = json.loads((Path(data_views.SCHEMAS) / f"{name}.json").read_text())
        found.setdefault(name, []).extend(unnamed(data, schema))
    assert found == dict.fromkeys((path.stem for path in Path(data_views.SCHEMAS).glob("*.json")), [])


def test_only_known_schemas_are_served(client: Client) -> None:
    assert client.get("/schemas/secrets.json").status_code == 404


def test_nothing_secret_is_in_any_form(client: Client) -> None:
    story = a_story()
    plant_secrets(beside=story)
    addresses = [
        json_of(row) for row in (*Article.objects.all(), *Claim.objects.all(), *Politician.objects.all())
    ]
    addresses += [f"/claims/{claim.pk}/embed/" for claim in Claim.objects.all()]
    addresses += [f"/oembed/?url={SITE}/claims/{claim.pk}/" for claim in Claim.objects.all()]
    answered = 0
    for address in addresses:
        response = client.get(address)
        if response.status_code == 301:
            continue
        assert response.status_code in {200, 404, 410}, address
        if response.status_code != 404:
            assert SECRET not in response.content.decode(), address
            answered += 1
    assert answered > 12


def test_an_unchanged_form_is_not_sent_again(client: Client) -> None:
    story = a_story()
    claim = Claim.objects.get()
    for address in (json_of(story), json_of(claim), json_of(claim.speaker)):
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    changed = client.get(json_of(story))["Last-Modified"]
    assert client.get(json_of(story), headers={"If-Modified-Since": changed}).status_code == 304


QUERIES = {"story": 7, "claim": 6, "person": 4, "embed": 4}


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.usefixtures("pages_made_anew")
def test_a_form_takes_the_same_queries_however_much_is_in_it(client: Client, count: int) -> None:
    story = a_story(count)
    claim = Claim.objects.first()
    assert claim is not None
    for number in range(count):
        appearance_of(claim, ArticleFactory(plain=f"{number}: {claim.wording}"))
        claim.about.add(PoliticianFactory())
        EvidenceFactory(claim=claim)
        OtherName.objects.create(politician=claim.speaker, name=f"Name {number}")
        Membership.objects.create(politician=claim.speaker, party=PartyFactory())
        Identifier.objects.create(politician=claim.speaker, scheme=f"s{number}", value="1")
    addresses = {
        "story": json_of(story),
        "claim": json_of(claim),
        "person": json_of(claim.speaker),
        "embed": f"/claims/{claim.pk}/embed/",
    }
    taken = {}
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        taken[name] = len(queries)
    assert taken == QUERIES


class TestEmbedding:
    def test_a_claims_address_becomes_a_frame(self, client: Client) -> None:
        a_story()
        claim = Claim.objects.get()
        page = client.get(claim.get_absolute_url()).content.decode()
        address = (
            f"{SITE}/oembed/?url=https%3A%2F%2Fnews.example{claim.get_absolute_url().replace('/', '%2F')}"
        )
        assert f'type="application/json+oembed" title="{claim.short_wording}" href="{address}"' in flat(page)
        data = fetch(client, address.removeprefix(SITE))
        assert (data["version"], data["type"]) == ("1.0", "rich")
        assert data["provider_name"] == "On the Record"
        assert data["author_name"] == claim.speaker.name
        shown = "".join(piece.text for piece in data_views.published_claim(claim.pk).sentence_in_short)
        assert data["title"] == shown != claim.wording
        assert f'src="{SITE}/claims/{claim.pk}/embed/"' in data["html"]
        assert f'width="{data["width"]}" height="{data["height"]}"' in data["html"]

    def test_a_consumer_may_ask_for_less_room(self, client: Client) -> None:
        a_story()
        address = f"/oembed/?url={SITE}/claims/{Claim.objects.get().pk}/"
        data = fetch(client, f"{address}&maxwidth=300&maxheight=100")
        assert (data["width"], data["height"]) == (300, 100)
        for odd in ("0", "-1", "x", "99999", "²", "9" * 40):
            data = fetch(client, f"{address}&maxwidth={odd}")
            assert data["width"] == data_views.EMBED_WIDTH

    def test_other_addresses_and_other_forms_are_refused(self, client: Client) -> None:
        a_story()
        own = f"{SITE}/claims/{Claim.objects.get().pk}/"
        for url in (
            "",
            "x",
            f"{SITE}/",
            own.replace("news", "other"),
            f"{SITE}/claims/999/",
            "http://[",
            "\0",
        ):
            assert client.get("/oembed/", {"url": url}).status_code == 404, url
        assert client.get("/oembed/", {"url": own, "format": "xml"}).status_code == 501

    def test_the_frame_may_stand_anywhere_and_no_other_page_may(self, client: Client) -> None:
        a_story()
        claim = Claim.objects.get()
        frame = client.get(f"/claims/{claim.pk}/embed/")
        assert claim.wording in frame.content.decode()
        assert "X-Frame-Options" not in frame
        assert "frame-ancestors *" in frame["Content-Security-Policy"]
        page = client.get(claim.get_absolute_url())
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
