"""A link for somebody without an account: it shows one story, for a time, until it is revoked."""

import datetime

import pytest
from django.core import signing
from django.utils import timezone

from stories.actions import permissions
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.stories import publishing, revisions, saving, share_links
from stories.models import Article, ShareLink
from stories.tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def link(person):
    writer = person(permissions.REPORTER)
    story = ArticleFactory(draft=True, created_by=writer)
    return share_links.share(article=story, by=writer, lasting=DAY, note="the lawyer")


def test_the_link_leads_to_its_story(link):
    assert share_links.story_behind(share_links.token_of(link)) == link.article


def test_two_links_have_nothing_in_common(link):
    other = share_links.share(article=link.article, by=None, lasting=DAY)
    assert other.key != link.key
    assert len(other.key) >= 24


def test_a_revoked_link_has_ended_and_only_that_one(link, person):
    other = share_links.share(article=link.article, by=None, lasting=DAY)
    share_links.revoke(link=link, by=person(permissions.EDITOR))
    with pytest.raises(share_links.Ended):
        share_links.story_behind(share_links.token_of(link))
    assert share_links.story_behind(share_links.token_of(other)) == link.article


def test_an_expired_link_has_ended(link):
    ShareLink.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    with pytest.raises(share_links.Ended):
        share_links.story_behind(share_links.token_of(link))


def test_a_forged_link_never_was_one(link):
    token = share_links.token_of(link)
    for forged in (
        link.key,
        f"{link.key}:x",
        token[:-1],
        token + "A",
        signing.Signer(salt="another").sign(link.key),
        share_links.token_of(ShareLink(key="never made")),
        "",
    ):
        with pytest.raises(ShareLink.DoesNotExist):
            share_links.story_behind(forged)


@pytest.mark.parametrize("lasting", [datetime.timedelta(), -DAY, 31 * DAY])
def test_a_link_lasts_some_time_and_not_for_ever(lasting):
    with pytest.raises(NotReady):
        share_links.share(article=ArticleFactory(draft=True), by=None, lasting=lasting)


def test_only_who_writes_stories_shares_and_revokes(link, person):
    for role in (permissions.FACT_CHECKER, permissions.IMPORT_STAFF):
        with pytest.raises(NotAllowed):
            share_links.share(article=link.article, by=person(role), lasting=DAY)
        with pytest.raises(NotAllowed):
            share_links.revoke(link=link, by=person(role))
    assert link.is_open


def test_withdrawing_a_story_ends_every_link_to_it_for_good(link):
    story, other = link.article, share_links.share(article=ArticleFactory(draft=True), by=None, lasting=DAY)
    publishing.publish(article=story, by=None)
    assert share_links.story_behind(share_links.token_of(link)).is_public
    publishing.withdraw(article=story, by=None, reason="For legal reasons.")
    link.refresh_from_db()
    assert link.revoked_at is not None
    for back in (publishing.return_to_draft, publishing.publish):
        with pytest.raises(share_links.Ended):
            share_links.story_behind(share_links.token_of(link))
        back(article=story, by=None)
    with pytest.raises(share_links.Ended):
        share_links.story_behind(share_links.token_of(link))
    other.refresh_from_db()
    assert other.is_open


def test_a_link_to_a_withdrawn_story_has_ended_even_where_nobody_ended_it(link):
    Article.objects.update(status=Article.Status.WITHDRAWN, withdrawn_reason="For legal reasons.")
    assert ShareLink.objects.get().is_open
    with pytest.raises(share_links.Ended):
        share_links.story_behind(share_links.token_of(link))


@pytest.mark.parametrize("stage", ["withdrawn", "live"])
def test_no_link_is_made_to_what_was_withdrawn_or_is_published(stage):
    story = ArticleFactory(withdrawn=True) if stage == "withdrawn" else ArticleFactory()
    with pytest.raises(NotReady):
        share_links.share(article=story, by=None, lasting=DAY)
    assert not ShareLink.objects.exists()


def test_a_story_that_was_deleted_comes_back_without_its_links(link, person):
    story, token = link.article, share_links.token_of(link)
    editor = person(permissions.EDITOR)
    saving.keep_first_state(article=story)
    story.delete()
    with pytest.raises(ShareLink.DoesNotExist):
        share_links.story_behind(token)
    revisions.bring_back(version=revisions.deleted().get().pk, by=editor)
    with pytest.raises(ShareLink.DoesNotExist):
        share_links.story_behind(token)
