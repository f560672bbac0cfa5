"""Two texts word by word: how they differ, where words went, and how two people's changes go together.

Nothing here loses a character: the pieces of a difference, put together again, are the texts.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, chain
from typing import Literal

from stories.text.normalise import letters_alone

_TOKEN = re.compile(r"\s+|\w+(?:['’]\w+)*|[^\w\s]")
_HTML_TOKEN = re.compile(r"<[^>]*>|&#?\w+;|\s+|\w+(?:['’]\w+)*|[^\w\s]")
_BLOCK_END = re.compile(
    r"(?<=</p>)|(?<=</h2>)|(?<=</h3>)|(?<=</li>)|(?<=</blockquote>)|(?<=</ul>)|(?<=</ol>)"
    r'|(?<=">)(?=<(?:p|h2|h3|blockquote|ul|ol|img)\b)'  # after a picture
)
_PARAGRAPH_END = re.compile(r"(?<=\n\n)")
_MOST_COMPARED = 16_000_000  # pairs of tokens that one comparison weighs; the rest counts as replaced
_MOST_BLOCKS = 40_000  # pairs of changed paragraphs
_ALIKE = 0.2  # of the words that two paragraphs share, from which on one may have become the other
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
    """`new` as changes to `old`, readable: word by word, without islands of a letter or a comma.

    The texts of all but "added" put together are `old`; of all but "removed", `new`.
    """
    return _readable(list(_changes(old, new)))


def word_changes(old: str, new: str) -> list[Change]:
    """`new` as changes to `old`, by whole words; marks and case alone make no difference.

    Joined by spaces, the texts of all but "removed" are the words of `new`, as `new` has them.
    """
    ours, theirs = old.split(), new.split()
    bare, other = ([letters_alone(word) or word for word in words] for words in (ours, theirs))
    found: list[tuple[Kind, list[str]]] = []
    for change, i, j, k, end in SequenceMatcher(None, bare, other, autojunk=False).get_opcodes():
        if change == "equal":
            found.append(("same", theirs[k:end]))
        else:
            found += [("removed", ours[i:j]), ("added", theirs[k:end])]
    return [Change(kind, " ".join(words)) for kind, words in found if words]


def counterpart(old: str, new: str, start: int, end: int) -> tuple[int, int]:
    """Where in `new` the words are that stand for ``old[start:end]``; an empty range when they are gone.

    What was added at either edge counts when a mark stands there: it is inside the quotation then.
    """
    return _compared(old, new).counterpart(start, end)


def beyond_telling(old: str, new: str, start: int, end: int) -> bool:
    """Whether ``old[start:end]`` is in a stretch so much rewritten that its words are not compared."""
    return any(first < end and start < last for first, last in _compared(old, new).not_compared)


class _Comparison:
    """`new` in the smallest steps, made once for all that ask about these two texts.

    What was removed comes before what was added in its place. `not_compared` are the stretches of `old` that
    would cost too much to compare and count as replaced.
    """

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.steps: list[tuple[Kind, str]] = []
        self.not_compared: list[tuple[int, int]] = []
        ours, theirs = [_split(piece) for piece in _pieces(old)], [_split(piece) for piece in _pieces(new)]
        before, after = list(chain.from_iterable(ours)), list(chain.from_iterable(theirs))
        at = 0
        for change, i, j, k, end in _by_blocks(ours, theirs):
            if change == "equal":
                self.steps += [("same", text) for text in before[i:j]]
            if change != "equal" and j > i:
                self.steps.append(("removed", "".join(before[i:j])))
            if change != "equal" and end > k:
                self.steps.append(("added", "".join(after[k:end])))
            length = sum(map(len, before[i:j]))
            if change == "not compared":
                self.not_compared.append((at, at + length))
            at += length
        self._starts: list[tuple[int, int]] = []  # of each step, in the old text and in the new one
        old_at = new_at = 0
        for kind, text in self.steps:
            self._starts.append((old_at, new_at))
            old_at += len(text) if kind != "added" else 0
            new_at += len(text) if kind != "removed" else 0

    def counterpart(self, start: int, end: int) -> tuple[int, int]:
        old, new = self.old, self.new
        inside_from = start - 1 if start and not old[start - 1].isspace() else start
        inside_to = end + 1 if end < len(old) and not old[end].isspace() else end
        found: list[tuple[int, int]] = []
        for at in range(bisect_left(self._starts, (inside_from, -1)) - 1, len(self.steps)):
            if at < 0:
                continue
            (kind, text), (old_at, new_at) = self.steps[at], self._starts[at]
            if old_at > inside_to:
                break
            old_end = old_at + (len(text) if kind != "added" else 0)
            new_end = new_at + (len(text) if kind != "removed" else 0)
            if kind == "same" and old_end > start and old_at < end:
                found.append((new_at + max(0, start - old_at), new_end - max(0, old_end - end)))
            elif kind == "added" and inside_from < old_at < inside_to:
                found.append((new_at, new_end))
        return _trimmed(new, found[0][0], found[-1][1]) if found else (0, 0)


@lru_cache(maxsize=4)
def _compared(old: str, new: str) -> _Comparison:
    """Kept: a save asks about each claim of a story, and up to three times."""
    return _Comparison(old, new)


def merge(base: str | None, mine: str, theirs: str) -> list[Passage]:
    """Two people's HTML, both made from `base`, as one: what only one changed is as that one has it.

    Where both changed the same words the proposal has both, theirs (which is saved) first: a clash. Without
    `base` (None) every difference is one. The text is HTML that may need mending (`richtext.sanitise`).
    """
    if base is None:
        return list(_two_way(mine, theirs))
    return list(_three_way(_tokens(base), _tokens(mine), _tokens(theirs)))


# Differences


def _changes(old: str, new: str) -> Iterator[Change]:
    kind: Kind | None = None
    texts: list[str] = []
    for step, text in _compared(old, new).steps:
        if step != kind and kind is not None:
            yield Change(kind, "".join(texts))
            texts = []
        kind = step
        texts.append(text)
    if kind is not None:
        yield Change(kind, "".join(texts))


def _readable(parts: list[Change]) -> list[Change]:
    """Runs of changes parted by next to nothing, as one removal and one addition."""
    joined: list[Change] = []
    removed = added = ""
    for number, part in enumerate(parts):
        if part.kind == "removed":
            removed += part.text
        elif part.kind == "added":
            added += part.text
        elif (removed or added) and number + 1 < len(parts) and _is_little(part.text):
            removed, added = removed + part.text, added + part.text
        else:
            joined += _pair(removed, added)
            removed = added = ""
            joined.append(part)
    return joined + _pair(removed, added)


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
    # White space alone is no match: there is so much of it that finding the longest would take for ever.
    middle = SequenceMatcher(str.isspace, old[head : len(old) - tail], new[head : len(new) - tail], False)
    for change, i, j, k, end in middle.get_opcodes():
        yield change, i + head, j + head, k + head, end + head
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _by_blocks(old: list[list[str]], new: list[list[str]]) -> Iterator[tuple[str, int, int, int, int]]:
    """Opcodes over the tokens of blocks (paragraphs): equal blocks first, then words in those most alike.

    What would cost more than `_MOST_COMPARED` pairs of tokens counts as replaced, with "not compared" for its
    change. Offsets count tokens.
    """
    our_starts = [0, *accumulate(map(len, old))]
    their_starts = [0, *accumulate(map(len, new))]
    left = _MOST_COMPARED
    for change, i, j, k, end in _opcodes(
        ["".join(block) for block in old], ["".join(block) for block in new]
    ):
        if change == "equal":
            yield change, our_starts[i], our_starts[j], their_starts[k], their_starts[end]
            continue
        at, their_at = i, k
        for one, other in [*_most_alike(old, new, (i, j), (k, end)), (j, end)]:
            if at < one or their_at < other:
                yield "replace", our_starts[at], our_starts[one], their_starts[their_at], their_starts[other]
            at, their_at = one + 1, other + 1
            if (one, other) == (j, end):
                break
            a, c = our_starts[one], their_starts[other]
            cost = len(old[one]) * len(new[other])
            if cost > left:
                yield "not compared", a, our_starts[at], c, their_starts[their_at]
                continue
            left -= cost
            for what, w, x, y, z in _opcodes(old[one], new[other]):
                yield what, w + a, x + a, y + c, z + c


def _most_alike(
    old: list[list[str]], new: list[list[str]], ours: tuple[int, int], theirs: tuple[int, int]
) -> list[tuple[int, int]]:
    """Which changed block became which, in order: the pairs that share the most words altogether."""
    rows, columns = range(*ours), range(*theirs)
    if len(rows) * len(columns) > _MOST_BLOCKS:  # so many that only their order can tell
        return list(zip(rows, columns, strict=False)) if len(rows) == len(columns) else []
    bags = {
        (side, n): _bag(blocks[n]) for side, blocks, span in ((0, old, rows), (1, new, columns)) for n in span
    }
    best = [[0.0] * (len(columns) + 1) for _ in range(len(rows) + 1)]
    shares: dict[tuple[int, int], float] = {}
    for r in range(len(rows) - 1, -1, -1):
        one = bags[0, rows[r]]
        for c in range(len(columns) - 1, -1, -1):
            other = bags[1, columns[c]]
            share = 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0
            shares[r, c] = share if share >= _ALIKE else 0.0
            best[r][c] = max(best[r + 1][c], best[r][c + 1], best[r + 1][c + 1] + shares[r, c])
    pairs, r, c = [], 0, 0
    while r < len(rows) and c < len(columns):
        if shares[r, c] and best[r][c] == best[r + 1][c + 1] + shares[r, c]:
            pairs.append((rows[r], columns[c]))
            r, c = r + 1, c + 1
        elif best[r][c] == best[r + 1][c]:
            r += 1
        else:
            c += 1
    return pairs


def _bag(tokens: list[str]) -> frozenset[str]:
    return frozenset(token for token in tokens if not token.isspace())


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
    for change, i, j, k, _ in _by_blocks(_grouped(base), _grouped(other)):
        if change == "equal":
            found.update((i + n, k + n) for n in range(j - i))
    return found


def _grouped(tokens: list[str]) -> list[list[str]]:
    """The blocks that tokens make, each with the tag that ends it."""
    groups: list[list[str]] = [[]]
    for token in tokens:
        groups[-1].append(token)
        if token in _ENDS or token.startswith("<img "):
            groups.append([])
    return groups if groups[-1] else groups[:-1]


_ENDS = frozenset(f"</{tag}>" for tag in ("p", "h2", "h3", "li", "blockquote", "ul", "ol"))
