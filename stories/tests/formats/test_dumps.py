"""The whole record as files: they say what readers see, and are gone with what is withdrawn."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from contextlib import nullcontext
from hashlib import sha256
from typing import Any

import jsonschema
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stories.formats import dumps, parquet
from stories.formats.tables import TABLES
from stories.formats.tables.columns import Table
from stories.models import Appearance, Article, Claim, Contradiction, Correction, Politician
from stories.tests.factories import ClaimFactory, appearance_of
from stories.tests.secrets import SECRET, plant_secrets
from stories.tests.views.newsroom import Newsroom, build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test did is seen by its own connection alone."""
    monkeypatch.setattr(dumps, "snapshot", nullcontext)


@pytest.fixture
def newsroom() -> Newsroom:
    newsroom = build(2)
    plant_secrets(beside=newsroom.story)
    return newsroom


def fetched(client: Client, stamp: str, name: str) -> bytes:
    response = client.get(f"/data/{stamp}/{name}")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    return b"".join(response.streaming_content)


def test_every_table_is_right_by_its_schemas_and_holds_what_readers_see(
    client: Client, newsroom: Newsroom
) -> None:
    dump = dumps.write()
    package = json.loads(fetched(client, dump.stamp, "datapackage.json"))
    sums = fetched(client, dump.stamp, "SHA256SUMS").decode()
    lines = {}
    of_csv = [one for one in package["resources"] if one["format"] == "csv"]
    for table, resource in zip(TABLES, of_csv, strict=True):
        schema = json.loads(fetched(client, dump.stamp, f"{table.name}.schema.json"))
        packed = [fetched(client, dump.stamp, f"{table.name}.{form}.gz") for form in ("csv", "jsonl")]
        for content in packed:
            assert sha256(content).hexdigest() in sums
        as_csv, as_lines = (gzip.decompress(content).decode() for content in packed)
        assert SECRET not in as_csv.lower() + as_lines.lower()
        cells = list(csv.DictReader(io.StringIO(as_csv)))
        lines[table.name] = [json.loads(line) for line in as_lines.splitlines()]
        assert [field["name"] for field in resource["schema"]["fields"]] == list(cells[0])
        assert len(cells) == len(lines[table.name]) == resource["rows"] > 0
        checked(table, schema, lines[table.name], cells)
    assert {one["story"] for one in lines["stories"]} == set(
        Article.objects.published().values_list("pk", flat=True)
    )
    texts = {one["story"]: one["text"] for one in lines["stories"]}
    for one in lines["appearances"]:
        (start, end), *_ = one["places"]
        assert texts[one["story"]][start:end] == one["words"]
    referred(lines)


