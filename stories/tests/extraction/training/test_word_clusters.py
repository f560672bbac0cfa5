"""Kinds of words: what keeps like company is of one kind, and what holds for a kind holds for a rare word."""

from itertools import product

from stories.extraction.tagging.tagger import Model
from stories.extraction.training.word_clusters import KINDS, clusters

TITLES = ("minister", "pilot", "mayor", "clerk", "docker")
VERBS = ("left", "slept", "waited", "sang", "rowed")


def sentences():
    made = [["the", title, verb, "at", "once"] for title, verb in product(TITLES, VERBS) for _ in range(9)]
    return [*made, ["the", "purser", "left", "at", "once"], ["the", "clerk", "dozed", "at", "once"]]


def kinds(number, monkeypatch):
    monkeypatch.setattr("stories.extraction.training.word_clusters.KINDS", number)
    words = {word for sentence in sentences() for word in sentence}
    return clusters(sentences(), words)


def test_words_that_keep_like_company_are_of_one_kind_and_rare_ones_join_them(monkeypatch):
    found = {word: kind for word, (kind, _) in kinds(5, monkeypatch).items()}
    assert len({found[title] for title in (*TITLES, "purser")}) == 1
    assert len({found[verb] for verb in (*VERBS, "dozed")}) == 1
    assert found["purser"] != found["dozed"]


def test_a_sort_is_of_its_kind(monkeypatch):
    found = kinds(5, monkeypatch)
    assert all(sort.startswith(f"{kind}.") for kind, sort in found.values())


def test_kinds_do_not_hang_on_the_order_in_which_words_are_given():
    words = sorted({word for sentence in sentences() for word in sentence})
    assert clusters(sentences(), words) == clusters(sentences(), words[::-1])


def test_words_that_are_never_used_are_of_no_kind():
    assert clusters(sentences(), ["harbour"]) == {}
    assert clusters([], ["harbour"]) == {}


def test_a_tagger_takes_a_word_of_one_kind_for_another():
    rows = [
        "word\tsaid\ta",
        "word\tthe\tf",
        "kin\tpurser\t3\t3.1",
        "kin\tpilot\t3\t3.0",
        "weight\tk0=3\tS> 2.00",
    ]
    features = Model("\n".join(rows)).features
    purser, pilot, stranger = (features.words[word].worths for word in ("purser", "pilot", "stranger"))
    assert purser == pilot != stranger
    assert KINDS > 3
