import pytest
from reversion.models import Version

from stories.actions import permissions
from stories.actions.claims import review
from stories.actions.errors import NotAllowed, NotReady
from stories.models import Appearance, Claim, Contradiction, Evidence, Politician
from stories.tests.actions.conftest import EVERYBODY, OPERATOR
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    EvidenceFactory,
    PoliticianFactory,
    appearance_of,
)

pytestmark = pytest.mark.django_db

VERBS = {
    "accept": lambda claim, by: review.accept(claim=claim, by=by),
    "reject": lambda claim, by: review.reject(claim=claim, by=by),
    "reopen": lambda claim, by: review.reopen(claim=claim, by=by),
    "reassign": lambda claim, by: review.reassign(claim=claim, by=by, speaker_label="a harbour clerk"),
    "merge": lambda claim, by: review.merge(claim=claim, into=ClaimFactory(), by=by),
}


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("verb", list(VERBS))
def test_only_fact_checkers_and_editors_decide(person, verb, role):
    claim = ClaimFactory(proposed=True)
    if role in (permissions.FACT_CHECKER, permissions.EDITOR, OPERATOR):
        VERBS[verb](claim, person(role))
    else:
        with pytest.raises(NotAllowed):
            VERBS[verb](claim, person(role))
        assert Claim.objects.filter(pk=claim.pk, state=Claim.State.PROPOSED, speaker=claim.speaker).exists()


def test_accepting_confirms_the_speaker_and_keeps_who_accepted(person):
    checker = person(permissions.FACT_CHECKER)
    claim = ClaimFactory(proposed=True, speaker=PoliticianFactory(confirmed=False))
    review.accept(claim=claim, by=checker)
    claim.refresh_from_db()
    assert (claim.state, claim.reviewed_by) == (Claim.State.ACCEPTED, checker)
    assert claim.reviewed_at is not None
    assert claim.speaker.confirmed


def test_a_claim_nobody_is_named_for_is_not_accepted():
    claim = ClaimFactory(proposed=True, speaker=None)
    with pytest.raises(NotReady, match="who said it"):
        review.accept(claim=claim, by=None)
    review.reassign(claim=claim, by=None, speaker_label="one council member")
    review.accept(claim=claim, by=None)
    assert Claim.objects.accepted().get() == claim


def test_a_claim_with_a_verdict_is_not_rejected_by_the_way():
    claim = ClaimFactory(rating="false", rating_summary="The minutes say otherwise.")
    with pytest.raises(NotReady, match="verdict"):
        review.reject(claim=claim, by=None)
    assert Claim.objects.accepted().exists()


def test_a_decision_can_be_changed():
    claim = ClaimFactory(proposed=True)
    for verb, state in (
        (review.reject, "rejected"),
        (review.accept, "accepted"),
        (review.reject, "rejected"),
    ):
        verb(claim=claim, by=None)
        claim.refresh_from_db()
        assert claim.state == state


def test_a_decision_is_taken_back_whole(person):
    claim = ClaimFactory(proposed=True)
    review.accept(claim=claim, by=person(permissions.EDITOR))
    review.reopen(claim=claim, by=None)
    claim.refresh_from_db()
    assert (claim.state, claim.reviewed_by, claim.reviewed_at) == ("proposed", None, None)
    rated = ClaimFactory(rating="true", rating_summary="Yes.")
    with pytest.raises(NotReady, match="verdict"):
        review.reopen(claim=rated, by=None)


def test_a_new_speaker_is_put_in_place_and_the_state_left_alone():
    claim, other = ClaimFactory(proposed=True), PoliticianFactory()
    assert review.reassign(claim=claim, by=None, speaker=other) == claim
    claim.refresh_from_db()
    assert (claim.speaker, claim.state) == (other, Claim.State.PROPOSED)


def test_a_label_replaces_a_person_and_a_person_a_label():
    claim = ClaimFactory(proposed=True)
    review.reassign(claim=claim, by=None, speaker_label="  a harbour clerk ")
    claim.refresh_from_db()
    assert (claim.speaker, claim.speaker_label) == (None, "a harbour clerk")
    somebody = PoliticianFactory()
    review.reassign(claim=claim, by=None, speaker=somebody)
    claim.refresh_from_db()
    assert (claim.speaker, claim.speaker_label) == (somebody, "")


def test_reassigning_needs_one_new_speaker_not_two_and_not_none():
    claim = ClaimFactory()
    with pytest.raises(ValueError, match="either"):
        review.reassign(claim=claim, by=None)
    with pytest.raises(ValueError, match="either"):
        review.reassign(claim=claim, by=None, speaker=PoliticianFactory(), speaker_label="a clerk")


