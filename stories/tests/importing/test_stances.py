"""What was denied, asked or passed on is never accepted unread, never one with what was said."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from stories.actions.claims import creation, review
from stories.actions.errors import NotReady
from stories.models import Appearance, Claim
from stories.models.claims import wording_key
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory
from stories.tests.importing.conftest import Import

pytestmark = pytest.mark.django_db

COPY = """Harbour row goes on

Conservative MP Piers Holt denied that he had taken money from the harbour company.

Mr Holt said: “I will stay in this harbour until the wall is mended.”

Mr Holt asked whether the harbour wall was safe for the boats.

Mr Holt hopes to use a visit today to fight back at the harbour board.

Mr Holt hit back at claims he was “unfit for the job”.
"""


@pytest.fixture
def imported(tmp_path: Path, import_seeds: Import) -> dict[str, Any]:
    (tmp_path / "row.txt").write_text(COPY)
    return import_seeds(tmp_path / "row.txt", publish=True, accept_above=0.0)


def test_only_what_was_said_is_accepted_unread(imported):
    accepted = Claim.objects.accepted()
    assert {claim.stance for claim in accepted} == {"said"}
    assert {claim.stance for claim in Claim.objects.proposed()} == {"denied", "asked", "hoped"}


def test_an_appearance_keeps_the_verb_as_printed(imported):
    denied = Appearance.objects.get(exact__startswith="he had taken money")
    assert denied.verb == "denied that"
    assert denied.claim.titled("Piers Holt") == (
        "Piers Holt denied that he had taken money from the harbour company"
    )


@pytest.mark.parametrize(
    "path", ["{claim}", "/claims/{pk}/embed/", "{claim_json}", "/claims/", "/claims.csv"]
)
def test_a_denial_is_nowhere_shown_as_the_claim(imported, client: Client, path):
    claim = Claim.objects.get(stance="denied", wording__startswith="he had taken")
    review.accept(claim=claim, by=None)
    address = claim.get_absolute_url()
    where = path.format(claim=address, pk=claim.pk, claim_json=f"{address.rstrip('/')}.json")
    told = client.get(where)
    page = (b"".join(told.streaming_content) if told.streaming else told.content).decode()
    assert told.status_code == 200
    assert "Piers Holt: he had taken" not in page
    assert "denied that" in page.casefold()


def test_a_verdict_on_a_denial_is_no_claim_review(imported, client: Client):
    claim = Claim.objects.get(stance="denied", wording__startswith="he had taken")
    Claim.objects.filter(pk=claim.pk).update(state="accepted", rating="false", rating_summary="No.")
    page = client.get(claim.get_absolute_url())
    assert b"ClaimReview\\u0022" not in page.content
    assert b'"ClaimReview"' not in page.content
    assert b'"@type": "Claim"' not in page.content
    assert b'"@type":"Claim"' not in page.content


def test_the_same_words_denied_and_said_are_two_claims():
    speaker = PoliticianFactory()
    said = ClaimFactory(speaker=speaker, wording="The wall will hold", stance="said")
    denied = ClaimFactory(speaker=speaker, wording="The wall will hold", stance="denied")
    assert said.wording_key != denied.wording_key
    with pytest.raises(NotReady):
        review.merge(claim=denied, into=said, by=None)


def test_the_key_follows_the_stance_whoever_changes_it():
    claim = ClaimFactory(stance="said")
    Claim.objects.filter(pk=claim.pk).update(stance="denied")
    claim.refresh_from_db()
    assert claim.wording_key == wording_key(claim.wording, "denied")
    claim.stance = "asked"
    claim.save(update_fields=["stance"])
    claim.refresh_from_db()
    assert claim.wording_key == wording_key(claim.wording, "asked")


def test_a_claim_made_by_hand_is_read_too():
    article = ArticleFactory(body="<p>Piers Holt denied that he had taken money.</p>")
    start = article.text.index("he had")
    made = creation.make(
        article=article,
        spans=[(start, start + len("he had taken money"))],
        by=None,
        speaker=PoliticianFactory(name="Piers Holt"),
        kind="indirect",
    )
    assert (made.claim.stance, made.verb) == ("denied", "denied that")


def test_what_is_not_known_is_not_titled_as_said():
    claim = ClaimFactory(stance="")
    assert f"{claim.speaker_name}: " not in str(claim)
    assert not claim.short_wording.startswith(claim.wording[:10])
