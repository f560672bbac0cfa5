"""What is done to several rows of a list at once, named before it is done; and the order a list keeps."""

import re
from html import unescape

import pytest

from stories.actions import permissions
from stories.models import Article, Claim, Politician
from stories.tests import factories as make

pytestmark = pytest.mark.django_db

STORIES, CLAIMS, PEOPLE = (f"/admin/stories/{name}/" for name in ("article", "claim", "politician"))


def ticked(client, url, action, rows):
    """The page that names the rows."""
    answer = client.post(url, {"action": action, "_selected_action": [row.pk for row in rows]})
    return answer.url, unescape(client.get(answer.url).content.decode())


def told(answer):
    return " ".join(unescape(str(message)) for message in answer.context["messages"])


@pytest.mark.parametrize(("url", "factory"), [(STORIES, make.ArticleFactory), (CLAIMS, make.ClaimFactory)])
def test_several_rows_are_tagged_at_once_and_the_tag_taken_off_where_it_was_put(editor, url, factory):
    had, *others = rows = [factory(tags=["Walls"] if n == 0 else []) for n in range(3)]
    address, named = ticked(editor, url, "tag", rows)
    assert all(str(row) in named for row in rows)
    said = told(editor.post(address, {"tags": ["walls"]}, follow=True))
    assert "Added topics to 2 " in said
    assert f"“{had}” was left as it was. It has these topics already." in said
    assert all([tag.name for tag in row.tags.all()] == ["Walls"] for row in rows)
    back = re.search(r'href="([^"]+)">Take it back', said)[1]
    assert '<option value="Walls" selected>' in editor.get(back).content.decode()
    editor.post(back, {"tags": ["Walls"]})
    assert had.tags.count() == 1
    assert not any(row.tags.exists() for row in others)


def test_a_tag_has_to_be_named(editor):
    story = make.ArticleFactory()
    asked = editor.post(f"{STORIES}do/tag/?ids={story.pk}", {})
    assert "This field is required" in asked.content.decode()


def test_a_reporter_tags_a_draft_and_not_what_readers_see(signed_in):
    client = signed_in(permissions.REPORTER)
    live, draft = make.ArticleFactory(), make.ArticleFactory(draft=True)
    client.post(f"{STORIES}do/tag/?ids={live.pk},{draft.pk}", {"tags": ["Walls"]})
    assert list(Article.objects.filter(tags__name="Walls")) == [draft]


def test_records_that_the_desk_vouches_for_are_named_first_and_withheld_again(editor):
    people = [make.PoliticianFactory(confirmed=False) for _ in range(2)]
    address, named = ticked(editor, PEOPLE, "confirm", people)
    assert all(person.name in named for person in people)
    assert not Politician.objects.published().exists()
    said = told(editor.post(address, follow=True))
    assert Politician.objects.published().count() == 2
    editor.post(re.search(r'href="([^"]+)">Take it back', said)[1])
    assert not Politician.objects.published().exists()


@pytest.mark.parametrize(("old", "new"), [("vouch", "confirm"), ("withhold", "unconfirm")])
def test_a_former_address_of_an_action_leads_to_its_page(editor, old, new):
    person = make.PoliticianFactory()
    moved = editor.get(f"{PEOPLE}do/{old}/?ids={person.pk}")
    assert (moved.status_code, moved.url) == (301, f"{PEOPLE}do/{new}/?ids={person.pk}")


@pytest.mark.parametrize("verb", ["confirm", "unconfirm"])
def test_a_reporter_confirms_nobody(signed_in, verb):
    person = make.PoliticianFactory()
    assert signed_in(permissions.REPORTER).post(f"{PEOPLE}do/{verb}/?ids={person.pk}").status_code == 403


def test_a_list_opens_in_the_order_it_was_left_in(editor):
    for wording in ("b", "a", "c"):
        make.ClaimFactory(wording=wording)

    def order(query=""):
        page = editor.get(CLAIMS + query)
        return "".join(claim.wording for claim in page.context["cl"].result_list)

    assert order() == "cab"
    assert order("?o=1") == "abc"
    assert order() == order("?state__exact=accepted") == "abc"
    assert order("?o=-1") == order() == "cba"
    assert order("?o=") == order() == "cab"
    assert editor.get(STORIES).context["cl"].params == {}


@pytest.mark.parametrize("kept", ["x", "1;2", "1.", "9" * 40, "-"])
def test_an_order_nobody_chose_is_passed_over(editor, kept):
    make.ClaimFactory()
    editor.cookies["order-stories-claim"] = kept
    assert "o" not in editor.get(CLAIMS).context["cl"].params
    assert Claim.objects.count() == 1
