"""A topic's page gathers what was said on it; what was checked comes first."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from taggit.models import Tag

from stories.actions.topics import tagging
from stories.models import Act, Claim, TopicIntroduction
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of

pytestmark = pytest.mark.django_db


def test_a_topics_page_has_its_introduction_and_the_claims_of_its_stories(client: Client) -> None:
    speaker = PoliticianFactory(name="Ada Aldous")
    claims = [
        ClaimFactory(wording=f"the harbour wall {number} stands", speaker=speaker, said_on=f"2031-03-0{day}")
        for number, day in (("one", 1), ("two", 2), ("three", 3))
    ]
    text = " ".join(f"“{claim.wording}”" for claim in claims)
    story = ArticleFactory(plain=f"Ada Aldous said: {text}.", tags=["nhs"])
    for claim in claims:
        appearance_of(claim, story)
    claims[0].tags.add("ferries")
    Claim.objects.filter(pk=claims[1].pk).update(rating="false", rating_summary="It fell.")
    nhs = Tag.objects.get(name="nhs")
    TopicIntroduction.objects.create(topic=nhs, text="<p>All of it.</p><script>alert(1)</script>")
    response = client.get("/topics/nhs/")
    page = response.content.decode()
    assert "<h1>NHS</h1>" in page
    assert "<p>All of it.</p>" in page
    assert "alert(1)" not in page
    assert [card.pk for card in response.context["claims"]] == [claims[1].pk, claims[2].pk]  # the rated first
    assert "claims by Ada Aldous" in page
    assert ">NHS</a>" in client.get("/claims/?speaker=ada-aldous").content.decode()
    assert client.get("/claims/?topic=nhs").context["page"].paginator.total == 2
    assert "NHS" in client.get("/people/ada-aldous/").content.decode()


def test_an_introduction_goes_with_its_topic_into_one_without(admin_user: User) -> None:
    tag, into = (Tag.objects.create(name=name, slug=name) for name in ("boats", "ships"))
    TopicIntroduction.objects.create(topic=tag, text="<p>On boats.</p>")
    tagging.merge(tag=tag, into=into, by=admin_user)
    assert TopicIntroduction.objects.get().topic == into
    tagging.unmerge(merge=Act.objects.get(), by=admin_user)
    assert TopicIntroduction.objects.get().topic.name == "boats"
