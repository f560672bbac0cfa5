"""Reviewing by keys alone, by mouse, on a phone, and without a script."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from stories.actions import permissions
from stories.models import Claim, Politician, ReviewDecision
from stories.tests import factories as make
from stories.tests.browser.conftest import DESK, PHONE, SELECT2, axe_violations

# Keys, focus and what fits: every decision is sent in tests/admin/test_review.py, on either database.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

ITEM = re.compile(r"/admin/review/item/")


@pytest.fixture
def claims():
    found = []
    for number in range(6):
        claim = make.ClaimFactory(proposed=True, wording=f"the wall will stand for {number + 2} years")
        other = make.PoliticianFactory(name=f"Candidate {number}")
        make.appearance_of(
            claim,
            rule="name before cue",
            confidence=0.7,
            candidates=[
                {"name": other.name, "politician": other.pk, "score": 0.3, "reasons": ["named before"]}
            ],
        )
        found.append(claim)
    return found


def shown(page: Page, claim: Claim) -> None:
    expect(page.locator(f'.review-card[data-claim="{claim.pk}"]')).to_be_visible()


def test_six_claims_are_reviewed_without_touching_the_mouse(sign_in, live_server, claims):
    page = sign_in(permissions.FACT_CHECKER)
    page.goto(live_server.url + "/admin/review/")
    shown(page, claims[0])
    page.keyboard.press("a")
    shown(page, claims[1])
    page.keyboard.press("r")
    shown(page, claims[2])
    page.keyboard.press("1")
    shown(page, claims[3])
    page.keyboard.press("s")
    shown(page, claims[4])
    page.keyboard.press("p")
    page.keyboard.type("Candidate 5")  # at once: no letter of the name is a decision
    page.keyboard.press("Enter")
    shown(page, claims[5])
    expect(page.locator(".undo-words")).to_contain_text(claims[4].wording)
    page.keyboard.press("u")
    shown(page, claims[4])
    states = {claim.pk: claim.state for claim in Claim.objects.all()}
    assert [states[claim.pk] for claim in claims] == [
        "accepted", "rejected", "accepted", "proposed", "proposed", "proposed",
    ]  # fmt: skip
    assert Claim.objects.get(pk=claims[2].pk).speaker.name == "Candidate 2"


def test_thirty_claims_of_one_story_are_reviewed_without_leaving_the_keyboard(sign_in, live_server):
    wordings = [f"wall number {number} stands" for number in range(30)]
    story = make.ArticleFactory(draft=True, plain=" ".join(f"He said “{words}” then." for words in wordings))
    known = make.PoliticianFactory(name="Tove Hollin")
    claims = [make.ClaimFactory(proposed=True, speaker=None, speaker_label="the mayor", wording=words)
              for words in wordings]  # fmt: skip
    for claim in claims:
        make.appearance_of(claim, story, confidence=0.7)
    page = sign_in(permissions.EDITOR)
    page.add_init_script("addEventListener('pointerdown', () => { document.title = 'A mouse'; }, true)")
    page.goto(f"{live_server.url}/admin/review/?story={story.pk}")
    shown(page, claims[0])
    # All of one source are given to a person in one act.
    page.keyboard.press("g")
    box = page.get_by_role("combobox", name="A person on record")
    expect(box).to_be_focused()
    page.keyboard.type("tove")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Tove Hollin")
    page.keyboard.press("Control+Enter")
    give = page.get_by_role("button", name="Give them to Tove Hollin")
    expect(give).to_be_focused()
    page.keyboard.press("Enter")
    shown(page, claims[0])
    expect(page.locator(".undo-words")).to_have_text("30 claims were given to Tove Hollin")
    for number, claim in enumerate(claims):
        shown(page, claim)
        page.keyboard.press("r" if number % 3 == 2 else "a")
    expect(page.locator(".empty-state")).to_contain_text("Nothing is left")
    page.keyboard.press("u")
    shown(page, claims[29])
    page.keyboard.press("a")
    expect(page.locator(".empty-state")).to_contain_text("Nothing is left")
    assert page.title() != "A mouse"
    assert set(Claim.objects.values_list("speaker", flat=True)) == {known.pk}
    assert Claim.objects.filter(state="accepted").count() == 21


def test_a_key_pressed_before_the_next_claim_stands_there_decides_nothing(sign_in, live_server, claims):
    page = sign_in(permissions.FACT_CHECKER)
    held: list[Route] = []
    page.route(ITEM, lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(ITEM):
        page.goto(live_server.url + "/admin/review/")
    shown(page, claims[0])
    page.keyboard.press("a")
    page.keyboard.press("r")
    page.keyboard.press("s")
    held[0].continue_()
    shown(page, claims[1])
    page.keyboard.press("r")
    shown(page, claims[2])
    page.keyboard.press("u")
    shown(page, claims[1])
    states = [claim.state for claim in Claim.objects.order_by("pk")]
    assert states[:3] == ["accepted", "proposed", "proposed"]


def test_a_decision_that_never_reached_the_desk_is_said_aloud(sign_in, live_server, claims, complaints):
    page = sign_in(permissions.FACT_CHECKER)
    page.goto(live_server.url + "/admin/review/")
    shown(page, claims[0])
    page.route(
        re.compile(r"/admin/review/"),
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    complaints.forgive("net::ERR_FAILED")
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("was not kept")
    assert Claim.objects.get(pk=claims[0].pk).state == "proposed"


def test_words_are_put_right_by_keys(sign_in, live_server, claims):
    page = sign_in(permissions.FACT_CHECKER)
    page.goto(live_server.url + "/admin/review/")
    page.keyboard.press("e")
    field = page.locator("textarea[name=words]")
    expect(field).to_be_focused()
    field.fill("the wall will stand")
    page.get_by_role("button", name="Change the words").click()
    expect(page.locator(".review-passage mark")).to_have_text("the wall will stand")
    shown(page, claims[0])


def test_a_decision_the_desk_refuses_is_said_aloud(sign_in, live_server, claims, complaints):
    page = sign_in(permissions.FACT_CHECKER)
    page.goto(live_server.url + "/admin/review/")
    shown(page, claims[0])
    Claim.objects.filter(pk=claims[0].pk).update(state="rejected")
    complaints.forgive("status of 409")  # the browser's console names the refused request
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_have_text("This claim has been decided already: rejected.")


def test_why_this_speaker_is_told_by_keys_and_nobody_loses_their_place(sign_in, live_server, claims):
    page = sign_in(permissions.FACT_CHECKER)
    page.goto(live_server.url + "/admin/review/")
    shown(page, claims[0])
    page.keyboard.press("w")
    box = page.get_by_role("dialog", name="Why this speaker")
    expect(box.locator(".why-words")).to_contain_text([claims[0].wording, "the words"])
    expect(box.get_by_role("heading", name="Who was considered")).to_be_visible()
    page.keyboard.press("r")  # no decision about what lies under the box
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("give all under this source")
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.locator("[data-key=a]")).to_be_focused()
    page.keyboard.press("a")
    shown(page, claims[1])
    expect(page.locator(".undo-words")).to_contain_text(claims[0].wording)
    assert [claim.state for claim in Claim.objects.order_by("pk")[:2]] == ["accepted", "proposed"]


def test_a_claim_is_joined_to_any_other_by_keys(sign_in, live_server, claims):
    page = sign_in(permissions.FACT_CHECKER)
    page.goto(live_server.url + "/admin/review/")
    shown(page, claims[0])
    page.keyboard.press("j")
    expect(page.locator(".select2-search__field")).to_be_focused()
    page.keyboard.type("stand for 7 years")
    expect(page.locator(".select2-results__option--highlighted")).to_contain_text("stand for 7 years")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Join them").click()
    shown(page, claims[1])
    expect(page.locator(".undo-words")).to_contain_text("Joined to another claim")
    assert claims[5].appearances.count() == 2


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_the_queue_is_clean_by_day_and_by_night_and_fits(sign_in, live_server, claims, size, scheme):
    lost = make.appearance_of(make.ClaimFactory(), state="lost")
    why = f"/admin/why/{claims[0].appearances.get().pk}/"
    ReviewDecision.objects.create(rule="said-after", confidence=0.9, verb="accepted")
    urls = (
        "/admin/",
        "/admin/review/",
        "/admin/review/words/",
        why,
        f"/admin/why/{lost.pk}/",
        "/admin/importer/",
    )
    page = sign_in(permissions.EDITOR)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    for url in urls:
        page.goto(live_server.url + url)
        page.wait_for_load_state("networkidle")
        for details in page.locator(".review-more").all():
            details.locator("summary").click()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= size["width"], url
        assert axe_violations(page, without=SELECT2) == [], url


def test_without_a_script_it_is_forms(new_context, live_server, claims):
    user = make.UserFactory(is_superuser=True)
    page = new_context(java_script_enabled=False, viewport=PHONE).new_page()

    def press(name: str) -> None:
        with page.expect_navigation():  # the page that follows has buttons of the same names
            page.get_by_role("button", name=name, exact=True).click()

    page.goto(live_server.url + "/admin/review/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "a long enough password")
    press("Log in")
    press("Accept")
    press("Skip")
    page.locator("summary", has_text="Somebody else said it").click()
    page.get_by_label("or a new person").fill("Tove Hollin")
    press("Accept for them")
    assert Politician.objects.filter(name="Tove Hollin").exists()
    press("Take back")
    states = {claim.pk: claim.state for claim in Claim.objects.all()}
    assert [states[claim.pk] for claim in claims[:3]] == ["accepted", "proposed", "proposed"]
    assert not Politician.objects.filter(name="Tove Hollin").exists()


TOUCHED = """() => {
  const controls = [...document.querySelectorAll(
    ".review-card :is(button, select, input:not([type=hidden]), textarea, .select2-selection)"
  )].filter((one) => one.offsetWidth > 1);
  const touched = [];
  for (const one of controls) {
    one.focus();
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const wide = parseInt(style.outlineWidth) + parseInt(style.outlineOffset);
    const ring = one.matches(":focus-visible") ? wide : 0;
    for (const other of controls.filter((other) => !other.contains(one) && !one.contains(other))) {
      const its = other.getBoundingClientRect();
      if (its.left < box.right + ring && its.right > box.left - ring
        && its.top < box.bottom + ring && its.bottom > box.top - ring) {
        touched.push(`${one.name || one.textContent} touches ${other.name || other.textContent}`);
      }
    }
  }
  return touched;
}"""


@pytest.mark.parametrize("width", [360, 820, 1440])
def test_the_ring_of_the_focus_touches_no_other_control(sign_in, live_server, claims, width):
    alike = make.ClaimFactory(speaker=claims[0].speaker, wording="the wall will stand for two years")
    make.appearance_of(alike)
    page = sign_in(permissions.FACT_CHECKER)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + "/admin/review/")
    shown(page, claims[0])
    page.keyboard.press("Tab")  # from here on the browser takes the focus for the keyboard's
    for more in page.locator(".review-more summary").all():
        more.press("Enter")
    assert page.evaluate(TOUCHED) == []
