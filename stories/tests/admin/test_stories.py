"""Writing a story at the desk, and taking it all the way."""

import datetime
import io
import os
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from taggit.models import Tag

from stories.actions import permissions
from stories.actions.stories import publishing
from stories.models import Appearance, Article, Claim, PendingVersion
from stories.tests.admin.forms import answer, fill
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    PoliticianFactory,
    appearance_of,
)
from stories.tests.html import flat
from stories.text import richtext

pytestmark = pytest.mark.django_db

LIST = "/admin/stories/article/"
ADD = f"{LIST}add/"
SAID = "the harbour wall is safe"
NEW_CLAIM = "appearances"


def page(story):
    return f"{LIST}{story.pk}/change/"


def verb(name, *stories, **query):
    ids = ",".join(str(story.pk) for story in stories)
    return f"{LIST}do/{name}/?{urlencode({'ids': ids} | query)}"


def told(response, client):
    return " ".join(str(message) for message in client.get(response.url).context["messages"])


@pytest.fixture
def story():
    story = ArticleFactory(
        draft=True, plain=f"On Monday she said “{SAID}”.\n\nNothing else.", tags=["Harbours"]
    )
    appearance_of(ClaimFactory(wording=SAID), story)
    return story


def test_a_reporter_writes_and_submits_and_an_editor_publishes(signed_in):
    reporter, editor = signed_in(permissions.REPORTER), signed_in(permissions.EDITOR)
    asked = fill(
        reporter,
        ADD,
        headline="Wall to be built",
        body="<p>It will be <b>built</b>.</p>",
        press="_confirm_submit",
    )
    assert not Article.objects.exists()
    assert "Save, and submit this story for review?" in asked.content.decode()
    answer(reporter, asked, "submit")
    story = Article.objects.get()
    assert story.status == Article.Status.IN_REVIEW
    assert story.created_by == reporter.user
    assert story.body == "<p>It will be <strong>built</strong>.</p>"
    editor.post(verb("publish", story))
    assert Article.objects.published().get() == story


def test_a_reporter_cannot_publish_by_page_or_by_form(signed_in, story):
    reporter = signed_in(permissions.REPORTER)
    assert reporter.get(verb("publish", story)).status_code == 403
    assert reporter.post(verb("publish", story)).status_code == 403
    fill(reporter, page(story), status="published", published_at="2031-01-01", headline="Slipped in")
    story.refresh_from_db()
    assert (story.status, story.published_at, story.headline) == ("draft", None, "Slipped in")


def test_a_reporter_sees_a_live_story_and_cannot_change_it(signed_in):
    reporter, story = signed_in(permissions.REPORTER), ArticleFactory()
    shown = reporter.get(page(story))
    assert shown.status_code == 200
    assert 'name="headline"' not in shown.content.decode()
    assert reporter.post(page(story), {"headline": "Mine"}).status_code == 403
    assert Article.objects.get().headline == story.headline


def test_whoever_has_no_role_sees_no_story(signed_in, story):
    stranger = signed_in("no such group")
    assert stranger.get(LIST).status_code == 403
    assert stranger.get(page(story)).status_code == 403


def test_publishing_at_a_time_to_come_schedules(editor, story):
    at = timezone.localtime() + datetime.timedelta(days=3)
    sent = editor.post(verb("publish", story), {"at_0": f"{at:%Y-%m-%d}", "at_1": f"{at:%H:%M}"})
    story.refresh_from_db()
    assert story.is_scheduled
    assert "Scheduled" in told(sent, editor)


def test_a_wrong_time_is_asked_for_again_and_nothing_happens(editor, story):
    assert editor.post(verb("publish", story), {"at_0": "soon", "at_1": ""}).status_code == 200
    assert not Article.objects.exclude(status="draft").exists()


def test_withdrawing_needs_a_reason_which_readers_find(editor):
    story = ArticleFactory()
    assert editor.post(verb("withdraw", story), {"reason": ""}).status_code == 200
    assert Article.objects.published().exists()
    editor.post(verb("withdraw", story), {"reason": "It was about another town."})
    assert Article.objects.withdrawn().get().withdrawn_reason == "It was about another town."


