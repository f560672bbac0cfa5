"""The list of stories: its order, its search, who has a story open, and views that somebody saved."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stories.actions import permissions
from stories.actions.stories import autosave, saved_views
from stories.models import Article, SavedView
from stories.tests import factories as make
from stories.tests.html import flat

pytestmark = pytest.mark.django_db
STORIES = "/admin/stories/article/"


def listed(client, **asked):
    return [story.headline for story in client.get(STORIES, asked).context["cl"].result_list]


def test_stories_are_listed_by_when_they_were_last_saved_whatever_their_stage(editor):
    for name in ("Live", "Draft", "Scheduled"):
        make.ArticleFactory(headline=name, draft=name == "Draft", scheduled=name == "Scheduled")
    live = Article.objects.get(headline="Live")
    assert listed(editor) == ["Scheduled", "Draft", "Live"]
    live.save(update_fields=["standfirst"])
    assert listed(editor) == ["Live", "Scheduled", "Draft"]
    assert live.changed_at == Article.objects.get(pk=live.pk).changed_at


def test_the_text_of_drafts_is_searched_with_headlines_and_authors(editor):
    author = make.AuthorFactory(name="Maud Ellery")
    make.ArticleFactory(
        headline="A wall", draft=True, plain="The gasworks at Eastmere closed.", authors=[author]
    )
    make.ArticleFactory(headline="A bridge", plain="Eastmere has closed its gasworks.")
    assert sorted(listed(editor, q="gasworks eastm")) == ["A bridge", "A wall"]
    assert listed(editor, q='"gasworks at Eastmere"') == ["A wall"]
    assert listed(editor, q="ellery gasworks") == ["A wall"]
    assert listed(editor, q="bridge") == ["A bridge"]
    assert listed(editor, q="aqueduct") == []
    found = Client().get(reverse("stories:search"), {"q": "gasworks"}).content.decode()
    assert "A bridge" in found
    assert "A wall" not in found


def test_the_list_says_who_has_a_story_open_and_since_when(editor):
    story = make.ArticleFactory(draft=True)
    other = make.UserFactory(first_name="Ada", last_name="Hearn")
    since = timezone.localtime() - datetime.timedelta(seconds=5)
    autosave.note_presence(article=story, by=other, now=since)
    page = flat(editor.get(STORIES).content.decode())
    assert f'Ada Hearn <span class="quiet">since {since:%H:%M}</span>' in page


def test_a_view_is_saved_opened_replaced_and_deleted(editor, signed_in):
    make.ArticleFactory(headline="A draft", draft=True)
    make.ArticleFactory(headline="A live story")
    shown = flat(editor.get(STORIES, {"stage": "draft", "p": "1"}).content.decode())
    assert 'name="query" value="stage=draft"' in shown
    saved = editor.post(
        reverse("desk:view_save"), {"name": " To  do ", "query": "stage=draft&p=3&e=1"}, follow=True
    )
    assert saved.redirect_chain == [(f"{STORIES}?stage=draft", 302)]
    page = flat(editor.get(STORIES).content.decode())
    link = re.search(r'<a href="\?(stage=draft)"\s*>To do</a>', page)
    assert listed(editor, stage=link[1].partition("=")[2]) == ["A draft"]
    editor.post(reverse("desk:view_save"), {"name": "To do", "query": "stage=published"})
    view = SavedView.objects.get()
    assert view.query == "stage=published"
    other = signed_in(permissions.REPORTER)
    assert "To do" not in other.get(STORIES).content.decode()
    other.post(reverse("desk:view_delete"), {"view": view.pk})
    assert SavedView.objects.count() == 1
    editor.post(reverse("desk:view_delete"), {"view": view.pk})
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "query"),
    [("", "q=wall"), ("All", ""), ("All", "p=2"), ("n" * 61, "q=wall"), ("Long", "q=" + "a" * 500)],
)
def test_a_view_that_cannot_be_is_refused_in_a_sentence(editor, name, query):
    refused = editor.post(reverse("desk:view_save"), {"name": name, "query": query}, follow=True)
    assert [message.level_tag for message in refused.context["messages"]] == ["error"]
    assert not SavedView.objects.exists()


def test_nobody_has_more_views_than_can_be_shown(editor):
    for number in range(saved_views.MOST):
        saved_views.save(name=f"View {number}", query="q=a", by=editor.user)
    editor.post(reverse("desk:view_save"), {"name": "One more", "query": "q=wall"})
    assert SavedView.objects.count() == saved_views.MOST


def test_of_what_a_search_finds_primary_keys_alone_are_put_in_order(editor):
    make.ArticleFactory(headline="The gasworks close")
    with CaptureQueriesContext(connection) as queries:
        assert listed(editor, q="gasworks") == ["The gasworks close"]
    searching = [query["sql"] for query in queries if "stories_search" in query["sql"]]
    assert searching
    assert not [sql for sql in searching if "headline" in sql.partition(" FROM ")[0]]
