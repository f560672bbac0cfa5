"""Judging a claim at the desk: accept, reject, rate, give it to somebody else, correct what was printed."""

import pytest

from stories.actions import permissions
from stories.models import Claim, Contradiction, Correction, Politician, VerdictChange
from stories.tests.admin.forms import fill
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of

pytestmark = pytest.mark.django_db

LIST = "/admin/stories/claim/"


def page(claim):
    return f"{LIST}{claim.pk}/change/"


def told(client, answer):
    return " ".join(str(message) for message in client.get(answer.url).context["messages"])


@pytest.fixture
def checker(signed_in):
    return signed_in(permissions.FACT_CHECKER)


def test_several_claims_are_accepted_at_once_and_put_back(checker):
    claims = [ClaimFactory(proposed=True, speaker=PoliticianFactory(confirmed=False)) for _ in range(3)]
    nobody = ClaimFactory(proposed=True, speaker=None)
    ticked = checker.post(LIST, {"action": "accept", "_selected_action": [c.pk for c in (*claims, nobody)]})
    asked = checker.get(ticked.url).content.decode()
    assert all(claim.wording in asked for claim in claims)
    assert Claim.objects.proposed().count() == 4
    said = told(checker, checker.post(ticked.url))
    assert "Accepted 3 claims" in said
    assert "who said it" in said
    assert Claim.objects.accepted().count() == Politician.objects.filter(confirmed=True).count() == 3
    back = f"{LIST}do/reopen/?ids={','.join(str(claim.pk) for claim in reversed(claims))}"
    assert back in said.replace("&amp;", "&")
    checker.post(back)
    assert Claim.objects.proposed().count() == 4


@pytest.mark.parametrize("verb", ["accept", "reject", "reopen"])
def test_a_reporter_decides_nothing(signed_in, verb):
    claim = ClaimFactory(proposed=True)
    assert signed_in(permissions.REPORTER).post(f"{LIST}do/{verb}/?ids={claim.pk}").status_code == 403
    assert Claim.objects.proposed().exists()


def test_a_verdict_is_given_and_its_change_drafts_a_correction(checker):
    claim = ClaimFactory()
    story = appearance_of(claim).article
    fill(checker, page(claim), rating="true", rating_summary="The minutes agree.")
    claim.refresh_from_db()
    assert (claim.rating, claim.checked_by) == ("true", checker.user)
    answer = fill(checker, page(claim), rating="false", rating_summary="The minutes were wrong.")
    assert "The correction drafted for the story that prints it" in told(checker, answer)
    assert VerdictChange.objects.count() == 2
    assert Correction.objects.get(made_at__isnull=True).article == story


def test_a_verdict_says_why(checker):
    claim = ClaimFactory()
    assert "Say in a sentence why" in fill(checker, page(claim), rating="true").content.decode()
    assert not VerdictChange.objects.exists()


def test_only_an_accepted_claim_can_be_given_one_whatever_is_posted(checker, signed_in):
    proposed, accepted = ClaimFactory(proposed=True), ClaimFactory()
    fill(checker, page(proposed), rating="true", rating_summary="Yes.")
    fill(
        signed_in(permissions.REPORTER),
        page(proposed),
        rating="true",
        rating_summary="Yes.",
        state="accepted",
    )
    assert signed_in(permissions.REPORTER).post(page(accepted), {"rating": "true"}).status_code == 403
    assert not Claim.objects.exclude(rating="").exists()
    assert Claim.objects.proposed().get() == proposed


def test_a_new_speaker_with_the_same_words_joins_the_claims(checker):
    theirs = ClaimFactory(wording="the wall is safe")
    wrong = ClaimFactory(wording="The wall is safe", proposed=True)
    answer = fill(checker, page(wrong), speaker=theirs.speaker.pk)
    assert answer.url == page(theirs)
    assert "were merged" in told(checker, answer)
    assert Claim.objects.get() == theirs


def test_words_the_speaker_has_in_another_claim_are_refused_with_the_way_there(checker):
    one = ClaimFactory(wording="the wall is safe")
    two = ClaimFactory(wording="the wall will hold", speaker=one.speaker)
    refused = fill(checker, page(two), wording="The wall is safe.").content.decode()
    assert page(one) in refused
    assert Claim.objects.filter(wording="the wall will hold").exists()


def test_the_words_are_changed_and_nothing_else(checker):
    claim = ClaimFactory()
    fill(checker, page(claim), wording="the harbour wall is old", tags=["Walls"])
    fresh = Claim.objects.get()
    assert (fresh.wording, fresh.state, fresh.speaker) == (
        "the harbour wall is old",
        "accepted",
        claim.speaker,
    )
    assert [tag.name for tag in fresh.tags.all()] == ["Walls"]


def test_a_correction_is_drafted_then_published_and_then_stands(editor):
    story = ArticleFactory()
    fill(editor, "/admin/stories/correction/add/", article=story.pk, text="It was 2031.")
    correction = Correction.objects.get()
    assert (correction.made_at, correction.by) == (None, editor.user)
    address = f"/admin/stories/correction/{correction.pk}/change/"
    fill(editor, address, press="_publish")
    assert Correction.objects.published().get() == correction
    assert "_publish" not in editor.get(address).content.decode()
    assert (
        editor.post(f"/admin/stories/correction/{correction.pk}/delete/", {"post": "yes"}).status_code == 403
    )


def test_a_correction_of_a_draft_stays_a_draft(editor):
    story = ArticleFactory(draft=True)
    add = "/admin/stories/correction/add/"
    answer = fill(editor, add, press="_publish", article=story.pk, text="It was 2031.")
    assert "Only a published story" in told(editor, answer)
    assert Correction.objects.get().made_at is None


def test_a_contradiction_is_kept_in_order_and_confirmed_by_name(checker):
    one, two = ClaimFactory(), ClaimFactory()
    add = "/admin/stories/contradiction/add/"
    fill(checker, add, first=two.pk, second=one.pk, confirmed="on")
    pair = Contradiction.objects.get()
    assert (pair.first, pair.second, pair.confirmed_by) == (one, two, checker.user)
    assert "cannot contradict itself" in fill(checker, add, first=one.pk, second=one.pk).content.decode()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dredging barges", ["one"]),  # in any form of them
        ("two dred", ["two"]),  # the last one begun
        ("oona", ["two"]),  # who is not confirmed
        ("spokesman", ["three"]),
        ("barge oona", []),
        ("!?", []),
        ("", ["one", "two", "three"]),
    ],
)
def test_claims_are_found_by_their_words_or_their_speaker_whatever_their_state(signed_in, typed, found):
    oona = PoliticianFactory(name="Oona Tideswell", confirmed=False)
    claims = {
        "one": ClaimFactory(wording="The barge dredges at night", state="proposed"),
        "two": ClaimFactory(wording="Two dredgers sank", state="rejected", speaker=oona),
        "three": ClaimFactory(wording="They will", speaker=None, speaker_label="A spokesman"),
    }
    page = signed_in().get(LIST, {"q": typed})
    assert set(page.context["cl"].result_list) == {claims[name] for name in found}


def test_only_what_readers_can_see_has_a_link_to_its_page(checker):
    public, hidden = ClaimFactory(), ClaimFactory()
    appearance_of(public)
    appearance_of(hidden, ArticleFactory(draft=True, plain=f"“{hidden.wording},” she said."))
    for claim, status, links in ((public, 200, 2), (hidden, 404, 0)):  # to the claim, and to where it stands
        assert checker.get(claim.get_absolute_url()).status_code == status
        assert checker.get(page(claim)).content.decode().count('href="/admin/r/') == links
