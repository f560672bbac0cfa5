"""The API: what readers may see and nothing else, paged without end, refused with a reason."""

import html
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from stories.api import endpoints
from stories.models import Article, Claim, Politician
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.tests.secrets import SECRET, plant_secrets

pytestmark = pytest.mark.django_db

SITE = "https://news.example"
ROOT = "/api/v1"
PARAMETERS = "q speaker party about topic verdict kind outlet after before letter limit cursor person".split()
LISTS = ["stories", "claims", "politicians", "topics", "outlets"]


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def ask(client: Client, address: str, **query: Any) -> Any:
    response = client.get(f"{ROOT}/{address}".removeprefix(f"{ROOT}/{SITE}"), query or None)
    assert response.status_code == 200, (address, response.content[:300])
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def a_newsroom(count: int = 1) -> Claim:
    for number in range(count):
        person = PoliticianFactory()
        claim = ClaimFactory(
            speaker=person,
            about=[PoliticianFactory()],
            wording=f"lock {number} leaks",
            tags=["Locks"],
            rating=Claim.Rating.FALSE,
            rating_summary="No.",
        )
        story = ArticleFactory(
            headline=f"Lock {number}",
            plain=f"She said: “{claim.wording}”.",
            authors=[AuthorFactory()],
            tags=["Locks", f"Lock {number}"],
        )
        told = "the Eastmere Post" if not number else f"the Echo {number}"
        appearance_of(claim, story, speaker_role="mayor", outlet=told)
    return claim


@pytest.mark.parametrize("name", LISTS)
def test_a_list_goes_on_until_it_has_told_everything_once(client: Client, name: str) -> None:
    a_newsroom(4)
    address, found = f"{ROOT}/{name}?limit=2", []
    while address:
        answer = client.get(address.removeprefix(SITE)).json()
        assert 0 < len(answer["results"]) <= 2
        found += [row["url"] for row in answer["results"]]
        address = answer["next"]
    known = {"stories": 4, "claims": 4, "politicians": 8, "topics": 5, "outlets": 4}
    assert len(found) == len(set(found)) == known[name]
    for url in found:
        assert client.get(url.removeprefix(SITE)).status_code == 200


def test_what_is_told_is_what_the_rows_say(client: Client) -> None:
    claim = a_newsroom()
    story = Article.objects.get()
    (told,) = ask(client, "claims")["results"]
    assert told["words"] == claim.wording
    assert told["speaker"] == claim.speaker.name
    assert told["politician"]["slug"] == claim.speaker.slug
    assert told["role"] == "mayor"
    assert (told["verdict"], told["verdict_summary"]) == ("false", "No.")
    assert told["stories"][0]["url"] == SITE + story.get_absolute_url()
    assert told == ask(client, f"claims/{claim.pk}")
    (told,) = ask(client, "stories")["results"]
    assert told["headline"] == story.headline
    assert client.get(told["data"].removeprefix(SITE)).json() == ask(client, f"stories/{story.slug}")
    person = ask(client, f"politicians/{claim.speaker.slug}")
    assert person["name"] == claim.speaker.name
    outlet = {"name": "Eastmere Post", "slug": "eastmere-post", "url": f"{SITE}/outlets/eastmere-post/"}
    (told,) = ask(client, "claims")["results"]
    assert (told["told"], told["outlet"]) == ("the Eastmere Post", outlet)
    assert ask(client, "outlets/eastmere-post") == outlet | {
        **{"data": f"{SITE}/outlets/eastmere-post.json", "kind": "", "website": "", "other_names": []},
        "claims": 1,
    }
    assert ask(client, "topics/locks") == {
        **{"name": "Locks", "slug": "locks", "url": f"{SITE}/topics/locks/", "stories": 1, "claims": 1}
    }


def test_the_filters_are_those_of_the_readers_lists(client: Client) -> None:
    claim = a_newsroom(3)
    assert len(ask(client, "claims", speaker=claim.speaker.slug)["results"]) == 1
    assert len(ask(client, "claims", topic="locks", verdict="false")["results"]) == 3
    assert len(ask(client, "claims", verdict=["true", "none"])["results"]) == 0
    assert len(ask(client, "stories", topic="lock-1")["results"]) == 1
    assert len(ask(client, "politicians", party=claim.speaker.party.slug)["results"]) == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("claims?speaker=nobody", 400),
        ("claims?planet=mars", 400),
        ("stories?after=soon", 400),
        ("topics?q=x", 400),
        ("outlets?q=x", 400),
        ("claims?verdict=perhaps", 422),
        ("claims?limit=0", 422),
        ("claims?limit=1000", 422),
        ("claims?cursor=x", 422),
        ("claims?cursor=99999999999999999999", 422),
    ],
)
def test_what_cannot_be_applied_is_refused_with_the_reason(client: Client, address: str, status: int) -> None:
    a_newsroom()
    response = client.get(f"{ROOT}/{address}")
    assert response.status_code == status
    told = response.json()
    assert told["problems"] if status == 400 else told["detail"]


