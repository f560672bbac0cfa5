"""What stands around the story's form: asked as a browser's scripts would, and by hand, as each role."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from stories.actions import history, permissions
from stories.actions.claims import review
from stories.actions.stories import publishing, revisions, saving, share_links
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.stories.quotation_guard import Reason
from stories.models import Article, Claim, Correction, QuotationChange, ShareLink, UnsavedCopy
from stories.tests.admin.forms import fill
from stories.tests.factories import ArticleFactory, AuthorFactory, ClaimFactory, UserFactory, appearance_of
from stories.tests.html import flat
from stories.text.moments import moment

pytestmark = pytest.mark.django_db

SAID = "the harbour wall is safe and will stand"
STORY = f"The council met on Monday.\n\nTove Hollin said: “{SAID}”.\n\nThe meeting ended at noon."


@pytest.fixture
def story():
    story = ArticleFactory(draft=True, plain=STORY, tags=["harbour"])
    appearance_of(ClaimFactory(wording=SAID), story)
    return story


def at(name: str, *args: object) -> str:
    return reverse(f"admin:stories_article_{name}", args=args)


def post(client: Client, address: str, data: object):
    return client.post(address, json.dumps(data), content_type="application/json")


# The guard and the conflict, by a hand-made POST


def test_a_hand_made_post_cannot_change_a_quotation_unexplained(editor, story):
    answer = fill(editor, at("change", story.pk), body=story.body.replace("is safe", "is unsafe"))
    assert answer.status_code == 200
    assert [held.new for held in answer.context["adminform"].form.held] == [
        SAID.replace("is safe", "is unsafe")
    ]
    assert Article.objects.get().text == STORY
    assert not Version.objects.get_for_object(story).filter(revision__comment__contains="body").exists()


def test_with_a_reason_it_can_and_the_history_shows_the_reason(editor, story):
    pk = story.appearances.get().pk
    changed = {
        "body": story.body.replace("is safe", "is unsafe"),
        f"reason-{pk}": "Misheard.",
        f"stays-{pk}": "1",
    }
    assert fill(editor, at("change", story.pk), **changed).status_code == 302
    assert QuotationChange.objects.get().reason == "Misheard."
    assert story.appearances.get().exact == SAID.replace("is safe", "is unsafe")
    assert "Misheard." in editor.get(at("history", story.pk)).content.decode()


def test_a_reason_named_for_no_quotation_is_ignored(editor, story):
    for name in ("reason-", "reason-x", "reason-999999999999999999999", "reason-1;drop"):
        answer = fill(
            editor, at("change", story.pk), body=story.body.replace("safe", "unsafe"), **{name: "Because."}
        )
        assert answer.status_code == 200
    assert Article.objects.get().text == STORY


@pytest.mark.parametrize("mark", ["", "1", "7-0000000000000000", "<script>"])
def test_a_forged_mark_saves_nothing_and_the_words_are_put_together(editor, story, mark):
    answer = fill(editor, at("change", story.pk), headline="Mine and only mine", opened=mark)
    form = answer.context["adminform"].form
    assert form.merge is not None
    assert form["headline"].value() == "Mine and only mine"
    assert form["opened"].value() == mark_of(Article.objects.get())
    assert Article.objects.get().headline == story.headline


def test_the_editor_opens_in_a_constant_number_of_queries(editor, django_assert_num_queries):
    opening = []
    for number in (1, 20):
        lines = [f"She said “clause {n} of it is sound” then." for n in range(number)]
        story = ArticleFactory(draft=True, plain="\n\n".join(lines), tags=["harbour"])
        for n in range(number):
            appearance_of(ClaimFactory(wording=f"clause {n} of it is sound"), story)
        fill(editor, at("change", story.pk), headline="The first of its headlines")
        with django_assert_num_queries(100, exact=False) as asked:
            editor.get(at("change", story.pk))
        opening.append(len(asked))
    assert opening[0] == opening[1]


# While somebody types


def test_the_heartbeat_tells_who_is_there_and_keeps_what_was_typed(signed_in, story):
    one, two = signed_in(permissions.EDITOR), signed_in(permissions.REPORTER)
    post(one, at("pulse", story.pk), {})
    told = post(two, at("pulse", story.pk), {"fields": {"headline": "In the making"}}).json()
    assert [other["name"] for other in told["others"]] == [one.user.username]
    assert told["mark"] == mark_of(Article.objects.get())
    assert UnsavedCopy.objects.get(user=two.user).fields == {"headline": "In the making"}
    page = two.get(at("change", story.pk))
    assert page.context["story_desk"]["unsaved"]["fields"] == {"headline": "In the making"}
    assert one.get(at("change", story.pk)).context["story_desk"]["unsaved"] is None
    mistaken = post(two, at("pulse", story.pk), {"who": one.user.pk, "fields": {"headline": "Not of two"}})
    assert mistaken.status_code == 403  # two signed in where one had the page open
    assert UnsavedCopy.objects.get(user=two.user).fields == {"headline": "In the making"}
    post(one, at("pulse", story.pk), {"leaving": True})
    assert post(two, at("pulse", story.pk), {}).json()["others"] == []


def test_a_save_forgets_what_was_kept(editor, story):
    post(editor, at("pulse", story.pk), {"fields": {"headline": "In the making"}})
    post(editor, at("pulse_new"), {"fields": {"headline": "A new one"}})
    fill(editor, at("change", story.pk), headline="Made and saved now")
    fill(editor, at("add"), headline="A new one", body="<p>Words.</p>")
    assert not UnsavedCopy.objects.exists()


@pytest.mark.parametrize("sent", ["", "[]", "null", "{", '{"fields": 7}', '{"fields": [1]}'])
def test_a_heartbeat_of_nonsense_does_no_harm(editor, story, sent):
    answer = editor.post(at("pulse", story.pk), sent, content_type="application/json")
    assert answer.status_code in (200, 400)
    assert not UnsavedCopy.objects.exists()


def test_who_may_not_edit_leaves_no_copy_and_no_presence(signed_in):
    live = ArticleFactory()
    for role in (permissions.REPORTER, permissions.FACT_CHECKER, permissions.IMPORT_STAFF):
        client = signed_in(role)
        assert post(client, at("pulse", live.pk), {"fields": {"headline": "Mine"}}).status_code == 403
    assert (
        post(signed_in(permissions.FACT_CHECKER), at("pulse_new"), {"fields": {"a": "b"}}).status_code == 403
    )
    assert not UnsavedCopy.objects.exists()
    assert not live.presences.exists()


def test_a_stranger_is_sent_to_sign_in(client, story):
    for name, args in (
        ("pulse", [story.pk]),
        ("on_record", []),
        ("share", [story.pk]),
        ("preview", [story.pk]),
    ):
        assert "/login/" in client.post(at(name, *args)).url


def test_what_is_on_record_is_answered_with_the_words_that_differ(editor, story):
    said = "we have mended every road in the county since the flood"
    claim = ClaimFactory(wording=said, rating="false", rating_summary="Half of them.")
    text = f"He said {said.replace('every', 'each')} again."
    (match,) = post(editor, at("on_record"), {"text": text, "story": story.pk}).json()["matches"]
    assert (match["claim"], match["verdict"], match["why"]) == (claim.pk, "False", "Half of them.")
    assert ["removed", "every"] in match["pieces"]
    assert text[match["start"] : match["end"]] == match["words"]
    mine = appearance_of(claim).article
    assert post(editor, at("on_record"), {"text": text, "story": mine.pk}).json()["matches"] == []
    for nonsense in ({}, {"text": 7}, {"text": "x", "story": "1"}, []):
        assert post(editor, at("on_record"), nonsense).status_code == 400


# The history


def test_every_version_is_listed_compared_and_put_back_in_a_constant_number_of_queries(
    editor, story, django_assert_num_queries
):
    counts = []
    for number in (1, 12):
        for n in range(number):
            fill(editor, at("change", story.pk), headline=f"Headline of the hour {number} {n}")
        editor.get(at("history", story.pk))
        with django_assert_num_queries(60, exact=False) as asked:
            editor.get(at("history", story.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    first = revisions.of_story(article=story)[-1].revision
    compared = editor.get(at("compare", story.pk), {"from": first})
    assert [field.label for field in compared.context["found"].fields] == ["Headline"]
    asked = editor.get(at("restore", story.pk), {"revision": first})
    assert Article.objects.get().headline != story.headline
    assert "Restore this version" in asked.content.decode()
    editor.post(at("restore", story.pk), {"revision": first, "opened": asked.context["opened"]})
    assert Article.objects.get().headline == story.headline
    assert "Undo this" in editor.get(at("history", story.pk)).content.decode()
    page = editor.post(at("take_back", story.pk), follow=True).content.decode()
    assert "as it was before the version was restored" in page
    assert "Undo this" not in page


@pytest.mark.parametrize("query", [{}, {"from": "x"}, {"from": "99999"}, {"from": "1", "to": "-1"}])
def test_versions_that_are_none_lead_back_to_the_history(editor, story, query):
    assert editor.get(at("compare", story.pk), query).url == at("history", story.pk)


def test_who_may_not_edit_may_look_and_not_put_back(signed_in, editor):
    story = ArticleFactory(in_review=True)
    fill(editor, at("change", story.pk), headline="A second headline for it")
    first = revisions.of_story(article=story)[-1].revision
    reporter = signed_in(permissions.REPORTER)
    assert reporter.get(at("history", story.pk)).status_code == 200
    assert reporter.post(at("restore", story.pk), {"revision": first}).status_code == 403
    assert Article.objects.get().headline == "A second headline for it"
    assert signed_in("no such group").get(at("history", story.pk)).status_code == 403


def test_saving_asks_as_much_for_twenty_claims_as_for_one(editor):
    counts = []
    for number in (1, 20):
        story = ArticleFactory(
            draft=True, plain="\n\n".join(f"She said “clause {n} is sound” then." for n in range(number))
        )
        for n in range(number):
            appearance_of(ClaimFactory(wording=f"clause {n} is sound", tags=["clause"]), story)
        fill(editor, at("change", story.pk), headline="The first of all headlines")  # the first state is kept
        moved = f"<p>It was late.</p>{story.body}"
        asked = CaptureQueriesContext(connection)
        fill(editor, at("change", story.pk), saving=asked, headline=f"Another {number}", body=moved)
        counts.append(len(asked))
        assert Article.objects.get(pk=story.pk).headline == f"Another {number}"
        assert {a.state for a in story.appearances.all()} == {"moved"}
    assert counts[0] == counts[1]


def test_a_claim_taken_out_by_somebody_else_meanwhile_keeps_nobody_from_saving(editor, story):
    sent = fill(editor, at("change", story.pk), saving=TakesOut(story), headline="A headline of mine now")
    assert sent.status_code == 302
    assert Article.objects.get().headline == "A headline of mine now"


class TakesOut:
    """Between the page and its post, somebody takes the story's claims out."""

    def __init__(self, story: Article) -> None:
        self.story = story

    def __enter__(self) -> None:
        self.story.appearances.all().delete()

    def __exit__(self, *failure: object) -> None:
        pass


