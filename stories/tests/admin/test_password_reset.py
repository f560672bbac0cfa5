"""A forgotten password: a link by mail, where mail can be sent."""

import re
import sys
from types import ModuleType
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from newsroom import urls
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