def test_what_is_not_there_is_not_found(client: Client) -> None:
    for address in (
        *("stories/nothing", "claims/0", "claims/999", "politicians/nobody", "topics/nothing"),
        *(f"claims/{'9' * 30}", f"stories/{'x' * 300}", "politicians/%00", "planets"),
    ):
        assert client.get(f"{ROOT}/{address}").status_code == 404, address


def test_nothing_can_be_written(client: Client) -> None:
    claim = a_newsroom()
    for address in (*LISTS, f"claims/{claim.pk}"):
        for verb in ("post", "put", "patch", "delete"):
            assert getattr(client, verb)(f"{ROOT}/{address}").status_code == 405


def test_nothing_secret_is_told(client: Client) -> None:
    a_newsroom()
    plant_secrets(beside=Article.objects.first())
    told = 0
    rows = [
        *(f"stories/{story.slug}" for story in Article.objects.all()),
        *(f"claims/{claim.pk}" for claim in Claim.objects.all()),
        *(f"politicians/{person.slug}" for person in Politician.objects.all()),
    ]
    for address in [*LISTS, *rows]:
        response = client.get(f"{ROOT}/{address}")
        assert response.status_code in {200, 404}, address
        assert SECRET not in response.content.decode(), address
        told += response.status_code == 200
    assert told > 10
    for name in ("unconfirmed-quagsecret", "merged-quagsecret"):
        assert client.get(f"{ROOT}/claims", {"speaker": name}).status_code == 400


@pytest.mark.usefixtures("pages_made_anew")
def test_too_many_requests_are_told_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def times(number: int) -> list[int]:
        statuses = []
        for count in range(number):
            response = client.get(f"{ROOT}/topics", headers={"X-Forwarded-For": f"10.0.0.{count}"})
            statuses.append(response.status_code)
        if statuses[-1] == 429:
            assert int(response["Retry-After"]) >= 1
        return statuses

    allowed = int(endpoints.RATE.split("/")[0])
    assert times(allowed + 2) == [200] * allowed + [429] * 2


def test_the_description_is_valid_and_describes_every_answer(client: Client) -> None:
    claim = a_newsroom()
    described = client.get(f"{ROOT}/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    examples = {
        "{slug}": {
            "stories": Article.objects.get().slug,
            "politicians": claim.speaker.slug,
            "topics": "locks",
            "outlets": "eastmere-post",
        },
        "{id}": {"claims": str(claim.pk)},
    }
    seen = 0
    for path, operations in described["paths"].items():
        assert list(operations) == ["get"]
        address = path
        for variable, values in examples.items():
            if variable in path:
                address = path.replace(variable, values[path.split("/")[3]])
        answer = client.get(address)
        assert answer.status_code == 200, address
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator(schema | {"components": described["components"]}).validate(
            answer.json()
        )
        seen += 1
    assert seen == 10


def test_the_description_is_readable_without_a_script(client: Client) -> None:
    response = client.get(f"{ROOT}/")
    assert response.status_code == 200
    page = html.unescape(response.content.decode())
    for path, operations in client.get(f"{ROOT}/openapi.json").json()["paths"].items():
        assert path in page
        for parameter in operations["get"].get("parameters", []):
            assert parameter["name"] in page
    assert "<script" not in page.partition("<main")[2]
    for address in ("openapi.json", "stories", "claims", "politicians", "topics"):
        assert f'href="{ROOT}/{address}"' in page
        assert client.get(f"{ROOT}/{address}").status_code == 200


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.usefixtures("pages_made_anew")
def test_an_answer_takes_the_same_queries_however_long(client: Client, count: int) -> None:
    a_newsroom(count)
    ContentType.objects.get_for_models(Article, Claim)
    taken = {}
    for name in LISTS:
        with CaptureQueriesContext(connection) as queries:
            ask(client, name, limit=100)
        taken[name] = len(queries)
    assert taken == {"stories": 3, "claims": 5, "politicians": 1, "topics": 1, "outlets": 2}


class AnyQuestionTest(HypothesisTestCase):
    """Nothing that is asked breaks it."""

    @settings(max_examples=150, deadline=None)
    @given(
        name=st.sampled_from(LISTS),
        query=st.dictionaries(
            st.sampled_from(PARAMETERS) | st.text(max_size=5),
            st.text(max_size=30) | st.integers().map(str) | st.dates().map(str),
            max_size=4,
        ),
        path=st.text(max_size=12),
    )
    def test_gets_an_answer(self, name: str, query: dict[str, str], path: str) -> None:
        client = Client(REMOTE_ADDR=f"10.{hash((name, path)) % 250}.{len(path)}.{hash(str(query)) % 250}")
        assert client.get(f"{ROOT}/{name}", query).status_code in {200, 400, 422, 429}
        assert client.get(f"{ROOT}/{name}/{quote(path, safe='')}").status_code in {200, 404, 422, 429}