def test_an_old_step_is_no_way_round_the_desk(signed_in, editor):
    """Putting a revision back by its number would bring a story's stage and its claims' review with it."""
    story = ArticleFactory(draft=True, plain=STORY)
    claim = ClaimFactory(wording=SAID, proposed=True)
    appearance_of(claim, story)
    fill(editor, at("change", story.pk), headline="As it was when a draft")
    publishing.publish(article=story, by=editor.user)
    review.accept(claim=claim, by=editor.user)
    for who in (signed_in(permissions.REPORTER), signed_in(permissions.FACT_CHECKER)):
        for row in (story, claim):
            model = row._meta.model_name
            for version in Version.objects.get_for_object(row):
                for address in (
                    reverse(f"admin:stories_{model}_revision", args=[row.pk, version.pk]),
                    reverse(f"admin:stories_{model}_recover", args=[version.pk]),
                ):
                    assert who.post(address, {}).status_code in (302, 403, 404)
    story.refresh_from_db()
    claim.refresh_from_db()
    assert (story.status, claim.state) == ("published", "accepted")


def test_a_deleted_draft_is_brought_back_by_hand(editor, story):
    fill(editor, at("change", story.pk), headline="A headline to come back to")
    editor.post(at("delete", story.pk), {"post": "yes"})
    assert not Article.objects.exists()
    listed = editor.get(at("recoverlist"))
    gone = listed.context["deleted"].get()
    assert "A headline to come back to" in editor.get(at("recover", gone.pk)).content.decode()
    editor.post(at("recover", gone.pk))
    assert Article.objects.get().headline == "A headline to come back to"
    assert Article.objects.get().appearances.get().exact == SAID
    assert editor.get(at("recover", gone.pk)).status_code == 404


