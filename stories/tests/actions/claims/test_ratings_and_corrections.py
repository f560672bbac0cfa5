import pytest

from stories.actions import permissions
from stories.actions.claims import ratings_and_corrections
from stories.actions.errors import NotAllowed, NotReady
from stories.models import Claim, Correction, VerdictChange
from stories.tests.actions.conftest import EVERYBODY, OPERATOR
from stories.tests.factories import ArticleFactory, ClaimFactory, appearance_of

pytestmark = pytest.mark.django_db

NOTE = "An earlier version gave the wrong year. It was 2031."


def draft(article, **values):
    return Correction(article=article, text=NOTE, **values)


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_an_editor_publishes_a_correction(person, role):
    story = ArticleFactory()
    if role in (permissions.EDITOR, OPERATOR):
        ratings_and_corrections.publish(correction=draft(story), by=person(role))
        assert Correction.objects.published().get().text == NOTE
    else:
        with pytest.raises(NotAllowed):
            ratings_and_corrections.publish(correction=draft(story), by=person(role))
        assert not Correction.objects.exists()


@pytest.mark.parametrize("role", EVERYBODY)
def test_fact_checkers_and_editors_give_verdicts(person, role):
    claim, by = ClaimFactory(), person(role)
    if role in (permissions.FACT_CHECKER, permissions.EDITOR, OPERATOR):
        assert (
            ratings_and_corrections.rate(
                claim=claim, by=by, rating="false", summary="The minutes differ."
            ).change.by
            == by
        )
    else:
        with pytest.raises(NotAllowed):
            ratings_and_corrections.rate(claim=claim, by=by, rating="false", summary="The minutes differ.")
        assert not VerdictChange.objects.exists()


def test_a_correction_stamps_itself_and_its_story(person):
    story, editor = ArticleFactory(), person(permissions.EDITOR)
    correction = ratings_and_corrections.publish(correction=draft(story, on_top=True), by=editor)
    story.refresh_from_db()
    assert story.updated_at == correction.made_at
    assert correction.by == editor
    with pytest.raises(NotReady, match="already"):
        ratings_and_corrections.publish(correction=correction, by=editor)


@pytest.mark.parametrize("stage", ["draft", "in_review", "scheduled", "withdrawn"])
def test_only_what_readers_see_is_corrected_in_public(stage):
    with pytest.raises(NotReady, match="Only a published story"):
        ratings_and_corrections.publish(correction=draft(ArticleFactory(**{stage: True})), by=None)
    assert not Correction.objects.exists()


def test_a_correction_has_words():
    with pytest.raises(NotReady, match="what is right"):
        ratings_and_corrections.publish(correction=Correction(article=ArticleFactory(), text="  "), by=None)


@pytest.mark.parametrize("state", ["proposed", "rejected"])
def test_only_an_accepted_claim_gets_a_verdict(state):
    with pytest.raises(NotReady, match="accepted"):
        ratings_and_corrections.rate(
            claim=ClaimFactory(**{state: True}), by=None, rating="true", summary="Yes."
        )


@pytest.mark.parametrize(
    ("rating", "summary", "why"), [("true", " ", "sentence"), ("perhaps", "Who knows.", "no verdict")]
)
def test_a_verdict_is_one_of_ours_and_says_why(rating, summary, why):
    claim = ClaimFactory()
    with pytest.raises(NotReady, match=why):
        ratings_and_corrections.rate(claim=claim, by=None, rating=rating, summary=summary)
    assert not VerdictChange.objects.exists()


def test_a_first_verdict_is_a_step_and_drafts_nothing():
    claim = ClaimFactory()
    appearance_of(claim)
    rated = ratings_and_corrections.rate(
        claim=claim, by=None, rating="false", summary="The minutes differ.", methodology="Read them."
    )
    assert rated.drafts == ()
    assert VerdictChange.objects.get() == rated.change
    claim.refresh_from_db()
    assert (claim.rating, claim.methodology) == ("false", "Read them.")
    assert claim.checked_at is not None


def test_saying_the_same_again_is_no_step():
    claim = ClaimFactory()
    for _ in range(2):
        ratings_and_corrections.rate(claim=claim, by=None, rating="false", summary="The minutes differ.")
    assert VerdictChange.objects.count() == 1


