"""A real browser: Debian's chromium, driven by Playwright. Every page fails its test on a console error.

Debian also packs the same browser without windows; where it is installed it is taken, for it does the same
with half the processor time."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from stories.tests.factories import UserFactory, roles

WITHOUT_WINDOWS, CHROMIUM = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
CHROMIUM = os.environ.get("CHROMIUM", WITHOUT_WINDOWS if os.path.exists(WITHOUT_WINDOWS) else CHROMIUM)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1440, "height": 900}
PATIENCE = 30_000  # milliseconds: a machine with other work to do is no failure
# The select2 that Django ships draws its chosen tags as a list with a search field in it: not ours to mend.
SELECT2 = {"list": "select2", "aria-required-children": "select2", "aria-allowed-role": "select2"}
PASSWORD = "a long enough password"
# The rules that a window's width or its colours can break; the others need asking once.
LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable", "meta-viewport"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not os.path.exists(CHROMIUM):
                item.add_marker(pytest.mark.skip(reason=f"no browser at {CHROMIUM}: install chromium"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright's synchronous door runs an event loop in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of somebody's own. At the end nothing of any is on its way to the site any more: a story's
    page says when it is left, and the tables are about to be emptied."""
    contexts: list[BrowserContext] = []
    on_its_way: set[int] = set()

    def begun(environ: dict[str, Any], **signal: Any) -> None:
        on_its_way.add(threading.get_ident())

    def ended(**signal: Any) -> None:
        on_its_way.discard(threading.get_ident())

    def make(**options: Any) -> BrowserContext:
        contexts.append(chromium.new_context(**{"viewport": DESK} | options))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1]

    request_started.connect(begun)
    request_finished.connect(ended)
    yield make
    for context in contexts:
        context.set_offline(True)
        context.close()
    end = time.monotonic() + PATIENCE / 1000
    while on_its_way and time.monotonic() < end:
        time.sleep(0.02)
    request_started.disconnect(begun)
    request_finished.disconnect(ended)


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context()


class Complaints(list[str]):
    """What the browser's console complained of, but for what a test has said that it expects."""

    def __init__(self) -> None:
        self.forgiven: list[str] = []

    def forgive(self, words: str) -> None:
        """Complaints with these words are expected, whether they came already or are still to come."""
        self.forgiven.append(words)
        self[:] = [one for one in self if words not in one]

    def append(self, complaint: str) -> None:
        if not any(words in complaint for words in self.forgiven):
            super().append(complaint)


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def page(context: BrowserContext, complaints: Complaints) -> Iterator[Page]:
    page = context.new_page()
    watch(page, complaints)
    yield page
    assert complaints == []


def let_in(context: BrowserContext, user: User, site: str) -> None:
    """Give the browser the session that signing in leaves; the form itself is used in test_editor."""
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


@pytest.fixture
def sign_in(page: Page, context: BrowserContext, live_server: Any) -> Callable[..., Page]:
    """A page of the browser in which somebody of the roles named (of all, when none is) is signed in."""

    def enter(*groups: str) -> Page:
        user = UserFactory(is_superuser=not groups)
        user.groups.set(roles().filter(name__in=groups))
        let_in(context, user, live_server.url)
        return page

    return enter


def watch(page: Page, complaints: Complaints) -> None:
    """Collect console errors (Content-Security-Policy violations among them) and uncaught exceptions."""
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def axe_violations(
    page: Page, *, without: dict[str, str] | None = None, rules: list[str] | None = None
) -> list[str]:
    """WCAG 2.2 AA violations as "rule: target"; `without` maps a rule to the selector it is forgiven for.
    With `rules` only those are tried."""
    # Preloading, axe would copy the style sheets into the page, which its policy rightly stops.
    tried = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    options = {"runOnly": tried, "preload": False, "resultTypes": ["violations"]}
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    # Of what is right nothing is handed over: it is a hundred times as much.
    violations = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    found: list[str] = []
    for violation in violations:
        for node in violation["nodes"]:
            target = " ".join(str(part) for part in node["target"])
            if not (without and violation["id"] in without and without[violation["id"]] in target):
                found.append(f"{violation['id']}: {target}")
    return found
