"""What people decided about the importer's claims becomes marked stories to learn from."""

import pytest

from stories.actions.claims import review_feedback
from stories.importing.training_examples import marked_stories
from stories.models import Appearance
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    PoliticianFactory,
    UserFactory,
    appearance_of,
)

pytestmark = pytest.mark.django_db

TEXT = (
    "Petra Lowther clapped. “The weir is safe,” she told the chair, Ines Corran.\n\n"
    "“The mill is not,” Hugo Garside said.\n\n“Nor is the quay,” said Hugo Garside."
)


@pytest.fixture
def checker():
    return UserFactory(is_superuser=True)


@pytest.fixture
def found():
    """A claim the importer found, in the one story there is."""
    article = ArticleFactory(plain=TEXT)

    def make(words, printed, **values):
        claim = ClaimFactory(wording=words, proposed=True)
        machine = Appearance.FoundBy.MACHINE
        appearance_of(
            claim, article, attribution=printed, rule="said-after", found_by=machine, confidence=0.8, **values
        )
        return claim

    return make


def seen():
    """What is marked: the words, the source as printed and where, whether it is denied."""
    return [
        (story.text[slice(*words.content[0])], story.text[slice(*words.source[0])], words.denied)
        for story in marked_stories()
        for words in story.words
    ]


def test_an_accepted_claim_keeps_the_source_the_importer_had(found, checker):
    review_feedback.accept(claim=found("The mill is not", "Hugo Garside"), by=checker)
    assert seen() == [("The mill is not", "Hugo Garside", False)]
    (story,) = marked_stories()
    assert story.words[0].source[0].start == story.text.index("Hugo Garside")


def test_a_rejected_claim_says_only_who_did_not_say_it(found, checker):
    review_feedback.reject(claim=found("The mill is not", "Hugo Garside"), by=checker)
    assert seen() == [("The mill is not", "Hugo Garside", True)]


def test_a_reassigned_claim_has_the_new_speaker_where_the_story_names_them(found, checker):
    claim = found("The weir is safe", "she")
    review_feedback.reassign(claim=claim, by=checker, speaker=PoliticianFactory(name="Dame Petra Lowther"))
    assert seen() == [("The weir is safe", "Lowther", False)]


def test_a_reassigned_claim_denies_the_old_speaker_when_the_story_does_not_name_the_new(found, checker):
    claim = found("The weir is safe", "she")
    review_feedback.reassign(claim=claim, by=checker, speaker_label="a party source")
    assert seen() == [("The weir is safe", "she", True)]


def test_what_nobody_has_decided_what_was_put_back_and_what_lost_its_place_is_left_out(found, checker):
    found("The weir is safe", "she")
    back = found("The mill is not", "Hugo Garside")
    review_feedback.accept(claim=back, by=checker)
    review_feedback.reopen(claim=back, by=checker)
    review_feedback.accept(
        claim=found("Nor is the quay", "Hugo Garside", state=Appearance.State.LOST), by=checker
    )
    assert seen() == []
