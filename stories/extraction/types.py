"""What the reader of copy takes in and gives back. Offsets are characters of the text as given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal["direct", "partial", "indirect"]
# What the source did with the words: hoped stands for planned and threatened too, quoted for words passed on
# from somebody else; "" is not known.
Stance = Literal["said", "denied", "asked", "hoped", "quoted", ""]
Status = Literal["accepted", "ambiguous", "unknown", "unnamed"]
PersonKind = Literal["politician", "journalist", "other"]


class Span(NamedTuple):
    """The half-open range ``text[start:end]``, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Role:
    """An office held from ``start`` to ``end``, both inclusive; ``None`` is an open end."""

    title: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """One entry of the roster a caller passes in. ``key`` is the caller's own and comes back unchanged."""

    key: str
    name: str
    other_names: tuple[str, ...] = ()
    party: str = ""
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who might have spoken. ``person`` indexes ``Extraction.people``; ``score`` is a probability."""

    name: str
    span: Span | None
    person: int | None
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words somebody is reported to have said, and everything the text tells about the saying.

    ``content`` holds the words (marks included in neither end); a partial quotation has the whole
    reported sentence as content and its marked parts in ``fragments``. ``source`` is the printed phrase
    naming the speaker; ``speaker`` is the fullest name resolved for it, ``None`` unless ``accepted``.
    ``verb`` is what the text prints for ``stance``, with its negation ("did not say"), ``quoted_from`` whose
    words the speaker passes on.
    """

    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    source_text: str | None
    speaker: str | None
    person: int | None
    status: Status
    speaker_role: str | None
    speaker_party: str | None
    politician: bool | None
    addressee: str | None
    addressee_span: Span | None
    about: tuple[int, ...]
    kind: Kind
    fragments: tuple[Span, ...]
    rule: str
    confidence: float
    reasons: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()
    stance: Stance = ""
    verb: str = ""
    quoted_from: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """All mentions of one human being. ``names`` are the printed forms, longest first."""

    name: str
    role: str | None
    party: str | None
    politician: bool | None
    kind: PersonKind
    why: str
    mentions: tuple[Span, ...]
    key: str | None = None
    names: tuple[str, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one text: quotations in reading order, people in order of first mention."""

    quotations: tuple[Quotation, ...]
    people: tuple[Person, ...]
