"""The API against its own description: it is asked what that allows and forbids, and answers as described."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from stories.api import endpoints
from stories.api.docs import document
from stories.tests.views.newsroom import build

pytestmark = pytest.mark.django_db

MODES = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
ASKED = 12  # questions to each address, of those it allows and of those it forbids
PATHS = sorted(document()["paths"])
# A slug is any text: there is none that the description forbids.
POSSIBLE = [(path, mode) for path in PATHS for mode in MODES if mode == MODES[0] or "{slug}" not in path]


@pytest.fixture(scope="module")
def described() -> Any:
    return schemathesis.openapi.from_dict(document())


@pytest.fixture
def web(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The application as a web server runs it, on the test's own connection, asked as often as one likes."""
    monkeypatch.setattr(endpoints.ByAddress, "allow_request", lambda *args: True)
    build(2)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("path", "mode"), POSSIBLE)
def test_every_answer_is_as_described_and_none_is_an_error_of_ours(
    described: Any, web: Any, path: str, mode: schemathesis.GenerationMode
) -> None:
    @settings(
        max_examples=ASKED,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(case=described[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call(app=web, base_url="http://localhost")
        # A filter by a name that nobody has is allowed by the description, and refused with a reason.
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    ask()