def test_a_merged_person_s_words_go_to_the_record_that_answers_for_them():
    winner = PoliticianFactory()
    old = PoliticianFactory(merged_into=winner)
    claim = ClaimFactory()
    review.reassign(claim=claim, by=None, speaker=old)
    claim.refresh_from_db()
    assert claim.speaker == winner


def test_the_same_words_of_the_new_speaker_become_one_claim_with_both_appearances():
    wording = "the harbour wall is safe"
    theirs = ClaimFactory(wording=wording, tags=["Harbours"])
    wrong = ClaimFactory(
        wording="The harbour wall is safe,", proposed=True, tags=["Walls"], about=[PoliticianFactory()]
    )
    one, two = appearance_of(theirs), appearance_of(wrong)
    EvidenceFactory(claim=wrong)
    survivor = review.reassign(claim=wrong, by=None, speaker=theirs.speaker)
    assert survivor == theirs
    assert Claim.objects.get() == theirs
    assert set(Appearance.objects.filter(claim=theirs)) == {one, two}
    assert {tag.name for tag in theirs.tags.all()} == {"Harbours", "Walls"}
    assert theirs.about.count() == 1
    assert Evidence.objects.get().claim == theirs


def test_the_same_words_at_the_same_place_stay_one_appearance():
    wording = "the harbour wall is safe"
    story = ArticleFactory(plain=f"She said “{wording}”.")
    theirs, wrong = ClaimFactory(wording=wording), ClaimFactory(wording=wording)
    kept = appearance_of(theirs, story)
    appearance_of(wrong, story)
    review.reassign(claim=wrong, by=None, speaker=theirs.speaker)
    assert Appearance.objects.get() == kept


def test_an_accepted_claim_joined_to_a_proposed_one_stays_accepted_with_its_verdict():
    rated = ClaimFactory(rating="true", rating_summary="The minutes agree.")
    into = ClaimFactory(proposed=True)
    review.merge(claim=rated, into=into, by=None, reason="The same sum.")
    into.refresh_from_db()
    assert (into.state, into.rating, into.rating_summary) == ("accepted", "true", "The minutes agree.")


def test_two_verdicts_are_not_settled_by_a_merge():
    first = ClaimFactory(rating="true", rating_summary="Yes.")
    second = ClaimFactory(rating="false", rating_summary="No.")
    with pytest.raises(NotReady, match="different verdicts"):
        review.merge(claim=first, into=second, by=None)
    assert Claim.objects.count() == 2


@pytest.mark.parametrize(
    ("claim", "into", "asked"),
    [
        ({}, {}, True),
        ({}, {"proposed": True}, True),
        ({"proposed": True}, {"rating": "true", "rating_summary": "Yes."}, True),
        ({"proposed": True}, {}, False),
        ({"proposed": True}, {"proposed": True}, False),
        ({"wording": "The wall leaks"}, {"wording": "“the wall leaks,”"}, False),
    ],
)
def test_other_words_take_the_place_of_what_readers_had_only_with_a_reason(person, claim, into, asked):
    by = person(permissions.FACT_CHECKER)
    claim, into = ClaimFactory(**claim), ClaimFactory(**into)
    if asked:
        with pytest.raises(NotReady, match="say why they are one claim"):
            review.merge(claim=claim, into=into, by=by, reason=" ")
        assert Claim.objects.count() == 2
    review.merge(claim=claim, into=into, by=by, reason="One sum, said twice." if asked else "")
    assert Claim.objects.get() == into
    told = Version.objects.get_for_object(into).first().revision.comment
    assert ("One sum, said twice." in told) == asked


def test_a_claim_is_not_merged_into_itself():
    claim = ClaimFactory()
    with pytest.raises(NotReady, match="itself"):
        review.merge(claim=claim, into=claim, by=None)


def test_contradictions_follow_and_none_is_left_doubled_or_with_itself():
    gone, into, third = (ClaimFactory() for _ in range(3))
    Contradiction.objects.create(first=gone, second=into)
    Contradiction.objects.create(first=gone, second=third)
    Contradiction.objects.create(first=into, second=third)
    review.merge(claim=gone, into=into, by=None, reason="The same sum.")
    pair = Contradiction.objects.get()
    assert (pair.first, pair.second) == (into, third)


def test_nobody_is_made_or_lost_on_the_way():
    claim = ClaimFactory(proposed=True)
    before = Politician.objects.count()
    review.accept(claim=claim, by=None)
    review.reject(claim=claim, by=None)
    assert Politician.objects.count() == before
