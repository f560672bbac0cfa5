"""The claims browser's lists as spreadsheets."""

import csv
import datetime
import io
from collections.abc import Callable
from dataclasses import asdict

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from taggit.models import Tag

from stories.database import bulk_load, public_from
from stories.models import Appearance, Article, Claim, Outlet
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.secrets import SECRET, plant_secrets
from stories.text import anchors
from stories.views import csv_export

pytestmark = pytest.mark.django_db


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/claims.csv{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_spreadsheet_holds_what_the_filters_leave(client: Client) -> None:
    ada = PoliticianFactory(name="Ada Aldous")
    claim = ClaimFactory(
        speaker=ada,
        wording='the "wall", they say,\nstands',
        about=[PoliticianFactory(name="Bram Corran")],
        rating="false",
    )
    claim.wording = "the wall stands"
    claim.save()
    place = appearance_of(claim, speaker_role="mayor", speaker_party="Harbour", outlet="the Post")
    appearance_of(ClaimFactory())
    [row] = rows_of(client, "?speaker=ada-aldous")
    assert row["words"] == "the wall stands"
    assert (row["speaker"], row["role_as_printed"], row["told"]) == ("Ada Aldous", "mayor", "the Post")
    assert (row["outlet"], row["outlet_id"]) == ("Post", str(Outlet.objects.get(name="Post").pk))
    assert (row["about"], row["verdict"], row["said_on"]) == ("Bram Corran", "false", "2031-03-04")
    assert (row["verdict_label"], row["kind_label"], row["party"]) == (
        "False",
        "Direct quotation",
        ada.party.name,
    )
    assert row["address"].endswith(claim.get_absolute_url())
    assert row["stories"].endswith(place.article.get_absolute_url())
    assert len(rows_of(client)) == 2


@pytest.mark.parametrize("first", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_no_cell_is_taken_for_a_formula(client: Client, first: str) -> None:
    claim = ClaimFactory(speaker=None, speaker_label=f"{first} a source")
    appearance_of(claim)
    [row] = rows_of(client)
    assert row["speaker"] == f"'{first.strip()} a source"


def test_a_filter_that_cannot_be_applied_gives_no_spreadsheet(client: Client) -> None:
    response = client.get("/claims.csv?verdict=flase&colour=red")
    assert response.status_code == 400
    assert "there is no “flase”" in response.content.decode()
    assert "no filter called “colour”" in response.content.decode()


def test_nothing_unpublished_is_in_the_spreadsheet(client: Client) -> None:
    plant_secrets()
    rows = rows_of(client)
    assert len(rows) == 4
    assert SECRET not in str(rows).lower()


def test_a_longer_spreadsheet_costs_a_few_queries_for_each_chunk(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for rows in (1, 19):
        for _ in range(rows):
            appearance_of(ClaimFactory())
        rows_of(client)
        with CaptureQueriesContext(connection) as queries:
            rows_of(client)
        counts.append(len(queries))
    assert counts == [9, 9]
    monkeypatch.setattr(csv_export, "CHUNK", 10)
    with CaptureQueriesContext(connection) as queries:
        assert len(rows_of(client)) == 20
    assert len(queries) == 15


def test_a_spreadsheet_says_of_a_claim_what_the_api_says(client: Client) -> None:
    plant_secrets()
    interrupted, spoken = ClaimFactory(wording="the wall stands … it will stand"), ClaimFactory(stance="")
    story = ArticleFactory(plain="“The wall stands,” she said, “it will stand.”\n\n“No,” he said.")
    appearance_of(spoken, told_in(spoken), speaker_role="mayor", speaker_party="Harbour", outlet="")
    appearance_of(spoken, told_in(spoken))
    words = [selector_of(story.text, part) for part in ("The wall stands,", "it will stand.")]
    Appearance.objects.create(
        claim=interrupted, article=story, kind="direct", further=[asdict(words[1])], **asdict(words[0])
    )
    appearance_of(
        ClaimFactory(
            unread=True, speaker=None, speaker_label="", about=[PoliticianFactory()], tags=["ports"]
        ),
        attribution="a keeper",
    )
    rows = {int(row["claim"]): row for row in rows_of(client)}
    told = client.get("/api/v1/claims?limit=100").json()["results"]
    assert len(told) == len(rows) == 7
    for claim in told:
        row, person = rows[claim["id"]], claim["politician"] or {"url": ""}
        same = {name: claim[name] for name in ("words", "kind", "stance", "speaker", "told", "verdict")}
        assert {name: row[name] for name in same} == same
        assert row["parts"].split(" | ") == claim["parts"]
        assert (row["address"], row["speaker_address"]) == (claim["url"], person["url"])
        assert (row["role_as_printed"], row["party_as_printed"]) == (claim["role"], claim["party"])
        assert row["party"] == (claim["speaker_party"] or {"name": ""})["name"]
        assert row["verdict_in_a_sentence"] == claim["verdict_summary"]
        assert row["read_by_an_editor"] == ("yes" if claim["read_by_an_editor"] else "no")
        assert row["about"] == "; ".join(one["name"] for one in claim["about"])
        assert row["topics"] == "; ".join(one["name"] for one in claim["topics"])
        assert row["stories"] == " ".join(one["url"] for one in claim["stories"])
    assert rows[interrupted.pk]["words"] == "The wall stands … it will stand."


def told_in(claim: Claim) -> Article:
    return ArticleFactory(plain=f"She said: “{claim.wording}”.")


def selector_of(text: str, words: str) -> anchors.Selector:
    start = text.index(words)
    return anchors.make(text, start, start + len(words))


CHANGES: dict[str, Callable[[Claim], object]] = {
    "reworded": lambda claim: Claim.objects.filter(pk=claim.pk).update(wording="the wall fell"),
    "rated": lambda claim: Claim.objects.filter(pk=claim.pk).update(rating="false"),
    "judged in other words": lambda claim: Claim.objects.update(rating_summary="It fell."),
    "another's": lambda claim: Claim.objects.update(speaker=PoliticianFactory()),
    "rejected": lambda claim: Claim.objects.filter(pk=claim.pk).update(state="rejected"),
    "deleted": lambda claim: claim.delete(),
    "its story withdrawn": lambda claim: Article.objects.update(status="withdrawn"),
    "its story deleted": lambda claim: Article.objects.all().delete(),
    "its story at another address": lambda claim: Article.objects.update(slug="another-wall"),
    "its outlet renamed": lambda claim: Outlet.objects.update(name="The Evening Post"),
    "told to another": lambda claim: Appearance.objects.update(outlet="the Echo"),
    "its words lost": lambda claim: Appearance.objects.update(state="lost"),
    "printed once more": lambda claim: appearance_of(claim),
    "another made": lambda claim: appearance_of(ClaimFactory()),
    "its speaker renamed": lambda claim: type(claim.speaker).objects.update(name="Ada Birkett"),
    "its speaker hidden": lambda claim: type(claim.speaker).objects.update(confirmed=False),
    "its speaker deleted": lambda claim: claim.speaker.delete(),
    "about one more": lambda claim: claim.about.add(PoliticianFactory()),
    "about nobody": lambda claim: claim.about.clear(),
    "under one more topic": lambda claim: claim.tags.add("schools"),
    "under none": lambda claim: claim.tags.clear(),
    "its topic renamed": lambda claim: Tag.objects.update(name="ports"),
    "a bulk load": lambda claim: loaded(),
    "made anew from the rows": lambda claim: public_from.install(connection),
}


def loaded() -> None:
    with bulk_load.triggers_disabled():
        appearance_of(ClaimFactory())


def printed_claim() -> Claim:
    claim = ClaimFactory(about=[PoliticianFactory()], tags=["harbours"])
    appearance_of(claim)
    return claim


@pytest.mark.parametrize("change", CHANGES)
def test_a_spreadsheet_is_sent_again_only_when_something_in_it_or_gone_from_it_changed(
    client: Client, change: str
) -> None:
    claim = printed_claim()
    first = client.get("/claims.csv")
    condition = {"If-None-Match": first["ETag"]}
    again = client.get("/claims.csv", headers=condition)
    assert (again.status_code, again.content) == (304, b"")
    CHANGES[change](claim)
    assert client.get("/claims.csv", headers=condition).status_code == 200


def test_a_spreadsheet_is_another_when_the_time_of_a_story_comes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed_claim()
    soon = timezone.now() + datetime.timedelta(hours=1)
    scheduled = ClaimFactory()
    appearance_of(scheduled, ArticleFactory(plain=f"He said “{scheduled.wording}”.", published_at=soon))
    first = client.get("/claims.csv")
    condition = {"If-None-Match": first["ETag"]}
    assert client.get("/claims.csv", headers=condition).status_code == 304
    monkeypatch.setattr(timezone, "now", lambda: soon + datetime.timedelta(seconds=1))
    assert client.get("/claims.csv", headers=condition).status_code == 200
    assert len(rows_of(client)) == 2


def test_what_no_reader_sees_changes_no_spreadsheet(client: Client) -> None:
    claim = printed_claim()
    before = client.get("/claims.csv")["ETag"]
    Claim.objects.update(shingled_key="")
    Article.objects.update(embargo_note="Not before noon.")
    proposed = ClaimFactory(state="proposed", speaker=claim.speaker)
    appearance_of(proposed, ArticleFactory(draft=True, plain=f"He said “{proposed.wording}”."))
    proposed.wording = "it will stand"
    proposed.save()
    proposed.delete()
    assert client.get("/claims.csv")["ETag"] == before


def test_whether_a_spreadsheet_changed_is_told_without_reading_a_claim(client: Client) -> None:
    printed_claim()
    etag = client.get("/claims.csv")["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/claims.csv", headers={"If-None-Match": etag}).status_code == 304
        assert client.head("/claims.csv")["ETag"] == etag
    assert len(queries) == 4
    assert not any('FROM "stories_claim"' in query["sql"] for query in queries)