def test_several_at_once_are_named_first_and_the_one_that_is_not_ready_is_left(editor):
    good, empty = ArticleFactory(draft=True), ArticleFactory(draft=True, body="")
    ticked = editor.post(LIST, {"action": "publish", "_selected_action": [good.pk, empty.pk]})
    asked = editor.get(ticked.url).content.decode()
    assert good.headline in asked
    assert empty.headline in asked
    assert "The story has no text." in asked
    said = told(editor.post(ticked.url), editor)
    assert "The story has no text." in said
    assert Article.objects.published().get() == good


def test_a_verb_leads_back_where_it_came_from_and_never_off_the_site(editor):
    for back, expected in (
        (f"{LIST}?stage=draft", f"{LIST}?stage=draft"),
        ("https://elsewhere.example/", LIST),
    ):
        assert editor.post(verb("publish", ArticleFactory(draft=True), next=back)).url == expected


def test_the_second_saver_is_told_and_sees_what_they_typed(signed_in, story):
    one, two = signed_in(permissions.EDITOR), signed_in(permissions.EDITOR)
    fill(one, page(story), headline="Theirs is in first place")
    answer = fill(two, page(story), headline="Mine comes too late", opened="1-0000000000000000")
    assert answer.status_code == 200
    assert "Mine comes too late" in answer.content.decode()
    assert Article.objects.get().headline == "Theirs is in first place"


def test_a_save_does_not_undo_a_publication_that_happened_meanwhile(editor, story):
    before = editor.get(page(story))
    assert before.status_code == 200
    publishing.publish(article=Article.objects.get(), by=None)
    fill(editor, page(story), headline="A better headline")
    fresh = Article.objects.get()
    assert (fresh.headline, fresh.status) == (story.headline, "published")
    assert PendingVersion.objects.get().fields == {"headline": "A better headline"}


def test_claims_follow_their_words_and_the_desk_is_told_when_they_cannot(editor, story):
    fill(editor, page(story), body=f"<p>Late on Monday she said “{SAID}”.</p>")
    appearance = Appearance.objects.get()
    assert Article.objects.get().text[appearance.start : appearance.end] == SAID
    answer = fill(editor, page(story), body="<p>She said nothing.</p>")
    assert SAID in told(answer, editor)
    assert Appearance.objects.get().state == "lost"


def test_a_claim_is_made_of_words_pasted_from_the_body(editor, story):
    speaker = PoliticianFactory()
    row = {"words": '"Nothing else."', "speaker": speaker.pk, "kind": "direct", "outlet": "the Eastmere Post"}
    fill(editor, page(story), add={"appearances-2": [row]})
    claim = Claim.objects.get(speaker=speaker)
    appearance = claim.appearances.get()
    assert (appearance.exact, appearance.outlet, claim.state) == (
        "Nothing else.",
        "the Eastmere Post",
        "accepted",
    )


def test_a_claim_can_be_made_with_the_story_itself(editor):
    row = {"words": "we are ready", "speaker_label": "a harbour clerk", "kind": "direct"}
    fill(editor, ADD, headline="All are ready", body="<p>“We said we are ready”</p>", add={NEW_CLAIM: [row]})
    assert Claim.objects.get().speaker_name == "a harbour clerk"


def test_a_claim_is_made_of_words_typed_in_the_same_breath(editor, story):
    row = {"words": "we are ready", "speaker_label": "a harbour clerk", "kind": "direct"}
    body = f"{story.body}<p>“We said we are ready”</p>"
    fill(editor, page(story), body=body, add={"appearances-2": [row]})
    assert Appearance.objects.get(claim__speaker_label="a harbour clerk").exact == "we are ready"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (
            {"words": "the wall will fall", "speaker_label": "a clerk", "kind": "direct"},
            "do not stand in the story",
        ),
        ({"words": "Nothing else.", "kind": "direct"}, "Say who said it"),
    ],
)
def test_a_claim_that_cannot_be_made_says_why(editor, story, row, complaint):
    answer = fill(editor, page(story), add={"appearances-2": [row]})
    assert complaint in answer.content.decode()
    assert Claim.objects.count() == 1


