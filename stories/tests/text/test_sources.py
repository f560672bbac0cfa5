"""Sources as they are printed: named or not, and their offices."""

import pytest

from stories.text import sources


@pytest.mark.parametrize(
    "source",
    [
        "a Labour MP",
        "the same NEC member",
        "The source",
        "many",
        "Some in the party",
        "a spokesman for Ada Flint",
        "Sources within the Harbour Party",
        "one minister, who asked not to be named",
    ],
)
def test_people_without_a_name_are_said_to_have_none(source: str) -> None:
    assert sources.described(source) == f"{source}, not named"


@pytest.mark.parametrize(
    "source", ["the Treasury", "Ada Flint", "the committee’s report", "Eastmere Council", "", "Ms Flint"]
)
def test_a_body_and_a_name_stay_as_they_are_printed(source: str) -> None:
    assert sources.described(source) == source


@pytest.mark.parametrize(
    ("role", "party", "shown"),
    [
        ("New Harbour Secretary", "", "Harbour Secretary"),
        ("Harbour Party MP", "Harbour Party", "MP"),
        ("Harbour leader", "Harbour Party", "Leader"),
        ("deputy leader of the Harbour Party", "Harbour Party", "Deputy leader"),
        ("Leader of the Harbour Party", "Harbour", "Leader"),
        ("chair of the Harbour Party conference", "Harbour", "Chair of the Harbour Party conference"),
        ("Harbour Party", "Harbour Party", ""),
        ("minister", "", "Minister"),
        ("MP for Eastmere", "", "MP for Eastmere"),
        ("organisation's president", "", "Organisation's president"),
        ("and the island leader", "", "Island leader"),
        ("secretary of the Ferry Workers’ Union (FWU", "", "Secretary of the Ferry Workers’ Union"),
        ("lawyer representing Ms Flint", "", "Lawyer"),
        ("chairman of the ferry board, who resigned", "", "Chairman of the ferry board"),
        ("head of", "", "Head"),
        ("e-envoy", "", "E-envoy"),
        ("", "Harbour Party", ""),
    ],
)
def test_an_office_stands_by_itself_beside_the_party(role: str, party: str, shown: str) -> None:
    assert sources.office(role, party) == shown
