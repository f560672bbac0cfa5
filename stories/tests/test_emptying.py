import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from stories.models import Article, Claim
from stories.tests.emptying import Beginning
from stories.tests.factories import ClaimFactory, UserFactory, appearance_of, roles


@pytest.mark.django_db(transaction=True)
def test_what_was_made_is_gone_and_what_was_taken_away_or_changed_is_there_again():
    beginning = Beginning()
    permissions = set(Group.permissions.through.objects.values_list())
    appearance_of(ClaimFactory(tags=["harbours"]))
    UserFactory().groups.set(roles())
    Permission.objects.first().delete()
    Group.objects.first().delete()
    Group.objects.filter(pk=Group.objects.last().pk).update(name="Somebody else")
    assert not beginning.is_out_of_reach()
    beginning.put_back()
    assert not Article.objects.exists()
    assert not Claim.objects.exists()
    assert roles().count() == 4
    assert not roles().filter(name="Somebody else").exists()
    assert set(Group.permissions.through.objects.values_list()) == permissions


@pytest.mark.django_db
def test_a_trigger_that_was_taken_down_is_noticed():
    beginning = Beginning()
    with connection.cursor() as cursor:
        on = " ON stories_claim" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER public_claim_changed{on}")
    assert beginning.is_out_of_reach()
