"""The log: all that was done, in plain sentences, by person, thing and day; for editors."""

import csv
import datetime
import io
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from reversion.models import Revision
from taggit.models import Tag

from stories.actions import desk_log, permissions
from stories.actions.claims import ratings_and_corrections, review_feedback
from stories.actions.people import merging
from stories.actions.stories import publishing, share_links
from stories.actions.topics import tagging
from stories.models import Article, Correction, ImportRun, Page
from stories.tests import factories as make
from stories.tests.html import flat

pytestmark = pytest.mark.django_db
LOG = "/admin/log/"


def told(client, **asked):
    """The sentences of the log's page, oldest first."""
    page = flat(client.get(LOG, asked).content.decode()).partition('id="content-main"')[2]
    found = re.findall(r"<strong>(.*?)</strong>\s*(.*?)\s*(?:<a |</span></li>)", page)
    return [f"{who} {words}".strip() for who, words in reversed(found)]


@pytest.fixture
def ada(editor):
    editor.user.first_name, editor.user.last_name = "Ada", "Hearn"
    editor.user.save()
    return editor


def test_everything_is_told_in_a_sentence_with_who_did_it_to_what(ada):
    by = ada.user
    story = make.ArticleFactory(headline="A wall is built", draft=True, plain="“It stands,” he said.")
    speaker = make.PoliticianFactory(name="Tove Hollin")
    claim = make.ClaimFactory(wording="It stands", speaker=speaker, proposed=True)
    make.appearance_of(claim, story)
    publishing.submit(article=story, by=by)
    review_feedback.accept(claim=claim, by=by)
    claim.refresh_from_db()
    ratings_and_corrections.rate(claim=claim, by=by, rating="true", summary="It does.")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    publishing.publish(article=story, by=by, at=tomorrow)
    publishing.publish_now(article=story, by=by)
    ratings_and_corrections.publish(correction=Correction(article=story, text="A wrong year."), by=by)
    other = make.PoliticianFactory(name="Tove Holin")
    merging.unmerge(merge=merging.merge(winner=speaker, loser=other, by=by), by=by)
    make.ArticleFactory(tags=["Harbour", "Harbours"])
    tagging.merge(tag=Tag.objects.get(name="Harbours"), into=Tag.objects.get(name="Harbour"), by=by)
    ImportRun.objects.create(by=by, paths=["seeds/a.txt", "seeds/b.txt"])
    page = make.ArticleFactory(draft=True, headline="To be shared", created_by=by)
    ada.post(reverse("admin:stories_article_share", args=[page.pk]), {"lasting": "7", "note": "our lawyer"})
    when = timezone.localtime(tomorrow)
    assert told(ada)[:11] == [
        "Ada Hearn submitted the story “A wall is built” for review.",
        "Ada Hearn accepted the claim “Tove Hollin: It stands” in “A wall is built”.",
        "Ada Hearn gave a verdict on the claim “Tove Hollin: It stands” in “A wall is built”.",
        f"Ada Hearn scheduled the story “A wall is built” for {when.day} {when:%B %Y, %H:%M}.",
        "Ada Hearn published the story “A wall is built” before its time.",
        "Ada Hearn published a correction on the story “A wall is built”.",
        "Ada Hearn merged Tove Holin into Tove Hollin.",
        "Ada Hearn undid the merge of Tove Holin into Tove Hollin.",
        "Ada Hearn merged the topic “Harbours” into “Harbour”.",
        f"Ada Hearn started import {ImportRun.objects.get().pk}: a.txt and 1 more.",
        told(ada)[10],
    ]
    assert told(ada)[10].startswith("Ada Hearn shared the story “To be shared” with “our lawyer” until ")
    assert share_links.ShareLink.objects.count() == 1


