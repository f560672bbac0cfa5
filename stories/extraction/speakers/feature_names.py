"""The names of the ranker's features. One family a function: what is seen of a candidate in, names out.

What is seen of a candidate (``features.seen``) is one key for each of ``FAMILIES``, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

Key = tuple[Any, ...]
Names = tuple[str, ...]


def names(keys: Sequence[Key]) -> list[str]:
    """All features of the candidate of whom ``keys`` were seen."""
    return [name for family, key in zip(FAMILIES, keys, strict=True) for name in family(*key)]


def _sort(kind: str) -> str:
    """Name or phrase, and one sign for all pronouns."""
    return kind if len(kind) > 3 else "p"


def _pick(kind: str, unit: str, picks: str, probability: str, rule: str) -> Iterator[str]:
    """What kind of phrase it is, who points to it, and how likely it names a source."""
    yield f"kind {kind}"
    yield f"kind,unit {kind} {unit}"
    yield f"picks {picks}"
    yield f"picks,unit {picks} {unit}"
    yield f"picks,p {picks} {probability}"
    yield f"picks,rule {picks} {rule}"
    yield f"p {probability}"
    yield f"p,unit {probability} {unit}"


def _place(side: str, stops: str, gap: str, kind: str, probability: str) -> Iterator[str]:
    """Where it stands: before the words or after them, sentence ends and words between."""
    yield f"side,stops {side} {stops}"
    yield f"side,gap {side} {gap}"
    yield f"side,stops,kind {side} {stops} {kind}"
    yield f"p,side,stops {probability} {side} {stops}"


def _cue(cue_side: str, gap: str, word: str, side: str, stops: str) -> Iterator[str]:
    """The word of saying nearest it."""
    yield f"cue {cue_side} {gap}"
    yield f"cue,side {cue_side} {gap} {side} {stops}"
    yield f"cue,word {cue_side} {word}"


def _word_before(before: str, tail: str, side: str) -> Names:
    return f"before {before}", f"by {tail} {before} {side}"


def _word_after(after: str, side: str) -> Names:
    return f"after {after}", f"after,side {after} {side}"


def _words(mark: str, lead: str, passive: str, side: str, stops: str) -> Iterator[str]:
    """How the words begin and end, and whether their cue is a passive."""
    yield f"mark,side {mark} {side} {stops}"
    yield f"lead,side {lead} {side} {stops}"
    yield f"passive {passive} {side} {stops}"


def _paragraph(offset: int, alone: bool, colon: bool, stops: str) -> Names:
    return f"paragraph {offset} {int(alone)}", f"colon {int(colon)} {offset} {stops}"


def _same(same: str, unit: str, alone: bool) -> Names:
    return (f"same {same} {unit} {int(alone)}",)


def _form(form: tuple[str, bool, int, str], stops: str, side: str, kind: str) -> Iterator[str]:
    """Whether it opens its sentence, stands between marks, how long it is, what stands right behind it."""
    opens, inside, length, rank = form
    yield f"opens {opens} {stops} {side}"
    yield f"inside {inside}"
    yield f"long {length} {kind == 'phrase'}"
    yield f"rank {rank} {side}"


def _way(side: str, path: str, then: str | None, kind: str, probability: str) -> Iterator[str]:
    """The signs of the words between candidate and words, and of those just behind the candidate."""
    if then is not None:
        yield f"then {then} {path}"
    yield f"path {side} {path}"
    yield f"path,kind {side} {path} {kind}"
    yield f"path,p {side} {path} {probability}"


def _edges(first: str, last: str, left: str, right: str) -> Iterator[str]:
    """How likely the candidate's ends name a source, and the tokens outside them."""
    yield f"edges {min(first, last)} {left} {right}"
    yield f"edge,left {first} {left}"
    yield f"edge,right {last} {right}"


def _order(higher: int, probability: str, top: str, side: str, stops: str) -> Iterator[str]:
    """How many candidates the tagger prefers, and how likely it takes the first of them."""
    yield f"order {higher} {probability}"
    yield f"order,side {higher} {side} {stops}"
    yield f"top {top} {probability}"


def _rivals(rivals: tuple[int, bool, bool, bool, bool], side: str, stops: str, kind: str) -> Iterator[str]:
    """How many candidates stand nearer; whether others hold this one, from its end or beginning on."""
    nearer, longer, left, right, shorter = rivals
    cut = f"{longer:d}{left:d}{right:d}{shorter:d}"
    yield f"cut {cut} {_sort(kind)}"
    yield f"nearer {nearer} {side} {stops}"
    yield f"nearer,kind {nearer} {side} {kind}"


def _turn(turn: str, kind: str, side: str, stops: str, alone: bool) -> Iterator[str]:
    """How long ago a candidate ending alike was chosen."""
    yield f"turn {turn} {kind}"
    yield f"turn,side {turn} {side} {stops}"
    yield f"turn,alone {turn} {int(alone)} {side}"


def _heard(mentions: str, says: int, kind: str) -> Names:
    return f"mentions {mentions} {kind}", f"says {says} {kind}"


def _shape(before: str, after: str, kind: str, side: str) -> Names:
    return f"shape {before} {after} {kind}", f"shape,side {before} {after} {side}"


def _own_words(first: str, last: str | None) -> Names:
    return (f"first {first}",) if last is None else (f"first {first}", f"last {last}")


def _inside(signs: str, side: str, kind: str, probability: str) -> Iterator[str]:
    """The signs of the candidate's own words: a phrase with a verb in it is more than somebody's name."""
    yield f"form {signs}"
    yield f"form,side {signs} {side}"
    yield f"form,p {signs} {probability}"
    verb = int("V" in signs or "x" in signs)
    yield f"verb {verb} {_sort(kind)} {side}"


def _weakest(weakest: str, probability: str, kind: str) -> Iterator[str]:
    """How likely the tagger takes the least likely of its words for a source, beside the likeliest."""
    yield f"weakest {weakest} {probability}"
    yield f"weakest,kind {weakest} {probability} {_sort(kind)}"


def _saying(before: str, after: str, then: str, side: str) -> Iterator[str]:
    """How likely the words before and behind it are words of saying."""
    yield f"saying,left {before} {side}"
    yield f"saying,right {after} {then} {side}"
    yield f"saying {before} {after} {side}"


def _own(own: bool, person: str, kind: str, side: str, unit: str) -> Iterator[str]:
    """Whether the words name the candidate, and whether they are put in the first person."""
    form = _sort(kind)
    yield f"own {own:d} {kind}"
    yield f"own,side {own:d} {form} {side} {unit}"
    yield f"person {person} {kind}"
    yield f"person,unit {person} {form} {unit}"


def _claimed(claimed: str, picks: str, side: str, stops: str, kind: str) -> Iterator[str]:
    """Whether rules or tagger take the candidate for the source of this unit, or of others."""
    yield f"claimed {claimed} {picks}"
    yield f"claimed,side {claimed} {side} {stops}"
    yield f"claimed,kind {claimed} {_sort(kind)} {side}"


FAMILIES: tuple[Callable[..., Names | Iterator[str]], ...] = (
    _pick,
    _place,
    _cue,
    _word_before,
    _word_after,
    _words,
    _paragraph,
    _same,
    _form,
    _way,
    _edges,
    _order,
    _rivals,
    _turn,
    _heard,
    _shape,
    _own_words,
    _inside,
    _weakest,
    _saying,
    _own,
    _claimed,
)
