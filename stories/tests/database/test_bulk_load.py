"""A bulk load leaves nothing behind that row by row would not have left."""

import pytest
from django.core.management import call_command
from django.db import connection

from stories.database import bulk_load, public_from
from stories.models import Article, Claim
from stories.search import Asked, schema, search
from stories.tests import factories

pytestmark = pytest.mark.django_db


def load() -> Claim:
    claim = factories.ClaimFactory(wording="The dredger cost nine million")
    factories.appearance_of(claim)
    return claim


def test_what_was_loaded_is_seen_and_found_once_the_load_is_over() -> None:
    with bulk_load.triggers_disabled():
        claim = load()
        assert not Claim.objects.published().exists()
    assert list(Claim.objects.published()) == [claim]
    assert len(search("dredger", Asked(kinds=["claim"]))) == 1


def test_the_triggers_watch_again_after_a_load() -> None:
    with bulk_load.triggers_disabled():
        load()
    Article.objects.update(status=Article.Status.WITHDRAWN)
    assert not Claim.objects.published().exists()
    Claim.objects.update(wording="The lock cost nine million")
    assert len(search("dredger", Asked(kinds=["claim"]))) == 0


def test_a_load_that_fails_leaves_the_triggers_up() -> None:
    with pytest.raises(RuntimeError), bulk_load.triggers_disabled():
        raise RuntimeError
    claim = load()
    assert list(Claim.objects.published()) == [claim]
    assert schema.is_current(connection)


def test_reindex_mends_a_database_whose_load_was_killed() -> None:
    schema.remove(connection)
    public_from.remove(connection)
    claim = load()
    call_command("reindex", verbosity=0)
    assert list(Claim.objects.published()) == [claim]
    assert len(search("dredger", Asked(kinds=["claim"]))) == 1
