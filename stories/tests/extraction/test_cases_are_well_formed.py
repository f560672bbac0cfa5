"""The gold cases can be trusted: every field is valid and every word stands where it is said to stand."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from stories.tests.extraction import casefiles

TEXT = (
    "Ned Colby, the Labour rail minister, said the line was “a ruin” and that it would reopen. “It will take "
    "a year,” he told the BBC. The line closed in 1987, to nobody's surprise, and a bus has run up the dale "
    "to Harrowby twice a day ever since, except on Sundays, except in snow."
)


def gold(**changes: Any) -> dict[str, Any]:
    """The gold of ``TEXT`` as it should be, with some fields of the case changed."""
    return {
        "habit": "A fragment, then a pronoun",
        "quotes": [partial(), direct()],
        "nobody": ["Harrowby"],
        "people": [person()],
        "not_people": ["Harrowby"],
    } | changes


def partial(**changes: Any) -> dict[str, Any]:
    words = "the line was “a ruin” and that it would reopen"
    source = {"source_text": "Ned Colby", "told": None}
    return direct(words=words, kind="partial", fragments=["a ruin"], **source) | changes


def direct(**changes: Any) -> dict[str, Any]:
    return {
        "words": "It will take a year",
        "speaker": "Ned Colby",
        "source_text": "he",
        "kind": "direct",
        "told": "the BBC",
        "politician": True,
    } | changes


def person(**changes: Any) -> dict[str, Any]:
    return {"name": "Ned Colby", "politician": True, "role": "rail minister", "party": "Labour"} | changes


@pytest.mark.parametrize("name", casefiles.names())
def test_case_is_well_formed(name):
    casefiles.load(name)


def test_no_two_cases_share_a_text_or_a_habit():
    cases = casefiles.load_all()
    assert len({case.text for case in cases}) == len(cases)
    assert len({case.habit for case in cases}) == len(cases)


def test_cases_cover_every_kind_and_some_hold_no_quotation_at_all():
    cases = casefiles.load_all()
    assert {quote.kind for case in cases for quote in case.quotes} == set(casefiles.KINDS)
    assert any(not case.quotes for case in cases)
    assert any(quote.speaker is None for case in cases for quote in case.quotes)


def test_words_are_found_where_they_stand():
    case = casefiles.parse("sample", TEXT, json.dumps(gold()))
    first, second = case.quotes
    assert [TEXT[start:end] for start, end in first.fragments] == ["a ruin"]
    assert [TEXT[start:end] for start, end in second.pieces] == ["It will take a year"]
    assert second.addressee == ("the BBC",)
    assert first.addressee == ()


def test_a_space_fits_a_broken_line():
    broken = TEXT.replace("take a year", "take a\nyear")
    case = casefiles.parse("sample", broken, json.dumps(gold()))
    assert broken[slice(*case.quotes[1].pieces[0])] == "It will take a\nyear"


def test_pieces_and_a_named_occurrence_are_found_in_order():
    quote = direct(words=["except", "in snow"], occurrence=2, source_text=None, told=None)
    case = casefiles.parse("sample", TEXT, json.dumps(gold(quotes=[quote])))
    start, _ = case.quotes[0].pieces[0]
    assert start == TEXT.rindex("except")


def test_what_is_left_out_is_not_judged():
    quote = direct()
    del quote["told"], quote["politician"]
    case = casefiles.parse("sample", TEXT, json.dumps(gold(quotes=[quote])))
    assert case.quotes[0].addressee is None
    assert case.quotes[0].politician is None


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (gold(habit=" "), "habit"),
        (gold(quotes=[direct(words="It will take a week")]), "does not stand in the text"),
        (gold(quotes=[direct(words="It will take a yea")]), "does not stand in the text"),
        (gold(quotes=[direct(words="except")]), "stands 2 times"),
        (gold(quotes=[direct(words="except", occurrence=3)]), "no occurrence 3"),
        (gold(quotes=[direct(occurrence=1)]), "no occurrence 1"),
        (gold(quotes=[direct(words=["It will take a year", "Ned Colby"])]), "after the piece before it"),
        (gold(quotes=[direct(words="“It will take a year")]), "leave off"),
        (gold(quotes=[direct(words="It will take a year,")]), "leave off"),
        (gold(quotes=[direct(words=[])]), "no words"),
        (gold(quotes=[direct(kind="paraphrase")]), "kind"),
        (gold(quotes=[direct(fragments=["a year"])]), "only a partial"),
        (gold(quotes=[partial(fragments=[])]), "only a partial"),
        (gold(quotes=[partial(fragments=["a year"])]), "exactly once in its quotation"),
        (gold(quotes=[direct(source_text="she")]), "“she” does not stand"),
        (gold(quotes=[direct(told="the Times")]), "“the Times” does not stand"),
        (gold(quotes=[direct(about=["Rufus Addo"])]), "“Rufus Addo” does not stand"),
        (gold(quotes=[direct(politician="yes")]), "not true, false or null"),
        (gold(quotes=[direct(speaker="Colby")]), "not among the people"),
        (gold(quotes=[direct(rule="said")]), "fields nobody reads: rule"),
        (gold(quotes=[direct(), partial()]), "reading order"),
        (gold(nobody=["Colby"]), "must not be"),
        (gold(nobody=["Rufus Addo"]), "does not stand"),
        (gold(people=[person(role="trade minister")]), "the role"),
        (gold(people=[person(party="Green")]), "the party"),
        (gold(people=[person(), person()]), "listed twice"),
        (gold(people=[{"name": "Ned Colby"}]), "lacks party, politician, role"),
        (gold(not_people=["Leeds"]), "does not stand"),
        (gold(either_way=["a ruin"]), "inside a quotation"),
        ({"habit": "x"}, "lacks"),
        ([], "no JSON object"),
    ],
)
def test_a_faulty_case_is_refused_and_says_why(wrong, complaint):
    with pytest.raises(casefiles.CaseError, match=re.escape(complaint)):
        casefiles.parse("sample", TEXT, json.dumps(wrong))


def test_a_text_of_the_wrong_length_is_refused():
    for text in (TEXT[:100], TEXT * 5):
        with pytest.raises(casefiles.CaseError, match="40"):
            casefiles.parse("sample", text, json.dumps(gold()))


def test_broken_json_is_refused_with_its_line():
    with pytest.raises(casefiles.CaseError, match="line 2"):
        casefiles.parse("sample", TEXT, '{"habit": "x",\n nobody: []}')


@pytest.mark.parametrize("missing", [".txt", ".json"])
def test_a_case_needs_both_files(tmp_path, missing):
    (tmp_path / "sample.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "sample.json").write_text(json.dumps(gold()), encoding="utf-8")
    assert casefiles.load("sample", tmp_path).name == "sample"
    (tmp_path / f"sample{missing}").unlink()
    assert casefiles.names(tmp_path) == ["sample"]
    with pytest.raises(casefiles.CaseError, match=f"sample{missing} is missing"):
        casefiles.load("sample", tmp_path)


def test_the_readme_s_own_example_is_a_well_formed_case():
    readme = (casefiles.CASES / "README.md").read_text(encoding="utf-8")
    text, example = re.findall(r"^```(?:text|json)\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    assert casefiles.parse("example", text, example).quotes
