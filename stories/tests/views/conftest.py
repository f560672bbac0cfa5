"""A page that asks for a variable nobody gave it fails its test."""

from typing import Any

import pytest
from django.conf import settings
from django.template import engines


class Missing(str):
    """What Django's templates print for a missing variable; here, printing it is an error."""

    def __mod__(self, name: Any) -> str:
        raise AssertionError(f"A template asked for {name!r}, which is not there")

    def __contains__(self, text: Any) -> bool:
        return text == "%s"


@pytest.fixture(autouse=True)
def no_missing_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said to the engine that is there, which has compiled its templates, and to any that is made anew."""
    missing = Missing("missing: %s")
    # The engine first: one that is only made now is not to keep this for the tests of other folders.
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", missing)
    monkeypatch.setitem(settings.TEMPLATES[0]["OPTIONS"], "string_if_invalid", missing)
