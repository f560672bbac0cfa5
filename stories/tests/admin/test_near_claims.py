"""The question about claims in nearly the same words: in the review and on a claim's form."""

import pytest
from django.urls import reverse

from stories.actions import permissions
from stories.models import Act, Claim, NearWording
from stories.tests.factories import ClaimFactory, appearance_of
from stories.tests.html import flat

pytestmark = pytest.mark.django_db
SAID = "we have mended every road in the county since the flood"
NEARLY = "we have mended nearly every road in the county since the flood"


@pytest.fixture
def checker(signed_in):
    return signed_in(permissions.FACT_CHECKER)


def two(**values):
    """The older claim, and one by the same speaker in nearly its words; both are printed."""
    older = ClaimFactory(wording=SAID)
    newer = ClaimFactory(**{"wording": NEARLY, "speaker": older.speaker} | values)
    appearance_of(older)
    appearance_of(newer)
    return older, newer


def form_of(claim):
    return reverse("admin:stories_claim_change", args=[claim.pk])


def test_the_review_asks_about_both_word_by_word_with_a_key_for_each_answer(checker):
    older, newer = two(proposed=True)
    shown = flat(checker.get(f"/admin/review/?claim={newer.pk}").content.decode())
    for words in (
        "Nearly the same words were printed before",
        "we have mended <ins>nearly</ins> every road",
        older.appearances.get().article.headline,
        "The same claim <kbd>m</kbd>",
        "Not the same <kbd>n</kbd>",
        "Both stand, show them <kbd>b</kbd>",
    ):
        assert words in shown


@pytest.mark.parametrize("answer", NearWording.Answer)
def test_an_answer_in_the_review_is_kept_and_the_claim_stays_before_the_reviewer(checker, answer):
    older, newer = two(proposed=True)
    told = checker.post("/admin/review/apart/", {"claim": newer.pk, "other": older.pk, "answer": answer})
    assert NearWording.objects.get().answer == answer
    again = checker.get(told.url)
    assert again.context["claim"] == newer
    assert "Nearly the same words" not in again.content.decode()


def test_joining_in_the_review_keeps_both_printings_and_is_taken_back(checker):
    older, newer = two(proposed=True)
    checker.post("/admin/review/decide/", {"claim": newer.pk, "verb": "merged", "into": older.pk})
    assert older.appearances.count() == 2
    checker.post("/admin/review/undo/")
    assert newer.appearances.count() == 1


def test_words_with_another_number_are_shown_and_not_offered_to_be_joined(checker):
    _, newer = two(proposed=True, wording=f"{SAID} of 1953")
    shown = flat(checker.get(f"/admin/review/?claim={newer.pk}").content.decode())
    assert "The numbers are not the same. They are not joined." in shown
    assert 'data-key="m"' not in shown
    assert 'data-key="b"' in shown


def test_on_a_claims_form_two_are_joined_and_made_two_again(checker):
    older, newer = two()
    page = checker.get(form_of(newer)).content.decode()
    assert "Nearly the same words were printed before" in flat(page)
    near = reverse("desk:near", args=[newer.pk])
    refused = checker.post(near, {"other": older.pk, "answer": "same"}, follow=True)
    assert "say why they are one claim" in refused.content.decode()
    joined = checker.post(near, {"other": older.pk, "answer": "same", "reason": "One speech."}, follow=True)
    assert joined.redirect_chain[-1][0] == form_of(older)
    act = Act.objects.get()
    assert f'name="act" value="{act.pk}"' in flat(joined.content.decode())
    parted = checker.post(reverse("desk:near_part"), {"act": act.pk}, follow=True)
    assert "They are two claims again" in parted.content.decode()
    assert Claim.objects.filter(pk=newer.pk).exists()


def test_on_a_claims_form_two_are_left_apart_and_asked_about_again(checker):
    older, newer = two()
    said = {"other": older.pk, "answer": "shown"}
    told = checker.post(reverse("desk:near", args=[newer.pk]), said, follow=True).content.decode()
    assert "Readers are shown them" in told
    assert "Nearly the same words were printed before" not in flat(told)
    pair = NearWording.objects.get()
    again = {"pair": pair.pk, "claim": newer.pk}
    told = checker.post(reverse("desk:near_again"), again, follow=True).content.decode()
    assert "Nearly the same words were printed before" in flat(told)
    assert not NearWording.objects.exists()


def test_the_log_tells_of_it(signed_in):
    editor = signed_in(permissions.EDITOR)
    older, newer = two()
    said = {"other": older.pk, "answer": "different"}
    editor.post(reverse("desk:near", args=[newer.pk]), said)
    log = flat(editor.get(reverse("desk:log")).content.decode())
    assert "left the pair of claims in nearly the same words" in log
    assert "apart as not the same" in log


@pytest.mark.parametrize("name", ["near", "near_part", "near_again"])
def test_who_does_not_review_is_not_asked_and_answers_nothing(signed_in, name):
    reporter = signed_in(permissions.REPORTER)
    _, newer = two()
    address = reverse(f"desk:{name}", args=[newer.pk] if name == "near" else [])
    assert reporter.post(address, {"act": "1", "pair": "1"}).status_code == 403
    assert "Nearly the same words" not in reporter.get(form_of(newer)).content.decode()


@pytest.mark.parametrize("answer", ["", "nothing", "same\x00"])
def test_nonsense_is_answered_with_a_sentence(checker, answer):
    older, newer = two()
    told = checker.post(
        reverse("desk:near", args=[newer.pk]), {"other": older.pk, "answer": answer}, follow=True
    )
    assert "Say whether" in told.content.decode()
    for other in ("x", "²", 10**20):
        assert checker.post(reverse("desk:near", args=[newer.pk]), {"other": other}).status_code == 404
