"""A newsroom's own word lists: each does what it is for, in the call it is passed to and nowhere else."""

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stories.extraction import WordLists, extract, words

ROOT = Path(words.__file__).parent.parent


def first(text, lists=None):
    return extract(text, lists=lists).quotations[-1]


def names(text, lists=None):
    return [person.name for person in extract(text, lists=lists).people]


def role(text, lists=None):
    return extract(text, lists=lists).people[0].role


BLUES = "Blue Ann Tarrant said: “We are ready to sail.”"
EXAMPLES = {
    "bodies": ("Harbourwide\tx", lambda lists: names("Ann Harbourwide said: “We will sail.”", lists)),
    "places": ("Zorb", lambda lists: names("Quill Zorb said: “We will sail.”", lists)),
    "holders": (
        "prime minister\tZara Quillon\t2001-05-03\t2009-02-01",
        lambda lists: first("Zara Quillon met Mr Ottley. Later the PM said: “We will sail.”", lists).speaker,
    ),
    "offices": ("harbourgrave\tpol", lambda lists: role("The harbourgrave, Ann Tarrant, left.", lists)),
    "outlets": (
        "Quay Gazette",
        lambda lists: first("Speaking to Quay Gazette, Ann Tarrant said: “We will sail.”", lists).told,
    ),
    "parties": (
        "Blues\tBlue Party",
        lambda lists: extract("Blues leader Ann Tarrant said: “Aye.”", lists=lists).people[0].party,
    ),
    "titles": ("Shri\tm", lambda lists: names("Shri Tarrant left. Shri Tarrant came back.", lists)),
}


@pytest.mark.parametrize("name", sorted(words.REPLACEABLE))
def test_a_list_of_its_own_changes_what_it_is_for_and_only_while_it_is_passed(name):
    line, reading = EXAMPLES[name]
    before = reading(None)
    lists = WordLists({name: f"# ours\n{line}\n"})
    assert reading(lists) != before
    assert reading(lists) == reading(WordLists({name: line}))
    assert reading(None) == before


def test_two_newsrooms_are_read_for_at_once():
    line, reading = EXAMPLES["parties"]
    lists = [None, WordLists({"parties": line}), WordLists({"parties": line.replace("Party", "Union")})]
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(reading, lists * 20))
    assert found == [None, "Blue Party", "Blue Union"] * 20


def test_lists_that_cannot_be_used_are_refused_by_name():
    with pytest.raises(ValueError, match="cues"):
        WordLists({"cues": "say\tsay"})
    with pytest.raises(ValueError, match="parties"):
        WordLists({"parties": "# none\n"})
    assert extract("Nobody spoke.", lists=WordLists({"holders": ""})).quotations == ()


def test_no_module_keeps_what_is_made_of_a_replaceable_list():
    """A constant would be of whatever lists were in use when the module was imported."""
    kept = []
    for path in sorted(ROOT.rglob("*.py")):
        inside = set()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                inside |= {id(node) for node in ast.walk(function)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and id(node) not in inside:
                called = getattr(node.func, "id", "")
                name = getattr(node.args[0], "value", "") if node.args else ""
                if called in ("rows", "words", "phrases", "table") and name in words.REPLACEABLE:
                    kept.append(f"{path.name}:{node.lineno}")
                if called in ("heads", "parties", "bodies", "places", "outlets", "titles", "tenures"):
                    kept.append(f"{path.name}:{node.lineno}")
    assert kept == []
