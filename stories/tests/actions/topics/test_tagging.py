import pytest
from taggit.models import Tag

from stories.actions import permissions
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.people import duplicates
from stories.actions.stories import revisions
from stories.actions.topics import tagging
from stories.models import Article
from stories.tests.actions.conftest import EVERYBODY, OPERATOR
from stories.tests.factories import ArticleFactory, ClaimFactory

pytestmark = pytest.mark.django_db


def tag(name):
    return Tag.objects.get(name=name)


def test_two_topics_become_one_and_both_addresses_lead_there(client):
    both = ArticleFactory(tags=["Harbour", "Harbours"])
    one = ArticleFactory(tags=["Harbour"])
    claim = ClaimFactory(tags=["Harbour"])
    merged = tagging.merge(tag=tag("Harbour"), into=tag("Harbours"), by=None)
    assert (merged.moved, merged.doubled) == (2, 1)
    for thing in (both, one, claim):
        assert [found.name for found in thing.tags.all()] == ["Harbours"]
    answer = client.get("/topics/harbour/")
    assert (answer.status_code, answer.url) == (301, "/topics/harbours/")


def test_a_new_name_has_its_own_address_and_the_old_one_leads_there(client):
    ArticleFactory(tags=["By elections"])
    tagging.rename(tag=tag("By elections"), name="  Byelections ", by=None)
    assert client.get("/topics/byelections/").status_code == 200
    assert client.get("/topics/by-elections/").url == "/topics/byelections/"
    tagging.rename(tag=tag("Byelections"), name="By-elections", by=None)
    assert client.get("/topics/by-elections/").status_code == 200
    assert client.get("/topics/byelections/").url == "/topics/by-elections/"


def test_addresses_of_a_topic_that_was_merged_twice_still_lead_somewhere(client):
    ArticleFactory(tags=["One", "Two", "Three"])
    tagging.merge(tag=tag("One"), into=tag("Two"), by=None)
    tagging.merge(tag=tag("Two"), into=tag("Three"), by=None)
    for old in ("one", "two"):
        assert client.get(f"/topics/{old}/").url == "/topics/three/"


@pytest.mark.parametrize("name", ["", "   ", "…", "x" * 101])
def test_a_topic_has_a_name(name):
    ArticleFactory(tags=["Harbours"])
    with pytest.raises(NotReady, match="1 to 100"):
        tagging.rename(tag=tag("Harbours"), name=name, by=None)


def test_two_topics_never_have_one_name():
    ArticleFactory(tags=["Harbours", "Walls"])
    with pytest.raises(NotReady, match="merge"):
        tagging.rename(tag=tag("Walls"), name="harbours", by=None)
    with pytest.raises(NotReady, match="one topic"):
        tagging.merge(tag=tag("Walls"), into=tag("Walls"), by=None)


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_editors_tidy_topics(person, role):
    ArticleFactory(tags=["Harbour", "Harbours"])
    by = person(role)
    if role in (permissions.EDITOR, OPERATOR):
        tagging.merge(tag=tag("Harbour"), into=tag("Harbours"), by=by)
        tagging.rename(tag=tag("Harbours"), name="Ports", by=by)
    else:
        with pytest.raises(NotAllowed):
            tagging.merge(tag=tag("Harbour"), into=tag("Harbours"), by=by)
        with pytest.raises(NotAllowed):
            tagging.rename(tag=tag("Harbour"), name="Ports", by=by)


def test_topics_that_differ_in_little_are_suggested():
    ArticleFactory(tags=["By-election", "By elections", "Housing", "Immigration", "Imigration", "Tax"])
    found = {tuple(sorted((one.name, two.name))) for one, two in duplicates.topics()}
    assert found == {("By elections", "By-election"), ("Imigration", "Immigration")}


@pytest.mark.parametrize("make", [ArticleFactory, ClaimFactory])
def test_tags_are_put_on_beside_those_there_are_and_taken_off_again(make):
    row = make(tags=["Harbours"])
    assert tagging.put_on(row=row, names=["Harbours", "Walls"], by=None) == ("Walls",)
    assert {one.name for one in row.tags.all()} == {"Harbours", "Walls"}
    with pytest.raises(NotReady, match="already"):
        tagging.put_on(row=row, names=["Walls"], by=None)
    assert tagging.take_off(row=row, names=["Walls", "Tax"], by=None) == ("Walls",)
    assert [one.name for one in row.tags.all()] == ["Harbours"]
    with pytest.raises(NotReady, match="none"):
        tagging.take_off(row=row, names=["Walls"], by=None)


def test_a_tag_put_on_a_story_that_somebody_has_open_is_in_its_history(person):
    story = ArticleFactory(draft=True, tags=["Harbours"])
    before = story.version
    tagging.put_on(row=story, names=["Walls"], by=person(permissions.EDITOR))
    assert Article.objects.get().version == before + 1
    kept = revisions.of_story(article=story)
    assert kept[0].comment == "Tagged Walls."
    tags = [revisions.as_of(article=story, revision=one.revision).tags for one in kept]
    assert tags == [("Harbours", "Walls"), ("Harbours",)]


@pytest.mark.parametrize(
    ("role", "draft", "live", "proposed", "decided"),
    [
        (permissions.REPORTER, True, False, True, False),
        (permissions.FACT_CHECKER, False, False, True, True),
        (permissions.EDITOR, True, True, True, True),
        (permissions.IMPORT_STAFF, False, False, False, False),
    ],
)
def test_who_may_change_a_story_or_a_claim_may_tag_it(person, role, draft, live, proposed, decided):
    by = person(role)
    for row, may in (
        (ArticleFactory(draft=True), draft),
        (ArticleFactory(), live),
        (ClaimFactory(proposed=True), proposed),
        (ClaimFactory(), decided),
    ):
        if may:
            tagging.put_on(row=row, names=["Walls"], by=by)
        else:
            with pytest.raises(NotAllowed):
                tagging.put_on(row=row, names=["Walls"], by=by)
