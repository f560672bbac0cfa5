"""Merging people, topics and outlets on the desk's pages."""

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from stories.actions import permissions
from stories.actions.people import merging
from stories.models import Act, ClaimHeading, DistinctPair, Outlet, PersonMerge, Politician
from stories.tests.admin.forms import fill
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of, on_record

pytestmark = pytest.mark.django_db

PEOPLE, TOPICS = "/admin/people/merge/", "/admin/topics/merge/"
OUTLETS = "/admin/outlets/merge/"


@pytest.fixture
def two():
    winner, loser = PoliticianFactory(name="Ada Birkett"), PoliticianFactory(name="A. Birkett")
    ClaimFactory(speaker=winner)
    return winner, loser


def told(client, answer):
    return " ".join(str(message) for message in client.get(answer.url).context["messages"])


@pytest.mark.parametrize("url", [PEOPLE, f"{PEOPLE}distinct/", f"{PEOPLE}part/", TOPICS, f"{TOPICS}part/"])
@pytest.mark.parametrize("role", [permissions.REPORTER, permissions.FACT_CHECKER, permissions.IMPORT_STAFF])
def test_only_editors_come_here(signed_in, role, url):
    client = signed_in(role)
    assert client.post(url).status_code == 403
    assert client.get(url).status_code in (403, 405)


def test_look_alikes_are_shown_with_the_one_that_has_more_claims_first(editor, two):
    pair = editor.get(PEOPLE).context["pairs"][0]
    assert (pair["winner"], pair["loser"]) == two


def test_a_merge_is_shown_then_done_then_taken_back(editor, two):
    winner, loser = two
    numbers = {"winner": winner.pk, "loser": loser.pk}
    dry = editor.get(PEOPLE, numbers).content.decode()
    assert "becomes another name of Ada Birkett" in dry
    assert not PersonMerge.objects.exists()
    assert "was merged into" in told(editor, editor.post(PEOPLE, numbers))
    loser.refresh_from_db()
    assert loser.merged_into == winner
    merge = PersonMerge.objects.get()
    assert merge.by == editor.user
    editor.post(f"{PEOPLE}part/", {"merge": merge.pk})
    loser.refresh_from_db()
    assert loser.merged_into is None


def test_two_people_are_said_to_be_two(editor, two):
    editor.post(f"{PEOPLE}distinct/", {"first": two[1].pk, "second": two[0].pk})
    assert DistinctPair.objects.get().said_by == editor.user
    assert editor.get(PEOPLE).context["pairs"] == []
    assert "not the same person" in told(
        editor, editor.post(PEOPLE, {"winner": two[0].pk, "loser": two[1].pk})
    )


@pytest.mark.parametrize("data", [{}, {"winner": "x", "loser": "y"}, {"winner": "1"}])
def test_nonsense_merges_nobody(editor, two, data):
    assert editor.post(PEOPLE, data).status_code == 302
    assert editor.get(PEOPLE, data).status_code == 200
    assert not PersonMerge.objects.exists()


def test_two_rows_of_the_list_lead_to_their_merge(editor, two):
    rows = {"action": "merge_two", "_selected_action": [person.pk for person in two]}
    answer = editor.post("/admin/stories/politician/", rows)
    assert answer.url == f"{PEOPLE}?winner={two[0].pk}&loser={two[1].pk}"
    rows["_selected_action"] = rows["_selected_action"][:1]
    assert "Choose two" in told(editor, editor.post("/admin/stories/politician/", rows))


def test_merged_records_are_not_offered_when_a_name_is_completed(editor, two):
    merging.merge(winner=two[0], loser=two[1], by=None)
    query = {"app_label": "stories", "model_name": "claim", "field_name": "speaker", "term": "Birkett"}
    offered = editor.get("/admin/autocomplete/", query).json()["results"]
    assert [one["name"] for one in offered] == ["Ada Birkett"]


def test_the_page_asks_as_much_for_twenty_pairs_as_for_one(editor, two):
    def count():
        with CaptureQueriesContext(connection) as queries:
            editor.get(PEOPLE)
        return len(queries)

    count()
    one = count()
    for number in range(20):
        PoliticianFactory(name=f"Bram Corran {number}")
    assert count() == one


def test_a_record_that_was_merged_is_read_only_leads_on_and_is_parted_there(editor, two):
    winner, loser = two
    merge = merging.merge(winner=winner, loser=loser, by=editor.user)
    address = reverse("admin:stories_politician_change", args=[loser.pk])
    shown = editor.get(address).content.decode()
    assert f'href="{reverse("admin:stories_politician_change", args=[winner.pk])}"' in shown
    assert f'name="merge" value="{merge.pk}"' in shown.replace("\n", " ").replace("  ", " ")
    editor.post(address, {"name": "Another"})
    loser.refresh_from_db()
    assert loser.name != "Another"
    with pytest.raises(PermissionDenied):
        admin.site.get_model_admin(Politician).save_model(None, loser, None, change=True)
    editor.post(reverse("desk:people_unmerge"), {"merge": merge.pk})
    assert "was merged into" not in editor.get(address).content.decode()
    assert editor.get(address).context["has_change_permission"]


