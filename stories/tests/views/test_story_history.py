"""The public history of a story: what readers have seen, and never a word of what they have not."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stories.models import Article, Correction, StoryVersion
from stories.tests.factories import ArticleFactory
from stories.tests.html import flat

pytestmark = pytest.mark.django_db


def change(story: Article, **columns: Any) -> None:
    """Write the columns past every act, as a migration or a shell may."""
    for name, value in columns.items():
        setattr(story, name, value)
    story.save()


def at(hours: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(hours=hours)


def words(story: Article) -> list[str]:
    return list(StoryVersion.objects.published().filter(article=story).values_list("headline", flat=True))


def test_each_version_that_readers_saw_is_kept_with_what_changed(client: Client) -> None:
    story = ArticleFactory(draft=True, headline="Secret draft", plain="The wall held.")
    change(story, headline="The wall holds", status="published", published_at=at(-2))
    change(story, body="<p>The wall fell.</p>", updated_at=timezone.now())
    change(story, source="The Post")  # no word of it
    change(story, body="<p>The old wall fell.</p>")
    Correction.objects.create(article=story, text="It fell.", made_at=timezone.now())
    assert words(story) == ["The wall holds"] * 3
    first = StoryVersion.objects.order_by("pk")[0]
    assert first.seen_from == story.published_at
    page = flat(client.get(f"{story.get_absolute_url()}history/").content.decode())
    assert "Secret draft" not in page
    assert page.count("Minor change") == 1
    assert "left out: </span>held" in page
    assert "added: </span>fell" in page
    assert "It fell." in page
    assert 'name="robots" content="noindex, follow"' in page
    assert (
        f'href="{story.get_absolute_url()}history/"' in client.get(story.get_absolute_url()).content.decode()
    )
    versions = [client.get(f"{story.get_absolute_url()}history/{number}/") for number in range(5)]
    assert [answer.status_code for answer in versions] == [404, 200, 200, 200, 404]
    assert "The wall held." in versions[1].content.decode()
    assert "replaced" in versions[1].content.decode()


def test_what_readers_never_saw_is_in_no_version(client: Client) -> None:
    story = ArticleFactory(headline="Draft one", draft=True)
    assert client.get(f"{story.get_absolute_url()}history/").status_code == 404
    change(story, headline="Planned one", status="published", published_at=at(3))
    assert client.get(f"{story.get_absolute_url()}history/").status_code == 404
    change(story, headline="Planned two")
    change(story, headline="Draft two", status="draft")
    assert not StoryVersion.objects.exists()
    change(story, headline="Seen", status="published", published_at=at(-1))
    change(story, headline="Withdrawn words", status="withdrawn", withdrawn_reason="Forged.")
    for address in ("history/", "history/1/"):
        answer = client.get(f"{story.get_absolute_url()}{address}")
        assert answer.status_code == 410
        assert "Seen" not in answer.content.decode()
    change(story, headline="Again", status="published", published_at=at(-1))
    assert words(story) == ["Seen", "Again"]


def test_a_former_address_leads_to_the_present_one(client: Client) -> None:
    story = ArticleFactory()
    was = story.get_absolute_url()
    change(story, slug="another-address")
    for rest in ("history/", "history/1/"):
        answer = client.get(f"{was}{rest}")
        assert (answer.status_code, answer["Location"]) == (301, f"/stories/another-address/{rest}")
