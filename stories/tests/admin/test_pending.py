"""The form of a story that readers see: what is saved there waits until somebody publishes it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from reversion.models import Version

from stories.actions import desk_log, history, permissions
from stories.actions.errors import NotReady
from stories.actions.stories import notes, publishing, revisions, share_links
from stories.models import Article, Correction, Dismissal, PendingVersion, ShareLink, StoryNote
from stories.tests.admin.forms import answer, fill
from stories.tests.factories import ArticleFactory, ClaimFactory, appearance_of
from stories.tests.html import flat

pytestmark = pytest.mark.django_db


def page(story: Article) -> str:
    return reverse("admin:stories_article_change", args=[story.pk])


@pytest.fixture
def story(db) -> Article:
    found = ArticleFactory(plain="She said “the wall is safe” then.\n\nIt rained.", tags=["harbours"])
    appearance_of(ClaimFactory(wording="the wall is safe"), found)
    return found


def words(answer) -> str:
    return flat(answer.content.decode())


def body(text: str) -> str:
    return "".join(f"<p>{part}</p>" for part in text.split("\n\n"))


def test_a_save_leaves_what_readers_see_and_the_form_opens_with_what_was_saved(editor, client, story):
    seen = client.get(story.get_absolute_url()).content
    saved = fill(
        editor, page(story), headline="The wall leaks", tags=["walls"], body=body("It leaks."), authors=[]
    )
    assert saved.status_code == 302
    assert client.get(story.get_absolute_url()).content == seen
    form = editor.get(page(story))
    shown = form.context["adminform"].form
    assert (shown["headline"].value(), shown["tags"].value()) == ("The wall leaks", ["walls"])
    assert shown["body"].value() == "<p>It leaks.</p>"
    told = words(form)
    assert "Changes not published yet" in told
    assert f"by <strong>{editor.user.get_username()}</strong>" in told
    assert "Saved. Readers do not see the changes until they are published." in told


def test_the_changes_are_compared_word_by_word_with_what_readers_see(editor, story):
    assert editor.get(reverse("admin:stories_article_changes", args=[story.pk])).status_code == 404
    fill(
        editor,
        page(story),
        body=body("She said “the wall is safe” then.\n\nIt rained all day."),
        tags=["wet"],
    )
    compared = editor.get(reverse("admin:stories_article_changes", args=[story.pk])).content.decode()
    assert re.search(r"<ins[^>]*>\s*all day", compared)
    assert "wet" in compared


@pytest.mark.parametrize(
    ("what", "told", "corrected"),
    [("minor", False, False), ("update", True, False), ("correction", True, True)],
)
def test_publishing_asks_first_and_writes_after_in_one_act(editor, client, story, what, told, corrected):
    asked = fill(
        editor, page(story), press="_confirm_publish_changes", headline="The wall leaks", tags=["wet"]
    )
    assert "The wall leaks" in words(asked)
    assert asked.context["found"].fields[0].label == "Headline"
    assert not PendingVersion.objects.exists()
    refused = answer(editor, asked, "publish_changes")
    assert refused.status_code == 200
    assert Article.objects.get(pk=story.pk).headline == story.headline
    notice = {"kind": "clarification", "text": "It leaks.", "on_top": "on"} if corrected else {}
    assert answer(editor, asked, "publish_changes", what=what, **notice).status_code == 302
    fresh = Article.objects.get(pk=story.pk)
    assert (fresh.headline, list(fresh.tags.names())) == ("The wall leaks", ["wet"])
    assert (fresh.updated_at is not None) == told
    assert [(one.kind, one.text, one.on_top) for one in Correction.objects.all()] == (
        [("clarification", "It leaks.", True)] if corrected else []
    )
    assert not PendingVersion.objects.exists()
    assert "The wall leaks" in words(client.get(story.get_absolute_url()))


def test_a_correction_without_words_publishes_nothing(editor, story):
    asked = fill(editor, page(story), press="_confirm_publish_changes", headline="The wall leaks")
    refused = answer(editor, asked, "publish_changes", what="correction")
    assert "Say what was wrong and what is right." in words(refused)
    assert Article.objects.get(pk=story.pk).headline == story.headline


def test_save_and_correct_publishes_the_words_with_the_notice(editor, story):
    asked = fill(editor, page(story), press="_confirm_correct", headline="The wall leaks")
    answer(editor, asked, "correct", kind="correction", text="It leaks.")
    assert Article.objects.get(pk=story.pk).headline == "The wall leaks"
    assert Correction.objects.get().made_at is not None


def test_withdrawing_from_the_form_keeps_the_changes_from_readers(editor, client, story):
    asked = fill(editor, page(story), press="_confirm_withdraw", headline="The wall leaks")
    answer(editor, asked, "withdraw", reason="It is not so.")
    gone = client.get(story.get_absolute_url())
    assert gone.status_code == 410
    assert "The wall leaks" not in words(gone)
    shown = editor.get(page(story)).context["adminform"].form
    assert shown["headline"].value() == "The wall leaks"
    asked = fill(editor, page(story), press="_confirm_publish")
    answer(editor, asked, "publish")
    assert Article.objects.get(pk=story.pk).headline == "The wall leaks"


def test_discarding_asks_first_and_shows_what_goes(editor, story):
    fill(editor, page(story), headline="The wall leaks")
    address = f"{reverse('admin:stories_article_discard_changes')}?ids={story.pk}"
    asked = editor.get(address)
    assert "The wall leaks" in words(asked)
    assert PendingVersion.objects.exists()
    seen = asked.context["rows"][0][2]
    fill(editor, page(story), headline="The wall leaks badly")
    editor.post(address, {"seen": seen})
    assert PendingVersion.objects.exists()  # they are not those that were shown
    editor.post(address, {"seen": editor.get(address).context["rows"][0][2]})
    assert not PendingVersion.objects.exists()


def test_the_changes_are_published_from_their_own_page_too(editor, story):
    fill(editor, page(story), headline="The wall leaks")
    address = f"{reverse('admin:stories_article_publish_changes')}?ids={story.pk}"
    seen = editor.get(address).context["rows"][0][2]
    editor.post(address, {"seen": seen, "what": "update"})
    assert Article.objects.get(pk=story.pk).headline == "The wall leaks"


def test_two_people_who_change_a_live_story_meet_in_the_form(signed_in, story):
    one, two = signed_in(permissions.EDITOR), signed_in(permissions.EDITOR)

    class Meanwhile:
        def __enter__(self):
            fill(one, page(story), headline="The wall leaks", tags=["harbours", "wet"])

        def __exit__(self, *error):
            return None

    asked = fill(two, page(story), body=body("She said “the wall is safe” then."), saving=Meanwhile())
    form = asked.context["adminform"].form
    assert form.merge is not None
    assert form["headline"].value() == "The wall leaks"
    data = form.data.dict() | {
        "tags": form.data.getlist("tags"),
        "as_shown": asked.context["as_shown"].value(),
    }
    assert two.post(page(story), data).status_code == 302
    changes = PendingVersion.objects.get()
    assert changes.fields == {
        "headline": "The wall leaks",
        "body": "<p>She said “the wall is safe” then.</p>",
        "tags": ["harbours", "wet"],
    }
    assert Article.objects.get(pk=story.pk).headline == story.headline


def test_a_reporter_changes_their_own_live_story_and_hands_the_changes_in(signed_in):
    reporter = signed_in(permissions.REPORTER)
    own, other = ArticleFactory(created_by=reporter.user), ArticleFactory()
    asked = fill(reporter, page(own), press="_confirm_hand_in_changes", headline="The wall leaks")
    assert answer(reporter, asked, "hand_in_changes", note="Look.").status_code == 302
    assert PendingVersion.objects.get().fields == {"headline": "The wall leaks"}
    assert own.notes.get().text == "Look."
    shown = reporter.get(page(own))
    assert b"_confirm_publish_changes" not in shown.content
    assert reporter.post(page(own), {"_confirm_publish_changes": "1"}).status_code == 403
    assert reporter.post(page(other), {"headline": "Not mine"}).status_code == 403
    assert Article.objects.get(pk=own.pk).headline == own.headline


def test_changes_that_were_handed_in_are_returned_with_a_reason(signed_in, editor):
    reporter = signed_in(permissions.REPORTER, is_staff=True)
    own = ArticleFactory(created_by=reporter.user)
    notes.tell(article=own, kind=StoryNote.Kind.HANDED_IN, text="The draft of then.", by=reporter.user)
    fill(reporter, page(own), headline="The wall leaks")
    assert b"_confirm_return_changes" not in editor.get(page(own)).content
    address = f"{reverse('admin:stories_article_return_changes')}?ids={own.pk}"
    assert "Nobody has handed" in words(editor.post(address, {"reason": "Who says so?"}, follow=True))
    asked = fill(reporter, page(own), press="_confirm_hand_in_changes")
    answer(reporter, asked, "hand_in_changes")
    assert reporter.post(address, {"reason": "Mine."}).status_code == 403
    assert b"_confirm_return_changes" in editor.get(page(own)).content
    assert "Say why they are returned" in words(editor.post(address, {}, follow=True))
    editor.post(address, {"reason": "Who says so?"})
    assert PendingVersion.objects.get().fields == {"headline": "The wall leaks"}
    assert b"_confirm_return_changes" not in editor.get(page(own)).content
    assert "Who says so?" in words(reporter.get(reverse("admin:index")))
    assert "Who says so?" in words(reporter.get(page(own)))
    question = desk_log.Question(thing="stories", row=own.pk)
    (told, *_) = desk_log.page(by=editor.user, question=question).entries
    assert told.words.startswith("returned the changes to the story “")


def test_why_a_quotation_changes_is_asked_at_the_save_and_not_again(editor, story):
    typed = {"body": body("She said “the wall is sound” then.\n\nIt rained.")}
    place = story.appearances.get()
    asked = fill(editor, page(story), **typed)
    assert [one.appearance for one in asked.context["adminform"].form.held] == [place]
    fill(editor, page(story), **typed, **{f"reason-{place.pk}": "Misheard.", f"stays-{place.pk}": "1"})
    asked = fill(editor, page(story), press="_confirm_publish_changes")
    answer(editor, asked, "publish_changes", what="minor")
    assert story.quotation_changes.get().reason == "Misheard."
    place.refresh_from_db()
    assert place.exact == "the wall is sound"


def test_a_claim_is_made_of_words_that_readers_have(editor, story):
    row = {"words": "It rained", "speaker_label": "a source", "kind": "direct"}
    typed = {"body": body("She said “the wall is safe” then.\n\n“We will see,” he said. It rained.")}
    new = editor.get(page(story)).context["inline_admin_formsets"][1].formset.prefix
    refused = fill(editor, page(story), add={new: [row | {"words": "We will see"}]}, **typed)
    assert "Readers do not see these words yet." in words(refused)
    assert fill(editor, page(story), add={new: [row]}, **typed).status_code == 302
    made = story.appearances.get(exact="It rained")
    assert story.text[made.start : made.end] == "It rained"
    assert Article.objects.get(pk=story.pk).text == story.text


def test_the_history_and_the_log_tell_of_changes_as_what_they_are(editor, story):
    fill(editor, page(story), headline="The wall leaks")
    versions = Version.objects.get_for_object(story).count()
    history = words(editor.get(reverse("admin:stories_article_history", args=[story.pk])))
    assert "Saved and not published: Headline." in history
    asked = fill(editor, page(story), press="_confirm_publish_changes")
    answer(editor, asked, "publish_changes", what="minor")
    assert Version.objects.get_for_object(story).count() == versions + 1
    told = [
        entry.words
        for entry in desk_log.page(
            by=editor.user, question=desk_log.Question(thing="stories", row=story.pk)
        ).entries
    ]
    assert told[0].startswith("published the changes to the story “The wall leaks”")
    assert told[1].startswith("saved changes to Headline of the story “The wall leaks”, not published")


def test_the_list_and_the_front_page_say_which_stories_have_changes(editor, story):
    ArticleFactory(headline="Nothing changes here")
    fill(editor, page(story), headline="The wall leaks")
    listed = words(editor.get(reverse("admin:stories_article_changelist") + "?attention=pending"))
    assert "Changes not published" in listed
    assert story.headline in listed
    assert "Nothing changes here" not in listed
    assert "story with changes not published" in words(editor.get(reverse("admin:index")))


def test_previews_and_shared_links_show_the_changes_and_say_so(editor, story):
    fill(editor, page(story), headline="The wall leaks", tags=["wet"])
    assert "The wall leaks" in words(editor.get(reverse("admin:stories_article_preview", args=[story.pk])))
    editor.post(reverse("admin:stories_article_share", args=[story.pk]), {"lasting": "1"})
    address = reverse("stories:shared", args=[share_links.token_of(ShareLink.objects.get())])
    shared = Client().get(address)
    assert "this is not what readers see" in words(shared)
    assert "The wall leaks" in words(shared)
    PendingVersion.objects.all().delete()
    assert Client().get(address).headers["Location"] == story.get_absolute_url()


def test_claims_of_a_live_story_are_changed_on_their_own_page_which_says_readers_see_it(editor, story):
    place = story.appearances.get()
    shown = editor.get(page(story))
    own = reverse("admin:stories_appearance_change", args=[place.pk])
    assert f'href="{own}"' in shown.content.decode()
    rows = {"appearances-0-attribution": "the mayor", "appearances-0-DELETE": "on"}
    refused = fill(editor, page(story), headline="The wall leaks", **rows)
    place.refresh_from_db()
    assert place.attribution == "Ada Aldous"
    assert "what you changed of its claims was not saved" in words(editor.get(refused["Location"]))
    assert "they see at once" in words(editor.get(own))
    fill(editor, own, attribution="the mayor", outlet="Radio Quay")
    place.refresh_from_db()
    assert (place.attribution, place.outlet) == ("the mayor", "Radio Quay")
    editor.post(reverse("admin:stories_appearance_delete", args=[place.pk]), {"post": "yes"})
    assert not story.appearances.exists()
    assert Dismissal.objects.filter(article=story).exists()


def test_a_reporter_changes_no_claim_that_readers_see(signed_in):
    reporter = signed_in(permissions.REPORTER)
    own = ArticleFactory(created_by=reporter.user, plain="She said “the wall is safe” then.")
    place = appearance_of(ClaimFactory(wording="the wall is safe"), own)
    address = reverse("admin:stories_appearance_change", args=[place.pk])
    assert reporter.get(address).status_code == 200
    assert reporter.post(address, {"attribution": "the mayor"}).status_code == 403
    fill(reporter, page(own), headline="The wall leaks", **{"appearances-0-attribution": "the mayor"})
    place.refresh_from_db()
    assert place.attribution == "Ada Aldous"


def test_a_restored_version_of_a_live_story_waits_until_it_is_published(editor, client, story):
    with history.recorded(by=editor.user, comment="First."):
        Article.objects.filter(pk=story.pk).update(headline="As it was")
        Article.objects.get(pk=story.pk).save()
    first = revisions.of_story(article=story)[0].revision
    Article.objects.filter(pk=story.pk).update(headline=story.headline)
    seen = client.get(story.get_absolute_url()).content
    fill(editor, page(story), tags=["walls"])
    address = f"{reverse('admin:stories_article_restore', args=[story.pk])}?revision={first}"
    asked = editor.get(address)
    assert "Readers see the story as it is until the changes are published." in words(asked)
    assert asked.context["found"].tags
    stale = editor.post(address, {"revision": first, "opened": "1-0000"})
    assert "nothing was restored" in words(stale)
    done = editor.post(address, {"revision": first, "opened": asked.context["opened"]})
    assert done.status_code == 302
    assert client.get(story.get_absolute_url()).content == seen
    assert PendingVersion.objects.get().fields == {"headline": "As it was"}
    history_page = words(editor.get(reverse("admin:stories_article_history", args=[story.pk])))
    assert "Restored as it was on" in history_page
    assert "Undo this" not in history_page


def test_a_restoring_from_before_the_publication_is_not_undone_under_readers_eyes(editor, story):
    with history.recorded(by=editor.user, comment="First."):
        story.save()
    first = revisions.of_story(article=story)[0].revision
    Article.objects.filter(pk=story.pk).update(status=Article.Status.DRAFT, headline="A draft")
    revisions.restore(article=story, revision=first, by=editor.user)
    act = revisions.restored_last(article=Article.objects.get(pk=story.pk))
    Article.objects.filter(pk=story.pk).update(status=Article.Status.PUBLISHED)
    with pytest.raises(NotReady, match="Readers see this story"):
        revisions.take_back(act=act, by=editor.user)
    assert Article.objects.get(pk=story.pk).headline == story.headline


def test_publishing_withdrawn_stories_together_shows_the_changes_that_go_in(editor, story):
    other = ArticleFactory(headline="Nothing waits here", withdrawn=True)
    fill(editor, page(story), headline="The wall leaks")
    publishing.withdraw(article=Article.objects.get(pk=story.pk), by=None, reason="Legal.")
    address = f"{reverse('admin:stories_article_publish')}?ids={story.pk},{other.pk}"
    asked = editor.get(address)
    assert words(asked).count("Changes that go in with it") == 1
    assert "The wall leaks" in words(asked)
    seen = [mark for _, _, mark in asked.context["rows"]]
    PendingVersion.objects.update(fields={"headline": "Something else"}, number=2)
    editor.post(address, {"seen": seen})
    assert Article.objects.get(pk=story.pk).status == Article.Status.WITHDRAWN
    assert Article.objects.get(pk=other.pk).status == Article.Status.PUBLISHED
    editor.post(address, {"seen": [mark for _, _, mark in editor.get(address).context["rows"]]})
    assert Article.objects.get(pk=story.pk).headline == "Something else"
