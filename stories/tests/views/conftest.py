"""A page that asks for a variable nobody gave it fails its test."""

import copy
from typing import Any

import pytest


class Missing(str):
    """What Django's templates print for a missing variable; here, printing it is an error."""

    def __mod__(self, name: Any) -> str:
        raise AssertionError(f"A template asked for {name!r}, which is not there")

    def __contains__(self, text: Any) -> bool:
        return text == "%s"


@pytest.fixture(autouse=True)
def no_missing_variable(settings: Any) -> None:
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = Missing("missing: %s")
    settings.TEMPLATES = templates
