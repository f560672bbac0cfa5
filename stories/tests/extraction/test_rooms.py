"""The rooms of the reader of copy stand one above the other: imports point down only, and never round."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

PACKAGE = "stories.extraction"
ROOT = Path(__file__).resolve().parents[2] / "extraction"
# From the ground up: a room may import from those before it. Modules beside the rooms count as rooms.
ORDER = (
    "types",
    "weights_io",
    "words",
    "text",
    "people",
    "tagging",
    "quotations",
    "stance",
    "coreference",
    "speakers",
    "pipeline",
    "extract",  # the package itself: what the rest of the app imports
    "evaluation",
    "training",
    "__main__",
)


def modules():
    """Every module by dotted name below the package; "extract" is the package's own file."""
    out = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        out[name or "extract"] = path
    return out


def imported(path, known):
    """The modules of the package that a file imports, wherever in the file that stands."""
    out = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports name the whole path"
            if node.module == PACKAGE or (node.module or "").startswith(PACKAGE + "."):
                below = node.module.removeprefix(PACKAGE).lstrip(".")
                for alias in node.names:
                    whole = f"{below}.{alias.name}".lstrip(".")
                    out.add(whole if whole in known else below or "extract")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == PACKAGE or alias.name.startswith(PACKAGE + "."):
                    out.add(alias.name.removeprefix(PACKAGE).lstrip(".") or "extract")
    return out


def arrows():
    """Module to the modules it imports."""
    known = modules()
    return {name: imported(path, known) - {name} for name, path in known.items()}


def room(module):
    return module.split(".")[0]


def room_arrows():
    """Room to the other rooms it imports from, with one example of each."""
    out = defaultdict(dict)
    for name, targets in arrows().items():
        for target in targets:
            if room(target) != room(name):
                out[room(name)].setdefault(room(target), f"{name} -> {target}")
    return out


def floors(graph):
    """Node to the length of the longest way down from it. Raises AssertionError when there is a circle."""
    out = {}

    def floor(node, above=()):
        assert node not in above, f"a circle: {' -> '.join([*above[above.index(node) :], node])}"
        if node not in out:
            out[node] = 1 + max((floor(target, (*above, node)) for target in graph.get(node, ())), default=0)
        return out[node]

    for node in sorted(graph):
        floor(node)
    return out


def test_every_room_has_its_place_in_the_order_and_there_are_few():
    assert {room(name) for name in modules()} == set(ORDER)
    assert len(ORDER) <= 15


def test_no_room_imports_from_a_room_above_it():
    upward = [
        example
        for name, targets in room_arrows().items()
        for target, example in targets.items()
        if ORDER.index(target) > ORDER.index(name)
    ]
    assert upward == []


def test_no_modules_import_each_other_in_a_circle():
    floors(arrows())


def test_an_arrow_up_and_a_circle_would_be_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    with pytest.raises(AssertionError, match="a -> b -> c -> a"):
        floors(graph)


def test_only_public_names_are_imported_from_another_module():
    private = [
        f"{name}: {alias.name}"
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") and node.module != "__future__"
    ]
    assert private == []
