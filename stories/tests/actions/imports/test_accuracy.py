import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions import permissions
from stories.actions.claims import review, review_feedback, review_queue
from stories.actions.errors import NotAllowed
from stories.actions.imports import accuracy
from stories.extraction.evaluation import figures
from stories.models import ReviewDecision
from stories.tests.factories import ClaimFactory, PoliticianFactory, appearance_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker(person):
    return person(permissions.FACT_CHECKER)


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    """Figures that no change of the weights can change."""
    shipped = figures.parse("# weights 0a, 3 stories\nsaid-after\t0.80\t10\t9\t8\t7\t6\n")
    monkeypatch.setattr(figures, "shipped", lambda: shipped)


def found(rule="said-after", confidence=0.85, **values):
    claim = ClaimFactory(proposed=True, **values)
    appearance_of(claim, rule=rule, confidence=confidence)
    return claim


def tally(line):
    return line.accepted, line.rejected, line.reassigned, line.changed


def test_decisions_are_counted_for_their_rule_and_their_band(checker):
    for rule, confidence, verb in (
        ("said-after", 0.85, "accepted"),
        ("said-after", 0.80, "accepted"),
        ("said-after", 0.97, "rejected"),
        ("tagged", 0.2, "rejected"),
    ):
        review_queue.decide(claim=found(rule, confidence), by=checker, verb=verb)
    review_queue.decide(
        claim=found("tagged", 0.6), by=checker, verb="reassigned", speaker=PoliticianFactory()
    )
    seen = accuracy.so_far(by=checker)
    assert {line.rule: tally(line) for line in seen.rules()} == {
        "said-after": (2, 1, 0, 0),
        "tagged": (0, 1, 1, 0),
    }
    assert {line.band: tally(line) for line in seen.bands() if line.decided} == {
        0.95: (0, 1, 0, 0),
        0.8: (2, 0, 0, 0),
        0.6: (0, 0, 1, 0),
        0.0: (0, 1, 0, 0),
    }
    assert tally(seen.bands("tagged")[-1]) == (0, 1, 0, 0)
    assert [tally(line) for line in seen.rules(0.8)] == [(2, 0, 0, 0)]
    assert tally(seen.whole()) == (2, 2, 1, 0)


def test_a_share_comes_with_how_little_is_known_beside_what_was_measured(checker):
    for verb in ("accepted", "accepted", "accepted", "rejected"):
        review_queue.decide(claim=found(), by=checker, verb=verb)
    (line,) = accuracy.so_far(by=checker).rules()
    assert (line.found, line.decided, line.share) == (4, 4, 0.75)
    assert line.interval == figures.wilson(3, 4)
    assert (line.measured_share, line.surprising) == (0.8, "")
    line.accepted, line.rejected = 5, 45
    assert line.surprising == "worse"
    line.accepted, line.rejected = 100, 0
    assert line.surprising == "better"


def test_what_was_taken_back_does_not_count(checker):
    review_queue.decide(claim=found(), by=checker, verb="accepted")
    review_queue.undo(by=checker)
    assert accuracy.so_far(by=checker).whole().decided == 0
    claim = found()
    review_feedback.accept(claim=claim, by=checker)
    review_feedback.reopen(claim=claim, by=checker)
    assert accuracy.so_far(by=checker).whole().decided == 0


def test_a_claim_judged_in_a_list_counts_once_and_by_its_last_verdict(checker):
    claim = found()
    review_feedback.accept(claim=claim, by=checker)
    review_feedback.reject(claim=claim, by=checker)
    assert tally(accuracy.so_far(by=checker).whole()) == (0, 1, 0, 0)
    assert review_queue.latest(checker) is None  # the queue takes back only what was decided in it


def test_what_a_person_put_right_is_no_longer_the_machine_s(checker):
    reworded, given = found(), found()
    review_queue.decide(claim=reworded, by=checker, verb="reworded", words=reworded.wording.rsplit(" ", 2)[0])
    review_queue.decide(claim=reworded, by=checker, verb="accepted")
    review_feedback.reassign(claim=given, by=checker, speaker=PoliticianFactory())
    review_feedback.accept(claim=given, by=checker)
    assert tally(accuracy.so_far(by=checker).whole()) == (0, 0, 1, 1)


def test_claims_made_by_hand_and_claims_joined_say_nothing_about_the_machine(checker):
    review_queue.decide(claim=found(rule="", confidence=None), by=checker, verb="accepted")
    review_feedback.reject(claim=found(rule="", confidence=None), by=checker)
    review_queue.decide(claim=found(), by=checker, verb="merged", into=ClaimFactory())
    assert accuracy.so_far(by=checker).whole().decided == 0


def test_an_import_that_accepts_unread_is_no_verdict(checker):
    review.accept(claim=found(), by=checker)
    assert not ReviewDecision.objects.exists()


def test_figures_of_other_weights_are_known_as_such(checker, monkeypatch):
    assert not accuracy.so_far(by=checker).current
    monkeypatch.setattr(figures, "weights_now", lambda: "0a")
    assert accuracy.so_far(by=checker).current


@pytest.mark.parametrize("role", [permissions.REPORTER, permissions.IMPORT_STAFF, "no group"])
def test_only_those_who_review_see_it(person, role):
    with pytest.raises(NotAllowed):
        accuracy.so_far(by=person(role))


def test_it_is_counted_by_the_database_in_two_queries(checker):
    def asked():
        checker.has_perm(review.REVIEW)
        with CaptureQueriesContext(connection) as queries:
            accuracy.so_far(by=checker)
        return len(queries)

    asked()
    review_queue.decide(claim=found(), by=checker, verb="accepted")
    assert asked() == 1  # what was found is known for a while
    for number in range(20):
        review_feedback.accept(claim=found(f"rule {number}", number / 20), by=checker)
    assert asked() == 1
