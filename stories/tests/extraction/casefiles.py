"""Reads the gold cases in ``cases/``: a short text and, beside it, what a careful editor would mark in it.

The JSON holds words, not offsets, so that a case can be written by hand; this module finds the words
in the text and refuses a case that does not say exactly where they stand. Standard library only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
KINDS = ("direct", "partial", "indirect")
STANCES = (None, "said", "denied", "asked", "hoped", "quoted")

_REQUIRED = {"habit", "quotes", "nobody", "people", "not_people"}
_OPTIONAL = {"either_way"}
_QUOTE_REQUIRED = {"words", "speaker", "source_text", "kind"}
_QUOTE_OPTIONAL = {"told", "politician", "fragments", "occurrence", "also_right", "about", "stance"}
_PERSON_FIELDS = {"name", "politician", "role", "party"}
# Marks and stops belong to neither end of the words, so that two hands write the same case alike.
_EDGE = re.compile(r"[\w£$€(\[](?:.*[\w%)\]])?\Z", re.DOTALL)
_LENGTH = range(40, 201)

Span = tuple[int, int]


class CaseError(ValueError):
    """A case that is not well formed; the message names the file and says what to mend."""


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """One quotation. Spans are half-open character ranges of ``Case.text``.

    ``speaker`` is a full name, or ``None`` where no name may be given; ``also_right`` are names that would
    be right too. ``addressee`` is ``None`` when it is not judged, empty when nobody was told, else every form
    that is right. ``politician`` and ``about`` are not judged when ``None``. ``fragments`` are the marked
    words of a partial quotation, and empty for the other kinds. ``stance`` is not judged when ``None``.
    """

    pieces: tuple[Span, ...]
    fragments: tuple[Span, ...]
    speaker: str | None
    also_right: tuple[str, ...]
    source_text: str | None
    kind: str
    addressee: tuple[str, ...] | None
    politician: bool | None
    about: tuple[str, ...] | None
    stance: str | None


@dataclass(frozen=True, slots=True)
class GoldPerson:
    """One person of the text; a field that is ``None`` is not judged."""

    name: str
    politician: bool | None
    role: str | None
    party: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A text and its gold. A quotation found in one of ``either_way`` is neither right nor wrong."""

    name: str
    habit: str
    text: str
    quotes: tuple[GoldQuote, ...]
    nobody: tuple[str, ...]
    people: tuple[GoldPerson, ...]
    not_people: tuple[str, ...]
    either_way: tuple[Span, ...]


def names(folder: Path = CASES) -> list[str]:
    """Names of all cases, sorted; a text without gold, or gold without a text, counts as a case too."""
    return sorted({path.stem for path in folder.iterdir() if path.suffix in {".txt", ".json"}})


def load(name: str, folder: Path = CASES) -> Case:
    """Read one case from its two files. Raises ``CaseError`` when either is missing or not well formed."""
    parts = []
    for suffix in (".txt", ".json"):
        path = folder / (name + suffix)
        if not path.is_file():
            raise CaseError(f"{path.name} is missing")
        parts.append(path.read_bytes().decode("utf-8"))
    return parse(name, *parts)


def load_all(folder: Path = CASES) -> list[Case]:
    """Every case of the folder, by name. Raises ``CaseError`` for the first that is not well formed."""
    return [load(name, folder) for name in names(folder)]


def parse(name: str, text: str, gold: str) -> Case:
    """Make a case of the text and of the JSON's text. Raises ``CaseError``."""
    try:
        return _Reader(name, text).case(json.loads(gold))
    except json.JSONDecodeError as error:
        raise CaseError(f"{name}.json, line {error.lineno}: {error.msg}") from error


