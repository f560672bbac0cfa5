"""The database itself refuses a claim whose speaker was merged into another record, whoever writes it."""

from collections.abc import Callable

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.test import Client

from stories.database import bulk_load, public_from, schema_check
from stories.models import Claim, Politician
from stories.tests.factories import ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.races import at_once


@pytest.fixture
def merged() -> Politician:
    return PoliticianFactory(name="Ada Aldous", merged_into=PoliticianFactory(name="A. Aldous"))


def raw(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def through_a_raw_save(claim: Claim, person: Politician) -> None:
    claim.speaker = person
    for row in serializers.deserialize("json", serializers.serialize("json", [claim])):
        row.save()


WRITES: dict[str, Callable[[Claim, Politician], object]] = {
    "a new claim": lambda claim, person: ClaimFactory(speaker=person),
    "many new claims": lambda claim, person: Claim.objects.bulk_create(
        [Claim(wording="The wall will hold", wording_key="key", speaker=person)]
    ),
    "an update": lambda claim, person: Claim.objects.filter(pk=claim.pk).update(speaker=person),
    "a raw save": through_a_raw_save,
    "SQL": lambda claim, person: raw(
        "UPDATE stories_claim SET speaker_id = %s WHERE id = %s", person.pk, claim.pk
    ),
    "a merge": lambda claim, person: Politician.objects.filter(pk=claim.speaker_id).update(
        merged_into=person.merged_into
    ),
    "a merge in SQL": lambda claim, person: raw(
        "UPDATE stories_politician SET merged_into_id = %s WHERE id = %s",
        person.merged_into_id,
        claim.speaker_id,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_no_write_leaves_a_claim_with_who_is_merged_away(
    merged: Politician, write: Callable[[Claim, Politician], object]
) -> None:
    claim = ClaimFactory()
    before = list(Claim.objects.values_list("pk", "speaker", "wording"))
    with pytest.raises(IntegrityError, match="merged"), transaction.atomic():
        write(claim, merged)
    assert list(Claim.objects.values_list("pk", "speaker", "wording")) == before


@pytest.mark.django_db(transaction=True)
def test_of_a_raw_merge_and_a_raw_claim_at_once_one_is_refused() -> None:
    for _ in range(20 if connection.vendor == "postgresql" else 6):
        one, two = PoliticianFactory(), PoliticianFactory()
        claim = ClaimFactory()
        people, claims = Politician.objects.filter(pk=two.pk), Claim.objects.filter(pk=claim.pk)
        answers = at_once(lambda: people.update(merged_into=one), lambda: claims.update(speaker=two))  # noqa: B023
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert len(refused) == 1
        assert isinstance(refused[0], IntegrityError)
        assert not Claim.objects.filter(speaker__merged_into__isnull=False).exists()


@pytest.mark.django_db
def test_rows_of_before_go_to_whom_answers_for_the_person(client: Client) -> None:
    last = PoliticianFactory(name="Ada Aldous")
    middle = PoliticianFactory(name="A. Aldous")
    first = PoliticianFactory(name="Aldous")
    kept = ClaimFactory(speaker=last, wording="The wall will hold")
    moved = ClaimFactory(speaker=first, wording="The ferry will sail")
    twins = [ClaimFactory(speaker=person, wording="The wall will hold") for person in (first, middle)]
    for claim in (kept, moved, *twins):
        appearance_of(claim)
    public_from.remove(connection)
    Politician.objects.filter(pk=middle.pk).update(merged_into=last)
    Politician.objects.filter(pk=first.pk).update(merged_into=middle)
    assert "trigger speaker_claim_changed on stories_claim" in schema_check.missing(connection)
    public_from.install(connection)
    assert not Claim.objects.filter(speaker__merged_into__isnull=False).exists()
    moved.refresh_from_db()
    assert moved.speaker == last
    for claim in twins:  # her claim in the same words is another: an editor joins them
        claim.refresh_from_db()
        assert (claim.speaker, claim.speaker_label, claim.state) == (None, "Ada Aldous", kept.state)
    assert Claim.objects.published().count() == 4
    page = client.get(last.get_absolute_url()).content.decode()
    assert "The ferry will sail" in page


@pytest.mark.django_db(transaction=True)
def test_a_bulk_load_that_brings_such_rows_ends_without_them(merged: Politician) -> None:
    with bulk_load.triggers_disabled():
        claim = ClaimFactory(speaker=merged)
    claim.refresh_from_db()
    assert claim.speaker == merged.merged_into
