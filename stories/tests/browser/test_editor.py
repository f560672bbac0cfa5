"""The story's page in a real browser: claims beside the text, nothing lost, two people on one story."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from stories.actions import history, permissions
from stories.actions.stories import revisions
from stories.models import Article, Claim, QuotationChange, StoryNote, UnsavedCopy
from stories.tests import factories as make
from stories.tests.browser.conftest import (
    DESK,
    PASSWORD,
    PHONE,
    SELECT2,
    Complaints,
    axe_violations,
    let_in,
    watch,
)

pytestmark = pytest.mark.django_db(transaction=True)

SAID = "the harbour wall is safe and will stand"
STORY = f"The council met on Monday.\n\nTove Hollin said: “{SAID}”.\n\nThe meeting ended at noon."


@pytest.fixture
def story():
    story = make.ArticleFactory(draft=True, plain=STORY, headline="The wall is to be looked at")
    make.appearance_of(make.ClaimFactory(wording=SAID, speaker__name="Tove Hollin"), story)
    return story


@pytest.fixture
def desk_of(new_context, live_server, complaints: Complaints) -> Iterator[Callable[..., Page]]:
    """A person of a role at a browser of their own, signed in."""

    def enter(role: str = permissions.EDITOR, name: str = "ada", **options) -> Page:
        user = make.UserFactory(username=name, password=PASSWORD)
        user.groups.set(make.roles().filter(name=role))
        context = new_context(**options)
        let_in(context, user, live_server.url)
        page = context.new_page()
        watch(page, complaints)
        return page

    yield enter
    assert complaints == []


def sign_in(page: Page, site: str, name: str) -> None:
    page.goto(site + reverse("admin:login"))
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


@pytest.fixture
def opened(live_server) -> Callable[[Page, Article | None], Page]:
    def go(page: Page, story: Article | None = None) -> Page:
        name = "admin:stories_article_change" if story else "admin:stories_article_add"
        with page.expect_response("**/pulse/"):  # the desk knows that somebody is here
            page.goto(live_server.url + reverse(name, args=[story.pk] if story else []))
        page.wait_for_selector("body[data-story-ready]")
        return page

    return go


def body(page: Page):
    return page.locator(".field-body [contenteditable]")


def select(page: Page, words: str) -> None:
    """Select `words` in the editor as a mouse would, and let the editor hear of it."""
    page.evaluate(
        """(words) => {
            const { editor } = window.deskEditors[0];
            let at = null;
            editor.state.doc.descendants((node, position) => {
                if (node.isText && node.text.includes(words)) at ??= position + node.text.indexOf(words);
            });
            editor.commands.setTextSelection({ from: at, to: at + words.length });
            editor.view.focus();
        }""",
        words,
    )


def at_the_end(page: Page) -> None:
    """Put the cursor behind the last word, and let the editor hear of it before a key is pressed."""
    page.evaluate(
        """() => {
            const { editor } = window.deskEditors[0];
            editor.commands.setTextSelection(editor.state.doc.content.size - 1);
            editor.view.focus();
        }"""
    )


def replace(page: Page, words: str, by: str) -> None:
    select(page, words)
    page.keyboard.type(by)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()


def kept_here(page: Page, words: str) -> None:
    """Wait until the browser itself has kept what was typed."""
    page.wait_for_function(
        "words => Object.values(localStorage).some((kept) => kept.includes(words))", arg=words
    )


def test_a_claim_s_words_are_marked_in_the_text_and_shown_when_it_is_chosen(desk_of, opened, story):
    page = opened(desk_of(), story)
    mark = body(page).locator(".claim-here")
    expect(mark).to_have_text(SAID)
    card = page.locator(".beside-claim")
    expect(card).to_contain_text("Tove Hollin")
    card.get_by_role("button", name="Show in the text").click()
    expect(card).to_have_attribute("aria-current", "true")
    expect(body(page).locator(".claim-here.chosen")).to_have_text(SAID)
    assert page.evaluate("getSelection().toString()") == SAID


@pytest.mark.any_database
def test_the_mark_stays_on_its_words_as_one_writes_and_is_no_part_of_the_story(desk_of, opened, story):
    page = opened(desk_of(), story)
    replace(page, "The council", "Late in the day the council 🌊")
    expect(body(page).locator(".claim-here")).to_have_text(SAID)
    expect(page.locator(".beside-changed")).to_be_hidden()
    save(page)
    page.wait_for_selector("body[data-story-ready]")
    expect(body(page).locator(".claim-here")).to_have_text(SAID)
    story.refresh_from_db()
    assert story.text == STORY.replace("The council", "Late in the day the council 🌊")
    assert "claim-here" not in story.body


def test_changed_words_of_a_quotation_are_shown_old_against_new_and_a_reason_is_kept(desk_of, opened, story):
    page = opened(desk_of(), story)
    replace(page, "is safe", "is not safe")
    expect(page.locator(".beside-changed")).to_contain_text("Words changed: the save will ask why.")
    save(page)
    alert = page.locator("#story-held")
    expect(alert).to_be_focused()
    expect(alert.locator("ins")).to_have_text("not ")
    assert Article.objects.get().text == STORY
    assert axe_violations(page, without=SELECT2) == []
    page.get_by_label("Why the words are changed").fill("The recording has “not”.")
    save(page)
    page.wait_for_selector(".messagelist .success")
    assert Article.objects.get().text == STORY.replace("is safe", "is not safe")
    kept = QuotationChange.objects.get()
    assert (kept.reason, kept.by.username) == ("The recording has “not”.", "ada")
    expect(body(page).locator(".claim-here")).to_have_text(SAID.replace("is safe", "is not safe"))


def test_a_claim_is_made_of_selected_words_even_where_they_stand_twice(desk_of, opened):
    story = make.ArticleFactory(
        draft=True, plain="“We will not pay,” he said.\n\n“We will not pay,” she said."
    )
    make.PoliticianFactory(name="Quin Farrow")
    page = opened(desk_of(), story)
    button = page.get_by_role("button", name="Make a claim of the selected words")
    expect(button).to_be_disabled()
    page.evaluate(
        """() => {
            const { editor } = window.deskEditors[0];
            const last = editor.state.doc.lastChild;
            const from = editor.state.doc.content.size - last.nodeSize + 1;
            editor.chain().focus().setTextSelection({ from, to: from + "“We will not pay,”".length }).run();
        }"""
    )
    button.click()
    page.keyboard.type("quin")
    expect(page.get_by_role("option", name="Quin Farrow", selected=True)).to_be_visible()
    page.keyboard.press("Enter")
    save(page)
    page.wait_for_selector(".messagelist .success")
    appearance = story.appearances.get()
    assert (appearance.exact, appearance.claim.speaker.name) == ("We will not pay", "Quin Farrow")
    assert appearance.start == story.text.rindex("We will not pay")


def test_a_claim_made_on_a_new_story_is_shown_to_be_filled_in_and_saved_with_it(desk_of, opened):
    make.PoliticianFactory(name="Quin Farrow")
    page = opened(desk_of())
    page.fill("#id_headline", "A story that is not there yet")
    body(page).click()
    page.keyboard.type('"We will not pay," said Quin Farrow.')
    select(page, "We will not pay,")
    page.get_by_role("button", name="Make a claim of the selected words").click()
    expect(page.get_by_role("option", name="Quin Farrow", selected=True)).to_be_visible()  # as the copy reads
    page.keyboard.press("Enter")
    row = page.locator("#appearances-0")
    expect(row).to_be_visible()
    expect(row.get_by_label("Words")).to_have_value("We will not pay")
    save(page)
    page.wait_for_selector(".messagelist .success")
    appearance = Article.objects.get().appearances.get()
    assert (appearance.exact, appearance.claim.speaker.name) == ("We will not pay", "Quin Farrow")


def test_what_is_on_record_is_pointed_out_as_one_writes(desk_of, opened, story):
    claim = make.ClaimFactory(
        wording="we have mended every road in the county since the flood",
        speaker__name="Otis Corran",
        rating="false",
        rating_summary="Half of them were.",
    )
    page = opened(desk_of(), story)
    expect(page.locator("#on-record")).to_be_hidden()
    at_the_end(page)
    page.keyboard.press("Enter")
    page.keyboard.type("He said we have mended every road in this county since the flood.")
    panel = page.locator("#on-record")
    expect(panel).to_contain_text("Otis Corran")
    expect(panel).to_contain_text("False")
    expect(panel).to_contain_text("Half of them were.")
    expect(panel.locator("ins")).to_have_text("this")
    expect(body(page).locator(".record-here")).to_contain_text("we have mended every road in this county")
    href = panel.get_by_role("link", name="Open the claim").get_attribute("href")
    assert href == reverse("admin:stories_claim_change", args=[claim.pk])


def test_words_typed_and_not_saved_survive_a_closed_tab(desk_of, opened, story):
    page = opened(desk_of(), story)
    replace(page, "at noon", "after midnight")
    kept_here(page, "after midnight")
    again = page.context.new_page()
    page.close()
    opened(again, story)
    expect(body(again)).to_contain_text("at noon")
    again.get_by_role("button", name="Restore those words").click()
    expect(body(again)).to_contain_text("after midnight")
    expect(body(again).locator(".claim-here")).to_have_text(SAID)
    save(again)
    again.wait_for_selector(".messagelist .success")
    assert "after midnight" in Article.objects.get().text
    opened(again, story)
    expect(again.get_by_text("You wrote here and did not save")).to_have_count(0)


def test_the_server_keeps_them_too_without_a_step_in_the_history(
    desk_of, opened, story, live_server, new_context
):
    page = opened(desk_of(), story)
    page.fill("#id_headline", "A headline in the making")
    expect(page.locator("#story-saved")).to_contain_text("your words are kept")
    assert UnsavedCopy.objects.get().fields["headline"] == "A headline in the making"
    assert revisions.of_story(article=story) == []
    other = new_context().new_page()
    sign_in(other, live_server.url, "ada")
    opened(other, story)
    other.get_by_role("button", name="Restore those words").click()
    expect(other.locator("#id_headline")).to_have_value("A headline in the making")


def test_an_expired_login_loses_nothing(desk_of, opened, story, live_server):
    page = opened(desk_of(), story)
    page.context.clear_cookies(name="sessionid")
    replace(page, "at noon", "at dusk")
    expect(page.get_by_role("alert")).to_contain_text("You are signed out. Your words are kept")
    save(page)
    expect(body(page)).to_contain_text("at dusk")
    assert Article.objects.get().text == STORY
    other = page.context.new_page()
    sign_in(other, live_server.url, "ada")
    other.close()
    body(page).press("End")
    page.keyboard.type(" ")
    expect(page.get_by_text("You are signed out.")).to_be_hidden()
    save(page)
    page.wait_for_selector(".messagelist .success")
    assert "at dusk" in Article.objects.get().text


def test_a_login_that_expires_at_the_save_itself_loses_nothing(desk_of, opened, story, live_server):
    page = opened(desk_of(), story)
    # Nothing tells the page beforehand, however long the typing takes here.
    page.route("**/pulse/", lambda route: route.fulfill(json={"others": [], "mark": "", "kept": ""}))
    replace(page, "at noon", "at dawn")
    page.context.clear_cookies(name="sessionid")
    page.evaluate("document.querySelector('[name=_continue]').form.requestSubmit()")
    page.wait_for_selector("#id_username")
    page.unroute("**/pulse/")
    sign_in(page, live_server.url, "ada")
    opened(page, story)
    page.get_by_role("button", name="Restore those words").click()
    expect(body(page)).to_contain_text("at dawn")


def test_two_people_see_each_other_and_both_people_s_words_are_there_at_the_end(desk_of, opened, story):
    one = opened(desk_of(name="ada"), story)
    two = opened(desk_of(name="bram"), story)
    expect(two.locator("#story-others")).to_contain_text("ada has this story open, too")
    replace(one, "at noon", "after a long night")
    one.fill("#id_standfirst", "What ada made of it.")
    save(one)
    one.wait_for_selector(".messagelist .success")
    expect(one.locator("#story-others")).to_contain_text("bram has this story open, too")
    replace(two, "on Monday", "on Tuesday in the rain")
    two.fill("#id_headline", "What bram made of it all")
    expect(two.get_by_text("This story has been saved since you opened it.")).to_be_visible()
    save(two)
    alert = two.locator("#story-merge")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("ada saved this story while you were writing")
    expect(alert.locator("ins").filter(has_text="after a long night")).to_have_count(1)
    expect(alert.locator("ins").filter(has_text="Tuesday in the rain")).to_have_count(1)
    assert "Tuesday" not in Article.objects.get().text
    assert axe_violations(two, without=SELECT2) == []
    expect(body(two)).to_contain_text("after a long night")
    save(two)
    two.wait_for_selector(".messagelist .success")
    story = Article.objects.get()
    assert story.text == STORY.replace("on Monday", "on Tuesday in the rain").replace(
        "at noon", "after a long night"
    )
    assert (story.headline, story.standfirst) == ("What bram made of it all", "What ada made of it.")
    assert [step.by.username for step in revisions.of_story(article=story, most=2)] == ["bram", "ada"]


def test_the_same_words_changed_by_both_are_put_before_the_second(desk_of, opened, story):
    one, two = opened(desk_of(name="ada"), story), opened(desk_of(name="bram"), story)
    replace(one, "Monday", "Wednesday")
    save(one)
    one.wait_for_selector(".messagelist .success")
    replace(two, "Monday", "Thursday")
    save(two)
    clash = two.locator(".clashes")
    expect(clash).to_contain_text("Wednesday")
    expect(clash).to_contain_text("Thursday")
    expect(body(two)).to_contain_text("Wednesday Thursday")
    replace(two, "Wednesday Thursday", "Thursday")
    save(two)
    two.wait_for_selector(".messagelist .success")
    assert "on Thursday." in Article.objects.get().text


def test_left_as_it_is_a_live_story_stays_as_it_was_and_the_words_are_there_again(
    desk_of, opened, live_server
):
    story = make.ArticleFactory(plain=STORY, headline="The wall is to be looked at", standfirst="As it was.")
    page, reader = opened(desk_of(), story), desk_of(permissions.FACT_CHECKER, "bea")

    page.fill("#id_standfirst", "Typed and not to be read yet.")
    page.get_by_role("button", name="Save and withdraw").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save, and withdraw this story?")
    reader.goto(live_server.url + story.get_absolute_url())
    expect(reader.locator(".standfirst").first).to_have_text("As it was.")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#id_standfirst")).to_have_value("Typed and not to be read yet.")
    assert Article.objects.get().standfirst == "As it was."
    # Asked again and the page closed: the words are offered.
    page.get_by_role("button", name="Save and withdraw").click()
    page.get_by_label("Reason").wait_for()
    opened(page, story)
    expect(page.locator("#id_standfirst")).to_have_value("As it was.")
    page.get_by_role("button", name="Restore those words").click()
    expect(page.locator("#id_standfirst")).to_have_value("Typed and not to be read yet.")
    page.get_by_role("button", name="Save and correct").click()
    page.get_by_label("What readers are told").fill("It was seven, not six.")
    page.get_by_role("button", name="Save and correct").click()
    expect(page.locator(".messagelist")).to_contain_text("Corrected")
    assert Article.objects.published().get().standfirst == "Typed and not to be read yet."
    assert story.corrections.published().get().text == "It was seven, not six."
    opened(page, story)
    expect(page.get_by_role("button", name="Restore those words")).to_have_count(0)


def test_changes_to_a_live_story_wait_until_they_are_published_with_their_correction(
    desk_of, opened, live_server
):
    story = make.ArticleFactory(plain=STORY, headline="The wall is to be looked at")
    make.appearance_of(make.ClaimFactory(wording=SAID, speaker__name="Tove Hollin"), story)
    page, reader = opened(desk_of(), story), desk_of(permissions.FACT_CHECKER, "bea")
    replace(page, "at noon", "at night")
    save(page)
    expect(page.locator(".messagelist .success")).to_contain_text("Readers do not see the changes")
    opened(page, story)
    expect(body(page)).to_contain_text("at night")
    expect(page.locator("#pending-version")).to_contain_text("Changes not published yet")
    expect(page.locator(".claim-here").first).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("link", name="Compare with what readers see").click()
    expect(page.locator("#content ins").last).to_have_text("night")
    expect(page.locator("#content del").last).to_have_text("noon")
    opened(page, story)
    page.get_by_role("button", name="Save and publish the changes").click()
    expect(page.locator("#content ins").last).to_have_text("night")
    page.get_by_label("What was wrong, in the notice below").check()
    page.get_by_role("textbox", name="The notice").fill("It was at night, not at noon.")
    assert axe_violations(page) == []
    reader.goto(live_server.url + story.get_absolute_url())
    expect(reader.locator("main")).to_contain_text("at noon")
    page.get_by_role("button", name="Publish the changes").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Published the changes to")
    reader.reload()
    expect(reader.locator("main")).to_contain_text("at night")
    expect(reader.locator("main")).to_contain_text("It was at night, not at noon.")
    opened(page, story)
    expect(page.locator("#pending-version")).to_have_count(0)


def test_two_versions_are_compared_and_the_older_is_put_back(desk_of, opened, story, live_server):
    page = opened(desk_of(), story)
    replace(page, "at noon", "at night")
    save(page)
    page.wait_for_selector(".messagelist .success")
    page.get_by_role("link", name="History").click()
    expect(page.locator(".history-table tbody tr")).to_have_count(2)
    assert axe_violations(page) == []
    page.get_by_role("button", name="Compare the two").click()
    expect(page.locator("#content ins").last).to_have_text("night")
    expect(page.locator("#content del").last).to_have_text("noon")
    assert axe_violations(page) == []
    page.get_by_role("link", name="Restore the version of").click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Restore this version").click()
    page.wait_for_selector(".messagelist .success")
    assert Article.objects.get().text == STORY
    assert Claim.objects.get().appearances.get().state == "kept"


def test_the_preview_shows_words_that_are_not_saved_as_readers_will_see_them(desk_of, opened, story):
    page = opened(desk_of(), story)
    replace(page, "The council met", "Not yet saved: the council met")
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Preview").click()
    shown = opening.value
    expect(shown.locator(".story-body")).to_contain_text("Not yet saved: the council met")
    expect(shown.locator("a.said")).to_have_text(SAID)
    expect(shown.get_by_role("note")).to_contain_text("A preview")
    assert Article.objects.get().text == STORY
    assert page.locator(".messagelist .success").count() == 0


def test_a_link_is_made_opened_without_an_account_and_ended(desk_of, opened, story, new_context):
    page = opened(desk_of(), story)
    page.get_by_role("link", name="Share").click()
    page.get_by_label("For whom").fill("the lawyer")
    page.get_by_role("button", name="Make a link").click()
    address = page.locator(".share-address").input_value()
    assert axe_violations(page) == []
    reader = new_context().new_page()
    reader.goto(address)
    expect(reader.get_by_role("heading", level=1)).to_have_text(story.headline)
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("Ended by the desk on")).to_be_visible()
    assert reader.goto(address).status == 410


@pytest.mark.any_database
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_story_s_page_is_accessible_and_fits(desk_of, opened, story, viewport, scheme):
    with history.recorded(by=make.UserFactory(), comment="First."):
        story.save()
    page = opened(desk_of(viewport=viewport, color_scheme=scheme), story)
    assert axe_violations(page, without=SELECT2) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_new_story_typed_and_not_saved_is_offered_again_and_once_saved_no_more(desk_of, opened):
    page = opened(desk_of())
    page.fill("#id_headline", "A story that is not there yet")
    body(page).click()
    page.keyboard.type("Its first words.")
    kept_here(page, "Its first words.")
    opened(page)
    page.get_by_role("button", name="Restore those words").click()
    expect(page.locator("#id_headline")).to_have_value("A story that is not there yet")
    expect(body(page)).to_contain_text("Its first words.")
    save(page)
    page.wait_for_selector(".messagelist .success")
    assert Article.objects.get().text == "Its first words."
    opened(page)
    expect(page.get_by_role("button", name="Restore those words")).to_have_count(0)


PASTED = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal {margin: 0}</style></head><body><!--StartFragment-->
<p class=MsoNormal><b>The budget</b><span style='color:red'> passed</span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]>
<span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>Roads<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]>
<span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><![endif]>The coast road<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]>
<span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>Ferries<o:p></o:p></p>
<ul><li>Schools</li><ul><li>One to be mended</li></ul></ul>
<table><tr><td onclick="x()">In a table</td></tr></table>
<b style="font-weight:normal"><p><span style="font-weight:700">Bold</span> <span style="font-style:italic">and
slanted</span></p></b><!--EndFragment--></body></html>"""


