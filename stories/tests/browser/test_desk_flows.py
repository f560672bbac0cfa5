"""The desk's longer ways, each from its beginning to its end, at a desk and on a phone."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from taggit.models import Tag

from stories.actions import permissions
from stories.models import Article, Correction, DistinctPair, ImportRun, Politician
from stories.tests import factories as make
from stories.tests.browser.conftest import DESK, PHONE, SELECT2, axe_violations

pytestmark = pytest.mark.django_db(transaction=True)

MOST_STEPS = 200  # presses of Tab before something counts as out of the keyboard's reach


@pytest.fixture(params=["desk", "phone"])
def size(request, context: BrowserContext, page: Page) -> str:
    page.set_viewport_size(PHONE if request.param == "phone" else DESK)
    return request.param


@pytest.fixture
def desk(page: Page, sign_in: Callable[..., Page], live_server) -> Callable[..., Page]:
    """The desk's first page, opened by somebody of the roles named."""

    def enter(*groups: str) -> Page:
        sign_in(*groups).goto(live_server.url + "/admin/")
        return page

    return enter


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def fits(page: Page) -> None:
    """Nothing makes the page wider than the window."""
    page.wait_for_function("document.body !== null")
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0, page.url


def test_copy_is_imported_with_its_progress_shown_left_taken_up_again_and_taken_back(
    desk, size, live_server, settings, tmp_path, monkeypatch
):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("stories.admin.import_pages.STEP", 0)
    page = desk(permissions.IMPORT_STAFF, permissions.FACT_CHECKER)
    page.get_by_role("link", name="Import copy").first.click()
    fits(page)
    page.get_by_label("Files").set_input_files(
        [
            {
                "name": f"{n}.txt",
                "mimeType": "text/plain",
                "buffer": f"Wall {n} built\n\nIt was {n}.".encode(),
            }
            for n in range(3)
        ]
    )
    button(page, "Check the files first").click()
    expect(page.get_by_text("Nothing has changed yet")).to_be_visible()
    fits(page)
    assert not Article.objects.exists()

    # The second step's request is held back, so that what is shown after the first can be seen.
    held: list[Route] = []
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)
        if len(asked) == 2:
            held.append(route)
        else:
            route.continue_()

    page.route("**/run/", hold)
    button(page, "Import 3 files").click()
    expect(page.get_by_role("status").filter(has_text="1 of 3: 0.txt")).to_be_visible()
    assert page.locator("progress").get_attribute("value") == "1"
    fits(page)
    page.goto(live_server.url + "/admin/import/")  # a page that is left in the middle, its request with it
    page.unroute("**/run/")
    expect(page.get_by_text("1 of 3 files are in")).to_be_visible()
    page.get_by_role("link", name="Go on with it").click()
    button(page, "Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported")
    expect(page.locator(".report .badge")).to_have_text(["created"] * 3)
    fits(page)
    assert (Article.objects.count(), ImportRun.objects.count()) == (3, 1)

    page.get_by_role("link", name="Undo it").click()
    expect(page.get_by_text("3 stories, ")).to_be_visible()
    button(page, "Undo the import").click()
    expect(page.get_by_text("The import is undone")).to_be_visible()
    assert not Article.objects.exists()


def test_two_records_are_merged_parted_and_told_apart(desk, size, live_server):
    for name in ("Tove Hollin", "Tove  Holin"):
        make.ClaimFactory(speaker=make.PoliticianFactory(name=name, party=None))
    page = desk(permissions.EDITOR)
    page.goto(live_server.url + reverse("desk:people"))
    fits(page)
    page.get_by_role("link", name="Merge …").click()
    expect(page.get_by_role("heading", name="what would change")).to_be_visible()
    assert not Politician.objects.filter(merged_into__isnull=False).exists()
    button(page, "Merge them").click()
    expect(page.get_by_role("heading", name="Latest merges")).to_be_visible()
    fits(page)
    assert Politician.objects.filter(merged_into__isnull=False).count() == 1
    button(page, "Undo the merge").click()
    expect(page.get_by_text("are two records again")).to_be_visible()
    button(page, "Not the same person").click()
    expect(page.get_by_text("No possible duplicates.")).to_be_visible()
    assert DistinctPair.objects.exists()


def test_topics_are_merged_and_renamed_and_their_old_addresses_lead_on(desk, size, live_server):
    for name in ("harbour wall", "harbour walls"):
        make.ArticleFactory(tags=[name])
    page = desk(permissions.EDITOR)
    page.goto(live_server.url + reverse("desk:topics"))
    fits(page)
    page.get_by_role("link", name="Merge …").click()
    expect(page.get_by_text("The merge can be undone")).to_be_visible()
    button(page, "Merge them").click()
    expect(page.get_by_role("button", name="Undo the merge")).to_be_visible()
    expect(page.get_by_text("No possible duplicates.")).to_be_visible()
    kept = Tag.objects.get()
    page.goto(live_server.url + reverse("admin:taggit_tag_change", args=[kept.pk]))
    page.get_by_label("Name").fill("Sea wall")
    button(page, "Save").click()
    expect(page.locator(".messagelist")).to_contain_text("Sea wall")
    for old in ("harbour-wall", "harbour-walls"):
        page.goto(f"{live_server.url}/topics/{old}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sea wall")


