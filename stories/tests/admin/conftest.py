import pytest
from django.test import Client

from stories.actions import permissions
from stories.tests.factories import UserFactory, roles


@pytest.fixture
def signed_in(db):
    """A browser's stand-in, signed in as a member of staff in the groups named; with none, a superuser."""

    def sign_in(*groups: str, **values) -> Client:
        user = UserFactory(is_superuser=not groups, **values)
        user.groups.set(roles().filter(name__in=groups))
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sign_in


@pytest.fixture
def editor(signed_in) -> Client:
    return signed_in(permissions.EDITOR)