def paste(page: Page, html: str) -> None:
    page.evaluate(
        """(html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        html,
    )


@pytest.mark.any_database
def test_what_is_pasted_from_word_is_clean_in_the_editor_already(desk_of, opened):
    page = opened(desk_of(), make.ArticleFactory(draft=True, plain="Before."))
    at_the_end(page)
    page.keyboard.press("Enter")
    paste(page, PASTED)
    save(page)
    page.wait_for_selector(".messagelist .success")
    assert Article.objects.get().body == (
        "<p>Before.</p><p><strong>The budget</strong> passed</p>"
        "<ul><li><p>Roads</p><ol><li><p>The coast road</p></li></ol></li><li><p>Ferries</p></li></ul>"
        "<ul><li><p>Schools</p><ul><li><p>One to be mended</p></li></ul></li></ul><p>In a table</p>"
        "<p><strong>Bold</strong> <em>and slanted</em></p>"
    )


TRACKED = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><!--StartFragment-->
<h1>Ferries at night</h1>
<p class=MsoNormal>Kept <ins cite="mailto:sub">added by the sub</ins><del> deleted by the sub</del>
 words<span style='mso-special-character:comment'>&nbsp;<a class=msocomanchor id="_anchor_1" href="#_msocom_1"
 name="_msoanchor_1">[JS1]</a></span>.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span
 class=MsoFootnoteReference>[1]</span></a></p>
<p class=MsoNormal>Left <span style='text-decoration:line-through'>struck out</span><span style='display:none;
mso-hide:all'>hidden</span><s>crossed</s> alone<span class=MsoCommentReference><a href="#_msocom_2"
 class=msocomanchor>[JS2]</a></span>.</p>
<p><img src="file:///C:/picture.png" alt="A ferry"></p>
<table><tr><th>Ward</th><th><p>Votes</p></th></tr>
<tr><td>Quay</td><td><p><b>7</b></p><p>of 9</p></td></tr></table>
<div style='mso-element:comment-list'><div style='mso-element:comment'><div id="_com_1" class=msocomtxt>
<p class=MsoCommentText><a href="#_msoanchor_1" class=msocomoff>[JS1]</a>Is this libel?</p></div></div>
<div style='mso-element:comment'><div class=msocomtxt><p class=MsoCommentText>Ask the lawyer.</p>
</div></div></div>
<!--EndFragment--></body></html>"""
TOLD = "1 picture, 2 comments, 3 deleted passages and 1 footnote mark were left out. 1 table became lines."


@pytest.mark.any_database
def test_what_word_deleted_or_noted_in_the_margin_stays_out_and_is_told(desk_of, opened):
    page = opened(desk_of(), make.ArticleFactory(draft=True, plain="Before."))
    at_the_end(page)
    page.keyboard.press("Enter")
    paste(page, TRACKED)
    expect(page.locator(".left-out-words")).to_have_text(TOLD)
    save(page)
    page.wait_for_selector(".messagelist .success")
    assert Article.objects.get().body == (
        "<p>Before.</p><h2>Ferries at night</h2><p>Kept added by the sub words .</p><p>Left alone.</p>"
        "<p>Ward | Votes</p><p>Quay | <strong>7</strong> of 9</p>"
    )
    at_the_end(page)
    paste(page, "<p>One <i>more</i>.</p><p><img src='x.png'></p>")
    expect(page.locator(".left-out-words")).to_have_text("1 picture was left out.")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".left-out-words")).to_have_text("")


