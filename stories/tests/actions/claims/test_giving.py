"""Claims under one source are given to whoever said them in one act, and go back in one step."""

import pytest

from stories.actions import permissions
from stories.actions.claims import giving, review_queue
from stories.actions.errors import NotAllowed, NotReady
from stories.models import Act, Claim, Politician, ReviewDecision
from stories.tests.factories import ClaimFactory, PoliticianFactory, appearance_of

pytestmark = pytest.mark.django_db

COLUMNS = ("pk", "wording", "speaker", "speaker_label", "state")


@pytest.fixture
def checker(person):
    return person(permissions.FACT_CHECKER)


def under(label, number=1):
    rows = [ClaimFactory(proposed=True, speaker=None, speaker_label=label) for _ in range(number)]
    for row in rows:
        appearance_of(row, rule="name before cue", confidence=0.8)
    return rows


def everything():
    claims = list(Claim.objects.order_by("pk").values(*COLUMNS))
    return (
        claims,
        list(Politician.objects.order_by("pk").values("name", "confirmed")),
        ReviewDecision.objects.count(),
    )


def numbers(rows):
    return [row.pk for row in rows]


@pytest.mark.parametrize(
    "whom", [{"new_person": "Tove Hollin"}, {"speaker_label": "the mayor of Saltby"}, {"speaker": None}]
)
def test_all_under_a_source_are_given_and_go_back_in_one_step(checker, whom):
    rows = under("the mayor", 3)
    if "speaker" in whom:
        known = PoliticianFactory(confirmed=False)
        whom = {"speaker": known}
        ClaimFactory(speaker=known, wording=rows[1].wording)
    before = everything()
    act = giving.give(claims=numbers(rows), by=checker, **whom)
    name = str(next(iter(whom.values())))
    assert act.what == f"3 claims were given to {name}"
    left = Claim.objects.filter(pk__in=numbers(rows))
    assert {row.speaker_name for row in left} == {name}
    assert {row.state for row in left} == {"proposed"}
    assert left.count() == (2 if "speaker" in whom else 3)
    assert ReviewDecision.objects.filter(verb="reassigned", rule="name before cue").count() == 3
    assert review_queue.undo_last(by=checker) == (None, [])
    assert everything() == before
    with pytest.raises(NotReady, match="nothing to take back"):
        review_queue.undo_last(by=checker)


def test_two_in_the_same_words_become_one(checker):
    first, second = under("the mayor", 2)
    Claim.objects.filter(pk=second.pk).update(wording=first.wording)
    before = everything()
    giving.give(claims=[first.pk, second.pk], by=checker, new_person="Tove Hollin")
    assert Claim.objects.get().appearances.count() == 2
    giving.take_back(act=Act.objects.get(), by=checker)
    assert everything() == before


def test_what_was_reviewed_since_stays_with_whom_it_was_given_to(checker, person):
    rows, whom = under("the mayor", 3), PoliticianFactory()
    giving.give(claims=numbers(rows), by=checker, speaker=whom)
    review_queue.decide(claim=rows[0], by=person(permissions.EDITOR), verb="accepted")
    _, stayed = review_queue.undo_last(by=checker)
    assert stayed == [f"1 claim was reviewed since and left with {whom}."]
    assert [row.speaker_name for row in Claim.objects.order_by("pk")] == [whom.name, "the mayor", "the mayor"]


def test_the_last_act_is_taken_back_first(checker):
    rows = under("the mayor", 2)
    giving.give(claims=numbers(rows), by=checker, speaker=PoliticianFactory())
    review_queue.decide(claim=rows[0], by=checker, verb="rejected")
    assert review_queue.undo_last(by=checker)[0] == rows[0]
    assert isinstance(review_queue.last_done(checker), Act)
    review_queue.undo_last(by=checker)
    assert {row.speaker_label for row in Claim.objects.all()} == {"the mayor"}


def test_what_somebody_else_has_open_or_has_decided_stays(checker, person):
    mine, open_elsewhere, decided = under("the mayor", 3)
    other = person(permissions.EDITOR)
    review_queue.decide(claim=decided, by=other, verb="rejected")
    assert review_queue.take(by=other, apart_from=[mine.pk]) == open_elsewhere
    whom = PoliticianFactory()
    found = giving.sorted_out(claims=numbers([mine, open_elsewhere, decided]), by=checker, speaker=whom)
    assert (found.given, found.joined, found.busy) == ([mine], [], [open_elsewhere])
    giving.give(claims=numbers([mine, open_elsewhere, decided]), by=checker, speaker=whom)
    assert list(Claim.objects.filter(speaker=whom)) == [mine]
    with pytest.raises(NotReady, match="left to give"):
        giving.give(claims=numbers([mine, open_elsewhere]), by=checker, speaker=whom)


def test_only_a_reviewer_gives_and_to_one_alone(checker, person):
    (row,) = under("the mayor")
    with pytest.raises(NotAllowed):
        giving.give(claims=[row.pk], by=person(permissions.REPORTER), speaker_label="a clerk")
    for whom in ({}, {"speaker_label": "a clerk", "new_person": "Tove Hollin"}):
        with pytest.raises(NotReady, match="Say who said them"):
            giving.give(claims=[row.pk], by=checker, **whom)
    assert not Act.objects.exists()


def test_giving_more_asks_little_more(checker, django_assert_max_num_queries):
    rows, whom = under("the mayor", 40), PoliticianFactory()
    with django_assert_max_num_queries(40 * 4 + 60):
        giving.give(claims=numbers(rows), by=checker, speaker=whom)
    with django_assert_max_num_queries(40 * 9):
        review_queue.undo_last(by=checker)
