"""Two texts word by word: how they differ, where words went, and how two people's changes go together.

Nothing here loses a character: the pieces of a difference, put together again, are the texts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_TOKEN = re.compile(r"\s+|\w+(?:['’]\w+)*|[^\w\s]")
_HTML_TOKEN = re.compile(r"<[^>]*>|&#?\w+;|\s+|\w+(?:['’]\w+)*|[^\w\s]")
_BLOCK_END = re.compile(
    r"(?<=</p>)|(?<=</h2>)|(?<=</h3>)|(?<=</li>)|(?<=</blockquote>)|(?<=</ul>)|(?<=</ol>)"
)
_PARAGRAPH_END = re.compile(r"(?<=\n\n)")
_FEW = 2  # letters: so little between two changes is shown as changed, too

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that both texts have, or only the new one ("added"), or only the old one ("removed")."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a merge. `text` is what the merge proposes; `mine` and `theirs` differ only in a clash."""

    kind: Literal["same", "mine", "theirs", "clash"]
    text: str
    mine: str = ""
    theirs: str = ""


def changes(old: str, new: str) -> list[Change]:
    """`new` told as changes to `old`, readable: word by word, without islands of a letter or a comma.

    The texts of all but "added" put together are `old`; of all but "removed", `new`.
    """
    return _readable(list(_changes(old, new)))


def counterpart(old: str, new: str, start: int, end: int) -> tuple[int, int]:
    """Where in `new` the words are that stand for ``old[start:end]``; an empty range when they are gone.

    What was added at either edge counts when a mark stands there: it is inside the quotation then.
    """
    inside_from = start - 1 if start and not old[start - 1].isspace() else start
    inside_to = end + 1 if end < len(old) and not old[end].isspace() else end
    old_at = new_at = 0
    found: list[tuple[int, int]] = []
    for kind, text in _steps(old, new):
        old_end = old_at + (len(text) if kind != "added" else 0)
        new_end = new_at + (len(text) if kind != "removed" else 0)
        if kind == "same" and old_end > start and old_at < end:
            found.append((new_at + max(0, start - old_at), new_end - max(0, old_end - end)))
        elif kind == "added" and inside_from < old_at < inside_to:
            found.append((new_at, new_end))
        old_at, new_at = old_end, new_end
    return _trimmed(new, found[0][0], found[-1][1]) if found else (0, 0)


def merge(base: str | None, mine: str, theirs: str) -> list[Passage]:
    """Two people's HTML, both made from `base`, as one: what only one changed is as that one has it.

    Where both changed the same words the proposal has both, theirs (which is saved) first: a clash. Without
    `base` (None) every difference is one. The text is HTML that may need mending (`richtext.sanitise`).
    """
    if base is None:
        return list(_two_way(mine, theirs))
    return list(_three_way(_tokens(base), _tokens(mine), _tokens(theirs)))


# Differences


def _steps(old: str, new: str) -> Iterator[tuple[Kind, str]]:
    """Like `changes`, in the smallest steps; what was removed comes before what was added in its place."""
    before, after = _pieces(old), _pieces(new)
    for change, i, j, k, end in _opcodes(before, after):
        if change == "equal":
            yield from (("same", text) for text in before[i:j])
            continue
        ours, theirs = _split("".join(before[i:j])), _split("".join(after[k:end]))
        for what, a, b, c, d in _opcodes(ours, theirs):
            if what == "equal":
                yield "same", "".join(ours[a:b])
                continue
            if b > a:
                yield "removed", "".join(ours[a:b])
            if d > c:
                yield "added", "".join(theirs[c:d])


def _changes(old: str, new: str) -> Iterator[Change]:
    kind: Kind | None = None
    texts: list[str] = []
    for step, text in _steps(old, new):
        if step != kind and kind is not None:
            yield Change(kind, "".join(texts))
            texts = []
        kind = step
        texts.append(text)
    if kind is not None:
        yield Change(kind, "".join(texts))


def _readable(parts: list[Change]) -> list[Change]:
    """Runs of changes parted by next to nothing, as one removal and one addition."""
    told: list[Change] = []
    removed = added = ""
    for number, part in enumerate(parts):
        if part.kind == "removed":
            removed += part.text
        elif part.kind == "added":
            added += part.text
        elif (removed or added) and number + 1 < len(parts) and _is_little(part.text):
            removed, added = removed + part.text, added + part.text
        else:
            told += _pair(removed, added)
            removed = added = ""
            told.append(part)
    return told + _pair(removed, added)


