"""The story's page without a mouse, on the narrowest window that the design allows."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from stories.actions import permissions
from stories.tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

NARROWEST = {"width": 320, "height": 640}
MOST_STEPS = 200  # presses of Tab before the walk counts as caught somewhere
# Every control one can see, marked with its number; the walk ticks them off.
NUMBERED = """() => {
    const controls = "a[href], button, input, select, textarea, summary, [contenteditable=true], [tabindex]";
    window.controls = [...document.querySelectorAll(controls)].filter((one) =>
        one.tabIndex >= 0 && !one.disabled && one.getClientRects().length && one.checkVisibility({
            visibilityProperty: true }));
    return window.controls.map((one) => one.outerHTML.slice(0, 120));
}"""
# Where the focus is: which control, whether it is shown to have the focus, and whether any of it is seen.
FOCUS = """() => {
    const at = document.activeElement;
    const looks = [at, at.closest(".select2-selection"), at.closest(".prose-editor")].filter(Boolean);
    const shown = looks.some((one) => {
        const style = getComputedStyle(one);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        return outlined || style.boxShadow !== "none";
    });
    const inside = [0.1, 0.5, 0.9];
    // The editor lays the chosen one of a set of buttons over the set.
    const whole = at.closest(".prose-menubar__dropdown, .prose-menubar__group") ?? at;
    const seen = [...at.getClientRects()].some((box) => {
        const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
        return inside.some((across) => inside.some((down) => whole.contains(
            document.elementFromPoint(box.x + box.width * across, top + (bottom - top) * down))));
    });
    return { number: window.controls.indexOf(at), shown, seen, what: at.outerHTML.slice(0, 120) };
}"""


@pytest.fixture
def story_page(page: Page, sign_in: Callable[..., Page], live_server) -> Page:
    """A story with a claim in its place and one that lost its words, open before an editor."""
    story = make.ArticleFactory(
        draft=True,
        plain="She said “we build it this year” then.\n\nHe said “we do not” too.",
        tags=["Harbours"],
    )
    make.appearance_of(make.ClaimFactory(wording="we build it this year"), story)
    make.appearance_of(make.ClaimFactory(wording="we do not"), story, state="lost")
    sign_in(permissions.EDITOR)
    page.set_viewport_size(NARROWEST)
    page.emulate_media(reduced_motion="reduce")
    page.goto(live_server.url + reverse("admin:stories_article_change", args=[story.pk]))
    page.wait_for_selector("body[data-story-ready]")
    return page


def test_every_control_of_a_story_is_reached_by_tab_seen_and_left_again(story_page: Page):
    page = story_page
    controls = page.evaluate(NUMBERED)
    reached: list[int] = []
    wrong: list[str] = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["number"] < 0 or focus["number"] in reached:
            break
        reached.append(focus["number"])
        wrong += [f"{fault}: {focus['what']}" for fault in ("shown", "seen") if not focus[fault]]
    missed = [what for number, what in enumerate(controls) if number not in reached]
    assert missed == []
    assert wrong == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROWEST["width"]


def test_the_text_holds_no_key_of_whoever_passes_through_it(story_page: Page):
    page = story_page
    text = page.locator(".field-body [contenteditable]")
    before = text.inner_html()
    text.focus()
    page.keyboard.press("Tab")
    assert not text.evaluate("one => one.contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    assert text.evaluate("one => one.contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    assert not text.evaluate("one => one.contains(document.activeElement)")
    assert text.inner_html() == before