# Previews


def test_a_preview_of_unsaved_words_marks_the_claims_in_them_and_runs_no_script(editor, story):
    sent = {"headline": "Not yet saved", "body": "<p>New.</p><script>alert(1)</script>" + story.body}
    shown = editor.post(at("preview", story.pk), sent)
    page = shown.content.decode()
    assert "Not yet saved" in page
    assert f">{SAID}</a>" in page
    assert "<script>alert" not in page
    assert "no-store" in shown["Cache-Control"]
    assert Article.objects.get().headline == story.headline


def test_a_preview_leaves_out_a_claim_whose_words_are_gone(editor, story):
    page = editor.post(at("preview", story.pk), {"body": "<p>Other words.</p>"}).content.decode()
    assert 'class="said"' not in page


def test_a_preview_has_the_authors_and_tags_as_typed_whether_or_not_the_story_has_a_row(editor, story):
    author, other = AuthorFactory(name="Ines Garside"), AuthorFactory(name="Kit Lowther")
    story.authors.set([other])
    sent = {
        "headline": "Ferries to run all night",
        "body": "<p>Text of it.</p>",
        "authors": [author.pk],
        "tags": ["a new topic"],
        "source": "Quay News",
    }
    for address in (at("preview_new"), at("preview", story.pk)):
        shown = editor.post(address, sent)
        page = shown.content.decode()
        assert shown.status_code == 200
        for words in ("Ferries to run all night", "Text of it.", "Ines Garside", "A new topic", "Quay News"):
            assert words in page, (address, words)
        assert "Kit Lowther" not in page
        assert "harbour</a>" not in page
    assert Article.objects.get().headline == story.headline
    assert [author.name for author in story.authors.all()] == ["Kit Lowther"]


