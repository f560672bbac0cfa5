"""The claims browser's lists as spreadsheets."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stories.tests.data.secrets import SECRET, plant_secrets
from stories.tests.factories import ClaimFactory, PoliticianFactory, appearance_of
from stories.views import spreadsheet

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
    place = appearance_of(claim, speaker_role="mayor", speaker_party="Harbour", told="the Post")
    appearance_of(ClaimFactory())
    [row] = rows_of(client, "?speaker=ada-aldous")
    assert row["words"] == "the wall stands"
    assert (row["speaker"], row["role_as_printed"], row["told"]) == ("Ada Aldous", "mayor", "the Post")
    assert (row["about"], row["verdict"], row["said_on"]) == ("Bram Corran", "False", "2031-03-04")
    assert row["address"].endswith(claim.get_absolute_url())
    assert row["stories"].endswith(place.article.get_absolute_url())
    assert len(rows_of(client)) == 2


@pytest.mark.parametrize("first", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_no_cell_is_taken_for_a_formula(client: Client, first: str) -> None:
    claim = ClaimFactory(speaker=None, speaker_label=f"{first} a source")
    appearance_of(claim)
    [row] = rows_of(client)
    assert row["speaker"] == f"'{first} a source"


def test_a_filter_that_cannot_be_applied_gives_no_spreadsheet(client: Client) -> None:
    response = client.get("/claims.csv?verdict=flase&colour=red")
    assert response.status_code == 400
    assert "there is no “flase”" in response.content.decode()
    assert "no filter called “colour”" in response.content.decode()


def test_nothing_unpublished_is_in_the_spreadsheet(client: Client) -> None:
    plant_secrets()
    rows = rows_of(client)
    assert len(rows) == 2
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
    assert counts == [4, 4]
    monkeypatch.setattr(spreadsheet, "CHUNK", 10)
    with CaptureQueriesContext(connection) as queries:
        assert len(rows_of(client)) == 20
    assert len(queries) == 7
