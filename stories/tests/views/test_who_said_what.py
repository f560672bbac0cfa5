"""Who said what about whom: the table, and the picture of the same figures."""

import html
import re

import pytest
from django.test import Client

from stories.models import Politician
from stories.tests.factories import ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat
from stories.tests.views.test_story import plain
from stories.views import matrix

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Politician]:
    """Ada spoke of Bram three times (once to the Post, twice to the Ferry), Bram of Ada once."""
    ada, bram = PoliticianFactory(name="Ada Aldous"), PoliticianFactory(name="Bram Corran")
    for rating, outlet in (("true", "the Post"), ("false", "the Ferry"), ("false", "the Ferry")):
        appearance_of(ClaimFactory(speaker=ada, about=[bram], rating=rating), outlet=outlet)
    appearance_of(ClaimFactory(speaker=bram, about=[ada], tags=["harbours"]), outlet="")
    appearance_of(ClaimFactory(speaker=ada))
    return {"ada": ada, "bram": bram}


def rows_of(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/who-said-what/{query}").content.decode()
    return [plain(row) for row in re.findall(r"<tr>(.*?)</tr>", page.partition("</table>")[0], re.S)][1:]


def test_each_pair_has_its_claims_verdicts_and_outlets(client: Client, people: dict[str, Politician]) -> None:
    assert rows_of(client) == [
        "Ada Aldous Bram Corran 3 claims by Ada Aldous about Bram Corran 1 true 2 false "
        "Ferry, Post 4 Mar 2031",
        "Bram Corran Ada Aldous 1 claim by Bram Corran about Ada Aldous 1 not rated 4 Mar 2031",
    ]


def test_the_number_leads_to_just_those_claims(client: Client, people: dict[str, Politician]) -> None:
    page = client.get("/who-said-what/").content.decode()
    address = html.unescape(re.search(r'href="(/claims/\?speaker=ada-aldous[^"]*)"', page)[1])
    assert "3 matching claims" in plain(client.get(address).content.decode())


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?verdict=false", 1),
        ("?topic=harbours", 1),
        ("?speaker=bram-corran", 1),
        ("?outlet=the+Ferry", 1),
        ("?q=none", 0),
    ],
)
def test_the_table_can_be_narrowed(
    client: Client, people: dict[str, Politician], query: str, count: int
) -> None:
    assert len(rows_of(client, query)) == count


def test_a_claim_about_two_people_is_one_claim_in_every_facet(
    client: Client, people: dict[str, Politician]
) -> None:
    both = [people["bram"], PoliticianFactory(name="Cleo Dunmore")]
    claim = ClaimFactory(speaker=people["ada"], about=both, rating="unproven", tags=["ferries"])
    appearance_of(claim, outlet="the Echo")
    facets = client.get("/who-said-what/").context["filters"].facets
    counted = {value.value: value.count for facet in facets for value in facet.values}
    assert [counted[value] for value in ("unproven", "ferries", "echo")] == [1, 1, 1]
    speakers = next(facet for facet in facets if facet.name == "speaker")
    assert {value.value: value.count for value in speakers.values} == {"ada-aldous": 4, "bram-corran": 1}


def matrix_in(client: Client, query: str = "") -> list[list[str]]:
    """The rows of the matrix, each with the texts of its cells."""
    page = client.get(f"/who-said-what/{query}").content.decode().partition('<table class="matrix">')[2]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page.partition("</table>")[0], re.S)
    return [[plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]


def test_few_people_stand_by_party_with_the_number_of_claims_in_each_cell(
    client: Client, people: dict[str, Politician]
) -> None:
    parties = [people[name].party.label for name in ("ada", "bram")]
    assert matrix_in(client) == [
        ["Who spoke", parties[0], parties[1], "All"],
        ["about Ada Aldous", "about Bram Corran"],
        [parties[0]],
        ["Ada Aldous", "", "3", "3"],
        [parties[1]],
        ["Bram Corran", "1", "", "1"],
    ]


def test_a_square_is_as_large_as_its_number(client: Client, people: dict[str, Politician]) -> None:
    page = client.get("/who-said-what/").content.decode()
    assert re.findall(r'<td class="(s\d)">(\d)</td>', page) == [("s8", "3"), ("s5", "1")]


def test_a_name_in_the_picture_leads_to_that_person_alone_under_the_same_filters(
    client: Client, people: dict[str, Politician]
) -> None:
    page = flat(client.get("/who-said-what/?verdict=false&page=1").content.decode())
    assert re.findall(r'href="(\?[^"]*)" rel="nofollow"', page.partition('class="matrix"')[2]) == [
        "?verdict=false&amp;about=bram-corran",
        "?verdict=false&amp;speaker=ada-aldous",
    ]


def test_many_people_are_shown_by_party_and_a_party_opens_onto_its_people(
    client: Client, people: dict[str, Politician], monkeypatch: pytest.MonkeyPatch
) -> None:
    independent = PoliticianFactory(name="Cleo Dunmore", party=None)
    appearance_of(ClaimFactory(speaker=independent, about=[people["ada"]]))
    monkeypatch.setattr(matrix, "MOST", 2)
    ada, bram = (people[name].party for name in ("ada", "bram"))
    assert matrix_in(client) == [
        ["Who spoke", ada.name, bram.name, "All"],
        [f"{ada.name}: its people", "", "3", "3"],
        ["All others", "2", "", "2"],
    ]
    assert matrix_in(client, f"?party={ada.slug}")[-1] == ["Ada Aldous", "3", "3"]


def test_without_a_party_one_stands_last(client: Client, people: dict[str, Politician]) -> None:
    independent = PoliticianFactory(name="Cleo Dunmore", party=None)
    for _ in range(5):
        appearance_of(ClaimFactory(speaker=independent, about=[people["ada"]]))
    assert matrix_in(client)[-2:] == [["No party"], ["Cleo Dunmore", "5", "", "5"]]


def test_people_readers_may_not_see_are_in_no_pair(client: Client, people: dict[str, Politician]) -> None:
    hidden = PoliticianFactory(name="Hidden One", confirmed=False)
    merged = PoliticianFactory(name="Hidden Two", merged_into=people["bram"])
    appearance_of(ClaimFactory(speaker=hidden, about=[people["ada"]]))
    appearance_of(ClaimFactory(speaker=people["ada"], about=[hidden, merged]))
    assert len(rows_of(client)) == 2
    assert "Hidden" not in client.get("/who-said-what/").content.decode()


@pytest.mark.parametrize(("most", "is_cut"), [(1, True), (2, False), (3, False)])
def test_the_table_says_that_it_is_cut_only_when_it_is(
    client: Client, people: dict[str, Politician], monkeypatch: pytest.MonkeyPatch, most: int, is_cut: bool
) -> None:
    monkeypatch.setattr("stories.views.who_said_what.MOST_PAIRS", most)
    page = client.get("/who-said-what/")
    assert page.context["is_cut"] is is_cut
    assert page.context["page"].paginator.count == min(most, 2)