def test_each_link_is_in_the_log_with_who_for_whom_and_until_when(editor, story):
    editor.post(at("share", story.pk), {"lasting": "7", "note": "our lawyer"})
    link = ShareLink.objects.get()
    until = moment(timezone.localtime(link.expires_at))
    editor.post(at("unshare", story.pk, link.pk))
    editor.post(at("unshare", story.pk, link.pk))  # it has ended already
    log = LogEntry.objects.filter(object_id=story.pk).order_by("pk")
    assert [(entry.user, entry.get_change_message()) for entry in log] == [
        (editor.user, f"Shared with “our lawyer” until {until}."),
        (editor.user, "Ended the link shared with “our lawyer”."),
    ]


def test_a_reporter_finds_a_story_in_review_closed_with_the_reason_and_takes_their_own_back(signed_in):
    reporter = signed_in(permissions.REPORTER)
    own = ArticleFactory(in_review=True, created_by=reporter.user)
    other = ArticleFactory(in_review=True, created_by=UserFactory())
    for story, may in ((own, True), (other, False)):
        page = reporter.get(at("change", story.pk))
        assert "only an editor changes it now" in page.content.decode()
        assert ("do/return_to_draft/" in page.content.decode()) is may
        assert reporter.post(at("change", story.pk), {"headline": "Mine"}).status_code == 403
        taken_back = reporter.post(f"{at('changelist')}do/return_to_draft/?ids={story.pk}", follow=True)
        story.refresh_from_db()
        assert (story.status == Article.Status.DRAFT) is may, taken_back.content


