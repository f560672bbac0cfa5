"""Claims of one speaker in nearly the same words: found, joined by a person, or left apart for good."""

import pytest
from django.contrib.auth.models import Group

from stories.actions import permissions
from stories.actions.claims import near_claims, review
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.people import merging
from stories.models import Act, Claim, NearWording, WordRun
from stories.tests.factories import ClaimFactory, UserFactory, appearance_of, roles

pytestmark = pytest.mark.django_db
SAID = "we have mended every road in the county since the flood"
NEARLY = "we have mended nearly every road in the county since the flood"


@pytest.fixture
def checker():
    roles()
    user = UserFactory()
    user.groups.add(Group.objects.get(name=permissions.FACT_CHECKER))
    return user


@pytest.fixture
def two():
    """The older claim, and one by the same speaker in nearly its words; both are printed."""
    older = ClaimFactory(wording=SAID)
    newer = ClaimFactory(wording=NEARLY, speaker=older.speaker)
    appearance_of(older)
    appearance_of(newer)
    return older, newer


def found(claim):
    """What is found; the same when all claims are on file and when some wait for it."""
    claim = Claim.objects.get(pk=claim.pk)
    before = [one.claim for one in near_claims.near(claim)]
    near_claims.file_claims_of(claim)
    assert not near_claims.SPOKEN.waiting().exists()
    assert [one.claim for one in near_claims.near(claim)] == before
    return before


def test_nearly_the_same_words_of_one_speaker_are_found_from_either(two):
    older, newer = two
    ClaimFactory(wording=NEARLY)
    ClaimFactory(wording="ferries run on time whatever the weather", speaker=older.speaker)
    assert found(newer) == [older]
    assert found(older) == [newer]
    (one,) = near_claims.near(newer)
    assert [(change.kind, change.text) for change in one.changes if change.kind != "same"] == [
        ("added", "nearly")
    ]


def test_under_a_label_the_same_label_speaks():
    by_clerk = ClaimFactory(wording=SAID, speaker=None, speaker_label="a clerk")
    again = ClaimFactory(wording=NEARLY, speaker=None, speaker_label="a clerk")
    ClaimFactory(wording=SAID, speaker=None, speaker_label="a keeper")
    nobody = [ClaimFactory(wording=SAID, speaker=None) for _ in range(2)]
    assert found(again) == [by_clerk]
    assert found(nobody[0]) == []


def test_what_was_reworded_or_given_to_another_is_found_as_it_is_now(two):
    older, newer = two
    assert found(newer) == [older]
    Claim.objects.filter(pk=older.pk).update(wording="ferries run on time whatever the weather")
    assert found(newer) == []
    Claim.objects.filter(pk=older.pk).update(wording=SAID)
    assert found(newer) == [older]
    review.reassign(claim=older, speaker_label="a clerk", by=None)
    assert found(newer) == []
    review.reassign(claim=older, speaker=newer.speaker, by=None)
    assert found(newer) == [older]


def test_claims_of_a_person_merged_away_are_found_under_who_answers_for_them(two):
    older, newer = two
    other = ClaimFactory(wording=f"But {SAID}")
    assert found(other) == []
    merging.merge(winner=newer.speaker, loser=other.speaker, by=None)
    assert set(found(newer)) == {older, other}


def test_of_six_words_in_a_row_one_run_is_on_file():
    words = [f"word{chr(97 + n)}" for n in range(26)]
    claim = ClaimFactory(wording=" ".join(words))
    near_claims.SPOKEN.file_waiting()
    assert 6 <= WordRun.objects.count() <= 18
    for at in range(26 - 6 + 1):
        asked = Claim(speaker=claim.speaker, wording=" ".join(words[at : at + 6]))
        assert dict(near_claims.SPOKEN.holding(near_claims._runs(asked))), at


