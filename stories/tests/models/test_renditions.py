"""Uploaded pictures in smaller sizes: right, safe, and made once."""

import datetime
import io
import os
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import prefetch_related_objects
from django.test import Client
from django.utils import timezone
from django.utils._os import safe_join
from PIL import Image

from stories.actions.stories import pending_images as waiting
from stories.actions.stories import share_links
from stories.formats import linked_data
from stories.models import Article, Politician, renditions
from stories.models.articles import CREDITS
from stories.tests.factories import ArticleFactory, PoliticianFactory, UserFactory
from stories.tests.pictures import CAMERA, from_a_camera, picture

pytestmark = pytest.mark.django_db


class Bucket(InMemoryStorage):
    """A storage on another machine: its files have no paths, and addresses that are not the site's."""

    def path(self, name: str) -> str:
        raise NotImplementedError("no paths here")

    def url(self, name: str | None) -> str:
        return f"https://bucket.example/{name}"

    def _relative_path(self, name: str) -> str:
        return os.path.relpath(safe_join(self.location, name), self.location)


@pytest.fixture(autouse=True, params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, settings: Any) -> None:
    """Where uploads are kept. Every test here is made with both."""
    if request.param == "bucket":
        bucket = {"BACKEND": "stories.tests.models.test_renditions.Bucket"}
        settings.STORAGES = settings.STORAGES | {"default": bucket}


def stored(picture: Any) -> Image.Image:
    with default_storage.open(picture.name) as file:
        return Image.open(io.BytesIO(file.read()))


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
    assert fetched(client, renditions.address(story.lead_image, "640")).size == (300, 200)


def test_a_picture_taken_upright_is_shown_upright_and_tells_nothing_of_its_camera(client: Client) -> None:
    story = illustrated(turned=True)
    assert 'width="1000" height="1600"' in client.get(story.get_absolute_url()).content.decode()
    image = fetched(client, renditions.address(story.lead_image, "320"))
    assert image.size == (320, 512)
    assert dict(image.getexif()) == {}


@pytest.mark.parametrize(("shape", "size"), [("square", 1000), ("four-three", 1200), ("sixteen-nine", 1200)])
def test_news_readers_are_offered_the_picture_in_three_shapes(client: Client, shape: str, size: int) -> None:
    story = illustrated()
    prefetch_related_objects([story], *CREDITS)
    told = linked_data.news_article(story, [], [])["image"]
    address = next(one for one in told if f"/{shape}/" in one)
    image = fetched(client, address.removeprefix(linked_data.absolute("")))
    across, down = renditions.SHAPES[shape]
    assert (image.width, image.height) == (size, round(size * down / across))


