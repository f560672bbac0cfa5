"""The readers' site in a real browser: accessible in light and dark, on phone and desk, without scripts."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import BrowserContext, Page, Response, expect

from stories.models import Claim, Politician
from stories.tests import factories as make
from stories.tests.browser.conftest import DESK, LOOKS, PHONE, Complaints, axe_violations, watch
from stories.tests.factories import ArticleFactory
from stories.tests.pictures import picture
from stories.tests.views.newsroom import STATUS, Newsroom, build
from stories.tests.views.test_every_page import EVERY_PAGE
from stories.tests.views.test_verdict_lines import JUDGED, NAMES, five_speakers

NARROWEST = {"width": 320, "height": 640}
FRONT_PAGE_BYTES = 60_000
# Of a story's cards only one is open at a time; here all are looked at.
OPEN_ALL = """() => document.querySelectorAll('details').forEach(details => {
    details.removeAttribute('name');
    details.open = true;
})"""


@pytest.fixture
def newsroom(transactional_db: None) -> Newsroom:
    """Three of everything, as a newsroom on an ordinary day, of people with long names."""
    make.PoliticianFactory.reset_sequence(2800)
    return build(3)


# What a button says after it was pressed it says for two seconds: here, for as long as the test takes.
NO_SHORT_NOTES = """() => {
    const later = window.setTimeout;
    window.setTimeout = (act, wait, ...more) => (wait === 2000 ? 0 : later(act, wait, ...more));
}"""


def is_about_the_status(complaint: str) -> bool:
    """The browser's console names every answer that is none, whatever page comes with it."""
    return re.search(r"status of (404|410)", complaint) is not None


