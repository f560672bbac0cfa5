"""Words typed into any form of the desk, through an expired login, a closed tab and a lost network."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from stories.models import Claim, Correction, Politician
from stories.models import Page as NewsroomPage
from stories.tests import factories as make
from stories.tests.admin.forms import fill
from stories.tests.browser.conftest import DESK, PHONE, SELECT2, axe_violations, let_in, watch
from stories.tests.browser.test_editor import TOLD, TRACKED, paste

# What scripts keep in the browser: what they ask of the desk is asked in tests/admin, on either database.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

WORDS = "Asked of the harbour board on three days in June."
OFFERED = "You wrote here and did not save"
ROWS = {
    "claim": (lambda: make.ClaimFactory(), "methodology"),
    "person": (lambda: make.PoliticianFactory(), "summary"),
    "correction": (lambda: Correction.objects.create(article=make.ArticleFactory(), text="A year."), "text"),
    "page": (lambda: NewsroomPage.objects.create(title="Who we are"), "summary"),
}


def address(row) -> str:
    return reverse(f"admin:stories_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def signs_in(live_server) -> Callable[[BrowserContext, str], None]:
    """Sign somebody in in a browser, without its sign-in page."""

    def enter(context: BrowserContext, name: str) -> None:
        user = User.objects.filter(username=name).first() or make.UserFactory(
            username=name, is_superuser=True
        )
        let_in(context, user, live_server.url)

    return enter


@pytest.fixture
def desk(new_context, live_server, signs_in, complaints) -> Iterator[Callable[..., Page]]:
    """A form of the desk, opened by somebody in a browser of their own."""

    def go(where, name: str = "ada", page: Page | None = None, **options) -> Page:
        if page is None:
            context = new_context(**options)
            signs_in(context, name)
            page = context.new_page()
            watch(page, complaints)
        page.goto(live_server.url + (where if isinstance(where, str) else address(where)))
        page.wait_for_selector("body[data-form-ready]")
        return page

    yield go
    assert complaints == []


def kept(page: Page, words: str) -> None:
    page.wait_for_function(
        "words => Object.values(localStorage).some((one) => one.includes(words))", arg=words
    )


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()


@pytest.mark.parametrize("kind", ROWS)
def test_an_expired_login_loses_nothing(desk, signs_in, kind):
    made, name = ROWS[kind]
    row = made()
    page = desk(row)
    page.fill(f"#id_{name}", WORDS)
    page.context.clear_cookies(name="sessionid")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out. Your words are kept")
    expect(page.locator(f"#id_{name}")).to_have_value(WORDS)
    signs_in(page.context, "ada")  # in another tab
    save(page)
    page.wait_for_selector(".messagelist .success")
    row.refresh_from_db()
    assert getattr(row, name) == WORDS
    desk(row, page=page)
    expect(page.get_by_text(OFFERED)).to_have_count(0)


@pytest.mark.parametrize("kind", ROWS)
def test_a_closed_tab_loses_nothing(desk, kind):
    made, name = ROWS[kind]
    row = made()
    page = desk(row)
    page.fill(f"#id_{name}", WORDS)
    kept(page, WORDS)
    again = page.context.new_page()
    page.close()
    desk(row, page=again)
    expect(again.get_by_text(OFFERED)).to_be_visible()
    again.get_by_role("button", name="Restore those words").click()
    expect(again.locator(f"#id_{name}")).to_have_value(WORDS)
    save(again)
    again.wait_for_selector(".messagelist .success")
    row.refresh_from_db()
    assert getattr(row, name) == WORDS


def test_a_login_that_expired_without_scripts_to_tell_is_survived(desk, signs_in, live_server):
    """The form went to the sign-in page all the same: its words are offered afterwards."""
    claim = make.ClaimFactory()
    page = desk(claim)
    ada = {"X-Signed-In": str(User.objects.get(username="ada").pk)}
    page.route(
        "**/change/",
        lambda route: route.fulfill(headers=ada) if route.request.method == "HEAD" else route.continue_(),
    )
    page.fill("#id_methodology", WORDS)
    page.context.clear_cookies(name="sessionid")
    save(page)
    page.wait_for_selector("#id_username")
    page.unroute("**/change/")
    signs_in(page.context, "ada")
    desk(claim, page=page)
    page.get_by_role("button", name="Restore those words").click()
    expect(page.locator("#id_methodology")).to_have_value(WORDS)


def test_a_lost_network_is_said_and_the_form_is_saved_when_it_is_back(desk, complaints):
    claim = make.ClaimFactory()
    page = desk(claim)
    page.fill("#id_methodology", WORDS)
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    save(page)
    expect(page.locator(".kept-line[role=status]")).to_contain_text(
        "cannot be reached just now. Your words are kept"
    )
    expect(page.locator("#id_methodology")).to_have_value(WORDS)
    page.context.set_offline(False)
    page.wait_for_selector(".messagelist .success")
    assert Claim.objects.get().methodology == WORDS


def test_leaving_with_words_unsaved_is_asked_about_and_without_is_not(desk, live_server):
    claim = make.ClaimFactory()
    page = desk(claim)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk(claim, page=page)
    assert asked == []
    page.locator("#id_methodology").press_sequentially("Asked.")
    desk(claim, page=page)
    assert asked == ["beforeunload"]


def test_another_login_in_the_same_browser_is_not_offered_them_and_cannot_save_them(desk, signs_in):
    claim = make.ClaimFactory()
    page = desk(claim)
    page.fill("#id_methodology", WORDS)
    kept(page, WORDS)
    signs_in(page.context, "bram")
    other = page.context.new_page()
    desk(claim, page=other)
    expect(other.get_by_text(OFFERED)).to_have_count(0)
    save(page)
    expect(page.locator(".kept-line[role=status]")).to_contain_text("Somebody else is signed in")
    assert Claim.objects.get().methodology == ""
    signs_in(page.context, "ada")
    desk(claim, page=other)
    expect(other.get_by_text(OFFERED)).to_be_visible()


@pytest.mark.parametrize("kind", ["claim", "page"])
def test_what_word_deleted_or_noted_in_the_margin_stays_out_of_every_editor(desk, kind):
    made, name = {
        "claim": (lambda: make.ClaimFactory(rating="true", rating_summary="Yes."), "explanation"),
        "page": (ROWS["page"][0], "body"),
    }[kind]
    row = made()
    page = desk(row)
    page.locator(f".field-{name} [contenteditable]").click()
    paste(page, TRACKED)
    expect(page.locator(f".field-{name} .left-out-words")).to_have_text(TOLD)
    save(page)
    page.wait_for_selector(".messagelist .success")
    row.refresh_from_db()
    assert getattr(row, name) == (
        "<h2>Ferries at night</h2><p>Kept added by the sub words .</p><p>Left alone.</p>"
        "<p>Ward | Votes</p><p>Quay | <strong>7</strong> of 9</p>"
    )


def test_rows_people_and_rich_text_come_back_with_the_rest(desk):
    claim, person = make.ClaimFactory(), make.PoliticianFactory(name="Tove Hollin")
    claim.evidence.create(url="https://example.org/a", title="Minutes")
    page = desk(claim)
    editor = page.locator(".field-explanation [contenteditable]")
    editor.click()
    page.keyboard.type("The board was asked.")
    page.fill("#id_evidence-0-title", "Minutes of June")
    page.get_by_role("button", name="Add another Evidence").click()
    page.fill("#id_evidence-1-title", "A letter")
    page.fill("#id_evidence-1-url", "https://example.org/b")
    about = page.get_by_role("combobox", name="About:")
    about.fill("tov")
    expect(page.get_by_role("option", name="Tove Hollin")).to_be_visible()
    about.press("Enter")
    kept(page, "A letter")
    kept(page, "Tove Hollin")
    again = page.context.new_page()
    page.close()
    desk(claim, page=again)
    again.get_by_role("button", name="Restore those words").click()
    expect(again.locator(".field-explanation [contenteditable]")).to_contain_text("The board was asked.")
    save(again)
    again.wait_for_selector(".messagelist .success")
    claim.refresh_from_db()
    assert claim.explanation == "<p>The board was asked.</p>"
    assert list(claim.evidence.values_list("title", flat=True)) == ["Minutes of June", "A letter"]
    assert list(claim.about.all()) == [person]


def test_a_new_person_typed_and_not_saved_is_offered_and_once_saved_no_more(desk):
    add = reverse("admin:stories_politician_add")
    page = desk(add)
    page.fill("#id_name", "Tove Hollin")
    page.fill("#id_summary", WORDS)
    kept(page, WORDS)
    desk(add, page=page)
    page.get_by_role("button", name="Restore those words").click()
    expect(page.locator("#id_summary")).to_have_value(WORDS)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector(".messagelist .success")
    assert Politician.objects.get().summary == WORDS
    desk(add, page=page)
    expect(page.get_by_text(OFFERED)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "viewport", [PHONE, {"width": 820, "height": 1100}, DESK], ids=["360", "820", "1440"]
)
def test_kept_words_meet_what_somebody_saved_meanwhile_and_both_are_shown(desk, viewport, scheme):
    claim = make.ClaimFactory(methodology="The board answered in June.\n\nTwo were heard.")
    page = desk(claim, viewport=viewport, color_scheme=scheme)
    page.fill("#id_methodology", "The board answered in spring.\n\nTwo were heard.")
    kept(page, "in spring")
    other = Client()
    other.force_login(
        make.UserFactory(username="bram", first_name="Bram", last_name="Oss", is_superuser=True)
    )
    theirs = "The board answered in July.\n\nFive were heard."
    fill(other, address(claim), methodology=theirs, kind="indirect")
    desk(claim, page=page)
    page.get_by_role("button", name="Restore those words").click()
    save(page)
    alert = page.locator("#meanwhile")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Bram Oss changed this while you had it open")
    expect(alert).to_contain_text("in July")
    expect(alert).to_contain_text("in spring")
    expect(page.locator("#id_methodology")).to_have_value("The board answered in spring.\n\nFive were heard.")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # the bar that stays covers none there
    assert axe_violations(page, without=SELECT2) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    save(page)
    page.wait_for_selector(".messagelist .success")
    claim.refresh_from_db()
    assert claim.methodology.replace("\r", "") == "The board answered in spring.\n\nFive were heard."
    assert claim.kind == "indirect"
