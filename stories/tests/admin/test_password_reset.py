"""A forgotten password and an invitation: a link by mail, where mail can be sent."""

import re
import sys
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client

from newsroom import urls
from stories.actions import permissions
from stories.admin import password_reset
from stories.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_mail(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("urls_with_mail")
    vars(module).update(vars(urls) | {"urlpatterns": [*password_reset.urlpatterns, *urls.urlpatterns]})
    monkeypatch.setitem(sys.modules, "urls_with_mail", module)
    settings.ROOT_URLCONF = "urls_with_mail"
    settings.SITE_URL = "https://news.example"
    settings.EMAIL_URL = "smtp://mail.example"


def test_without_a_mail_server_it_is_not_offered(client: Client) -> None:
    assert "password_reset" not in client.get("/admin/login/").content.decode()
    assert client.get("/admin/password_reset/").status_code in {302, 404}


def test_the_link_in_the_mail_sets_a_new_password(client: Client, with_mail: None) -> None:
    UserFactory(username="ada", email="ada@news.example")
    assert "/admin/password_reset/" in client.get("/admin/login/").content.decode()
    assert client.get("/admin/password_reset/").status_code == 200
    done = client.post("/admin/password_reset/", {"email": "ada@news.example"}, follow=True)
    assert done.status_code == 200
    [sent] = mail.outbox
    assert sent.to == ["ada@news.example"]
    [address] = re.findall(r"https://news\.example(/admin/reset/\S+)", sent.body)
    form = client.get(address, follow=True)
    words = "a wholly new password"
    where = form.redirect_chain[-1][0]
    short = client.post(where, {"new_password1": "elevenchars", "new_password2": "elevenchars"})
    assert "at least 12 characters" in short.content.decode()
    client.post(where, {"new_password1": words, "new_password2": words})
    assert client.login(username="ada", password=words)
    assert "new_password1" not in client.get(address, follow=True).content.decode()  # once only


def test_asking_again_and_again_sends_one_mail_and_an_unknown_address_is_told_nothing_else(
    client: Client, with_mail: None
) -> None:
    UserFactory(email="ada@news.example")
    answers = [
        client.post("/admin/password_reset/", {"email": email}).headers["Location"]
        for email in ("ada@news.example", "Ada@news.example", "nobody@news.example")
    ]
    assert set(answers) == {"/admin/password_reset/done/"}
    assert len(mail.outbox) == 1


NEW = {"username": "grace", "first_name": "Grace", "email": "grace@news.example", "usable_password": "false"}


def test_a_colleague_is_invited_and_chooses_their_own_password(admin_client: Client, with_mail: None) -> None:
    permissions.set_up_roles()
    editor = Group.objects.get(name="Editor")
    page = admin_client.get("/admin/auth/user/add/").content.decode()
    assert f'type="checkbox" name="groups" value="{editor.pk}"' in page
    lacking = admin_client.post("/admin/auth/user/add/", NEW | {"email": "", "groups": [editor.pk]})
    assert "An invitation needs a mail address." in lacking.content.decode()
    made = admin_client.post("/admin/auth/user/add/", NEW | {"groups": [editor.pk]}, follow=True)
    assert "An invitation is on its way to grace@news.example." in made.content.decode()
    grace = User.objects.get(username="grace")
    assert grace.is_staff
    assert not grace.has_usable_password()
    assert list(grace.groups.all()) == [editor]
    [sent] = mail.outbox
    [address] = re.findall(r"https://news\.example(/admin/reset/\S+)", sent.body)
    visitor = Client()
    where = visitor.get(address, follow=True).redirect_chain[-1][0]
    words = "a wholly new password"
    visitor.post(where, {"new_password1": words, "new_password2": words})
    assert visitor.login(username="grace", password=words)
    page = f"/admin/auth/user/{grace.pk}"
    assert f"{page}/invite/" not in admin_client.get(f"{page}/change/").content.decode()
    assert "has a password already" in admin_client.post(f"{page}/invite/", follow=True).content.decode()


def test_an_invitation_that_cannot_be_sent_is_said_and_sent_again(
    admin_client: Client, with_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object) -> None:
        raise ConnectionRefusedError("refused")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        made = admin_client.post("/admin/auth/user/add/", NEW, follow=True)
    assert "could not be sent" in made.content.decode()
    page = f"/admin/auth/user/{User.objects.get(username='grace').pk}"
    assert f"{page}/invite/" in admin_client.get(f"{page}/change/").content.decode()
    assert "grace@news.example" in admin_client.get(f"{page}/invite/").content.decode()
    assert not mail.outbox
    admin_client.post(f"{page}/invite/")
    assert len(mail.outbox) == 1


def test_without_a_mail_server_an_account_gets_its_password_there(admin_client: Client) -> None:
    assert "choose one: send" not in admin_client.get("/admin/auth/user/add/").content.decode()
    words = {"password1": "a wholly new password", "password2": "a wholly new password"}
    admin_client.post("/admin/auth/user/add/", NEW)
    assert not User.objects.filter(username="grace").exists()
    admin_client.post("/admin/auth/user/add/", NEW | words)
    assert Client().login(username="grace", password=words["password1"])
    assert not mail.outbox