@pytest.mark.any_database
@pytest.mark.parametrize("name", EVERY_PAGE)
def test_a_page_breaks_no_rule_of_accessibility_nor_of_the_sites_own_policy_and_fits_any_screen(
    page: Page, live_server: object, newsroom: Newsroom, complaints: Complaints, name: str
) -> None:
    page.goto(f"{live_server}{newsroom.addresses()[name]}")
    page.evaluate(OPEN_ALL)
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            rules = LOOKS if scheme == "dark" else None
            found += [f"{scheme} {size['width']}: {one}" for one in axe_violations(page, rules=rules)]
    assert found == []
    page.set_viewport_size(NARROWEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
    if name in STATUS:
        complaints[:] = [complaint for complaint in complaints if not is_about_the_status(complaint)]


def test_the_keyboard_alone_leads_from_a_story_to_a_claim_to_its_speaker_and_back(
    page: Page, live_server: object, newsroom: Newsroom
) -> None:
    claim = Claim.objects.exclude(speaker=newsroom.person).first()
    speaker = Politician.objects.get(pk=claim.speaker_id)
    story = f"{live_server}{newsroom.story.get_absolute_url()}"
    page.goto(story)
    press_until(page, f'[href="#claim-{claim.pk}"]')
    card = page.locator(f"#claim-{claim.pk}")
    expect(card).to_be_hidden()
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    press_until(page, f'#claim-{claim.pk} a[href="{claim.get_absolute_url()}"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{claim.get_absolute_url()}")
    expect(page.locator("h1")).to_contain_text(claim.wording)
    press_until(page, f'main [href="{speaker.get_absolute_url()}"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{speaker.get_absolute_url()}")
    expect(page.locator("h1")).to_have_text(speaker.name)
    page.go_back()
    page.go_back()
    assert urlsplit(page.url).path == newsroom.story.get_absolute_url()


def press_until(page: Page, selector: str, most: int = 80) -> None:
    """Tab from where the focus is until it is on the element; each stop on the way must be seen to be one."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"The focus on {selector} cannot be seen"
            return
    raise AssertionError(f"{most} presses of Tab did not reach {selector}")


def test_the_first_press_of_tab_offers_to_skip_to_the_content(
    page: Page, live_server: object, newsroom: Newsroom
) -> None:
    page.goto(f"{live_server}/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_without_scripts_a_claim_opens_in_its_story_and_the_lists_can_be_narrowed(
    new_context: Callable[..., BrowserContext],
    live_server: object,
    newsroom: Newsroom,
    complaints: Complaints,
) -> None:
    page = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    watch(page, complaints)
    page.goto(f"{live_server}{newsroom.story.get_absolute_url()}")
    card = page.locator(f"#claim-{newsroom.claim.pk}")
    expect(card).to_be_hidden()
    page.locator(f'[href="#claim-{newsroom.claim.pk}"]').click()
    expect(card).to_be_visible()
    card.get_by_text("Full record").click()
    expect(page.locator("h1")).to_contain_text(newsroom.claim.wording)
    page.goto(f"{live_server}/claims/")
    page.get_by_text("Narrow the list").click()
    page.get_by_role("searchbox", name="Words").fill("gulls")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".claim")).to_have_count(3)
    page.get_by_role("link", name="Words: gulls").click()
    expect(page.locator(".claim")).to_have_count(10)
    assert complaints == []


def test_the_link_to_the_words_lights_them_up(page: Page, live_server: object, newsroom: Newsroom) -> None:
    """The mark itself is the target too, for browsers that know no text fragments."""
    place = newsroom.claim.appearances.get(article=newsroom.story)
    page.goto(f"{live_server}{newsroom.claim.get_absolute_url()}")
    link = page.locator(f'[href*="#said-{place.pk}:~:text="]')
    link.click()
    page.wait_for_url(f"**{newsroom.story.get_absolute_url()}**")
    assert page.evaluate("document.querySelector(':target').id") == f"said-{place.pk}"
    expect(page.locator(f"#said-{place.pk}")).to_be_in_viewport()


def test_the_front_page_is_small_comes_from_here_alone_and_does_not_shift(
    page: Page, live_server: object, newsroom: Newsroom
) -> None:
    for number in range(10):
        ArticleFactory(standfirst=f"A standfirst of some length, as they are, number {number}. " * 3)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{live_server}/")
    shift = page.evaluate(
        """() => new Promise(told => {
            let sum = 0;
            new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value })
                .observe({type: "layout-shift", buffered: true});
            requestAnimationFrame(() => setTimeout(() => told(sum), 0));
        })"""
    )
    assert shift == 0
    assert {urlsplit(answer.url).netloc for answer in answers} == {urlsplit(str(live_server)).netloc}
    sizes = {
        answer.url: len(answer.body()) for answer in answers if "image" not in answer.headers["content-type"]
    }
    assert sum(sizes.values()) < FRONT_PAGE_BYTES, sizes


def test_on_paper_a_story_is_its_words_and_not_its_furniture(
    page: Page, live_server: object, newsroom: Newsroom
) -> None:
    page.goto(f"{live_server}{newsroom.story.get_absolute_url()}")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".story-body")).to_be_visible()
    for furniture in (".nav", ".search", ".foot"):
        expect(page.locator(furniture).first).to_be_hidden()
    assert re.search(
        r"rgb\(255, 255, 255\)", page.evaluate("getComputedStyle(document.body).backgroundColor")
    )


def test_the_page_for_when_all_is_broken_keeps_its_looks_and_the_rules(
    page: Page, live_server: object, complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("as if the database were gone")

    monkeypatch.setattr("stories.views.errors.render", broken)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{live_server}/nothing/")
        expect(page.locator("h1")).to_have_text("Something went wrong")
        assert page.evaluate("getComputedStyle(document.body).maxWidth") == "576px"
        assert axe_violations(page) == []
    complaints.forgive("status of 500")


def test_with_scripts_a_story_can_be_shared_and_printed_and_escape_closes_a_card(
    page: Page, live_server: object, newsroom: Newsroom
) -> None:
    page.goto(f"{live_server}{newsroom.story.get_absolute_url()}")
    page.evaluate(NO_SHORT_NOTES)
    page.evaluate("Object.defineProperty(navigator, 'share', {value: undefined})")
    page.evaluate(
        "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() }"
    )
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("window.copied").endswith(newsroom.story.get_absolute_url())
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")
    card = page.locator(f"#claim-{newsroom.claim.pk}")
    page.locator(f'[href="#claim-{newsroom.claim.pk}"]').click()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.locator(f'[href="#claim-{newsroom.claim.pk}"]').click()
    page.locator("h1").click()
    expect(card).to_be_hidden()


def test_the_code_to_put_a_claim_elsewhere_can_be_copied(
    page: Page, live_server: object, newsroom: Newsroom
) -> None:
    page.goto(f"{live_server}{newsroom.claim.get_absolute_url()}")
    page.evaluate(NO_SHORT_NOTES)
    page.evaluate(
        "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() }"
    )
    page.get_by_text("Embed", exact=True).click()
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert f"/claims/{newsroom.claim.pk}/embed/" in page.evaluate("window.copied")


def test_a_picture_holds_its_place_and_a_phone_fetches_a_smaller_one(
    page: Page, live_server: object, newsroom: Newsroom
) -> None:
    story = newsroom.story
    story.lead_image_alt = "A grey field"
    story.lead_image.save("grey.png", ContentFile(picture(900, 600)))
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server}{story.get_absolute_url()}")
    image = page.locator(".story img")
    assert (image.get_attribute("width"), image.get_attribute("height")) == ("900", "600")
    assert image.evaluate("image => image.complete && image.naturalWidth") > 0
    assert "/sized/640/" in image.evaluate("image => image.currentSrc")
    box = image.bounding_box()
    assert abs(box["width"] / box["height"] - 1.5) < 0.01


def test_on_paper_the_verdict_is_black_framed_and_stands_with_its_own_words_and_speaker(
    page: Page, live_server: object, transactional_db: None
) -> None:
    story, claims = five_speakers()
    page.emulate_media(media="print")
    page.goto(f"{live_server}{story.get_absolute_url()}")
    lines = page.locator(".notes > summary >> visible=true")
    expect(lines).to_have_count(1)
    said = lines.inner_text()
    assert [name for name in NAMES if name in said] == [JUDGED]
    assert "False" in said
    assert claims[JUDGED].wording in said
    style = lines.locator(".verdict").evaluate(
        """verdict => {
            const set = getComputedStyle(verdict);
            return [set.color, set.borderTopColor, set.backgroundColor, parseInt(set.fontWeight) >= 700];
        }"""
    )
    assert style == ["rgb(0, 0, 0)", "rgb(0, 0, 0)", "rgba(0, 0, 0, 0)", True]
    mark = page.locator(f'.said[href="#claim-{claims[JUDGED].pk}"]')
    expect(mark.locator(".rated svg")).to_be_visible()
    expect(page.locator(".rated")).to_have_count(1)


def test_the_embed_begins_with_the_verdict_and_fits_the_height_that_is_told(
    page: Page, live_server: object, transactional_db: None, settings: object
) -> None:
    settings.SITE_URL = str(live_server)  # type: ignore[attr-defined]
    told = "The wall has cost more than any other wall, and nobody who signed for it was asked to say why, "
    for repeats in (1, 8):
        claim = make.ClaimFactory(wording=(told * repeats).strip(", "), rating="false", rating_summary=told)
        make.appearance_of(claim, speaker_role="leader of the opposition", speaker_party="Harbour Party")
        for width in (280, 360, 560):
            address = f"{live_server}{claim.get_absolute_url()}"
            frame = page.request.get(f"{live_server}/oembed/?url={address}&maxwidth={width}").json()
            page.set_viewport_size({"width": frame["width"], "height": frame["height"]})
            page.goto(f"{live_server}/claims/{claim.pk}/embed/")
            verdict = page.locator(".band-label").bounding_box()
            last = page.locator("main > .meta").last.bounding_box()
            assert verdict is not None
            assert last is not None
            assert verdict["y"] + verdict["height"] < 60
            assert last["y"] + last["height"] <= frame["height"]


def test_the_reader_chooses_without_a_script_which_words_of_a_story_are_marked(
    new_context: Callable[..., BrowserContext], live_server: object, transactional_db: None
) -> None:
    words = {"the wall stands": {}, "it was tall": {"kind": "indirect"}, "so it is": {"rating": "true"}}
    story = ArticleFactory(
        plain=f"{'It rained. ' * 40}She said “the wall stands”, it was tall and “so it is”."
    )
    claims = {said: make.ClaimFactory(wording=said, **values) for said, values in words.items()}
    for claim in claims.values():
        make.appearance_of(claim, story)
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server}{story.get_absolute_url()}")

    def marked() -> list[str]:
        lines = {said: page.locator(f'.said[href="#claim-{claims[said].pk}"]') for said in words}
        style = "mark => getComputedStyle(mark).textDecorationLine"
        return [said for said, mark in lines.items() if mark.evaluate(style) != "none"]

    quoted = ["the wall stands", "so it is"]
    for choice, shown, beside in (
        ("Checked and quoted", quoted, 2),
        ("All", [*words], 3),
        ("Checked", ["so it is"], 2),
        ("None", [], 0),
    ):
        page.get_by_role("radio", name=choice, exact=True).check()
        assert marked() == shown
        expect(page.locator(".notes >> visible=true")).to_have_count(beside)
    # Words that are not marked still open their card.
    page.locator(f'.said[href="#claim-{claims["it was tall"].pk}"]').click()
    expect(page.locator(f"#claim-{claims['it was tall'].pk}")).to_be_visible()


def test_suggestions_are_chosen_by_keyboard_break_no_rule_and_leave_the_page_as_it_was(
    page: Page, live_server: object, newsroom: Newsroom
) -> None:
    page.goto(f"{live_server}/")
    field = page.get_by_label("Search stories, people and claims")
    field.press_sequentially("ada")
    expect(page.get_by_role("option")).to_have_count(1)
    assert axe_violations(page) == []
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press_sequentially(" al")
    expect(page.get_by_role("option")).to_be_visible()
    field.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_be_visible()
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(newsroom.person.name)


def test_words_in_arabic_run_from_the_right_and_the_address_is_readable(
    page: Page, live_server: object, transactional_db: None
) -> None:
    story = ArticleFactory(headline="رفض المجلس الميناء", plain="قال الوزير: لا.\n\nThe harbour is closed.")
    assert story.slug == "rfd-lmjls-lmyn"
    page.goto(f"{live_server}{story.get_absolute_url()}")
    from_right = """element => {
        const words = document.createRange();
        words.selectNodeContents(element);
        const [inner, outer] = [words.getBoundingClientRect(), element.getBoundingClientRect()];
        return outer.right - inner.right < inner.left - outer.left;
    }"""
    first, second = page.locator(".passage > p").all()
    assert [first.evaluate(from_right), second.evaluate(from_right)] == [True, False]