def test_words_are_linked_to_a_story_of_our_own_by_keys_alone(desk_of, opened):
    ferry = make.ArticleFactory(headline="The ferry stays", plain="Nothing else sails.")
    page = opened(desk_of(), make.ArticleFactory(draft=True, plain="As we wrote."))
    at_the_end(page)
    for key in ("Control+a", "Control+k"):
        page.keyboard.press(key)
    page.keyboard.type("ferry sta")
    expect(page.locator(".link-box [aria-selected=true]")).to_contain_text("The ferry stays")
    page.keyboard.press("Enter")
    expect(page.locator(".link-said")).to_have_text("Linked to “The ferry stays”.")
    page.keyboard.press("Control+k")
    expect(page.locator(".link-present")).to_contain_text(ferry.get_absolute_url())
    page.keyboard.press("Escape")
    save(page)
    page.wait_for_selector(".messagelist .success")
    body = f'<p><a href="{ferry.get_absolute_url()}">As we wrote.</a></p>'
    assert Article.objects.filter(body=body).exists()


def test_a_note_is_written_on_selected_words_and_answered_while_words_are_typed(desk_of, opened, story):
    editor = opened(desk_of(name="ada"), story)
    replace(editor, "ended at noon", "ended at two")
    select(editor, "The council met")
    editor.keyboard.press("Control+Alt+m")
    expect(editor.locator("#note-about")).to_have_text("On “The council met”")
    editor.keyboard.type("Which council?")
    editor.click("#note-add")
    expect(editor.locator(".story-note")).to_contain_text("Which council?")
    expect(editor.locator(".ProseMirror .note-here")).to_have_text("The council met")
    assert "ended at two" in body(editor).inner_text()

    other = opened(desk_of(name="bela", viewport=PHONE), story)
    other.click('.story-note [data-do="answer"]')
    other.keyboard.type("Eastmere’s.")
    other.click("#note-add")
    expect(other.locator(".note-answer")).to_contain_text("Eastmere’s.")
    other.click('.story-note [data-do="resolve"]')
    expect(other.locator(".story-note.resolved")).to_contain_text("Resolved by bela")
    assert axe_violations(other, without=SELECT2) == []

    note = StoryNote.objects.get(answer_to=None)
    assert (note.exact, story.text[note.start : note.end]) == ("The council met", "The council met")
    assert Article.objects.get(pk=story.pk).text == story.text
