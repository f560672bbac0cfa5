"""What a first visit to each page loads: its HTML, its style sheets and its script, without compression."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from stories import models
from stories.static_files import MINIFIED
from stories.tests import factories as make
from stories.tests.views import newsroom

MOST = 60_000  # bytes
# A table of 25 pairs, and a matrix with the same figures.
ITS_OWN = {"who_said_what": 85_000}
SHEETS = Path(settings.BASE_DIR) / "stories/static/stories"
CLASS = re.compile(r"\.(-?[a-z][\w-]*)")


def served(address: str) -> bytes:
    """Return a static file as it is served after `collectstatic`."""
    found = Path(finders.find(address.removeprefix("/static/")))
    return MINIFIED[found.suffix](found.read_text()).encode()


def classes_of(sheet: Path) -> set[str]:
    return set(CLASS.findall(re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", sheet.read_text(), flags=re.DOTALL)))


@pytest.fixture
def addresses(db: None) -> dict[str, str]:
    """The pages of the walk; of what is listed there is more than a page shows."""
    walked = newsroom.build(rows=4).addresses()
    before = None
    for number in range(20):
        said = (
            f"The ferry to Northgill cost {number},000 pounds a week before anybody asked who had paid for it"
        )
        story = make.ArticleFactory(
            headline=f"Ministers at odds over ferry fares for the {number}th time",
            plain=f"“{said},” the minister told the Eastmere Post. She would not say more.",
            standfirst="The committee heard two accounts of one meeting, and minutes of neither.",
            tags=["harbour wall"],
        )
        claim = make.ClaimFactory(wording=said, about=[make.PoliticianFactory()], tags=["harbour wall"])
        newsroom.rate(claim)
        make.appearance_of(claim, story, speaker_role="minister for ferries", speaker_party="Harbour")
        if before:
            pair = {"first": before, "second": claim, "note": "One says four weeks, the other six months."}
            models.Contradiction.objects.create(**pair, confirmed_at=timezone.now())
        before = claim
    return walked


def test_no_page_weighs_more_than_60_kb_and_each_has_the_sheets_it_needs(
    client: Client, addresses: dict[str, str]
) -> None:
    base = classes_of(SHEETS / "site.css")
    others = {sheet.name: classes_of(sheet) for sheet in SHEETS.glob("*.css") if sheet.name != "site.css"}
    weights, bare = {}, {}
    for name, address in addresses.items():
        page = client.get(address).content
        html = page.decode()
        files = re.findall(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"', html)
        weights[name] = len(page) + sum(len(served(file)) for file in files)
        linked = {Path(file).name for file in files}
        used = {one for value in re.findall(r'class="([^"]*)"', html) for one in value.split()}
        bare[name] = {
            one
            for one in used - base
            if (having := {sheet for sheet, its in others.items() if one in its}) and not having & linked
        }
    assert {name: size for name, size in weights.items() if size > ITS_OWN.get(name, MOST)} == {}
    assert {name: missing for name, missing in bare.items() if missing} == {}
