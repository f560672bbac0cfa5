"""The ranker: what is seen of a candidate is worth what its named features are."""

import pytest

from stories.extraction.pipeline import read
from stories.extraction.speakers import ranker
from stories.extraction.speakers.feature_names import FAMILIES
from stories.extraction.speakers.features import names, seen

TEXT = (
    "Harbour board to close quay\n\n"
    "Ann Tarrant said the quay was “not safe”, and a clerk of the board, Bob Quill, nodded.\n\n"
    "“We shall close it,” she told reporters. “We had no choice.”\n\n"
    "“It was safe last week,” said Cy Ebbage, who owns a ferry.\n\n"
    "He added: “They never asked.”"
)


@pytest.fixture(scope="module")
def candidates():
    """What is seen of every candidate of the text, and its features."""
    found = []

    def watch(context):
        found.extend((seen(context, option), names(context, option)) for option in context.options)

    read(TEXT, watch=watch)
    return found


def test_a_candidate_is_worth_what_its_named_features_are(candidates):
    every = sorted({name for _, named in candidates for name in named})
    points = {name: i + 1 for i, name in enumerate(every)}
    weigh = ranker.Ranker({name: worth / ranker.POINTS for name, worth in points.items()})
    assert len(candidates) > 10
    for keys, named in candidates:
        assert weigh.score(keys) == sum(points[name] for name in named)
        assert len(named) == len(set(named))


def test_every_family_is_seen_of_every_candidate(candidates):
    assert {len(keys) for keys, _ in candidates} == {len(FAMILIES)}


def test_a_candidate_whom_the_words_name_or_who_spoke_others_is_known_for_it():
    found = {}

    def watch(context):
        for option in context.options:
            printed = context.layout.text[slice(*option.span)]
            found[context.unit.content[0], printed] = names(context, option)

    text = "Ann Tarrant said the quay was shut.\n\n“I asked Tarrant why,” said Bob Quill."
    read(text, watch=watch)
    (unit,) = {content for content, printed in found if printed == "Bob Quill" and text[content.start] == "I"}
    assert {"own 1 name", "person i name"} <= set(found[unit, "Ann Tarrant"])
    assert {"own 0 name", "person i name"} <= set(found[unit, "Bob Quill"])
    assert any(name.startswith("claimed < ") for name in found[unit, "Ann Tarrant"])
    assert any(name.startswith("claimed = ") for name in found[unit, "Bob Quill"])


def test_emptied_tables_tell_the_same(candidates, monkeypatch):
    weigh = ranker.Ranker(ranker.shipped())
    before = [weigh.score(keys) for keys, _ in candidates]
    monkeypatch.setattr("stories.extraction.tagging.memo_tables.TABLE_LIMIT", 0)
    weigh.empty_large()
    assert [weigh.score(keys) for keys, _ in candidates] == before
