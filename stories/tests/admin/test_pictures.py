"""The library's screens: uploads are described by what their files say, found by words, kept while used."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from stories.actions import permissions
from stories.models import Article, Picture
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


class TestTheLeadPicture:
    """Of a story: chosen from the library or sent with the form, and described once."""

    @pytest.fixture
    def draft(self):
        return make.ArticleFactory(draft=True)

    def test_it_is_chosen_from_the_library_in_its_words_or_the_storys_own(self, signed_in, draft):
        client, one = signed_in(permissions.EDITOR), make.in_library(description="A wall", credit="Zoë Marsh")
        fill(client, story_form(draft), library_picture=str(one.pk))
        draft.refresh_from_db()
        assert (draft.lead_image.name, draft.lead_image_alt) == (one.file.name, "A wall")
        other = make.in_library()
        fill(client, story_form(draft), library_picture=str(other.pk), lead_image_alt="The wall at night")
        draft.refresh_from_db()
        assert (draft.lead_image.name, draft.lead_image_alt) == (other.file.name, "The wall at night")
        assert "In the library" in said(client.get(story_form(draft)))

    def test_that_of_a_live_story_waits_with_its_other_changes(self, signed_in):
        live, content = make.ArticleFactory(), from_an_agency()
        client = signed_in(permissions.EDITOR)
        upload = SimpleUploadedFile("wall.jpg", content)
        fill(client, story_form(live), lead_image=upload, lead_image_alt="A wall")
        one = Picture.objects.get()
        assert not Article.objects.get().lead_image
        assert live.pending_version.fields["lead_image"] == one.file.name
        assert list(one.stories()) == [live]

    def test_one_that_is_sent_with_the_form_is_in_the_library_once(self, signed_in, draft):
        client, content = signed_in(permissions.EDITOR), from_an_agency(rights="© Harbour Press")
        for story in (draft, make.ArticleFactory(draft=True)):
            upload = SimpleUploadedFile("wall.jpg", content)
            fill(
                client, story_form(story), lead_image=upload, lead_image_alt="A wall", lead_image_credit="ZM"
            )
        one = Picture.objects.get()
        assert (one.description, one.credit, one.rights) == ("A wall", "ZM", "© Harbour Press")
        assert one.added_by == client.user
        assert set(Article.objects.values_list("lead_image", flat=True)) == {one.file.name}

    def test_the_form_and_its_checks_warn_of_one_past_its_last_day(self, signed_in, draft):
        one = make.in_library(description="A wall")
        Article.objects.filter(pk=draft.pk).update(lead_image=one.file.name, lead_image_alt="A wall")
        client, warning = signed_in(permissions.EDITOR), "The last day of use of the picture “A wall” was"
        assert warning not in said(client.get(story_form(draft)))
        Picture.objects.update(use_until=timezone.localdate() - timedelta(days=1))
        assert said(client.get(story_form(draft))).count(warning) == 2

    def test_a_preview_shows_the_one_that_is_chosen(self, signed_in, draft):
        one = make.in_library()
        address = reverse("admin:stories_article_preview", args=[draft.pk])
        page = signed_in(permissions.EDITOR).post(
            address, {"library_picture": str(one.pk), "body": draft.body}
        )
        assert one.file.url in said(page)


def story_form(story):
    return reverse("admin:stories_article_change", args=[story.pk])


def test_a_story_chooses_among_pictures_found_by_words_a_part_at_a_time(signed_in):
    client, address = signed_in(permissions.REPORTER), reverse("admin:stories_picture_choose")
    pictures = [make.in_library() for _ in range(26)]
    pier = make.in_library(description="A pier", credit="Zoë Marsh")
    first = client.get(address).json()
    assert first["pictures"][0]["description"] == "A pier"
    assert (len(first["pictures"]), first["more"]) == (24, True)
    rest = client.get(address, {"from": "24"}).json()
    assert ([one["id"] for one in rest["pictures"]], rest["more"]) == (
        [one.pk for one in reversed(pictures[:3])],
        False,
    )
    (found,) = client.get(address, {"q": "marsh"}).json()["pictures"]
    assert (found["id"], found["credit"]) == (pier.pk, "Zoë Marsh")


def test_a_picture_is_sent_from_a_storys_page_by_who_may_add_pictures(signed_in):
    address = reverse("admin:stories_picture_upload")

    def send_from(client, content):
        return client.post(address, {"file": SimpleUploadedFile("wall.jpg", content)})

    content = from_an_agency(caption="The wall")
    assert send_from(signed_in(permissions.FACT_CHECKER), content).status_code == 403
    client = signed_in(permissions.REPORTER)
    answer = send_from(client, b"no picture")
    assert (answer.status_code, "valid image" in answer.json()["error"]) == (400, True)
    assert client.get(address).status_code == 404
    assert send_from(client, content).json()["picture"]["caption"] == "The wall"
    assert Picture.objects.get().added_by == client.user
