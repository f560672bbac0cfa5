"""A person's page: the scorecard, what narrows the list, contradictions, and what others said."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from stories.models import Claim, Contradiction, Membership
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.views.test_story import plain

pytestmark = pytest.mark.django_db


def test_a_persons_page_says_what_was_checked_and_narrows_what_they_said(client: Client) -> None:
    ada, bram = PoliticianFactory(name="Ada Aldous"), PoliticianFactory(name="Bram Corran")
    Membership.objects.create(
        politician=ada, role="Mayor", body="Eastmere", start_date="2001-05-01", end_date="2009-05-01"
    )
    claims = [
        ClaimFactory(speaker=ada, about=[ada, bram], said_on=datetime.date(2030 + number, 3, 4))
        for number in range(3)
    ]
    for number, claim in enumerate(claims):
        story = ArticleFactory(plain=f"She said: “{claim.wording}”.", tags=["nhs"] if number else ["boats"])
        appearance_of(claim, story)
    ratings = {"rating_summary": "So it is.", "checked_at": timezone.now()}
    Claim.objects.filter(pk=claims[0].pk).update(rating="false", **ratings)
    theirs = ClaimFactory(speaker=bram, about=[ada])
    appearance_of(theirs)
    Contradiction.objects.create(
        first=claims[0], second=claims[1], note="It is one or the other.", confirmed_at=timezone.now()
    )
    response = client.get("/people/ada-aldous/")
    page = plain(response.content.decode())
    assert "Checked: 1 of 3 claims" in page
    assert "We choose what we check, so this is no sample." in page
    assert "Mayor, Eastmere 2001–2009" in page
    assert [card.pk for card in response.context["about"]] == [theirs.pk]
    assert response.context["figures"].about == 1
    assert [(one.name, one.count) for one in response.context["figures"].speaks_about] == [("Bram Corran", 3)]
    assert page.index("It is one or the other.") < page.index("What Ada Aldous said")
    said = response.content.decode().partition('id="said"')[2].partition("</section>")[0]
    assert '<strong dir="auto">' not in said
    for query, left in (
        ("topic=nhs", claims[1:]),
        ("verdict=false", claims[:1]),
        ("year=2031", claims[1:2]),
        ("topic=nhs&year=2032", claims[2:]),
        ("topic=boats&year=2032", []),
        ("year=none&verdict=", claims),
    ):
        response = client.get(f"/people/ada-aldous/?{query}")
        assert {card.pk for card in response.context["said"]} == {claim.pk for claim in left}, query
    assert b"noindex" in client.get("/people/ada-aldous/?topic=nhs").content
