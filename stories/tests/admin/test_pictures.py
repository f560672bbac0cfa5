"""The library's screens: uploads are described by what their files say, found by words, kept while used."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from stories.actions import permissions
from stories.models import Picture
from stories.tests import factories as make
from stories.tests.admin.forms import fill
from stories.tests.html import flat
from stories.tests.pictures import from_an_agency

pytestmark = pytest.mark.django_db
LIST, ADD = (reverse(f"admin:stories_picture_{page}") for page in ("changelist", "add"))


def form(picture):
    return reverse("admin:stories_picture_change", args=[picture.pk])


def said(page):
    return flat(page.content.decode())


def send(client, content, name="wall.jpg"):
    return client.post(ADD, {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_an_upload_leads_to_a_form_that_its_file_has_filled_in(signed_in):
    client = signed_in(permissions.REPORTER)
    page = send(client, from_an_agency(caption="The wall", byline="Zoë Marsh"))
    one = Picture.objects.get()
    assert page.redirect_chain == [(form(one), 302)]
    assert "Read from the file: caption, credit." in said(page)
    assert page.context["adminform"].form["credit"].value() == "Zoë Marsh"
    again = send(client, from_an_agency(caption="The wall", byline="Zoë Marsh"), "other.jpg")
    assert again.redirect_chain == [(form(one), 302)]
    assert "has this picture already" in said(again)
    assert Picture.objects.count() == 1


def test_the_form_asks_what_it_shows_and_keeps_the_focal_point_within_the_picture(signed_in):
    client, one = signed_in(permissions.REPORTER), make.in_library()
    refused = fill(client, form(one), description="", focus_x="1.2")
    assert set(refused.context["adminform"].form.errors) == {"description", "focus_x"}
    assert fill(client, form(one), description="A sea wall", focus_x="0.25").status_code == 302
    one.refresh_from_db()
    assert (one.description, one.focus_x) == ("A sea wall", 0.25)


def test_pictures_are_found_by_what_is_said_of_them_and_say_how_often_they_are_used(signed_in):
    client = signed_in(permissions.REPORTER)
    wall, pier = (
        make.in_library(description="A wall"),
        make.in_library(description="A pier", credit="Zoë Marsh"),
    )
    for _ in range(2):
        make.ArticleFactory(lead_image=wall.file.name, lead_image_alt="A wall")
    page = client.get(LIST)
    assert "in 2 stories" in said(page)
    assert "not used" in said(page)
    for words, found in {"marsh": [pier], "wall": [pier, wall], "quay": [], "a pier": [pier]}.items():
        assert list(client.get(LIST, {"q": words}).context["cl"].result_list) == found, words


def test_a_picture_past_its_last_day_says_so_in_the_list_and_in_its_form(signed_in):
    client, one = signed_in(permissions.REPORTER), make.in_library()
    Picture.objects.filter(pk=one.pk).update(use_until=timezone.localdate() - timedelta(days=1))
    other = make.in_library()
    assert list(client.get(LIST, {"lacks": "use"}).context["cl"].result_list) == [one]
    assert "The last day of use was" in said(client.get(form(one)))
    assert "The last day of use was" not in said(client.get(form(other)))


def test_a_picture_that_is_used_is_not_deleted_and_the_desk_is_told_where_it_is(signed_in):
    client, one = signed_in(permissions.EDITOR), make.in_library()
    story = make.ArticleFactory(headline="The wall falls", lead_image=one.file.name, lead_image_alt="A wall")
    address = reverse("admin:stories_picture_delete", args=[one.pk])
    assert "used in “The wall falls”" in said(client.post(address, {"post": "yes"}, follow=True))
    assert "The wall falls" in said(client.get(form(one)))
    story.delete()
    client.post(address, {"post": "yes"})
    assert not Picture.objects.exists()
