"""The library's screens and the box over a story, as a browser shows them."""

import pytest
from django.urls import reverse

from stories.models import Article
from stories.tests import factories as make
from stories.tests.browser.conftest import DESK, LOOKS, PHONE, SELECT2, axe_violations, let_in
from stories.tests.pictures import halves

pytestmark = pytest.mark.any_database


def test_a_picture_is_found_chosen_by_keyboard_and_cut_about_the_point_that_matters(
    page, context, live_server
):
    one, draft = (
        make.in_library(halves(), description="A red wall, a blue one"),
        make.ArticleFactory(draft=True),
    )
    make.in_library(description="A pier")
    let_in(context, make.UserFactory(is_superuser=True), live_server.url)
    for address in (
        reverse("admin:stories_picture_changelist"),
        reverse("admin:stories_picture_add"),
        reverse("admin:stories_picture_change", args=[one.pk]),
    ):
        for size, scheme in ((DESK, "light"), (PHONE, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(live_server.url + address)
            assert axe_violations(page, rules=LOOKS if size == PHONE else None) == [], address
        assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"], address
    page.locator(".focus-ring").focus()
    page.keyboard.press("Shift+ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    one.refresh_from_db()
    assert one.focus_x == pytest.approx(0.6)

    page.goto(live_server.url + reverse("admin:stories_article_change", args=[draft.pk]))
    page.wait_for_selector("body[data-story-ready]")
    page.get_by_role("button", name="Choose from the library").click()
    page.keyboard.type("red wall")
    page.wait_for_function("() => document.querySelectorAll('.picture-tile').length === 1")
    assert axe_violations(page, without=SELECT2) == []
    page.locator(".picture-tile").press("Enter")
    assert page.input_value("#id_lead_image_alt") == "A red wall, a blue one"
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    assert Article.objects.get().lead_image.name == one.file.name
