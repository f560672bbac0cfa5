"""What two people made of one thing, as one."""

from collections.abc import Iterable
from typing import Any

from stories.text import diff


def settled(was: str | None, *, mine: str, theirs: str) -> tuple[str, bool]:
    """Two people's text made from `was` (None: not known) as one, and whether both changed the same words.

    There it has mine: theirs is saved already, and is shown beside it.
    """
    passages = diff.merge(was, mine, theirs)
    text = "".join(passage.mine if passage.kind == "clash" else passage.text for passage in passages)
    return text, any(passage.kind == "clash" for passage in passages)


def names_settled(
    was: Iterable[Any] | None, mine: Iterable[Any] | None, theirs: Iterable[Any]
) -> tuple[Any, ...]:
    """What both have, what either put in, and not what either took out. Unknown `mine` changes nothing."""
    saved = list(theirs)
    if mine is None:
        return tuple(saved)
    own = list(mine)
    removed = {name for name in was or () if name not in own or name not in saved}
    return tuple(name for name in dict.fromkeys([*saved, *own]) if name not in removed)
