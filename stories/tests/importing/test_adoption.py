"""A new record is given what was filed under its name before, and gives it back when it goes."""

import pytest
from django.contrib.auth.models import User

from stories.actions import adoption
from stories.actions.claims import review, review_feedback
from stories.actions.imports import import_copy
from stories.actions.people import confirmation
from stories.extraction import Extraction
from stories.importing import receipts, undo
from stories.importing.reader import read
from stories.importing.roster import Roster
from stories.importing.store import file_story
from stories.models import Claim, ImportedText, ImportRun, Politician
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.importing.test_store import quotation
from stories.tests.importing.test_taking_back import file

pytestmark = pytest.mark.django_db

ADA = "Ada Birkett"


def label_only(words: str = "the wall stands", **values: object) -> Claim:
    """What an earlier import filed under her bare name."""
    claim = ClaimFactory(
        wording=words,
        **{"speaker": None, "speaker_label": ADA, "unread": True, "imported_in": ImportRun.objects.create()}
        | values,
    )
    appearance_of(claim, found_by="machine", rule="a rule", confidence=0.8)
    return claim


def test_a_record_that_an_import_makes_is_given_earlier_claims_until_the_import_is_taken_back() -> None:
    first, second = ImportRun.objects.create(), ImportRun.objects.create()
    copy = read("One\n\nSomebody said: “the wall stands”.\n\nThen tea.".encode())
    said = quotation(f"One\n\n{copy.text}", "the wall stands", status="accepted", speaker=ADA)
    filed = file_story(copy, Extraction((said,), ()), run=first, roster=Roster())
    text = ImportedText.objects.create(
        run=first, file="one", outcome="created", article=filed.article, before=filed.receipt
    )
    claim = filed.appearances[0].claim
    assert (claim.speaker, claim.speaker_label) == (None, ADA)
    file(second, "Two")
    claim.refresh_from_db()
    assert (claim.speaker.name, claim.speaker_label) == (ADA, "")
    text.refresh_from_db()
    assert not receipts.touched(text, receipts.beside(text))  # no person did it
    told = undo.preview_undo(second)
    undone = import_copy.undo_import(run=second, by=None)
    assert (told, undone.stayed) == (undone, [])
    claim.refresh_from_db()
    assert (claim.speaker, claim.speaker_label) == (None, ADA)
    assert not Politician.objects.filter(name=ADA).exists()
    text.refresh_from_db()
    assert not receipts.touched(text, receipts.beside(text))


def test_what_a_person_decided_or_made_stays_under_its_label(admin_user: User) -> None:
    accepted = label_only()
    review.accept(claim=accepted, by=admin_user)
    rejected = label_only("the wall falls", state="rejected")
    typed = label_only("the wall leans", imported_in=None)
    put_there = label_only("the wall holds", speaker_label="somebody")
    review_feedback.reassign(claim=put_there, by=admin_user, speaker_label=ADA)
    surname = label_only("the wall is wet", speaker_label="Birkett")
    ada = PoliticianFactory(name=ADA, confirmed=False)
    confirmation.confirm(person=ada, by=admin_user)
    assert set(ada.claims.all()) == {accepted}
    for claim in (rejected, typed, put_there, surname):
        claim.refresh_from_db()
        assert claim.speaker is None


def test_of_two_records_of_one_name_neither_is_given_anything(admin_user: User) -> None:
    label_only()
    ada, _ = PoliticianFactory(name=ADA), PoliticianFactory(name=f"Ms {ADA}")
    assert adoption.adopt(person=ada, by=admin_user) == 0


def test_words_that_the_person_has_on_record_stay_where_they_are() -> None:
    ada = PoliticianFactory(name=ADA)
    own = ClaimFactory(speaker=ada, wording="the wall stands")
    double, other = label_only(), label_only("the wall falls")
    assert adoption.adopt(person=ada, by=None) == 1
    assert set(ada.claims.all()) == {own, other}
    assert Claim.objects.get(pk=double.pk).speaker is None


def test_nobody_is_bold_and_followed_without_a_record(client) -> None:
    story = ArticleFactory(plain="One Labour MP said “the wall stands”. The council said “it leans”.")
    for words, label in (("the wall stands", "one Labour MP"), ("it leans", "the council")):
        appearance_of(ClaimFactory(speaker=None, speaker_label=label, wording=words), story, speaker_role="")
    appearance_of(ClaimFactory())
    response = client.get("/claims/?speaker=none")
    page = response.content.decode()
    assert response.context["page"].paginator.total == 2
    assert "one Labour MP, not named" in page
    assert "the council, not named" not in page
    assert "Speaker: Not a named person" in page
    named = client.get("/claims/").content.decode()
    assert "?speaker=none" in named