class _Reader:
    """Checks one case's fields and finds their words in its text."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    def case(self, gold: Any) -> Case:
        self.fields(gold, _REQUIRED, _OPTIONAL, "the case")
        self.check(bool(gold["habit"].strip()), "the habit is not told")
        self.check(len(self.text.split()) in _LENGTH, "the text has fewer than 40 or more than 200 words")
        people = tuple(self.person(entry) for entry in gold["people"])
        quotes = tuple(self.quote(entry) for entry in gold["quotes"])
        self.check_order(quotes)
        self.check_names(quotes, people, gold["nobody"])
        for place in gold["not_people"]:
            self.spans(place)
        return Case(
            name=self.name,
            habit=gold["habit"],
            text=self.text,
            quotes=quotes,
            nobody=tuple(gold["nobody"]),
            people=people,
            not_people=tuple(gold["not_people"]),
            either_way=self.either_way(gold.get("either_way", []), quotes),
        )

    def person(self, entry: Any) -> GoldPerson:
        self.fields(entry, _PERSON_FIELDS, set(), "a person")
        self.spans(entry["name"])
        self.truth(entry["politician"], entry["name"])
        for field in ("role", "party"):
            printed = entry[field]
            self.check(
                printed is None or printed.lower() in " ".join(self.text.lower().split()),
                f"the {field} “{printed}” does not stand in the text",
            )
        return GoldPerson(**entry)

    def quote(self, entry: Any) -> GoldQuote:
        self.fields(entry, _QUOTE_REQUIRED, _QUOTE_OPTIONAL, "a quotation")
        words = entry["words"]
        pieces = self.pieces([words] if isinstance(words, str) else words, entry.get("occurrence"))
        kind, fragments = entry["kind"], entry.get("fragments", [])
        stance = entry.get("stance")
        self.check(stance in STANCES, f"the stance “{stance}” is none of {', '.join(map(str, STANCES[1:]))}")
        self.check(kind in KINDS, f"the kind “{kind}” is none of {', '.join(KINDS)}")
        self.check(
            bool(fragments) == (kind == "partial"),
            f"only a partial quotation has fragments: {words}",
        )
        if entry["source_text"] is not None:
            self.spans(entry["source_text"])
        self.truth(entry.get("politician"), words)
        also_right, about = tuple(entry.get("also_right", ())), entry.get("about")
        for person in (*also_right, *(about or ())):
            self.spans(person)
        return GoldQuote(
            pieces=pieces,
            fragments=tuple(self.inside(fragment, pieces) for fragment in fragments),
            speaker=entry["speaker"],
            also_right=also_right,
            source_text=entry["source_text"],
            kind=kind,
            addressee=self.addressee(entry),
            politician=entry.get("politician"),
            about=None if about is None else tuple(about),
            stance=stance,
        )

    def pieces(self, words: list[str], occurrence: int | None) -> tuple[Span, ...]:
        """Where the pieces stand: the first at its only or its named occurrence, the others after it."""
        self.check(bool(words), "a quotation has no words")
        for piece in words:
            self.check(_EDGE.match(piece) is not None, f"leave off the marks and stops around “{piece}”")
        found = self.spans(words[0])
        if occurrence is None:
            self.check(len(found) == 1, f"“{words[0]}” stands {len(found)} times: name the “occurrence”")
        else:
            self.check(
                type(occurrence) is int and 1 <= occurrence <= len(found) > 1,
                f"“{words[0]}” has no occurrence {occurrence} to be told apart",
            )
        pieces = [found[(occurrence or 1) - 1]]
        for piece in words[1:]:
            later = [span for span in self.spans(piece) if span[0] >= pieces[-1][1]]
            self.check(bool(later), f"“{piece}” does not stand after the piece before it")
            pieces.append(later[0])
        return tuple(pieces)

    def addressee(self, entry: Any) -> tuple[str, ...] | None:
        if "told" not in entry:
            return None
        value = entry["told"]
        forms = [] if value is None else [value] if isinstance(value, str) else value
        for form in forms:
            self.spans(form)
        return tuple(forms)

    def either_way(self, stretches: list[str], quotes: tuple[GoldQuote, ...]) -> tuple[Span, ...]:
        """Every place where the stretches stand outside the quotations."""
        gold = [piece for quote in quotes for piece in quote.pieces]
        spans = [span for stretch in stretches for span in self.spans(stretch)]
        free = [span for span in spans if not any(start <= span[0] < end for start, end in gold)]
        self.check(bool(free) == bool(stretches), "what may go either way stands inside a quotation")
        return tuple(sorted(free))

    def check_order(self, quotes: tuple[GoldQuote, ...]) -> None:
        spans = [piece for quote in quotes for piece in quote.pieces]
        for (_, before), (after, end) in zip(spans, spans[1:], strict=False):
            self.check(before <= after, f"“{self.text[after:end]}” is out of reading order, or overlaps")

    def check_names(
        self, quotes: tuple[GoldQuote, ...], people: tuple[GoldPerson, ...], nobody: list[str]
    ) -> None:
        known = [person.name for person in people]
        self.check(len(set(known)) == len(known), "a person is listed twice")
        credited = {name for quote in quotes for name in (quote.speaker, *quote.also_right) if name}
        for name in sorted(credited):
            self.check(name in known, f"the speaker {name} is not among the people")
        for name in nobody:
            self.spans(name)
            self.check(
                not any(name in speaker for speaker in credited), f"{name} is credited and must not be"
            )

    def inside(self, fragment: str, pieces: tuple[Span, ...]) -> Span:
        found = [
            (start, end)
            for start, end in self.spans(fragment)
            if any(first <= start and end <= last for first, last in pieces)
        ]
        self.check(len(found) == 1, f"the fragment “{fragment}” does not stand exactly once in its quotation")
        return found[0]

    def spans(self, words: str) -> list[Span]:
        """Every place where ``words`` stand as whole words; a space fits any white space of the text."""
        self.check(isinstance(words, str) and bool(words.strip()), f"{words!r} is no text")
        body = r"\s+".join(re.escape(word) for word in words.split())
        found = [match.span() for match in re.finditer(rf"(?<!\w){body}(?!\w)", self.text)]
        self.check(bool(found), f"“{words}” does not stand in the text")
        return found

    def truth(self, value: Any, of: Any) -> None:
        self.check(value is None or isinstance(value, bool), f"“politician” is not true, false or null: {of}")

    def fields(self, entry: Any, required: set[str], optional: set[str], what: str) -> None:
        self.check(isinstance(entry, dict), f"{what} is no JSON object")
        self.check(required <= set(entry), f"{what} lacks {', '.join(sorted(required - set(entry)))}")
        unknown = set(entry) - required - optional
        self.check(not unknown, f"{what} has fields nobody reads: {', '.join(sorted(unknown))}")

    def check(self, holds: bool, complaint: str) -> None:
        if not holds:
            raise CaseError(f"{self.name}.json: {complaint}")
