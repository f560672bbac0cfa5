"""The rooms of the app stand one above the other: imports point down only, and never round."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import stories

ROOT = Path(stories.__file__).parent
# From the ground up; rooms on one line know nothing of each other. A room may import from the lines before.
# `actions` comes twice: what every act needs (permissions, history, locks, taking back, keeping claims on
# their words) is used by the import too, while the acts of its own rooms start imports and count them.
ORDER = (
    (
        "text",
        "extraction",
        "client_address",
        "page_templates",
        "static_files",
        "logs",
        "caching",
        "batches",
        "task_queue",
    ),
    ("word_lists",),
    ("models",),
    ("search",),
    ("database",),
    ("backups",),
    ("facets",),
    ("formats", "pages"),
    ("actions",),
    ("importing",),
    ("actions.stories",),
    ("actions.claims",),
    ("actions.people",),
    ("actions.topics",),
    ("actions.imports",),
    ("actions.dashboard", "actions.desk_log", "actions.indexing", "actions.tidying"),
    ("actions.front_page",),
    ("templatetags",),
    ("views",),
    ("api",),
    ("admin",),
    ("benchmarking", "first_newsroom"),
    ("management", "tasks"),
    # What Django looks for in an app, and two old addresses that a migration imports.
    ("checks", "urls", "anchors", "wordings"),
    ("apps",),
)
FLOOR = {room: floor for floor, rooms in enumerate(ORDER) for room in rooms}


def modules() -> dict[str, Path]:
    """Every module outside the tests and migrations, by dotted name."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        if not {"tests", "migrations"} & set(parts):
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imported(name: str, node: ast.AST, *, inside: bool) -> Iterator[str]:
    """The modules of the app that the code imports; within functions, too, if `inside`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield from imported(name, other, inside=inside)
        elif isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names if alias.name.split(".")[0] == "stories")
        elif isinstance(child, ast.ImportFrom):
            package = name if MODULES.get(name, Path()).name == "__init__.py" else name.rpartition(".")[0]
            up = package.rsplit(".", child.level - 1)[0] if child.level else ""
            base = ".".join(filter(None, (up, child.module)))
            if base.split(".")[0] == "stories":
                whole = (f"{base}.{alias.name}" for alias in child.names)
                yield from (one if one in MODULES else base for one in whole)
        elif inside or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imported(name, child, inside=inside)


def arrows(*, inside: bool = True) -> dict[str, set[str]]:
    """Each module with those that it imports."""
    return {
        name: set(imported(name, ast.parse(path.read_text(encoding="utf-8")), inside=inside)) - {name}
        for name, path in MODULES.items()
    }


def room(module: str) -> str:
    """The innermost room of `ORDER` that the module is in; "" for none."""
    parts = module.split(".")[1:]
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in FLOOR), "")


def circle(graph: dict[str, set[str]]) -> list[str]:
    """One way round in the graph; empty when there is none."""
    done: set[str] = set()

    def walk(node: str, way: list[str]) -> list[str]:
        if node in way:
            return [*way[way.index(node) :], node]
        if node in done:
            return []
        for target in sorted(graph.get(node, ())):
            if found := walk(target, [*way, node]):
                return found
        done.add(node)
        return []

    return next((found for node in sorted(graph) if (found := walk(node, []))), [])


def test_every_module_is_in_a_room() -> None:
    assert [name for name in MODULES if not room(name) and name != "stories"] == []


def test_no_room_imports_from_one_beside_or_above_it() -> None:
    wrong = [
        f"{name} -> {target}"
        for name, targets in arrows().items()
        for target in sorted(targets)
        if room(target) and room(target) != room(name) and FLOOR[room(target)] >= FLOOR[room(name)]
    ]
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle_when_they_load() -> None:
    assert circle(arrows(inside=False)) == []


def test_a_circle_and_an_import_within_a_function_would_be_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    code = ast.parse(
        "if TYPE_CHECKING:\n  import stories.admin\ndef f():\n  from stories.views import articles"
    )
    assert list(imported("stories.text.diff", code, inside=True)) == ["stories.views.articles"]
    assert list(imported("stories.text.diff", code, inside=False)) == []


@pytest.mark.parametrize("package", ["text", "extraction"])
def test_the_pure_rooms_load_nothing_of_django(package: str) -> None:
    names = [name for name in MODULES if room(name) == package and not name.endswith("__main__")]
    code = (
        "import importlib, json, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(json.dumps([n for n in sys.modules if n.split('.')[0] in ('django', 'newsroom')"
        " or n == 'stories.models']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT.parent, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []
