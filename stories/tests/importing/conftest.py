"""What the import's tests share."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from stories.tests.actions.conftest import person as person  # noqa: F401  (a fixture)

Import = Callable[..., dict[str, Any]]


@pytest.fixture
def import_seeds(tmp_path: Path) -> Import:
    """Run the command; its JSON report, with what it printed ("printed") and its exit code ("exit")."""

    def run(*paths: object, **options: Any) -> dict[str, Any]:
        report, printed, code = tmp_path / "report.json", io.StringIO(), 0
        report.unlink(missing_ok=True)
        try:
            call_command(
                "import_seeds",
                *map(str, paths),
                json=str(report),
                stdout=printed,
                stderr=printed,
                **options,
            )
        except CommandError as error:
            code = error.returncode
            printed.write(str(error))
        result = json.loads(report.read_text()) if report.exists() and report.read_text() else {}
        return result | {"printed": printed.getvalue(), "exit": code}

    return run
