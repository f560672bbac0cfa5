"""From a printed source to a person, quotation by quotation in reading order."""

from __future__ import annotations

from collections.abc import Sequence

from stories.extraction.coreference.discourse import Discourse, Resolution, Steps
from stories.extraction.coreference.own_name import not_by_own_name
from stories.extraction.coreference.ownership import owner_inside
from stories.extraction.coreference.sentence_subjects import (
    SUBJECT_PRONOUNS,
    settle_high_offices,
    settle_subjects,
)
from stories.extraction.coreference.steps import STEPS
from stories.extraction.people.offices import head_of
from stories.extraction.people.persons import People
from stories.extraction.text.layout import Layout
from stories.extraction.types import Span

SURE_OFFICE = 0.7  # strength from which an office inside somebody's words is taken for its holder
JUST_SPOKE = 0.8  # strength of a pronoun that was resolved by what stands around it


class Resolver:
    """Resolves sources to persons, from what the text says before each of them.

    ``note_speaker`` or ``note_unnamed_speaker`` is called once for a quotation, in reading order, after the
    questions for it: it updates the discourse state. A question about an earlier quotation would be answered
    from a state that is too late.
    """

    def __init__(self, layout: Layout, people: People, steps: Steps = STEPS) -> None:
        self.layout = layout
        self.people = people
        self.discourse = Discourse(layout, people, steps)
        settle_subjects(self.discourse)
        settle_high_offices(self.discourse)

    def source(self, first: int, last: int) -> Resolution:
        """Whom the tokens ``first`` to ``last``, both inclusive, mean as somebody who speaks."""
        return self.discourse.source(first, last)

    def speaker(self, first: int, last: int, words: Sequence[Span]) -> Resolution:
        """Whom the tokens ``first`` to ``last`` mean as the speaker of ``words``."""
        found = self.source(first, last)
        pronoun = first == last and self.layout.lower[first] in SUBJECT_PRONOUNS
        if not pronoun or found.status != "accepted":
            return found
        return not_by_own_name(self.discourse, found, first, words)

    def office(self, phrase: str, position: int) -> int | None:
        """The holder of an office named inside somebody's words, when it is certain enough."""
        found = self.discourse.office(phrase, position, self.layout.sentence_at(position))
        return found.person if found is not None and found.strength >= SURE_OFFICE else None

    def owner(self, word: str, position: int, speaker: int | None) -> int | None:
        """Whom his, her, he or she inside reported words means, when that is not the speaker."""
        return owner_inside(self.discourse, word, position, speaker)

    def note_speaker(self, position: int, person: int) -> None:
        """Move on past a quotation: ``person`` speaks, and the source begins at character ``position``."""
        layout, discourse = self.layout, self.discourse
        sentence = layout.sentence_at(position)
        token = layout.token_from(position)
        if layout.lower[token] in SUBJECT_PRONOUNS:
            found = self.source(token, token)
            if found.person != person:
                found = Resolution(
                    "accepted", person, JUST_SPOKE, f"“{layout.tokens[token]}” has just spoken"
                )
            discourse.pronouns.setdefault(position, found)
            discourse.certainty[sentence] = discourse.pronouns[position].strength
        else:
            discourse.certainty.pop(sentence, None)
        discourse.subjects[sentence] = person
        discourse.speakers.append((sentence, person))

    def note_unnamed_speaker(self, first: int, last: int) -> None:
        """Move on past a quotation whose source, the tokens ``first`` to ``last``, has no name.

        "A spokesman said": the next "he" is that one.
        """
        layout = self.layout
        head = head_of(layout.text[layout.starts[first] : layout.ends[last]])
        if head is not None and not head.endswith("s") and first != last:
            self.discourse.unnamed_speakers[layout.sentence_at(layout.starts[first])] = head
