"""Every address that a sanitised text lets through leads, to a browser, where a reader may be sent."""

import itertools
import re
from html import escape

import pytest
from playwright.sync_api import Page

from stories.text.richtext import sanitise

pytestmark = pytest.mark.browser

ALLOWED = {"http:", "https:", "mailto:", "tel:"}
SCHEMES = [
    "javascript",
    "JaVaScRiPt",
    "vbscript",
    "data",
    "file",
    "blob",
    "about",
    "view-source",
    "https",
    "http",
    "tel",
]
# What parsers have disagreed about: blanks, controls and marks within, before and behind a scheme.
ODD = [
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\x01",
    "\x00",
    "\x0b",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\u00ad",
    "/",
    "\\",
    ":",
    "&#9;",
    "%09",
]
REST = ["alert(1)", "//host.example/", "text/html,<script>alert(1)</script>", "//", "?a=b:c"]


def hostile() -> list[str]:
    """Some six thousand addresses."""
    found = [
        "vbscript",
        "javascript",
        "//host.example/x",
        "/\\host.example",
        "page.html",
        "#said-1",
        "?q=a",
        "mailto:a@b.example",
    ]
    for scheme, odd, rest in itertools.product(SCHEMES, ODD, REST):
        for at in (0, 1, 4, len(scheme)):
            found.append(f"{scheme[:at]}{odd}{scheme[at:]}:{rest}")
        found += [f"{scheme}:{odd}{rest}", f"{odd}{odd}{scheme}:{rest}", f"{scheme}{odd}:{odd}{rest}"]
    return list(dict.fromkeys(found))


def test_no_address_that_is_let_through_is_read_as_another_kind_by_a_browser(page: Page) -> None:
    given = hostile()
    assert len(given) > 5_000
    let_through = []
    for address in given:
        for html in (f'<a href="{escape(address)}">x</a>', f"<a href='{address}'>x</a>"):
            clean = sanitise(html)
            assert sanitise(clean) == clean
            let_through += re.findall(r'href="([^"]*)"', clean)
    page.goto("about:blank")
    read = page.evaluate(
        """addresses => addresses.map(address => {
            const link = document.createElement("a");
            link.innerHTML = `<a href="${address}"></a>`;
            const href = link.firstChild.getAttribute("href");
            const whole = URL.parse(href, "https://news.example/stories/wall/");
            return [href, whole ? whole.protocol : "leads nowhere"];
        })""",
        let_through,
    )
    assert len(read) > 500
    assert not [pair for pair in read if pair[1] not in {*ALLOWED, "leads nowhere"}]
    for harmless in ("/\\host.example", "#said-1", "?q=a", "mailto:a@b.example"):
        assert harmless in {href for href, _ in read}
    assert "vbscript" not in {href for href, _ in read}
