"""The front page's screen works step by step without a script, and loses nothing that was chosen on it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from stories.actions import permissions
from stories.models import Article, FrontPlace
from stories.models.front_page import PLACES
from stories.tests.factories import ArticleFactory
from stories.tests.html import flat

pytestmark = pytest.mark.django_db
URL = "/admin/front-page/"


def form_of(page) -> dict[str, str]:
    """What the page's form would post, without a button."""
    lines = [line for line in page.context["lines"] if line.story]
    data = {"seen": page.context["draft"].seen, "words": page.context["words"]}
    for line in lines:
        name = f"place-{line.place}"
        data |= {name: line.story.pk, f"{name}_0": line.row.date, f"{name}_1": line.row.time}
    return data


def press(client, page, button: str, **typed: str):
    assert f'value="{button}"' in page.content.decode() or button.startswith("move"), button
    return client.post(URL, form_of(page) | typed | {"do": button}, follow=True)


def on_screen(page) -> list[str]:
    return [line.story.headline for line in page.context["lines"] if line.story]


@pytest.fixture
def stories(db) -> dict[str, Article]:
    return {
        name: ArticleFactory(headline=name, plain=f"All of the {name} is here.")
        for name in ("Wall", "Gull", "Quay")
    }


def test_a_front_page_is_put_together_with_buttons_alone_and_saved_at_the_end(editor, stories):
    page = editor.get(URL)
    for name in ("Wall", "Gull", "Quay"):
        page = press(editor, page, "search", words=name.lower())
        assert [story.headline for story in page.context["found"]] == [name]
        page = press(editor, page, f"add-{stories[name].pk}")
    assert on_screen(page) == ["Wall", "Gull", "Quay"]
    page = press(editor, page, "up-3")
    assert on_screen(page) == ["Wall", "Quay", "Gull"]
    page = press(editor, page, "down-1")
    page = press(editor, page, "move-3-1")
    assert on_screen(page) == ["Gull", "Quay", "Wall"]
    assert "“Gull” is the lead, not saved yet." in flat(page.content.decode())
    page = press(editor, page, "off-2")
    assert not FrontPlace.objects.exists()
    page = press(editor, page, "save", **{"place-1_0": "4 March 2131", "place-1_1": "18:00"})
    assert [line.story.headline if line.story else "" for line in page.context["lines"]][:3] == [
        "Gull",
        "",
        "Wall",
    ]
    lead = FrontPlace.objects.get(place=1)
    assert lead.until == timezone.make_aware(timezone.datetime(2131, 3, 4, 18))
    assert "“Gull” until 4 March 2131, 18:00" in flat(page.content.decode())
    page = editor.post(reverse("desk:front_page_undo"), {"act": page.context["last"].pk}, follow=True)
    assert on_screen(page) == []


def test_what_cannot_be_saved_stays_on_the_screen_with_the_reason(editor, stories):
    page = press(editor, editor.get(URL), f"lead-{stories['Wall'].pk}")
    for day, time in (("yesterday", "18:00"), ("4 March 2001", "18:00"), ("4 March 2131", "")):
        page = press(editor, page, "save", **{"place-1_0": day, "place-1_1": time})
        assert on_screen(page) == ["Wall"]
        assert 'class="errorlist"' in page.content.decode()
        assert (page.context["lines"][0].row.date, page.context["lines"][0].row.time) == (day, time)
    assert not FrontPlace.objects.exclude(article=None).exists()


def test_the_second_to_save_is_shown_what_the_first_chose_and_keeps_their_own(editor, signed_in, stories):
    other = signed_in(permissions.EDITOR, first_name="Ada", last_name="Eskdale")
    mine = press(editor, editor.get(URL), f"add-{stories['Wall'].pk}")
    press(other, press(other, other.get(URL), f"add-{stories['Gull'].pk}"), "save")
    mine = press(editor, mine, "save")
    words = flat(mine.content.decode())
    assert "Ada Eskdale changed the front page while you had it open" in words
    assert "Gull" in words.partition('id="meanwhile"')[2].partition("</section>")[0]
    assert on_screen(mine) == ["Wall"]
    assert FrontPlace.objects.get(place=1).article == stories["Gull"]
    press(editor, mine, "save")
    assert FrontPlace.objects.get(place=1).article == stories["Wall"]


def test_a_story_s_page_leads_here_and_the_lead_before_it_moves_down(editor, stories):
    FrontPlace.objects.create(place=1, article=stories["Gull"])
    FrontPlace.objects.create(place=3, article=stories["Quay"])
    address = f"{URL}?lead={stories['Wall'].pk}"
    assert (
        address
        in editor.get(reverse("admin:stories_article_change", args=[stories["Wall"].pk])).content.decode()
    )
    draft = ArticleFactory(draft=True)
    assert (
        "?lead=" not in editor.get(reverse("admin:stories_article_change", args=[draft.pk])).content.decode()
    )
    page = editor.get(address)
    assert [line.story.headline for line in page.context["lines"] if line.story] == ["Wall", "Gull", "Quay"]
    assert FrontPlace.objects.get(place=1).article == stories["Gull"], "not saved yet"
    full = {f"place-{place}": ArticleFactory().pk for place in range(1, PLACES + 1)}
    page = editor.post(URL, full | {"do": f"add-{stories['Wall'].pk}"})
    assert "All places are taken" in page.content.decode()
    page = editor.post(URL, full | {"do": f"lead-{stories['Wall'].pk}"})
    assert [line.story.pk for line in page.context["lines"]] == [
        stories["Wall"].pk,
        *list(full.values())[:-1],
    ]


def test_who_may_not_publish_does_not_see_it(signed_in):
    reporter = signed_in(permissions.REPORTER)
    assert reporter.get(URL).status_code == 403
    assert reporter.post(reverse("desk:front_page_undo")).status_code == 403
    assert URL not in reporter.get(reverse("admin:index")).content.decode()


def test_what_readers_do_not_see_is_named_with_the_reason(editor, stories):
    soon = ArticleFactory(headline="Soon", scheduled=True)
    for place, story in enumerate((soon, stories["Wall"], stories["Gull"]), start=1):
        FrontPlace.objects.create(place=place, article=story)
    Article.objects.filter(pk=stories["Wall"].pk).update(status="withdrawn")
    notes = [line.note for line in editor.get(URL).context["lines"]][:3]
    assert notes[0].startswith("Scheduled for")
    assert notes[1].startswith("Not published")
    assert notes[2] == ""


def test_the_screen_asks_as_much_for_ten_choices_as_for_one(editor, stories, django_assert_num_queries):
    FrontPlace.objects.create(place=1, article=stories["Wall"])
    editor.get(URL)
    with django_assert_num_queries(11):
        editor.get(URL)
    for place in range(2, PLACES + 1):
        FrontPlace.objects.create(place=place, article=ArticleFactory())
    with django_assert_num_queries(11):
        editor.get(URL)
