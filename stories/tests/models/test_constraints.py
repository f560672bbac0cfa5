"""What must hold in every row is held by the database, whoever writes the row."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from stories import models
from stories.tests import factories

pytestmark = pytest.mark.django_db


def breaks(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def rows(model, **values):
    """Write past save() and forms, as a shell or another program would."""
    with transaction.atomic():
        return model.objects.bulk_create([model(**values)])[0]


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("article_has_headline", {"headline": "", "slug": "a"}),
        ("article_published_has_time", {"headline": "A", "slug": "a", "status": "published"}),
        ("article_image_has_alt", {"headline": "A", "slug": "a", "lead_image": "a.png"}),
        ("article_status_known", {"headline": "A", "slug": "a", "status": "lost"}),
    ],
)
def test_a_story_that_breaks_a_rule_is_refused(constraint, values):
    with breaks(constraint):
        rows(models.Article, **values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("claim_has_wording", {"wording": ""}),
        ("claim_rated_is_accepted", {"wording": "a", "rating": "true"}),
        ("claim_state_known", {"wording": "a", "state": "lost"}),
    ],
)
def test_a_claim_that_breaks_a_rule_is_refused(constraint, values):
    with breaks(constraint):
        rows(models.Claim, **values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("appearance_has_words", {"exact": ""}),
        ("appearance_span_in_order", {"start": 4, "end": 4}),
        ("appearance_confidence_in_range", {"confidence": 1.2}),
        ("appearance_state_known", {"state": "gone"}),
    ],
)
def test_an_appearance_that_breaks_a_rule_is_refused(constraint, values):
    good = {"claim": factories.ClaimFactory(), "article": factories.ArticleFactory()}
    with breaks(constraint):
        rows(models.Appearance, **good | {"exact": "words", "start": 0, "end": 5} | values)


def test_one_person_makes_one_claim_of_the_same_words():
    said = factories.ClaimFactory(wording="The wall will hold.")
    with breaks(r"claim_once_per_speaker|speaker_id.*wording_key"), transaction.atomic():
        factories.ClaimFactory(speaker=said.speaker, wording="“the wall will hold”")
    factories.ClaimFactory(wording="The wall will hold.")
    factories.ClaimFactory(speaker=None, speaker_label="one member", wording="The wall will hold.")


def test_dates_of_a_membership_stand_in_order():
    with breaks("membership_dates_in_order"):
        rows(
            models.Membership,
            politician=factories.PoliticianFactory(),
            role="mayor",
            start_date=datetime.date(2030, 2, 1),
            end_date=datetime.date(2030, 1, 1),
        )


def test_a_membership_says_something():
    with breaks("membership_says_something"):
        rows(models.Membership, politician=factories.PoliticianFactory())


def test_a_record_is_not_merged_into_itself():
    person = factories.PoliticianFactory()
    with breaks("politician_not_merged_into_self"), transaction.atomic():
        models.Politician.objects.filter(pk=person.pk).update(merged_into=person)


def test_a_portrait_has_alternative_text():
    with breaks("politician_portrait_has_alt"):
        rows(models.Politician, name="Ada Aldous", slug="ada-aldous", portrait="a.png")


def test_pairs_are_kept_once_and_in_order():
    first, second = factories.ClaimFactory(), factories.ClaimFactory()
    with breaks("contradiction_in_order"):
        rows(models.Contradiction, first=second, second=first)
    rows(models.Contradiction, first=first, second=second)
    with breaks("contradiction_once|first_id.*second_id"):
        rows(models.Contradiction, first=first, second=second)


def test_an_identifier_belongs_to_one_person():
    models.Identifier.objects.create(politician=factories.PoliticianFactory(), scheme="wikidata", value="Q1")
    with breaks("identifier_once|scheme.*value"):
        rows(models.Identifier, politician=factories.PoliticianFactory(), scheme="wikidata", value="Q1")


def test_a_correction_says_what_was_wrong():
    with breaks("correction_has_text"):
        rows(models.Correction, article=factories.ArticleFactory(), text="", made_at=timezone.now())
