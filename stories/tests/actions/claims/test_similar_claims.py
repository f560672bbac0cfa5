"""What somebody has said before, and the desk has judged, is pointed out when it is written again."""

import pytest
from django.core.management import call_command

from stories.actions.claims import ratings_and_corrections, similar_claims
from stories.models import Claim, Shingle
from stories.tests.factories import ClaimFactory, appearance_of

pytestmark = pytest.mark.django_db

SAID = "we have mended every road in the county since the flood"


def rated(wording: str = SAID, **values: object) -> Claim:
    return ClaimFactory(wording=wording, rating="false", rating_summary="Half were mended.", **values)


def found(text: str, **options: object) -> list[Claim]:
    return [match.claim for match in similar_claims.on_record(text=text, **options)]


def test_the_same_words_are_found_inside_a_longer_text_and_their_place_is_told():
    claim = rated()
    text = (
        "It rained.\n\nOtis Hollin rose. “We have mended every road in the county since the flood,” he said."
    )
    (match,) = similar_claims.on_record(text=text)
    assert match.claim == claim
    assert match.score == 100
    assert text[match.start : match.end] == "We have mended every road in the county since the flood"


def test_only_the_claim_s_own_words_are_told_where_some_were_left_out():
    rated()
    text = "The Post: “We have mended road in the county since the flood,” and all sat down."
    (match,) = similar_claims.on_record(text=text)
    assert text[match.start : match.end] == "We have mended road in the county since the flood"


@pytest.mark.parametrize(
    "written",
    [
        "“We’ve mended every road in the county since the flood”",
        "we have mended every road in this county since the flood",
        "They HAVE mended every road, in the county, since the flood!",
        "we have now mended almost every road in the county since the flood",
    ],
)
def test_nearly_the_same_words_are_found(written):
    claim = rated()
    assert found(f"Later that day he added: {written}. Nobody asked why.") == [claim]


@pytest.mark.parametrize(
    "written",
    [
        "the county has many a road that nobody has mended",
        "every road in the county",
        "we have mended",
        "",
        "?!",
        "since the flood we have had no road in the county",
    ],
)
def test_other_words_are_not(written):
    rated()
    assert found(written) == []


def test_another_sum_is_another_claim():
    claim = rated("the harbour wall will cost 12,500 pounds for every family in town")
    assert found("He said the harbour wall will cost 12,500 pounds for every family in town.") == [claim]
    assert found("He said the harbour wall will cost 13,500 pounds for every family in town.") == []


def test_only_claims_with_a_verdict_are_named():
    claim = ClaimFactory(wording=SAID)
    assert found(SAID) == []
    ratings_and_corrections.rate(claim=claim, by=None, rating="true", summary="The minutes say so.")
    assert found(SAID) == [claim]
    ratings_and_corrections.rate(claim=claim, by=None, rating="", summary="")
    assert found(SAID) == []


@pytest.mark.parametrize("way", ["save", "update", "bulk_create", "bulk_update"])
def test_however_a_claim_is_written_it_is_found_by_the_words_it_has_now(way):
    other = "no child in this town goes to school without a breakfast"
    if way == "bulk_create":
        Claim.objects.bulk_create([Claim(wording=other, state="accepted", rating="true")])
    else:
        claim = rated()
        assert found(SAID) == [claim]
        claim.wording = other
        if way == "save":
            claim.save()
        elif way == "update":
            Claim.objects.filter(pk=claim.pk).update(wording=other)
        else:
            Claim.objects.bulk_update([claim], ["wording"])
    assert [claim.wording for claim in found(other)] == [other]
    assert found(SAID) == []


def test_a_row_read_before_the_claim_was_reworded_and_then_saved_whole_is_found_by_its_words():
    claim = rated()
    assert found(SAID) == [claim]
    stale = Claim.objects.get(pk=claim.pk)
    Claim.objects.filter(pk=claim.pk).update(wording="no child goes to school without a breakfast here")
    assert found(SAID) == []
    stale.save()
    assert found(SAID) == [claim]


def test_claims_the_story_prints_already_are_left_out():
    claim = rated()
    story = appearance_of(claim).article
    assert found(story.text) == [claim]
    assert found(story.text, apart_from=[claim.pk]) == []


def test_a_claim_everybody_could_have_made_is_not_put_on_file():
    rated("that is wrong")
    assert found("Yes, that is wrong.") == []
    assert not Shingle.objects.exists()


def test_the_best_comes_first_and_ten_are_enough():
    exact = rated()
    for number in range(14):
        rated(f"{SAID} and in month {chr(97 + number)} too")
    matches = similar_claims.on_record(text=f"{SAID}.")
    assert matches[0].claim == exact
    assert len(matches) <= 10
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)


def test_a_look_up_asks_the_same_number_of_questions_for_one_claim_or_many(django_assert_num_queries):
    rated()
    similar_claims.RATED.file_waiting()
    for number in (1, 40):
        for n in range(number):
            rated(f"{SAID}, said speaker {chr(97 + n % 26) * (n // 26 + 1)}")
        similar_claims.RATED.file_waiting()
        with django_assert_num_queries(3):  # nothing waits to be filed, the shingles, the claims
            similar_claims.on_record(text=SAID)


def test_filing_says_how_many_there_were():
    for n in range(5):
        rated(f"{SAID} number {n}")
    assert similar_claims.RATED.file_waiting(most=2) == 2
    assert similar_claims.RATED.file_waiting() == 3
    assert similar_claims.RATED.file_waiting() == 0


def test_reindex_files_what_waits():
    claim = rated()
    call_command("reindex")
    claim.refresh_from_db()
    assert claim.shingled_key == claim.wording_key
    assert Shingle.objects.filter(claim=claim).exists()