def test_parquet_files_say_the_same_and_are_listed_only_where_they_were_written(
    client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrow = pytest.importorskip("pyarrow.parquet")
    dump = dumps.write()
    sums = fetched(client, dump.stamp, "SHA256SUMS").decode()
    for table in TABLES:
        content = fetched(client, dump.stamp, f"{table.name}.parquet")
        assert sha256(content).hexdigest() in sums
        rows = arrow.read_table(io.BytesIO(content)).to_pylist()
        lines = gzip.decompress(fetched(client, dump.stamp, f"{table.name}.jsonl.gz")).decode().splitlines()
        kinds = {column.name: column.kind for column in table.columns}
        for row, line in zip(rows, map(json.loads, lines), strict=True):
            for name, value in row.items():
                shown = value.isoformat() if kinds[name] in {"date", "datetime"} and value else value
                assert str(shown).replace("+00:00", "Z") == str(line[name])
    page = client.get("/data/").content.decode()
    assert page.count(">Parquet<") == len(TABLES)
    monkeypatch.setattr(parquet, "is_installed", lambda: False)
    other = dumps.write()
    assert not any(name.endswith(".parquet") for name in other.files)
    assert ">Parquet<" not in client.get("/data/").content.decode()


def checked(table: Table, schema: Any, lines: list[Any], cells: list[dict[str, str]]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    for line, cell in zip(lines, cells, strict=True):
        validator.validate(line)
        for column in table.columns:
            if column.kind in {"integer", "date", "datetime"}:
                assert cell[column.name] == ("" if line[column.name] is None else str(line[column.name]))


def referred(lines: dict[str, list[Any]]) -> None:
    """A number of another table is the number of a row there."""
    for table in TABLES:
        for column, other in table.links:
            known = {row[dumps.TABLE_KEYS[other]] for row in lines[other]} | {None}
            assert {row[column] for row in lines[table.name]} <= known, (table.name, column)


def test_a_longer_table_asks_no_more_questions(newsroom: Newsroom) -> None:
    for table in TABLES:
        numbers = list(table.keys("default"))
        counts = []
        for some in (numbers[:1], numbers):
            with CaptureQueriesContext(connection) as queries:
                list(table.rows(some, "default"))
            counts.append(len(queries))
        assert counts[0] == counts[1], table.name


GONE: dict[str, Callable[[Newsroom], object]] = {
    "its story withdrawn": lambda n: Article.objects.filter(pk=n.story.pk).update(status="withdrawn"),
    "its story deleted": lambda n: n.story.delete(),
    "a claim rejected": lambda n: Claim.objects.filter(pk=n.claim.pk).update(state="rejected", rating=""),
    "words lost": lambda n: Appearance.objects.filter(claim=n.claim).update(state="lost"),
    "a person hidden": lambda n: Politician.objects.filter(pk=n.person.pk).update(confirmed=False),
    "a correction taken back": lambda n: Correction.objects.filter(article=n.story).update(made_at=None),
    "a contradiction doubted": lambda n: Contradiction.objects.update(confirmed_at=None),
}


@pytest.mark.parametrize("gone", GONE)
def test_a_dump_with_something_that_is_gone_is_handed_out_no_more(
    client: Client, newsroom: Newsroom, gone: str
) -> None:
    stamp = dumps.write().stamp
    appearance_of(ClaimFactory())  # what is new alone does not matter
    assert fetched(client, stamp, "claims.csv.gz")
    assert not dumps.is_due()
    GONE[gone](newsroom)
    response = client.get(f"/data/{stamp}/claims.csv.gz")
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert int(response["Retry-After"]) > 0
    page = client.get("/data/").content.decode()
    assert "being written again" in page
    assert stamp not in page
    call_command("write_data", "--if-due", verbosity=0)
    newer = dumps.newest()
    assert newer is not None
    assert fetched(client, newer.stamp, "claims.csv.gz")
    assert client.get(f"/data/{stamp}/claims.csv.gz").status_code == 503
    assert newer.stamp in client.get("/data/").content.decode()


def test_a_correction_made_since_is_in_a_new_dump_soon(client: Client, newsroom: Newsroom) -> None:
    stamp = dumps.write().stamp
    since = dumps.newest().made_at
    correction = Correction.objects.create(article=newsroom.story, text="It was Monday.")
    assert not dumps.is_due()  # a draft
    Correction.objects.filter(pk=correction.pk).update(made_at=since)
    assert dumps.is_due()
    assert fetched(client, stamp, "claims.csv.gz")


def test_dumps_are_written_as_a_whole_and_older_ones_deleted(
    client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/data/latest/claims.csv.gz").status_code == 404
    assert "No files have been written yet." in client.get("/data/").content.decode()
    first, second = dumps.write(), dumps.write()
    with monkeypatch.context() as patched:
        patched.setattr(dumps, "package", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            dumps.write()
    assert len(dumps.all_stamps()) == 3
    assert dumps.newest() == second
    assert client.get("/data/latest/claims.csv.gz")["Location"] == f"/data/{second.stamp}/claims.csv.gz"
    assert client.get(f"/data/{dumps.all_stamps()[0]}/claims.csv.gz").status_code == 404
    third, fourth = dumps.write(), dumps.write()
    assert dumps.all_stamps() == [fourth.stamp, third.stamp]
    assert client.get(f"/data/{first.stamp}/claims.csv.gz").status_code == 404
    for name in (dumps.NUMBERS, "secrets.csv.gz", "..%2Fnumbers.gz"):
        assert client.get(f"/data/{fourth.stamp}/{name}").status_code == 404
    assert default_storage.exists(f"{dumps.FOLDER}/{fourth.stamp}/{dumps.NUMBERS}")
    etag = client.get(f"/data/{fourth.stamp}/claims.csv.gz")["ETag"]
    same = client.get(f"/data/{fourth.stamp}/claims.csv.gz", headers={"If-None-Match": etag})
    assert same.status_code == 304


def test_the_licence_is_said_on_the_page_and_in_every_form(
    client: Client, newsroom: Newsroom, settings: Any
) -> None:
    stamp = dumps.write().stamp
    assert "No licence has been chosen" in client.get("/data/").content.decode()
    assert "licenses" not in json.loads(fetched(client, stamp, "datapackage.json"))
    address = "https://creativecommons.org/licenses/by/4.0/"
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "CC BY 4.0", address
    stamp = dumps.write().stamp
    page = client.get("/data/").content.decode()
    assert f'href="{address}">CC BY 4.0</a>' in page
    [licence] = json.loads(fetched(client, stamp, "datapackage.json"))["licenses"]
    assert licence == {"name": "CC-BY-4.0", "title": "CC BY 4.0", "path": address}
    for form in (f"/data/{stamp}/claims.csv.gz", "/claims.csv", "/api/v1/claims", "/claims/feed/json/"):
        assert client.get(form)["Link"] == f'<{address}>; rel="license"', form
        assert client.get(form)["Access-Control-Allow-Origin"] == "*", form


def test_all_verdicts_are_a_feed_of_claim_reviews(client: Client, newsroom: Newsroom) -> None:
    Claim.objects.filter(pk=newsroom.claim.pk).update(stance="denied")
    response = client.get("/data/claim-reviews.json")
    assert response["Content-Type"] == "application/ld+json"
    text = b"".join(response.streaming_content).decode()
    assert SECRET not in text.lower()
    feed = json.loads(text)
    assert feed["@type"] == "DataFeed"
    rated = Claim.objects.published().exclude(rating="").filter(stance="said")
    reviews = [item["item"] for item in feed["dataFeedElement"]]
    assert len(reviews) == rated.count() > 0
    for review in reviews:
        assert review["@type"] == "ClaimReview"
        assert review["reviewRating"]["alternateName"] == "Misleading"
        assert review["itemReviewed"]["author"]["name"]
