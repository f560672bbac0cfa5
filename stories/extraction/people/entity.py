"""One person of a text while it is read: names, titles and offices as printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from stories.extraction.people.mentions import SUFFIXES, titles
from stories.extraction.people.offices import is_political, party_of
from stories.extraction.types import KnownPerson, Span
from stories.extraction.words.lists import parties


@dataclass(slots=True)
class Entity:
    """One person while the text is read."""

    index: int
    first: str
    last: str
    name: str = ""  # the fullest, once every mention is grouped
    names: Counter[str] = field(default_factory=Counter)
    surnames: set[str] = field(default_factory=set)  # those of the names that are a surname of several words
    titles: Counter[str] = field(default_factory=Counter)
    roles: list[tuple[int, str]] = field(default_factory=list)
    meant: list[tuple[int, str]] = field(default_factory=list)  # offices the text gives without saying whose
    spans: list[Span] = field(default_factory=list)
    gender: str = ""
    gender_why: str = ""
    known: KnownPerson | None = None
    ambiguous: bool = False
    journalist: bool = False
    proven: bool = False

    def fullest(self) -> str:
        """The fullest printed name: the roster's when known."""
        if self.known is not None:
            return self.known.name
        full = [name for name in self.names if " " in name and name not in self.surnames]
        if len(full) == 1:
            return full[0]
        if full:
            return max(full, key=lambda n: (not n.isupper(), _fullness(n), self.names[n], n))
        return max(self.names, key=lambda n: (len(n), n), default="")

    def party(self) -> str | None:
        """The party the text gives, then the roster's; none from an office whose holder is inferred."""
        for _, role in self.roles:
            party = party_of(role)
            if party:
                return party
        return self.known.party or None if self.known is not None else None

    def role(self) -> str | None:
        """The office printed first; a fuller one with the same head wins."""
        printed = [role for _, role in self.roles if role not in parties()]
        if not printed:
            return self.meant[0][1] if self.meant else None
        best = printed[0]
        for role in printed[1:]:
            if is_political(role) and not is_political(best):
                best = role
        return best


def _fullness(name: str) -> int:
    """How full a printed name is: given name and surname beat title and surname; an initial counts little."""
    parts = name.split()
    if parts[0] in titles():
        parts = parts[1:]
        return 1 + (len(parts) > 1)
    return 4 if len(parts) > 1 else 0


def surname(name: tuple[str, ...]) -> str:
    """The word a person is called by: the last, suffixes and a peer's place aside."""
    if len(name) == 1:
        return name[0]
    parts = [part for part in name if part not in SUFFIXES]
    if "of" in parts:
        parts = parts[: parts.index("of")]
    return parts[-1] if parts else name[-1]