def _pair(removed: str, added: str) -> list[Change]:
    """A removal and an addition, less what both begin and end with."""
    head = tail = ""
    while removed and added and removed[0] == added[0] and not removed[0].isalnum():
        head, removed, added = head + removed[0], removed[1:], added[1:]
    while removed and added and removed[-1] == added[-1] and not removed[-1].isalnum():
        tail, removed, added = removed[-1] + tail, removed[:-1], added[:-1]
    found = [("same", head), ("removed", removed), ("added", added), ("same", tail)]
    return [Change(kind, text) for kind, text in found if text]  # type: ignore[arg-type]


def _is_little(text: str) -> bool:
    return "\n\n" not in text and sum(map(str.isalnum, text)) <= _FEW


def _pieces(text: str) -> list[str]:
    return [piece for piece in _PARAGRAPH_END.split(text) if piece]


def _split(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """difflib's opcodes, with what both begin and end with set aside first: it compares every pair."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head:
        yield "equal", 0, head, 0, head
    middle = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], False)
    for change, i, j, k, end in middle.get_opcodes():
        yield change, i + head, j + head, k + head, end + head
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


# Merging


def _tokens(html: str) -> list[str]:
    return _HTML_TOKEN.findall(html)


def _two_way(mine: str, theirs: str) -> Iterator[Passage]:
    ours, others = _blocks(mine), _blocks(theirs)
    for change, i, j, k, end in _opcodes(others, ours):
        saved, own = "".join(others[i:j]), "".join(ours[k:end])
        if change == "equal":
            yield Passage("same", saved)
        else:
            yield Passage("clash", saved + own, mine=own, theirs=saved)


def _blocks(html: str) -> list[str]:
    return [block for block in _BLOCK_END.split(html) if block]


def _three_way(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Passage]:
    """diff3: the stretches of `base` that neither changed part those that one or both did."""
    my_match, their_match = _matches(base, mine), _matches(base, theirs)
    at = my_at = their_at = 0
    for kept in [*(n for n in range(len(base)) if n in my_match and n in their_match), len(base)]:
        my_next = my_match.get(kept, len(mine))
        their_next = their_match.get(kept, len(theirs))
        yield from _settle(base[at:kept], mine[my_at:my_next], theirs[their_at:their_next])
        if kept < len(base):
            yield Passage("same", base[kept])
        at, my_at, their_at = kept + 1, my_next + 1, their_next + 1


def _settle(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Passage]:
    was, own, saved = "".join(base), "".join(mine), "".join(theirs)
    if own == saved:
        if own:
            yield Passage("same", own)
    elif own == was:
        yield Passage("theirs", saved)
    elif saved == was:
        yield Passage("mine", own)
    else:
        between = " " if saved and own and not saved[-1].isspace() and not own[0].isspace() else ""
        yield Passage("clash", saved + between + own, mine=own, theirs=saved)


def _matches(base: list[str], other: list[str]) -> dict[int, int]:
    """Each token of `base` that `other` keeps → where it stands there; blocks are matched before words."""
    found: dict[int, int] = {}
    for change, i, j, k, _ in _by_blocks(base, other):
        if change == "equal":
            found.update((i + n, k + n) for n in range(j - i))
    return found


def _by_blocks(base: list[str], other: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    ours, our_starts = _grouped(base)
    theirs, their_starts = _grouped(other)
    for change, i, j, k, end in _opcodes(ours, theirs):
        a, b, c, d = our_starts[i], our_starts[j], their_starts[k], their_starts[end]
        if change == "equal":
            yield change, a, b, c, d
        else:
            for what, w, x, y, z in _opcodes(base[a:b], other[c:d]):
                yield what, w + a, x + a, y + c, z + c


def _grouped(tokens: list[str]) -> tuple[list[str], list[int]]:
    """The blocks that tokens make, and the number of the token each begins with (and where the last ends)."""
    groups: list[str] = []
    starts = [0]
    held: list[str] = []
    for number, token in enumerate(tokens):
        held.append(token)
        if token in _ENDS:
            groups.append("".join(held))
            starts.append(number + 1)
            held = []
    if held:
        groups.append("".join(held))
        starts.append(len(tokens))
    return groups, starts


_ENDS = frozenset(f"</{tag}>" for tag in ("p", "h2", "h3", "li", "blockquote", "ul", "ol"))