def test_words_that_stand_twice_are_asked_about_and_the_second_can_be_meant(editor):
    story = ArticleFactory(draft=True, plain="“No,” he said.\n\n“No,” she said.")
    row = {"words": "No", "speaker_label": "a clerk", "kind": "direct"}
    asked = fill(editor, page(story), add={"appearances-2": [row]})
    assert "stand in the story 2 times" in asked.content.decode()
    fill(editor, page(story), add={"appearances-2": [row | {"which": "1"}]})
    assert Appearance.objects.get().start == story.text.rindex("No")


def test_what_a_claim_was_told_to_can_be_changed_without_touching_its_anchor(editor, story):
    fill(
        editor,
        page(story),
        body=f"<p>Very late on Monday she said “{SAID}”.</p>",
        **{"appearances-0-outlet": "the radio"},
    )
    appearance = Appearance.objects.get()
    assert appearance.outlet == "the radio"
    assert Article.objects.get().text[appearance.start : appearance.end] == SAID


def test_a_claim_is_taken_out_of_a_story(editor, story):
    fill(editor, page(story), **{"appearances-0-DELETE": "on"})
    assert not Appearance.objects.exists()
    assert Claim.objects.exists()


def a_picture(kind="PNG", name="wall.png"):
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, kind)
    return SimpleUploadedFile(name, made.getvalue())


def test_a_picture_needs_words_for_those_who_cannot_see_it(editor, story):
    answer = fill(editor, page(story), lead_image=a_picture())
    assert "Say what the picture shows" in answer.content.decode()
    fill(editor, page(story), lead_image=a_picture(), lead_image_alt="A wall by the sea.")
    assert Article.objects.get().lead_image.name


def test_a_picture_waits_when_the_save_is_held_and_need_not_be_chosen_again(editor, signed_in, story):
    held = fill(
        editor,
        page(story),
        lead_image=a_picture(),
        lead_image_alt="A wall by the sea.",
        body=story.body.replace("is safe", "is unsafe"),
    )
    form = held.context["adminform"].form
    assert form.held
    assert "“wall.png” is kept" in held.content.decode()
    token = form["waiting_picture"].value()
    somebody_else = signed_in(permissions.EDITOR)
    fill(somebody_else, page(story), waiting_picture=token, lead_image_alt="Not mine.")
    assert not Article.objects.get().lead_image
    fill(editor, page(story), waiting_picture=token, lead_image_alt="A wall by the sea.")
    saved = Article.objects.get().lead_image
    assert saved.read() == a_picture().read()
    assert default_storage.listdir("waiting") == ([], [])


def test_a_picture_nobody_came_back_for_is_thrown_away(editor, story):
    fill(editor, page(story), lead_image=a_picture())
    folder = Path(settings.MEDIA_ROOT) / "waiting"
    (old,) = folder.glob("*/wall.png")
    os.utime(old, (0, 0))
    fill(editor, page(story), lead_image=a_picture(name="pier.png"))
    assert [file.name for file in folder.glob("*/*")] == ["pier.png"]


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("wall.png", b"<script>alert(1)</script>"),
        SimpleUploadedFile("wall.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        a_picture("TIFF", "wall.png"),
    ],
    ids=["script", "svg", "tiff under another name"],
)
def test_what_is_no_picture_is_refused(editor, story, file):
    assert fill(editor, page(story), lead_image=file, lead_image_alt="A wall.").status_code == 200
    assert not Article.objects.get().lead_image


def test_tags_are_one_whatever_their_case_and_accents(editor, story):
    Tag.objects.create(name="Élections", slug="elections")
    fill(editor, page(story), tags=["harbours", "elections", "  New   Town "])
    assert {tag.name for tag in Article.objects.get().tags.all()} == {"Harbours", "Élections", "New Town"}