def test_a_correction_and_a_withdrawal_are_shown_before_they_happen(editor):
    story = ArticleFactory()
    sent = {"article": story.pk, "kind": "correction", "text": "It was seven, not six.", "on_top": "on"}
    page = editor.post(at("preview_correction"), sent).content.decode()
    assert page.count("It was seven, not six.") == 2
    assert not Correction.objects.exists()
    page = editor.post(
        at("preview_withdrawn", story.pk), {"reason": "It was about another town."}
    ).content.decode()
    assert "It was about another town." in page
    assert Article.objects.published().exists()


def test_a_correction_is_of_a_story_by_its_label(editor):
    form = editor.get(reverse("admin:stories_correction_add")).context["adminform"].form
    assert form.fields["article"].label == "Story"


# Shared links


def test_a_link_is_made_shown_and_ended(editor, client, story):
    editor.post(at("share", story.pk), {"lasting": "3", "note": "the lawyer"})
    link = ShareLink.objects.get()
    assert link.by == editor.user
    page = editor.get(at("share", story.pk)).content.decode()
    address = reverse("stories:shared", args=[share_links.token_of(link)])
    assert address in page
    assert client.get(address).status_code == 200
    editor.post(at("unshare", story.pk, link.pk))
    assert client.get(address).status_code == 410


def test_only_who_writes_shares_and_a_link_ends_only_through_its_own_story(signed_in, editor, story):
    checker = signed_in(permissions.FACT_CHECKER)
    assert checker.post(at("share", story.pk), {"lasting": "3"}).status_code == 403
    editor.post(at("share", story.pk), {"lasting": "3"})
    link = ShareLink.objects.get()
    assert checker.post(at("unshare", story.pk, link.pk)).status_code == 403
    assert editor.post(at("unshare", ArticleFactory().pk, link.pk)).status_code == 404
    assert editor.post(at("share", story.pk), {"lasting": "999"}).status_code == 200
    assert ShareLink.objects.get().is_open


