import pytest
from django.contrib.auth.models import Group
from django.test import Client

from stories.actions import permissions
from stories.tests.factories import UserFactory


@pytest.fixture
def signed_in(db):
    """A browser's stand-in, signed in as a member of staff in the groups named; with none, a superuser."""
    permissions.set_up_roles()

    def sign_in(*groups: str, **values) -> Client:
        user = UserFactory(is_superuser=not groups, **values)
        user.groups.set(Group.objects.filter(name__in=groups))
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sign_in


@pytest.fixture
def editor(signed_in) -> Client:
    return signed_in(permissions.EDITOR)
