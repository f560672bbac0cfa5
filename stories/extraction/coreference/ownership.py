"""Resolves owned sources: "Mr Lee's statement said", "his answer was: “…”"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stories.extraction.coreference.discourse import Discourse, Phrase, Resolution
from stories.extraction.coreference.hanging import hangs_on_noun
from stories.extraction.coreference.mention_index import may_be
from stories.extraction.text.layout import Layout
from stories.extraction.words import either

# What somebody said or wrote themselves: "his answer was: “…”", "Mr Lee's statement said".
OWN_WORDS = frozenset(
    "message advice answer answers reply response verdict warning words comment comments remark remarks "
    "statement letter e-mail email memo memorandum note article column diary tweet post blog speech view "
    "views assessment description conclusion claim call plea promise appeal question motto slogan".split()
)
REACH_OF_OWNER = 60  # characters
OWNS_WORDS = re.compile(rf" (?:[\w’'-]+ ){{0,2}}?(?:{either(OWN_WORDS)})\b")
OWNING = ("'s", "’s")
DOUBT = 0.3  # strength of a source that may be nobody
WRITTEN = 0.9  # strength of the owner of a statement, who may have had it written
BETWEEN = 4  # words from a name to what its bearer wrote: "’s open letter"


def owns_words(layout: Layout, token: int) -> bool:
    """Whether what "his" or "her" owns is said or written: "his message to the minister was: “…”"."""
    behind = layout.text[layout.ends[token] : layout.ends[token] + REACH_OF_OWNER]
    return OWNS_WORDS.match(behind) is not None


def author_of_statement(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """The owner of a statement or letter: "Mr Lee's statement said"."""
    layout, people = discourse.layout, discourse.people
    inside = [i for i in range(phrase.first, phrase.last + 1) if layout.starts[i] in people.at]
    author = _author(discourse, inside, phrase.last)
    if author is None:
        return None
    discourse.writers[phrase.sentence] = author
    return Resolution("accepted", author, WRITTEN, f"“{phrase.text}” is {people.entities[author].name}’s own")


def _author(discourse: Discourse, inside: Sequence[int], last: int) -> int | None:
    layout, people = discourse.layout, discourse.people
    if not inside or layout.lower[last] not in OWN_WORDS:
        return None
    start = layout.starts[inside[-1]]
    if not discourse.mentions.is_possessive(start):
        return None
    between = layout.text[people.ends[start] : layout.starts[last]]
    return people.at[start] if len(between.split()) <= BETWEEN and "," not in between else None


def owner_of_words(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """Whose "warning" or "statement" leads to the words, the phrase being the owner with its "'s"."""
    layout, people = discourse.layout, discourse.people
    if phrase.last == phrase.first or layout.lower[phrase.last] not in OWNING:
        return None
    first, last = phrase.first, phrase.last - 1
    ends = layout.ends[last]
    own = next((s for s in layout.starts[first : last + 1] if people.ends.get(s) == ends), None)
    nobody = Resolution("unknown", None, DOUBT, f"“{phrase.text}” is not a person who can speak")
    if own is None:
        found = discourse.phrase(first, last)
        return nobody if found.person is None else found
    if own in people.shared or hangs_on_noun(layout.text[phrase.start : own]):
        return nobody
    index = people.at[own]
    return Resolution("accepted", index, WRITTEN, f"“{phrase.text}”: {people.entities[index].name}’s own")


def owner_inside(discourse: Discourse, word: str, position: int, speaker: int | None) -> int | None:
    """Whom his, her, he or she inside reported words means, when that is not the speaker."""
    gender = "m" if word in ("his", "he", "him") else "f"
    if speaker is not None and may_be(discourse.people.entities[speaker], gender):
        return None
    asked = "he" if gender == "m" else "she"
    found = discourse.antecedent(asked, discourse.layout.sentence_at(position), position, unnamed=False)
    return found.person if found is not None else None
