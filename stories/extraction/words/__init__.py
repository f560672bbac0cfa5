"""The word lists beside this file: one entry a line, ``#`` begins a comment, tabs divide columns.

A newsroom may replace any of them, or add to it: ``extract`` takes a ``WordLists``. Whatever is made of a
list is therefore made by a function under ``per_lists`` (the plain ones stand in ``lists.py``), never by a
constant of a module: it is of the lists in use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache, lru_cache, wraps
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

# Lists of which a newsroom's may be empty: every other is needed for a pattern, or for reading at all.
MAY_BE_EMPTY = frozenset(("holders",))
# Fewest columns, where that is more than one.
COLUMNS = {"cues": 2, "given_names": 2, "holders": 4, "parties": 2, "pronouns": 2, "stances": 2}
# Lists whose second column holds one of a few words: those that it holds in the shipped list.
CLASSED = frozenset(("cues", "given_names", "letters", "offices", "pronouns", "stances", "titles"))
IRREGULAR = {"cues": 2, "stances": 3}  # the column with a verb's irregular forms, which may be missing
COMPANY = ("", "claims", "to", "other", "passive")  # see stances.txt
# Lists with several rows of one first column; in every other a row that is added takes the place of the row
# with the same first column.
SEVERAL_ROWS = frozenset(("holders", "stances"))
ADDING = ".more"  # behind the name of a list, in the name of a file that adds to it

T = TypeVar("T")
Rows = tuple[tuple[str, ...], ...]


class WordLists:
    """The lists of the package, with a newsroom's own in place of some of them, or added to them.

    ``own`` is the name of a list to the content that replaces it, ``more`` to content that is added, both in
    the form of the files beside this module. Raises ``ValueError`` for a name that no list has, for a list
    without entries other than "holders", and for a line with too few columns or with a class that the shipped
    list does not know. Keep one object for all texts: what is made of the lists is kept with it.
    """

    def __init__(self, own: Mapping[str, str] | None = None, more: Mapping[str, str] | None = None) -> None:
        self._own = {name: _checked(name, content) for name, content in (own or {}).items()}
        for name, content in (more or {}).items():
            self._own[name] = _together(name, _checked(name, content), self.rows(name))
        self.made: dict[Callable[..., Any], Any] = {}

    @classmethod
    def of_folder(cls, folder: Path) -> WordLists:
        """The lists with those of a folder: ``NAME.txt`` replaces a list, ``NAME.more.txt`` adds to it.

        Other files than ``.txt`` are passed over. Raises ``ValueError`` as the constructor does, and for a
        file that is not UTF-8; ``OSError`` when the folder or a file cannot be read.
        """
        content: dict[str, str] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix == ".txt":
                try:
                    content[path.stem] = path.read_text(encoding="utf-8-sig")
                except UnicodeDecodeError as error:
                    raise ValueError(f"{path.name} is not UTF-8") from error
        more = {name.removesuffix(ADDING): text for name, text in content.items() if name.endswith(ADDING)}
        return cls({name: text for name, text in content.items() if not name.endswith(ADDING)}, more)

    def rows(self, name: str) -> Rows:
        """The columns of every line of the list ``name``."""
        return self._own[name] if name in self._own else _shipped(name)

    def __reduce__(self) -> tuple[Callable[..., WordLists], tuple[dict[str, Rows]]]:
        """Pickle the lists alone: another process makes of them what it needs."""
        return _restored, (self._own,)


def _restored(own: dict[str, Rows]) -> WordLists:
    lists = WordLists()
    lists._own = own
    return lists


_in_use: ContextVar[WordLists] = ContextVar("word_lists", default=WordLists())  # noqa: B039  of the package
in_use = _in_use.get  # asked for often: it is the method itself


@contextmanager
def using(lists: WordLists | None) -> Iterator[None]:
    """Read with ``lists`` inside the block, in this thread only; ``None`` leaves those in use."""
    token = _in_use.set(lists or in_use())
    try:
        yield
    finally:
        _in_use.reset(token)


def per_lists(make: Callable[[], T]) -> Callable[[], T]:
    """``functools.cache`` for what is made of word lists: once for each ``WordLists``."""

    @wraps(make)
    def made() -> T:
        known = in_use().made
        try:
            found: T = known[make]
        except KeyError:
            found = known[make] = make()
        return found

    return made


def per_lists_memo(size: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """``functools.lru_cache`` for a question about one phrase that word lists answer."""

    def decorated(answer: Callable[[str], T]) -> Callable[[str], T]:
        @wraps(answer)
        def asked(phrase: str) -> T:
            known = in_use().made
            try:
                memo = known[answer]
            except KeyError:
                memo = known[answer] = lru_cache(size)(answer)
            found: T = memo(phrase)
            return found

        return asked

    return decorated


def _parsed(content: str) -> Rows:
    lines = (line.split("#", 1)[0].rstrip() for line in content.splitlines())
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines if line)


def _checked(name: str, content: str) -> Rows:
    """The rows of a newsroom's list; raises ``ValueError`` when it cannot stand for the shipped one."""
    if name not in names():
        raise ValueError(f"there is no list {name!r}; there are {', '.join(names())}")
    found = _parsed(content)
    if not found and name not in MAY_BE_EMPTY:
        raise ValueError(f"{name} has no entries")
    classes = {_class(row) for row in _shipped(name)} if name in CLASSED else None
    for row in found:
        fault = _fault(name, row, classes)
        if fault:
            raise ValueError(f"{name}: {' | '.join(row)!r} {fault}")
    return found


