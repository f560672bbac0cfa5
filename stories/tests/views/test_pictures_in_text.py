"""Pictures in a story's text: readers see them, and a file only while a public story has it."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.models import Article, Page, Picture
from stories.tests import factories as make
from stories.tests.html import flat
from stories.tests.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def wall():
    return make.in_library(picture(1400, 700), description="A sea wall", credit="Zoë Marsh")


def said(response):
    return flat(response.content.decode())


def seen(client, *pictures):
    """What the addresses of the files answer."""
    return [client.get(one.file.url).status_code for one in pictures]


def test_readers_see_a_figure_between_the_paragraphs_with_sizes_words_and_credit(client, wall):
    img = make.in_body(wall, "The wall at <night>", "It “leans”", "Zoë Marsh")
    story = make.ArticleFactory(body=f"<p>One.</p>{img}<p>Two.</p>")
    page = client.get(story.get_absolute_url())
    (tag,) = re.findall(r"<img [^>]*>", said(page))
    name = wall.file.name
    assert f'src="/media/{name}"' in tag
    assert f"/media/sized/640/{name}.webp 640w" in tag
    assert f"/media/{name} 1400w" in tag
    for part in ('alt="The wall at &lt;night&gt;"', 'width="1400"', 'height="700"', 'loading="lazy"'):
        assert part in tag
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", said(page).partition("story-body")[2]))
    assert "One. It “leans” Picture: Zoë Marsh Two." in words
    (data,) = re.findall(
        r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page.content.decode(), re.S
    )[:1]
    assert f'{wall.file.url}"' in data
    assert all(
        client.get(address).status_code == 200 for address in re.findall(r"/media/\S+?(?=[\s\"])", tag)
    )


def test_feeds_and_the_json_form_have_it_whole_and_by_absolute_addresses(client, wall, settings):
    settings.SITE_URL = "https://news.example"
    story = make.ArticleFactory(body=f"<p>One.</p>{make.in_body(wall, 'A wall', 'Leaning', 'ZM')}<p>Two.</p>")
    figure = (
        f'<p>One.</p><figure><img src="https://news.example{wall.file.url}" alt="A wall" width="1400" '
        'height="700"><figcaption>Leaning (Picture: ZM)</figcaption></figure><p>Two.</p>'
    )
    feed = json.loads(client.get("/feed/json/").content)
    written = json.loads(client.get(f"{story.get_absolute_url().rstrip('/')}.json").content)
    for html in (feed["items"][0]["content_html"], written["html"]):
        assert figure in re.sub(r"\s+(?=[>(])|(?<=>)\s+", "", flat(html)).replace("Leaning(", "Leaning (")
    assert written["text"] == "One.\n\nTwo."


def test_any_number_of_pictures_costs_no_query(client, wall):
    numbers = []
    for many in (0, 5):
        story = make.ArticleFactory(body="<p>One.</p>" + make.in_body(wall) * many + "<p>Two.</p>")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(story.get_absolute_url())
        assert page.content.count(b'loading="lazy"') == many
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


class TestWhoSeesTheFile:
    """Of a picture that stands in a text alone."""

    def test_readers_while_a_public_story_shows_it(self, client, wall):
        sized = f"/media/sized/640/{wall.file.name}.webp"
        story = make.ArticleFactory(draft=True, body=make.in_body(wall))
        assert [*seen(client, wall), client.get(sized).status_code] == [404, 404]
        Article.objects.filter(pk=story.pk).update(status="published", published_at=timezone.now())
        assert [*seen(client, wall), client.get(sized).status_code] == [200, 200]
        Article.objects.filter(pk=story.pk).update(published_at=timezone.now() + timedelta(hours=1))
        assert seen(client, wall) == [404]
        Article.objects.filter(pk=story.pk).update(status="withdrawn", published_at=timezone.now())
        assert seen(client, wall) == [404]

    def test_nobody_if_it_is_no_picture_of_the_library(self, client, wall):
        make.PoliticianFactory(portrait=wall.file.name, portrait_alt="Ada", confirmed=False)
        Picture.objects.all().delete()
        make.ArticleFactory(body=make.in_body(wall))
        assert seen(client, wall) == [404]


def test_a_page_of_the_newsrooms_own_has_none(wall):
    assert (
        Page.objects.create(title="Us", slug="us", body=f"<p>One.</p>{make.in_body(wall)}").body
        == "<p>One.</p>"
    )
