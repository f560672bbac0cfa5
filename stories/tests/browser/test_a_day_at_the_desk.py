"""A day at the desk: one story through everybody's hands, from its first words to its correction."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from stories.actions import permissions
from stories.models import Article, Claim, FrontPlace
from stories.tests import factories as make
from stories.tests.browser.conftest import (
    DESK,
    LOOKS,
    SELECT2,
    Complaints,
    axe_violations,
    let_in,
    watch,
)
from stories.tests.browser.test_editor import at_the_end, body, replace, select

pytestmark = [pytest.mark.any_database, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 390, "height": 844}
HEADLINE = "Buses in Eastmere will be free from May"
FREE, COST = "Buses will be free from May", "the plan would cost four million pounds"
TEXT = f'"{FREE}," said Edda Corran, the mayor of Eastmere. She denied that {COST}.'


@pytest.fixture
def desk_of(new_context, live_server, complaints: Complaints) -> Iterator[Callable[[str, str], Page]]:
    """The desk's first page, opened by somebody of a name and a role in a browser of their own."""

    def enter(name: str, role: str) -> Page:
        user = make.UserFactory(username=name)
        user.groups.set(make.roles().filter(name=role))
        context = new_context(reduced_motion="reduce")
        let_in(context, user, live_server.url)
        page = context.new_page()
        watch(page, complaints)
        page.goto(live_server.url + "/admin/")
        return page

    yield enter
    assert complaints == []


def look(page: Page, what: Locator) -> None:
    """The screen that shows `what` is accessible and fits: wide and by day, narrow and by night."""
    expect(what.first).to_be_visible()
    found = axe_violations(page, without=SELECT2)
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    found += axe_violations(page, without=SELECT2, rules=LOOKS)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    assert (found, wide) == ([], NARROW["width"]), page.url


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def ready(page: Page) -> None:
    page.wait_for_selector("body[data-story-ready]")


