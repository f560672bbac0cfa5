import datetime

import pytest

from stories.actions import permissions
from stories.actions.claims import review
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.people import duplicates, merging
from stories.models import (
    Appearance,
    Claim,
    DistinctPair,
    Evidence,
    Identifier,
    Membership,
    OtherName,
    PersonMerge,
    Politician,
)
from stories.tests.actions.conftest import EVERYBODY, OPERATOR
from stories.tests.factories import (
    ClaimFactory,
    EvidenceFactory,
    PartyFactory,
    PoliticianFactory,
    appearance_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """Ada Birkett twice: once by her whole name, once by her initial, with something of everything."""
    party = PartyFactory()
    winner = PoliticianFactory(name="Ada Birkett", party=party, role="", confirmed=False)
    loser = PoliticianFactory(name="A. Birkett", party=party, role="harbour minister")
    for person, words in (
        (winner, "the wall is safe"),
        (loser, "The wall is safe."),
        (loser, "ferries will run"),
    ):
        claim = ClaimFactory(speaker=person, wording=words, tags=["Harbours"])
        appearance_of(claim)
        EvidenceFactory(claim=claim)
    both = ClaimFactory(about=[winner, loser])
    ClaimFactory(about=[loser])
    assert both.about.count() == 2
    for person in (winner, loser):
        Membership.objects.create(
            politician=person, party=party, role="member", start_date=datetime.date(2030, 1, 1)
        )
    Membership.objects.create(politician=loser, body="Eastmere council")
    OtherName.objects.create(politician=winner, name="Adi Birkett")
    OtherName.objects.create(politician=loser, name="Adi Birkett")
    OtherName.objects.create(politician=loser, name="Ada Birkett-Hollin")
    Identifier.objects.create(politician=loser, scheme="wikidata", value="Q1")
    PoliticianFactory(name="Ad Birkett", merged_into=loser)
    merging.say_distinct(first=loser, second=PoliticianFactory(name="Abel Birkett"), by=None)
    return winner, loser


def state():
    def rows(model, *names):
        return sorted(model.objects.values_list("pk", *names), key=str)

    return {
        "claims": rows(Claim, "speaker", "wording", "state"),
        "about": sorted((c.pk, p.pk) for c in Claim.objects.all() for p in c.about.all()),
        "appearances": rows(Appearance, "claim", "start", "end"),
        "evidence": rows(Evidence, "claim"),
        "people": rows(Politician, "name", "role", "confirmed", "merged_into", "party"),
        "names": rows(OtherName, "politician", "name"),
        "identifiers": rows(Identifier, "politician"),
        "memberships": rows(Membership, "politician", "role", "body"),
    }


def pairs():
    return set(DistinctPair.objects.values_list("first", "second"))


def test_nothing_that_points_at_a_person_is_forgotten_by_a_merge():
    """A new relation to a person fails here until merging says what becomes of it."""
    pointing = {
        f"{relation.related_model.__name__}.{relation.field.name}"
        for relation in Politician._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.related_model._meta.auto_created
    }
    assert pointing == set(merging.HANDLED)


def test_every_field_of_a_person_is_filled_or_stays_its_own():
    fields = {
        field.attname if field.name == "party" else field.name for field in Politician._meta.concrete_fields
    }
    assert fields == {*merging.FILLED, *merging.PORTRAIT, *merging.OWN}


def test_nothing_that_points_at_a_claim_is_forgotten_when_two_are_joined():
    handled = {
        "Appearance.claim",
        "Evidence.claim",
        "Correction.claim",
        "VerdictChange.claim",
        "QuotationChange.claim",
        "Contradiction.first",
        "Contradiction.second",
        "NearWording.first",
        "NearWording.second",
        "ReviewDecision.claim",
        # Of that claim alone, and gone with it:
        "ReviewLease.claim",
        "Shingle.claim",
        "WordRun.claim",
    }
    pointing = {
        f"{relation.related_model.__name__}.{relation.field.name}"
        for relation in Claim._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.related_model._meta.auto_created
    }
    assert pointing == handled


def test_the_dry_run_says_what_a_merge_does_and_does_nothing(two):
    winner, loser = two
    before = state()
    plan = merging.plan(winner=winner, loser=loser)
    assert plan.possible
    told = " ".join(plan.moves)
    for words in (
        "2 claims go",
        "1 of them is joined",
        "2 claims are about",
        "“A. Birkett” becomes",
        "1 identifier moves: wikidata: Q1.",
    ):
        assert words in told
    assert state() == before


def test_a_merge_moves_everything(two):
    winner, loser = two
    merging.merge(winner=winner, loser=loser, by=None)
    winner.refresh_from_db()
    loser.refresh_from_db()
    assert loser.merged_into == winner
    assert (winner.role, winner.confirmed) == ("harbour minister", True)
    assert set(winner.claims.values_list("wording", flat=True)) == {"the wall is safe", "ferries will run"}
    assert Appearance.objects.filter(claim__speaker=winner).count() == 3
    assert Evidence.objects.filter(claim__speaker=winner).count() == 3
    assert winner.claims_about.count() == 2
    assert {name.name for name in winner.other_names.all()} == {
        "A. Birkett",
        "Adi Birkett",
        "Ada Birkett-Hollin",
    }
    assert winner.memberships.count() == 2
    assert winner.identifiers.count() == 1
    assert winner.merged_from.count() == 2
    assert review.current(Politician.objects.get(name="Ad Birkett")) == winner
    assert not loser.claims.exists()
    assert not loser.claims_about.exists()
    assert len(pairs()) == 1


def test_a_merge_is_taken_back_whole(two):
    winner, loser = two
    before, apart = state(), pairs()
    made = merging.merge(winner=winner, loser=loser, by=None)
    assert state() != before
    assert merging.unmerge(merge=made, by=None) == loser
    assert state() == before
    assert apart <= pairs()
    with pytest.raises(NotReady, match="already been undone"):
        merging.unmerge(merge=made, by=None)


def test_what_was_done_since_stays_done(two):
    winner, loser = two
    made = merging.merge(winner=winner, loser=loser, by=None)
    moved = Claim.objects.get(wording="ferries will run")
    somebody = PoliticianFactory()
    review.reassign(claim=moved, by=None, speaker=somebody)
    merging.unmerge(merge=made, by=None)
    moved.refresh_from_db()
    assert moved.speaker == somebody


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_editors_merge_part_and_tell_apart(person, two, role):
    winner, loser = two
    by = person(role)
    if role in (permissions.EDITOR, OPERATOR):
        merging.unmerge(merge=merging.merge(winner=winner, loser=loser, by=by), by=by)
        merging.say_distinct(first=winner, second=loser, by=by)
        return
    for do in (
        lambda: merging.merge(winner=winner, loser=loser, by=by),
        lambda: merging.say_distinct(first=winner, second=loser, by=by),
        lambda: merging.unmerge(merge=PersonMerge(winner=winner, loser=loser), by=by),
    ):
        with pytest.raises(NotAllowed):
            do()
    assert not PersonMerge.objects.exists()


def test_what_stops_a_merge():
    one, two = PoliticianFactory(), PoliticianFactory()
    assert merging.plan(winner=one, loser=one).stops == ("That is one record.",)
    merging.say_distinct(first=two, second=one, by=None)
    assert "not the same person" in merging.plan(winner=one, loser=two).stops[0]
    merged = PoliticianFactory(merged_into=one)
    with pytest.raises(NotReady, match="merged into another"):
        merging.merge(winner=two, loser=merged, by=None)
    three = PoliticianFactory()
    for person, rating in ((one, "true"), (three, "false")):
        ClaimFactory(speaker=person, wording="the wall is safe", rating=rating, rating_summary="So.")
    assert "two different verdicts" in merging.plan(winner=one, loser=three).stops[0]


def test_conflicts_are_named_and_the_winner_s_stay():
    one, two = PoliticianFactory(role="mayor"), PoliticianFactory(role="minister")
    Identifier.objects.create(politician=one, scheme="wikidata", value="Q1")
    Identifier.objects.create(politician=two, scheme="wikidata", value="Q2")
    plan = merging.plan(winner=one, loser=two)
    assert len(plan.conflicts) == 3
    merging.merge(winner=one, loser=two, by=None)
    one.refresh_from_db()
    assert one.role == "mayor"


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        ("Ada Birkett", "ada  birkett", True),
        ("Ada Birkett", "A. Birkett", True),
        ("Ada Birkett", "Adá Birkett", True),
        ("Alexander Corran", "Alex Corran", True),
        ("Ada Birkett", "Ada Birket", True),
        ("Ada Birkett", "Bram Birkett", False),
        ("Ada Birkett", "Ada Corran", False),
        ("Ada", "Ada Birkett", False),
        ("Łucja Żółtańska", "Lucja Zoltanska", True),
        ("Łucja Żółtańska", "Ł. Żółtańska", True),
        ("Søren Ærø", "Soren Aero", True),
        ("Ждан Вербный", "Ж. Вербный", True),
        ("Ждан Вербный", "Ждан Вербнии", True),
        ("Ждан Вербный", "Олег Вербный", False),
        ("नीरा वर्मा", "नीरा  वर्मा", True),
        ("नीरा वर्मा", "नीरू कर्मा", False),
        ("أحمد منصور", "أَحمد منصور", True),
    ],
)
def test_who_looks_like_one_person(one, two, alike):
    PoliticianFactory(name=one)
    PoliticianFactory(name=two)
    assert bool(duplicates.people()) is alike