def test_a_correction_and_a_withdrawal_are_seen_as_readers_will_see_them_before_they_are_done(
    desk, size, live_server
):
    story = make.ArticleFactory(headline="Eastmere builds its wall")
    page = desk(permissions.EDITOR)
    page.goto(f"{live_server.url}{reverse('admin:stories_correction_add')}?article={story.pk}")
    page.get_by_label("Text:").fill("The wall is in Saltby.")
    fits(page)
    with page.expect_popup() as seen:
        button(page, "Preview").click()
    expect(seen.value.get_by_text("The wall is in Saltby.").first).to_be_visible()
    seen.value.close()
    assert not Correction.objects.published().exists()
    button(page, "Publish the correction").click()
    expect(page.locator(".messagelist")).to_contain_text("published")
    page.goto(live_server.url + story.get_absolute_url())
    expect(page.get_by_text("The wall is in Saltby.").first).to_be_visible()

    page.goto(f"{live_server.url}{reverse('admin:stories_article_withdraw')}?ids={story.pk}")
    page.get_by_label("Reason").fill("It was another town’s story.")
    fits(page)
    with page.expect_popup() as seen:
        button(page, "Preview").click()
    expect(seen.value.get_by_text("It was another town’s story.")).to_be_visible()
    seen.value.close()
    assert Article.objects.published().exists()
    button(page, "Withdraw").click()
    expect(page.locator(".messagelist")).to_contain_text("Withdrew")
    assert Article.objects.withdrawn().exists()


def test_a_story_is_scheduled_and_stands_in_the_week_ahead(desk, size, live_server):
    story = make.ArticleFactory(in_review=True, headline="The harbour wall opens")
    at = timezone.localtime() + datetime.timedelta(days=2)
    page = desk(permissions.EDITOR)
    page.goto(f"{live_server.url}{reverse('admin:stories_article_publish')}?ids={story.pk}")
    page.locator("#id_at_0").fill(f"{at:%Y-%m-%d}")
    page.locator("#id_at_1").fill("09:30")
    fits(page)
    button(page, "Publish").click()
    expect(page.locator(".messagelist")).to_contain_text("Scheduled")
    page.goto(live_server.url + "/admin/")
    fits(page)
    day = page.locator(".week > li").filter(has_text="The harbour wall opens")
    expect(day).to_contain_text("09:30")
    expect(day).to_contain_text(f"{at:%A}")
    assert not Article.objects.published().exists()


def test_a_story_is_shared_and_the_link_ended(desk, size, live_server, chromium):
    story = make.ArticleFactory(draft=True, headline="The harbour wall opens")
    page = desk(permissions.REPORTER)
    Article.objects.update(created_by=User.objects.get())
    page.goto(live_server.url + reverse("admin:stories_article_share", args=[story.pk]))
    page.get_by_label("For whom").fill("our lawyer")
    button(page, "Make a link").click()
    address = page.locator(".share-address").input_value()
    fits(page)
    stranger = chromium.new_context(viewport=page.viewport_size)
    other = stranger.new_page()
    other.goto(address)
    expect(other.get_by_role("heading", level=1)).to_have_text("The harbour wall opens")
    button(page, "End it now").or_(page.get_by_role("button", name="End it now")).first.click()
    expect(page.get_by_text("Ended by the desk")).to_be_visible()
    other.reload()
    expect(other.get_by_text("The harbour wall opens")).to_have_count(0)
    stranger.close()


def test_a_story_is_published_from_today_s_desk_without_a_mouse(desk, size):
    make.ArticleFactory(in_review=True, headline="The harbour wall opens")
    page = desk(permissions.EDITOR)
    press(page, page.get_by_role("link", name="in review").first)
    press(page, page.get_by_role("link", name="The harbour wall opens"))
    page.wait_for_selector("body[data-story-ready]")
    press(page, page.get_by_role("button", name="Save and publish"))
    expect(button(page, "Publish")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Published")
    press(page, page.get_by_role("link", name="See it on the site"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The harbour wall opens")


def press(page: Page, what: Locator) -> None:
    """Go to it by Tab alone and press Enter."""
    what.wait_for()
    for _ in range(MOST_STEPS):
        if what.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{what} is not reached by the keyboard")


def test_a_claim_s_people_are_chosen_in_one_box_and_what_is_typed_stays(sign_in, live_server):
    claim = make.ClaimFactory(speaker__name="Edda Corran")
    make.PoliticianFactory(name="Tove Hollin", role="mayor of Saltby")
    page = sign_in()
    page.goto(f"{live_server.url}/admin/stories/claim/{claim.pk}/change/")
    who, about = page.get_by_role("combobox", name="Speaker:"), page.get_by_role("combobox", name="About:")
    expect(who).to_have_value("Edda Corran")
    expect(page.locator("#id_speaker_label")).to_be_hidden()
    about.fill("tov")
    expect(page.locator(".person-list li").first).to_contain_text("mayor of Saltby · 0 claims")
    about.press("Enter")
    expect(page.locator(".person-chips", has_text="Tove Hollin")).to_be_visible()
    who.fill("Tov")
    page.locator("[name=_continue]").first.click()
    expect(who).to_be_focused()
    expect(who).to_have_value("Tov")
    assert axe_violations(page, without=SELECT2) == []
    who.fill("a party source")
    page.locator(".person-list li", has_text="Only as a label: a party source").click()
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()
    expect(who).to_have_value("a party source")
    claim.refresh_from_db()
    assert (claim.speaker, claim.speaker_label) == (None, "a party source")
    assert [person.name for person in claim.about.all()] == ["Tove Hollin"]