def _class(row: Sequence[str]) -> str:
    return row[1] if len(row) > 1 else ""


def _fault(name: str, row: Sequence[str], classes: Collection[str] | None) -> str | None:
    """What is wrong with a line of a list; ``classes`` are what its second column may hold."""
    if not row[0] or len(row) < COLUMNS.get(name, 1):
        return f"has less than {COLUMNS.get(name, 1)} columns (tabs part them)"
    if classes is not None and _class(row) not in classes:
        return f"has none of {', '.join(sorted(filter(None, classes)))} in its second column"
    forms = row[IRREGULAR[name]] if name in IRREGULAR and len(row) > IRREGULAR[name] else ""
    if forms and len(forms.split()) != 4:
        return "has not four irregular forms: third person, past, participle, -ing form"
    if name == "stances" and len(row) > 2 and row[2] not in COMPANY:
        return f"has none of {', '.join(COMPANY[1:])} in its third column"
    if name == "holders" and not (" " in row[1] and all(map(_is_day, row[2:4]))):
        return "is not an office, a given name and surname, and two days such as 2001-05-03"
    return None


def _is_day(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _together(name: str, added: Rows, rows: Rows) -> Rows:
    """Rows with others added, which stand first."""
    if name in SEVERAL_ROWS:
        return added + rows
    replaced = {row[0] for row in added}
    return added + tuple(row for row in rows if row[0] not in replaced)


@cache
def names() -> tuple[str, ...]:
    """The names of all lists."""
    found = (entry.name for entry in files(__package__).iterdir() if entry.name.endswith(".txt"))
    return tuple(sorted(name.removesuffix(".txt") for name in found))


@cache
def _shipped(name: str) -> Rows:
    return _parsed(files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8"))


def rows(name: str) -> Rows:
    """The columns of every line of the list ``name`` in use."""
    return _in_use.get().rows(name)


def words(name: str) -> frozenset[str]:
    """Every blank-separated word of the list ``name``, as printed there."""
    return frozenset(word for row in rows(name) for cell in row for word in cell.split())


def phrases(name: str) -> frozenset[str]:
    """The first column of the list ``name``, one phrase a line."""
    return frozenset(row[0] for row in rows(name))


def table(name: str) -> dict[str, str]:
    """First column to second of the list ``name``."""
    return {row[0]: row[1] for row in rows(name) if len(row) > 1}


def either(entries: Iterable[str], any_case: bool = False) -> str:
    """A pattern for any of ``entries``, the longest first.

    Those of one first letter stand together, so that a pattern that fits none is done at the first letter.
    """
    behind: dict[str, list[str]] = {}
    for entry in sorted(entries, key=len, reverse=True):
        behind.setdefault(entry[0], []).append(re.escape(entry[1:]))
    if any_case:
        return "|".join(f"[{a.upper()}{a.lower()}](?i:{'|'.join(rest)})" for a, rest in behind.items())
    return "|".join(f"{re.escape(a)}(?:{'|'.join(rest)})" for a, rest in behind.items())