def test_a_pair_said_to_be_two_is_not_suggested_again():
    one, two = PoliticianFactory(name="Ada Birkett"), PoliticianFactory(name="A. Birkett")
    assert duplicates.people()[0].why
    merging.say_distinct(first=two, second=one, by=None)
    assert duplicates.people() == []


def test_an_other_name_gives_a_record_away_and_a_merged_one_is_out_of_the_way():
    one = PoliticianFactory(name="Ada Birkett")
    OtherName.objects.create(politician=one, name="Tove Hollin")
    two = PoliticianFactory(name="Tove Hollin")
    assert [(pair.first, pair.second) for pair in duplicates.people()] == [(one.pk, two.pk)]
    two.merged_into = one
    two.save()
    assert duplicates.people() == []


def test_names_that_differ_by_case_or_blanks_are_kept_once():
    winner, loser = PoliticianFactory(name="Vera Holt"), PoliticianFactory(name="VERA  HOLT")
    OtherName.objects.create(politician=winner, name="V. Holt")
    for name in ("v. holt", "vera holt", "Vera Holt-Gray", "VERA HOLT-GRAY"):
        OtherName.objects.create(politician=loser, name=name)
    merging.merge(winner=winner, loser=loser, by=None)
    assert {row.name for row in winner.other_names.all()} == {"V. Holt", "Vera Holt-Gray"}
