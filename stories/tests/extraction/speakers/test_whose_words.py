"""Cases whose habit once left a named speaker without a name, or with another's: everybody gets their own."""

import pytest

from stories.extraction import extract
from stories.tests.extraction.casefiles import load
from stories.tests.extraction.test_cases import pairs

CASES = (
    "answer-to-the-papers-own-question",
    "attacked-for-claiming",
    "colon-behind-a-long-lead-in",
    "described-by-somebody-else",
    "direct-words-behind-a-fragment",
    "headline-said-by-nobody-below",
    "headline-said-in-other-words",
    "mr-is-not-the-knight",
    "office-by-its-field",
    "owner-behind-a-pronoun",
    "party-then-its-member",
    "passed-on-within-a-report",
    "relative-clause-behind-a-comma",
    "said-twice-in-one-sentence",
    "shadow-minister-as-spokesman",
    "the-only-one-named-so-far",
    "who-said-it-closes-the-sentence",
    "with-somebody-saying",
)


@pytest.mark.parametrize("name", CASES)
def test_everybody_is_given_their_own_words(name):
    given = [(case_words.speaker, found and found.speaker) for case_words, found in pairs(load(name))]
    assert given == [(speaker, speaker) for speaker, _ in given]


def test_words_a_passive_gives_away_are_not_the_subjects():
    named = {
        gold.source_text: found and found.source_text
        for gold, found in pairs(load("described-by-somebody-else"))
    }
    assert named == {source: source for source in named}


@pytest.mark.parametrize("name", ["a-pronoun-for-nobody-printed", "declined-but-said"])
def test_words_are_kept_though_nobody_is_named_for_them(name):
    given = [(gold.source_text, found and found.source_text) for gold, found in pairs(load(name))]
    assert given == [(source, source) for source, _ in given]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("She went to school in the old custom house at Norbury, known then as the", "Rock of the Marshes"),
        ("She went on to become Magnus Orde's", "lamp lady"),
    ],
)
def test_what_somebody_is_known_as_is_nobodys_words(sentence, name):
    text = f'Petra Vale said that she would not go back. {sentence} "{name}". "I was never dry," she said.'
    said = [text[start:end] for q in extract(text).quotations for start, end in q.content]
    assert "I was never dry," in said
    assert not any(name in words for words in said)


def test_what_a_name_means_is_nobodys_words():
    text = load("what-a-name-means").text
    said = [text[start:end] for q in extract(text).quotations for start, end in q.content]
    assert any("wool and spin" in words for words in said)
    assert not any("truth" in words for words in said)


@pytest.mark.parametrize("bullet", ["-", "–", "—", "•", "*"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_name_behind_the_next_bullet_did_not_sign_the_words_before_it(bullet, gap):
    first, second = "Ann Tarrant, Labour: “The plan is dead.”", "Bram Ottley, Conservative: “It is alive.”"
    found = extract(f"Harbour row goes on\n\n{bullet} {first}{gap}{bullet} {second}\n").quotations
    assert found[0].speaker in ("Ann Tarrant", None)
    assert all(said.speaker in ("Bram Ottley", None) for said in found[1:])


def test_a_name_behind_a_dash_still_signs_the_words_before_it():
    text = "Harbour row goes on\n\n“The plan is dead and buried.”\n– Bram Ottley, the Conservative MP\n"
    assert [said.speaker for said in extract(text).quotations] == ["Bram Ottley"]
