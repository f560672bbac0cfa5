"""Who may be named to readers as the speaker of a claim."""

import pytest

from stories.models import Claim, Politician
from stories.models.prefetch import claim_cards
from stories.tests.factories import ClaimFactory, PoliticianFactory, appearance_of

pytestmark = pytest.mark.django_db


def loaded(claim: Claim) -> Claim:
    return claim_cards(Claim.objects.filter(pk=claim.pk)).get()


@pytest.mark.parametrize(
    ("confirmed", "label", "name"),
    [(True, "A label", "Ada Lowther"), (False, "A label", "A label"), (False, "", "the mayor")],
)
def test_the_record_is_named_when_public_then_the_label_then_the_words_in_print(
    confirmed: bool, label: str, name: str, django_assert_num_queries
) -> None:
    speaker = PoliticianFactory(name="Ada Lowther", confirmed=confirmed)
    claim = ClaimFactory(speaker=speaker, speaker_label=label)
    appearance_of(claim, attribution="the mayor")
    row = loaded(claim)
    with django_assert_num_queries(0):
        assert (row.public_speaker is not None) == (name == "Ada Lowther")
        assert row.public_speaker_name == name
        assert row.printed[0].public_speaker_name == name
        assert row.public_title.startswith(name)


def test_a_record_that_is_merged_into_another_is_not_public() -> None:
    assert Politician(confirmed=True).is_published
    assert not Politician(confirmed=True, merged_into_id=1).is_published


def test_without_a_record_a_label_or_an_attribution_the_speaker_is_unnamed() -> None:
    claim = ClaimFactory(speaker=None, speaker_label="")
    assert claim.public_speaker is None
    assert claim.public_speaker_name == "An unnamed speaker"
    assert claim.printed_parts == []


def test_a_claim_is_described_and_cited_as_what_was_done_with_the_words() -> None:
    speaker = PoliticianFactory(name="Ada Lowther", confirmed=True)
    claim = ClaimFactory(speaker=speaker, wording="the wall holds", stance="said", kind="direct")
    assert claim.citation == "Ada Lowther: “the wall holds”"
    assert claim.public_description == (
        "What Ada Lowther said, where it was printed and whether it stands up: the wall holds"
    )
    claim.kind = "indirect"
    assert claim.citation == claim.public_title == "Ada Lowther: the wall holds"
    claim.stance = "denied"
    assert claim.lead_in
    assert claim.citation == claim.public_title
    assert claim.public_description == f"{claim.public_title}: where it was printed."


def test_a_verdict_in_a_sentence_says_when_there_is_none_and_when_nobody_has_read_the_claim() -> None:
    claim = ClaimFactory(rating="false", rating_summary="It leaks.")
    assert claim.public_verdict == "False. It leaks."
    claim.rating = ""
    assert claim.public_verdict == "Not rated."
    claim.reviewed_at = None
    assert claim.public_verdict == "Found by software, not yet read by an editor."
