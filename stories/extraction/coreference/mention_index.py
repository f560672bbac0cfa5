"""Answers by place where the persons of a text are mentioned, and how: as an owner, behind "by", together."""

from __future__ import annotations

import re
from bisect import bisect_left

from stories.extraction.people.entity import Entity
from stories.extraction.people.persons import People
from stories.extraction.text.layout import Layout

AGENT = re.compile(r"\bby (?:(?:the|a|an|his|her|its|their) )?(?:[a-z][\w’'-]* ){0,4}\Z")
REACH_OF_BY = 60  # characters
JOINED = re.compile(r"(?:, [^,.;:\"“]{1,90},)? and (?:the |his |her )?(?:[a-z]+ ){0,4}")


class MentionIndex:
    """The mentions of one text in reading order. Nothing in it changes while the text is read.

    A mention goes by the character at which it begins; a person by their index among ``people.entities``.
    """

    def __init__(self, layout: Layout, people: People) -> None:
        self.layout = layout
        self.people = people
        self.starts = people.starts

    def between(self, low: int, high: int) -> list[int]:
        """The mentions that begin in ``low:high``, in characters."""
        return self.starts[bisect_left(self.starts, low) : bisect_left(self.starts, high)]

    def is_possessive(self, start: int) -> bool:
        """Whether the mention at ``start`` is an owner: "Ann Lee's", "Mr Jones’"."""
        end = self.people.ends.get(start)
        if end is None:
            return False
        follows = self.layout.text[end : end + 2]
        return follows in ("'s", "’s") or (follows in ("' ", "’ ") and self.layout.text[end - 1] == "s")

    def is_agent(self, start: int) -> bool:
        """Whether the mention stands behind "by": "cuts proposed by the MP Ann Lee" is about cuts."""
        return AGENT.search(self.layout.text, max(0, start - REACH_OF_BY), start) is not None

    def is_whole(self, start: int) -> bool:
        """Whether a name is printed with a title or given name: "a Lee poster" may be Mr Lee’s own words."""
        return " " in self.layout.text[start : self.people.ends[start]]

    def containing(self, start: int, end: int) -> int | None:
        """The person whose printed name holds ``text[start:end]`` ("Lee" of "Mr Lee")."""
        k = bisect_left(self.starts, start + 1) - 1
        if k < 0 or self.people.ends[self.starts[k]] < end:
            return None
        return self.people.at[self.starts[k]]

    def is_right_behind_name(self, position: int) -> bool:
        """Whether nothing parts a word from a name: "he" from Mr Lee in "Standing beside Mr Lee he"."""
        k = bisect_left(self.starts, position) - 1
        return k >= 0 and self.people.ends[self.starts[k]] == position - 1

    def last_before(self, person: int, position: int) -> int:
        """Where a person was mentioned last before ``position``; below 0 when only behind it."""
        spans = self.people.entities[person].spans
        k = bisect_left(spans, (position, 0))
        return spans[k - 1].start if k else -spans[0].start

    def others(self, low: int, high: int, gender: str, but: int | None) -> list[int]:
        """Persons of a gender mentioned in ``low:high`` outside marks: owners last, nobody behind "by"."""
        plain: list[int] = []
        owners: list[int] = []
        for start in self.between(low, high):
            index = self.people.at[start]
            if index == but or index in plain or not may_be(self.people.entities[index], gender):
                continue
            if self.layout.passage_at(start) is None and not self.is_agent(start):
                (owners if self.is_possessive(start) else plain).append(index)
        return plain + [i for i in owners if i not in plain]

    def opens_alone(self, low: int, high: int, person: int) -> bool:
        """Whether a sentence ``low:high`` begins with the mention of one person alone."""
        k = bisect_left(self.starts, low)
        if k >= len(self.starts) or self.starts[k] >= min(high, low + 90):
            return False
        if self.people.at[self.starts[k]] != person:
            return False
        if k + 1 < len(self.starts) and self.starts[k + 1] < high:
            between = self.layout.text[self.people.ends[self.starts[k]] : self.starts[k + 1]]
            return not (len(between) < 60 and between.endswith(" and "))
        return True

    def opens_jointly(self, low: int, high: int, person: int) -> bool:
        """Whether a sentence ``low:high`` begins with two persons joined by "and", ``person`` the first."""
        k = bisect_left(self.starts, low)
        if k + 1 >= len(self.starts) or self.starts[k + 1] >= high:
            return False
        first, second = self.starts[k], self.starts[k + 1]
        if self.people.at[first] != person:
            return False
        return JOINED.fullmatch(self.layout.text, self.people.ends[first], second) is not None


def may_be(entity: Entity, gender: str) -> bool:
    """Whether a person is of a gender ("m" or "f") or of none that the text tells."""
    return entity.gender in ("", gender)
