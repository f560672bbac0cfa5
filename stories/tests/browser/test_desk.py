"""The desk in a real browser: every page opens without a complaint, and a story goes all the way."""

import base64
import hashlib

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from stories.actions import permissions
from stories.models import Article, Claim
from stories.tests import factories as make
from stories.tests.admin.test_every_screen import address
from stories.tests.browser.conftest import PHONE, SELECT2, axe_violations

pytestmark = pytest.mark.django_db(transaction=True)


def to_the_end(page: Page) -> None:
    """Where the row of buttons lies under the form and no longer over it: axe takes it for an obstacle."""
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")


def test_the_sign_in_page_is_clean(page: Page, live_server):
    page.goto(live_server.url + reverse("admin:login"))
    assert axe_violations(page) == []


def test_a_story_is_written_submitted_and_published_and_readers_see_it(sign_in, live_server):
    page = sign_in(permissions.EDITOR)
    page.goto(live_server.url + address(Article, "add"))
    page.fill("#id_headline", "The harbour wall is to be built")
    page.locator(".field-body [contenteditable]").click()
    page.keyboard.type("Tove Hollin said: “We build it this year.”")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("button", name="Save and submit for review").click()
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_role("button", name="Save and publish").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("link", name="See it on the site").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The harbour wall is to be built")
    assert Article.objects.published().count() == 1


def test_the_one_style_the_editor_writes_into_the_page_is_the_one_the_policy_lets_in(sign_in, live_server):
    """Another version of the editor may write another: then PROSE_EDITOR_STYLE is to be set anew."""
    page = sign_in(permissions.EDITOR)
    page.goto(live_server.url + address(Article, "add"))
    page.locator(".field-body [contenteditable]").wait_for()
    written = page.locator("style").all_text_contents()
    hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in written}
    assert {f"'sha256-{found}'" for found in hashes} == {settings.PROSE_EDITOR_STYLE}


def test_a_claim_is_made_by_pasting_its_words(sign_in, live_server):
    story = make.ArticleFactory(plain="She said “we build it this year” then.")
    make.PoliticianFactory(name="Tove Hollin")
    page = sign_in(permissions.EDITOR)
    page.goto(live_server.url + address(Article, "change", story.pk))
    page.get_by_role("button", name="Add another claim by its words").click()
    page.locator("[name=appearances-2-0-words]").fill("we build it this year")
    page.locator("#appearances-2-0 .field-speaker [role=combobox]").fill("tove")
    page.locator("#appearances-2-0 [role=option]", has_text="Tove Hollin").click()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".claim-words")).to_have_text("“we build it this year”")
    assert Claim.objects.get().speaker.name == "Tove Hollin"


def test_tags_are_completed_and_made(sign_in, live_server):
    make.ArticleFactory(tags=["Élections"])
    story = make.ArticleFactory(draft=True)
    page = sign_in(permissions.EDITOR)
    page.goto(live_server.url + address(Article, "change", story.pk))
    field = page.locator(".field-tags [role=combobox]")
    field.click()
    field.press_sequentially("elec")
    page.locator(".field-tags [role=option]", has_text="Élections").click()
    field.press_sequentially("New Town")
    field.press("Enter")
    expect(page.locator(".field-tags .person-chips li")).to_have_count(2)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Save and continue editing").click()
    assert {tag.name for tag in story.tags.all()} == {"Élections", "New Town"}


@pytest.mark.any_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_fits_a_phone(sign_in, live_server, context: BrowserContext, scheme):
    story = make.ArticleFactory(plain="She said “we build it this year” then.", tags=["Harbours"])
    make.appearance_of(make.ClaimFactory(wording="we build it this year"), story)
    page = sign_in(permissions.EDITOR)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    for url in (address(Article, "change", story.pk), address(Article, "changelist"), reverse("admin:index")):
        page.goto(live_server.url + url)
        page.wait_for_load_state("networkidle")
        to_the_end(page)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= PHONE["width"], (url, wide)
        assert axe_violations(page, without=SELECT2) == []
