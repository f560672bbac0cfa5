"""A file is in the library once, keeps nothing of its camera, and stays while a story shows it."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from stories.actions import history, permissions, picture_library
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.stories import revisions
from stories.models import Article, Picture, renditions
from stories.tests import factories as make
from stories.tests.pictures import from_an_agency, halves, picture

pytestmark = pytest.mark.django_db


def reporter():
    user = make.UserFactory()
    user.groups.set(make.roles().filter(name=permissions.REPORTER))
    return user


def test_an_upload_says_whose_it_is_and_is_stored_without_a_word_of_it():
    content = from_an_agency(caption="The wall", byline="Zoë Marsh", rights="© Harbour Press")
    by = reporter()
    added = picture_library.add(upload=ContentFile(content, "C:\\a\\wall.jpg"), by=by)
    one = Picture.objects.get()
    assert (added.is_new, set(added.read)) == (True, {"caption", "credit", "rights"})
    assert (one.caption, one.credit, one.rights) == ("The wall", "Zoë Marsh", "© Harbour Press")
    assert (one.file_name, one.width, one.height, one.added_by) == ("wall.jpg", 64, 40, by)
    with default_storage.open(one.file.name) as file:
        stored = file.read()
    assert not renditions.has_metadata(Image.open(io.BytesIO(stored)))
    assert b"Marsh" not in stored
    assert "wall" not in one.file.name


def test_a_picture_held_upright_has_the_size_it_is_shown_in():
    one = picture_library.add(upload=ContentFile(picture(40, 30, "JPEG", turned=True)), by=None).picture
    assert (one.width, one.height) == (30, 40)


def test_the_same_file_is_one_picture_and_stays_as_it_is_described():
    first = make.in_library(picture(64, 40), description="A wall")
    again = picture_library.add(upload=ContentFile(picture(64, 40)), by=None, description="Something else")
    assert (again.picture, again.is_new) == (first, False)
    assert Picture.objects.get().description == "A wall"


@pytest.mark.parametrize("content", [b"no picture", picture(64, 40)[:60]])
def test_what_is_no_picture_is_refused_with_a_sentence(content):
    with pytest.raises(NotReady, match="JPEG, PNG"):
        picture_library.add(upload=ContentFile(content), by=None)
    assert not Picture.objects.exists()


def test_another_focal_point_is_seen_in_crops_that_were_made_before(
    client, django_capture_on_commit_callbacks
):
    one = make.in_library(halves())
    make.ArticleFactory(lead_image=one.file.name, lead_image_alt="A wall")

    def left_corner(size):
        response = client.get(renditions.address(one.file, size))
        with Image.open(io.BytesIO(b"".join(response.streaming_content))) as crop:
            red, _, blue = crop.convert("RGB").getpixel((2, 2))
        return "red" if red > blue else "blue"

    for size in ("square", "card", "lead-640", "sixteen-nine"):
        assert left_corner(size) == "red"
    one.focus_x = 1.0
    with django_capture_on_commit_callbacks(execute=True):
        picture_library.save(picture=one, fields=["focus_x"], by=reporter())
    for size in ("square", "card", "lead-640"):
        assert left_corner(size) == "blue"
    assert left_corner("320") == "red"  # the whole picture


def test_the_front_page_shows_crops_that_keep_the_focal_point(client):
    one = make.in_library(halves())
    for _ in range(2):
        make.ArticleFactory(lead_image=one.file.name, lead_image_alt="A wall")
    page = client.get("/").content.decode()
    for size in ("card", "lead-320"):
        assert renditions.address(one.file, size) in page


def test_a_focal_point_is_the_middle_of_the_crop_as_far_as_the_picture_goes():
    assert renditions.centring((1000, 400), (400, 400), (0.5, 0.5)) == (0.5, 0.5)
    assert renditions.centring((1000, 400), (400, 400), (0.1, 0.9)) == (0.0, 0.5)
    across, _ = renditions.centring((1000, 400), (200, 200), (0.3, 0.5))
    assert across * (1000 - 400) + 200 == pytest.approx(300)


def test_a_picture_goes_only_when_no_story_shows_it_and_says_which_does():
    one, editor = make.in_library(), make.UserFactory(is_superuser=True)
    story = make.ArticleFactory(headline="The wall falls", lead_image=one.file.name, lead_image_alt="A wall")
    with pytest.raises(NotReady, match="“The wall falls” .published."):
        picture_library.delete(picture=one, by=editor)
    story.delete()
    with pytest.raises(NotAllowed):
        picture_library.delete(picture=one, by=reporter())
    picture_library.delete(picture=one, by=editor)
    assert not Picture.objects.exists()


def test_an_earlier_version_of_a_story_brings_back_a_picture_that_has_left_the_library(person):
    editor, one = person(permissions.EDITOR), make.in_library(credit="Zoë Marsh")
    story = make.ArticleFactory(draft=True, lead_image=one.file.name, lead_image_alt="A wall")
    with history.recorded(by=editor, comment="With a picture."):
        story.save()
    first = revisions.of_story(article=story)[0].revision
    story.lead_image, story.lead_image_alt = "", ""
    story.save()
    picture_library.delete(picture=one, by=editor)
    revisions.restore(article=story, revision=first, by=editor)
    again = Picture.objects.get()
    assert (again.file.name, again.description) == (one.file.name, "A wall")
    assert Article.objects.get().lead_image.name == one.file.name
