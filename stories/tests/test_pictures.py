"""Uploaded pictures in smaller sizes: right, safe, and made once."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from stories import linkeddata, pictures
from stories.models import Article
from stories.tests.factories import ArticleFactory
from stories.tests.pictures import picture

pytestmark = pytest.mark.django_db


def illustrated(width: int = 1600, height: int = 1000, form: str = "JPEG", **how: Any) -> Article:
    story = ArticleFactory(lead_image_alt="A wall")
    story.lead_image.save(f"a wall.{form.lower()}", ContentFile(picture(width, height, form, **how)))
    return story


def fetched(client: Client, address: str) -> Image.Image:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "image/webp"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "public" in response["Cache-Control"]
    return Image.open(io.BytesIO(b"".join(response.streaming_content)))


def test_every_version_that_a_page_offers_is_there_as_wide_as_it_says(client: Client) -> None:
    story = illustrated()
    page = client.get(story.get_absolute_url()).content.decode()
    offered = page.partition('srcset="')[2].partition('"')[0].split(", ")
    assert [one.split()[1] for one in offered] == ["320w", "640w", "960w", "1440w", "1600w"]
    assert offered[-1].split()[0] == story.lead_image.url
    for one in offered[:-1]:
        address, width = one.split()
        image = fetched(client, address)
        assert (f"{image.width}w", image.height) == (width, round(image.width * 1000 / 1600))
    assert 'width="1600" height="1000"' in page


def test_a_picture_is_never_made_larger_and_a_small_one_stands_alone(client: Client) -> None:
    story = illustrated(300, 200, "PNG")
    assert "srcset" not in client.get(story.get_absolute_url()).content.decode()
    assert fetched(client, pictures.address(story.lead_image, "640")).size == (300, 200)


def test_a_picture_taken_upright_is_shown_upright_and_tells_nothing_of_its_camera(client: Client) -> None:
    story = illustrated(turned=True)
    assert 'width="1000" height="1600"' in client.get(story.get_absolute_url()).content.decode()
    image = fetched(client, pictures.address(story.lead_image, "320"))
    assert image.size == (320, 512)
    assert dict(image.getexif()) == {}


@pytest.mark.parametrize(("shape", "size"), [("square", 1000), ("four-three", 1200), ("sixteen-nine", 1200)])
def test_news_readers_are_offered_the_picture_in_three_shapes(client: Client, shape: str, size: int) -> None:
    story = illustrated()
    told = linkeddata.news_article(story, [], [])["image"]
    address = next(one for one in told if f"/{shape}/" in one)
    image = fetched(client, address.removeprefix(linkeddata.absolute("")))
    across, down = pictures.SHAPES[shape]
    assert (image.width, image.height) == (size, round(size * down / across))


def test_a_version_is_made_once_and_leaves_nothing_unfinished(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = illustrated()
    address = pictures.address(story.lead_image, "320")
    fetched(client, address)
    monkeypatch.setattr(pictures, "_resized", lambda *args: pytest.fail("It was there already"))
    fetched(client, address)
    assert not list(Path(settings.MEDIA_ROOT).rglob(".*"))


@pytest.mark.parametrize(
    "address",
    [
        "sized/321/{name}.webp",
        "sized/320/{name}.gif",
        "sized/320/nothing.jpg.webp",
        "sized/320/../../db.sqlite3.webp",
        "sized/320/sized/320/{name}.webp.webp",
        "sized/320/%00.webp",
        "sized/320/notes.txt.webp",
        "sized/320/moving.gif.webp",
        "sized/../320/{name}.webp",
    ],
)
def test_nothing_else_can_be_made(client: Client, settings: Any, address: str) -> None:
    story = illustrated()
    fetched(client, pictures.address(story.lead_image, "320"))
    folder = Path(settings.MEDIA_ROOT)
    (folder / "notes.txt").write_text("no picture")
    (folder / "moving.gif").write_bytes(picture(900, 900, "GIF"))
    before = sorted(folder.rglob("*"))
    assert client.get(f"/media/{address.format(name=story.lead_image.name)}").status_code == 404
    assert sorted(folder.rglob("*")) == before


def test_a_picture_that_moves_or_cannot_be_read_stands_as_it_was_uploaded(client: Client) -> None:
    for bytes_of_it, name in ((picture(900, 600, "GIF"), "moving.gif"), (b"nothing", "broken.png")):
        story = ArticleFactory(lead_image_alt="A wall")
        story.lead_image.save(name, ContentFile(bytes_of_it))
        page = client.get(story.get_absolute_url()).content.decode()
        assert story.lead_image.url in page
        assert "srcset" not in page