def test_a_look_up_takes_as_many_questions_for_one_claim_as_for_many(two, django_assert_num_queries):
    older, newer = two
    near_claims.near(newer)
    with django_assert_num_queries(4):
        assert len(near_claims.near(newer)) == 1
    for number in range(12):
        ClaimFactory(wording=f"{SAID} {'and ' * number}of us", speaker=older.speaker)
    near_claims.near(newer)
    with django_assert_num_queries(4):
        assert len(near_claims.near(newer)) == near_claims.MOST


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"wording": f"{SAID} of 1953"}, "numbers"),
        ({"wording": SAID.replace("have mended", "have not mended")}, "denies"),
        ({"stance": "denied"}, "the other"),
    ],
)
def test_what_differs_in_more_than_words_is_shown_last_and_never_joined(two, checker, values, told):
    older, newer = two
    other = ClaimFactory(**{"wording": SAID.replace("every", "each")} | values, speaker=older.speaker)
    assert found(newer) == [older, other]
    assert told in near_claims.near(newer)[1].differs[0]
    with pytest.raises(NotReady, match=told):
        near_claims.join(claim=other, into=older, by=checker, reason="One claim.")
    near_claims.leave_apart(claim=other, other=older, answer="shown", by=checker)


def test_two_are_joined_with_both_printings_and_are_two_again_when_that_is_undone(two, checker):
    older, newer = two
    with pytest.raises(NotReady, match="say why"):
        near_claims.join(claim=newer, into=older, by=checker)
    act = near_claims.join(claim=newer, into=older, by=checker, reason="One speech.")
    assert sorted(older.appearances.values_list("exact", flat=True)) == sorted([SAID, NEARLY])
    assert near_claims.joined_to(older) == [act]
    assert near_claims.part(act=act, by=checker) == []
    assert Claim.objects.get(pk=newer.pk).appearances.get().exact == NEARLY
    assert older.appearances.get().exact == SAID
    assert near_claims.joined_to(older) == []
    with pytest.raises(NotReady, match="two claims already"):
        near_claims.part(act=Act.objects.get(), by=checker)


@pytest.mark.parametrize("answer", NearWording.Answer)
def test_what_was_left_apart_is_not_asked_again_until_that_is_taken_back(two, checker, answer):
    older, newer = two
    pair = near_claims.leave_apart(claim=newer, other=older, answer=answer, by=checker)
    assert (pair.first, pair.second, pair.said_by) == (older, newer, checker)
    assert found(older) == found(newer) == []
    assert near_claims.left_apart(older) == [(pair, newer)]
    near_claims.ask_again(pair=NearWording.objects.get(), by=checker)
    assert found(newer) == [older]
    with pytest.raises(NotReady, match="already"):
        near_claims.ask_again(pair=NearWording(pk=pair.pk, first=older, second=newer), by=checker)


def test_an_answer_may_be_another_later_and_is_one_row(two, checker):
    older, newer = two
    for answer in ("different", "shown"):
        near_claims.leave_apart(claim=older, other=newer, answer=answer, by=checker)
    assert NearWording.objects.get().answer == "shown"


def test_words_that_are_not_near_cannot_be_said_to_be(two, checker):
    older, newer = two
    for wrong in (ClaimFactory(wording=NEARLY), older):
        with pytest.raises(NotReady, match="nearly the same"):
            near_claims.leave_apart(claim=older, other=wrong, answer="shown", by=checker)
    with pytest.raises(NotReady, match="Say whether"):
        near_claims.leave_apart(claim=older, other=newer, answer="same", by=checker)


def test_what_was_said_of_a_claim_is_said_of_the_one_that_it_is_joined_to(two, checker):
    older, newer = two
    third = ClaimFactory(wording=f"But {SAID} came", speaker=older.speaker)
    pair = near_claims.leave_apart(claim=newer, other=third, answer="shown", by=checker)
    act = near_claims.join(claim=newer, into=older, by=checker, reason="One speech.")
    pair.refresh_from_db()
    assert {pair.first, pair.second} == {older, third}
    near_claims.part(act=act, by=checker)
    pair.refresh_from_db()
    assert {pair.first, pair.second} == {newer, third}


def test_who_may_not_review_answers_nothing(two):
    older, newer = two
    by = UserFactory()
    pair = NearWording(first=older, second=newer, answer="shown")
    for act in (
        lambda: near_claims.leave_apart(claim=newer, other=older, answer="shown", by=by),
        lambda: near_claims.join(claim=newer, into=older, by=by, reason="So."),
        lambda: near_claims.ask_again(pair=pair, by=by),
        lambda: near_claims.part(act=Act(), by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_rejected_claim_is_not_shown(two):
    older, newer = two
    Claim.objects.filter(pk=older.pk).update(state="rejected")
    assert found(newer) == []
