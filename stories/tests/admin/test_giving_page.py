"""Several claims are given to one person: chosen, asked, done, and taken back in the queue."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions import permissions
from stories.models import Claim, Politician
from stories.tests.factories import ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat

pytestmark = pytest.mark.django_db

GIVE = "/admin/review/give/"
HOSTILE = [
    "<b onmouseover=alert(1)>the mayor</b>",
    "x" * 200,
    "\u05e8\u05d0\u05e9 \u05d4\u05e2\u05d9\u05e8",
    "the mayor \U0001f3db\U0001d504",
    "a “quoted” & 'odd' source",
]


@pytest.fixture
def checker(signed_in):
    return signed_in(permissions.FACT_CHECKER)


def under(label, number=1, **values):
    rows = [ClaimFactory(proposed=True, speaker=None, speaker_label=label) for _ in range(number)]
    for row in rows:
        appearance_of(row, **values)
    return rows


def test_a_source_is_given_to_a_person_and_back(checker):
    rows, whom = under("the mayor", 3), PoliticianFactory(name="Tove Hollin")
    shown = flat(checker.get("/admin/review/").content.decode())
    assert "2 more under “ <bdi>the mayor</bdi>”" in shown.replace("“<", "“ <")
    page = checker.get(GIVE, {"label": "the mayor"})
    assert [ticked for _, ticked in page.context["rows"]] == ["the mayor"] * 3
    sent = {"claim": [row.pk for row in rows], "speaker": whom.pk}
    asked = checker.post(f"{GIVE}?label=the+mayor", sent)
    assert '3 claims will stand under <strong dir="auto">Tove Hollin</strong>' in flat(asked.content.decode())
    assert not whom.claims.exists()
    done = checker.post(f"{GIVE}?label=the+mayor", sent | {"confirmed": "1"}, follow=True)
    assert "3 claims were given to Tove Hollin" in done.content.decode()
    assert whom.claims.proposed().count() == 3
    checker.post("/admin/review/undo/")
    assert Claim.objects.filter(speaker=None, speaker_label="the mayor").count() == 3


def test_all_that_are_wanted_are_given_also_those_not_shown(checker, monkeypatch):
    from stories.admin import giving_page

    monkeypatch.setattr(giving_page, "SHOWN", 2)
    under("the mayor", 4)
    address = f"{GIVE}?label=the+mayor"
    assert "All 4, also those not shown here" in flat(checker.get(address).content.decode())
    asked = checker.post(address, {"all": "1", "speaker_label": "a clerk"})
    assert len(asked.context["going"]) == 4


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Say who said them"),
        ({"speaker_label": "a clerk", "new_person": "Tove Hollin"}, "Say who said them"),
        ({"new_person": "Edda Corran"}, "Several people on record are called Edda Corran"),
        ({"speaker": "999999"}, "not one of the available choices"),
    ],
)
def test_who_is_not_named_or_named_twice_is_asked_again(signed_in, sent, words):
    PoliticianFactory.create_batch(2, name="Edda Corran")
    (row,) = under("the mayor")
    shown = signed_in(permissions.EDITOR).post(GIVE, {"claim": row.pk} | sent)
    assert words in shown.content.decode()
    assert [ticked for _, ticked in shown.context["rows"]] == [True]


def test_a_new_person_gets_a_record_when_it_is_confirmed_and_not_before(signed_in):
    client, (row,) = signed_in(permissions.EDITOR), under("the mayor")
    sent = {"claim": row.pk, "new_person": "Tove Hollin"}
    assert "who gets a record" in client.post(GIVE, sent).content.decode()
    assert not Politician.objects.filter(name="Tove Hollin").exists()
    client.post(GIVE, sent | {"confirmed": "1"})
    assert Claim.objects.get().speaker == Politician.objects.get(name="Tove Hollin")


@pytest.mark.parametrize("label", HOSTILE)
def test_odd_sources_and_outlets_are_choices_as_they_are(checker, label):
    under(label, 2, outlet=label[:150])
    ClaimFactory(proposed=True, speaker=None, speaker_label="")
    for address in ("/admin/review/", GIVE):
        shown = checker.get(address)
        assert "<b onmouseover" not in shown.content.decode()
    choices = checker.get("/admin/review/").context
    assert choices["labels"] == [(label, label, 2)]
    assert choices["outlets"] == [(label[:150], label[:150], 2)]
    for asked in ({"label": label}, {"outlet": label[:150]}, {"speaker": label[:150]}):
        assert checker.get("/admin/review/", asked).context["left"] == 2


def test_the_queue_asks_as_much_for_many_claims_as_for_few(checker):
    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert checker.get(address).status_code == 200
        return len(queries)

    under("the mayor", 3)
    addresses = ("/admin/review/", "/admin/review/item/", f"{GIVE}?label=the+mayor")
    for address in addresses:
        checker.get(address)
    few = [count(address) for address in addresses]
    for label in ("the mayor", "the clerk", "the commission"):
        for row in under(label, 7):
            row.appearances.update(outlet=f"{label} Post")
    assert [count(address) for address in addresses] == few
