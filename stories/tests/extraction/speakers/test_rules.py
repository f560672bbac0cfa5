"""The rules, one a file: each finds its own case, and everything known of it stands in its file."""

import re
from pathlib import Path

import pytest

from stories.extraction import extract
from stories.extraction.evaluation import figures
from stories.extraction.speakers import rules
from stories.tests.extraction.casefiles import load_all

FOLDER = Path(rules.__file__).parent


def found_in(text):
    return {(quotation.rule, quotation.speaker) for quotation in extract(text).quotations}


@pytest.mark.parametrize("rule", rules.RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_finds_the_speaker_of_its_case(rule):
    assert (rule.name, rule.case.speaker) in found_in(rule.case.text)


@pytest.mark.parametrize("rule", rules.RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_is_the_only_one_in_its_file_and_tells_what_it_is(rule):
    path = FOLDER / f"{rule.name.replace('-', '_')}.py"
    assert len(re.findall(r"^RULE = ", path.read_text(encoding="utf-8"), re.M)) == 1
    assert rule.label
    assert rule.reason
    assert rule.reason.count("\n") == 0
    assert rule.certainty is None or 0 < rule.certainty < 1


def test_every_file_of_the_folder_is_a_rule():
    files = {path.stem.replace("_", "-") for path in FOLDER.glob("*.py")} - {"--init--"}
    assert files == set(rules.RULES)


def test_what_is_found_goes_by_a_rule_that_has_a_file():
    assert {rule for case in load_all() for rule, _ in found_in(case.text)} <= set(rules.RULES)
    assert set(figures.shipped().by_rule()) <= set(rules.RULES)


def test_labels_tell_rules_apart_and_an_unknown_rule_goes_by_its_name():
    labels = [rule.label for rule in rules.RULES.values()]
    assert len(set(labels)) == len(labels)
    assert rules.label_of("signed") == "“…” – X"
    assert rules.label_of("a new one") == "a new one"
