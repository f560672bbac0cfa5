"""Claims stay on their own words through every edit, or say that they do not."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stories.actions import reanchoring
from stories.actions.errors import NotReady
from stories.models import Appearance, Article
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.text import anchors, richtext

pytestmark = pytest.mark.django_db

SAID = "the harbour wall is safe"
STORY = f"The council met on Monday.\n\nTove Hollin said: “{SAID}”.\n\nThe meeting ended at noon."


@pytest.fixture
def story():
    return ArticleFactory(plain=STORY)


@pytest.fixture
def appearance(story):
    return appearance_of(ClaimFactory(wording=SAID), story)


def edit(story: Article, new: str) -> reanchoring.Reanchored:
    old = story.text
    story.body = richtext.from_text(new)
    story.save()
    return reanchoring.reanchor(article=story, old_text=old)


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
        anchors.places_of(story.text, words)[0]
        for words in ("We will build the wall this year,", "and it will stand for ever.")
    ]
    held = Appearance.objects.create(claim=claim, article=story, exact="-", start=0, end=1)
    reanchoring.put(appearance=held, spans=parts)
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
        anchors.places_of(story.text, w)[0]
        for w in ("We will build the wall this year,", "and it will stand for ever.")
    ]
    held = Appearance.objects.create(claim=ClaimFactory(), article=story, exact="-", start=0, end=1)
    reanchoring.put(appearance=held, spans=spans)
    done = edit(story, "“and it will stand for ever.” said she, “We will build the wall this year,”")
    assert done.lost == [held]


def test_two_appearances_of_one_claim_never_come_to_stand_on_the_same_words():
    story = ArticleFactory(plain=f"First: “{SAID}”.\n\nMuch later, again: “{SAID}”.")
    claim = ClaimFactory(wording=SAID)
    first = appearance_of(claim, story)
    start, end = anchors.places_of(story.text, SAID)[1]
    second = Appearance.objects.create(claim=claim, article=story, exact="-", start=start, end=end)
    reanchoring.put(appearance=second, spans=[(start, end)])
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
    for start, end in anchors.places_of(story.text, SAID):
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
        with django_assert_num_queries(5):  # savepoint, read, write, read notes, release
            reanchoring.reanchor(article=story, old_text=story.text)


@pytest.mark.parametrize("spans", [[], [(5, 5)], [(0, 10_000)], [(-3, 2)], [(0, 5), (3, 8)]])
def test_a_claim_is_only_put_on_words_that_are_there(appearance, spans):
    with pytest.raises(NotReady):
        reanchoring.put(appearance=appearance, spans=spans)
    assert words_at(appearance) == SAID


def test_a_claim_is_not_put_on_the_same_words_twice(story, appearance):
    other = Appearance.objects.create(claim=appearance.claim, article=story, exact="-", start=0, end=1)
    with pytest.raises(NotReady, match="already"):
        reanchoring.put(appearance=other, spans=[(appearance.start, appearance.end)])


LONG = "“We will hold the wall until spring,” said Ada Lowther."
OTHER = "The council met on Monday to talk about other things."
TWIN = "“We will hold the wall until spring,” said Bob Marsh."


def states(*appearances: Appearance) -> list[str]:
    for appearance in appearances:
        appearance.refresh_from_db()
    return [appearance.state for appearance in appearances]


@pytest.mark.parametrize("words", ["We will hold the wall until spring,", "We will hold"])
def test_lost_words_are_not_found_in_another_s_mouth_by_a_later_edit(client, words):
    story = ArticleFactory(plain="\n\n".join((LONG, OTHER, TWIN)))
    adas = appearance_of(ClaimFactory(wording=words, speaker=PoliticianFactory(name="Ada Lowther")), story)
    for text in (
        f"{OTHER}\n\n{TWIN}",
        f"{OTHER}\n\n{TWIN}".replace("Monday", "Tuesday"),
        f"{TWIN}\n\n{OTHER}",
        f"{TWIN.replace('said Bob Marsh', 'said Bob Marsh of Eastmere')}\n\n{OTHER}",
        f"{OTHER}\n\n{TWIN}",
    ):
        edit(story, text)
        assert states(adas) == ["lost"]
        assert adas.public_from is None
        assert 'class="said"' not in client.get(story.get_absolute_url()).content.decode()
    edit(story, f"{LONG}\n\n{OTHER}\n\n{TWIN}")
    assert states(adas)[0] in Appearance.IN_PLACE
    assert (adas.start, story.text[adas.start : adas.end]) == (1, words)
    assert adas.public_from is not None


def test_a_rival_that_is_written_like_the_lost_sentence_is_not_taken():
    story = ArticleFactory(plain="\n\n".join((LONG, OTHER, TWIN)))
    adas = appearance_of(ClaimFactory(wording="We will hold the wall until spring,"), story)
    for text in (f"{TWIN}\n\n{OTHER}", f"{LONG}\n\n{OTHER}"):
        edit(story, text)
        assert states(adas)[0] not in Appearance.IN_PLACE


def test_words_that_had_the_same_neighbours_twice_come_back_only_to_their_own():
    passage = (
        "It rained on the long harbour wall.\n\n“We will hold the wall”\n\nIt rained on the harbour wall."
    )
    start, middle, end = "Ada Lowther spoke first.", "Bob Marsh spoke then.", "They left."
    story = ArticleFactory(plain="\n\n".join((start, passage, middle, passage, end)))
    adas = appearance_of(ClaimFactory(wording="We will hold the wall"), story)
    edit(story, "\n\n".join((start, middle, end)))
    assert states(adas) == ["lost"]
    edit(story, "\n\n".join((start, middle, passage, end)))  # only Bob's are back
    assert states(adas)[0] not in Appearance.IN_PLACE
    edit(story, "\n\n".join((start, middle, end)))
    edit(story, "\n\n".join((start, passage, middle, passage, end)))
    assert states(adas)[0] in Appearance.IN_PLACE
    assert story.text[: adas.start].startswith(start)
    assert middle not in story.text[: adas.start]


def test_parts_come_back_together_and_several_claims_each_to_its_own():
    spoken = "“We will build the wall this year,” she said on Monday, “and it will stand for ever.”"
    story = ArticleFactory(plain=f"{spoken}\n\n{LONG}\n\n{OTHER}\n\n{TWIN}")
    interrupted = Appearance(claim=ClaimFactory(), article=story, exact="-", start=0, end=1)
    words = ("We will build the wall this year,", "and it will stand for ever.")
    reanchoring.put(appearance=interrupted, spans=[anchors.places_of(story.text, part)[0] for part in words])
    adas = appearance_of(ClaimFactory(wording="We will hold the wall until spring,"), story)
    edit(story, f"{OTHER}\n\n{TWIN}")
    edit(story, f"It rained.\n\n{OTHER}\n\n{TWIN}")
    assert states(interrupted, adas) == ["lost", "lost"]
    edit(story, f"{spoken}\n\n{LONG}\n\n{OTHER}\n\n{TWIN}")
    assert set(states(interrupted, adas)) <= set(Appearance.IN_PLACE)
    assert [story.text[part.start : part.end] for part in interrupted.selectors] == list(words)
    assert story.text[adas.end :].startswith("” said Ada Lowther")


def test_one_part_that_stayed_and_one_that_was_cut_and_put_back_are_one_quotation_again():
    spoken = "“We will build the wall this year,” she said on Monday, “and it will stand for ever.”"
    story = ArticleFactory(plain=f"{OTHER}\n\n{spoken}")
    held = Appearance(claim=ClaimFactory(), article=story, exact="-", start=0, end=1)
    words = ("We will build the wall this year,", "and it will stand for ever.")
    reanchoring.put(appearance=held, spans=[anchors.places_of(story.text, part)[0] for part in words])
    edit(story, f"{OTHER}\n\n{spoken.replace('for ever', 'a year')}")
    edit(story, f"It rained.\n\n{OTHER}\n\n{spoken.replace('for ever', 'a year')}")
    assert states(held) == ["lost"]
    edit(story, f"It rained.\n\n{OTHER}\n\n{spoken}")
    assert states(held)[0] in Appearance.IN_PLACE


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
    match chance.randrange(7) if paragraphs else 3:
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
        case 5:  # a word altered, and the same words put into another's mouth
            altered = [line.replace("is safe", "is not safe") for line in paragraphs]
            return [*altered[: at + 1], f"Bob Marsh said: “{SAID}”.", *altered[at + 1 :]]
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
        adrift = {a.pk: a for a in held if a.state not in Appearance.IN_PLACE}
        edit(story, "\n\n".join(paragraphs) or "Nothing is left.")
        for appearance in held:
            was = adrift.get(appearance.pk)
            around = was and (was.prefix, was.suffix)
            appearance.refresh_from_db()
            if appearance.state in Appearance.IN_PLACE:
                assert story.text[appearance.start : appearance.end] == appearance.claim.wording
                assert not story.text[: appearance.start].endswith("Marsh said: “")
                # What was adrift is in place only between its own neighbouring words.
                if around:
                    before, after = story.text[: appearance.start], story.text[appearance.end :]
                    assert anchors.alike(before[len(before) - len(around[0]) :], around[0])
                    assert anchors.alike(after[: len(around[1])], around[1])