def test_tags_are_offered_as_one_types(editor):
    for name in ("Élections", "By-elections", "Harbours"):
        Tag.objects.create(name=name)
    names = reverse("admin:taggit_tag_names")
    offered = [tag["text"] for tag in editor.get(names, {"term": "ELECT"}).json()["results"]]
    assert offered == ["Élections", "By-elections"]
    assert editor.get(names, {"page": "x", "term": ""}).json()["pagination"] == {"more": False}


def test_a_tag_s_name_that_is_too_long_is_said_to_be(editor, story):
    assert "at most 100" in fill(editor, page(story), tags=["x" * 101]).content.decode()


def test_a_story_readers_have_seen_is_not_deleted(editor, story):
    assert editor.post(f"{LIST}{story.pk}/delete/", {"post": "yes"}).status_code == 302
    seen = ArticleFactory()
    assert editor.post(f"{LIST}{seen.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Article.objects.get() == seen


def test_a_reporter_s_new_story_is_under_their_own_name(signed_in):
    reporter = signed_in(permissions.REPORTER)
    author = AuthorFactory(user=reporter.user)
    fill(reporter, ADD, headline="Wall to be built")
    assert list(Article.objects.get().authors.all()) == [author]


def test_script_never_gets_into_a_story(editor, story):
    fill(
        editor,
        page(story),
        body='<p onclick="x()">Hi<script>x()</script></p>',
        headline="<script>x()</script>",
    )
    fresh = Article.objects.get()
    assert fresh.body == "<p>Hi</p>"
    assert "<script>x()" not in editor.get(page(story)).content.decode()


def test_the_filters_find_what_needs_a_person(editor, story):
    adrift = ArticleFactory()
    appearance_of(ClaimFactory(wording="The council of Eastmere met"), adrift, state="lost")
    waiting = ArticleFactory()
    appearance_of(ClaimFactory(wording="The council of Eastmere met", proposed=True), waiting)
    mine = ArticleFactory(draft=True, created_by=editor.user)
    for query, expected in (
        ("attention=adrift", {adrift}),
        ("attention=review", {waiting}),
        ("attention=mine", {mine}),
        ("stage=draft", {mine, story}),
        ("stage=published", {adrift, waiting}),
        ("stage=scheduled", set()),
    ):
        assert set(editor.get(f"{LIST}?{query}").context["cl"].queryset) == expected, query


def test_stories_are_found_by_their_own_words_and_their_authors_names_together(editor):
    author = AuthorFactory(name="Edda Farrow")
    found = ArticleFactory(headline="Eastmere builds a wall", authors=[author])
    ArticleFactory(headline="Eastmere mends a road")
    ArticleFactory(headline="A ferry sails", plain="It sails at noon.", authors=[author])
    page = editor.get(reverse("admin:stories_article_changelist"), {"q": "eastmere farrow"})
    assert list(page.context["cl"].result_list) == [found]


@pytest.mark.parametrize(
    ("typed", "told"),
    [("budget-day", "was the address of “Budget day”"), ("feed", "The site itself uses “feed”")],
)
def test_an_address_that_another_story_had_or_the_site_uses_is_refused_at_its_field(editor, typed, told):
    first = ArticleFactory(headline="Budget day")
    first.slug = "budget-day-2031"
    first.save()
    second = ArticleFactory(headline="Harbour wall")
    response = fill(editor, reverse("admin:stories_article_change", args=[second.pk]), slug=typed)
    assert response.status_code == 200
    assert told in " ".join(response.context["adminform"].form.errors["slug"])
    second.refresh_from_db()
    assert second.slug == "harbour-wall"


def test_an_editor_is_told_of_claims_whose_sentence_names_another_source(editor):
    claim = ClaimFactory(speaker=PoliticianFactory(name="Ada Lowther"), wording="the ferry will sail")
    story = ArticleFactory(plain=f"It rained.\n\nAda Lowther said “{claim.wording}”.\n\nThey left.")
    appearance_of(claim, story)
    body = richtext.from_text(story.text.replace("Ada Lowther", "Bram Corran"))
    asked = fill(
        editor, f"/admin/stories/article/{story.pk}/change/", press="_confirm_publish_changes", body=body
    )
    answer(editor, asked, "publish_changes", what="update")
    told = flat(editor.get("/admin/review/words/").content.decode())
    assert "names another source now" in told
    assert "See who says them there" in told


def test_related_stories_are_chosen_in_order_and_what_is_no_story_is_refused(editor, story):
    first, second = ArticleFactory(), ArticleFactory()
    fill(editor, page(story), related=f"{second.pk} {first.pk} {second.pk} 99999")
    story.refresh_from_db()
    assert story.related == f"{second.pk} {first.pk}"
    live = ArticleFactory()
    fill(editor, page(live), related=str(first.pk))
    live.refresh_from_db()
    assert live.related == "", "it waits for its publication"
    for wrong in ("the other one", " ".join(map(str, range(1, 10)))):
        assert b"Choose " in fill(editor, page(story), related=wrong).content
    preview = editor.post(f"{LIST}{story.pk}/preview/", {"related": str(first.pk), "body": story.body})
    assert [card.made for card in preview.context["related"]] == [first]


def test_the_words_for_search_engines_are_folded_while_empty_and_wait_with_a_live_storys_changes(editor):
    live = ArticleFactory(headline="Wall stands")
    assert b"<details><summary>" in editor.get(page(live)).content
    fill(editor, page(live), search_title="Will the\nwall  stand?", search_description="We asked.")
    live.refresh_from_db()
    assert live.search_title == "", "it waits for its publication"
    assert live.pending_version.fields == {
        "search_title": "Will the wall stand?",
        "search_description": "We asked.",
    }
    shown = editor.get(page(live)).content
    assert b"Will the wall stand?" in shown
    assert b"<details><summary>" not in shown
    assert b"Title in search results" in editor.get(f"{LIST}{live.pk}/changes/").content
    typed = {"search_title": "Asked again", "body": live.body}
    assert b"<title>Asked again" in editor.post(f"{LIST}{live.pk}/preview/", typed).content
    assert b"Ensure this value has at most 120" in fill(editor, page(live), search_title="w" * 121).content


def test_the_card_of_a_story_is_drawn_while_its_words_are_typed(editor, signed_in):
    drawn = editor.get(reverse("desk:story_card"), {"title": "Will the wall stand?", "about": "We asked."})
    assert drawn.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(b"".join(drawn.streaming_content))).size == (1200, 630)
    assert signed_in("nobody").get(reverse("desk:story_card")).status_code == 403


def test_stories_are_searched_for_by_their_words_and_drafts_are_not_offered(editor, signed_in):
    wall = ArticleFactory(headline="The wall", plain="Built of quartz.")
    for trait in ("draft", "scheduled", "withdrawn"):
        ArticleFactory(headline="Another wall", plain="Built of quartz.", **{trait: True})
    search = reverse("desk:story_search")
    (found,) = editor.get(search, {"q": "qua"}).json()["results"]
    assert (found["id"], found["name"], found["address"]) == (wall.pk, "The wall", wall.get_absolute_url())
    offered = editor.get(search, {"q": "qua", "drafts": "1"}).json()["results"]
    assert {(one["name"], one["detail"]) for one in offered if not one["public"]} == {
        ("Another wall", "Draft"),
        ("Another wall", "Scheduled"),
    }
    draft = ArticleFactory(draft=True)
    (found,) = editor.get(search, {"ids": f"{draft.pk},x"}).json()["results"]
    assert (found["id"], found["public"], found["detail"]) == (draft.pk, False, "Draft")
    nobody = signed_in()
    nobody.user.is_superuser = False
    nobody.user.save()
    assert nobody.get(search, {"q": "quartz"}).status_code == 403
