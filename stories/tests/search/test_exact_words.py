"""The quick look for exact words says nothing that taking the text apart would not say."""

from hypothesis import example, given
from hypothesis import strategies as st

from stories.search.query import Query
from stories.search.words import words_of

PARTS = ["cafe", "café", "cafe\u0301", "nobody", "Nobody", "İ", "ß", "2", "\u0301", "it's", *" ,-_“”’…"]
TEXT = st.lists(st.sampled_from(PARTS), max_size=9).map("".join)


@given(TEXT, st.lists(TEXT, max_size=3))
@example("nobody", ["İnobody"])
@example("cafe", ["cafe\u0301"])
@example("nobody cafe", ["“Nobody cafe,” they said"])
def test_a_phrase_stands_where_its_words_stand_one_after_the_other(typed: str, texts: list[str]) -> None:
    query = Query.parse(f'"{typed}"')
    apart = [f" {' '.join(words_of(text))} " for text in texts]
    expected = all(any(f" {' '.join(phrase)} " in text for text in apart) for phrase in query.phrases)
    assert query.stands_exactly_in(texts) is expected


def test_every_phrase_that_was_typed_has_to_stand_somewhere() -> None:
    query = Query.parse('"the wall" "the ferry"')
    assert query.stands_exactly_in(["İ the wall", "and the ferry"])
    assert not query.stands_exactly_in(["İ the wall", "and the café"])
