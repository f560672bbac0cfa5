"""The years above a list: every one from the first row's to the last row's, without a look at the rows."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from stories.tests import factories as make

pytestmark = pytest.mark.django_db


def years_above(admin_client, address):
    return re.findall(r"__year=(\d{4})\"", admin_client.get(address).content.decode())


def test_claims_have_the_years_between_the_first_and_the_last(admin_client):
    for year in (2011, 2014):
        make.ClaimFactory(said_on=datetime.date(year, 5, 1))
    make.ClaimFactory(said_on=None)
    assert years_above(admin_client, reverse("admin:stories_claim_changelist")) == [
        "2011",
        "2012",
        "2013",
        "2014",
    ]


def test_a_story_of_new_years_night_is_of_the_year_the_newsrooms_clock_says(admin_client, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    for year in (2013, 2015):
        made = make.ArticleFactory()
        made.published_at = datetime.datetime(year, 12, 31, 20, tzinfo=datetime.UTC)
        made.save()
    with timezone.override("Asia/Tokyo"):
        assert years_above(admin_client, reverse("admin:stories_article_changelist")) == [
            "2014",
            "2015",
            "2016",
        ]


def test_a_list_without_a_date_has_no_years(admin_client):
    make.ClaimFactory(said_on=None)
    assert years_above(admin_client, reverse("admin:stories_claim_changelist")) == []
