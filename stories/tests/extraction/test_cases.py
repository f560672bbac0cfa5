"""The gold cases, held against the reader of copy: above all, nobody gets words that are not theirs."""

import pytest

from stories.extraction import extract
from stories.tests.extraction.casefiles import Case, load, names

# Where it is known to name somebody wrongly. A case that is mended must leave this list.
OPEN: set[str] = set()
MATCH = 0.5  # share of characters in common from which two stretches are the same words


def pairs(case: Case):
    """Each gold quotation with the found one that covers it best, or ``None``."""
    found = extract(case.text)
    for gold in case.quotes:
        wanted = {i for start, end in gold.pieces for i in range(start, end)}
        best, share = None, MATCH
        for quotation in found.quotations:
            mine = {i for start, end in quotation.content for i in range(start, end)}
            alike = len(wanted & mine) / len(wanted | mine)
            if alike >= share:
                best, share = quotation, alike
        yield gold, best


def wrong_names(case: Case) -> list[str]:
    found = extract(case.text)
    wrong = [
        f"{name} credited"
        for name in case.nobody
        if any(q.speaker and name in q.speaker for q in found.quotations)
    ]
    for gold, quotation in pairs(case):
        if quotation is not None and quotation.speaker not in {None, gold.speaker, *gold.also_right}:
            wrong.append(f"{quotation.speaker} for {gold.speaker or gold.source_text}")
    return wrong


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason="known to be wrong"))
        if name in OPEN
        else name
        for name in names()
    ],
)
def test_nobody_is_given_words_that_are_not_theirs(name):
    assert wrong_names(load(name)) == []


def test_nearly_all_named_speakers_are_found_by_their_full_names():
    named = right = unnamed = left = met = total = 0
    for name in names():
        for gold, quotation in pairs(load(name)):
            total += 1
            if quotation is None:
                continue
            met += 1
            if gold.speaker is None:
                unnamed += 1
                left += quotation.speaker is None
            else:
                named += 1
                right += quotation.speaker in {gold.speaker, *gold.also_right}
    assert met >= 0.87 * total
    assert right >= 0.89 * named
    assert unnamed - left <= 1


def test_what_the_source_did_with_the_words_is_read():
    wrong = [
        f"{case}: {quotation.stance} for {gold.stance}"
        for case in names()
        for gold, quotation in pairs(load(case))
        if gold.stance and quotation is not None and quotation.stance != gold.stance
    ]
    assert wrong == []


def test_the_outlet_or_audience_told_is_read():
    judged = right = 0
    for name in names():
        for gold, quotation in pairs(load(name)):
            if gold.addressee is None or quotation is None:
                continue
            judged += 1
            addressee = (quotation.addressee or "").lower().removeprefix("the ")
            forms = {form.lower().removeprefix("the ") for form in gold.addressee} or {""}
            right += addressee in forms
    assert right >= 0.96 * judged
