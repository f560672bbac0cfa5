"""One person of each kind who comes to the desk."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from stories.actions import permissions
from stories.tests.factories import UserFactory, roles

NOBODY = "no group"
OPERATOR = "operator"
EVERYBODY = (
    permissions.REPORTER,
    permissions.FACT_CHECKER,
    permissions.EDITOR,
    permissions.IMPORT_STAFF,
    NOBODY,
    OPERATOR,
)


@pytest.fixture
def person(db: None) -> Callable[[str], User | None]:
    """A member of staff in the group of that name; the operator at the terminal is None."""

    def make(role: str) -> User | None:
        if role == OPERATOR:
            return None
        user: User = UserFactory()
        if role != NOBODY:
            user.groups.add(roles().get(name=role))
        return user

    return make
