"""A picture in a story's text, from the library to the reader, without a mouse."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from stories.models import Article
from stories.tests import factories as make
from stories.tests.browser.conftest import DESK, PHONE, SELECT2, axe_violations, let_in
from stories.tests.pictures import halves

pytestmark = pytest.mark.any_database


def test_a_picture_is_put_in_described_moved_and_published_and_no_claim_moves(page, context, live_server):
    one = make.in_library(halves(), description="A red wall", credit="Zoë Marsh")
    story = make.ArticleFactory(
        body="<p>He said the wall will stand.</p><p>It ended late.</p><p>All went.</p>"
    )
    place = make.appearance_of(make.ClaimFactory(wording="the wall will stand"), story)
    before = (place.start, place.end, place.exact, place.state)
    let_in(context, make.UserFactory(is_superuser=True), live_server.url)
    page.goto(live_server.url + reverse("admin:stories_article_change", args=[story.pk]))
    page.wait_for_selector("body[data-story-ready]")
    editor = page.locator(".field-body .ProseMirror[contenteditable=true]")
    editor.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    button = page.get_by_role("button", name="picture from the library")
    button.press("Enter")
    page.locator(".picture-tile").press("Enter")
    assert "A red wall is in the text" in page.locator(".picture-in-text-line").inner_text()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("The wall at night")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert axe_violations(page, without=SELECT2) == []
    page.set_viewport_size(DESK)
    page.keyboard.press("Tab")
    page.keyboard.type("It leans")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+ArrowDown")
    assert "Moved after “It ended late.”" in page.locator(".picture-in-text-line").inner_text()
    assert axe_violations(page, without=SELECT2) == []
    # Cut and pasted it is still ours.
    page.keyboard.press("Control+x")
    expect(page.locator(".picture-in-text")).to_have_count(0)
    page.keyboard.press("Control+v")
    expect(page.locator(".picture-in-text")).to_have_count(1)
    img = make.in_body(one, "The wall at night", "It leans", "Zoë Marsh")
    body = f"<p>He said the wall will stand.</p><p>It ended late.</p>{img}<p>All went.</p>"
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    assert Article.objects.get().pending_version.fields["body"] == body
    page.goto(live_server.url + reverse("admin:stories_article_change", args=[story.pk]))
    page.wait_for_selector("body[data-story-ready]")
    page.get_by_role("button", name="Save and publish the changes").click()
    expect(page.locator("#content ins").last).to_contain_text("[Picture: The wall at night · It leans")
    page.get_by_label("That the story was updated, and when").check()
    page.get_by_role("button", name="Publish the changes").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Published the changes to")
    page.goto(live_server.url + story.get_absolute_url())
    place.refresh_from_db()
    assert (place.start, place.end, place.exact, place.state) == before
    shown = page.locator(".story-body figure img")
    shown.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.story-body figure img').naturalWidth > 0")
    assert shown.get_attribute("alt") == "The wall at night"
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        assert axe_violations(page) == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= size["width"]