def test_a_version_is_made_once_and_leaves_nothing_unfinished(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = illustrated()
    address = renditions.address(story.lead_image, "320")
    fetched(client, address)
    monkeypatch.setattr(renditions, "_resized", lambda *args: pytest.fail("It was there already"))
    fetched(client, address)
    assert sorted(renditions.stored_files()) == sorted(
        [story.lead_image.name, f"sized/320/{story.lead_image.name}.webp"]
    )


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
def test_nothing_else_can_be_made(client: Client, address: str) -> None:
    story = illustrated()
    fetched(client, renditions.address(story.lead_image, "320"))
    default_storage.save("notes.txt", ContentFile(b"no picture"))
    default_storage.save("moving.gif", ContentFile(picture(900, 900, "GIF")))
    before = list(renditions.stored_files())
    assert client.get(f"/media/{address.format(name=story.lead_image.name)}").status_code == 404
    assert list(renditions.stored_files()) == before


def test_a_picture_that_moves_goes_on_moving_and_is_made_no_smaller(client: Client) -> None:
    story = ArticleFactory(lead_image_alt="A wall")
    story.lead_image.save("moving.gif", ContentFile(from_a_camera("GIF", moving=True)))
    page = client.get(story.get_absolute_url()).content.decode()
    assert story.lead_image.url in page
    assert "srcset" not in page
    assert stored(story.lead_image).n_frames == 2  # type: ignore[attr-defined]


FORMS = ["JPEG", "PNG", "WEBP", "GIF"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["Source Name at home.jpg", ".htaccess.png", "budget.pdf", "../up.gif"])
def test_an_upload_loses_its_name_and_what_the_camera_wrote(client: Client, form: str, name: str) -> None:
    story = ArticleFactory(lead_image_alt="A wall")
    story.lead_image.save(name, ContentFile(from_a_camera(form)))
    person = PoliticianFactory(portrait_alt="A face")
    person.portrait = ContentFile(from_a_camera(form), name=name)
    person.save()
    for stored in (story.lead_image, person.portrait):
        assert re.fullmatch(r"(stories/\d+/\d+|people)/[0-9a-f]{32}\.(jpg|png|webp|gif)", stored.name)
        response = client.get(stored.url)
        assert response.status_code == 200
        assert nothing_told(b"".join(response.streaming_content))


def nothing_told(content: bytes) -> bool:
    with Image.open(io.BytesIO(content)) as image:
        told = renditions.has_metadata(image)
    return not told and CAMERA.encode() not in content and b"Exif" not in content and b"xmp" not in content


def test_a_picture_that_a_camera_held_upright_is_stored_upright() -> None:
    assert stored(illustrated(400, 200, turned=True).lead_image).size == (200, 400)


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_stored_before_it_was_rewritten_on_the_way_in_is_not_handed_out_as_it_is(
    client: Client, form: str
) -> None:
    story = stored_as_it_came(form)
    response = client.get(story.lead_image.url)
    assert response.status_code == 200
    assert nothing_told(b"".join(response.streaming_content))


def stored_as_it_came(form: str = "JPEG", **values: Any) -> Article:
    name = f"stories/2014/11/home-of-a-source.{form.lower()}"
    default_storage.save(name, ContentFile(from_a_camera(form)))
    return ArticleFactory(lead_image=name, lead_image_alt="A wall", **values)


def test_all_stored_pictures_are_cleaned_at_once_and_only_once() -> None:
    story = stored_as_it_came(draft=True)
    default_storage.save("notes.txt", ContentFile(b"no picture"))
    for said in ("1 of 2 files held", "0 of 2 files held"):
        printed = io.StringIO()
        call_command("clean_pictures", stdout=printed)
        assert said in printed.getvalue()
    with default_storage.open(story.lead_image.name) as file:
        assert nothing_told(file.read())


def test_a_picture_that_a_browser_has_is_not_sent_again(client: Client) -> None:
    address = illustrated().lead_image.url
    sent = client.get(address)["Last-Modified"]
    assert client.get(address, headers={"If-Modified-Since": sent}).status_code == 304
    earlier = "Mon, 06 Nov 2000 10:00:00 GMT"
    assert client.get(address, headers={"If-Modified-Since": earlier}).status_code == 200
    assert client.get("/media/stories/none.jpg").status_code == 404


def test_a_picture_is_seen_by_readers_only_while_a_page_of_theirs_shows_it(client: Client) -> None:
    story = illustrated()
    person = PoliticianFactory(portrait_alt="A face")
    person.portrait.save("face.png", ContentFile(picture(400, 400)))
    addresses = [
        *(story.lead_image.url, renditions.address(story.lead_image, "320")),
        *(person.portrait.url, renditions.address(person.portrait, "square")),
    ]
    for address in addresses:  # made while public, and so lying in the media folder
        assert client.get(address).status_code == 200
    later = timezone.now() + datetime.timedelta(days=1)
    for values in (
        {"status": "draft"},
        {"status": "in_review"},
        {"status": "withdrawn"},
        {"published_at": later},
    ):
        Article.objects.filter(pk=story.pk).update(**{"status": "published"} | values)
        assert [client.get(address).status_code for address in addresses[:2]] == [404, 404], values
    Politician.objects.update(confirmed=False)
    assert [client.get(address).status_code for address in addresses[2:]] == [404, 404]


def test_a_picture_that_its_story_no_longer_shows_is_seen_no_longer(client: Client) -> None:
    story = illustrated()
    old = story.lead_image.url
    story.lead_image.save("other.png", ContentFile(picture(300, 200)))
    assert client.get(old).status_code == 404
    assert client.get(story.lead_image.url).status_code == 200


def test_the_desk_sees_every_picture_and_no_cache_keeps_it(client: Client) -> None:
    story = illustrated()
    Article.objects.update(status="draft")
    client.force_login(UserFactory())
    for address in (story.lead_image.url, renditions.address(story.lead_image, "320")):
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    client.force_login(UserFactory(is_staff=False))
    assert client.get(story.lead_image.url).status_code == 404


def test_who_was_sent_a_link_to_a_draft_sees_its_picture_and_no_other(client: Client) -> None:
    story, other = illustrated(), illustrated()
    Article.objects.update(status="draft")
    link = share_links.share(article=story, by=None, lasting=datetime.timedelta(days=1))
    page = client.get(f"/shared/{share_links.token_of(link)}/").content.decode()
    shown = re.findall(r"/media/[^\s\"]+", page)
    assert len(shown) > 2
    for address in shown:
        assert client.get(address).status_code == 200, address
    assert client.get(shown[0].replace(story.lead_image.name, other.lead_image.name)).status_code == 404
    share_links.revoke(link=link, by=None)
    assert client.get(shown[0]).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4 nothing", "JPEG, PNG, WebP or GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG, PNG, WebP or GIF"),
        (picture(9000, 9000), "million pixels"),
        (picture(40, 40)[:-30], "cannot be read"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ArticleFactory(lead_image_alt="A wall").lead_image.save("a.png", ContentFile(content))
    field = Article._meta.get_field("lead_image").formfield()
    with pytest.raises(ValidationError) as refusal:
        field.clean(SimpleUploadedFile("a.png", content, "image/png"))
    assert "pdf" not in str(refusal.value).lower()


def test_a_picture_is_what_it_holds_whatever_its_name_ends_in() -> None:
    field = Article._meta.get_field("lead_image").formfield()
    assert field.clean(SimpleUploadedFile("a.jpeg.txt", picture(40, 40), "text/plain"))


def test_a_picture_that_waits_with_unsaved_words_is_clean_and_only_the_desks(client: Client) -> None:
    user = UserFactory()
    waits = waiting.keep(picture=ContentFile(from_a_camera(), name=".Home of a source.JPG"), by=user)
    assert client.get(waits.address).status_code == 404
    client.force_login(user)
    response = client.get(waits.address)
    assert response.status_code == 200
    assert nothing_told(b"".join(response.streaming_content))
