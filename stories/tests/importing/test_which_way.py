"""The import and the desk use each other's parts, and no module comes to need itself."""

import ast
from pathlib import Path

import stories

FOLDER = Path(stories.__file__).parent


def modules() -> dict[str, Path]:
    return {
        f"stories.{package}.{path.stem}": path
        for package in ("desk", "importing")
        for path in (FOLDER / package).glob("*.py")
    }


def needed(path: Path) -> set[str]:
    """What a module imports as soon as it is loaded."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_no_module_of_the_desk_or_the_import_comes_to_need_itself() -> None:
    every = modules()
    needs = {name: needed(path) & every.keys() for name, path in every.items()}
    while free := {name for name, others in needs.items() if not others}:
        needs = {name: others - free for name, others in needs.items() if name not in free}
    assert not needs


def test_the_import_uses_of_the_desk_what_everybody_s_acts_share() -> None:
    shared = {f"stories.desk.{name}" for name in ("errors", "locking", "undo")}
    for name, path in modules().items():
        if name.startswith("stories.importing."):
            assert {other for other in needed(path) & modules().keys() if ".desk." in other} <= shared, name
