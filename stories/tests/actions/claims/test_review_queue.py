import datetime

import pytest
from django.utils import timezone

from stories.actions import permissions
from stories.actions.claims import review_queue
from stories.actions.errors import NotAllowed, NotReady
from stories.models import Appearance, Article, Claim, Politician, ReviewDecision, ReviewLease
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of

pytestmark = pytest.mark.django_db

DAY = datetime.date(2031, 3, 4)


@pytest.fixture
def checker(person):
    return person(permissions.FACT_CHECKER)


@pytest.fixture
def other(person):
    return person(permissions.EDITOR)


def proposed(**values):
    claim = ClaimFactory(proposed=True, **values)
    appearance_of(claim, rule="name before cue", confidence=0.8)
    return claim


def everything():
    """All that a decision may touch, to compare before and after."""
    return (
        list(
            Claim.objects.order_by("pk").values(
                "pk", "wording", "speaker", "speaker_label", "state", "reviewed_by"
            )
        ),
        list(Appearance.objects.order_by("pk").values("pk", "claim", "exact", "start", "end", "further")),
        list(Politician.objects.order_by("pk").values("pk", "confirmed")),
        sorted((claim.pk, tag.name) for claim in Claim.objects.all() for tag in claim.tags.all()),
    )


def test_the_newest_day_comes_first_and_claims_without_a_day_last(checker):
    undated, old, first, second = (
        ClaimFactory(proposed=True, said_on=day) for day in (None, DAY - datetime.timedelta(days=3), DAY, DAY)
    )
    seen, place = [], None
    for _ in range(4):
        claim = review_queue.take(by=checker, after=place)
        seen.append(claim)
        place = review_queue.Place.read(str(review_queue.Place.of(claim)))
    assert seen == [first, second, old, undated]
    assert review_queue.take(by=checker, after=place) == first


def test_two_reviewers_never_get_the_same_claim(checker, other):
    claims = {ClaimFactory(proposed=True) for _ in range(3)}
    mine, theirs = review_queue.take(by=checker), review_queue.take(by=other)
    third = review_queue.take(by=checker, after=review_queue.Place.of(mine))
    assert {mine, theirs, third} == claims
    assert review_queue.take(by=other, apart_from=[theirs.pk]) is None


def test_a_claim_comes_back_when_the_time_of_whoever_had_it_is_over(checker, other, monkeypatch):
    claim = ClaimFactory(proposed=True)
    assert review_queue.take(by=checker) == claim
    assert review_queue.take(by=other) is None
    later = timezone.now() + review_queue.LEASE + datetime.timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert review_queue.take(by=other) == claim
    with pytest.raises(NotReady, match="deciding this claim just now"):
        review_queue.decide(claim=claim, by=checker, verb="accepted")


def test_whoever_leaves_gives_back_what_they_had(checker, other):
    claim = ClaimFactory(proposed=True)
    review_queue.take(by=checker)
    review_queue.let_go(by=checker)
    assert review_queue.take(by=other) == claim


def test_decided_claims_are_not_offered_and_not_decided_twice(checker, other):
    claim = proposed()
    review_queue.decide(claim=review_queue.take(by=checker), by=checker, verb="accepted")
    assert review_queue.take(by=checker) is None
    with pytest.raises(NotReady, match="decided already: accepted"):
        review_queue.decide(claim=claim, by=other, verb="rejected")


@pytest.mark.parametrize("role", [permissions.REPORTER, permissions.IMPORT_STAFF, "no group"])
def test_only_reviewers_come_into_the_queue(person, role):
    claim = proposed()
    by = person(role)
    for do in (
        lambda: review_queue.take(by=by),
        lambda: review_queue.decide(claim=claim, by=by, verb="accepted"),
        lambda: review_queue.undo(by=by),
    ):
        with pytest.raises(NotAllowed):
            do()
    assert not ReviewLease.objects.exists()


def test_a_decision_keeps_what_the_machine_had_said(checker):
    claim = proposed()
    decision = review_queue.decide(claim=claim, by=checker, verb="rejected", reason="No claim at all.")
    assert (decision.rule, decision.confidence, decision.by) == ("name before cue", 0.8, checker)
    claim.refresh_from_db()
    assert claim.state == "rejected"


DECISIONS = {
    "accepted": lambda claim: {},
    "rejected": lambda claim: {},
    "reassigned to a person": lambda claim: {"speaker": PoliticianFactory(confirmed=False)},
    "reassigned to a label": lambda claim: {"speaker_label": "a harbour clerk"},
    "reassigned to somebody with the same words": lambda claim: {
        "speaker": ClaimFactory(wording=claim.wording, tags=["Harbours"]).speaker
    },
    "reworded": lambda claim: {"words": claim.wording.rsplit(" ", 2)[0]},
    "split": lambda claim: {"words": claim.wording.replace(" will ", " | will ")},
    "merged": lambda claim: {"into": ClaimFactory(tags=["Harbours"])},
}


@pytest.mark.parametrize("name", DECISIONS)
def test_every_decision_is_done_and_taken_back_whole(checker, name):
    claim = proposed(speaker=PoliticianFactory(confirmed=False), tags=["Walls"])
    values = DECISIONS[name](claim)
    before = everything()
    review_queue.decide(claim=claim, by=checker, verb=name.split()[0], **values)
    assert everything() != before
    assert review_queue.undo(by=checker) == claim
    assert everything() == before
    assert review_queue.take(by=checker) == claim
    with pytest.raises(NotReady, match="nothing to take back"):
        review_queue.undo(by=checker)


def test_what_each_decision_leaves(checker):
    claim = proposed()
    somebody = PoliticianFactory(confirmed=False)
    review_queue.decide(claim=claim, by=checker, verb="reassigned", speaker=somebody)
    claim.refresh_from_db()
    somebody.refresh_from_db()
    assert (claim.state, claim.speaker, somebody.confirmed) == ("accepted", somebody, True)


def test_a_split_makes_claims_on_their_own_words(checker):
    claim = proposed()
    review_queue.decide(claim=claim, by=checker, verb="split", words="the harbour wall | will cost")
    wordings = set(Claim.objects.values_list("wording", flat=True))
    assert wordings == {"the harbour wall", "will cost"}
    for appearance in Appearance.objects.select_related("article", "claim"):
        assert appearance.article.text[appearance.start : appearance.end] == appearance.claim.wording
    assert Claim.objects.proposed().count() == 2


@pytest.mark.parametrize(
    ("verb", "values", "why"),
    [
        ("reworded", {"words": "no such words"}, "do not stand"),
        ("split", {"words": "the harbour wall"}, "Put a"),
        ("split", {"words": "the harbour wall | no such words"}, "does not stand"),
        ("reassigned", {}, "Choose who said it"),
        ("merged", {}, "Choose the claim"),
        ("thrown", {}, "no such decision"),
    ],
)
def test_a_decision_that_cannot_be_done_changes_nothing(checker, verb, values, why):
    claim = proposed()
    before = everything()
    with pytest.raises(NotReady, match=why):
        review_queue.decide(claim=claim, by=checker, verb=verb, **values)
    assert everything() == before
    assert not ReviewDecision.objects.exists()


def test_words_that_the_speaker_has_on_record_are_joined_and_not_doubled(checker):
    claim = proposed()
    shorter = claim.wording.rsplit(" ", 2)[0]
    ClaimFactory(speaker=claim.speaker, wording=shorter)
    with pytest.raises(NotReady, match="on record already"):
        review_queue.decide(claim=claim, by=checker, verb="reworded", words=shorter)


def test_a_verdict_given_meanwhile_is_not_undone_by_the_way(checker):
    claim = proposed()
    review_queue.decide(claim=claim, by=checker, verb="accepted")
    Claim.objects.filter(pk=claim.pk).update(rating="true", rating_summary="Yes.")
    with pytest.raises(NotReady, match="verdict"):
        review_queue.undo(by=checker)


def test_each_reviewer_takes_back_their_own(checker, other):
    mine, theirs = proposed(), proposed()
    review_queue.decide(claim=mine, by=checker, verb="accepted")
    review_queue.decide(claim=theirs, by=other, verb="rejected")
    assert review_queue.undo(by=checker) == mine


def test_the_place_in_the_queue_survives_nonsense():
    for text in ("", "x", "2031-03-04", ".", "2031.x", "a.²", "2031-99-99.4"):
        assert review_queue.Place.read(text) == review_queue.Place()


def test_taking_a_claim_costs_the_same_however_many_wait(checker, django_assert_max_num_queries):
    ArticleFactory()
    for _ in range(20):
        ClaimFactory(proposed=True)
    review_queue.take(by=checker)
    with django_assert_max_num_queries(8):
        assert review_queue.take(by=checker)


def test_a_reviewer_says_what_was_done_with_the_words_and_takes_it_back(checker):
    claim = proposed(stance="said", verb="said")
    review_queue.decide(claim=claim, by=checker, verb="accepted", stance="denied")
    claim.refresh_from_db()
    assert (claim.state, claim.stance, claim.lead_in) == ("accepted", "denied", "denied:")
    review_queue.undo(by=checker)
    claim.refresh_from_db()
    assert (claim.state, claim.stance, claim.verb) == ("proposed", "said", "said")


def test_words_that_are_on_record_in_that_sense_are_joined_instead(checker):
    claim = proposed(stance="said")
    ClaimFactory(speaker=claim.speaker, wording=claim.wording, stance="denied")
    with pytest.raises(NotReady, match="join"):
        review_queue.decide(claim=claim, by=checker, verb="accepted", stance="denied")


def test_a_claim_without_a_day_stands_at_that_of_its_newest_copy(checker):
    def of(**copy):
        claim = ClaimFactory(proposed=True, said_on=None)
        appearance_of(claim, ArticleFactory(plain=f"It was said that “{claim.wording}”.", **copy))
        return claim

    noon = datetime.time(12)
    days = [DAY - datetime.timedelta(days=number) for number in range(4)]
    published = of(published_at=datetime.datetime.combine(days[2], noon, datetime.UTC))
    came_in = of(draft=True)
    dated = of(draft=True, dateline=days[1])
    said = ClaimFactory(proposed=True, said_on=days[0])
    twice = of(draft=True, dateline=days[3])

    def queue():
        seen, place = [], None
        for _ in range(5):
            seen.append(claim := review_queue.take(by=checker, after=place))
            place = review_queue.Place.of(claim)
        return seen

    assert queue() == [said, dated, published, twice, came_in]
    newer = ArticleFactory(plain=f"Again: “{twice.wording}”.", dateline=days[0])
    again = appearance_of(twice, newer)
    Article.objects.filter(appearances__claim=came_in).update(dateline=days[3])
    assert queue() == [said, twice, dated, published, came_in]
    again.delete()
    Claim.objects.filter(pk=came_in.pk).update(said_on=days[1])
    assert queue() == [said, came_in, dated, published, twice]
