"""Printed words find their outlet, and two records of one outlet become one and two again."""

import pytest

from stories.actions import outlets, permissions
from stories.actions.errors import NotAllowed, NotReady
from stories.models import Act, Appearance, ClaimHeading, FormerSlug, Outlet, OutletName, OutletWords
from stories.tests.factories import ClaimFactory, appearance_of, on_record
from stories.word_lists import outlet_named

pytestmark = pytest.mark.django_db


def names() -> dict[str, list[str]]:
    return {str(one): sorted(one.names.values_list("name", flat=True)) for one in Outlet.objects.all()}


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("BBC1", "BBC One"),
        ("the Today programme", "BBC Radio 4’s Today"),
        ("BBC Radio 4’s Today programme", "BBC Radio 4’s Today"),
        ("the GUARDIAN", "The Guardian"),
        ("the Telegraph", "The Daily Telegraph"),
        ("the Eastmere Post", "Eastmere Post"),
        ("Radio Tidewick", "Radio Tidewick"),
        ("reporters", None),
        ("the seminar", None),
        ("Mr Corran", None),
        ("Ada Post", None),
        ("the Culture Committee", None),
        ("the Post", None),  # whose?
        ("the", None),
        ("", None),
    ],
)
def test_words_name_an_outlet_by_the_list_or_by_their_form(printed: str, name: str | None) -> None:
    assert outlet_named(printed) == name


def test_all_printings_of_an_outlet_are_filed_under_one_record_and_a_crowd_under_none() -> None:
    outlets.file(["BBC1", "bbc one", "BBC1", "reporters", "the Telegraph", "the Daily Telegraph", "—", ""])
    assert names() == {
        "BBC One": ["BBC One", "BBC1"],
        "The Daily Telegraph": ["Telegraph", "The Daily Telegraph"],
    }
    assert OutletWords.objects.count() == 5


def test_filing_what_is_on_record_asks_twice_and_writes_nothing(django_assert_num_queries) -> None:
    for _ in range(2):
        outlets.file(["BBC1", "reporters"])
    with django_assert_num_queries(2):
        outlets.file(["BBC1", "BBC1", "reporters"])
    with django_assert_num_queries(0):
        outlets.file(["", "—"])


def test_a_name_given_at_the_desk_takes_in_what_was_printed_so_before() -> None:
    claim = ClaimFactory()
    appearance_of(claim)
    post = on_record("the Eastmere Post")
    other = ClaimFactory()
    appearance_of(other, outlet="")
    outlets.file(["our paper"])
    Appearance.objects.filter(claim=other).update(outlet="our paper")
    assert outlets.of_nobody() == [("our paper", 1)]
    OutletName.objects.create(outlet=post, name="Our Paper")
    assert outlets.of_nobody() == []
    under = ClaimHeading.objects.filter(outlet=post.pk).values_list("claim", flat=True)
    assert set(under) == {claim.pk, other.pk}


def test_a_new_name_is_added_to_those_it_had_and_none_is_given_twice() -> None:
    outlets.file(["the Eastmere Post", "the Quay Echo"])
    post = Outlet.objects.get(slug="eastmere-post")
    post.name = "The Post of Eastmere"
    outlets.put_on_record(outlet=post)
    assert names()["The Post of Eastmere"] == ["Eastmere Post", "The Post of Eastmere"]
    post.name = "the quay echo"
    with pytest.raises(NotReady, match="Quay Echo already has that name"):
        outlets.put_on_record(outlet=post)


def two() -> tuple[Outlet, Outlet]:
    for printed in ("the Eastmere Post", "the Post", "the Post"):
        appearance_of(ClaimFactory(), outlet=printed)
    winner, loser = on_record("the Eastmere Post"), on_record("the Post")
    Outlet.objects.filter(pk=loser.pk).update(kind="newspaper", website="https://post.example/")
    return winner, Outlet.objects.get(pk=loser.pk)


def state() -> list[object]:
    models = (Outlet, OutletName, OutletWords, FormerSlug)
    columns = ("id", "claim_id", "outlet", "public_from")
    heads = ClaimHeading.objects.filter(outlet__isnull=False).values_list("claim", "outlet")
    return [
        *(sorted(model.objects.values_list()) for model in models),
        sorted(heads),
        list(Appearance.objects.order_by("pk").values_list(*columns)),
    ]


def test_what_was_said_to_the_one_was_said_to_the_other_and_stories_print_what_they_did() -> None:
    winner, loser = two()
    before = state()
    told = outlets.plan(winner=winner, loser=loser).moves
    assert state() == before
    assert told[0].startswith("2 claims are filed under Eastmere Post then")
    assert told[1:] == (
        "Eastmere Post is also called: Post.",
        "/outlets/post/ leads to Eastmere Post from now on.",
    )
    kept = outlets.merge(winner=winner, loser=loser, by=None)
    assert (kept.kind, kept.website) == ("newspaper", "https://post.example/")
    assert names() == {"Eastmere Post": ["Eastmere Post", "Post"]}
    assert ClaimHeading.objects.filter(outlet=winner.pk).count() == 3
    assert set(Appearance.objects.values_list("outlet", flat=True)) == {"the Eastmere Post", "the Post"}
    outlets.unmerge(merge=Act.objects.get(), by=None)
    assert state() == before


def test_a_merge_taken_back_leaves_what_somebody_changed_since() -> None:
    winner, loser = two()
    outlets.merge(winner=winner, loser=loser, by=None)
    third = on_record("the Quay Echo")
    OutletName.objects.filter(key="post").update(outlet=third)
    merge = Act.objects.get()
    outlets.unmerge(merge=merge, by=None)
    assert OutletName.objects.get(key="post").outlet == third
    assert merge.changes["stayed"] == ["The other name “Post”: outlet was changed since and stays."]
    with pytest.raises(NotReady, match="already been undone"):
        outlets.unmerge(merge=merge, by=None)


def test_addresses_of_an_outlet_that_was_merged_twice_lead_to_the_last(client) -> None:
    winner, loser = two()
    third = on_record("the Quay Echo")
    outlets.merge(winner=winner, loser=loser, by=None)
    outlets.merge(winner=third, loser=winner, by=None)
    for old in ("post", "eastmere-post"):
        assert client.get(f"/outlets/{old}/").url == "/outlets/quay-echo/"


def test_outlets_are_merged_by_those_who_may_change_them_and_the_history_says_so(person) -> None:
    winner, loser = two()
    with pytest.raises(NotAllowed):
        outlets.merge(winner=winner, loser=loser, by=person(permissions.REPORTER))
    with pytest.raises(NotReady, match="one outlet"):
        outlets.merge(winner=winner, loser=winner, by=None)
    editor = person(permissions.EDITOR)
    outlets.merge(winner=winner, loser=loser, by=editor)
    with pytest.raises(NotAllowed):
        outlets.unmerge(merge=Act.objects.get(), by=person(permissions.REPORTER))
    outlets.unmerge(merge=Act.objects.get(), by=editor)
