"""New claims, pairs that contradict each other and drafts of corrections: asked, recorded, never a clash."""

import pytest
from django.utils import timezone
from reversion.models import Version

from stories.actions import permissions
from stories.actions.claims import contradictions, creation, ratings_and_corrections
from stories.actions.errors import NotAllowed, NotReady
from stories.models import Claim, Contradiction, Correction
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory

pytestmark = pytest.mark.django_db

WORDS = "the ferry will run on time"


def a_claim(**values):
    return Claim(**{"wording": WORDS, "stance": "said", "speaker": PoliticianFactory()} | values)


def a_pair():
    return Contradiction(first=ClaimFactory(), second=ClaimFactory())


def a_draft():
    return Correction(article=ArticleFactory(), text="It was 2031.")


def reworded():
    claim = ClaimFactory(proposed=True)
    claim.wording = WORDS
    return claim


VERBS = {
    "record": (a_claim, lambda row, by: creation.record(claim=row, by=by)),
    "amend": (reworded, lambda row, by: creation.amend(claim=row, fields={"wording"}, by=by)),
    "pair": (a_pair, lambda row, by: contradictions.save(pair=row, confirmed=True, by=by)),
    "correct": (a_draft, lambda row, by: ratings_and_corrections.save(correction=row, by=by)),
}


@pytest.mark.parametrize("verb", VERBS)
def test_whoever_may_writes_and_the_history_says_who(person, verb):
    make, do = VERBS[verb]
    row, editor = make(), person(permissions.EDITOR)
    do(row, editor)
    assert type(row).objects.filter(pk=row.pk).exists()
    assert Version.objects.get_for_object(row).first().revision.user == editor
    row = make()
    with pytest.raises(NotAllowed):
        do(row, person(permissions.IMPORT_STAFF))
    assert row.pk is None or Claim.objects.exclude(wording=WORDS).get() == row


def test_what_has_been_decided_is_changed_by_those_who_decide(person):
    claim = ClaimFactory(wording="the wall is old")
    claim.wording = WORDS
    with pytest.raises(NotAllowed):
        creation.amend(claim=claim, fields={"wording"}, by=person(permissions.REPORTER))
    creation.amend(claim=claim, fields={"wording"}, by=person(permissions.FACT_CHECKER))
    assert Claim.objects.get().wording == WORDS


def test_only_the_fields_named_are_written_whatever_else_the_row_was_given():
    claim = ClaimFactory(proposed=True, wording="the wall is old")
    claim.wording, claim.kind, claim.state, claim.speaker = WORDS, "indirect", "accepted", None
    creation.amend(claim=claim, fields={"kind", "state", "speaker"}, by=None)
    row = Claim.objects.get()
    assert (row.wording, row.kind, row.state) == ("the wall is old", "indirect", "proposed")
    assert row.speaker is not None


def test_a_new_claim_waits_for_review_whatever_it_was_given():
    creation.record(claim=a_claim(state="accepted"), by=None)
    assert Claim.objects.get().state == "proposed"


def test_the_same_words_by_the_same_speaker_are_a_sentence_also_under_their_old_record():
    one = ClaimFactory(wording=WORDS)
    old = PoliticianFactory(merged_into=one.speaker)
    for speaker in (one.speaker, old):
        with pytest.raises(NotReady, match="has these words on record already"):
            creation.record(claim=a_claim(speaker=speaker, wording="“The ferry will run on time.”"), by=None)
    other = ClaimFactory(speaker=one.speaker)
    other.wording = WORDS
    with pytest.raises(NotReady, match="has these words on record already"):
        creation.amend(claim=other, fields={"wording"}, by=None)
    creation.record(claim=a_claim(speaker=one.speaker, stance="denied"), by=None)
    creation.record(claim=a_claim(), by=None)
    with pytest.raises(NotReady, match="who said it"):
        creation.record(claim=a_claim(speaker=None, speaker_label=" "), by=None)
    assert Claim.objects.count() == 4


def test_a_pair_is_kept_once_lower_number_first_and_never_of_one_claim(person):
    checker, one, two = person(permissions.FACT_CHECKER), ClaimFactory(), ClaimFactory()
    pair = contradictions.save(pair=Contradiction(first=two, second=one), confirmed=False, by=checker)
    assert (pair.first, pair.second, pair.confirmed_by) == (one, two, None)
    for first, second in ((one, two), (two, one)):
        with pytest.raises(NotReady, match="kept already"):
            contradictions.save(pair=Contradiction(first=first, second=second), confirmed=True, by=checker)
    with pytest.raises(NotReady, match="itself"):
        contradictions.save(pair=Contradiction(first=one, second=one), confirmed=True, by=checker)
    contradictions.save(pair=pair, confirmed=True, by=checker)
    assert Contradiction.objects.get().confirmed_by == checker
    contradictions.save(pair=pair, confirmed=False, by=checker)
    assert Contradiction.objects.get().confirmed_at is None


def test_a_draft_says_something_and_is_never_published_by_the_way(person):
    editor, story = person(permissions.EDITOR), ArticleFactory()
    with pytest.raises(NotReady, match="what was wrong"):
        ratings_and_corrections.save(correction=Correction(article=story, text=" "), by=editor)
    draft = ratings_and_corrections.save(correction=a_draft(), by=editor)
    assert (draft.by, draft.made_at) == (editor, None)
    draft.text, draft.made_at = "It was 2032.", timezone.now()
    ratings_and_corrections.save(
        correction=draft, fields={"text", "made_at", "by"}, by=person(permissions.EDITOR)
    )
    row = Correction.objects.get()
    assert (row.text, row.by, row.made_at) == ("It was 2032.", editor, None)
    gone = ArticleFactory()
    waiting = Correction(article=gone, text="It was 2031.")
    type(gone).objects.filter(pk=gone.pk).delete()
    with pytest.raises(NotReady, match="story is not there"):
        ratings_and_corrections.save(correction=waiting, by=editor)
