"""Who asks, as the lock at signing in and the limits see it; and what the log says of a request."""

import io
import json
import logging
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from stories import logs
from stories.client_address import address_of
from stories.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("behind", "header", "address"),
    [
        (True, "198.51.100.7", "198.51.100.7"),
        (True, "203.0.113.1, 198.51.100.7", "198.51.100.7"),
        (True, "not an address", "10.0.0.1"),
        (True, "", "10.0.0.1"),
        (False, "198.51.100.7", "10.0.0.1"),
    ],
)
def test_only_what_the_proxy_itself_saw_is_believed(
    rf: RequestFactory, settings: Any, behind: bool, header: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": header})
    assert address_of(request) == address


class TestTheLock:
    @pytest.fixture(autouse=True)
    def someone(self, settings: Any) -> None:
        settings.AXES_ENABLED = True
        settings.BEHIND_PROXY = True
        UserFactory(username="ada", password="right words here", is_staff=True)

    def sign_in(self, password: str, hops: str) -> Any:
        data = {"username": "ada", "password": password}
        headers = {"X-Forwarded-For": hops}
        return Client().post("/admin/login/?next=/about/", data, REMOTE_ADDR="10.0.0.1", headers=headers)

    def test_wrong_tries_from_one_place_lock_no_other_and_no_forged_hop_gets_round_it(
        self, settings: Any
    ) -> None:
        for number in range(settings.AXES_FAILURE_LIMIT):
            last = self.sign_in("wrong", f"203.0.113.{number}, 198.51.100.7")
        assert last.status_code == 429
        assert self.sign_in("right words here", "203.0.113.99, 198.51.100.7").status_code == 429
        assert self.sign_in("right words here", "198.51.100.8").status_code == 302

    def test_without_a_proxy_the_header_changes_nothing(self, settings: Any) -> None:
        settings.BEHIND_PROXY = False
        for number in range(settings.AXES_FAILURE_LIMIT):
            self.sign_in("wrong", f"198.51.100.{number}")
        assert self.sign_in("right words here", "198.51.100.99").status_code == 429

    def test_who_is_locked_out_is_told_for_how_long_in_the_look_of_the_site(self, settings: Any) -> None:
        for _ in range(settings.AXES_FAILURE_LIMIT):
            page = self.sign_in("wrong", "198.51.100.7")
        assert "Wait 15 minutes" in page.content.decode()
        assert page["Retry-After"] == "900"
        assert "429.html" in [template.name for template in page.templates]

    def test_the_api_counts_by_the_same_address(self, client: Client, pages_made_anew: None) -> None:
        def ask(hops: str) -> int:
            return client.get(
                "/api/v1/topics", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": hops}
            ).status_code

        assert {ask(f"203.0.113.{number}, 198.51.100.7") for number in range(120)} == {200}
        assert ask("203.0.113.200, 198.51.100.7") == 429
        assert ask("198.51.100.8") == 200


class TestASessionThatSomebodyElseBegan:
    """Whoever plants a session in a browser is not in it once its owner has signed in."""

    def planted(self, owner: Any = None) -> str:
        if owner is None:
            session = SessionStore()
            session["planted"] = True
            session.create()
            return str(session.session_key)
        other = Client()
        other.force_login(owner)
        return other.cookies["sessionid"].value

    @pytest.mark.parametrize("owned", [False, True])
    def test_signing_in_gives_another_key_and_ends_the_planted_one(self, owned: bool) -> None:
        UserFactory(username="ada", password="right words here", is_staff=True)
        key = self.planted(UserFactory(is_staff=True) if owned else None)
        browser = Client()
        browser.cookies["sessionid"] = key
        browser.post("/admin/login/", {"username": "ada", "password": "right words here"})
        assert browser.cookies["sessionid"].value != key
        assert not Session.objects.filter(session_key=key).exists()
        thief = Client()
        thief.cookies["sessionid"] = key
        assert thief.get("/admin/").url.startswith("/admin/login/")

    def test_a_changed_password_ends_every_other_session(self) -> None:
        user = UserFactory(username="ada", password="right words here", is_staff=True, is_superuser=True)
        browser, other = Client(), Client()
        browser.force_login(user)
        other.force_login(user)
        key = browser.cookies["sessionid"].value
        words = {
            "old_password": "right words here",
            "new_password1": "Quite-0ther-words",
            "new_password2": "Quite-0ther-words",
        }
        assert browser.post("/admin/password_change/", words).status_code == 302
        assert browser.cookies["sessionid"].value != key
        assert not Session.objects.filter(session_key=key).exists()
        assert browser.get("/admin/").status_code == 200
        assert other.get("/admin/").url.startswith("/admin/login/")


class TestLogs:
    @pytest.fixture
    def lines(self, settings: Any) -> Any:
        """What the console gets, by the handler of the settings."""
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logs.JSONLines())
        handler.addFilter(logs.WithoutTraceback())
        root = logging.getLogger()
        root.addHandler(handler)
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
        root.removeHandler(handler)

    def test_the_settings_write_json(self, settings: Any) -> None:
        assert settings.LOGGING["formatters"]["json"]["()"] == "stories.logs.JSONLines"
        assert settings.LOGGING["filters"]["short"]["()"] == "stories.logs.WithoutTraceback"

    def test_a_forged_host_and_a_refusal_are_a_warning_each_without_traceback(
        self, client: Client, lines: Any
    ) -> None:
        client.force_login(UserFactory(is_staff=True))
        assert client.get("/about/", headers={"Host": "evil.example"}).status_code == 400
        assert client.get("/admin/stories/claim/").status_code == 403
        forged, refused = lines()
        for line in (forged, refused):
            assert line["level"] == "WARNING"
            assert "traceback" not in line
        assert "evil.example" in forged["message"]

    def test_a_fault_has_its_traceback_its_user_and_the_id_that_the_answer_has(
        self, client: Client, lines: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = UserFactory(is_staff=True, is_superuser=True)
        client.force_login(user)
        client.raise_request_exception = False
        monkeypatch.setattr("django.contrib.admin.options.ModelAdmin.changelist_view", None)
        response = client.get("/admin/stories/party/")
        assert response.status_code == 500
        [line] = lines()
        assert line["request"] == response["X-Request-ID"]
        assert line["user"] == user.pk
        assert line["level"] == "ERROR"
        assert "TypeError" in line["traceback"]

    @pytest.mark.parametrize(
        ("behind", "given", "taken"),
        [(True, "abc-12345678", True), (True, 'a b"c', False), (False, "abc-12345678", False)],
    )
    def test_only_a_proxy_names_a_request(
        self, client: Client, settings: Any, behind: bool, given: str, taken: bool
    ) -> None:
        settings.BEHIND_PROXY = behind
        response = client.get("/about/", headers={"X-Request-ID": given})
        assert (response["X-Request-ID"] == given) is taken
        assert len(response["X-Request-ID"]) >= 8
