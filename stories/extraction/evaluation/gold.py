"""Stories people have marked, and what counts as right.

Brat standoff: ``text/NAME.txt`` beside ``attributions/NAME_READER.ann``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from stories.extraction.types import Span

ENTITY = re.compile(r"(T\d+)\t(\w+) ([\d ;]+)\t")
EVENT = re.compile(r"E\d+\t[\w-]+:T\d+ (.*)")
PART = re.compile(r"(Content|Cue|Source)\d*:(T\d+)")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
PHRASE = re.compile(r"[^,()\[\]—;:]+")
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
CUTTING = frozenset(
    "of for in from with at on to by who whom that which whose during about among including near "
    "under as against when "
    "while where if and or but after before since via inside outside across".split()
)


class MarkedWords(NamedTuple):
    """One attribution as marked: what is said, the word of saying, who says it; each may be in pieces.

    ``denied``: the source is who did not say it; who did is not known.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    denied: bool = False


class MarkedStory(NamedTuple):
    """A story and what is marked in it: all that anybody says when it is marked ``whole``."""

    name: str
    text: str
    words: tuple[MarkedWords, ...]
    whole: bool = True


def read(folder: Path) -> Iterator[MarkedStory]:
    """The marked stories of a folder by name; of several readers of a story the first by name counts.

    Raises ``FileNotFoundError`` when the folder has no ``attributions``.
    """
    if not (folder / "attributions").is_dir():
        raise FileNotFoundError(f"{folder} has no folder “attributions” beside “text”.")
    seen = set()
    for path in sorted((folder / "attributions").glob("*.ann")):
        name = path.stem.rsplit("_", 1)[0]
        if name in seen:
            continue
        seen.add(name)
        text = (folder / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        yield MarkedStory(name, text, parse(path.read_bytes().decode("utf-8")))


PARTS = 10  # of a corpus: each is measured with weights learned from the others


def part(name: str, parts: int) -> int:
    """The part of a corpus a story falls into, by its name alone: always the same."""
    return int(sha256(name.encode()).hexdigest(), 16) % parts


def parse(marks: str) -> tuple[MarkedWords, ...]:
    """The attributions of one standoff file that have content, in the file's order."""
    spans: dict[str, tuple[Span, ...]] = {}
    events: list[str] = []
    for line in marks.splitlines():
        entity, event = ENTITY.match(line), EVENT.match(line)
        if entity is not None:
            pieces = (piece.split() for piece in entity.group(3).split(";"))
            spans[entity.group(1)] = tuple(Span(int(start), int(end)) for start, end in pieces)
        elif event is not None:
            events.append(event.group(1))
    out = []
    for event_parts in events:
        roles: dict[str, list[Span]] = {"Content": [], "Cue": [], "Source": []}
        for role, key in PART.findall(event_parts):
            roles[role].extend(spans.get(key, ()))
        if roles["Content"]:
            content, cue, source = (tuple(sorted(roles[role])) for role in ("Content", "Cue", "Source"))
            out.append(MarkedWords(content, cue, source))
    return tuple(out)


def heads(text: str, spans: Sequence[Span]) -> list[Span]:
    """The head word of every comma-separated noun phrase in a source, the main one first."""
    out = []
    for start, end in spans[:3]:
        for phrase in PHRASE.finditer(text, start, end):
            head = _head(text, phrase.start(), phrase.end())
            if head is not None:
                out.append(head)
    return out


def _head(text: str, start: int, end: int) -> Span | None:
    last: Span | None = None
    for k, word in enumerate(WORD.finditer(text, start, end)):
        lower = word.group().lower()
        if lower in CUTTING and (k or lower not in ("that", "who", "and")):
            break
        if lower in CUTTING:
            last = last if lower == "and" else Span(*word.span())
        elif not (lower in SUFFIXES and last is not None):
            last = Span(*word.span())
    return last


def overlap(one: Span, other: Span) -> int:
    """Characters in both."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def right_source(text: str, found: Span | None, marked: Sequence[Span]) -> bool:
    """Whether a source names whom the reader marked: each holds the other's head word, or both are none."""
    if not marked or found is None:
        return not marked and found is None
    if not any(overlap(found, span) for span in marked):
        return False
    theirs, ours = heads(text, marked), heads(text, [found])
    if not theirs or not ours:
        return True
    return any(overlap(head, found) for head in theirs) and any(overlap(ours[0], span) for span in marked)


def shared(one: Sequence[Span], other: Sequence[Span]) -> tuple[int, int]:
    """(characters in both, characters in either) of two contents in pieces."""
    both = sum(overlap(a, b) for a in one for b in other)
    total = sum(a.end - a.start for a in one) + sum(b.end - b.start for b in other)
    return both, total - both


def most_alike(content: Sequence[Span], words: Sequence[MarkedWords]) -> MarkedWords | None:
    """The marked words that a content holds best, when half of either is in the other."""
    best: tuple[float, MarkedWords] | None = None
    size = sum(end - start for start, end in content)
    for marked in words:
        both, either = shared(content, marked.content)
        if not both:
            continue
        total = sum(end - start for start, end in marked.content)
        if (2 * both >= size or 2 * both >= total) and (best is None or both / either > best[0]):
            best = (both / either, marked)
    return best[1] if best is not None else None
