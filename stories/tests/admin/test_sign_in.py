"""Signing in with a second factor."""

import base64
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from stories.actions import permissions, second_factor
from stories.actions.errors import NotAllowed
from stories.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a password of some length"


@pytest.fixture
def ada() -> User:
    user = UserFactory(username="ada", is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(user: User, steps: int = 0) -> str:
    """The code that the user's app shows, `steps` of half a minute from now; each is good once."""
    return f"{totp(TOTPDevice.objects.get(user=user).bin_key, drift=steps):06d}"


def with_one(user: User) -> list[str]:
    second_factor.begin(user)
    codes = second_factor.confirm(user=user, code=code_of(user))
    return codes


def password(client: Client, next: str = "/admin/") -> Any:
    return client.post(f"/admin/login/?next={next}", {"username": "ada", "password": PASSWORD, "next": next})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_without_one_the_password_signs_in_and_leads_where_one_wanted_to_go(client: Client, ada: User):
    assert password(client, "/admin/log/").headers["Location"] == "/admin/log/"
    assert is_in(client)
    assert client.get("/admin/login/?next=/admin/log/").headers["Location"] == "/admin/log/"
    assert password(Client(), "https://elsewhere.example/").headers["Location"] == "/admin/"


def test_one_sets_it_up_by_the_key_shown_and_is_asked_from_then_on(client: Client, ada: User) -> None:
    client.force_login(ada)
    page = client.get("/admin/second-factor/").content.decode()
    assert '<img src="data:image/svg+xml' in page
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    wrong = client.post("/admin/second-factor/", {"code": "000000"})
    assert "not right" in wrong.content.decode()
    assert not second_factor.has_one(ada)
    code = f"{totp(base64.b32decode(key + '=' * (-len(key) % 8))):06d}"
    done = client.post("/admin/second-factor/", {"code": f"{code[:3]} {code[3:]}"}).content.decode()
    assert len(set(re.findall(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b", done))) == 10
    assert password(Client()).headers["Location"] == "/admin/login/code/"


def test_the_password_alone_signs_nobody_in(client: Client, ada: User) -> None:
    with_one(ada)
    password(client, "/admin/log/")
    assert not is_in(client)
    assert (
        client.get("/admin/second-factor/").headers["Location"] == "/admin/login/"
    )  # a new one in place of it
    password(client, "/admin/log/")
    assert "not right" in client.post("/admin/login/code/", {"code": "12345"}).content.decode()
    assert not is_in(client)
    before = client.session.session_key
    ada.refresh_from_db()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    went = client.post("/admin/login/code/", {"code": code_of(ada, 1)})
    assert went.headers["Location"] == "/admin/log/"
    assert is_in(client)
    assert client.session.session_key != before


def test_a_code_is_good_once_and_wrong_ones_are_waited_for(client: Client, ada: User) -> None:
    codes = with_one(ada)
    password(client)
    assert (
        "not right" in client.post("/admin/login/code/", {"code": code_of(ada)}).content.decode()
    )  # used at set-up
    assert "Try again after" in client.post("/admin/login/code/", {"code": code_of(ada, 1)}).content.decode()
    assert (
        client.post("/admin/login/code/", {"code": codes[0].upper()}).status_code == 302
    )  # a code of the other kind
    other = Client()
    password(other)
    assert "not right" in other.post("/admin/login/code/", {"code": codes[0]}).content.decode()
    assert second_factor.recovery_codes_left(ada) == 9


def test_between_password_and_code_time_runs_out_and_a_new_password_ends_it(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = with_one(ada)
    password(client)
    ada.set_password("another password, as long")
    ada.save()
    assert client.post("/admin/login/code/", {"code": codes[0]}).headers["Location"] == "/admin/login/"
    ada.set_password(PASSWORD)
    ada.save()
    password(client)
    later = timezone.now().timestamp() + 601
    monkeypatch.setattr("stories.admin.sign_in.time.time", lambda: later)
    assert client.post("/admin/login/code/", {"code": codes[0]}).headers["Location"] == "/admin/login/"
    assert not is_in(client)
    assert second_factor.recovery_codes_left(ada) == 10


@pytest.mark.parametrize("roles", [["Editor"], ["everyone"]])
def test_a_role_that_needs_one_gets_no_further_without(
    client: Client, ada: User, settings: Any, roles: list[str]
) -> None:
    permissions.set_up_roles()
    ada.groups.add(Group.objects.get(name="Editor"))
    client.force_login(ada)  # signed in before the role needed one
    settings.SECOND_FACTOR_ROLES = roles
    assert not is_in(client)
    assert password(client).headers["Location"] == "/admin/second-factor/"
    page = client.get("/admin/second-factor/").content.decode()
    assert "Your role needs a second factor" in page
    assert not is_in(client)
    done = client.post("/admin/second-factor/", {"code": code_of(ada)})
    assert "recovery-codes" in done.content.decode()
    assert is_in(client)
    with pytest.raises(NotAllowed, match="needs a second factor"):
        second_factor.remove(user=ada, by=ada)


def test_others_and_readers_are_not_asked(client: Client, ada: User, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["Editor"]
    password(client)
    assert is_in(client)
    assert second_factor.required_of(UserFactory(is_superuser=True))


def test_one_is_removed_with_a_code_or_by_who_looks_after_accounts_and_the_log_says_so(
    client: Client, ada: User, admin_client: Client
) -> None:
    codes = with_one(ada)
    client.force_login(ada)
    assert (
        "not right" in client.post("/admin/second-factor/", {"code": "wrong", "remove": "1"}).content.decode()
    )
    client.post("/admin/second-factor/", {"code": codes[0], "remove": "1"})
    # A wrong recovery code is waited for as well.
    assert second_factor.has_one(ada)
    second_factor.StaticDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    client.post("/admin/second-factor/", {"code": codes[0], "remove": "1"})
    assert not second_factor.has_one(ada)
    with_one(ada)
    assert client.post(f"/admin/auth/user/{ada.pk}/second-factor/").status_code == 403
    page = admin_client.get(f"/admin/auth/user/{ada.pk}/change/").content.decode()
    address = f"/admin/auth/user/{ada.pk}/second-factor/"
    assert address in page
    assert "ada" in admin_client.get(address).content.decode()
    assert second_factor.has_one(ada)
    admin_client.post(address)
    assert not second_factor.has_one(ada)
    log = admin_client.get("/admin/log/?thing=accounts").content.decode()
    assert "emoved the second factor" in log
    assert "et up a second factor" in log


def test_at_the_terminal_a_lost_one_is_removed(ada: User, capsys: pytest.CaptureFixture[str]) -> None:
    with_one(ada)
    call_command("remove_second_factor", "ada")
    assert not second_factor.has_one(ada)
    assert "ada" in capsys.readouterr().out


def test_the_secrets_stand_nowhere_in_the_admin(admin_client: Client, ada: User) -> None:
    with_one(ada)
    assert "otp_totp" not in admin_client.get("/admin/").content.decode()
    assert admin_client.get("/admin/otp_totp/totpdevice/").status_code == 404
