"""Which tables a plan of migrations changes: what hangs on other tables can stay up meanwhile."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation

Plan = Iterable[tuple[Any, bool]]  # as `pre_migrate` is given it: migrations, and whether each is taken back


def tables_changed(plan: Plan) -> set[str]:
    """The names of the tables whose columns, indexes or constraints the plan's migrations may change.

    Django's default names are taken for granted (`app_model`). SQL counts as changing every table it names;
    a function (RunPython) writes rows and changes no table.
    """
    return {
        name
        for migration, _ in plan
        for operation in migration.operations
        for name in _tables(operation, migration.app_label)
    }


def _tables(operation: Operation, app_label: str) -> Iterator[str]:
    if isinstance(operation, SeparateDatabaseAndState):
        for part in operation.database_operations:
            yield from _tables(part, app_label)
    elif isinstance(operation, RunSQL):
        yield from re.findall(r"\w+", str(operation.sql))
    elif not isinstance(operation, RunPython):
        of_a_model = hasattr(operation, "model_name")
        for attribute in ("model_name",) if of_a_model else ("name", "old_name", "new_name"):
            if name := getattr(operation, attribute, None):
                yield f"{app_label}_{name}".lower()