def save(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    ready(page)


def said(page: Page) -> Locator:
    return page.locator(".messagelist .success")


def test_a_story_goes_through_everybody_s_hands_from_its_first_words_to_its_correction(
    desk_of, live_server, new_context, complaints
):
    make.in_library(description="A bus at the harbour")
    reporter = desk_of("rhea", permissions.REPORTER)
    look(reporter, reporter.get_by_role("link", name="Add story"))
    reporter.get_by_role("link", name="Add story").click()
    ready(reporter)
    reporter.fill("#id_headline", HEADLINE)
    body(reporter).click()
    reporter.keyboard.type(TEXT)
    save(reporter)
    look(reporter, reporter.locator(".found-claim"))
    reporter.keyboard.press("Alt+Enter")
    reporter.keyboard.press("a")
    expect(reporter.locator("#beside-list")).to_contain_text(FREE)
    reporter.keyboard.press("a")
    expect(reporter.locator("#beside-list")).to_contain_text(COST)
    button(reporter, "Save and submit for review …").click()
    look(reporter, button(reporter, "Submit for review"))
    reporter.get_by_label("For the editor").fill("The sum is from the council’s papers.")
    button(reporter, "Submit for review").click()
    expect(said(reporter)).to_contain_text("Submitted")

    editor = desk_of("edda", permissions.EDITOR)
    look(editor, editor.get_by_role("link", name=HEADLINE))
    editor.get_by_role("link", name=HEADLINE).first.click()
    ready(editor)
    expect(editor.locator(".last-move")).to_contain_text("The sum is from the council’s papers.")
    select(editor, "the mayor of Eastmere")
    editor.keyboard.press("Control+Alt+m")
    editor.keyboard.type("Since when?")
    button(editor, "Add note").click()
    look(editor, editor.locator(".story-note"))
    button(editor, "Save and return to draft …").click()
    look(editor, button(editor, "Return to draft"))
    editor.get_by_label("Why").fill("Say when she was elected.")
    button(editor, "Return to draft").click()
    expect(said(editor)).to_contain_text("Returned to draft")

    reporter.goto(live_server.url + "/admin/")
    look(reporter, reporter.get_by_text("Say when she was elected."))
    reporter.get_by_role("link", name=HEADLINE).first.click()
    ready(reporter)
    reporter.click('.story-note [data-do="resolve"]')
    expect(reporter.locator(".story-note.resolved")).to_be_visible()
    at_the_end(reporter)
    reporter.keyboard.type(" She was elected in 2029.")
    button(reporter, "Save and submit for review …").click()
    button(reporter, "Save and submit for review").click()
    expect(said(reporter)).to_contain_text("Submitted")

    editor.goto(live_server.url + "/admin/")
    editor.get_by_role("link", name=HEADLINE).first.click()
    ready(editor)
    editor.get_by_role("button", name="Choose from the library").click()
    look(editor, editor.locator(".picture-tile"))
    editor.locator(".picture-tile").press("Enter")
    button(editor, "Save and publish …").click()
    look(editor, button(editor, "Save and publish"))
    at = timezone.localtime() + timedelta(days=1)
    editor.locator("input[name=act-at_0]").fill(f"{at:%Y-%m-%d}")
    editor.locator("input[name=act-at_1]").fill("09:30")
    button(editor, "Save and publish").click()
    expect(said(editor)).to_contain_text("Scheduled")
    story = Article.objects.get()
    assert (story.is_scheduled, bool(story.lead_image)) == (True, True)
    look(editor, editor.locator(".scheduled-for"))
    editor.goto(live_server.url + reverse("desk:front_page"))
    button(editor, f"Make “{HEADLINE}” the lead").click()
    expect(editor.locator(".front-lead")).to_contain_text(HEADLINE)
    look(editor, editor.locator(".front-lead"))
    button(editor, "Save the front page").click()
    expect(said(editor)).to_be_visible()
    assert FrontPlace.objects.get(place=1).article == story

    checker = desk_of("finn", permissions.FACT_CHECKER)
    look(checker, checker.get_by_role("link", name="Review claims"))
    checker.get_by_role("link", name="Review claims").click()
    look(checker, checker.locator(".review-card"))
    checker.keyboard.press("a")
    expect(checker.locator(".undo-words")).to_contain_text(FREE)
    checker.keyboard.press("a")
    expect(checker.locator(".empty-state")).to_be_visible()
    claim = Claim.objects.get(wording=FREE)
    checker.goto(f"{live_server.url}/admin/stories/claim/{claim.pk}/change/")
    look(checker, checker.locator("#id_rating"))
    checker.select_option("#id_rating", "false")
    checker.fill("#id_rating_summary", "They will be free from June.")
    with checker.expect_navigation():
        checker.keyboard.press("Control+s")
    expect(said(checker)).to_be_visible()

    editor.goto(live_server.url + "/admin/")
    editor.get_by_role("combobox", name="Find a story").click()
    editor.keyboard.type("buses")
    look(editor, editor.get_by_role("option", name=HEADLINE))
    editor.keyboard.press("Enter")
    ready(editor)
    button(editor, "Save and publish now …").click()
    look(editor, button(editor, "Publish now"))
    button(editor, "Publish now").click()
    expect(said(editor)).to_contain_text("Published")

    reader = new_context().new_page()
    watch(reader, complaints)
    reader.goto(live_server.url)
    look(reader, reader.locator(".lead-story, main article").first.get_by_text(HEADLINE))
    reader.get_by_role("link", name=HEADLINE).first.click()
    look(reader, reader.locator("a.said"))

    ready(editor)
    replace(editor, "in 2029", "in 2028")
    button(editor, "Save and correct …").click()
    look(editor, editor.get_by_label("What readers are told"))
    editor.get_by_label("What readers are told").fill("She was elected in 2028, not in 2029.")
    button(editor, "Save and correct").click()
    expect(said(editor)).to_contain_text("Corrected")
    reader.reload()
    look(reader, reader.get_by_text("She was elected in 2028, not in 2029."))
    expect(reader.locator(".story-body")).to_contain_text("elected in 2028.")

    editor.goto(live_server.url + reverse("desk:log"))
    look(editor, editor.get_by_role("heading", level=1))
    log = editor.locator("main")
    for told in (
        f"rhea added the story “{HEADLINE}”",
        f"rhea made the claim “Edda Corran denied that {COST}”",
        f"rhea submitted the story “{HEADLINE}” for review",
        f"edda returned the story “{HEADLINE}” to draft",
        f"edda scheduled the story “{HEADLINE}” for {at:%-d %B %Y}, 09:30 and changed Alternative text",
        f"edda changed the front page: the lead is “{HEADLINE}”",
        f"finn accepted the claim “Edda Corran: {FREE}”",
        f"finn changed Verdict and Verdict in a sentence of the claim “Edda Corran: {FREE}”",
        f"edda published the story “{HEADLINE}” before its time",
        f"edda published a correction on the story “{HEADLINE}” and changed Body of it",
    ):
        expect(log).to_contain_text(told)
