"""Whom the words are about: people named in them, or meant by an office or a possessive in them."""

from __future__ import annotations

import re
from bisect import bisect_left

from stories.extraction.coreference.resolver import Resolver
from stories.extraction.coreference.sentence_subjects import office_inside
from stories.extraction.people.persons import People
from stories.extraction.quotations.units import Unit
from stories.extraction.text.layout import Layout


def about(
    layout: Layout, people: People, resolver: Resolver, unit: Unit, speaker: int | None
) -> tuple[int, ...]:
    """Indexes of the persons the words of a unit are about, the speaker left out, in order."""
    starts = people.starts
    found: list[int] = []
    for low, high in unit.content:
        for start in starts[bisect_left(starts, low) : bisect_left(starts, high)]:
            found.append(people.at[start])
        free = low  # where the office before ends
        for match in office_inside().finditer(layout.text, low, high):
            marked = match.start() > free and layout.text[match.start() - 1] in '"“'
            resolution = resolver.office(match.group("office"), match.start() - marked)
            if resolution is not None:
                found.append(resolution)
            free = match.end()
    if not found and unit.kind != "direct":
        for low, high in unit.content:
            word = POSSESSIVE.search(layout.text, low, high)
            if word is not None and layout.passage_at(word.start()) is None:
                owner = resolver.owner(word.group(1).lower(), word.start(), speaker)
                if owner is not None:
                    found.append(owner)
    return tuple(dict.fromkeys(index for index in found if index != speaker))


POSSESSIVE = re.compile(r"(h(?<!\w.)(?:is|er|e|im)|s(?<!\w.)he)\b")
