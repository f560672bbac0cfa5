"""Claims of copy written at the desk, in a real browser: found in the text, and made where one stands."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from stories.actions import permissions
from stories.models import Appearance, Article, Claim, Dismissal
from stories.tests import factories as make
from stories.tests.browser.conftest import DESK, SELECT2, Complaints, axe_violations, let_in, watch
from stories.tests.browser.test_editor import select

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"width": 390, "height": 844}
BUSES, COST, PAY = (
    "Buses will be free from May",
    "the plan would cost four million pounds",
    "the council would never pay for the scheme",
)
TEXT = (
    f"“{BUSES},” said Edda Corran, the Labour MP for Eastmere.\n\nShe denied that {COST}.\n\n"
    f"A party source said {PAY}."
)


@pytest.fixture
def desk_of(new_context, live_server, complaints: Complaints) -> Iterator[Callable[..., Page]]:
    """A person of a role at a browser of their own, signed in."""

    def enter(role: str = permissions.EDITOR, **options) -> Page:
        user = make.UserFactory()
        user.groups.set(make.roles().filter(name=role))
        context = new_context(**options)
        let_in(context, user, live_server.url)
        page = context.new_page()
        watch(page, complaints)
        return page

    yield enter
    assert complaints == []


@pytest.fixture
def opened(live_server) -> Callable[..., Page]:
    def go(page: Page, story: Article | None = None) -> Page:
        name = "admin:stories_article_change" if story else "admin:stories_article_add"
        page.goto(live_server.url + reverse(name, args=[story.pk] if story else []))
        page.wait_for_selector("body[data-story-ready]")
        return page

    return go


def body(page: Page):
    return page.locator(".field-body [contenteditable]")


def test_what_is_found_is_decided_by_keys(desk_of, opened):
    make.PoliticianFactory(name="Edda Corran")
    story = make.ArticleFactory(draft=True, plain=TEXT)
    page = opened(desk_of(), story)
    expect(page.locator("#found-heading")).to_have_text("3 claims found")
    expect(page.locator(".found-count")).to_have_text("3 claims found")
    expect(body(page).locator(".found-here")).to_have_text([f"{BUSES},", COST, PAY])
    assert axe_violations(page, without=SELECT2) == []
    body(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+Enter")
    expect(page.locator(".found-claim").first).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#beside-list")).to_contain_text(BUSES)
    expect(page.locator("#beside-number")).to_have_text("1")
    expect(body(page).locator(".claim-here")).to_have_text(f"{BUSES},")
    expect(page.locator(".found-claim").first).to_be_focused()
    page.keyboard.press("d")
    expect(page.locator("#found-heading")).to_have_text("1 claim found")
    page.keyboard.press("p")
    page.keyboard.type("a councillor")
    page.keyboard.press("Enter")
    expect(page.locator("#found-said")).to_contain_text("a councillor")
    assert axe_violations(page, without=SELECT2) == []
    page.keyboard.press("Enter")  # on "Take it back", where the last decision left the focus
    expect(page.locator(".found-claim")).to_contain_text(PAY)
    claim = Claim.objects.get()
    assert (claim.wording, claim.state, claim.speaker.name) == (BUSES, "accepted", "Edda Corran")
    assert Dismissal.objects.get().words == COST
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()
    expect(page.locator(".found-claim")).to_have_count(1)
    assert Appearance.objects.get().claim == claim


def test_a_phone_shows_what_is_found(desk_of, opened):
    story = make.ArticleFactory(draft=True, plain=TEXT)
    page = opened(desk_of(permissions.REPORTER, viewport=NARROW, color_scheme="dark"), story)
    page.locator(".found-count").click()
    expect(page.locator(".found-claim").first).to_be_focused()
    page.get_by_role("button", name="Somebody else").first.click()
    page.keyboard.type("the mayor")
    expect(page.get_by_role("option", name="Only as a label: the mayor")).to_be_visible()
    assert axe_violations(page, without=SELECT2) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_words_that_are_back_are_lost_no_more(desk_of, opened):
    story = make.ArticleFactory(draft=True, plain=TEXT)
    make.appearance_of(make.ClaimFactory(wording=COST, speaker__name="Edda Corran"), story)
    page = opened(desk_of(), story)
    line = page.locator(".beside-changed").first
    select(page, f"She denied that {COST}.")
    page.keyboard.press("Control+x")
    expect(line).to_have_text("These words are no longer in the text.")
    page.keyboard.press("Control+z")
    expect(line).to_be_hidden()
    select(page, f"She denied that {COST}.")
    page.keyboard.press("Control+x")
    expect(line).to_be_visible()
    select(page, "A party source")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+v")
    expect(line).to_be_hidden()
    expect(body(page).locator(".claim-here")).to_have_text(COST)


@pytest.mark.parametrize("viewport", [DESK, NARROW], ids=["desk", "phone"])
def test_a_claim_is_made_in_three_acts_where_its_words_stand(desk_of, opened, viewport):
    make.PoliticianFactory(name="Tove Hollin")
    page = opened(desk_of(viewport=viewport))
    page.fill("#id_headline", "A story that is not there yet")
    body(page).click()
    page.keyboard.type(f'"{BUSES}," said Edda Corran, the Labour MP for Eastmere. He saw "no need" for it.')
    select(page, f"{BUSES},")
    page.keyboard.press("Alt+Enter")
    guess = page.get_by_role("option", name="Add as a new person: Edda Corran", selected=True)
    expect(guess).to_contain_text("Labour")
    assert axe_violations(page, without=SELECT2) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.keyboard.press("Enter")
    expect(body(page)).to_be_focused()
    expect(body(page).locator(".made-here")).to_have_text(BUSES)
    expect(page.locator(".claims-to-make")).to_contain_text("Edda Corran")

    select(page, "no need")
    page.keyboard.press("Alt+Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".claim-box")).to_have_count(0)
    expect(body(page)).to_be_focused()
    page.get_by_role("button", name="Make a claim", exact=True).click()
    page.keyboard.type("the mayor of Eastmere")
    page.keyboard.press("Enter")
    assert axe_violations(page, without=SELECT2) == []
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()
    made = {a.words: a.claim for a in Appearance.objects.select_related("claim__speaker")}
    assert made[BUSES].speaker.name == "Edda Corran"
    assert made["no need"].speaker_label == "the mayor of Eastmere"
    assert made[BUSES].kind == "direct"
    expect(page.locator(".found-claim")).to_have_count(0)