# Paste


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>@font-face {font-family: Cambria} p.MsoNormal {margin: 0cm}</style>
<!--[if gte mso 9]><xml><o:x>1</o:x></xml><![endif]--></head><body lang=EN-GB>
<!--StartFragment--><p class=MsoNormal style='mso-margin-top-alt:auto'><b style='mso-bidi-font-weight:normal'>
<span style='font-family:"Cambria",serif'>The council</span></b><span> met<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>A point</p><!--EndFragment--></body></html>"""
WEB = """<div class="article" onclick="x()"><h1 id="t">A heading</h1>
<div><span style="color:red">First</span> <a href="javascript:alert(1)">bad</a>
<a href="https://records.example/" onclick="x()" target="_blank">good</a></div>
<figure><img src="https://tracker.example/p.gif" onerror="x()"><figcaption>Caption</figcaption></figure>
<ul><li>one<li>two</ul><iframe src="https://elsewhere.example"></iframe>
<p style="display:none">also</p></div>"""


def test_what_is_pasted_from_word_or_the_web_comes_out_clean(editor, story):
    Claim.objects.all().delete()
    fill(editor, at("change", story.pk), body=WORD)
    body = Article.objects.get().body
    assert "<p><strong>The council</strong> met</p>" in body
    assert "A point" in body
    for dirt in ("Mso", "style", "o:p", "font", "class", "<span", "<xml", "@"):
        assert dirt not in body
    fill(editor, at("change", story.pk), body=WEB)
    assert Article.objects.get().body == (
        '<h2>A heading</h2><p>First bad <a href="https://records.example/">good</a></p><p>Caption</p>'
        "<ul><li>one</li><li>two</li></ul><p>also</p>"
    )


def test_putting_a_version_back_asks_why_quotations_change_and_looks_who_saved_since(editor):
    said = "the ferry will sail in winter"
    story = ArticleFactory(plain=f"It rained.\n\nTove Hollin said “{said}”.", draft=True)
    place = appearance_of(ClaimFactory(wording=said), story)
    with history.recorded(by=editor.user, comment="First."):
        story.save()
    first = revisions.of_story(article=story)[0].revision
    story.body = story.body.replace("in winter", "in summer")
    saving.save(
        article=story,
        fields=["body"],
        opened=mark_of(Article.objects.get(pk=story.pk)),
        by=editor.user,
        reasons={place.pk: Reason("Misheard.")},
    )
    url = f"/admin/stories/article/{story.pk}/history/restore/?revision={first}"
    page = editor.get(url)
    assert f'name="reason-{place.pk}"' in page.content.decode()
    posted = {"revision": first, "opened": page.context["opened"]}
    assert "Say why" in editor.post(url, posted).content.decode()
    story.refresh_from_db()
    story.headline = "Another headline"
    story.save()
    reason = {f"reason-{place.pk}": "It was winter."}
    answer = editor.post(url, posted | reason)
    assert "Somebody saved this story meanwhile" in answer.content.decode()
    assert "in summer" in Article.objects.get(pk=story.pk).text
    assert editor.post(url, posted | reason | {"opened": answer.context["opened"]}).status_code == 302
    assert "in winter" in Article.objects.get(pk=story.pk).text
    assert story.quotation_changes.first().reason == "It was winter."


def test_a_version_whose_author_was_deleted_is_not_said_to_come_back_whole(editor):
    author = AuthorFactory(name="Ines Garside")
    story = ArticleFactory(plain="It rained.", draft=True)
    with history.recorded(by=editor.user, comment="First."):
        story.authors.add(author, AuthorFactory(name="Kit Lowther"))
        story.save()
    first = revisions.of_story(article=story)[0].revision
    saving.save(
        article=story, fields=["body"], opened=mark_of(Article.objects.get(pk=story.pk)), by=editor.user
    )
    url = f"/admin/stories/article/{story.pk}/history/restore/?revision={first}"
    assert "restored whole" in flat(editor.get(url).content.decode())
    author.delete()
    page = editor.get(url).content.decode()
    assert "whole" not in page
    assert "1 of its authors has been deleted" in page


def test_what_somebody_was_told_of_a_story_stands_on_their_desk_until_they_open_it(signed_in):
    reporter, editor = signed_in(permissions.REPORTER), signed_in(permissions.EDITOR)
    story = ArticleFactory(draft=True, headline="The wall is to be looked at", created_by=reporter.user)
    publishing.submit(article=story, by=reporter.user, note="Two figures are to come.")
    publishing.return_to_draft(article=story, by=editor.user, reason="Who says so?")

    assert "Two figures are to come." in editor.get("/admin/").content.decode()
    desk = reporter.get("/admin/").content.decode()
    assert "Who says so?" in desk.partition("For you")[2].partition("</section>")[0]
    page = reporter.get(reverse("admin:stories_article_change", args=[story.pk])).content.decode()
    assert "Who says so?" in page
    assert "For you" not in reporter.get("/admin/").content.decode()
