import datetime

import pytest

from stories.actions import permissions, reanchoring
from stories.actions.claims import creation, placing
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.stories.story_permissions import may_edit
from stories.models import Appearance, Article, Claim
from stories.tests.actions.conftest import EVERYBODY, OPERATOR
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.text import richtext

pytestmark = pytest.mark.django_db

TEXT = (
    "Quin Farrow’s plan — “we’ll build the wall this year” — was read out.\n\n“No,” said Kit Birkett. “No.”"
)


@pytest.mark.parametrize(
    "typed",
    [
        "we’ll build the wall this year",
        "“we'll build the wall this year”",
        '  "we\'ll build\n the wall this year" ',
        "we’ll  build the\xa0wall this year",
    ],
)
def test_words_are_found_however_their_marks_were_typed(typed):
    ((start, end),) = creation.find_words(TEXT, typed)
    assert TEXT[start:end] == "we’ll build the wall this year"


@pytest.mark.parametrize("typed", ["", "  ", "“”", "we will build the wall", "We’ll build the wall"])
def test_other_words_are_not_found(typed):
    assert creation.find_words(TEXT, typed) == []
    with pytest.raises(creation.WordsMissing):
        creation.place_of(TEXT, typed)


def test_words_that_stand_twice_are_asked_about_and_then_taken_as_said():
    with pytest.raises(creation.WordsRepeated) as asked:
        creation.place_of(TEXT, "No")
    assert [TEXT[start:end] for start, end in asked.value.places] == ["No", "No"]
    assert creation.place_of(TEXT, "No", which=1) == asked.value.places[1]
    with pytest.raises(creation.WordsRepeated):
        creation.place_of(TEXT, "No", which=7)


def make(by, **values):
    story = ArticleFactory(draft=True, plain=TEXT, dateline=datetime.date(2031, 5, 6))
    span = creation.place_of(story.text, "we’ll build the wall this year")
    return creation.make(
        **{"article": story, "spans": [span], "by": by, "speaker_label": "the mayor"} | values
    )


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_reporter_s_claim_waits_for_review_and_a_reviewer_s_does_not(person, role):
    by = person(role)
    if role in (permissions.IMPORT_STAFF, "no group"):
        with pytest.raises(NotAllowed):
            make(by)
        assert not Claim.objects.exists()
        return
    appearance = make(by)
    assert appearance.claim.state == ("proposed" if role == permissions.REPORTER else "accepted")
    assert appearance.found_by == Appearance.FoundBy.PERSON
    assert appearance.exact == appearance.claim.wording == "we’ll build the wall this year"
    assert appearance.claim.said_on == datetime.date(2031, 5, 6)


def test_the_same_words_of_the_same_person_are_one_claim():
    speaker = PoliticianFactory(confirmed=False)
    claim = ClaimFactory(speaker=speaker, wording="We'll build the wall this year.", proposed=True)
    appearance = make(None, speaker=speaker, speaker_label="")
    assert appearance.claim == claim
    claim.refresh_from_db()
    speaker.refresh_from_db()
    assert claim.state == "accepted"
    assert speaker.confirmed


def test_somebody_is_named():
    with pytest.raises(NotReady, match="who said it"):
        make(None, speaker_label=" ")


def test_the_parts_of_an_interrupted_quotation_make_one_claim():
    story = ArticleFactory(plain="“We build it,” she said, “and it stands.”")
    spans = [creation.place_of(story.text, words) for words in ("and it stands.", "We build it,")]
    appearance = creation.make(article=story, spans=spans, by=None, speaker_label="the mayor")
    assert appearance.claim.wording == "We build it … and it stands."
    assert [story.text[s.start : s.end] for s in appearance.selectors] == ["We build it,", "and it stands."]


def test_taking_words_out_leaves_a_claim_that_counts_and_drops_one_that_was_only_proposed():
    for values, left in (({}, True), ({"proposed": True}, False)):
        appearance = appearance_of(ClaimFactory(**values))
        creation.take_out(appearance=appearance, by=None)
        assert Claim.objects.filter(pk=appearance.claim_id).exists() is left


def test_import_staff_take_nothing_out(person):
    with pytest.raises(NotAllowed):
        creation.take_out(appearance=appearance_of(ClaimFactory()), by=person(permissions.IMPORT_STAFF))
    assert Appearance.objects.exists()


def stored(appearance):
    return Appearance.objects.filter(pk=appearance.pk).values().first()


@pytest.mark.parametrize("state", ["proposed", "accepted"])
@pytest.mark.parametrize("stage", ["draft", "in_review", "scheduled", "live", "withdrawn"])
@pytest.mark.parametrize("role", EVERYBODY)
def test_who_may_put_claims_on_words_take_them_out_and_make_them(person, role, stage, state):
    """A reviewer always; a reporter what is not accepted, in a story they may change; nobody else."""
    by = person(role)
    values = {} if stage == "live" else {stage: True}
    story = ArticleFactory(plain=TEXT, created_by=by, **values)
    claim = ClaimFactory(wording="we’ll build the wall this year", state=state)
    adrift = appearance_of(claim, story, state="lost", attribution="")
    was = stored(adrift)
    may = role in (permissions.EDITOR, permissions.FACT_CHECKER, OPERATOR) or (
        role == permissions.REPORTER and state == "proposed" and may_edit(article=story, by=by)
    )
    no = creation.place_of(TEXT, "“No,”")
    acts = {
        "make": lambda: creation.make(article=story, spans=[no], by=by, speaker=claim.speaker),
        "place": lambda: placing.place(
            appearance=adrift,
            spans=[(adrift.start, adrift.end)],
            opened=reanchoring.text_mark(story.text),
            by=by,
        ),
        "take out": lambda: creation.take_out(appearance=adrift, by=by),
    }
    if state == "accepted":  # words that are on record join what is on record
        ClaimFactory(wording="No", speaker=claim.speaker)
    for name, act in acts.items():
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
            assert stored(adrift) == was, name
    assert story.appearances.count() == 1  # the one that was made, or the one that nobody touched


def test_a_claim_is_not_made_on_places_of_an_older_text():
    story = ArticleFactory(plain=TEXT)
    span = creation.place_of(story.text, "we’ll build the wall this year")
    changed = Article.objects.get(pk=story.pk)
    changed.body = richtext.from_text("A new first paragraph.\n\n" + TEXT)
    changed.save()
    with pytest.raises(NotReady, match="changed"):
        creation.make(article=story, spans=[span], by=None, speaker_label="the mayor")
    assert not Claim.objects.exists()
