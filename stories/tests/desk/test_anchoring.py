"""Claims stay on their own words through every edit, or say that they do not."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stories import anchors, richtext
from stories.desk import anchoring, roles
from stories.desk.errors import NotAllowed, NotReady
from stories.models import Appearance, Article
from stories.tests.desk.conftest import NOBODY
from stories.tests.factories import ArticleFactory, ClaimFactory, appearance_of

pytestmark = pytest.mark.django_db

SAID = "the harbour wall is safe"
STORY = f"The council met on Monday.\n\nTove Hollin said: “{SAID}”.\n\nThe meeting ended at noon."


@pytest.fixture
def story():
    return ArticleFactory(plain=STORY)


@pytest.fixture
def appearance(story):
    return appearance_of(ClaimFactory(wording=SAID), story)


def edit(story: Article, new: str) -> anchoring.Reanchored:
    old = story.text
    story.body = richtext.from_text(new)
    story.save()
    return anchoring.reanchor(article=story, old_text=old)


def words_at(appearance: Appearance) -> str:
    appearance.refresh_from_db()
    return Article.objects.get(pk=appearance.article_id).text[appearance.start : appearance.end]


def test_an_edit_elsewhere_moves_the_claim_with_its_words(story, appearance):
    done = edit(story, "A new first paragraph.\n\n" + STORY)
    assert done.moved == [appearance]
    assert words_at(appearance) == SAID
    assert appearance.prefix.endswith("said: “")
    assert appearance.article.text[: appearance.start].endswith(appearance.prefix)


def test_an_edit_after_it_keeps_the_claim(story, appearance):
    assert edit(story, STORY + "\n\nIt was cold.").kept == [appearance]
    assert words_at(appearance) == SAID


def test_words_that_are_gone_are_lost_and_come_back_when_they_do(story, appearance):
    done = edit(story, STORY.replace(SAID, "no comment"))
    assert done.lost == [appearance] == done.adrift
    appearance.refresh_from_db()
    assert (appearance.state, appearance.exact) == ("lost", SAID)
    assert not Appearance.objects.published().exists()
    edit(story, STORY)
    assert words_at(appearance) == SAID
    assert appearance.state in Appearance.IN_PLACE


def test_words_that_now_stand_twice_with_nothing_to_tell_them_apart_go_to_a_person(story, appearance):
    edit(story, "Quite another text.")
    done = edit(story, f"So: “{SAID}”; yes.\n\nSo: “{SAID}”; yes.")
    assert done.ambiguous == [appearance]
    appearance.refresh_from_db()
    assert [story.text[start:end] for start, end in appearance.places] == [SAID, SAID]


def test_every_part_of_an_interrupted_quotation_is_followed(story, appearance):
    story = ArticleFactory(
        plain="“We will build the wall this year,” she said on Monday, “and it will stand for ever.”"
    )
    claim = ClaimFactory(wording="We will build the wall this year, and it will stand for ever.")
    parts = [
        anchoring.places_of(story.text, words)[0]
        for words in ("We will build the wall this year,", "and it will stand for ever.")
    ]
    held = Appearance.objects.create(claim=claim, article=story, exact="-", start=0, end=1)
    anchoring.place(appearance=held, spans=parts, by=None)
    done = edit(
        story,
        "Late on Monday. “We will build the wall this year,” she said again, “and it will stand for ever.”",
    )
    assert done.moved == [held]
    held.refresh_from_db()
    assert [story.text[s.start : s.end] for s in held.selectors] == [
        "We will build the wall this year,",
        "and it will stand for ever.",
    ]
    assert edit(story, "“We will build the wall this year,” she said.").lost == [held]


def test_parts_put_in_another_order_are_no_longer_the_same_quotation():
    story = ArticleFactory(
        plain="“We will build the wall this year,” she said, “and it will stand for ever.”"
    )
    spans = [
        anchoring.places_of(story.text, w)[0]
        for w in ("We will build the wall this year,", "and it will stand for ever.")
    ]
    held = Appearance.objects.create(claim=ClaimFactory(), article=story, exact="-", start=0, end=1)
    anchoring.place(appearance=held, spans=spans, by=None)
    done = edit(story, "“and it will stand for ever.” said she, “We will build the wall this year,”")
    assert done.lost == [held]


def test_two_appearances_of_one_claim_never_come_to_stand_on_the_same_words():
    story = ArticleFactory(plain=f"First: “{SAID}”.\n\nMuch later, again: “{SAID}”.")
    claim = ClaimFactory(wording=SAID)
    first = appearance_of(claim, story)
    start, end = anchoring.places_of(story.text, SAID)[1]
    second = Appearance.objects.create(claim=claim, article=story, exact="-", start=start, end=end)
    anchoring.place(appearance=second, spans=[(start, end)], by=None)
    edit(story, f"Much later, again: “{SAID}”.")
    placed = [a for a in (first, second) if words_at(a) == SAID and a.state in Appearance.IN_PLACE]
    assert placed == [second]
    first.refresh_from_db()
    assert first.state in ("lost", "ambiguous")


def test_appearances_of_one_claim_that_trade_offsets_do_not_trip_over_each_other():
    paragraphs = [f"Paragraph {n} about the sea.\n\nOn day {n} she said: “{SAID}”." for n in range(4)]
    story = ArticleFactory(plain="\n\n".join(paragraphs))
    claim = ClaimFactory(wording=SAID)
    held = []
    for start, end in anchoring.places_of(story.text, SAID):
        selector = anchors.make(story.text, start, end)
        values = {name: getattr(selector, name) for name in ("exact", "prefix", "suffix", "start", "end")}
        held.append(Appearance.objects.create(claim=claim, article=story, **values))
    edit(story, "\n\n".join(reversed(paragraphs)))
    starts = {a.start for a in held if words_at(a) == SAID and a.state in Appearance.IN_PLACE}
    assert len(starts) == len([a for a in held if a.state in Appearance.IN_PLACE])


def test_the_number_of_queries_does_not_grow_with_the_claims(django_assert_num_queries):
    for number in (1, 20):
        story = ArticleFactory(
            plain="\n\n".join(f"She said “clause {n} of the plan is sound” then." for n in range(number))
        )
        for n in range(number):
            appearance_of(ClaimFactory(wording=f"clause {n} of the plan is sound"), story)
        with django_assert_num_queries(4):  # savepoint, read, write, release
            anchoring.reanchor(article=story, old_text=story.text)


def test_placing_is_for_those_who_may_change_a_story_s_claims(person, appearance):
    with pytest.raises(NotAllowed):
        anchoring.place(appearance=appearance, spans=[(0, 3)], by=person(NOBODY))
    anchoring.place(appearance=appearance, spans=[(0, 3)], by=person(roles.FACT_CHECKER))
    assert words_at(appearance) == "The"


@pytest.mark.parametrize("spans", [[], [(5, 5)], [(0, 10_000)], [(-3, 2)], [(0, 5), (3, 8)]])
def test_a_claim_is_only_put_on_words_that_are_there(appearance, spans):
    with pytest.raises(NotReady):
        anchoring.place(appearance=appearance, spans=spans, by=None)
    assert words_at(appearance) == SAID


def test_a_claim_is_not_put_on_the_same_words_twice(story, appearance):
    other = Appearance.objects.create(claim=appearance.claim, article=story, exact="-", start=0, end=1)
    with pytest.raises(NotReady, match="already"):
        anchoring.place(appearance=other, spans=[(appearance.start, appearance.end)], by=None)


SENTENCES = (
    "The council met again in the old hall.",
    "Nobody spoke for an hour.",
    f"“{SAID}”, said Tove Hollin.",
    "“We have the money”, said Quin Farrow.",
    "Rain fell on the harbour.",
)


def scramble(paragraphs: list[str], chance: random.Random) -> list[str]:
    """One edit of the kind people make: cut, move, double, insert, retype the marks, change a word."""
    at = chance.randrange(len(paragraphs)) if paragraphs else 0
    match chance.randrange(6) if paragraphs else 3:
        case 0:
            return paragraphs[:at] + paragraphs[at + 1 :]
        case 1:
            moved = paragraphs[:at] + paragraphs[at + 1 :]
            moved.insert(chance.randrange(len(moved) + 1), paragraphs[at])
            return moved
        case 2:
            return [*paragraphs[: at + 1], paragraphs[at], *paragraphs[at + 1 :]]
        case 3:
            return [*paragraphs[:at], chance.choice(SENTENCES), *paragraphs[at:]]
        case 4:
            retyped = paragraphs[at].replace("“", '"').replace("”", '"')
            return [*paragraphs[:at], retyped, *paragraphs[at + 1 :]]
        case _:
            words = paragraphs[at].split()
            words[chance.randrange(len(words))] = chance.choice(["tide", "never", "safely", "a"])
            return [*paragraphs[:at], " ".join(words), *paragraphs[at + 1 :]]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(min_value=0, max_value=2**32), steps=st.integers(min_value=1, max_value=6))
def test_no_edit_ever_leaves_a_claim_in_place_on_other_words(seed, steps):
    chance = random.Random(seed)
    paragraphs = [chance.choice(SENTENCES) for _ in range(4)] + [SENTENCES[2], SENTENCES[3]]
    story = ArticleFactory(plain="\n\n".join(paragraphs))
    held = [appearance_of(ClaimFactory(wording=words), story) for words in (SAID, "We have the money")]
    for _ in range(steps):
        paragraphs = scramble(paragraphs, chance)
        edit(story, "\n\n".join(paragraphs) or "Nothing is left.")
        for appearance in held:
            appearance.refresh_from_db()
            if appearance.state in Appearance.IN_PLACE:
                assert story.text[appearance.start : appearance.end] == appearance.claim.wording