def test_a_changed_verdict_drafts_a_correction_for_every_story_readers_find_it_in():
    claim = ClaimFactory(rating="true", rating_summary="So it seemed.")
    public = [appearance_of(claim).article for _ in range(2)]
    hidden = ArticleFactory(draft=True, plain=f"He said “{claim.wording}” once.")
    appearance_of(claim, hidden)
    rated = ratings_and_corrections.rate(
        claim=claim, by=None, rating="misleading", summary="The figure leaves out half."
    )
    assert {correction.article for correction in rated.drafts} == set(public)
    for correction in rated.drafts:
        assert correction.made_at is None
        assert "“True”" in correction.text
        assert "“Misleading”" in correction.text
    assert not Correction.objects.published().exists()
    ratings_and_corrections.publish(correction=rated.drafts[0], by=None)
    assert Correction.objects.published().get().kind == Correction.Kind.VERDICT


def rated(claim, rating, summary="The figures say so."):
    """The story's drafts after that verdict, by their words."""
    ratings_and_corrections.rate(claim=claim, by=None, rating=rating, summary=summary if rating else "")
    return [draft.text for draft in Correction.objects.drafts()]


def test_a_verdict_changed_twice_leaves_one_draft_from_the_first_verdict_to_the_last():
    claim = ClaimFactory(rating="true", rating_summary="So it seemed.")
    appearance_of(claim)
    for rating in ("misleading", "", "false"):
        [text] = rated(claim, rating)
    assert "“True”" in text
    assert "“False”" in text
    assert "“Misleading”" not in text
    [text] = rated(claim, "false", summary="The minutes differ.")
    assert text.endswith("The minutes differ.")


def test_a_correction_is_made_of_whole_sentences_with_the_claim_and_its_speaker_in_them():
    whole = ClaimFactory(wording="The wall held.", rating="true", rating_summary="So it seemed.")
    scrap = ClaimFactory(wording="a fatal blow", rating="false", rating_summary="It was none.")
    story = ArticleFactory(plain="“The wall held.”\n\nIt was “a fatal blow” to trade, she said. So it went.")
    appearance_of(whole, story)
    appearance_of(scrap, story)
    name, other = whole.speaker.name, scrap.speaker.name
    assert rated(whole, "misleading", summary="The wall fell in May.") == [
        f"We rated a claim by {name}, “The wall held”, as “True”. It is now rated “Misleading”, because "
        "the wall fell in May."
    ]
    [_, text] = sorted(rated(scrap, ""), reverse=True)
    assert text == (
        f"This story printed a claim by {other}, “a fatal blow”, in this sentence: “It was ‘a fatal blow’ to "
        "trade, she said.” We rated it as “False”. We have withdrawn that verdict."
    )


def test_a_draft_falls_away_when_the_verdict_is_again_what_it_was():
    claim = ClaimFactory(rating="true", rating_summary="So it seemed.")
    appearance_of(claim)
    rated(claim, "false")
    told = ratings_and_corrections.rate(claim=claim, by=None, rating="true", summary="So it seemed.")
    assert (told.drafts, told.dropped) == ((), 1)
    assert not Correction.objects.exists()


def test_what_somebody_wrote_into_a_draft_stays_and_the_news_goes_under_it():
    claim = ClaimFactory(rating="true", rating_summary="So it seemed.")
    appearance_of(claim)
    rated(claim, "misleading")
    Correction.objects.update(text="Written by an editor.")
    assert rated(claim, "misleading", summary="Only the sentence changed.") == ["Written by an editor."]
    [text] = rated(claim, "false")
    assert text.startswith("Written by an editor.\n\n")
    assert "as “Misleading”. It is now rated “False”" in text


def test_a_correction_that_readers_have_seen_is_left_as_it_is():
    claim = ClaimFactory(rating="true", rating_summary="So it seemed.")
    appearance_of(claim)
    rated(claim, "misleading")
    ratings_and_corrections.publish(correction=Correction.objects.get(), by=None)
    [text] = rated(claim, "false")
    assert "as “Misleading”. It is now rated “False”" in text
    assert "“True”" in Correction.objects.published().get().text


def test_a_verdict_taken_back_is_a_step_too():
    claim = ClaimFactory(rating="true", rating_summary="So it seemed.")
    appearance_of(claim)
    rated = ratings_and_corrections.rate(claim=claim, by=None, rating="", summary="")
    assert rated.change.rating == ""
    assert "withdrawn" in rated.drafts[0].text
    assert Claim.objects.get().checked_at is None


def test_an_explanation_is_cleaned_like_every_other_html():
    claim = ClaimFactory()
    ratings_and_corrections.rate(
        claim=claim, by=None, rating="true", summary="Yes.", explanation="<p>So.<script>x()</script></p>"
    )
    assert Claim.objects.get().explanation == "<p>So.</p>"
