"""The boxes that choose a person tell namesakes apart, whatever their number with as many queries."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.models import Membership
from stories.tests import factories as make

pytestmark = pytest.mark.django_db
ASKED = {"app_label": "stories", "model_name": "claim", "field_name": "speaker", "term": "calder"}


def test_namesakes_have_party_office_years_and_claims(editor):
    one = make.PoliticianFactory(name="Kit Calder", party__name="Mill Party", role="mayor of Eastmere")
    two = make.PoliticianFactory(name="Kit Calder", party=None, role="")
    for begin, end in ((1998, 2004), (2004, 2011)):
        days = {"start_date": datetime.date(begin, 5, 1), "end_date": datetime.date(end, 4, 30)}
        Membership.objects.create(politician=one, role="councillor", **days)
    Membership.objects.create(politician=two, role="clerk", start_date=datetime.date(2020, 1, 1))
    make.ClaimFactory.create_batch(2, speaker=one)
    editor.get("/admin/autocomplete/", ASKED)
    with CaptureQueriesContext(connection) as few:
        rows = editor.get("/admin/autocomplete/", ASKED).json()["results"]
    assert {row["text"] for row in rows} == {
        "Kit Calder – Mill Party · mayor of Eastmere · 1998–2011 · 2 claims",
        "Kit Calder – clerk · since 2020 · 0 claims",
    }
    make.PoliticianFactory.create_batch(9, name="Kit Calder")
    with CaptureQueriesContext(connection) as many:
        assert len(editor.get("/admin/autocomplete/", ASKED).json()["results"]) == 11
    assert len(many) == len(few)