def test_topics_are_merged(editor):
    ArticleFactory(tags=["Harbour", "Walls"])
    ArticleFactory(tags=["Harbours"])
    old, new = Tag.objects.get(name="Harbour"), Tag.objects.get(name="Harbours")
    numbers = {"tag": old.pk, "into": new.pk}
    page = editor.get(TOPICS, numbers)
    assert [tuple(map(str, pair)) for pair in page.context["pairs"]] == [("Harbour", "Harbours")]
    assert "merge can be undone" in page.content.decode()
    assert "1 moved" in told(editor, editor.post(TOPICS, numbers))
    assert not Tag.objects.filter(name="Harbour").exists()
    assert editor.post(TOPICS, {"tag": new.pk, "into": 999}).status_code == 302


def test_of_two_like_topics_the_one_that_is_used_more_is_to_stay(editor):
    for name in ("Harbour", "Harbour", "Harbours"):
        ArticleFactory(tags=[name])
    [[goes, stays]] = editor.get(TOPICS).context["pairs"]
    assert [(tag.name, tag.uses) for tag in (goes, stays)] == [("Harbours", 1), ("Harbour", 2)]


def test_a_topic_s_new_name_moves_its_address(editor, client):
    ArticleFactory(tags=["Walls"])
    tag = Tag.objects.get()
    fill(editor, f"/admin/taggit/tag/{tag.pk}/change/", name="Sea walls")
    assert client.get("/topics/walls/").url == "/topics/sea-walls/"
    Tag.objects.create(name="Ferries", slug="ferries")
    refused = fill(editor, f"/admin/taggit/tag/{tag.pk}/change/", name="FERRIES")
    assert "merge the two instead" in refused.content.decode()


def test_a_new_topic_gets_its_address(editor):
    fill(editor, "/admin/taggit/tag/add/", name="  Sea   walls ")
    assert Tag.objects.values_list("name", "slug").get() == ("Sea walls", "sea-walls")


def test_topics_are_parted_again(editor):
    claim = ClaimFactory(tags=["Harbour"])
    ClaimFactory(tags=["Harbours"])
    tag, into = Tag.objects.get(name="Harbour"), Tag.objects.get(name="Harbours")
    editor.post(TOPICS, {"tag": tag.pk, "into": into.pk})
    page = editor.get(TOPICS).content.decode()
    assert "“Harbour” into “Harbours”" in page
    merge = Act.objects.get()
    page = editor.post(f"{TOPICS}part/", {"merge": merge.pk}, follow=True).content.decode()
    assert "“Harbour” is a topic of its own again." in page
    assert [tag.name for tag in claim.tags.all()] == ["Harbour"]
    page = editor.post(f"{TOPICS}part/", {"merge": merge.pk}, follow=True).content.decode()
    assert "already been undone" in page


@pytest.mark.parametrize("selected", [False, True])
def test_what_a_deleted_person_said_stays_under_their_name(editor, selected):
    person = PoliticianFactory(name="Ada Aldous")
    claim = ClaimFactory(speaker=person)
    if selected:
        asked = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
        editor.post(reverse("admin:stories_politician_changelist"), asked)
    else:
        editor.post(reverse("admin:stories_politician_delete", args=[person.pk]), {"post": "yes"})
    assert not Politician.objects.exists()
    claim.refresh_from_db()
    assert (claim.speaker, claim.speaker_label) == (None, "Ada Aldous")


def test_outlets_are_merged_and_parted_again(editor):
    for printed in ("the Quay Echo", "the Echo"):
        appearance_of(ClaimFactory(), outlet=printed)
    winner, loser = on_record("the Quay Echo"), on_record("the Echo")
    numbers = {"winner": winner.pk, "loser": loser.pk}
    page = editor.get(OUTLETS, numbers).content.decode()
    assert "1 claim is filed under Quay Echo then" in page
    assert "“Echo” was merged into “Quay Echo”" in told(editor, editor.post(OUTLETS, numbers))
    assert list(winner.names.values_list("name", flat=True)) == ["Echo", "Quay Echo"]
    merge = {"merge": Act.objects.get().pk}
    assert "“Echo” is an outlet of its own again." in told(editor, editor.post(f"{OUTLETS}part/", merge))
    assert list(winner.names.values_list("name", flat=True)) == ["Quay Echo"]


def test_words_that_name_no_outlet_become_a_name_of_one(editor):
    appearance_of(ClaimFactory(), outlet="the Quay Echo")
    claim = appearance_of(ClaimFactory(), outlet="our rival").claim
    Outlet.objects.get(slug="our-rival").delete()
    echo = on_record("the Quay Echo")
    page = editor.get(OUTLETS).content.decode()
    assert "our rival" in page
    assert "?name=our%20rival" in page
    address = f"/admin/stories/outlet/{echo.pk}/change/"
    refused = fill(editor, address, **{"names-0-name": "—"})
    assert "A name has a letter or a figure in it." in refused.content.decode()
    fill(editor, address, **{"names-0-name": "Our Rival"})
    assert "our rival" not in editor.get(OUTLETS).content.decode()
    assert ClaimHeading.objects.get(claim=claim.pk, outlet__isnull=False).outlet == echo.pk
    refused = fill(editor, "/admin/stories/outlet/add/", name="OUR RIVAL")
    assert "Quay Echo already has that name" in refused.content.decode()
