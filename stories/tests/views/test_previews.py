"""A story shown before its time: to whoever has the link, and to nobody else."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from stories.actions.stories import publishing, share_links
from stories.models import Article, ShareLink
from stories.tests.factories import ArticleFactory, AuthorFactory, ClaimFactory, appearance_of

pytestmark = pytest.mark.django_db

SAID = "the harbour wall is safe"


@pytest.fixture
def story():
    story = ArticleFactory(
        draft=True, plain=f"On Monday she said “{SAID}”.", authors=[AuthorFactory()], tags=["harbour"]
    )
    appearance_of(ClaimFactory(wording=SAID), story)
    return story


def link_to(story: Article) -> str:
    link = share_links.share(article=story, by=None, lasting=datetime.timedelta(days=1))
    return reverse("stories:shared", args=[share_links.token_of(link)])


def test_whoever_has_the_link_sees_the_page_readers_will_see(client, story):
    shown = client.get(link_to(story))
    page = shown.content.decode()
    assert shown.status_code == 200
    assert story.headline in page
    assert f'class="said" href="#claim-{story.appearances.get().claim_id}">{SAID}</a>' in page
    assert "shared with you before publication" in page


def test_the_page_is_not_indexed_kept_or_passed_on(client, story):
    shown = client.get(link_to(story))
    assert shown["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "no-referrer"
    assert "ETag" not in shown


def test_the_draft_itself_stays_closed(client, story):
    client.get(link_to(story))
    assert client.get(story.get_absolute_url()).status_code == 404
    assert Article.objects.get().published_at is None


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_link_that_has_ended_says_so_and_shows_nothing(client, story, end):
    address = link_to(story)
    now = timezone.now()
    ShareLink.objects.update(**({"revoked_at": now} if end == "revoked" else {"expires_at": now}))
    shown = client.get(address)
    assert shown.status_code == 410
    assert story.headline not in shown.content.decode()
    assert shown["X-Robots-Tag"].startswith("noindex")


def test_the_link_to_a_published_story_leads_to_the_page_and_to_a_withdrawn_one_nowhere(client, story):
    address = link_to(story)
    publishing.publish(article=story, by=None)
    shown = client.get(address)
    assert (shown.status_code, shown.url) == (302, story.get_absolute_url())
    assert "no-store" in shown["Cache-Control"]
    publishing.withdraw(article=story, by=None, reason="For legal reasons.")
    shown = client.get(address)
    assert shown.status_code == 410
    for words in (SAID, story.headline, story.standfirst):
        assert not words or words not in shown.content.decode()


@pytest.mark.parametrize("token", ["x", "x:y", "1", "../1", "%00", "a" * 500])
def test_a_made_up_link_leads_nowhere(client, story, token):
    assert client.get(f"/shared/{token}/").status_code == 404


def test_a_link_shows_the_story_as_it_is_saved_now(client, story):
    address = link_to(story)
    Article.objects.update(headline="A second headline for it")
    assert "A second headline for it" in client.get(address).content.decode()


def test_a_page_for_twenty_claims_asks_no_more_than_for_one(client, django_assert_num_queries):
    counts = []
    for number in (1, 20):
        lines = [f"She said “clause {n} of it is sound” then." for n in range(number)]
        story = ArticleFactory(draft=True, plain="\n\n".join(lines), authors=[AuthorFactory()])
        for n in range(number):
            appearance_of(ClaimFactory(wording=f"clause {n} of it is sound"), story)
        address = link_to(story)
        client.get(address)
        with django_assert_num_queries(100, exact=False) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