def test_a_form_s_save_and_a_deletion_are_told_once_and_without_code_words(ada):
    page = Page.objects.create(title="Our promise", body="<p>We keep it.</p>")
    own = reverse("admin:stories_page_change", args=[page.pk])
    form = ada.get(own).context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields}
    ada.post(own, values | {"title": "Our word"})
    ada.post(reverse("admin:stories_page_delete", args=[page.pk]), {"post": "yes"})
    assert told(ada) == [
        "Ada Hearn changed Title of the page “Our word”.",
        "Ada Hearn deleted the page “Our word”.",
    ]


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("No fields changed.", "saved the story “X”."),
        ("", "saved the story “X”."),
        (
            "Changed Headline and Body. Published.",
            "published the story “X” and changed Headline and Body",
        ),
        ("Added appearance ““It stands” in X”.", "added claim “It stands” in X” to the story “X”."),
        ("Claim rejected. Not said so.", "rejected the story “X”."),
        ("Something new was done.", "saved the story “X”. Something new was done."),
    ],
)
def test_comments_of_the_history_are_told_plainly(comment, words):
    assert desk_log.sentence(comment, "the story “X”").startswith(words.rstrip("."))


def test_the_log_is_narrowed_to_a_person_a_thing_and_a_day_and_exported(ada):
    other = make.UserFactory(is_superuser=True)
    for number in range(3):
        story = make.ArticleFactory(draft=True, headline=f"Story {number}")
        publishing.submit(article=story, by=ada.user if number else other)
    review_feedback.accept(claim=make.ClaimFactory(proposed=True), by=ada.user)
    long_ago = timezone.make_aware(datetime.datetime(2014, 11, 8, 21, 0))
    Revision.objects.filter(comment__startswith="Claim").update(date_created=long_ago)
    assert len(told(ada)) == 4
    assert len(told(ada, by=ada.user.pk)) == 3
    assert len(told(ada, thing="stories")) == 3
    assert len(told(ada, thing="claims")) == 1
    assert len(told(ada, day="8 November 2014")) == 1
    assert len(told(ada, thing="stories", row=Article.objects.get(headline="Story 1").pk)) == 1
    assert told(ada, thing="imports") == []
    sent = ada.get(reverse("desk:log_csv"), {"thing": "stories"})
    lines = list(csv.reader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"))))
    assert lines[0] == ["When", "Who", "What", "Address"]
    assert [line[2] for line in lines[1:]] == [
        f"submitted the story “Story {number}” for review." for number in (2, 1, 0)
    ]


def test_pages_of_the_log_follow_on_one_another_and_cost_the_same(ada, django_assert_num_queries):
    by = ada.user
    by.has_perm(desk_log.SEE)
    for number in range(12):
        make.appearance_of(claim := make.ClaimFactory(proposed=True))
        review_feedback.accept(claim=claim, by=by)
        desk_log.note(by=by, row=make.AuthorFactory(), words=f"Undid thing {number}.")
        LogEntry.objects.filter(change_message=f"Undid thing {number}.").update(action_flag=3)
    every = desk_log.page(by=by, question=desk_log.Question(), number=100)
    seen, key, pages = [], "", 0
    while pages == 0 or key:
        with django_assert_num_queries(7):
            found = desk_log.page(by=by, question=desk_log.Question(), after=key, number=8)
        seen += found.entries
        key, pages = found.next_key, pages + 1
    assert pages == 3
    assert [entry.key for entry in seen] == [entry.key for entry in every.entries]
    assert len(seen) == 24


@pytest.mark.parametrize("role", [permissions.REPORTER, permissions.FACT_CHECKER, permissions.IMPORT_STAFF])
def test_others_see_their_own_acts_alone(signed_in, role):
    client = signed_in(role)
    assert client.get(LOG).status_code == 403
    assert client.get(reverse("desk:log_csv")).status_code == 403
    assert client.get(LOG, {"by": make.UserFactory().pk}).status_code == 403
    assert client.get(LOG, {"by": client.user.pk}).status_code == 200
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "x"},
        {"after": "2026-01-01T00:00~0~1"},
        {"day": "99"},
        {"row": "1"},
        {"by": "a", "thing": "z"},
    ],
)
def test_an_address_that_means_nothing_shows_the_newest(ada, asked):
    assert ada.get(LOG, asked).status_code == 200
